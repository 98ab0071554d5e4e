-- Dead letters: what was given up, why, and how it comes back.
--
-- Letters with the same kind of error share a fingerprint: the error with its numbers, ids and
-- addresses blotted out. Mend the cause, replay the group.

-- The same failure gives the same fingerprint, whatever ids and numbers its text carries.
create or replace function error_fingerprint(p_kind text, p_error text) returns text
language plpgsql immutable parallel safe
set search_path from current
as $$
begin
  return left(encode(sha256(convert_to(p_kind || chr(31) || regexp_replace(
    lower(left(p_error, 500)),
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[^\s@<]+@[^\s@>]+|0x[0-9a-f]+|\m[0-9a-f]{12,}\M|\m[a-z]*_[a-z0-9]{10,}\M|[0-9]+',
    '#', 'g'), 'UTF8')), 'hex'), 12);
end
$$;

-- Gives a job up. Its history goes with it: the attempts table forgets sooner than we do.
create or replace function bury(
  p_job job, p_lease leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamptz
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_error text := coalesce(nullif(btrim(p_because, E' \t\r\n'), ''), 'no reason given');
begin
  perform record_attempt(p_lease, p_outcome, v_error, p_now, null);
  insert into dead_letters (
    id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
    enqueued_at, run_at, expires_at, replay_of, reason, error, fingerprint, history, died_at)
  select (p_job).*, p_reason, v_error, error_fingerprint(p_job.kind, v_error),
         attempt_history(p_job.id), p_now;
  perform advance_key(p_job.queue, p_job.ordering_key, p_job.id);
  return 'dead';
end
$$;

-- Every recorded attempt of a job, oldest first; the last hundred at most.
create or replace function attempt_history(p_id uuid) returns jsonb
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while the day was young it would read the whole day for each job
set jit = off
as $$
begin
  return (
    select coalesce(jsonb_agg(to_jsonb(a) order by a.settled_at, a.attempt), '[]') from (
      select attempt, outcome, because, worker, claimed_at, settled_at, next_at
      from attempts where job_id = p_id order by settled_at desc limit 100) a);
end
$$;

-- One dead letter comes back to life under its own id, with all attempts ahead of it.
-- To change what it carries, give a payload: then a new job is made that names this one as its
-- origin, and the letter stays in the history as discarded. Returns the id of the job that will run.
create or replace function replay(
  p_id uuid, p_who text, p_why text default null, p_payload jsonb default null,
  p_run_at timestamptz default null
) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_letter dead_letters;
  v_new uuid;
begin
  perform take_keys_of(array[p_id]);
  delete from dead_letters where id = p_id returning * into v_letter;
  if v_letter.id is null then
    perform raise_not_dead(p_id);
  end if;
  perform make_durable();
  if p_payload is null then
    v_new := revive(v_letter, p_run_at);
  else
    select e.id into v_new from enqueue_many(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
      'queue', v_letter.queue, 'kind', v_letter.kind, 'priority', v_letter.priority,
      'tenant', v_letter.tenant, 'ordering_key', v_letter.ordering_key, 'run_at', p_run_at,
      'replay_of', p_id)) || jsonb_build_object('payload', p_payload))) e;
    perform finish(job_of(v_letter), 'cancelled', 'replaced by an edited replay: ' || v_new, clock());
  end if;
  perform record_operation('replay', p_who, p_why, jsonb_build_object('id', p_id, 'became', v_new), 1);
  return v_new;
end
$$;

-- Where a job comes from and what came of it by edited replays, the oldest first; fifty each way. What
-- is forgotten by now has no state.
create or replace function lineage(p_id uuid)
returns table (id uuid, state text, because text, enqueued_at timestamptz, ended_at timestamptz)
language plpgsql stable
set search_path from current
as $$
declare
  v_ids uuid[] := array[p_id];
  v_next uuid;
begin
  for i in 1 .. 50 loop
    v_next := (select j.replay_of from jobs j where j.id = v_ids[1] limit 1);
    exit when v_next is null or v_next = any (v_ids);
    v_ids := v_next || v_ids;
  end loop;
  for i in 1 .. 50 loop
    v_next := replaced_by(v_ids[cardinality(v_ids)]);
    exit when v_next is null or v_next = any (v_ids);
    v_ids := v_ids || v_next;
  end loop;
  return query
    select l.id, j.state, j.because, j.enqueued_at, j.ended_at
    from unnest(v_ids) with ordinality l(id, n)
    left join lateral (select * from jobs i where i.id = l.id limit 1) j on true
    order by l.n;
end
$$;

-- The job that an edited replay made of this one; null if none did.
create or replace function replaced_by(p_id uuid) returns uuid
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while the day was young it would read the whole day for each job
set jit = off
as $$
begin
  return (
    select substring(f.note from '^replaced by an edited replay: ([0-9a-f-]{36})$')::uuid
    from finished_jobs f where f.id = p_id and f.state = 'cancelled' limit 1);
end
$$;

-- The job that speaks for this one: itself, or the last of those that edited replays made of it.
create or replace function as_edited(p_id uuid) returns uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_id uuid := p_id;
  v_next uuid;
begin
  for i in 1 .. 50 loop
    v_next := replaced_by(v_id);
    exit when v_next is null;
    v_id := v_next;
  end loop;
  return v_id;
end
$$;

