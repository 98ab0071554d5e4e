-- Events that were stored before secrets that are sent themselves were hidden still have them in their
-- headers. A walk over all of them, a bite at a time; the row is gone when it is through. A day more,
-- for processes of the release before.
create table webhook_hidings (
  place uuid primary key,          -- the last event that was looked at
  until timestamptz not null       -- what was received later is hidden already
);
insert into webhook_hidings (place, until)
values ('00000000-0000-0000-0000-000000000000', clock_timestamp() + interval '1 day');
