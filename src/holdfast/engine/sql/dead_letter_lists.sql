-- What people and programs ask about dead letters: the latest, their groups by what killed them, one.
-- How lists are asked for and where they stop is told in lists.sql. Nothing here changes anything.

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
