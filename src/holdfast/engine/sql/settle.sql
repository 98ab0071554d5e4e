-- Settle: what became of claimed jobs.
--
-- A batch of results, each {"id", "token", "verdict"} and, as it fits, "because", "after" (seconds),
-- "until" (a time) or "outage" (true: it is the destination that failed, and its breaker counts it):
--   delivered   it happened                              -> finished, done
--   retry       it did not, and may later                -> waits for its next attempt, or dead
--   snooze      not now; the attempt is given back       -> waits until then, or ready at once
--   hold        a person has to decide; the same         -> held
--   dead        it never will                            -> dead letter
--   unknown     it may have happened                     -> by the queue's on_unknown: retry or held
--
-- One row per result comes back: whether it was accepted, and the state that the job is in now.
-- A result whose token no longer holds is recorded as late and changes nothing.

create or replace function settle(p_results jsonb)
returns table (id uuid, accepted boolean, state text)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- and planned while a table was empty, it would read all of it later
set jit = off
as $$
declare
  v_given record;
  v_done record;
  v_outcomes jsonb;
begin
  if jsonb_typeof(p_results) is distinct from 'array' then
    raise exception 'results is a JSON array of objects' using errcode = 'JQ005';
  end if;
  perform make_durable();
  if exists (select from queues where breaker is not null) then
    v_outcomes := outcomes_by_breaker(p_results);
  end if;
  select array_agg(r.id) as ids, array_agg(r.token) as tokens,
         array_agg(left(r.because, 2000)) as notes into v_given
  from jsonb_to_recordset(p_results) as r(id uuid, token uuid, verdict text, because text)
  where r.verdict = 'delivered';
  if jsonb_array_length(p_results) > 1
     and cardinality(v_given.ids) is distinct from jsonb_array_length(p_results)
  then
    perform lock_keys_of_leases(p_results);
  end if;
  v_done := settle_delivered(v_given.ids, v_given.tokens, v_given.notes, clock());
  return query select d, true, 'done' from unnest(v_done.ids) d;
  if cardinality(v_done.ids) < jsonb_array_length(p_results) then
    return query select * from settle_others(p_results, v_done.ids, v_done.tokens);
  end if;
  perform tell_breakers(v_outcomes);
end
$$;

-- Successes of which there is nothing more to say, as two arrays: what most results are, at half the
-- cost. Returns a row only for each that was not accepted.
create or replace function settle_done(p_ids uuid[], p_tokens uuid[])
returns table (id uuid, accepted boolean, state text)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- and planned while a table was empty, it would read all of it later
set jit = off
as $$
declare
  v_ids uuid[] := '{}';
  v_tokens uuid[] := '{}';
begin
  if not exists (select from queues where breaker is not null) then
    perform make_durable();
    select d.ids, d.tokens into v_ids, v_tokens
    from settle_delivered(p_ids, p_tokens, null, clock()) d;
    if cardinality(v_ids) = cardinality(p_ids) then
      return;
    end if;
  end if;
  return query
    select s.* from settle((
      select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'token', g.token, 'verdict',
                                                   'delivered')), '[]')
      from (select u.id, u.token, row_number() over (partition by u.id, u.token) as nth
            from unnest(p_ids, p_tokens) u(id, token)) g
      where g.nth > 1 or not exists (
        select from unnest(v_ids, v_tokens) d(id, token)
        where d.id = g.id and d.token = g.token))) s
    where not s.accepted;
end
$$;

-- The leases of a mixed batch and then the ordering keys of those that may end, before the results are
-- gone through in the order that they came in: two batches with the same keys wait for each other in a
-- row. What is only put off needs its key for nothing.
create or replace function lock_keys_of_leases(p_results jsonb) returns void
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while the table was empty, it would read all of it later
set jit = off
as $$
declare
  v_ids uuid[] := array(select r.id from jsonb_to_recordset(p_results) as r(id uuid));
  v_ending uuid[] := array(
    select r.id from jsonb_to_recordset(p_results) as r(id uuid, verdict text)
    where r.verdict not in ('snooze', 'hold'));
