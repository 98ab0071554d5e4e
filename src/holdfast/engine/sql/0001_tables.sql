-- The queue: where jobs live.
--
-- A job is one row in exactly one of five tables, and which table it is in tells its state:
--
--     enqueue ──► ready_jobs ──claim──► leased_jobs ──settle──► finished_jobs   done
--                     ▲  ▲                  │  │ │
--                     │  └──── rescue ──────┘  │ └──settle──► dead_letters      dead
--                     │   (the lease expired)  │                   │
--                  promote                   settle                │
--                     │               (retry, snooze, hold)        │
--                     └── deferred_jobs ◄──────┘                   │
--                              ▲                                   │
--                              └─────────── replay ◄───────────────┘
--
-- The trip of one job. `enqueue` writes it to ready_jobs in the caller's own transaction (or to
-- deferred_jobs, when it is due later or waits behind an earlier job of its ordering key). `claim`
-- moves a batch to leased_jobs under a fresh claim_token and counts the attempt. Whoever holds the
-- token may `settle` it with a verdict: delivered, retry, snooze, dead, unknown. A result that comes
-- with a token that no longer holds is recorded as late and changes nothing. A lease that runs out is
-- rescued by anyone who calls `claim` or `maintain`. Nothing is ever only in memory, and nothing
-- leaves these tables without a reason.
--
-- Why five tables: the hot one stays small and is only ever appended to and deleted from, so a
-- million waiting retries, dead letters or finished jobs cost a claim nothing.
--
-- What a job carries is `payload`: small, a reference. A large body is written once, by its channel,
-- into the channel's own table, and no change of state copies it.
--
-- Files of this kind (numbered) run once and are never edited again. The functions beside them show
-- the present and are applied again whenever they change. Names are unqualified: they are installed
-- into the schema of your choice. Written for Postgres 15 to 18; no extension, no trigger, and no
-- volatile expression inside an UPDATE (they do not run on distributed schemas).

