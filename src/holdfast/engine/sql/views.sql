-- What people and programs look at. Counts stop at 10 000 and say so: a dashboard must not count a
-- million rows in the middle of an incident.

-- Every job there is, in whatever table, under one id.
create or replace view jobs as
  select id, queue, kind, 'ready'::text as state, priority, tenant, ordering_key, attempts, crashes,
         deferrals, enqueued_at, run_at, expires_at, replay_of, null::text as waits_for,
         null::text as because, null::text as worker, null::timestamptz as lease_until,
         null::timestamptz as ended_at, payload
  from ready_jobs
  union all
  select id, queue, kind, 'leased', priority, tenant, ordering_key, attempts, crashes, deferrals,
         enqueued_at, run_at, expires_at, replay_of, null, null, worker, lease_until, null, payload
  from leased_jobs
  union all
  select id, queue, kind, case waits_for when 'person' then 'held' else 'ready' end, priority, tenant,
         ordering_key, attempts, crashes, deferrals, enqueued_at, run_at, expires_at, replay_of,
         waits_for, because, null, null, null, payload
  from deferred_jobs
  union all
  select id, queue, kind, 'dead', priority, tenant, ordering_key, attempts, crashes, deferrals,
         enqueued_at, run_at, expires_at, replay_of, null, error, null, null, died_at, payload
  from dead_letters
  union all
  select id, queue, kind, state, priority, tenant, ordering_key, attempts, crashes, deferrals,
         enqueued_at, run_at, expires_at, replay_of, null, note, worker, null, finished_at, payload
  from finished_jobs;

-- The queues at a glance. 10001 means "more than ten thousand".
create or replace view queue_overview as
  select q.name as queue,
         q.paused_at is not null
           and (q.paused_until is null or q.paused_until > clock_timestamp()) as paused,
         q.paused_by, q.paused_why, q.paused_until,
         -- ordered, so that the planner counts along an index and not through the table
         (select count(*) from (
            (select from ready_jobs where queue = q.name and tenant is null
             order by priority, seq limit 10001)
            union all
            (select from ready_jobs where queue = q.name and tenant is not null
             order by tenant, priority, seq limit 10001) limit 10001) c) as ready,
         (select count(*) from (select from leased_jobs where queue = q.name limit 10001) c) as leased,
         (select count(*) from (select from deferred_jobs
            where queue = q.name and waits_for = 'time' limit 10001) c) as scheduled,
         (select count(*) from (select from deferred_jobs
            where queue = q.name and waits_for = 'key' limit 10001) c) as blocked,
         (select count(*) from (select from deferred_jobs
            where queue = q.name and waits_for = 'person' limit 10001) c) as held,
         (select count(*) from (select from dead_letters where queue = q.name
            order by fingerprint, died_at limit 10001) c) as dead,
         -- the next of those without a tenant, and of the first tenants that wait
         least((select enqueued_at from ready_jobs where queue = q.name and tenant is null
                order by priority, seq limit 1),
               (select min(enqueued_at) from (
                  select enqueued_at from ready_jobs where queue = q.name and tenant is not null
                  order by tenant, priority, seq limit 1000) t)) as oldest_ready,
         (select min(run_at) from deferred_jobs
            where queue = q.name and waits_for = 'time') as next_due,
         (select count(*) from workers w
            where q.name = any (w.queues) and w.seen_at > clock_timestamp() - interval '60 s') as workers
  from queues q;

-- Dead letters by what killed them.
create or replace view dead_letter_groups as
  select queue, kind, fingerprint, reason, count(*) as letters, min(died_at) as first_died,
         max(died_at) as last_died, (array_agg(error order by died_at desc))[1] as latest_error
  from dead_letters group by queue, kind, fingerprint, reason;

-- The timeline of jobs: what became of each attempt. The success that ends a job is its last line.
create or replace view job_attempts as
  select job_id, queue, attempt, outcome, because, worker, claim_token, claimed_at, settled_at, next_at
  from attempts
  union all
  select id, queue, attempts, 'done', note, worker, null, claimed_at, finished_at, null
  from finished_jobs where state = 'done'
  union all
  select id, queue, attempts, 'running', null, worker, claim_token, claimed_at, null, lease_until
  from leased_jobs;

-- Every limit that is in use, by its key.
create or replace view rate_limit_counters as
  select key, policy, durable, quota, (period / 1e9)::double precision as per_seconds, burst,
         to_timestamp(full_at / 1e9) as full_at
  from rate_limits;
