-- The address that an event was posted to, where its sender signs that: without it nobody could verify
-- the event again.
alter table webhook_events add column url text;

drop function if exists webhook_load(uuid);
drop function if exists webhook_load_many(uuid[]);
