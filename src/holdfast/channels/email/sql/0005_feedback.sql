-- What is heard of emails after they went out, who gets no more of them, and how long all of it is kept.
--
--     a report of a provider ──► email_events              as it came, each once
--                            ├─► email_recipients.feedback the strongest news about this address
--                            └─► email_suppressions        dead mailbox, complaint, unsubscribed
--
-- Reports come twice, late and in any order. Each is stored under the provider's own id of it; what
-- stands at the recipient is the greatest of all reports in one fixed order (email_feedback_weight),
-- so the order of arrival does not matter.

create table email_events (
  provider            text not null,
  event_id            text not null check (length(event_id) between 1 and 300),
  email_id            uuid,             -- null: no email of ours is known by these ids (yet)
  address             text not null,
  kind                text not null,
  at                  timestamptz not null,   -- by the provider's clock
  code                text,
  because             text not null,
  dead_mailbox        boolean not null,
  message_id          text,
  provider_message_id text,
  stored_at           timestamptz not null,
  primary key (provider, event_id)
);
create index email_events_email on email_events (email_id, at) where email_id is not null;
create index email_events_unknown on email_events (stored_at) where email_id is null;
create index email_events_address on email_events (address);

-- The strongest news about this address, and when it happened.
alter table email_recipients
  add column feedback    text,
  add column feedback_at timestamptz;

alter table emails add column body_gone_at timestamptz;   -- its bytes were taken out, and when
create index emails_message_id on emails using hash (message_id);
-- an email stands in one of the two
create index emails_with_body on emails (created_at) where body_gone_at is null;
create index emails_without_body on emails (created_at) where body_gone_at is not null;

-- Who gets no more mail, and why. One row for each reason: to mend one does not undo the others.
--
--   tenant   whose mail it is about; '' stands for everybody's
--   address  in small letters; of an erased one 'erased:' and its hash (email_address_hash)
--   list     of `unsubscribed` the list, '*' for all lists; else ''
create table email_suppressions (
  tenant     text not null default '',
  address    text not null check (address = lower(address) and length(address) between 3 and 320),
  reason     text not null check (reason in ('bounced', 'complained', 'unsubscribed', 'manual')),
  list       text not null default '' check ((list <> '') = (reason = 'unsubscribed')),
  source     text not null,             -- a provider, smtp, link, or whoever brought it
  detail     text,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,               -- null: until somebody removes it
  primary key (address, tenant, reason, list)
);
create index email_suppressions_age on email_suppressions (created_at);

-- How long emails are kept, after they have ended. One row.
create table email_keeping (
  one      boolean primary key default true check (one),
  bodies   interval not null default '30 days' check (bodies >= '0' and bodies <= '36500 days'),
  metadata interval not null default '90 days' check (metadata <= '36500 days'),
  bounces  interval check (bounces > '0'),   -- a suppression for a dead mailbox ends; null: never
  salt     bytea not null,                   -- of the hashes of erased addresses
  ran_at   timestamptz not null default '-infinity',
  check (metadata >= bodies)
);
insert into email_keeping (salt)
values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
