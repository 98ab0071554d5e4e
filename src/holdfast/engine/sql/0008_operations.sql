-- What is done to a queue's policy is on record, as all that people do; and a mark for what expired.

-- Functions with other arguments are made anew; one is no longer needed.
drop function if exists set_queue(text, jsonb);
drop function if exists is_cron_day(text[], date);
drop function if exists expire(text, integer, timestamptz);

-- No ready job expires up to then, and what did is not walked over again.
alter table ready_marks add column expired_from timestamptz not null default '-infinity';
