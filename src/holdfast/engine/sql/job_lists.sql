-- What people and programs ask about jobs: the newest, one with its attempts, one by some of its digits.
-- How lists are asked for and where they stop is told in lists.sql. Nothing here changes anything.

-- The newest jobs first, whatever table they live in; ids are ordered by time. The filter knows
-- queue, state, kind, tenant and before (an id: the page after it). A state leads to the table that it
-- lives in, and there a queue to its index. All else is looked for among a million jobs, from the newest
-- on, since an index would cost every job; then it says where it goes on.
create or replace function job_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id uuid, state text, queue text, kind text, attempts integer, enqueued_at timestamptz,
  run_at timestamptz, because text, waits_for text, tenant text, ordering_key text, priority smallint,
  crashes integer, deferrals integer, expires_at timestamptz, worker text, lease_until timestamptz,
  ended_at timestamptz, replay_of uuid)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that the tables of other states are left out
set enable_seqscan = off   -- as the indexes lead, from the newest on
set enable_bitmapscan = off
set jit = off
as $$
declare
  v record;
  v_fits boolean;
  v_looked bigint;
  v_found integer := 0;
begin
  select * into v from read_job_filter(p_filter);
  for id, state, queue, kind, attempts, enqueued_at, run_at, because, waits_for, tenant, ordering_key,
      priority, crashes, deferrals, expires_at, worker, lease_until, ended_at, replay_of, v_fits, v_looked
  in
    select * from (
      select j.id, j.state, j.queue, j.kind, j.attempts, j.enqueued_at, j.run_at, j.because, j.waits_for,
             j.tenant, j.ordering_key, j.priority, j.crashes, j.deferrals, j.expires_at, j.worker,
             j.lease_until, j.ended_at, j.replay_of,
             (v.state is null or j.state = v.state) and (v.queue is null or j.queue = v.queue)
               and (v.kind is null or j.kind = v.kind) and (v.tenant is null or j.tenant = v.tenant)
               as fits,
             row_number() over (order by j.id desc) as looked
      from jobs j
      where (v.before is null or j.id < v.before)
        and (v.state is null or j.state = any (v.states))
        and (v.state is distinct from 'held' or j.waits_for = 'person')
        and (v.state is null or v.state in ('ready', 'held') or j.waits_for is null)
        and (v.state is null or v.state = any (v.ended) or v.queue is null or j.queue = v.queue)
      order by j.id desc limit most_looked_through()) l
    where l.fits or l.looked = most_looked_through()
    order by l.id desc limit list_limit(p_limit)
  loop
    if v_fits then
      v_found := v_found + 1;
      return next;
    end if;
    if v_looked = most_looked_through() and v_found < list_limit(p_limit) then
      perform raise_goes_on('jobs', v_looked, v_found, 'a state that fewer have', 'before ' || id);
    end if;
  end loop;
end
$$;

-- What a filter of jobs asks for; and of `states` that share a table, those of the one asked for.
create or replace function read_job_filter(
  p_filter jsonb, out queue text, out state text, out kind text, out tenant text, out before uuid,
  out states text[], out ended text[])
language plpgsql immutable
set search_path from current
as $$
begin
  perform check_filter(p_filter, '{queue,state,kind,tenant,before}');
  select * into queue, state, kind, tenant, before from jsonb_to_record(p_filter) as f(
    queue text, state text, kind text, tenant text, before uuid);
  ended := '{done,cancelled,expired}';
  states := case when state = any (ended) then ended when state in ('ready', 'held') then '{ready,held}'
    else array[state] end;
  perform check_choice('state', state, '{ready,leased,held,dead,done,cancelled,expired}');
end
$$;

-- One job with what it carries, and what became of each of its attempts, oldest first.
create or replace function job_show(p_id uuid) returns table (
  id uuid, state text, queue text, kind text, attempts integer, crashes integer, deferrals integer,
  priority smallint, tenant text, ordering_key text, enqueued_at timestamptz, run_at timestamptz,
  expires_at timestamptz, waits_for text, because text, worker text, lease_until timestamptz,
  ended_at timestamptz, replay_of uuid, payload jsonb, timeline jsonb)
language plpgsql stable
set search_path from current
as $$
begin
  return query
    select j.id, j.state, j.queue, j.kind, j.attempts, j.crashes, j.deferrals, j.priority, j.tenant,
           j.ordering_key, j.enqueued_at, j.run_at, j.expires_at, j.waits_for, j.because, j.worker,
           j.lease_until, j.ended_at, j.replay_of, j.payload, (
             select coalesce(jsonb_agg(to_jsonb(a) order by a.settled_at, a.attempt), '[]') from (
               select t.attempt, t.outcome, t.because, t.worker, t.claimed_at, t.settled_at, t.next_at
               from job_attempts t where t.job_id = p_id
               order by t.settled_at desc nulls first limit 100) a)
    from jobs j where j.id = p_id;
  if not found then
    perform raise_no_job(p_id);
  end if;
end
$$;

-- There is no such job, or none any more.
create or replace function raise_no_job(p_id uuid) returns void
language plpgsql stable
set search_path from current
as $$
begin
  raise exception 'no job %', p_id using errcode = 'JQ001',
    hint = 'finished jobs are forgotten after their queue''s retention';
end
$$;

-- The job that somebody means: a whole id, or six or more digits: the first ones, else the last ones, of
-- the newest million.
create or replace function find_job(p_text text) returns uuid
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- as the indexes lead, from the newest on
set enable_bitmapscan = off
set jit = off
as $$
declare
  v_digits text := lower(replace(btrim(p_text), '-', ''));
  v_first uuid;
  v_last uuid;
  v_found uuid[];
begin
  if coalesce(v_digits, '') !~ '^[0-9a-f]{6,32}$' then
    raise exception 'an id has 32 hexadecimal digits; give all, or at least its first or last six'
      using errcode = 'JQ005';
  elsif length(v_digits) = 32 then
    return v_digits::uuid;
  end if;
  v_first := rpad(v_digits, 32, '0')::uuid;
  v_last := rpad(v_digits, 32, 'f')::uuid;
  v_found := array(
    select j.id from jobs j where j.id between v_first and v_last order by j.id desc limit 3);
  if v_found = '{}' then   -- no index knows how an id ends: each has to be read
    v_found := array(
      select n.id from (
        select j.id from jobs j order by j.id desc limit most_looked_through()) n
      where replace(n.id::text, '-', '') like '%' || v_digits
      order by n.id desc limit 3);
  end if;
  if cardinality(v_found) = 0 then
    raise exception 'no job with an id that begins or ends with "%"', p_text using errcode = 'JQ001',
      hint = 'an older one than the newest million is found by its first digits, not by its last';
  elsif cardinality(v_found) > 1 then
    raise exception 'several jobs have an id that begins or ends with "%"', p_text
      using errcode = 'JQ005', hint = 'give more digits, for example of ' || v_found[1];
  end if;
  return v_found[1];
end
$$;
