-- What is to be done from time to time, by whoever comes first, and when it was done last.
create table upkeep (
  task text primary key,
  ran_at timestamptz not null
);

-- It is told from where to look.
drop function if exists maintain_keyed();
