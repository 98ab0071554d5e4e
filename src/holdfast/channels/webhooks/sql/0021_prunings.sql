-- How far the old events of a source were looked through, where many stay behind that may not go yet (their
-- jobs are dead letters): what was found to stay is not looked at again by every pass. See
-- webhook_prune_source.
create table webhook_prunings (
  source   text primary key,
  at       timestamptz not null,   -- the last event that was looked at
  event    uuid not null,
  kept     integer not null,       -- so many of this round stay
  began_at timestamptz not null    -- of this round
);
