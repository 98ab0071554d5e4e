-- The letters of a replay are listed by a filter.
drop function if exists replay_item_list(bigint, integer);
