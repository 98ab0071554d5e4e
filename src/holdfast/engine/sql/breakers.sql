-- Breakers: is the other side there? Asked before, told after, and the same answer for all workers.
--
--   closed     everything passes, results are counted
--   open       nothing passes until open_until: too much failed, or the other side said Retry-After
--   half open  that time is over: one try at a time passes (a leased probe); if it works the breaker
--              closes, if not it opens for twice as long
--   paused     open by hand, until a time or until resumed; no probe passes
--
-- Count only what speaks about the destination: refused connections, timeouts, its 5xx and 429. A
-- letter that it refuses for its contents is a success of the connection.

-- Makes a breaker or changes what it tolerates; parts that are not named stay as they are.
create or replace function set_breaker(
  p_name text, p_policy jsonb default '{}', p_who text default null, p_why text default null
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_known constant text[] := '{failure_rate,minimum,per,open_for,open_cap}';
  v_old breakers;
  v_new breakers;
  v_now timestamptz := clock();
  v_changed jsonb;
  v_rule text;
begin
  if jsonb_typeof(p_policy) is distinct from 'object' or p_policy - v_known <> '{}' then
    raise exception 'unknown policy: %', case when jsonb_typeof(p_policy) = 'object'
        then (select string_agg(k, ', ') from jsonb_object_keys(p_policy - v_known) k)
        else 'it is a JSON object' end
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  end if;
  insert into breakers (name, half_from) values (p_name, v_now) on conflict do nothing;
  select * into v_old from breakers where name = p_name for update;
  v_new := jsonb_populate_record(v_old, p_policy);
  update breakers set failure_rate = v_new.failure_rate, minimum = v_new.minimum, per = v_new.per,
    open_for = v_new.open_for, open_cap = v_new.open_cap
  where name = p_name;
  v_changed := differences(to_jsonb(v_old), to_jsonb(v_new));
  if v_changed <> '{}' then
    perform record_operation('set', coalesce(p_who, session_user), p_why,
                             jsonb_build_object('breaker', p_name, 'changed', v_changed), 1);
  end if;
exception
  when data_exception then
    raise exception '%', unread_policy(p_policy, v_old) using errcode = 'JQ005';
  when check_violation then
    get stacked diagnostics v_rule = constraint_name;
    raise exception 'a breaker has to obey %', rule_of('breakers', v_rule) using errcode = 'JQ005';
  when not_null_violation then
    get stacked diagnostics v_rule = column_name;
    raise exception '% cannot be taken away, only changed', v_rule using errcode = 'JQ005';
end
$$;

-- May one try pass now? Writes nothing while the breaker is closed or open. `probe` is set if this is
-- the one try that passes while it is half open: show it with the report. Who tries after one that
-- has been silent for too long gets the same probe, unless he brings his own: either may still report.
create or replace function ask_breaker(
  p_name text, p_probe uuid default null, p_probe_for interval default '1 minute',
  out admitted boolean, out probe uuid, out retry_after double precision, out because text)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_breaker breakers;
  v_probe uuid := gen_random_uuid();
begin
  select * into v_breaker from breakers where name = p_name;
  admitted := v_breaker.opened_at is null;
  if admitted then
    return;
  end if;
  because := v_breaker.because;
  if v_breaker.open_until <= v_now and v_breaker.paused_by is null then
    update breakers b set probe = coalesce(p_probe, b.probe, v_probe),
      probe_until = v_now + p_probe_for
    where b.name = p_name and b.opened_at is not null and b.open_until <= v_now
      and b.paused_by is null and (b.probe is null or b.probe_until <= v_now)
    returning b.probe into v_probe;
    if found then
      admitted := true;
      probe := v_probe;
      return;
    end if;
    because := 'half open, and somebody is trying';
  end if;
  if v_breaker.open_until <> 'infinity' then
    retry_after := greatest(extract(epoch from v_breaker.open_until - v_now), 1);
  end if;
end
$$;

-- What became of tries: so many worked, so many failed. `p_probe` is what ask_breaker gave;
-- `p_after` is the other side's Retry-After, in seconds. Returns true if the breaker is open now.
create or replace function tell_breaker(
  p_name text, p_successes integer, p_failures integer, p_probe uuid default null,
  p_after double precision default null, p_because text default null
) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_breaker breakers;
begin
  if p_successes is null or p_failures is null or least(p_successes, p_failures) < 0 then
    raise exception 'successes and failures are numbers, 0 and above' using errcode = 'JQ005';
  end if;
  insert into breakers (name, half_from) select p_name, v_now
  where not exists (select from breakers where name = p_name) on conflict do nothing;
  select * into v_breaker from breakers where name = p_name for update;
  v_now := clock();
  if v_breaker.paused_by is not null then
    return true;
  elsif v_breaker.opened_at is not null then
    if v_breaker.probe is distinct from p_probe or p_probe is null then
      return true;   -- begun before it opened
    elsif p_failures = 0 then
      perform close_breaker(p_name, v_now);
      return false;
    end if;
    perform open_breaker(v_breaker, p_after, p_because, v_now);
    return true;
  end if;
  v_breaker := count_results(v_breaker, p_successes, p_failures, v_now);
  if p_failures > 0 and is_too_much(v_breaker) then
    perform open_breaker(v_breaker, p_after, p_because, v_now);
    return true;
  end if;
  update breakers set half_from = v_breaker.half_from, successes = v_breaker.successes,
    failures = v_breaker.failures, successes_before = v_breaker.successes_before,
    failures_before = v_breaker.failures_before
  where name = p_name;
  return false;
end
$$;

-- What a batch of results says about the breakers of its queues, read before they are settled: how
-- many got through (also those that were refused for what they are), how many met an outage, whether
-- the one probe is among them. What is neither says nothing.
create or replace function outcomes_by_breaker(p_results jsonb) returns jsonb
language sql stable
set search_path from current
as $$
  select jsonb_agg(o order by o.breaker) from (
    select q.breaker,
           count(*) filter (where r.verdict in ('delivered', 'dead') and r.outage is not true) as good,
           count(*) filter (where r.outage) as bad,
           max(r.after) filter (where r.outage) as after,
           max(r.because) filter (where r.outage) as because,
           (array_agg(r.token) filter (where r.token = b.probe))[1] as probe,
           bool_or(r.token = b.probe and r.verdict not in ('delivered', 'dead')
                   and r.outage is not true) as no_probe
    from jsonb_to_recordset(p_results) as r(
      id uuid, token uuid, verdict text, because text, after double precision, outage boolean)
    join leased_jobs l on l.id = r.id and l.claim_token = r.token
    join queues q on q.name = l.queue
    left join breakers b on b.name = q.breaker
    where q.breaker is not null
    group by q.breaker) o
$$;

create or replace function tell_breakers(p_outcomes jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
  v record;
begin
  for v in
    select * from jsonb_to_recordset(p_outcomes) as o(
      breaker text, good integer, bad integer, after double precision, because text, probe uuid,
      no_probe boolean)
  loop
    if v.no_probe then
      perform return_probe(v.breaker, v.probe);
    elsif v.good + v.bad > 0 then
      perform tell_breaker(v.breaker, v.good, v.bad, v.probe, v.after, v.because);
    end if;
  end loop;
end
$$;

-- Adds to the present half of the window; what is older than the half before is forgotten.
create or replace function count_results(
  p_breaker breakers, p_successes integer, p_failures integer, p_now timestamptz
) returns breakers
language plpgsql immutable
set search_path from current
as $$
declare
  v breakers := p_breaker;
begin
  if p_now >= v.half_from + v.per then
    v.successes_before := 0;
    v.failures_before := 0;
  elsif p_now >= v.half_from + v.per / 2 then
    v.successes_before := v.successes;
    v.failures_before := v.failures;
  end if;
  if p_now >= v.half_from + v.per / 2 then
    v.half_from := p_now;
    v.successes := 0;
    v.failures := 0;
  end if;
  v.successes := least(v.successes::bigint + p_successes, 1000000000);
  v.failures := least(v.failures::bigint + p_failures, 1000000000);
  return v;
end
$$;

create or replace function is_too_much(p_breaker breakers) returns boolean
language sql immutable
set search_path from current
as $$
  select failed >= p_breaker.failure_rate * tried and tried >= p_breaker.minimum
  from (select p_breaker.failures::bigint + p_breaker.failures_before as failed,
               p_breaker.failures::bigint + p_breaker.failures_before
                 + p_breaker.successes + p_breaker.successes_before as tried) c
$$;

-- Open: for open_for, twice as long each time in a row, with jitter; or as long as Retry-After asks.
create or replace function open_breaker(
  p_breaker breakers, p_after double precision, p_because text, p_now timestamptz
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_cap double precision := extract(epoch from p_breaker.open_cap);
  v_until timestamptz := p_now + make_interval(secs => wished(
    p_after, backoff(p_breaker.openings + 1, extract(epoch from p_breaker.open_for)::double precision,
                     2, v_cap, 0.25, random()), greatest(v_cap, 86400), random()));
begin
  update breakers set opened_at = p_now, open_until = v_until, openings = p_breaker.openings + 1,
    because = left(coalesce(p_because, 'too many failures'), 500), probe = null, probe_until = null,
    half_from = p_now, successes = 0, failures = 0, successes_before = 0, failures_before = 0
  where name = p_breaker.name;
end
$$;

create or replace function close_breaker(p_name text, p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
begin
  update breakers set opened_at = null, open_until = null, openings = 0, because = null,
    paused_by = null, probe = null, probe_until = null, half_from = p_now, successes = 0,
    failures = 0, successes_before = 0, failures_before = 0
  where name = p_name;
  perform wake(array(select name from queues where breaker = p_name));
end
$$;

-- The jobs that try keep their probes for as long as their leases.
create or replace function keep_probes(p_ids uuid[]) returns void
language plpgsql
set search_path from current
as $$
begin
  if exists (select from breakers where probe is not null) then
    update breakers b set probe_until = l.lease_until
    from leased_jobs l
    where l.id = any (p_ids) and l.claim_token = b.probe and l.lease_until > b.probe_until;
  end if;
end
$$;

-- A probe was not used: nobody had anything to send.
create or replace function return_probe(p_name text, p_probe uuid) returns void
language sql
set search_path from current
as $$
  update breakers set probe = null, probe_until = null where name = p_name and probe = p_probe
$$;

-- For a worker that holds jobs of a queue which it has not begun: may they begin? Where it is not so
-- they are given back; but the one with the probe's token is the one that tries.
create or replace function breaker_of_queue(p_queue text, out is_open boolean, out probe uuid)
language plpgsql stable
set search_path from current
as $$
begin
  select b.opened_at is not null, b.probe into is_open, probe
  from queues q join breakers b on b.name = q.breaker where q.name = p_queue;
  is_open := coalesce(is_open, false);
end
$$;

-- Forgets breakers as they were made that for a month were not told of, or could have been tried: one
-- that is not there says what a closed one says. Returns how many.
create or replace function prune_breakers(p_now timestamptz) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_gone integer;
begin
  delete from breakers b
  where b.paused_by is null and coalesce(b.open_until, b.half_from) < p_now - interval '30 days'
    and (b.failure_rate, b.minimum, b.per, b.open_for, b.open_cap)
      = (0.5, 10, interval '1 minute', interval '30 seconds', interval '15 minutes');
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- What it stood for is gone: whatever was counted or set is forgotten.
create or replace function forget_breaker(p_name text) returns void
language sql
set search_path from current
as $$
  delete from breakers where name = p_name
$$;

-- Opens it by hand: nothing passes until then, or until it is resumed.
create or replace function pause_breaker(
  p_name text, p_who text, p_why text default null, p_until timestamptz default null
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform check_until(p_until, v_now);
  perform set_breaker(p_name);
  update breakers set opened_at = v_now, open_until = coalesce(p_until, 'infinity'),
    paused_by = case when p_until is null then p_who end,
    because = 'paused by ' || p_who || coalesce(': ' || p_why, ''), probe = null, probe_until = null
  where name = p_name;
  perform record_operation('pause', p_who, p_why,
                           jsonb_build_object('breaker', p_name, 'until', p_until), 1);
end
$$;

create or replace function breaker_named(p_name text) returns breakers
language plpgsql stable
set search_path from current
as $$
declare
  v_breaker breakers;
begin
  select * into v_breaker from breakers where name = p_name;
  if not found then
    raise exception 'no breaker "%"', left(p_name, 200) using errcode = 'JQ001', hint = 'there are: '
      || coalesce((select string_agg(b.name, ', ') from (
           select name from breakers order by name limit 20) b), 'none');
  end if;
  return v_breaker;
end
$$;

-- Closes it by hand, whatever opened it, and forgets what was counted.
create or replace function resume_breaker(p_name text, p_who text, p_why text default null)
returns void
language plpgsql
set search_path from current
as $$
begin
  perform breaker_named(p_name);
  perform close_breaker(p_name, clock());
  perform record_operation('resume', p_who, p_why, jsonb_build_object('breaker', p_name), 1);
end
$$;

-- The breakers and how they stand, the open ones first, a thousand at most.
create or replace function breaker_list() returns table (
  name text, state text, because text, open_until timestamptz, successes bigint, failures bigint,
  openings integer, failure_rate double precision, minimum integer, per interval, queues text[])
language plpgsql volatile
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  return query
    select b.name, breaker_state(b, v_now), b.because, nullif(b.open_until, 'infinity'),
           b.successes::bigint + b.successes_before, b.failures::bigint + b.failures_before,
           b.openings, b.failure_rate, b.minimum, b.per,
           array(select q.name from queues q where q.breaker = b.name order by 1)
    from breakers b order by b.opened_at is null, b.name limit 1000;
end
$$;

create or replace function breaker_state(p_breaker breakers, p_now timestamptz) returns text
language sql immutable
set search_path from current
as $$
  select case
    when p_breaker.opened_at is null then 'closed'
    when p_breaker.paused_by is not null then 'paused'
    when p_breaker.open_until > p_now then 'open'
    else 'half open' end
$$;
