-- When a queue or a breaker was paused is no age of its jobs (pauses_of).
create index operations_pauses on operations
  ((coalesce(filter ->> 'queue', filter ->> 'breaker')), at) where action in ('pause', 'resume');

-- A function that takes more is made anew, by another name.
drop function if exists time_held(uuid, timestamptz);
