-- What is old is asked for queue by queue, since each has a retention of its own: an index by age alone
-- leads through all that others keep for longer.

drop index dedupe_keys_age;
create index dedupe_keys_age on dedupe_keys (queue, created_at);
create index dead_letters_queue on dead_letters (queue, died_at);
