-- What people and programs ask for: lists and single things, for psql, the CLI and the dashboard.
--
-- A filter is one JSON object; every part of it is optional and all that are given must hold. Lists
-- stop at a limit of at most 1000, and what they cost does not grow with the tables: they walk an
-- index from its end. Nothing here changes anything.

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
  if state not in ('ready', 'leased', 'held', 'dead', 'done', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(state, 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, dead, done, cancelled, expired';
  end if;
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
    raise exception 'no job %', p_id using errcode = 'JQ001',
      hint = 'finished jobs are forgotten after their queue''s retention';
  end if;
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

-- Dead letters, the latest first; the filter is that of select_dead_letters. A queue, a group of it, a time
-- and ids have an index. All else is looked for among a million of them, the latest first; then it says where
-- it goes on.
create or replace function dead_letter_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id uuid, queue text, kind text, died_at timestamptz, reason text, error text, attempts integer,
  fingerprint text, tenant text, ordering_key text, crashes integer, enqueued_at timestamptz,
  replay_of uuid)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
set enable_seqscan = off   -- as the indexes lead, from the latest on
set enable_bitmapscan = off
set enable_sort = on
set jit = off
as $$
declare
  v record;
  v_fits boolean;
  v_looked bigint;
  v_found integer := 0;
begin
  perform check_filter(p_filter, '{queue,group,kind,tenant,since,until,ids}');
  select * into v from jsonb_to_record(p_filter) as f(
    queue text, "group" text, kind text, tenant text, since timestamptz, until timestamptz,
    ids uuid[]);
  if v.ids is null then   -- where no statistics are yet it would sort all of a queue
    perform set_config('enable_sort', 'off', true);
  end if;
  for id, queue, kind, died_at, reason, error, attempts, fingerprint, tenant, ordering_key, crashes,
      enqueued_at, replay_of, v_fits, v_looked
  in
    select * from (
      select d.id, d.queue, d.kind, d.died_at, d.reason, d.error, d.attempts, d.fingerprint, d.tenant,
             d.ordering_key, d.crashes, d.enqueued_at, d.replay_of,
             (v."group" is null or d.fingerprint = v."group") and (v.kind is null or d.kind = v.kind)
               and (v.tenant is null or d.tenant = v.tenant) as fits,
             row_number() over (order by d.died_at desc) as looked
      from dead_letters d
      where (v.queue is null or d.queue = v.queue)
        and (v.queue is null or v."group" is null or d.fingerprint = v."group")
        and (v.since is null or d.died_at >= v.since)
        and (v.until is null or d.died_at < v.until)
        and (v.ids is null or d.id = any (v.ids))
      order by d.died_at desc limit most_looked_through()) l
    where l.fits or l.looked = most_looked_through()
    order by l.died_at desc limit list_limit(p_limit)
  loop
    if v_fits then
      v_found := v_found + 1;
      return next;
    end if;
    if v_looked = most_looked_through() and v_found < list_limit(p_limit) then
      perform raise_goes_on('dead letters', v_looked, v_found, 'a queue or a group of it',
        'until ' || to_char((died_at + interval '1 microsecond') at time zone 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    end if;
  end loop;
end
$$;

-- Dead letters by what killed them, the largest group first; 10001 means more than ten thousand, and
-- the reasons are those of a group's latest hundred. Each group costs a few looks into the index,
-- however many letters it holds; only those of one tenant have to be counted one by one.
create or replace function dead_letter_group_list(
  p_filter jsonb default '{}', p_limit integer default 50
) returns table (
  fingerprint text, letters bigint, queue text, kind text, last_died timestamptz, latest_error text,
  reasons text[], first_died timestamptz)
language plpgsql stable
set search_path from current
as $$
declare
  v record;
begin
  perform check_filter(p_filter, '{queue,kind,tenant,since,until}');
  select f.queue, f.kind, f.tenant, coalesce(f.since, '-infinity') as since,
         coalesce(f.until, 'infinity') as until
  into v
  from jsonb_to_record(p_filter) as f(
    queue text, kind text, tenant text, since timestamptz, until timestamptz);
  return query
    select g.fingerprint, c.letters, g.queue, l.kind, l.died_at, l.error, array(
             select distinct r.reason from (
               select d.reason from dead_letters d
               where d.queue = g.queue and d.fingerprint = g.fingerprint
                 and d.died_at >= v.since and d.died_at < v.until
               order by d.died_at desc limit 100) r order by 1),
           f.died_at
    from dead_letter_groups_at_hand(v.queue) g
    cross join lateral edge_of_group(g.queue, g.fingerprint, v.tenant, v.since, v.until, true) l
    cross join lateral edge_of_group(g.queue, g.fingerprint, v.tenant, v.since, v.until, false) f
    cross join lateral (
      select count_group(g.queue, g.fingerprint, v.tenant, v.since, v.until) as letters) c
    where v.kind is null or l.kind = v.kind
    order by c.letters desc, l.died_at desc limit list_limit(p_limit);
end
$$;

-- The groups that there are, by stepping along the index from each to the next. Where there are more
-- than a thousand (an error whose text says something else every time) only those that the latest
-- letters belong to are added to the first thousand.
create or replace function dead_letter_groups_at_hand(p_queue text)
returns table (queue text, fingerprint text)
language sql stable
set search_path from current
as $$
  with recursive step as (
    (select d.queue, d.fingerprint, 1 as n from dead_letters d where d.queue >= coalesce(p_queue, '')
     order by d.queue, d.fingerprint limit 1)
    union all
    select further.queue, further.fingerprint, s.n + 1
    from step s cross join lateral (
      select d.queue, d.fingerprint from dead_letters d
      where (d.queue, d.fingerprint) > (s.queue, s.fingerprint)
      order by d.queue, d.fingerprint limit 1) further
    where s.n < 1000 and (p_queue is null or s.queue = p_queue)
  )
  select s.queue, s.fingerprint from step s where p_queue is null or s.queue = p_queue
  union
  select latest.queue, latest.fingerprint
  from (select d.queue, d.fingerprint from dead_letters d order by d.died_at desc limit 1000) latest
  where (select max(n) from step) = 1000 and (p_queue is null or latest.queue = p_queue)
$$;

-- The latest letter of a group, or the first.
create or replace function edge_of_group(
  p_queue text, p_fingerprint text, p_tenant text, p_since timestamptz, p_until timestamptz,
  p_latest boolean
) returns table (kind text, died_at timestamptz, error text)
language plpgsql stable
set search_path from current
as $$
begin
  if p_latest then
    return query
      select d.kind, d.died_at, d.error from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
        and (p_tenant is null or d.tenant = p_tenant)
      order by d.died_at desc limit 1;
  else
    return query
      select d.kind, d.died_at, d.error from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
        and (p_tenant is null or d.tenant = p_tenant)
      order by d.died_at limit 1;
  end if;
end
$$;

-- How many letters a group has, up to 10001. Without a tenant the index alone knows.
create or replace function count_group(
  p_queue text, p_fingerprint text, p_tenant text, p_since timestamptz, p_until timestamptz
) returns bigint
language plpgsql stable
set search_path from current
as $$
begin
  if p_tenant is null then
    return (select count(*) from (
      select from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
      order by d.died_at limit 10001) c);
  end if;
  return (select count(*) from (
    select from dead_letters d
    where d.queue = p_queue and d.fingerprint = p_fingerprint and d.tenant = p_tenant
      and d.died_at >= p_since and d.died_at < p_until
    order by d.died_at limit 10001) c);
end
$$;

-- One dead letter with what it carries and its attempts.
create or replace function dead_letter_show(p_id uuid) returns setof dead_letters
language plpgsql stable
set search_path from current
as $$
declare
  v_state text;
begin
  return query select d.* from dead_letters d where d.id = p_id;
  if not found then
    v_state := (select j.state from jobs j where j.id = p_id);
    if v_state is null then
      raise exception 'no job %', p_id using errcode = 'JQ001';
    end if;
    raise exception 'job % is %, not dead', p_id, v_state using errcode = 'JQ003';
  end if;
end
$$;

-- The queues at a glance, or one of them.
create or replace function queue_list(p_queue text default null) returns setof queue_overview
language sql stable
set search_path from current
set enable_seqscan = off   -- without statistics of a flood it would sort all of it to count ten thousand
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
  select * from queue_overview q where p_queue is null or q.queue = p_queue order by q.queue
$$;

-- Who works, those heard of last first; silent for a minute means gone.
create or replace function worker_list() returns table (
  worker text, alive boolean, running integer, queues text[], seen_at timestamptz,
  started_at timestamptz, host text, pid integer)
language sql volatile
set search_path from current
as $$
  select w.worker, w.seen_at > clock() - interval '60 s', w.running, w.queues, w.seen_at,
         w.started_at, w.host, w.pid
  from workers w order by w.seen_at desc limit 1000
$$;

-- The facts that tell whether all is well here; whoever asks judges them.
create or replace function checkup() returns jsonb
language plpgsql volatile
set search_path from current
set enable_seqscan = off   -- as queue_list
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
begin
  return jsonb_build_object(
    'now', clock_timestamp(),
    'synchronous_commit', current_setting('synchronous_commit'),
    'fsync', current_setting('fsync'),
    'full_page_writes', current_setting('full_page_writes'),
    'workers', (select count(*) from workers where seen_at > v_now - interval '60 s'),
    'expired_leases', (select count(*) from (
      select from leased_jobs where lease_until < v_now - interval '30 s' limit 10001) c),
    'dead_letters', (select count(*) from (select from dead_letters limit 10001) c),
    'alerts', (select count(*) from (select from alerts where cleared_at is null limit 10001) c),
    'paused', (select coalesce(jsonb_agg(q.name order by q.name), '[]') from queues q
               where is_paused(q, v_now)),
    'breakers', (select coalesce(jsonb_agg(b.name order by b.name), '[]') from breakers b
                 where b.opened_at is not null),
    -- somebody waits here, and nobody comes; sorted, so that it is an index that is asked
    'unserved', (select coalesce(jsonb_agg(q.name order by q.name), '[]') from queues q
      where not is_paused(q, v_now)
        and ((select r.seq from ready_jobs r where r.queue = q.name and r.tenant is null
              order by r.priority, r.seq limit 1) is not null
             or (select r.seq from ready_jobs r where r.queue = q.name and r.tenant is not null
                 order by r.tenant, r.priority, r.seq limit 1) is not null
             or (select min(d.run_at) from deferred_jobs d
                 where d.queue = q.name and d.waits_for = 'time') < v_now)
        and not exists (select from workers w
                        where q.name = any (w.queues) and w.seen_at > v_now - interval '60 s')));
end
$$;

-- What people did, the latest first: who, what, to how many, why. The filter knows action, who, since,
-- until and before (an id: the page after it).
create or replace function operation_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id bigint, at timestamptz, who text, action text, affected integer, why text, filter jsonb)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
as $$
declare
  v record;
begin
  perform check_filter(p_filter, '{action,who,since,until,before}');
  select * into v from jsonb_to_record(p_filter) as f(
    action text, who text, since timestamptz, until timestamptz, before bigint);
  return query
    select o.id, o.at, o.who, o.action, o.affected, o.why, o.filter from operations o
    where (v.action is null or o.action = v.action)
      and (v.who is null or o.who = v.who)
      and (v.since is null or o.at >= v.since)
      and (v.until is null or o.at < v.until)
      and (v.before is null or o.id < v.before)
    order by o.id desc limit list_limit(p_limit);
end
$$;

-- A list has between 1 and 1000 rows; 50 if nobody says.
create or replace function list_limit(p_limit integer) returns integer
language sql immutable parallel safe
set search_path from current
as $$
  select least(greatest(coalesce(p_limit, 50), 1), 1000)
$$;

-- So many rows a search goes through, from the newest on, when what it looks for has no index: a second
-- or two. Then it says where it goes on.
create or replace function most_looked_through() returns integer
language sql immutable parallel safe
set search_path from current
as $$
  select 1000000
$$;

-- A search that has gone through so many says where it goes on.
create or replace function raise_goes_on(
  p_what text, p_looked bigint, p_found integer, p_also text, p_from text) returns void
language plpgsql immutable
set search_path from current
as $$
begin
  raise exception 'of % % that this took to look through, from the newest on, % fit: fewer than a page',
    p_looked, p_what, p_found using errcode = 'JQ005', hint = format(
      'ask also for %s; %sor go on with %s', p_also,
      case when p_found > 0 then format('or with limit %s for those; ', p_found) else '' end, p_from);
end
$$;

-- A filter is an object with known names only: a misspelt one would show everything.
create or replace function check_filter(p_filter jsonb, p_known text[]) returns void
language plpgsql immutable
set search_path from current
as $$
begin
  if jsonb_typeof(p_filter) is distinct from 'object' or p_filter - p_known <> '{}' then
    raise exception 'a filter is a JSON object with: %', array_to_string(p_known, ', ')
      using errcode = 'JQ005';
  end if;
end
$$;
