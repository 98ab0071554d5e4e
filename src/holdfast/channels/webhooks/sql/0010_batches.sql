-- A batch of events in one body (SendGrid) has several types. Handlers are found by any of them; null
-- for an event of one type, which stands in event_type alone.
alter table webhook_events add column event_types text[];

drop function if exists webhook_load(uuid);
drop function if exists webhook_load_many(uuid[]);
