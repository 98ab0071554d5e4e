-- What is done to breakers and schedules is on record, with who and why.

-- Functions with other arguments are made anew.
drop function if exists set_breaker(text, jsonb);
drop function if exists set_schedule(text, jsonb);
