-- A job that is held while it waits behind its ordering key keeps its place there: `in_line`. Those
-- behind it wait, too, when its turn has come. One that was skipped has no place, and holds up nobody.

alter table deferred_jobs add column in_line boolean not null default false;
create index deferred_jobs_line on deferred_jobs (queue, ordering_key, position) where in_line;
