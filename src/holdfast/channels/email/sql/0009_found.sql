-- What emails are looked for by: an address, a tenant, a tag, the beginning of a subject. Each index
-- has the id at its end, which is the order of time, so that the newest come first without a sort.

create index email_recipients_found on email_recipients (lower(address), email_id);
create index emails_tenant on emails (tenant, id) where tenant is not null;
create index emails_tags on emails using gin (tags) where tags <> '{}';
create index emails_subject on emails (left(lower(subject), 100) text_pattern_ops, id)
  where subject is not null;
