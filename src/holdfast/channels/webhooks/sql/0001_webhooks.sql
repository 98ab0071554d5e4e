-- Webhooks that come in. One transaction stores the event as it came, its dedupe key and one job for
-- each handler; only then does the sender get its 200.
--
--     POST ──verify──► webhook_receive ──► webhook_keys    one row per event of a sender, kept long
--                                     ├──► webhook_events  the exact bytes and headers
--                                     └──► a job per handler that wants this type

-- Who wants which events: written by every process that starts with handlers. An event that comes
-- while no worker runs still makes its jobs.
create table webhook_handlers (
  kind          text primary key,     -- the kind of the jobs
  app           text not null,
  name          text not null,
  source        text not null,
  pattern       text not null,        -- invoice.paid, invoice.*, *
  queue         text not null,
  registered_at timestamptz not null
);
create index webhook_handlers_source on webhook_handlers (source);

-- The same event again changes nothing but these counts. Small rows, kept longer than any sender
-- retries; a table of its own, so that the events can be partitioned and pruned without it.
create table webhook_keys (
  source       text not null,
  account      text not null,
  event_id     text not null,
  event        uuid not null,
  body_sha256  bytea not null,
  received_at  timestamptz not null,
  redeliveries integer not null,
  mismatches   integer not null,      -- redeliveries whose body was another one
  last_seen_at timestamptz not null,
  primary key (source, account, event_id)
);

-- What came, byte for byte, so that it can be verified again and replayed. Bytes of a stranger are
-- bytea and never jsonb: a NUL or half a surrogate pair must not make an event impossible to store.
create table webhook_events (
  id           uuid primary key,
  source       text not null,
  account      text not null,
  event_id     text not null,
  event_type   text,
  object_id    text,
  livemode     boolean,
  body         bytea not null,
  headers      jsonb not null,        -- [[name, value], ...] in their order
  scheme       text not null,
  secret_index integer not null,      -- which of the active secrets it was signed with
  jobs         uuid[] not null,       -- one for each handler that wanted it
  received_at  timestamptz not null
);
create index webhook_events_type on webhook_events (source, event_type, id);
