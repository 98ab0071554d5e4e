-- Endpoints: where webhooks go out to. `forward` brings the events of a source to an application of
-- ours, as they came; `customer` brings messages of ours to a customer's address. Both are jobs of the
-- queue webhooks-out, one for each endpoint, whose tenant is the endpoint: so each has its turn in every
-- claim, and one that is slow or dead does not keep the others waiting.
create table webhook_endpoints (
  id            uuid primary key,
  name          text not null unique check (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
  purpose       text not null check (purpose in ('forward', 'customer')),
  source        text,                       -- of a forward: whose events
  tenant        text,                       -- of a customer's: whose messages
  url           text not null check (url ~ '^https?://' and length(url) <= 2000),
  patterns      text[] not null default '{*}',
  state         text not null default 'enabled' check (state in ('enabled', 'paused', 'disabled')),
  state_by      text,
  state_why     text,
  timeout       interval not null default '15 seconds'
                check (timeout >= '1 second' and timeout <= '5 minutes'),
  rate_quota    integer check (rate_quota between 1 and 1000000),   -- deliveries per second
  headers       jsonb not null default '{}',
  -- paused by itself when every delivery failed for so long
  give_up_after interval not null default '5 days' check (give_up_after > '0'),
  failing_since timestamptz,
  failures      integer not null default 0,  -- in a row
  last_success_at timestamptz,
  created_at    timestamptz not null,
  check ((purpose = 'forward') = (source is not null))
);
create index webhook_endpoints_source on webhook_endpoints (source) where purpose = 'forward';
create index webhook_endpoints_tenant on webhook_endpoints (tenant) where purpose = 'customer';

-- What we send, frozen as bytes when it is sent: every attempt at every endpoint has the same.
create table webhook_messages (
  id         uuid primary key,
  message_id text not null unique,
  tenant     text,
  type       text not null,
  body       bytea not null,
  jobs       uuid[] not null,
  created_at timestamptz not null
);
create index webhook_messages_age on webhook_messages (created_at);

-- Each attempt, and what was answered.
create table webhook_deliveries (
  id          bigint generated always as identity primary key,
  endpoint    uuid not null,
  subject     uuid not null,    -- the event or message
  job         uuid not null,
  attempt     integer not null,
  status      integer,          -- null: no answer
  outcome     text not null,
  because     text,
  duration_ms integer not null,
  answer      text,             -- its first 2000 characters
  at          timestamptz not null
);
create index webhook_deliveries_endpoint on webhook_deliveries (endpoint, id);
create index webhook_deliveries_subject on webhook_deliveries (subject);
create index webhook_deliveries_age on webhook_deliveries (at);
