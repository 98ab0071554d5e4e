-- Schedules: jobs that come by the clock. A tick is one moment of one schedule, and it is taken once:
-- whoever writes its row enqueues its job, in the same transaction. So nobody has to lead.

create table schedules (
  name         text primary key check (name ~ '^[a-z][a-z0-9_.:-]{0,99}$'),
  cron         text,
  every        interval check (every >= '1 second' and every <= '366 days'),
  timezone     text not null default 'UTC',
  -- enqueued at each tick, as enqueue_many takes it
  job          jsonb not null,
  -- of ticks that nobody looked at in time: enqueue one job, all of them, or none
  catch_up     text not null default 'one' check (catch_up in ('one', 'all', 'none')),
  next_at      timestamptz not null,
  last_at      timestamptz,
  last_error   text,
  paused_at    timestamptz,
  paused_by    text,
  paused_why   text,
  created_at   timestamptz not null,
  check ((cron is null) <> (every is null))
);
create index schedules_due on schedules (next_at) where paused_at is null;

create table schedule_ticks (
  schedule text not null,
  tick     timestamptz not null,
  job_id   uuid not null,
  at       timestamptz not null,
  primary key (schedule, tick)
);
create index schedule_ticks_age on schedule_ticks (at);

-- maintain() tells more than it did: a function whose columns change is made anew.
drop function if exists maintain();
