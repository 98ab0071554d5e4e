-- Rate limits: may this happen now, and if not, when?
--
-- A limit is a quota per period with a burst. What is remembered of a key is one number: when it will
-- be full again (GCRA, the generic cell rate algorithm). Each unit moves that moment on by period /
-- quota; a request is refused if that would be further away than the burst is worth. So it is exact,
-- has no edge at which twice as much passes, and costs one row per key and policy.
--
--   select * from rate_check('{ip:203.0.113.9,user:7}',
--     '[{"name": "burst", "quota": 20, "per": 1}, {"name": "daily", "quota": 1000, "per": 86400}]');
--
-- All limits of one check are charged, or none of them. A refusal writes nothing. The rows are locked
-- in one order, and the clock is read after that. With burst = quota, up to twice the quota can pass
-- within one period (a full burst and what refills meanwhile): give a smaller burst where it matters.

-- One check: as many keys as policies, or one policy for all of them. Returns a row for each.
--   mode    charge   all of `cost`, or nothing                  (`allowed`)
--           up_to    as much of `cost` as there is               (`granted`)
--           peek     charges nothing, tells what charge would
--           refund   gives back what was charged and not used
create or replace function rate_check(
  p_keys text[], p_policies jsonb, p_cost integer default 1, p_mode text default 'charge',
  p_in_transaction boolean default false
) returns setof rate_answer
language sql
set search_path from current
as $$
  select * from rate_check_many(
    jsonb_build_array(jsonb_build_object('keys', p_keys, 'policies', p_policies, 'cost', p_cost,
                                         'mode', p_mode)), p_in_transaction)
$$;

-- Many checks in one call, each on its own: {"keys", "policies", "cost", "mode"}. `number` counts
-- them from 1. This is what a client sends that collects what its callers ask for at the same moment.
create or replace function rate_check_many(p_checks jsonb, p_in_transaction boolean default false)
returns setof rate_answer
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than the check does
set enable_seqscan = off                   -- and a plan that was made on an empty table has to stay good
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_wishes rate_wish[] := read_rate_checks(p_checks);
  v_limits rate_wish[] := case when cardinality(v_wishes) < 2 then v_wishes else limits_in(v_wishes) end;
  v_before bigint[];
  v record;
begin
  perform refuse_transaction(p_in_transaction);
  v_before := read_full_at(v_limits);
  v := judge_rates(v_wishes, v_before, nanoseconds(clock()));
  if v.changes then
    v_before := lock_rates(v_limits, v_before);
    v := judge_rates(v_wishes, v_before, nanoseconds(clock()));
    perform write_rates(v_limits, v_before, v.after);
  end if;
  return query select a.* from unnest(v.answers) a;
end
$$;

-- The question most programs have. select rate_allowed('login:203.0.113.9', 5, '1 minute')
create or replace function rate_allowed(
  p_key text, p_quota integer, p_per interval, p_burst integer default null,
  p_cost integer default 1
) returns boolean
language sql
set search_path from current
as $$
  select allowed from rate_check(array[p_key], jsonb_build_object(
    'quota', p_quota, 'per', extract(epoch from p_per), 'burst', p_burst), p_cost)
$$;

-- The checks as rows: one for each limit. `place` is the limit's place among the different ones in
-- the order in which they are locked.
create or replace function read_rate_checks(p_checks jsonb) returns rate_wish[]
language plpgsql immutable
set search_path from current
as $$
declare
  v_wishes rate_wish[];
  v_bad text;
begin
  if jsonb_typeof(p_checks) is distinct from 'array' or jsonb_array_length(p_checks) > 1000
     or jsonb_path_exists(p_checks, '$[*] ? (!(@.keys.type() == "array" && @.keys.size() > 0))') then
    raise exception 'checks is a JSON array of at most 1000 objects, each with an array of keys'
      using errcode = 'JQ005';
  end if;
  select min(l.bad), array_agg((l.number, l.key, l.name, l.durable, (l.policy ->> 'quota')::integer,
           ((l.policy ->> 'per')::double precision * 1e9)::bigint,
           coalesce((l.policy ->> 'burst')::integer, (l.policy ->> 'quota')::integer),
           coalesce((l.asked ->> 'cost')::integer, 1), coalesce(l.asked ->> 'mode', 'charge'),
           l.place)::rate_wish order by l.number, l.place) filter (where l.bad is null)
  into v_bad, v_wishes
  from (select i.*, dense_rank() over (order by i.durable, i.key, i.name) as place from (
          select o.*, rate_complaint(o.key, o.policy, o.asked, o.keys) as bad,
                 coalesce(o.policy ->> 'name', 'default') as name,
                 coalesce((o.policy ->> 'durable')::boolean, false) as durable
          from limits_of(p_checks) o) i) l;
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
  return coalesce(v_wishes, '{}');
