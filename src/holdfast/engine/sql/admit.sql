-- Admission: how many jobs of a queue may begin now, by its limits and its breaker.
--
-- Jobs that may not begin stay where they are: nothing is claimed and given back, no attempt is used.

create or replace function is_limited(p_policy queues) returns boolean
language sql immutable
as $$
  select p_policy.max_running is not null or p_policy.rate_quota is not null
      or p_policy.breaker is not null or p_policy.max_running_per_tenant is not null
$$;

-- At most this many of p_limit. Claims of a queue that limits how many run go one after the other.
create or replace function admit(
  p_policy queues, p_limit integer, p_token uuid, p_now timestamptz) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_limit integer := p_limit;
  v_answer record;
begin
  if p_policy.max_running is not null or p_policy.max_running_per_tenant is not null then
    perform pg_advisory_xact_lock(hashtextextended(
      'holdfast.claim ' || current_schema() || ' ' || p_policy.name, 0));
  end if;
  if p_policy.max_running is not null then
    v_limit := greatest(0, least(v_limit, p_policy.max_running - (
      select count(*) from leased_jobs l
      where l.queue = p_policy.name collate "C" and l.lease_until > p_now)));
  end if;
  if p_policy.rate_quota is not null and v_limit > 0 then
    v_limit := (select a.granted from rate_check(array['queue:' || p_policy.name],
      rate_of_queue(p_policy), v_limit, 'up_to', true) a);
  end if;
  if p_policy.breaker is not null and v_limit > 0 then
    v_answer := ask_breaker(p_policy.breaker, p_token, p_policy.lease);
    if not v_answer.admitted or v_answer.probe is not null and v_limit > 1 then
      perform refund_rate(p_policy, v_limit - v_answer.admitted::integer);
      v_limit := v_answer.admitted::integer;
    end if;
  end if;
  return v_limit;
end
$$;

-- What was admitted and not found: the rate gets it back, and a probe is for somebody else.
create or replace function give_back(
  p_policy queues, p_admitted integer, p_picked integer, p_token uuid) returns void
language plpgsql
set search_path from current
as $$
begin
  perform refund_rate(p_policy, p_admitted - p_picked);
  if p_policy.breaker is not null and p_picked = 0 then
    perform return_probe(p_policy.breaker, p_token);
  end if;
end
$$;

create or replace function refund_rate(p_policy queues, p_units integer) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_policy.rate_quota is not null and p_units > 0 then
    perform rate_check(array['queue:' || p_policy.name], rate_of_queue(p_policy), p_units, 'refund',
                       true);
  end if;
end
$$;

create or replace function rate_of_queue(p_policy queues) returns jsonb
language sql immutable
set search_path from current
as $$
  select jsonb_build_object('name', 'jobs', 'quota', p_policy.rate_quota,
    'per', extract(epoch from p_policy.rate_per),
    'burst', coalesce(p_policy.rate_burst, p_policy.rate_quota))
$$;

-- In how many seconds a queue's rate or breaker lets something through again; null if it does now.
-- At least a twentieth: a fast rate is better served in small batches than job by job.
create or replace function admitted_in(p_policy queues) returns double precision
language plpgsql volatile
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_wait double precision := 0;
begin
  if p_policy.rate_quota is not null then
    v_wait := (select a.retry_after from rate_check(array['queue:' || p_policy.name],
      rate_of_queue(p_policy), 1, 'peek', true) a);
  end if;
  v_wait := greatest(v_wait, (
    select extract(epoch from b.open_until - v_now) from breakers b
    where b.name = p_policy.breaker and b.opened_at is not null and b.open_until <> 'infinity'));
  return case when v_wait > 0 then greatest(v_wait, 0.05) end;
end
$$;
