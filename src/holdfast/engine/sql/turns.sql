-- Turns: each tenant that waits gets its share of every claim, however much another one has queued.
--
-- A claim of n jobs goes round: first an equal share of each tenant's oldest jobs, the most urgent
-- first; then, if some had less than their share, whatever is left among those who have more. Jobs of
-- no tenant share as one tenant. Where more tenants wait than a claim can serve, the next claim goes
-- on with those behind the last one. A tenant that may not run more is not asked.

create or replace function pick_in_turn(
  p_policy queues, p_limit integer, p_mark ready_marks, p_now timestamptz,
  out places tid[], out seen bigint)
language plpgsql
set search_path from current
as $$
declare
  v_full text[] := case when p_policy.max_running_per_tenant is null then '{}'
    else full_tenants(p_policy, p_now) end;
  v_tenants text[];
  v_room integer[];
  v_are_more boolean;
  v_round record;
begin
  places := '{}';
  for v_try in 1 .. 10 loop
    v_tenants := tenants_in_turn(p_policy.name, p_limit, p_mark, v_full);
    v_room := room_of_tenants(p_policy, v_tenants, p_limit, p_now);
    v_are_more := cardinality(v_tenants) = p_limit;
    while v_tenants <> '{}' and cardinality(places) < p_limit loop
      v_round := pick_round(p_policy.name, v_tenants, v_room, p_limit - cardinality(places), places,
                            p_mark, p_now);
      places := places || v_round.places;
      seen := greatest(seen, v_round.seen);
      v_tenants := v_round.tenants;
      v_room := v_round.room;
    end loop;
    -- what those had is expired, or being claimed: the turn is that of the next ones
    exit when places <> '{}' or not v_are_more;
  end loop;
end
$$;

-- One round: of each tenant at most its share and its room, the first of each before the second of
-- any. By priority, once they are chosen. Those that may have more are named, with the room they have.
create or replace function pick_round(
  p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[],
  p_mark ready_marks, p_now timestamptz,
  out places tid[], out seen bigint, out tenants text[], out room integer[])
language plpgsql
set search_path from current
as $$
declare
  v_share integer := ceil(p_limit::numeric / cardinality(p_tenants));
begin
  select coalesce(array_agg(j.place order by j.priority, j.rank, j.seq), '{}'), max(j.seq),
         coalesce(array_agg(j.tenant order by j.n) filter (where j.more > 0 and j.rank = v_share), '{}'),
         coalesce(array_agg(j.more order by j.n) filter (where j.more > 0 and j.rank = v_share), '{}')
  into places, seen, tenants, room
  from (
    select t.n, t.tenant, t.room - v_share as more, r.*
    from unnest(p_tenants, p_room) with ordinality t(tenant, room, n)
    cross join lateral pick_of_tenant(
      p_queue, t.tenant, least(t.room, v_share), p_except, p_mark, p_now) r
    order by r.rank, t.n limit p_limit) j;
end
$$;

-- The first jobs of one tenant, or of those without one, locked.
create or replace function pick_of_tenant(
  p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark ready_marks,
  p_now timestamptz
) returns table (place tid, priority smallint, seq bigint, rank bigint)
language plpgsql
set search_path from current
as $$
begin
  if p_tenant is null then
    return query
      select r.place, p.priority::smallint, r.seq, row_number() over ()
      from generate_series(0, 9) p(priority) cross join lateral (
        select i.ctid as place, i.seq from ready_jobs i
        where i.queue = p_queue and i.tenant is null and i.priority = p.priority::smallint
          and i.seq > coalesce(p_mark.marks[p.priority + 1], 0)
          and (i.expires_at is null or i.expires_at > p_now) and not i.ctid = any (p_except)
        order by i.seq limit p_limit for update skip locked) r
      limit p_limit;
  else
    return query
      select r.place, r.priority, r.seq, row_number() over ()
      from (
        select i.ctid as place, i.priority, i.seq from ready_jobs i
        where i.queue = p_queue and i.tenant = p_tenant and i.seq > coalesce(p_mark.tenant_mark, 0)
          and (i.expires_at is null or i.expires_at > p_now) and not i.ctid = any (p_except)
        order by i.priority, i.seq limit p_limit for update skip locked) r;
  end if;
end
$$;

