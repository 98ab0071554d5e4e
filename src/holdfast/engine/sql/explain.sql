-- Why does this job wait, until when, by which rule? One answer, for psql, the CLI and the dashboard.

create or replace function explain(p_id uuid) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_job jobs;
  v_policy queues;
  v_now timestamptz := clock();
begin
  select * into v_job from jobs where id = p_id;
  if not found then
    perform raise_no_job(p_id);
  end if;
  v_policy := queue_policy(v_job.queue);
  return jsonb_build_object(
    'id', v_job.id, 'queue', v_job.queue, 'kind', v_job.kind, 'state', v_job.state,
    'attempts', v_job.attempts, 'max_attempts', v_policy.max_attempts,
    'attempts_left', greatest(v_policy.max_attempts - v_job.attempts, 0),
    'crashes', v_job.crashes, 'deferrals', v_job.deferrals)
    || explain_wait(v_job, v_policy, v_now)
    || jsonb_build_object('history', attempt_history(p_id));
end
$$;

-- The sentence, the rule it comes from, and until when.
create or replace function explain_wait(p_job jobs, p_policy queues, p_now timestamptz) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_heads uuid[];
  v_workers bigint;
begin
  case
    when p_job.state in ('done', 'cancelled', 'expired', 'dead') then
      return say('ended', format('it has been %s since %s%s', p_job.state, p_job.ended_at,
                 coalesce(': ' || p_job.because, '')), null);
    when p_job.state = 'leased' then
      return say('lease', format('%s works on it; if nothing is heard, it is rescued at %s',
                 p_job.worker, p_job.lease_until), p_job.lease_until);
    when p_job.state = 'held' then
      return say('held', format('a person must let it go on: %s', p_job.because), null);
    when p_job.waits_for = 'key' then
      v_heads := (select heads from ordering_keys
                 where queue = p_job.queue and key = p_job.ordering_key);
      return say('ordering_key', format('job %s of the same ordering key "%s" goes first', v_heads[1],
                 p_job.ordering_key), null);
    when p_job.waits_for = 'time' and p_job.run_at > p_now then
      return say(case when p_job.attempts > 0 or p_job.deferrals > 0 then 'retry' else 'run_at' end,
                 format('it is due at %s%s%s', p_job.run_at, case when p_job.expires_at <= p_job.run_at
                          then ', and ends then, unrun, for it expires at ' || p_job.expires_at end,
                        coalesce(': ' || p_job.because, '')),
                 p_job.run_at);
    when is_paused(p_policy, p_now) then
      return say('paused', format('the queue is paused by %s%s', p_policy.paused_by,
                 coalesce(': ' || p_policy.paused_why, '')), p_policy.paused_until);
    when is_limited(p_policy) and explain_limit(p_policy, p_now) is not null then
      return explain_limit(p_policy, p_now);
    when is_tenant_full(p_job.tenant, p_policy, p_now) then
      return say('max_running_per_tenant', format('%s jobs of the tenant "%s" run, and no more may',
                 p_policy.max_running_per_tenant, p_job.tenant), null);
    else
      v_workers := (select count(*) from workers
                    where p_job.queue = any (queues) and seen_at > p_now - interval '60 s');
      if v_workers = 0 then
        return say('no_worker', format('it is due, and no worker serves the queue "%s"', p_job.queue),
                   null);
      end if;
      return say('queued', format('it is due and waits for its turn; workers that serve the queue: %s',
                 v_workers), null);
  end case;
end
$$;

create or replace function is_tenant_full(p_tenant text, p_policy queues, p_now timestamptz)
returns boolean
language sql stable
set search_path from current
as $$
  select p_tenant is not null and p_policy.max_running_per_tenant is not null
     and p_policy.max_running_per_tenant <= (
       select count(*) from leased_jobs l
       where l.queue = p_policy.name collate "C" and l.tenant = p_tenant and l.lease_until > p_now)
$$;

-- Which limit of its queue a ready job waits for, if it is one, whoever's it is.
create or replace function explain_limit(p_policy queues, p_now timestamptz) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_breaker breakers;
  v_running bigint;
  v_full_at bigint;
  v_period bigint := (extract(epoch from p_policy.rate_per) * 1e9)::bigint;
  v_burst integer := coalesce(p_policy.rate_burst, p_policy.rate_quota);
begin
  select * into v_breaker from breakers where name = p_policy.breaker and opened_at is not null;
  if v_breaker.name is not null then
    return say('breaker', format('the breaker "%s" is %s: %s', v_breaker.name,
               breaker_state(v_breaker, p_now), v_breaker.because),
               -- a half-open one waits for what a try says, not for a time
               case when v_breaker.open_until > p_now then nullif(v_breaker.open_until, 'infinity') end);
  end if;
  v_running := (select count(*) from leased_jobs l
                where l.queue = p_policy.name collate "C" and l.lease_until > p_now);
  if v_running >= p_policy.max_running then
    return say('max_running', format('%s jobs of the queue run, and no more than %s may', v_running,
               p_policy.max_running), null);
  end if;
  v_full_at := (select full_at from rate_limits where key = 'queue:' || p_policy.name
                and policy = 'jobs' and not durable);
  if p_policy.rate_quota is not null and rate_left(
       v_full_at, p_policy.rate_quota, v_period, v_burst, nanoseconds(p_now)) < 1 then
    return say('rate_limit', format('%s jobs per %s may begin', p_policy.rate_quota,
               p_policy.rate_per), to_timestamp((v_full_at
                 - rate_worth(v_burst - 1, p_policy.rate_quota, v_period)) / 1e9));
  end if;
  return null;
end
$$;

create or replace function say(p_rule text, p_because text, p_until timestamptz) returns jsonb
language sql stable
set search_path from current
as $$
  select jsonb_build_object('rule', p_rule, 'because', p_because, 'until', p_until)
$$;
