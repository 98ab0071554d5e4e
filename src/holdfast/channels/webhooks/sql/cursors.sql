-- Cursors: read, move.

create or replace function webhook_cursor(p_name text) returns setof webhook_cursors
language sql stable
set search_path from current
as $$
  select * from webhook_cursors where name = p_name
$$;

create or replace function webhook_move_cursor(
  p_name text, p_xact xid8 default '0', p_event uuid default null, p_place text default null,
  p_reached timestamptz default null) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_cursors as c (name, xact, event, place, reached, updated_at)
  values (p_name, p_xact, p_event, p_place, p_reached, v_now)
  on conflict (name) do update
    set xact = excluded.xact, event = excluded.event, place = excluded.place,
        reached = excluded.reached, updated_at = excluded.updated_at;
end
$$;

-- The place behind everything that is there now, for a reader that begins with what comes.
create or replace function webhook_end() returns table (xact xid8, id uuid)
language sql stable
set search_path from current
as $$
  select e.xact, e.id from webhook_events e
  where e.xact < pg_snapshot_xmin(pg_current_snapshot())
  order by e.xact desc, e.id desc limit 1
$$;

-- Which of these ids of a source and account we do not have.
create or replace function webhook_missing(p_source text, p_account text, p_ids text[])
returns setof text
language sql stable
set search_path from current
as $$
  select i from unnest(p_ids) i
  where not exists (select from webhook_keys k
                    where k.source = p_source and k.account = p_account and k.event_id = i)
$$;
