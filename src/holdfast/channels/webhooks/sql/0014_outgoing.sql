-- Since when an endpoint is in its state: a delivery that was looked at before it was enabled may be
-- held just after, and is let go.
alter table webhook_endpoints add column state_at timestamptz;

-- The messages of a customer, the newest first.
create index webhook_messages_tenant on webhook_messages (tenant, created_at);

-- One endpoint that hangs gets a part of a worker's hands and leaves the rest. A queue that is there
-- already gets it, too, unless somebody has said something of it.
update queues set max_running_per_tenant = 20
where name = 'webhooks-out' and max_running_per_tenant is null;
