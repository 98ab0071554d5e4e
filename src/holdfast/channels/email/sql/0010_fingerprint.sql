-- What an email with an idempotency key is told from another one by, which the same key must not
-- swallow: a hash of its sender, its recipients and its subject. It goes with the body.

alter table emails add column fingerprint bytea check (octet_length(fingerprint) = 32);
