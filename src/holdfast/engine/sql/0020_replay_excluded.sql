-- Why letters are left out of a replay is found for all of them at once.
drop function if exists replay_excluded(dead_letters);
