-- A dead letter that a person changed and replayed goes on as another job. It belongs to the event, or the
-- message, that it names: they are shown together, and the body stays as long as it is needed.

-- What a payload names, which anybody may have written; null if it can be no id.
create or replace function webhook_id_or_null(p_text text) returns uuid
language sql immutable
set search_path from current
as $$
  select case when p_text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end
$$;

-- Of the newest operations those of the last hour that made such a job; each is heeded once. Returns how
-- many were.
create or replace function webhook_follow_edits() returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_since timestamptz := clock() - interval '1 hour';
  v_newest bigint := (select o.id from operations o order by o.id desc limit 1);
  v record;
  v_count integer := 0;
begin
  for v in
    select (o.filter ->> 'became')::uuid as job, j.payload ->> 'event' as event, j.payload ->> 'message' as message
    from operations o join jobs j on j.id = (o.filter ->> 'became')::uuid
    where o.id > v_newest - 10000 and o.at > v_since and o.action = 'replay'
      and o.filter ->> 'became' <> o.filter ->> 'id' and j.kind like 'webhook:%'
    order by o.id
  loop
    update webhook_events e set jobs = e.jobs || v.job
    where e.id = webhook_id_or_null(v.event) and not e.jobs @> array[v.job];
    v_count := v_count + found::integer;
    update webhook_messages m set jobs = m.jobs || v.job
    where m.id = webhook_id_or_null(v.message) and not m.jobs @> array[v.job];
    v_count := v_count + found::integer;
  end loop;
  return v_count;
end
$$;