-- A dead letter comes back because its sender came again; does nothing if it is not dead any more.
create or replace function revive_if_dead(p_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
  v_keys jsonb := take_keys_of(array[p_id]);
  v_letter dead_letters;
begin
  delete from dead_letters where id = p_id returning * into v_letter;
  if v_letter.id is not null then
    perform revive(v_letter, null);
    perform record_operation('replay', 'dedupe', 'the same key came again',
                             jsonb_build_object('id', p_id), 1);
  else
    perform leave_keys(v_keys);
  end if;
end
$$;

-- The letter's job, as good as new, at the end of its queue. Its max_age counts from now.
create or replace function revive(p_letter dead_letters, p_run_at timestamptz) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_job job := job_of(p_letter);
begin
  v_job.attempts := 0;
  v_job.crashes := 0;
  v_job.enqueued_at := v_now;
  v_job.run_at := greatest(coalesce(p_run_at, v_now), v_now);
  if v_job.expires_at <= v_now then
    v_job.expires_at := null;   -- a person asked for it now
  end if;
  perform put_in_line(v_job, 'replay');
  return v_job.id;
end
$$;

-- The letters that a filter names: {"queue", "group", "kind", "tenant", "since", "until", "ids"}, all
-- optional, all must hold; `group` is a fingerprint; since and until are about when they died.
create or replace function select_dead_letters(p_filter jsonb, p_limit integer)
returns setof uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_known constant text[] := '{queue,group,kind,tenant,since,until,ids}';
  v record;
begin
  if jsonb_typeof(p_filter) is distinct from 'object' or p_filter - v_known <> '{}' then
    raise exception 'a filter is a JSON object with: %', array_to_string(v_known, ', ')
      using errcode = 'JQ005';
  end if;
  select * into v from jsonb_to_record(p_filter) as f(
    queue text, "group" text, kind text, tenant text, since timestamptz, until timestamptz,
    ids uuid[]);
  return query
    select d.id from dead_letters d
    where (v.queue is null or d.queue = v.queue)
      and (v."group" is null or d.fingerprint = v."group")
      and (v.kind is null or d.kind = v.kind)
      and (v.tenant is null or d.tenant = v.tenant)
      and (v.since is null or d.died_at >= v.since)
      and (v.until is null or d.died_at < v.until)
      and (v.ids is null or d.id = any (v.ids))
    order by d.died_at limit p_limit;
end
$$;

-- Replays every letter that the filter names, oldest first; returns how many.
-- `p_rate` spreads them: so many become due per second. `p_dry_run` only counts.
create or replace function replay_dead_letters(
  p_filter jsonb, p_who text, p_why text default null, p_limit integer default 10000,
  p_rate double precision default null, p_dry_run boolean default false
) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_ids uuid[];
  v_keys jsonb;
  v_letter dead_letters;
  v_count integer := 0;
begin
  if p_rate <= 0 or p_rate = 'NaN' then
    raise exception 'a rate is a number of jobs per second above 0, not %', p_rate using errcode = 'JQ005';
  end if;
  if p_dry_run then
    return (select count(*) from select_dead_letters(p_filter, p_limit));
  end if;
  perform make_durable();
  v_ids := array(select select_dead_letters(p_filter, p_limit));
  v_keys := take_keys_of(v_ids);
  for v_letter in
    select d.* from dead_letters d where d.id = any (v_ids)
    order by d.died_at, d.id for update skip locked
  loop
    delete from dead_letters where id = v_letter.id;
    perform revive(v_letter, v_now + make_interval(secs => coalesce(v_count / p_rate, 0)));
    v_count := v_count + 1;
  end loop;
  perform leave_keys(v_keys);
  perform record_operation('replay', p_who, p_why,
                           p_filter || jsonb_build_object('limit', p_limit, 'rate', p_rate), v_count);
  return v_count;
end
$$;

-- Takes letters out for good, with a reason; they stay in the history, as cancelled, for the queue's
-- retention. Returns how many.
create or replace function discard_dead_letters(
  p_filter jsonb, p_who text, p_why text, p_limit integer default 10000,
  p_dry_run boolean default false
) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_letter dead_letters;
  v_count integer := 0;
begin
  if p_dry_run then
    return (select count(*) from select_dead_letters(p_filter, p_limit));
  end if;
  if coalesce(btrim(p_why), '') = '' then
    raise exception 'why is it discarded? a reason is asked for' using errcode = 'JQ005';
  end if;
  for v_letter in
    select d.* from dead_letters d
    where d.id in (select select_dead_letters(p_filter, p_limit))
    order by d.died_at, d.id for update skip locked
  loop
    delete from dead_letters where id = v_letter.id;
    perform finish(job_of(v_letter), 'cancelled', 'discarded: ' || p_why, clock());
    v_count := v_count + 1;
  end loop;
  perform record_operation('discard', p_who, p_why, p_filter, v_count);
  return v_count;
end
$$;

-- Why an id cannot be treated as a dead letter.
create or replace function raise_not_dead(p_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
  v_state text := (select state from jobs where id = p_id);
begin
  if v_state is null then
    raise exception 'no job %', p_id using errcode = 'JQ001';
  end if;
  raise exception 'job % is %, not dead: only a dead letter can be replayed', p_id, v_state
    using errcode = 'JQ003';
end
$$;
