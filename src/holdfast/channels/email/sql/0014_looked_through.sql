-- How far the old emails were looked through, where many stay behind that may not go yet (they are dead
-- letters): what was found to stay is not looked at again by every pass. See email_next_ended.
create table email_looked_through (
  task     text primary key,       -- bodies, or metadata
  at       timestamptz not null,   -- the last email that was looked at
  email    uuid not null,
  kept     integer not null,       -- so many of this round stay
  began_at timestamptz not null    -- of this round
);
