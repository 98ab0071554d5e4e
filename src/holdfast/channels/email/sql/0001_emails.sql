-- Emails that go out. One transaction stores the message, its recipients and its job; the id of the
-- job is the id of the email.
--
--     email_send ──► emails             the frozen bytes and the sender of the envelope, written once
--               ├──► email_recipients   one row for each address: what became of it
--               └──► a job of the queue `email`, with an empty payload
--
-- Nothing is rendered later: the bytes of the first attempt are the bytes of the last, with the same
-- Message-ID, so that a receiver can tell a duplicate.
--
-- An address with a line break or a space in it could write SMTP commands of its own. It is refused
-- here as well, whoever comes along and by whatever way.

create table emails (
  id         uuid primary key,
  message_id text not null
             check (octet_length(message_id) between 1 and 998 and message_id !~ '[\x01-\x20\x7f]'),
  sender     text not null      -- of the envelope, where bounces go; '' is the sender of a bounce
             check (octet_length(sender) <= 320 and sender !~ '[\x01-\x20\x7f<>]'),
  subject    text check (subject !~ '[\r\n]'),
  raw        bytea not null check (octet_length(raw) between 1 and 26214400),
  size       integer not null,
  source     text not null,     -- which way it came: send, smtp-in, sql
  tenant     text,
  tags       text[] not null,
  metadata   jsonb not null check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz not null
);

-- pending    nobody has taken it for this address yet
-- delivered  a server has taken it, and its answer
-- captured   kept here, in the local inbox; it never left
-- refused    a server will never take it for this address
create table email_recipients (
  email_id uuid not null,
  position integer not null,
  address  text not null
           check (octet_length(address) between 3 and 320 and address !~ '[\x01-\x20\x7f<>]'),
  status   text not null check (status in ('pending', 'delivered', 'captured', 'refused')),
  code     integer,             -- of the last answer about this address
  answer   text,
  at       timestamptz,
  primary key (email_id, position)
);
