-- A tick whose job could not be enqueued is tried again later, and stays the tick that it is.
alter table schedules add column retry_at timestamptz;
