-- What is to be done from time to time, by whoever comes first, and when it was done last.
create table upkeep (
  task text primary key,
  ran_at timestamptz not null
);

-- Functions that are told more are made anew.
drop function if exists maintain_keyed();
drop function if exists unread_policy(jsonb);
