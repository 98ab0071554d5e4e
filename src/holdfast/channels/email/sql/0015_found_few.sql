-- Emails are found by what few of them have, or in bites from the newest on.
drop function if exists email_found_by_state(jsonb, integer);
drop function if exists email_found_few(jsonb);
