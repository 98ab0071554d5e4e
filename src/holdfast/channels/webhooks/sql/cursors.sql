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
  where e.xact < (select webhook_numbered(pg_snapshot_xmin(pg_current_snapshot())))
  order by e.xact desc, e.id desc limit 1
$$;

-- How far numbers have come. Events go when they are old, the places of readers stay: both are asked.
create or replace view webhook_latest as
  select greatest((select e.xact from webhook_events e order by e.xact desc limit 1),
                  (select max(c.xact) from webhook_cursors c)) as xact
  offset 0;   -- a value of its own: what is made of it then costs no call

-- The number of a transaction of this server, by which readers go. A dump brings events whose numbers are
-- another server's, and they may be higher than any here: then all of this one's come behind them. The
-- upper 16 bits say how often that was so, the lower 48 are the server's own number.
create or replace function webhook_number(p_xact xid8, p_latest xid8) returns xid8
language sql stable as $$
  select (p_xact::text::bigint + case
    when p_latest is null then 0
    when p_latest::text::bigint % 281474976710656 > greatest(   -- what is seen of this server is below
           pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()),
           pg_catalog.pg_current_xact_id_if_assigned())::text::bigint
      then (p_latest::text::bigint / 281474976710656 + 1) * 281474976710656
    else p_latest::text::bigint / 281474976710656 * 281474976710656 end)::text::xid8
$$;

-- The same, of one.
create or replace function webhook_numbered(p_xact xid8) returns xid8
language plpgsql stable
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while there was nothing, it would read all of it later
set jit = off
as $$
begin
  return webhook_number(p_xact, l.xact) from webhook_latest l;
end
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
