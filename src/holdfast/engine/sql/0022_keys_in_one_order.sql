-- Up to which place the letters of a replay have gone. Those that are put off go behind the last one;
-- of each ordering key it is known where the first of them is.
alter table replays
  add column gone_to integer not null default 0,
  add column put_off jsonb not null default '{}';

-- Functions that are no longer needed, or have other arguments.
drop function if exists lock_keys_of(uuid[]);
drop function if exists lock_keys_of_replays(replays[], integer);
drop function if exists is_replay_open(bigint, integer);
drop function if exists replay_next(bigint, timestamptz, timestamptz);
