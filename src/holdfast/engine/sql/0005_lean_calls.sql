-- Calls that are made often are few and small: what was done by several functions is done by one.

-- Functions whose result is another one are made anew; one is no longer needed.
drop function if exists make_durable();
drop function if exists check_jobs(jsonb);
drop function if exists put_new(jsonb, uuid, timestamptz);
drop function if exists settle_delivered(jsonb, timestamptz);
