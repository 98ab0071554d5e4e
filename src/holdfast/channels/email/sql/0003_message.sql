-- What an email can carry, and where it comes from.
--
--     emails ──► email_attachments ──► email_files
--     raw        where in raw a file     its bytes, once, however many emails
--                belongs                 have it
--
-- The base64 of a large attachment is left out of `emails.raw`, and `emails.size` is that of the whole
-- message; `email_bytes(id)` puts it together again, to the byte. An email without large attachments
-- has all of its bytes in `raw`, and its size is theirs.

alter table emails add column copy_of uuid;       -- a person sent this one again
create index on emails (copy_of) where copy_of is not null;

create table email_files (
  hash       bytea primary key check (octet_length(hash) = 32),   -- SHA-256 of data
  data       bytea not null,
  size       integer not null,
  created_at timestamptz not null
);
alter table email_files alter column data set storage external;   -- mostly compressed already

create table email_attachments (
  email_id uuid not null,
  position integer not null,
  place    integer not null,      -- its base64 belongs before this byte of emails.raw, from 0
  hash     bytea not null,
  primary key (email_id, position)
);
create index on email_attachments (hash);

-- A template is up to three texts for each locale; the default locale is the empty text.
create table email_templates (
  name       text not null check (name ~ '^[a-z0-9_][a-z0-9_-]{0,99}$'),
  locale     text not null check (locale ~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$'),
  part       text not null check (part in ('subject', 'txt', 'html')),
  source     text not null check (octet_length(source) <= 262144),
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (name, locale, part)
);
