-- Functions that are no longer needed, or have other arguments.
drop function if exists lock_keys_of(uuid[]);
drop function if exists lock_keys_of_replays(replays[], integer);
drop function if exists is_replay_open(bigint, integer);
