-- Claim: take a batch of jobs, for a limited time.
--
-- The order is priority, then arrival. Concurrent claims skip each other's rows and never wait. Each
-- batch gets a fresh claim_token; only who shows it may settle, extend or release the jobs. The
-- attempt is counted here, before the work: a job that kills its worker still uses its attempts up.
--
-- Every claim first brings in what became due and what a dead worker left behind in this queue, so a
-- user who has nothing but psql and cron needs no other call.

create or replace function claim(
  p_queue text,
  p_limit integer default null,      -- at most so many; the queue's batch size if null
  p_worker text default null,        -- who; for people to read
  p_lease interval default null      -- for how long, a day at most; the queue's lease if null
) returns table (
  id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text,
  enqueued_at timestamptz, expires_at timestamptz, deferrals integer, claim_token uuid,
  lease_until timestamptz)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
-- The rows come in the order of the index, a batch at a time. With statistics from a quieter hour the
-- planner would rather read and sort the whole queue, for every claim.
set enable_sort = off
set enable_bitmapscan = off
set enable_seqscan = off
set jit = off
as $$
declare
  v_policy queues := queue_policy(p_queue);
  v_now timestamptz := clock();
  v_limit integer := least(greatest(coalesce(p_limit, v_policy.batch), 0), 10000);
  v_until timestamptz := v_now + least(coalesce(p_lease, v_policy.lease), interval '1 day');
  v_worker text := coalesce(p_worker, 'pid ' || pg_backend_pid());
  v_token uuid := gen_random_uuid();
  v_limited boolean := is_limited(v_policy);
  v_mark ready_marks;
  v_picked record;
begin
  if p_lease <= '0' then
    raise exception 'a lease is longer than nothing, not %', p_lease using errcode = 'JQ005';
  end if;
  if is_paused(v_policy, v_now) then
    return;
  end if;
  select * into v_mark from ready_marks m where m.queue = p_queue order by m.number desc limit 1;
  perform bring_in(p_queue, v_limit, v_mark, v_now);
  if v_limited then
    perform make_durable();
    v_limit := admit(v_policy, v_limit, v_token, v_now);
  end if;
  v_picked := pick(v_policy, v_limit, v_mark, v_now);
  if v_limited then
    perform give_back(v_policy, v_limit, cardinality(v_picked.places), v_token);
  end if;
  if v_picked.places = '{}' then
    return;   -- nothing was written, and there is nothing to wait for at the commit
  end if;
  perform make_durable();
  return query
    with taken as (
      delete from ready_jobs r using unnest(v_picked.places) with ordinality p(place, n)
      where r.ctid = p.place returning r.*, p.n
    )
    insert into leased_jobs as l (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, claim_token, worker, claimed_at, lease_until)
    select t.id, t.queue, t.kind, t.payload, t.priority, t.tenant, t.ordering_key, t.attempts + 1,
           t.crashes, t.deferrals, t.enqueued_at, t.run_at, t.expires_at, t.replay_of,
           v_token, v_worker, v_now, v_until
    from taken t order by t.n
    returning l.id, l.kind, l.payload, l.attempts, l.tenant, l.ordering_key, l.enqueued_at,
              l.expires_at, l.deferrals, l.claim_token, l.lease_until;
  if v_picked.seen >= coalesce(v_mark.bound, 0) + 1000 then
    perform move_mark(v_mark, p_queue, v_picked.seen, v_now);
  end if;
end
$$;

-- One job by its id, ready or waiting for its time: for who has just enqueued it and works on it at
-- once. No row if somebody else has it, it waits for something else, it expired, or its queue is
-- paused. The queue's limits are not asked: the caller is one request, no worker with many hands.
create or replace function claim_job(
  p_id uuid, p_worker text default null, p_lease interval default null
) returns table (
  id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text,
  enqueued_at timestamptz, expires_at timestamptz, deferrals integer, claim_token uuid,
  lease_until timestamptz)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_job job;
  v_policy queues;
