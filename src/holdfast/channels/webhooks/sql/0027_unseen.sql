-- The held events that a person is told of, source by source: not those with the id of another.

create index webhook_events_unseen on webhook_events (source, received_at)
where held_why is not null and held_why not like 'its id is that of %';
