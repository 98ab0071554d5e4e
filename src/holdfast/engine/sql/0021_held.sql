-- Since when a person has a job: that time is no age of it (time_held).
alter table deferred_jobs add column held_at timestamptz;

-- What is held, by the beginning of the reason.
create index deferred_jobs_because on deferred_jobs ((left(because, 300)) collate "C")
  where waits_for = 'person';

-- An attempt can be a time in which a person had the job. What is there already is not read for it.
alter table attempts drop constraint attempts_outcome_check;
alter table attempts add constraint attempts_outcome_check check (outcome in (
  'retry', 'snooze', 'hold', 'held', 'dead', 'unknown', 'lost', 'late', 'cancelled')) not valid;

-- Functions with other arguments are made anew; one is no longer needed.
drop function if exists raise_goes_on(text, bigint, integer, uuid);
drop function if exists renew_held(text, text);
