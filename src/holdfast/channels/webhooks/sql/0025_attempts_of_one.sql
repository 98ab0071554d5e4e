-- The attempts of one message, the newest first: there can be many.

create index webhook_deliveries_of_subject on webhook_deliveries (subject, id);
drop index if exists webhook_deliveries_subject;
