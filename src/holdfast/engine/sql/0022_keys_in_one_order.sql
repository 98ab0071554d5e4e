-- Up to which place the letters of a replay have gone; those that are put off go behind the last one.
alter table replays add column gone_to integer not null default 0;

-- Functions that are no longer needed, or have other arguments.
drop function if exists lock_keys_of(uuid[]);
drop function if exists lock_keys_of_replays(replays[], integer);
drop function if exists is_replay_open(bigint, integer);
drop function if exists replay_next(bigint, timestamptz, timestamptz);