begin
  perform make_durable();
  select (job_of(r)).* into v_job from ready_jobs r where r.id = p_id for update skip locked;
  if v_job.id is null then
    select (job_of(d)).* into v_job from deferred_jobs d
    where d.id = p_id and d.waits_for = 'time' for update skip locked;
  end if;
  if v_job.id is null or v_job.expires_at <= v_now then
    return;
  end if;
  v_policy := queue_policy(v_job.queue);
  if is_paused(v_policy, v_now) then
    return;
  end if;
  delete from ready_jobs r where r.id = p_id;
  delete from deferred_jobs d where d.id = p_id;
  return query
    insert into leased_jobs as l (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, claim_token, worker, claimed_at, lease_until)
    values (v_job.id, v_job.queue, v_job.kind, v_job.payload, v_job.priority, v_job.tenant,
            v_job.ordering_key, v_job.attempts + 1, v_job.crashes, v_job.deferrals,
            v_job.enqueued_at, v_job.run_at, v_job.expires_at, v_job.replay_of, gen_random_uuid(),
            coalesce(p_worker, 'pid ' || pg_backend_pid()), v_now,
            v_now + least(coalesce(p_lease, v_policy.lease), interval '1 day'))
    returning l.id, l.kind, l.payload, l.attempts, l.tenant, l.ordering_key, l.enqueued_at,
              l.expires_at, l.deferrals, l.claim_token, l.lease_until;
end
$$;

-- Before anything is taken: what became due, what a dead worker left, and what expired. Usually there
-- is nothing of it, and three looks at an index are all. What is further back than the mark is for
-- maintain(), which looks everywhere once a minute.
create or replace function bring_in(
  p_queue text, p_limit integer, p_mark ready_marks, p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
declare
  v_due timestamptz := coalesce(p_mark.due_from, '-infinity');
  v_leased timestamptz := coalesce(p_mark.leased_from, '-infinity');
  v_expired timestamptz := coalesce(p_mark.expired_from, '-infinity');
begin
  if exists (select from deferred_jobs d
             where d.queue = p_queue and d.waits_for = 'time' and d.run_at > v_due
               and d.run_at <= p_now)
     or exists (select from leased_jobs l
                where l.queue = p_queue collate "C" and l.lease_until > v_leased
                  and l.lease_until <= p_now)
     or exists (select from ready_jobs r
                where r.queue = p_queue and r.expires_at > v_expired and r.expires_at <= p_now)
  then
    perform make_durable();
    perform rescue(p_queue, 100, v_leased);   -- first: the others wait for nobody
    perform promote_due(p_queue, p_limit, p_now, v_due);
    perform expire(p_queue, 100, p_now, v_expired);
  end if;
end
$$;

-- Which rows to take, in the order in which they are to run, and the latest of them by arrival. They
-- are locked; rows that others have locked are passed over.
create or replace function pick(
  p_policy queues, p_limit integer, p_mark ready_marks, p_now timestamptz,
  out places tid[], out seen bigint)
language plpgsql
set search_path from current
as $$
declare
  v_tenants text[];
begin
  if p_limit > 0 and exists (
    select from ready_jobs r where r.queue = p_policy.name and r.tenant is not null
      and r.seq > coalesce(p_mark.tenant_mark, 0))
  then
    select * into places, seen from pick_in_turn(p_policy, p_limit, p_mark, p_now);
    return;
  end if;
  select array_agg(j.place), max(j.seq) into places, seen
  from (
    select r.place, r.seq
    from generate_series(0, 9) p(priority) cross join lateral (
      select i.ctid as place, i.seq from ready_jobs i
      where i.queue = p_policy.name and i.tenant is null and i.priority = p.priority::smallint
        and i.seq > coalesce(p_mark.marks[p.priority + 1], 0)
        and (i.expires_at is null or i.expires_at > p_now)
      order by i.seq limit p_limit for update skip locked) r
    limit p_limit) j;
  places := coalesce(places, '{}');
end
$$;

-- Moves jobs whose time has come, after p_from, from deferred_jobs to ready_jobs. Returns how many.
-- One that was for later from the beginning is as old as its time: else max_age would leave no retry to
-- what was scheduled for next month.
create or replace function promote_due(
  p_queue text, p_limit integer, p_now timestamptz, p_from timestamptz default '-infinity')
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_moved integer;
begin
  with due as (
    delete from deferred_jobs d where d.id = any (array(
      select i.id from deferred_jobs i
      where i.queue = p_queue and i.waits_for = 'time' and i.run_at > p_from and i.run_at <= p_now
      order by i.run_at limit p_limit for update skip locked))
    returning d.*
  )
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes,
                          deferrals, enqueued_at, run_at, expires_at, replay_of)
  select d.id, d.queue, d.kind, d.payload, d.priority, d.tenant, d.ordering_key, d.attempts,
         d.crashes, d.deferrals,
         case when (d.attempts, d.crashes, d.deferrals) = (0, 0, 0)
           then greatest(d.enqueued_at, d.run_at) else d.enqueued_at end,
         d.run_at, d.expires_at, d.replay_of
  from due d order by d.run_at;
  get diagnostics v_moved = row_count;
  return v_moved;
