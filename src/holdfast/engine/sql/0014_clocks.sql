-- Functions by other names, and what is looked for from another side.

drop function if exists is_skipped(integer[], timestamp, timestamp);
