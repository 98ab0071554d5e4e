-- The inbox, complete: sources with their policy, secrets with their dates, what was refused, what a
-- person has to look at, and by when a handler must be through.

-- A source is a sender: POST /webhooks/<name>. Sources can stand in the environment as well
-- (HOLDFAST_SOURCE_…): those are known to the process that has the variables, these to all.
create table webhook_sources (
  name          text primary key check (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
  scheme        text not null,
  settings      jsonb not null default '{}',   -- of the schemes that are told by data (generic)
  tolerance     interval not null default '5 minutes'
                check (tolerance > '0' and tolerance <= '1 day'),
  public_url    text,                          -- as the sender sees it; some sign it
  livemode      boolean,                       -- what is expected; the other kind is held
  accounts      text[],                        -- likewise; any if null
  max_body      integer not null default 1048576 check (max_body between 1 and 26214400),
  rate_quota    integer check (rate_quota between 1 and 1000000),   -- requests per second
  revive        boolean not null default false, -- sent again after its jobs died: replay them
  retention     interval not null default '90 days'
                check (retention >= '1 hour' and retention <= '36500 days'),
  redact_paths  text[] not null default '{}',  -- JSON pointers in the body: /data/object/email
  redact_headers text[] not null default '{}',
  redact_after  interval check (redact_after >= '0'),
  -- alert when nothing came for so many times the usual interval; no alert if null
  silence       double precision check (silence >= 1),
  created_at    timestamptz not null
);

-- Where its secrets are (env:…, file:…, sealed:…), and when each is good. Several while one is rolled.
-- Endpoints, to which we send, keep theirs here as well; `owner` is source:<name> or endpoint:<id>.
create table webhook_secrets (
  id         uuid primary key,
  owner      text not null,
  reference  text not null,
  not_before timestamptz,
  not_after  timestamptz,
  created_at timestamptz not null
);
create index webhook_secrets_owner on webhook_secrets (owner, created_at);

-- When each secret verified something last: shows when an old one may go. Also of those that stand in
-- the environment. Written at most once a minute.
create table webhook_secret_uses (
  owner        text not null,
  secret       text not null,
  last_used_at timestamptz not null,
  primary key (owner, secret)
);

-- What was refused is not stored, only counted, with a few samples of what can be told of it.
create table webhook_refusals (
  source  text not null,
  reason  text not null,
  day     date not null,
  count   bigint not null,
  last_at timestamptz not null,
  primary key (source, reason, day)
);
create table webhook_refusal_samples (
  id          bigint generated always as identity primary key,
  source      text not null,
  reason      text not null,
  detail      text not null,
  at          timestamptz not null,
  peer        text not null,
  size        integer not null,
  body_sha256 bytea not null,
  headers     jsonb not null     -- their names; of a signature its beginning
);
create index webhook_refusal_samples_source on webhook_refusal_samples (source, reason, id);

alter table webhook_handlers
  -- none; object: those of one object one after the other; latest: only the newest that waits
  add column ordering text not null default 'none' check (ordering in ('none', 'object', 'latest')),
  add column deadline interval check (deadline > '0'),
  -- queued: a worker runs it; inline: the request does, and a worker if that fails or dies; answer:
  -- the request does, and what it returns is the answer; nobody runs it later
  add column mode text not null default 'queued' check (mode in ('queued', 'inline', 'answer'));

alter table webhook_events
  drop column secret_index,
  add column held_why    text,             -- a person has to look; it has no jobs until released
  add column created     bigint,           -- by the sender's clock, whole Unix seconds
  add column verified_by text,             -- the secret
  add column via         text not null default 'http' check (via in ('http', 'reconcile', 'cli')),
  add column body_sha256 bytea,            -- of the body as it came, also after it was redacted
  add column redacted_at timestamptz,
  -- the transaction that stored it: a reader who goes by it misses nothing (see webhook_after)
  add column xact        xid8 not null default '0';
drop index webhook_events_type;   -- each costs every arrival; lists walk back from the newest
create index webhook_events_source on webhook_events (source, received_at);
create index webhook_events_object on webhook_events (source, account, object_id, id)
  where object_id is not null;
create index webhook_events_held on webhook_events (received_at) where held_why is not null;
create index webhook_events_xact on webhook_events (xact, id);
-- the hash by which two deliveries of an event are compared leaves out what the sender changes itself
alter table webhook_keys rename column body_sha256 to identity;
create index webhook_keys_age on webhook_keys (received_at);

-- By when a job must have ended, and when to say that it has not.
create table webhook_deadlines (
  job      uuid primary key,
  event    uuid not null,
  alert_at timestamptz not null,
  due_at   timestamptz not null,
  told     boolean not null default false
);
create index webhook_deadlines_due on webhook_deadlines (alert_at);

drop function if exists webhook_receive(text, text, text, text, text, boolean, bytea, jsonb, text, integer);
drop function if exists webhook_enqueue(text, text, text, uuid);
drop function if exists webhook_list(text, text, integer);
drop function if exists webhook_load(uuid);
