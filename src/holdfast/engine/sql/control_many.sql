-- What a person does to all jobs that a filter names: let them go on, have them run now, cancel them.
--
-- A filter is a JSON object with any of queue, kind, tenant and ids; {} is all of them.

-- Lets all held jobs go on that a filter names: queue, kind, tenant, ids. Returns how many.
create or replace function unhold_many(p_filter jsonb, p_who text, p_why text default null)
returns integer
language plpgsql
set search_path from current
as $$
declare
  v record;
  v_ids uuid[];
  v_keys jsonb;
  v_id uuid;
  v_count integer := 0;
begin
  perform check_filter(p_filter, '{queue,kind,tenant,ids}');
  perform make_durable();
  select * into v from jsonb_to_record(p_filter) as f(queue text, kind text, tenant text, ids uuid[]);
  v_ids := array(
    select d.id from deferred_jobs d
    where d.waits_for = 'person' and (v.queue is null or d.queue = v.queue)
      and (v.kind is null or d.kind = v.kind) and (v.tenant is null or d.tenant = v.tenant)
      and (v.ids is null or d.id = any (v.ids))
    order by d.queue, d.ordering_key, d.position);
  v_keys := take_keys_of(v_ids);   -- before any job: who has a key may wait for one of them
  foreach v_id in array v_ids loop
    v_count := v_count + let_go(v_id)::integer;
  end loop;
  perform leave_keys(v_keys);
  perform record_operation('unhold', p_who, p_why, p_filter, v_count);
  return v_count;
end
$$;

-- Has all jobs run now that have failed, or were put off by an outage or of themselves, of those that a
-- filter names: queue, kind, tenant, ids. What is for later from the beginning waits on for its time.
-- Returns how many.
create or replace function run_now_many(p_filter jsonb, p_who text, p_why text default null)
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v record;
  v_ids uuid[];
  v_queues text[];
begin
  perform check_filter(p_filter, '{queue,kind,tenant,ids}');
  perform make_durable();
  select * into v from jsonb_to_record(p_filter) as f(queue text, kind text, tenant text, ids uuid[]);
  v_ids := array(
    select d.id from deferred_jobs d
    where d.waits_for = 'time' and d.run_at > v_now and (d.attempts, d.deferrals) <> (0, 0)
      and (v.queue is null or d.queue = v.queue)
      and (v.kind is null or d.kind = v.kind) and (v.tenant is null or d.tenant = v.tenant)
      and (v.ids is null or d.id = any (v.ids))
    for update skip locked);   -- who has one just now brings it in, or has another will with it
  with moved as (
    update deferred_jobs set run_at = v_now where id = any (v_ids) returning queue
  )
  select array_agg(distinct m.queue) into v_queues from moved m;
  perform wake(v_queues);
  perform record_operation('run', p_who, p_why, p_filter, cardinality(v_ids));
  return cardinality(v_ids);
end
$$;

-- Ends all jobs that wait, for a worker, their time, their key or a person: so many at a time, also those
-- behind the first of their key. What runs goes on; `cancel` ends one. Workers take what is left meanwhile:
-- pause the queue first if none of it may run. With p_dry_run it only counts them. Returns how many.
create or replace function cancel_many(
  p_filter jsonb, p_who text, p_why text default null, p_limit integer default 10000,
  p_dry_run boolean default false) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_note text := 'cancelled by ' || p_who || coalesce(': ' || p_why, '');
  v_ids uuid[] := select_waiting(p_filter, p_limit);
  v_gone job[];
begin
  if p_dry_run or v_ids = '{}' then
    return cardinality(v_ids);
  end if;
  perform make_durable();
  perform lock_keys_of(v_ids);   -- before any job, as everybody
  v_gone := take_all_waiting(v_ids);
  perform finish(g, 'cancelled', v_note, v_now) from unnest(v_gone) g;
  perform record_operation('cancel', p_who, p_why, p_filter, coalesce(cardinality(v_gone), 0));
  return coalesce(cardinality(v_gone), 0);
end
$$;

-- So many of the jobs that wait, of those that a filter names.
create or replace function select_waiting(p_filter jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
as $$
declare
  v record;
begin
  perform check_filter(p_filter, '{queue,kind,tenant,ids}');
  select * into v from jsonb_to_record(p_filter) as f(queue text, kind text, tenant text, ids uuid[]);
  return array(
    select w.id from (
      select r.id, r.queue, r.kind, r.tenant from ready_jobs r
      union all
      select d.id, d.queue, d.kind, d.tenant from deferred_jobs d) w
    where (v.queue is null or w.queue = v.queue) and (v.kind is null or w.kind = v.kind)
      and (v.tenant is null or w.tenant = v.tenant) and (v.ids is null or w.id = any (v.ids))
    limit greatest(coalesce(p_limit, 10000), 0));
end
$$;

-- The ordering keys of jobs that wait, locked in the order in which everybody locks many of them.
create or replace function lock_keys_of(p_ids uuid[]) returns void
language plpgsql
set search_path from current
as $$
begin
  perform lock_keys(k.queue, k.keys) from (
    select w.queue, array_agg(w.ordering_key) as keys from (
      select r.queue, r.ordering_key from ready_jobs r where r.id = any (p_ids)
      union
      select d.queue, d.ordering_key from deferred_jobs d where d.id = any (p_ids)) w
    where w.ordering_key is not null
    group by w.queue order by w.queue) k;
end
$$;

-- They are nowhere now, all of them before the first is followed by who waits behind it. What somebody has
-- just now is left to him.
create or replace function take_all_waiting(p_ids uuid[]) returns job[]
language plpgsql
set search_path from current
set enable_seqscan = off   -- with statistics from a quiet hour it would read the whole queue
set jit = off
as $$
declare
  v_ready job[];
  v_deferred job[];
  v_held deferred_jobs[];
begin
  with gone as (
    delete from ready_jobs r where r.id = any (array(
      select i.id from ready_jobs i where i.id = any (p_ids) order by i.id for update skip locked))
    returning job_of(r) as job
  )
  select array_agg(g.job) into v_ready from gone g;
  with gone as (
    delete from deferred_jobs d where d.id = any (array(
      select i.id from deferred_jobs i where i.id = any (p_ids) order by i.id for update skip locked))
    returning job_of(d) as job, d as place
  )
  select array_agg(g.job), array_agg(g.place) filter (where (g.place).held_at is not null)
  into v_deferred, v_held from gone g;
  perform record_held(h) from unnest(v_held) h;
  return v_ready || v_deferred;
end
$$;
