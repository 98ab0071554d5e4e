-- What is to be done from time to time is noted in one place for all: the queue's own `upkeep`.
alter table email_keeping drop column ran_at;
drop function if exists email_is_upkeep_due();
