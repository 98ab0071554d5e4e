-- What an email with an idempotency key is told from another one by, which the same key must not
-- swallow: a hash of its sender, its recipients and its subject. It goes with the body.

alter table emails add column fingerprint bytea check (octet_length(fingerprint) = 32);

-- Files that an email had which lost its body: to be deleted if no other email has them. A row for each
-- loss, so that two that happen at once are two, and none is overlooked.
create table email_loose_files (
  id   bigint primary key generated always as identity,
  hash bytea not null
);
insert into email_loose_files (hash)
select f.hash from email_files f
where not exists (select from email_attachments a where a.hash = f.hash);
