-- What is to be done from time to time is noted in one place for all: the queue's own `upkeep`.
drop table webhook_upkeep;
drop function if exists webhook_is_due(text, interval);
