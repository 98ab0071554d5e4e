-- Old keys are asked for source by source, since each has a retention of its own.
drop index webhook_keys_age;
create index webhook_keys_age on webhook_keys (source, received_at);

-- The few deadlines that somebody was told of, among all that are still to come.
create index webhook_deadlines_told on webhook_deadlines (due_at) where told;
