-- The jobs of a batch of events are handed on by event, with the mode of their handlers.

drop function if exists webhook_make_jobs(jsonb, uuid[], timestamptz);
drop function if exists webhook_jobs(jsonb, uuid[], timestamptz, text[]);