end
$$;

-- Ends jobs that nobody claimed before they expired, after p_from; also those that come up behind them
-- in their ordering key. Returns how many. One whose key somebody has just now is ended later: a claim
-- must not wait for the transaction of whoever enqueues.
create or replace function expire(
  p_queue text, p_limit integer, p_now timestamptz, p_from timestamptz default '-infinity')
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_job ready_jobs;
  v_over uuid[];
  v_keys text[];
  v_before integer;
  v_ended integer := 0;
begin
  while v_ended < p_limit and v_ended is distinct from v_before loop
    v_before := v_ended;
    v_over := array(
      select i.id from ready_jobs i
      where i.queue = p_queue and i.expires_at > p_from and i.expires_at <= p_now
      order by i.expires_at limit p_limit - v_before);
    v_keys := array(
      select o.key from ordering_keys o
      where o.queue = p_queue and o.key = any (array(
        select r.ordering_key from ready_jobs r where r.id = any (v_over)))
      for update skip locked);
    for v_job in
      delete from ready_jobs r where r.id = any (array(
        select i.id from ready_jobs i
        where i.id = any (v_over) and (i.ordering_key is null or i.ordering_key = any (v_keys))
        for update skip locked))
      returning r.*
    loop
      perform finish(job_of(v_job), 'expired', 'not run before it expired', p_now);
      v_ended := v_ended + 1;
    end loop;
  end loop;
  return v_ended;
end
$$;

-- In how many seconds the queue has something that time alone brings: a due date, a lease that runs
-- out within the next second, since whoever asks asks again by then, or what a limit or a breaker of
-- the queue makes it wait for. Null if nothing is planned. It looks where a claim looks.
create or replace function next_due(p_queue text) returns double precision
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- with statistics from a quiet hour it would read all leases for the first
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_mark ready_marks;
begin
  select * into v_mark from ready_marks m where m.queue = p_queue order by m.number desc limit 1;
  return least(
    extract(epoch from least(
      (select d.run_at from deferred_jobs d
       where d.queue = p_queue and d.waits_for = 'time'
         and d.run_at > coalesce(v_mark.due_from, '-infinity') order by d.run_at limit 1),
      (select l.lease_until from leased_jobs l
       where l.queue = p_queue collate "C"
         and l.lease_until > coalesce(v_mark.leased_from, '-infinity')
         and l.lease_until <= v_now + interval '1 second' order by l.lease_until limit 1)) - v_now),
    (select admitted_in(q) from queues q where q.name = p_queue and is_limited(q)));
end
$$;