end
$$;

-- Each limit of each check, with its policy: its own, or the one for all keys.
create or replace function limits_of(p_checks jsonb)
returns table (number bigint, key text, asked jsonb, policy jsonb, keys integer)
language plpgsql immutable
set search_path from current
as $$
begin
  return query
    select c.number, k.key, c.asked,
           case jsonb_typeof(c.asked -> 'policies') when 'array'
             then c.asked -> 'policies' -> (k.n - 1)::integer else c.asked -> 'policies' end,
           jsonb_array_length(c.asked -> 'keys')
    from jsonb_array_elements(p_checks) with ordinality c(asked, number),
         jsonb_array_elements_text(c.asked -> 'keys') with ordinality k(key, n);
end
$$;

-- What is wrong with one limit of a check, or null.
create or replace function rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer)
returns text
language plpgsql immutable parallel safe
set search_path from current
as $$
begin
  return case
    when coalesce(length(p_key), 0) not between 1 and 500 then 'a key is 1 to 500 characters'
    when p_check - '{keys,policies,cost,mode}'::text[] <> '{}' then
      'a check has keys, policies, cost and mode, not ' || left(p_check::text, 200)
    when jsonb_typeof(p_check -> 'policies') = 'array'
         and jsonb_array_length(p_check -> 'policies') <> p_keys then
      'give one policy for all keys, or one for each'
    when jsonb_typeof(p_policy) is distinct from 'object'
         or p_policy - '{name,quota,per,burst,durable}'::text[] <> '{}' then
      'a policy is an object with quota, per (seconds) and, if you like, name, burst and durable'
    when coalesce((p_policy ->> 'quota')::numeric, 0) not between 1 and 1000000000
         or (p_policy ->> 'burst')::numeric not between 1 and 1000000000 then
      'quota and burst are 1 to 1000000000'
    when not coalesce((p_policy ->> 'per')::double precision between 0.001 and 31622400, false) then
      'per is 0.001 to 31622400 seconds'
    when (p_policy ->> 'quota')::numeric > (p_policy ->> 'per')::numeric * 1000000 then
      'a quota is at most 1000000 per second'
    when coalesce((p_policy ->> 'burst')::numeric, (p_policy ->> 'quota')::numeric)
         * (p_policy ->> 'per')::numeric > 315360000 * (p_policy ->> 'quota')::numeric then
      'a burst is worth at most ten years of its quota'
    when coalesce((p_check ->> 'cost')::numeric, 1) not between 0 and 1000000000 then
      'cost is 0 to 1000000000'
    when coalesce(p_check ->> 'mode', 'charge') not in ('charge', 'up_to', 'peek', 'refund') then
      'mode is charge, up_to, peek or refund'
  end;
end
$$;

create or replace function nanoseconds(p_at timestamptz) returns bigint
language plpgsql immutable parallel safe
set search_path from current
as $$
begin
  return (extract(epoch from p_at) * 1000000000)::bigint;
end
$$;

-- Each limit once, in the order of their places; its policy is that of the first check that names it.
create or replace function limits_in(p_wishes rate_wish[]) returns rate_wish[]
language plpgsql immutable
set search_path from current
as $$
begin
  return array(
    select o.w from (
      select distinct on (u.place) u as w, u.place
      from unnest(p_wishes) u order by u.place, u.number) o
    order by o.place);
end
$$;

-- When each limit will be full; null for one that nobody has used.
create or replace function read_full_at(p_limits rate_wish[]) returns bigint[]
language plpgsql stable
set search_path from current
as $$
begin
  return array(   -- one by one, with a limit: as a join it may read the whole table
    select (select l.full_at from rate_limits l
            where l.durable = w.durable and l.key = w.key and l.policy = w.policy limit 1)
    from unnest(p_limits) w);
end
$$;

-- The same with the rows locked, whoever made them. Rows that are missing are made before the first
-- one is locked, and both happen in the order of their places: nobody waits in a circle.
create or replace function lock_rates(p_limits rate_wish[], p_full_at bigint[]) returns bigint[]
language plpgsql
set search_path from current
as $$
declare
  v_rows bigint[];
  v_missing boolean := array_position(p_full_at, null) is not null;
