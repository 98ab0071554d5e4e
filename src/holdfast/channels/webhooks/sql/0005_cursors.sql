-- Cursors: how far a reader of the inbox has come, and how far we have looked through a provider's list.
create table webhook_cursors (
  name       text primary key,           -- listen:<name>, reconcile:<source>:<account>
  xact       xid8 not null default '0',  -- a reader's place; see webhook_after
  event      uuid,
  place      text,                       -- a provider's: the id or the time of its last event
  reached    timestamptz,                -- the time of that event, by the provider's clock
  updated_at timestamptz not null
);
