-- What the upkeep of the inbox remembers: when each kind of it ran last, so that whoever comes first
-- does it and the others need not look.
create table webhook_upkeep (
  task   text primary key,
  ran_at timestamptz not null
);