begin
  loop
    if v_missing then
      insert into rate_limits (durable, key, policy, full_at, quota, period, burst)
      select w.durable, w.key, w.policy, 0, w.quota, w.period, w.burst
      from unnest(p_limits) w
      left join lateral (
        select true as is_there from rate_limits l
        where l.durable = w.durable and l.key = w.key and l.policy = w.policy limit 1) r on true
      where r.is_there is null
      order by w.place
      on conflict do nothing;
    end if;
    v_rows := array(
      select r.full_at
      from unnest(p_limits) w
      cross join lateral (   -- in the order of their places, as everybody locks them
        select l.full_at from rate_limits l
        where l.durable = w.durable and l.key = w.key and l.policy = w.policy
        limit 1 for update) r);
    exit when cardinality(v_rows) = cardinality(p_limits);
    v_missing := true;   -- one was pruned just now
  end loop;
  return v_rows;
end
$$;

create or replace function write_rates(p_limits rate_wish[], p_before bigint[], p_after bigint[])
returns void
language plpgsql
set search_path from current
as $$
declare
  w rate_wish;
begin
  foreach w in array p_limits loop
    continue when p_after[w.place] = p_before[w.place];
    update rate_limits r
    set full_at = p_after[w.place], quota = w.quota, period = w.period, burst = w.burst
    where r.durable = w.durable and r.key = w.key and r.policy = w.policy;
  end loop;
end
$$;

-- A limit that is charged inside a business transaction is locked until that ends: everybody else
-- with the same key waits, and a rollback takes the charge back. It can be seen only of a transaction
-- that has written already, or is older than a tenth of a second.
create or replace function refuse_transaction(p_in_transaction boolean) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_in_transaction then
    return;
  end if;
  if pg_current_xact_id_if_assigned() is not null
     or statement_timestamp() - transaction_timestamp() > interval '100 milliseconds' then
    raise exception 'a limit is asked in a transaction of its own, not inside of an open one'
      using errcode = 'JQ005', hint = 'its row would stay locked until the commit, and everybody with '
        'the same key would wait. Ask before you begin; or say p_in_transaction => true to rate_check';
  elsif current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a limit needs the isolation level READ COMMITTED, not %',
      upper(current_setting('transaction_isolation')) using errcode = 'JQ005',
      hint = 'at a stricter level, whoever comes second gets an error instead of an answer';
  end if;
end
$$;

-- Makes the limits of a key as if never used, whatever was charged; for a person, who is on record.
-- Returns how many policies of it there were. A process may refuse it for five seconds more.
create or replace function reset_rate(p_key text, p_who text, p_why text default null) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_count integer;
begin
  delete from rate_limits where durable in (false, true) and key = p_key;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    raise exception 'no limit is in use for the key "%"', left(p_key, 200) using errcode = 'JQ001',
      hint = 'a key begins with the name of its limit, such as login:ann; rate_limit_list() shows them';
  end if;
  perform record_operation('reset', p_who, p_why, jsonb_build_object('limit', p_key), v_count);
  return v_count;
end
$$;

-- Forgets limits that are full again. Returns how many rows went.
create or replace function prune_rates(p_limit integer default 5000) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now bigint := nanoseconds(clock());
  v_fast tid[];
  v_durable tid[];
begin
  select array_agg(o.place) filter (where not o.durable), array_agg(o.place) filter (where o.durable)
  into v_fast, v_durable
  from (select r.ctid as place, r.durable from rate_limits r
        where r.full_at < v_now limit p_limit for update skip locked) o;
  -- by their places: joined with the table, many of them might each be compared with all
  delete from rate_limits where not durable and ctid = any (v_fast);
  delete from rate_limits where durable and ctid = any (v_durable);
  return coalesce(cardinality(v_fast), 0) + coalesce(cardinality(v_durable), 0);
end
$$;

-- The limits that are in use: how much is left of each, and when it is full again.
create or replace function rate_limit_list(p_limit integer default 50)
returns table (
  key text, policy text, remaining integer, quota integer, per double precision, burst integer,
  full_at timestamptz, durable boolean)
language plpgsql volatile
set search_path from current
as $$
declare
  v_now bigint := nanoseconds(clock());
begin
  return query
    select r.key, r.policy, rate_left(r.full_at, r.quota, r.period, r.burst, v_now), r.quota,
           (r.period / 1e9)::double precision, r.burst, to_timestamp(r.full_at / 1e9), r.durable
    from rate_limits r where r.full_at > v_now
    order by r.full_at desc limit list_limit(p_limit);
end
$$;
