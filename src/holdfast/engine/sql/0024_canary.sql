-- A function that takes more is made anew.
drop function if exists judge_canary(replays);
