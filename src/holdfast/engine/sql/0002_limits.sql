-- Limits: how fast, how many at once, whose turn, and when to stop asking.
--
-- A queue's row says what it allows, and every language obeys the same row. What a limit knows about
-- the present is in small tables of its own: a rate is one number per key (when it will be full
-- again), a slot is a row with an expiry, a breaker is a row with counts and a date.

alter table queues
  -- how many of its jobs may run at once on all workers together; no limit if null
  add column max_running integer check (max_running between 1 and 1000000),
  -- the same for the jobs of one tenant
  add column max_running_per_tenant integer check (max_running_per_tenant between 1 and 1000000),
  -- and for those of one ordering key; 1 is what keeps them in order
  add column max_running_per_key integer not null default 1
      check (max_running_per_key between 1 and 10000),
  -- so many jobs may begin per rate_per, at most rate_burst at once (rate_quota if null)
  add column rate_quota integer check (rate_quota between 1 and 1000000000),
  add column rate_per interval not null default '1 second'
      check (rate_per >= '1 millisecond' and rate_per <= '366 days'),
  add column rate_burst integer check (rate_burst between 1 and 1000000000),
  -- the breaker that its jobs pass: while it is open, nothing is claimed
  add column breaker text check (length(breaker) between 1 and 200);

-- Each ready job is in one of the two: those of no tenant in their order, those of tenants each in
-- theirs. So a tenant's place in the claim does not depend on how much another one has queued.
drop index ready_jobs_claim;
create index ready_jobs_claim on ready_jobs (queue, priority, seq) where tenant is null;
create index ready_jobs_tenant on ready_jobs (queue, tenant, priority, seq)
  where tenant is not null;

-- Below its mark a queue has no ready job and will have none: a claim begins to look there. Without
-- it, every claim would walk over the remains of all earlier ones for as long as anybody holds an old
-- snapshot open. Rows are added and never changed, so that the latest is found at once.
create table ready_marks (
  queue       text not null,
  number      bigint generated always as identity,
  marks       bigint[] not null,   -- by priority, from 0 to 9; of jobs without a tenant
  tenant_mark bigint not null,     -- of all others
  bound       bigint not null,     -- the next mark at most; of use when ...
  decided_at  xid8 not null,       -- ... every transaction before this one has ended
  leased_from timestamptz not null default '-infinity',  -- no lease runs out up to then
  due_from    timestamptz not null default '-infinity',  -- nor is a waiting job due
  made_at     timestamptz not null,
  primary key (queue, number)
);

-- Functions that take more than they did are made anew.
drop function if exists promote_due(text, integer, timestamptz);
drop function if exists rescue(text, integer);

-- Whose turn it is where more tenants wait than one claim can serve. It may be lost.
create unlogged table tenant_turns (
  queue  text primary key,
  tenant text not null
);

-- Several jobs of a key may run at once where the queue's max_running_per_key says so.
alter table ordering_keys add column heads uuid[];
update ordering_keys set heads = array[head];
alter table ordering_keys alter column heads set not null, drop column head;

-- A rate limit's memory: the moment when the key will be as if never used, in nanoseconds since 1970
-- (the "theoretical arrival time" of GCRA). A row whose moment has passed says the same as no row.
-- What need not survive a crash of the server is kept in an unlogged partition: ten times as fast.
create table rate_limits (
  durable boolean not null,
  key     text not null,
  policy  text not null,
  full_at bigint not null,
  quota   integer not null,
  period  bigint not null,          -- nanoseconds
  burst   integer not null,
  primary key (durable, key, policy)
) partition by list (durable);
create unlogged table rate_limits_fast partition of rate_limits for values in (false)
  with (fillfactor = 50);
create table rate_limits_durable partition of rate_limits for values in (true)
  with (fillfactor = 50);

-- One limit that a check asks for, and what it is told.
create type rate_wish as (
  number integer, key text, policy text, durable boolean, quota integer, period bigint,
  burst integer, cost integer, mode text, place integer);
create type rate_answer as (
  number integer, key text, policy text, allowed boolean, granted integer, remaining integer,
  retry_after double precision, reset_after double precision, quota integer,
  per double precision, burst integer);

-- So many at once: a slot is taken, kept for a time, and given back, or runs out.
create unlogged table slots (
  key    text not null,
  slot   uuid not null,
  holder text not null,
  until  timestamptz not null,
  primary key (key, slot)
);

-- Is the other side there? One row for a destination, for all workers of all languages. It opens by
-- itself when too much fails, or by hand; then it lets one try at a time through.
create table breakers (
  name        text primary key check (length(name) between 1 and 200),
  -- opens when of at least `minimum` results within `per`, this part failed
  failure_rate double precision not null default 0.5
              check (failure_rate > 0 and failure_rate <= 1),
  minimum     integer not null default 10 check (minimum between 1 and 1000000),
  per         interval not null default '1 minute' check (per >= '1 second' and per <= '1 day'),
  -- stays open so long, twice as long after each try that fails, at most open_cap
  open_for    interval not null default '30 seconds'
              check (open_for >= '100 milliseconds' and open_for <= '1 day'),
  open_cap    interval not null default '15 minutes'
              check (open_cap >= '100 milliseconds' and open_cap <= '30 days'),
  -- counts of this half of the window and of the one before
  half_from   timestamptz not null,
  successes   integer not null default 0,
  failures    integer not null default 0,
  successes_before integer not null default 0,
  failures_before  integer not null default 0,
  opened_at   timestamptz,
  open_until  timestamptz,
  openings    integer not null default 0,
  because     text,
  paused_by   text,
  probe       uuid,
  probe_until timestamptz
);
