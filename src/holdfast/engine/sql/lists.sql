-- What people and programs ask for: lists and single things, for psql, the CLI and the dashboard.
--
-- A filter is one JSON object; every part of it is optional and all that are given must hold. Lists
-- stop at a limit of at most 1000, and what they cost does not grow with the tables: they walk an
-- index from its end. Nothing here changes anything.

-- The queues at a glance, or one of them.
create or replace function queue_list(p_queue text default null) returns setof queue_overview
language sql stable
set search_path from current
set enable_seqscan = off   -- without statistics of a flood it would sort all of it to count ten thousand
set enable_bitmapscan = off
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
      select from queues q join leased_jobs l on l.queue = q.name collate "C"
      where l.lease_until < v_now - interval '30 s' limit 10001) c),
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

-- A value that is not known would be an empty list, as if all were well.
create or replace function check_choice(p_what text, p_value text, p_known text[]) returns void
language plpgsql immutable
set search_path from current
as $$
begin
  if p_value <> all (p_known) then
    raise exception 'no % "%"', p_what, left(p_value, 60) using errcode = 'JQ005',
      hint = 'known: ' || array_to_string(p_known, ', ');
  end if;
end
$$;
