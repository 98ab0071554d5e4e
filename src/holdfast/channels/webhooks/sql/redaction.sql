-- Redaction: what is private goes before the event does, and a secret that was kept once at once.

-- Takes private values out of events of that age: what stands at the source's redact_paths (JSON
-- pointers, * for any element) and in its redact_headers. The hash of the body, its size's trace and
-- the dedupe key stay. A body that cannot be changed in place is taken out whole. Where more was said
-- to be private since, it is done again. Returns how many.
create or replace function webhook_redact(p_limit integer default webhook_bite()) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_source webhook_sources;
  v_count integer := 0;
begin
  for v_source in
    select * from webhook_sources
    where redact_after is not null and (redact_paths <> '{}' or redact_headers <> '{}')
  loop
    v_count := v_count + webhook_redact_source(v_source, v_now, p_limit);
  end loop;
  return v_count;
end
$$;

-- Those of one source, from where the last pass came to. An event that was received before that and is
-- not committed yet, or that somebody holds locked, must not be passed over: so the mark moves to where
-- nothing is left, and only when every transaction of that time has ended and this pass has looked
-- again. Five minutes are left for clocks.
create or replace function webhook_redact_source(
  p_source webhook_sources, p_now timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_end timestamptz := p_now - p_source.redact_after;
  v_mark webhook_redactions;
  v_all_seen boolean;
  v_event record;
  v_left timestamptz;
  v_count integer := 0;
begin
  insert into webhook_redactions (source, again, reached)
  values (p_source.name, p_source.redact_again, '-infinity') on conflict do nothing;
  select * into v_mark from webhook_redactions where source = p_source.name for update;
  if v_mark.again is distinct from p_source.redact_again then
    v_mark.reached := '-infinity';
    v_mark.seen_xact := null;
  end if;
  v_all_seen := v_mark.seen_xact <= pg_snapshot_xmin(pg_current_snapshot());
  for v_event in select * from webhook_unredacted(p_source, v_mark.reached, v_end, p_limit) loop
    update webhook_events set
      body = webhook_redacted(v_event.body, p_source.redact_paths),
      headers = webhook_redacted_headers(v_event.headers, p_source.redact_headers),
      redacted_at = p_now
    where id = v_event.id;
    v_count := v_count + 1;
  end loop;
  select min(u.received_at) into v_left
  from webhook_unredacted(p_source, v_mark.reached, v_end, 1, false) u;
  if v_all_seen then
    v_mark.reached := least(v_mark.seen, v_left);
  end if;
  if v_all_seen or v_mark.seen_xact is null
     or v_mark.seen_xact > pg_snapshot_xmax(pg_current_snapshot()) then   -- of another server, by a dump
    v_mark.seen := least(v_end, p_now - interval '5 minutes');
    v_mark.seen_xact := pg_snapshot_xmax(pg_current_snapshot());
  end if;
  update webhook_redactions
  set (again, reached, seen, seen_xact)
    = (p_source.redact_again, v_mark.reached, v_mark.seen, v_mark.seen_xact)
  where source = p_source.name;
  return v_count;
end
$$;

-- The oldest events of a source in that time that have private values yet, locked for the caller.
create or replace function webhook_unredacted(
  p_source webhook_sources, p_from timestamptz, p_until timestamptz, p_limit integer,
  p_lock boolean default true) returns setof webhook_events
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while the table was empty, it would read all of it later
set jit = off
as $$
begin
  if p_lock then
    return query
      select * from webhook_events e
      where e.source = p_source.name and e.received_at >= p_from and e.received_at < p_until
        and (e.redacted_at is null or e.redacted_at < p_source.redact_again)
      order by e.received_at limit p_limit for update skip locked;
  else
    return query
      select * from webhook_events e
      where e.source = p_source.name and e.received_at >= p_from and e.received_at < p_until
        and (e.redacted_at is null or e.redacted_at < p_source.redact_again)
      order by e.received_at limit p_limit;
  end if;
end
$$;

-- Takes secrets that were sent themselves out of the headers of events that were stored with them. It
-- keeps a minute behind: what is just being stored may have an earlier id than what it would have
-- passed. Returns how many events it looked at; 0 when the walk is through, and from then on.
create or replace function webhook_hide_secrets(p_limit integer default webhook_bite()) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_until timestamptz := clock() - interval '1 minute';
  v_walk webhook_hidings;
  v_ids uuid[];
begin
  select * into v_walk from webhook_hidings for update skip locked;
  if not found then
    return 0;
  end if;
  v_ids := array(
    select e.id from webhook_events e where e.id > v_walk.place and e.received_at < v_until
    order by e.id limit p_limit);
  update webhook_events e set headers = webhook_masked_headers(e.headers, array[h.header], '[hidden]')
  from webhook_events o
  left join webhook_sources s on s.name = o.source
  cross join lateral webhook_sent_secret(o.scheme, s.settings) h(header)
  where e.id = o.id and o.id = any (v_ids) and h.header is not null
    and o.received_at < v_walk.until and exists (
      select from jsonb_array_elements(o.headers) p
      where lower(p ->> 0) = lower(h.header) and p ->> 1 <> '[hidden]');
  if cardinality(v_ids) > 0 then
    update webhook_hidings set place = v_ids[cardinality(v_ids)];
  elsif v_until >= v_walk.until then
    delete from webhook_hidings;
  end if;
  return cardinality(v_ids);
end
$$;

create or replace function webhook_redacted(p_body bytea, p_paths text[]) returns bytea
language plpgsql immutable
set search_path from current
as $$
declare
  v_document jsonb;
  v_path text;
begin
  if p_paths = '{}' then
    return p_body;
  end if;
  begin
    v_document := convert_from(p_body, 'UTF8')::jsonb;
  exception when others then
    return ''::bytea;   -- no JSON, or none that Postgres can hold: nothing of it is kept by accident
  end;
  foreach v_path in array p_paths loop
    v_document := webhook_masked(v_document, string_to_array(substr(v_path, 2), '/'));
  end loop;
  return convert_to(v_document::text, 'UTF8');
end
$$;

-- The document without what stands at the path; a path that leads nowhere changes nothing.
create or replace function webhook_masked(p_document jsonb, p_path text[]) returns jsonb
language plpgsql immutable
set search_path from current
as $$
declare
  v_name text := replace(replace(p_path[1], '~1', '/'), '~0', '~');
begin
  if p_path = '{}' then
    return '"[redacted]"';
  elsif jsonb_typeof(p_document) = 'object' then
    return coalesce((
      select jsonb_object_agg(e.key, case when v_name in (e.key, '*')
        then webhook_masked(e.value, p_path[2:]) else e.value end)
      from jsonb_each(p_document) e), '{}');
  elsif jsonb_typeof(p_document) = 'array' then
    return coalesce((
      select jsonb_agg(case when v_name in ((e.n - 1)::text, '*')
        then webhook_masked(e.value, p_path[2:]) else e.value end order by e.n)
      from jsonb_array_elements(p_document) with ordinality e(value, n)), '[]');
  end if;
  return p_document;
end
$$;

create or replace function webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text)
returns jsonb
language sql immutable
set search_path from current
as $$
  select coalesce(jsonb_agg(case when lower(h.pair ->> 0) = any (select lower(n) from unnest(p_names) n)
    then jsonb_build_array(h.pair ->> 0, p_mask) else h.pair end order by h.n), '[]')
  from jsonb_array_elements(p_headers) with ordinality h(pair, n)
$$;

create or replace function webhook_redacted_headers(p_headers jsonb, p_names text[]) returns jsonb
language sql immutable
set search_path from current
as $$
  select webhook_masked_headers(p_headers, p_names, '[redacted]')
$$;