begin
  perform lock_keys(k.queue, k.keys)
  from (with leases as materialized (   -- else only those that may end would be locked
          select l.id, l.queue, l.ordering_key from leased_jobs l
          where l.id = any (v_ids) order by l.id for update
        )
        select l.queue, array_agg(l.ordering_key) as keys from leases l
        where l.ordering_key is not null and l.id = any (v_ending)
        group by l.queue order by l.queue offset 0) k;
end
$$;

-- All results but those that were successes, one by one.
create or replace function settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[])
returns table (id uuid, accepted boolean, state text)
language plpgsql
set search_path from current
as $$
declare
  v_result record;
begin
  for v_result in
    select r.*, row_number() over (partition by r.id, r.token, r.verdict) as nth
    from jsonb_to_recordset(p_results) as r(
      id uuid, token uuid, verdict text, because text, after text, until text)
  loop
    continue when v_result.verdict = 'delivered' and v_result.nth = 1 and exists (
      select from unnest(p_done, p_tokens) d(id, token)
      where d.id = v_result.id and d.token = v_result.token);
    return query select v_result.id, s.accepted, s.state from settle_one(
      v_result.id, v_result.token, v_result.verdict, v_result.because,
      seconds_of(v_result.after), moment_of(v_result.until)) s;
  end loop;
end
$$;

-- The successes of a batch, in one statement. Returns which; the others are settled one by one.
create or replace function settle_delivered(
  p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamptz, out ids uuid[],
  out tokens uuid[])
language plpgsql
set search_path from current
set enable_seqscan = off    -- with statistics from a quiet hour it would read all leases for a batch,
set enable_nestloop = off   -- or the whole batch for each of its jobs
set jit = off
as $$
declare
  v_keyed uuid[];
begin
  with gone as (
    delete from leased_jobs l using unnest(p_ids, p_tokens, p_notes) v(id, token, note)
    where l.id = v.id and l.claim_token = v.token
      and l.id = any (p_ids)   -- else it may go through all leases for a batch, with such statistics
    returning l.*, v.note
  ), kept as (
    insert into finished_jobs (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, state, note, worker, claimed_at, finished_at)
    select g.id, g.queue, g.kind, g.payload, g.priority, g.tenant, g.ordering_key, g.attempts,
           g.crashes, g.deferrals, g.enqueued_at, g.run_at, g.expires_at, g.replay_of,
           'done', g.note, g.worker, g.claimed_at, p_now
    from gone g
  )
  select coalesce(array_agg(g.id), '{}'), coalesce(array_agg(g.claim_token), '{}'),
         array_agg(g.id) filter (where g.ordering_key is not null)
  into ids, tokens, v_keyed from gone g;
  if v_keyed is not null then
    perform advance_key(f.queue, f.ordering_key, f.id)
    from finished_jobs f where f.id = any (v_keyed) order by f.queue, f.ordering_key;
  end if;
end
$$;

-- One result. The row is taken only if the token still holds; all that follows happens to that row.
create or replace function settle_one(
  p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision,
  p_until timestamptz
) returns table (accepted boolean, state text)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_lease leased_jobs;
  v_because text := left(coalesce(p_because, ''), 2000);
  v_until timestamptz := case when p_until is not null then
    least(p_until, v_now + interval '1 year') end;   -- also of 'infinity'
begin
  if p_verdict is null or p_verdict not in ('delivered', 'retry', 'snooze', 'hold', 'dead', 'unknown')
  then
    raise exception 'unknown verdict "%"', left(p_verdict, 60) using errcode = 'JQ005',
      hint = 'known: delivered, retry, snooze, hold, dead, unknown';
  end if;
  delete from leased_jobs l where l.id = p_id and l.claim_token = p_token returning * into v_lease;
  if v_lease.id is null then
    return query select false, record_late(p_id, p_token, p_verdict, v_because, v_now);
    return;
  end if;
  state := case p_verdict
    when 'retry' then retry(v_lease, 'retry', v_because, p_after, v_now)
    when 'snooze' then snooze(v_lease, v_because,
      coalesce(v_until, v_now + snooze_for(p_after)), v_now)
    when 'hold' then set_aside(v_lease, v_because, v_now)
    when 'dead' then bury(job_of(v_lease), v_lease, 'refused', v_because, 'dead', v_now)
    when 'unknown' then settle_unknown(v_lease, v_because, p_after, v_now)
    when 'delivered' then finish(job_of(v_lease), 'done', v_because, v_now)  -- named twice in one batch
  end;
  accepted := true;
  return next;
