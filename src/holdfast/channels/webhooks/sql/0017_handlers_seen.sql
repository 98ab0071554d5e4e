-- When a living worker had a handler last. A table of its own: it is written all the time, and what is
-- read at each arrival is not.
create table webhook_handlers_seen (
  kind    text primary key,
  seen_at timestamptz not null
);
