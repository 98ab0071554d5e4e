-- Replays: many dead letters brought back as one operation that can be watched and stopped.

create table replays (
  id         bigint generated always as identity primary key,
  filter     jsonb not null,
  who        text not null,
  why        text,
  rate       double precision check (rate > 0),   -- so many become due per second
  state      text not null check (state in ('canary', 'running', 'done', 'stopped', 'cancelled')),
  canary     uuid,                                -- the one that goes first
  total      integer not null,
  replayed   integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz not null,                -- the rate counts from here
  ended_at   timestamptz,
  note       text
);
create index replays_open on replays (id) where state in ('canary', 'running');

-- Which letters, fixed when the replay is made, and what became of each.
create table replay_items (
  replay  bigint not null references replays on delete cascade,
  ordinal integer not null,
  job_id  uuid not null,
  outcome text check (outcome in ('replayed', 'gone', 'excluded', 'cancelled')),
  because text,
  at      timestamptz,
  primary key (replay, ordinal)
);
create index replay_items_open on replay_items (replay, ordinal) where outcome is null;
-- a letter is in one open replay at most
create unique index replay_items_job on replay_items (job_id) where outcome is null;

-- maintain() tells more than it did: a function whose columns change is made anew.
drop function if exists maintain();
