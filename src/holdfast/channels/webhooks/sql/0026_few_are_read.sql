-- The few deadlines that somebody was told of, among all that are still to come.
create index webhook_deadlines_told on webhook_deadlines (due_at) where told;
