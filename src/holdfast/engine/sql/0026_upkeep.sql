-- What is to be done from time to time, by whoever comes first, and when it was done last.
create table upkeep (
  task text primary key,
  ran_at timestamptz not null
);

-- Functions that are told more are made anew.
drop function if exists maintain_keyed();
drop function if exists unread_policy(jsonb);

-- By bytes, so that no plan asks the key of the table for it: that one knows nothing of the time.
drop index idle_workers_queue;
create index idle_workers_queue on idle_workers (queue collate "C", until);
