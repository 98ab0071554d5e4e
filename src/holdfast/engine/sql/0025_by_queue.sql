-- Leases are asked for queue by queue: one that counts its own does not read those of the others. By
-- bytes, so that only who asks for it gets this index: a join by the queue would read all of a queue's.
drop index leased_jobs_lease;
create index leased_jobs_lease on leased_jobs (queue collate "C", lease_until);

-- Who sleeps now, in a queue or in any, is a look at those whose time is not over, however often they
-- woke before: what an old snapshot keeps of that is not walked over by everybody who enqueues. By bytes,
-- so that no plan asks the key of the table for it: that one knows nothing of the time.
create index idle_workers_queue on idle_workers (queue collate "C", until);
create index idle_workers_until on idle_workers (until);

-- What was cleared long ago, among all that was cleared.
create index alerts_cleared on alerts (cleared_at) where cleared_at is not null;

-- The place of the last job that moved up to the head of its key: the next one is behind it.
alter table ordering_keys add column passed bigint not null default 0;
drop function if exists next_of_key(text, text);
drop function if exists fill_key(text, text, uuid[]);