-- A queue is a row with its policy. Every language obeys the same row.
create table queues (
  name             text primary key
                   check (name ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  retry_base       interval not null default '10 seconds'
                   check (retry_base >= '0'),
  retry_factor     double precision not null default 2
                   check (retry_factor >= 1 and retry_factor <= 100),
  retry_cap        interval not null default '1 hour'
                   check (retry_cap >= '0' and retry_cap <= '30 days'),
  retry_jitter     double precision not null default 0.25
                   check (retry_jitter >= 0 and retry_jitter <= 1),
  -- the longest wait that a Retry-After of the other side can ask for
  retry_after_cap  interval not null default '24 hours'
                   check (retry_after_cap >= '0' and retry_after_cap <= '30 days'),
  max_attempts     integer not null default 8
                   check (max_attempts between 1 and 1000),
  -- a job whose workers die this often goes dead as poison
  max_crashes      integer not null default 3
                   check (max_crashes between 1 and 100),
  -- no retry is planned beyond this age
  max_age          interval not null default '7 days'
                   check (max_age > '0' and max_age <= '36500 days'),
  lease            interval not null default '60 seconds'
                   check (lease >= '50 milliseconds' and lease <= '1 day'),
  -- how long one attempt may run
  timeout          interval not null default '5 minutes'
                   check (timeout > '0' and timeout <= '1 day'),
  -- how many jobs a worker claims in one call, and runs at the same time
  batch            integer not null default 500
                   check (batch between 1 and 10000),
  concurrency      integer not null default 50
                   check (concurrency between 1 and 10000),
  -- how long finished jobs, dead letters and dedupe keys are kept
  retention        interval not null default '7 days'
                   check (retention >= '0' and retention <= '36500 days'),
  dead_retention   interval not null default '90 days'
                   check (dead_retention >= '1 day' and dead_retention <= '36500 days'),
  dedupe_retention interval not null default '90 days'
                   check (dedupe_retention >= '0' and dedupe_retention <= '36500 days'),
  -- what becomes of a job that may have happened
  on_unknown       text not null default 'resend'
                   check (on_unknown in ('resend', 'hold')),
  paused_at        timestamptz,
  paused_by        text,
  paused_why       text,
  paused_until     timestamptz,
  created_at       timestamptz not null
);

-- What every job has, wherever it lives. The tables below begin with these columns.
create type job as (
  id            uuid,
  queue         text,
  kind          text,          -- which handler it is for
  payload       jsonb,
  priority      smallint,      -- 0 first, 9 last
  tenant        text,
  ordering_key  text,          -- jobs of one queue and key run one after the other
  attempts      integer,       -- how often it was claimed, snoozes not counted
  crashes       integer,       -- how often a lease ran out: its worker died or froze
  deferrals     integer,       -- how often it was snoozed
  enqueued_at   timestamptz,
  run_at        timestamptz,   -- not before
  expires_at    timestamptz,   -- not after
  replay_of     uuid           -- the job that this one is an edited replay of
);

-- Due now. `seq` is the order of arrival: a job that comes back comes back as a new row, at the end.
create table ready_jobs (
  id uuid primary key, queue text not null, kind text not null, payload jsonb not null,
  priority smallint not null, tenant text, ordering_key text,
  attempts integer not null, crashes integer not null, deferrals integer not null,
  enqueued_at timestamptz not null, run_at timestamptz not null, expires_at timestamptz,
  replay_of uuid,
  seq bigint generated always as identity
);
create index ready_jobs_claim on ready_jobs (queue, priority, seq);
create index ready_jobs_expiry on ready_jobs (queue, expires_at) where expires_at is not null;

-- In somebody's hands until lease_until, by the database's clock.
create table leased_jobs (
  id uuid primary key, queue text not null, kind text not null, payload jsonb not null,
  priority smallint not null, tenant text, ordering_key text,
  attempts integer not null, crashes integer not null, deferrals integer not null,
  enqueued_at timestamptz not null, run_at timestamptz not null, expires_at timestamptz,
  replay_of uuid,
  claim_token uuid not null,
  worker text not null,
  claimed_at timestamptz not null,
  lease_until timestamptz not null
);
create index leased_jobs_lease on leased_jobs (lease_until);

-- Waiting: for its time, for the job before it in its ordering key, or for a person.
create table deferred_jobs (
  id uuid primary key, queue text not null, kind text not null, payload jsonb not null,
  priority smallint not null, tenant text, ordering_key text,
  attempts integer not null, crashes integer not null, deferrals integer not null,
  enqueued_at timestamptz not null, run_at timestamptz not null, expires_at timestamptz,
  replay_of uuid,
  waits_for text not null check (waits_for in ('time', 'key', 'person')),
  because text,
  position bigint generated always as identity
);
create index deferred_jobs_due on deferred_jobs (queue, run_at) where waits_for = 'time';
create index deferred_jobs_key on deferred_jobs (queue, ordering_key, position)
  where waits_for = 'key';
create index deferred_jobs_held on deferred_jobs (queue) where waits_for = 'person';

-- Given up, with the reason and every attempt. Kept until replayed, discarded or too old.
create table dead_letters (
  id uuid primary key, queue text not null, kind text not null, payload jsonb not null,
  priority smallint not null, tenant text, ordering_key text,
  attempts integer not null, crashes integer not null, deferrals integer not null,
  enqueued_at timestamptz not null, run_at timestamptz not null, expires_at timestamptz,
  replay_of uuid,
  reason text not null check (reason in ('refused', 'exhausted', 'too_old', 'poison')),
  error text not null,
  fingerprint text not null,
  history jsonb not null,
  died_at timestamptz not null
);
create index dead_letters_group on dead_letters (queue, fingerprint, died_at);
create index dead_letters_age on dead_letters (died_at);

-- Over and done with, one partition a day, dropped by age.
create table finished_jobs (
  id uuid not null, queue text not null, kind text not null, payload jsonb not null,
  priority smallint not null, tenant text, ordering_key text,
  attempts integer not null, crashes integer not null, deferrals integer not null,
  enqueued_at timestamptz not null, run_at timestamptz not null, expires_at timestamptz,
  replay_of uuid,
  state text not null check (state in ('done', 'cancelled', 'expired')),
  note text,
  worker text,
  claimed_at timestamptz,
  finished_at timestamptz not null
) partition by range (finished_at);
create table finished_jobs_default partition of finished_jobs default;
create index finished_jobs_id on finished_jobs (id);

-- What became of each attempt that did not simply succeed (a success is the finished job itself).
-- Append-only, one partition a day. `late` rows are reports that came after the lease was lost.
create table attempts (
  job_id      uuid not null,
  queue       text not null,
  attempt     integer,
  outcome     text not null
              check (outcome in ('retry', 'snooze', 'dead', 'unknown', 'lost', 'late', 'cancelled')),
  because     text,
  claim_token uuid,
  worker      text,
  claimed_at  timestamptz,
  settled_at  timestamptz not null,
  next_at     timestamptz
) partition by range (settled_at);
create table attempts_default partition of attempts default;
create index attempts_job on attempts (job_id);

-- One effect per (queue, scope, key), remembered longer than any sender retries.
create table dedupe_keys (
  queue      text not null,
  scope      text not null,
  key        text not null,
  job_id     uuid not null,
  created_at timestamptz not null,
  primary key (queue, scope, key)
);
create index dedupe_keys_age on dedupe_keys (created_at);

-- Which job of an ordering key may run now. The others wait in deferred_jobs, in their order.
create table ordering_keys (
  queue text not null,
  key   text not null,
  head  uuid not null,
  primary key (queue, key)
);

-- Who works. A row is what the worker said last; correctness never hangs on it.
create table workers (
  worker     text primary key,
  queues     text[] not null,
  host       text,
  pid        integer,
  running    integer not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null
);

-- Who waits for work: only then does an enqueue notify (a NOTIFY makes commits queue up).
create table idle_workers (
  queue  text not null,
  worker text not null,
  until  timestamptz not null,
  primary key (queue, worker)
);

-- What people did: replay, discard, pause, resume, cancel. Who, why, and to how many.
create table operations (
  id       bigint generated always as identity primary key,
  action   text not null,
  who      text not null,
  why      text,
  filter   jsonb not null,
  affected integer not null,
  at       timestamptz not null
);
