-- Maintenance: what any worker may do at any time, together with any other. No leader.

-- Takes back jobs whose lease ran out: their worker died, froze or lost its way to us. The attempt is
-- recorded as lost and stays counted. A job whose workers die again and again is poison. It waits for
-- nobody: a job that ends with this, and whose ordering key somebody has just now, is for the next call.
-- It looks at leases that end after p_from; null: after the mark of each queue.
create or replace function rescue(
  p_queue text default null, p_limit integer default 1000, p_from timestamptz default '-infinity')
returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- with statistics from a quiet hour it would read all leases for the lost ones
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_lost uuid[];
  v_busy uuid[];
  v_lease leased_jobs;
  v_count integer := 0;
begin
  v_lost := array(
    select i.id from queues q cross join lateral (   -- by their index, queue by queue
      select l.id from leased_jobs l
      where l.queue = q.name collate "C" and l.lease_until <= v_now
        and l.lease_until > coalesce(p_from, (mark_of(q.name)).leased_from, '-infinity')
      order by l.lease_until limit p_limit for update skip locked) i
    where p_queue is null or q.name = p_queue limit p_limit);
  v_busy := leases_of_busy_keys(v_lost);
  for v_lease in
    with lost as (
      delete from leased_jobs l where l.id = any (v_lost) and l.id <> all (v_busy) returning l.*
    )
    select o.* from lost o order by o.queue, o.ordering_key   -- as everybody takes many keys
  loop
    perform rescue_one(v_lease, v_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Which of some lost jobs are at their end and cannot have their ordering key now. The keys of the
-- others are locked.
create or replace function leases_of_busy_keys(p_ids uuid[]) returns uuid[]
language sql volatile
set search_path from current
set enable_seqscan = off   -- with statistics from a quiet hour it would read all leases for a few,
set enable_hashjoin = off   -- or all keys
set enable_mergejoin = off
set jit = off
as $$
  with ending as materialized (
    select l.id, l.queue, l.ordering_key as key
    from leased_jobs l join queues q on q.name = l.queue
    where l.id = any (p_ids) and l.ordering_key is not null
      and (l.crashes + 1 >= q.max_crashes or l.attempts >= q.max_attempts)
  ), locked as materialized (
    select o.queue, o.key from ordering_keys o
    where (o.queue, o.key) in (select e.queue, e.key from ending e)
    order by o.queue, o.key for update skip locked
  )
  select coalesce(array_agg(e.id), '{}') from ending e
  where not exists (select from locked k where (k.queue, k.key) = (e.queue, e.key))
    and exists (select from ordering_keys o where (o.queue, o.key) = (e.queue, e.key))
$$;

create or replace function rescue_one(p_lease leased_jobs, p_now timestamptz) returns text
language plpgsql
set search_path from current
as $$
declare
  v_job job := job_of(p_lease);
  v_policy queues := queue_policy(p_lease.queue);
  v_because text := format('lease of %s ran out: the worker died, froze or was cut off', p_lease.worker);
begin
  v_job.crashes := v_job.crashes + 1;
  if v_job.crashes >= v_policy.max_crashes then
    return bury(v_job, p_lease, 'poison', v_because || format(' (%s times)', v_job.crashes), 'lost',
                p_now);
  elsif v_job.attempts >= v_policy.max_attempts then
    return bury(v_job, p_lease, 'exhausted', v_because, 'lost', p_now);
  end if;
  v_job.run_at := p_now;
  perform record_attempt(p_lease, 'lost', v_because, p_now, p_now);
  perform put_ready(v_job);
  perform wake(array[v_job.queue]);
  return 'ready';
end
$$;

-- All of it, for every queue: call it every few seconds, from anywhere. What time alone brings is looked
-- for from the mark of each queue, and once a minute from the very beginning.
create or replace function maintain()
returns table (promoted integer, rescued integer, expired integer, pruned integer, ticked integer,
               replayed integer)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_from timestamptz := case when is_due('look from the beginning', interval '1 minute') then '-infinity' end;
begin
  select * into rescued, ticked, replayed from maintain_keyed(v_from);   -- before anything is held
  promoted := (
    select coalesce(sum(promote_due(
      name, 10000, v_now, coalesce(v_from, (mark_of(name)).due_from, '-infinity'))), 0)
    from queues);
  expired := (
    select coalesce(sum(expire(
      name, 10000, v_now, coalesce(v_from, (mark_of(name)).expired_from, '-infinity'))), 0)
    from queues);
  pruned := prune();
  perform maintain_partitions_if_due(v_now);
  if promoted > 0 then
    perform wake(array(select name from queues));
  end if;
  return next;
end
$$;

-- True for one caller in that time.
create or replace function is_due(p_task text, p_every interval) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into upkeep (task, ran_at) values (p_task, '-infinity') on conflict do nothing;
  perform from upkeep u
  where u.task = p_task and (u.ran_at <= v_now - p_every or u.ran_at > v_now)
  for update skip locked;
  if found then
    update upkeep set ran_at = v_now where task = p_task;
  end if;
  return found;
end
$$;

-- The parts that take ordering keys. Whoever takes many takes them in one order, and so does the first of
-- these. The others begin again from the front while its keys are held, and to wait then could be to wait
-- in a circle: what somebody has just now is for the next call.
create or replace function maintain_keyed(
  p_from timestamptz, out rescued integer, out ticked integer, out replayed integer)
language plpgsql
set search_path from current
set lock_timeout = '100ms'
as $$
begin
  ticked := (select count(*) from tick_schedules(1000));
  begin
    rescued := rescue(p_from => p_from);
  exception when lock_not_available then rescued := 0;   -- somebody holds the next of a key just now
  end;
  replayed := step_replays();
end
$$;

-- Forgets what is older than its queue's policy, in bounded bites. Returns how many rows went.
create or replace function prune(p_limit integer default 5000) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_total integer;
begin
  v_total := prune_keys(v_now, p_limit) + prune_letters(v_now, p_limit) + prune_marks(v_now)
    + prune_ticks(v_now, p_limit) + prune_replays(v_now) + prune_alerts(v_now);
  if is_due('forget limits', interval '10 seconds') then   -- all are read, and every worker comes here
    v_total := v_total + prune_rates(20 * p_limit)   -- there may be a key for each stranger
      + prune_breakers(v_now);
    delete from slots where until < v_now;
  end if;
  delete from idle_workers where until < statement_timestamp() - interval '1 minute';
  delete from workers where seen_at < v_now - interval '1 hour';
  return v_total;
end
$$;

-- Dedupe keys that their queues need not remember any more. Each queue is asked for its oldest: where
-- nothing is due that is a look at an index, however much is remembered. That of a job which has not
-- ended is remembered anew from now on.
create or replace function prune_keys(p_now timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- nor with a plan that was made while there was little
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  v_gone integer;
begin
  with old as materialized (
    select o.place, exists (select from ready_jobs r where r.id = o.job_id)
           or exists (select from leased_jobs l where l.id = o.job_id)
           or exists (select from deferred_jobs w where w.id = o.job_id) as alive
    from (
      select k.place, k.job_id from queues q cross join lateral (
        select d.ctid as place, d.job_id from dedupe_keys d
        where d.queue = q.name and d.created_at < p_now - q.dedupe_retention
        order by d.created_at limit p_limit for update skip locked) k
      limit p_limit) o
  ), kept as (
    update dedupe_keys set created_at = p_now
    where ctid = any (array(select o.place from old o where o.alive))
  )
  delete from dedupe_keys where ctid = any (array(select o.place from old o where not o.alive));
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- The same for dead letters; one that an open replay is still to bring back is kept for it.
create or replace function prune_letters(p_now timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_sort = off
set jit = off
as $$
declare
  v_gone integer;
begin
  delete from dead_letters where id = any (array(
    select old.id from queues q cross join lateral (
      select d.id from dead_letters d
      where (d.queue, d.died_at) >= (q.name, '-infinity'::timestamptz)   -- by the index of both: with the
        and (d.queue, d.died_at) < (q.name, p_now - q.dead_retention)   -- other one it reads all queues
        and not exists (select from replay_items i where i.job_id = d.id and i.outcome is null)
      order by d.queue, d.died_at limit p_limit for update skip locked) old
    limit p_limit));
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Makes the partitions of today and the coming days, and drops those whose last row is older than any
-- queue keeps. Rows that arrive where no partition is go to the default one: nothing is ever refused.
--
-- A new partition needs the table for a moment alone, and while it waits for a reader everybody else
-- waits behind it. So it gives up after a tenth of a second and comes again: there are days of time.
create or replace function maintain_partitions(p_days integer default 3)
returns table (made integer, dropped integer)
language plpgsql
security definer   -- DDL: a worker's role does not own the tables
set search_path from current
set lock_timeout = '100ms'
as $$
declare
  v_table text;
  v_today date := (clock() at time zone 'UTC')::date;
  v_keep interval := (select max(greatest(retention, max_age)) from queues);
begin
  made := 0;
  dropped := 0;
  if pg_try_advisory_xact_lock(hashtext('holdfast.partitions ' || current_schema())) then
    foreach v_table in array '{finished_jobs,attempts}'::text[] loop
      begin
        for i in 0 .. p_days loop
          made := made + make_partition(v_table, v_today + i);
        end loop;
        dropped := dropped + drop_partitions(v_table, v_today - v_keep);
      exception when lock_not_available then null;
      end;
    end loop;
    delete from finished_jobs_default where finished_at < clock() - v_keep;
    delete from attempts_default where settled_at < clock() - v_keep;
  end if;
  return next;
end
$$;

-- Drops the partitions of days that ended before the given time. Returns how many.
create or replace function drop_partitions(p_table text, p_before timestamp) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_old record;
  v_dropped integer := 0;
begin
  for v_old in
    select c.relname, to_date(right(c.relname, 10), 'YYYY_MM_DD') as day
    from pg_inherits h join pg_class c on c.oid = h.inhrelid
    where h.inhparent = p_table::regclass and c.relname ~ '_\d{4}_\d\d_\d\d$'
  loop
    if v_old.day + 1 < p_before then
      execute format('drop table %I', v_old.relname);
      v_dropped := v_dropped + 1;
    end if;
  end loop;
  return v_dropped;
end
$$;

-- The same, if the partition of the day after tomorrow is missing: once a day, whoever comes first.
create or replace function maintain_partitions_if_due(p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
begin
  if to_regclass(format('%I', 'attempts' || to_char((p_now + interval '2 days') at time zone 'UTC',
                                                   '_YYYY_MM_DD'))) is null then
    perform maintain_partitions();
  end if;
end
$$;

-- One day's partition, if it is missing. Left to the default partition if that has rows of the day.
create or replace function make_partition(p_table text, p_day date) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_name text := p_table || to_char(p_day, '_YYYY_MM_DD');
begin
  if to_regclass(format('%I', v_name)) is not null then
    return 0;
  end if;
  execute format('create table %I partition of %I for values from (%L) to (%L)', v_name, p_table,
                 p_day::timestamp at time zone 'UTC', (p_day + 1)::timestamp at time zone 'UTC');
  execute format('alter table %I replica identity full', v_name);   -- not inherited
  return 1;
exception
  when check_violation then return 0;
  when duplicate_table then return 0;
end
$$;