-- The tenants that have ready jobs, from the one whose turn it is, as many as one claim can serve.
-- Null stands for the jobs without a tenant: they come after the last name and before the first.
create or replace function tenants_in_turn(
  p_queue text, p_limit integer, p_mark ready_marks, p_full text[]) returns text[]
language plpgsql
set search_path from current
as $$
declare
  v_low bigint := coalesce(p_mark.tenant_mark, 0);
  v_last text := coalesce((select t.tenant from tenant_turns t where t.queue = p_queue), '');
  v_found text[] := waiting_tenants(p_queue, v_last, p_limit + 1, v_low, p_full);
begin
  if cardinality(v_found) <= p_limit and has_plain_jobs(p_queue, p_mark) then
    v_found := v_found || null::text;
  end if;
  if cardinality(v_found) <= p_limit and v_last <> '' then
    v_found := v_found || array(
      select t from unnest(waiting_tenants(p_queue, '', p_limit + 1, v_low, p_full)) t
      where t <= v_last limit p_limit + 1 - cardinality(v_found));
  end if;
  if cardinality(v_found) > p_limit then
    v_found := v_found[:p_limit];
    perform move_turn(p_queue, coalesce(v_found[p_limit], ''));
  end if;
  return v_found;
end
$$;

-- The next claim begins behind this tenant. Somebody else who moves it just now is as right as we are.
create or replace function move_turn(p_queue text, p_tenant text) returns void
language plpgsql
set search_path from current
as $$
begin
  perform from tenant_turns where queue = p_queue for update skip locked;
  if found then
    update tenant_turns set tenant = p_tenant where queue = p_queue;
  elsif not exists (select from tenant_turns where queue = p_queue) then
    insert into tenant_turns (queue, tenant) values (p_queue, p_tenant) on conflict do nothing;
  end if;
end
$$;

create or replace function has_plain_jobs(p_queue text, p_mark ready_marks) returns boolean
language plpgsql stable
set search_path from current
as $$
begin
  return exists (
    select from generate_series(0, 9) p(priority) cross join lateral (
      select from ready_jobs r
      where r.queue = p_queue and r.tenant is null and r.priority = p.priority::smallint
        and r.seq > coalesce(p_mark.marks[p.priority + 1], 0)
      limit 1) j);
end
$$;

-- The tenants after one that have ready jobs, in their order, without those that are full: a jump for
-- each, not a walk over jobs.
create or replace function waiting_tenants(
  p_queue text, p_after text, p_limit integer, p_low bigint default 0, p_full text[] default '{}')
returns text[]
language plpgsql stable
set search_path from current
as $$
begin
  return (
    with recursive found as (
      (select r.tenant, (r.tenant <> all (p_full))::integer as n from ready_jobs r
       where r.queue = p_queue and r.tenant > p_after and r.seq > p_low
       order by r.tenant limit 1)
      union all
      select following.tenant, f.n + (following.tenant <> all (p_full))::integer
      from found f cross join lateral (
        select r.tenant from ready_jobs r
        where r.queue = p_queue and r.tenant > f.tenant and r.seq > p_low
        order by r.tenant limit 1) following
      where f.n < p_limit
    )
    select coalesce(array_agg(tenant order by n), '{}') from found where tenant <> all (p_full));
end
$$;

-- The tenants of which no more jobs may run now, where the queue says how many may.
create or replace function full_tenants(p_policy queues, p_now timestamptz) returns text[]
language sql stable
set search_path from current
as $$
  select array(
    select l.tenant from leased_jobs l
    where l.queue = p_policy.name collate "C" and l.lease_until > p_now and l.tenant is not null
    group by l.tenant having count(*) >= p_policy.max_running_per_tenant)
$$;

-- How many more jobs of each tenant may run, at most p_limit.
create or replace function room_of_tenants(
  p_policy queues, p_tenants text[], p_limit integer, p_now timestamptz) returns integer[]
language plpgsql stable
set search_path from current
as $$
begin
  return case when p_policy.max_running_per_tenant is null
    then array_fill(p_limit, array[cardinality(p_tenants)])
    else array(
      select case when t.tenant is null then p_limit
        else greatest(0, p_policy.max_running_per_tenant - coalesce(r.running, 0))::integer end
      from unnest(p_tenants) with ordinality t(tenant, n)
      left join (
        select l.tenant, count(*) as running from leased_jobs l
        where l.queue = p_policy.name collate "C" and l.lease_until > p_now
        group by l.tenant) r using (tenant)
      order by t.n) end;
end
$$;
