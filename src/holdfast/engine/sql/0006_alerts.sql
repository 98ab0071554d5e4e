-- Alerts: what a person should look at, and has not been settled. One row per key, however often it is
-- raised: an alarm that comes a thousand times is one that nobody reads.

create table alerts (
  key        text primary key check (length(key) between 1 and 300),
  text       text not null,
  details    jsonb not null default '{}',
  raised_at  timestamptz not null,   -- the first time since it was last cleared
  last_at    timestamptz not null,
  times      integer not null,
  told_at    timestamptz,            -- a worker has written it to its log
  cleared_at timestamptz,
  cleared_by text
);
create index alerts_open on alerts (raised_at) where cleared_at is null;
create index alerts_untold on alerts (key) where told_at is null;

-- An attempt can end in waiting for a person.
alter table attempts drop constraint attempts_outcome_check;
alter table attempts add constraint attempts_outcome_check check (outcome in (
  'retry', 'snooze', 'hold', 'dead', 'unknown', 'lost', 'late', 'cancelled'));
