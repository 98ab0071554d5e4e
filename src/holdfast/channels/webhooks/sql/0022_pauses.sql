-- What of a source is not handled now, by the word of a person: all of it, or the types of a pattern. A
-- row stays for an hour after it was resumed: a job that was looked at just before is held just after.
create table webhook_pauses (
  source     text not null,
  pattern    text not null,      -- invoice.*, or * for all
  paused_at  timestamptz not null,
  paused_by  text not null,
  why        text,
  ends_at    timestamptz,        -- by itself; without one, when a person says so
  resumed_at timestamptz,
  primary key (source, pattern)
);

drop function if exists webhook_load(uuid);
drop function if exists webhook_load_many(uuid[]);
