-- For whom a message was handed over, by their places in it: so that exactly the same request can be
-- made again. Without any nobody knows, as of what was handed over before this was kept.

alter table email_submissions add column positions integer[] not null default '{}';

drop function if exists email_load(uuid[]);
drop function if exists email_submit(uuid[], text[]);
drop function if exists email_set_pace(text, double precision);
