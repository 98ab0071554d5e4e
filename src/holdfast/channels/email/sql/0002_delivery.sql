-- What an attempt leaves behind: who sent it, what was answered, and what nobody knows.
--
--     email_recipients    the last word about each address
--     email_answers       every word that was not the last: what the timeline shows
--     email_submissions   a message was handed to a provider, and no answer is stored yet
--
-- A row of email_submissions is written and committed before the first byte of a message leaves, where
-- it matters: there is more than one provider, the provider knows repeated keys, or the email must not
-- be sent twice. It goes with the answer. What is found there by the next attempt is a doubt: the
-- worker died, or the answer never came. Then no other provider is asked, since two providers can not
-- know of each other's.

alter table emails
  -- what to do when nobody knows whether it was taken; null: as the queue's on_unknown says
  add column on_unknown text check (on_unknown in ('resend', 'hold', 'verify'));

alter table email_recipients
  drop constraint email_recipients_status_check,
  add constraint email_recipients_status_check
    check (status in ('pending', 'delivered', 'captured', 'refused', 'suppressed')),
  add column provider text,
  add column provider_message_id text;   -- what the provider calls it, also when it reports later
create index email_recipients_provider_id on email_recipients (provider_message_id)
  where provider_message_id is not null;

create table email_submissions (
  email_id  uuid primary key,
  provider  text not null,
  first_at  timestamptz not null,        -- since when this provider may know it
  at        timestamptz not null,
  is_asked  boolean not null default false   -- a person was asked, and has let it go on
);

create table email_answers (
  email_id   uuid not null,
  attempt    integer,
  address    text not null,
  provider   text,
  verdict    text not null,
  code       integer,
  answer     text,
  at         timestamptz not null
);
create index email_answers_email on email_answers (email_id, at);

drop function if exists email_load(uuid);
drop function if exists email_record(uuid, jsonb);
update queues set timeout = '3 minutes' where name = 'email' and timeout = '60 seconds';

-- How fast mail may go, by scope: provider:ses, domain:gmail.com, tenant:acme. A row is there for what
-- somebody has limited (`ceiling`), and for what the other side has called too fast (`pace`, which
-- doubles every ten minutes after that).
create table email_paces (
  scope      text primary key check (scope ~ '^(provider|domain|tenant):.' and length(scope) <= 300),
  ceiling    double precision check (ceiling > 0 and ceiling <= 1e6),
  pace       double precision check (pace > 0 and pace <= 1e6),
  changed_at timestamptz not null,
  because    text
);