end
$$;

-- It failed: wait for the next attempt, or give up when none is left or the job is too old.
create or replace function retry(
  p_lease leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamptz
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_job job := job_of(p_lease);
  v_policy queues := queue_policy(p_lease.queue);
begin
  if v_job.attempts >= v_policy.max_attempts then
    return bury(v_job, p_lease, 'exhausted', p_because, p_outcome, p_now);
  end if;
  v_job.run_at := next_attempt_at(v_policy, v_job.attempts, p_after, p_now);
  if v_job.run_at > v_job.enqueued_at + v_policy.max_age and v_job.run_at
       > v_job.enqueued_at + v_policy.max_age
         + time_stopped(v_job.id, v_policy, v_job.enqueued_at, p_now) then
    return bury(v_job, p_lease, 'too_old', p_because, p_outcome, p_now);
  end if;
  -- never retried after it expired: it comes back just then, to be ended; but not in the past, where
  -- no claim looks any more (marks.sql)
  v_job.run_at := greatest(p_now, least(v_job.run_at, v_job.expires_at));
  perform record_attempt(p_lease, p_outcome, p_because, p_now, v_job.run_at);
  perform put_deferred(v_job, 'time', p_because);
  return 'ready';
end
$$;

-- For how long persons have stopped a job since it came, or came back from the dead: they had it, or had
-- paused its queue or the breaker of that. That is no age of it, or it would die of its first failure.
create or replace function time_stopped(
  p_id uuid, p_policy queues, p_since timestamptz, p_now timestamptz) returns interval
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while the day was young it would read the whole day for each job
set jit = off
as $$
begin
  return (
    select coalesce(sum(upper(r) - lower(r)), '0') from unnest((
      select range_agg(tstzrange(greatest(s.since, p_since), s.until)) from (
        select a.claimed_at as since, a.settled_at as until from attempts a
        where a.job_id = p_id and a.outcome = 'held'
        union all
        select p.since, p.until from pauses_of(p_policy, p_now) p) s
      where s.until > greatest(s.since, p_since))) r);
end
$$;

-- When a queue, or the breaker that its jobs pass, was paused by hand: from each pause until its end,
-- until what was said next, or until now.
create or replace function pauses_of(p_policy queues, p_now timestamptz)
returns table (since timestamptz, until timestamptz)
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while there were few, it would read all operations later
set jit = off
as $$
begin
  return query
    select s.at, least(s.until, s.following, p_now) from (
      select o.at, o.action, (o.filter ->> 'until')::timestamptz as until,
             lead(o.at) over (partition by o.filter ? 'queue' order by o.at, o.id) as following
      from operations o
      where o.action in ('pause', 'resume')
        and coalesce(o.filter ->> 'queue', o.filter ->> 'breaker') in (p_policy.name, p_policy.breaker)
        and (o.filter ->> 'queue' = p_policy.name or o.filter ->> 'breaker' = p_policy.breaker)) s
    where s.action = 'pause';
end
$$;

-- A result's "after".
create or replace function seconds_of(p_given text) returns double precision
language plpgsql immutable
set search_path from current
as $$
begin
  return p_given::double precision;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'after is "%"', left(p_given, 60) using errcode = 'JQ005',
    hint = 'a number of seconds, as 90 or 0.5';
end
$$;

-- A result's "until".
create or replace function moment_of(p_given text) returns timestamptz
language plpgsql stable
set search_path from current
as $$
begin
  return p_given::timestamptz;
exception when invalid_datetime_format or datetime_field_overflow or invalid_parameter_value then
  raise exception 'until is "%"', left(p_given, 60) using errcode = 'JQ005',
    hint = 'a time, as 2030-12-31T23:59:00Z';
end
$$;

-- At most thirty days, and up to a tenth more, so that a herd told "60" does not return at 60.
create or replace function snooze_for(p_after double precision) returns interval
language plpgsql volatile
set search_path from current
as $$
begin
  return make_interval(secs => least(greatest(p_after, 0), 2592000) * (1 + 0.1 * random()));
end
$$;

-- Not now. The attempt is given back.
create or replace function snooze(
  p_lease leased_jobs, p_because text, p_until timestamptz, p_now timestamptz
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_job job := job_of(p_lease);
begin
  v_job.attempts := v_job.attempts - 1;
  v_job.deferrals := v_job.deferrals + 1;
  v_job.run_at := greatest(p_now, least(coalesce(p_until, p_now), v_job.expires_at));
  perform record_attempt(p_lease, 'snooze', p_because, p_now, v_job.run_at);
  if v_job.run_at > p_now then
    perform put_deferred(v_job, 'time', p_because);
  else
    perform put_ready(v_job);
    perform wake(array[v_job.queue]);
  end if;
  return 'ready';
end
$$;

-- A person has to decide. The attempt is given back.
create or replace function set_aside(p_lease leased_jobs, p_because text, p_now timestamptz)
returns text
language plpgsql
set search_path from current
as $$
declare
  v_job job := job_of(p_lease);
begin
  v_job.attempts := v_job.attempts - 1;
  perform record_attempt(p_lease, 'hold', p_because, p_now, null);
  perform put_deferred(v_job, 'person', p_because);
  return 'held';
end
$$;

-- It may have happened: again, or wait for a person, as the queue says.
create or replace function settle_unknown(
  p_lease leased_jobs, p_because text, p_after double precision, p_now timestamptz
) returns text
language plpgsql
set search_path from current
as $$
begin
  if (queue_policy(p_lease.queue)).on_unknown = 'resend' then
    return retry(p_lease, 'unknown', p_because, p_after, p_now);
  end if;
  perform record_attempt(p_lease, 'unknown', p_because, p_now, null);
  perform put_deferred(job_of(p_lease), 'person', p_because);
  return 'held';
end
$$;

-- The end of a job that is not a dead letter: done, cancelled or expired.
create or replace function finish(
  p_job job, p_state text, p_note text, p_now timestamptz,
  p_worker text default null, p_claimed_at timestamptz default null
) returns text
language plpgsql
set search_path from current
as $$
begin
  insert into finished_jobs (
    id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
    enqueued_at, run_at, expires_at, replay_of, state, note, worker, claimed_at, finished_at)
  select (p_job).*, p_state, p_note, p_worker, p_claimed_at, p_now;
  perform advance_key(p_job.queue, p_job.ordering_key, p_job.id);
  return p_state;
end
$$;

-- What became of an attempt, kept for the job's timeline.
create or replace function record_attempt(
  p_lease leased_jobs, p_outcome text, p_because text, p_now timestamptz, p_next timestamptz
) returns void
language plpgsql
set search_path from current
as $$
begin
  insert into attempts (job_id, queue, attempt, outcome, because, claim_token, worker, claimed_at,
                        settled_at, next_at)
  values (p_lease.id, p_lease.queue, p_lease.attempts, p_outcome, p_because, p_lease.claim_token,
          p_lease.worker, p_lease.claimed_at, p_now, p_next);
end
$$;

-- A report from somebody who no longer holds the job. Returns the state that the job is in.
create or replace function record_late(
  p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamptz
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_queue text;
  v_state text;
begin
  select j.queue, j.state into v_queue, v_state from jobs j where j.id = p_id;
  if not found then
    return 'unknown';
  end if;
  insert into attempts (job_id, queue, outcome, because, claim_token, settled_at)
  values (p_id, v_queue, 'late', p_verdict || coalesce(': ' || nullif(p_because, ''), ''), p_token,
          p_now);
  return v_state;
end
$$;
