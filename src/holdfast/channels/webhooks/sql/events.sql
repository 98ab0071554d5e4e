-- Events: what came, as handlers, lists and readers see it.

-- What attempts need of their events. `newer` says that a later one of the same object has come: what
-- this one tells may be out of date, and only a look at the sender's side is sure. `paused` says why it is
-- not to be handled now, if a person has said so.
create or replace function webhook_load_many(p_ids uuid[]) returns table (
  id uuid, source text, account text, event_id text, event_type text, object_id text,
  livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text,
  via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamptz,
  redacted_at timestamptz, newer boolean, url text, event_types text[], paused text)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- with statistics from a quiet hour it would read all events for a batch
set jit = off
as $$
begin
  return query
    select e.id, e.source, e.account, e.event_id, e.event_type, e.object_id, e.livemode, e.created,
           e.body, e.headers, e.scheme, e.verified_by, e.via, e.held_why, e.body_sha256, e.jobs,
           e.received_at, e.redacted_at,
           e.object_id is not null and exists (
             select from webhook_events n
             where n.source = e.source and n.account = e.account and n.object_id = e.object_id
               and n.held_why is null
               and (n.created > e.created
                    or n.created is not distinct from e.created and n.id > e.id)),
           e.url, e.event_types,
           (select webhook_paused(p) from webhook_pauses p
            where p.source = e.source and p.resumed_at is null and coalesce(p.ends_at > clock(), true)
              and (webhook_wants(p.pattern, e.event_type)
                   or e.event_types is not null and webhook_wants_any(p.pattern, e.event_types)) limit 1)
    from webhook_events e where e.id = any (p_ids);
end
$$;

-- One of them.
create or replace function webhook_load(p_id uuid) returns table (
  id uuid, source text, account text, event_id text, event_type text, object_id text,
  livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text,
  via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamptz,
  redacted_at timestamptz, newer boolean, url text, event_types text[], paused text)
language sql stable
set search_path from current
as $$
  select * from webhook_load_many(array[p_id])
$$;

-- "done", "1 dead, 2 done", or "no handler".
create or replace function webhook_states(p_jobs uuid[]) returns text
language sql stable
set search_path from current
as $$
  select case when cardinality(p_jobs) = 0 then 'no handler' else coalesce(
    (select string_agg(case when cardinality(p_jobs) = 1 then state else n || ' ' || state end, ', '
                       order by state)
     from (select state, count(*) as n from jobs where id = any (p_jobs) group by state) s),
    'finished, forgotten') end
$$;

-- The events, newest first, with what became of their jobs. The filter knows source, type (a
-- pattern), object, held (true), since, until (as webhook_moment reads them) and before (an id: the page
-- after it). A type has no index: it is looked for from the newest on, in windows of time, among a million
-- events of a source; then an error says how it goes on.
create or replace function webhook_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id uuid, received_at timestamptz, source text, event_type text, event_id text, states text,
  redeliveries integer, size integer, object_id text, held_why text, via text)
language plpgsql stable
set search_path from current
as $$
declare
  v_limit integer := list_limit(p_limit);
  v_since timestamptz := coalesce(webhook_moment(p_filter ->> 'since'), '-infinity');
  v_until timestamptz := coalesce(webhook_moment(p_filter ->> 'until'), 'infinity');
  v_from timestamptz := v_since;
  v_size integer := least(1000, most_looked_through());
  v_looked integer := 0;
  v_found integer := 0;
  v_now integer;
begin
  perform check_filter(p_filter, '{source,type,object,held,since,until,before}');
  if p_filter ->> 'before' is not null then
    v_until := least(v_until, (select e.received_at + interval '1 microsecond' from webhook_events e
                               where e.id = (p_filter ->> 'before')::uuid));
  end if;
  while v_looked < most_looked_through() loop
    if p_filter ? 'type' and not p_filter ?| '{object,held}' then
      v_from := greatest(v_since, webhook_window(p_filter ->> 'source', v_until, v_size));
    end if;
    return query select * from webhook_list_between(p_filter, v_from, v_until, v_limit - v_found);
    get diagnostics v_now = row_count;
    v_found := v_found + v_now;
    if v_found >= v_limit or v_from <= v_since then
      return;
    end if;
    v_looked := v_looked + v_size;
    v_until := v_from;
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of the newest % events of a source % are of the type "%": fewer than a page', v_looked,
    v_found, left(p_filter ->> 'type', 100) using errcode = 'JQ005', hint = format(
      'ask for a source, an object or a time; %sor go on with until %s',
      case when v_found > 0 then 'or with limit ' || v_found || ' for those; ' else '' end,
      to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
end
$$;

-- Where a window of time begins that ends there, so that of each source so many events are in it, at most.
create or replace function webhook_window(p_source text, p_until timestamptz, p_size integer)
returns timestamptz
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while there was nothing, it would read all of it later
set enable_sort = off
set enable_bitmapscan = off
set jit = off
as $$
begin
  return (
    select coalesce(max(w.at), '-infinity')
    from (select p_source where p_source is not null union all
          select * from webhook_sources_seen() where p_source is null) s(source)
    cross join lateral (
      select o.received_at as at from webhook_events o
      where o.source = s.source and o.received_at < p_until
      order by o.received_at desc offset p_size - 1 limit 1) w);
end
$$;

-- Those of that time. Each source is walked back by itself, so that neither a time nor a source with few
-- events makes anybody read those of all others.
create or replace function webhook_list_between(
  p_filter jsonb, p_from timestamptz, p_until timestamptz, p_limit integer)
returns table (
  id uuid, received_at timestamptz, source text, event_type text, event_id text, states text,
  redeliveries integer, size integer, object_id text, held_why text, via text)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
set enable_seqscan = off   -- planned while there was nothing, it would read all of it later
set enable_sort = on
set jit = off
as $$
declare
  v record;
begin
  select f.source, f.type, f.object, f.held, f.before, b.received_at as at into v
  from jsonb_to_record(p_filter) as f(source text, type text, object text, held boolean, before uuid)
  left join webhook_events b on b.id = f.before;
  if v.object is null and v.held is null then   -- where no statistics are yet it would sort all of a source
    perform set_config('enable_sort', 'off', true);
  end if;
  return query
    select e.id, e.received_at, e.source, e.event_type, e.event_id,
           case when e.held_why is null then webhook_states(e.jobs) else 'held' end,
           k.redeliveries, octet_length(e.body), e.object_id, e.held_why, e.via
    from (select w.*
          from (select v.source where v.source is not null union all
                select * from webhook_sources_seen() where v.source is null) s(source)
          cross join lateral (
            select * from webhook_events o
            where o.source = s.source
              and (v.type is null or webhook_wants(v.type, o.event_type)
                   or o.event_types is not null and webhook_wants_any(v.type, o.event_types))
              and (v.object is null or o.object_id = v.object)
              and (v.held is null or v.held and o.held_why is not null
                   or not v.held and o.held_why is null)   -- as the index of the held ones says it
              and o.received_at >= p_from and o.received_at < p_until
              and (v.before is null   -- by both: ids and times of one moment differ in their order
                   or case when v.at is null then o.id < v.before
                      else (o.received_at, o.id) < (v.at, v.before) end)
            order by o.received_at desc, o.id desc limit p_limit) w
          order by w.received_at desc, w.id desc limit p_limit) e
    left join webhook_keys k
      on k.source = e.source and k.account = e.account and k.event_id = e.event_id
    order by e.received_at desc, e.id desc;
end
$$;

-- One event, its jobs, and how often it came; of a job that forwards it, where to.
create or replace function webhook_show(p_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
  select to_jsonb(e) - 'body' - 'jobs' - 'xact' - 'body_sha256' || jsonb_build_object(
    'size', octet_length(e.body), 'body_sha256', encode(e.body_sha256, 'hex'),
    'redeliveries', k.redeliveries, 'mismatches', k.mismatches, 'last_seen_at', k.last_seen_at,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('id', j.id, 'kind', j.kind, 'state', j.state,
      'attempts', j.attempts, 'because', j.because, 'endpoint', coalesce(t.name, j.payload ->> 'endpoint'))
      order by j.kind, j.id)
      from jobs j left join webhook_endpoints t on t.id = webhook_id_or_null(j.payload ->> 'endpoint')
      where j.id = any (e.jobs)), '[]'))
  from webhook_events e
  left join webhook_keys k
    on k.source = e.source and k.account = e.account and k.event_id = e.event_id
  where e.id = p_id
$$;

-- The event that somebody means: our whole id, or the sender's own id of it, or at least the first or
-- last six digits of ours. In this order: a sender may call his event by the id of another one.
create or replace function webhook_find(p_text text) returns uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_digits text := lower(replace(btrim(p_text), '-', ''));
  v_found uuid[];
begin
  if v_digits ~ '^[0-9a-f]{32}$' then
    v_found := array(select e.id from webhook_events e where e.id = v_digits::uuid);
  end if;
  if v_found is null or v_found = '{}' then
    v_found := array(select k.event from webhook_keys k where k.event_id = btrim(p_text) limit 2);
  end if;
  if v_found = '{}' and v_digits ~ '^[0-9a-f]{6,32}$' then
    v_found := array(
      select e.id from webhook_events e
      where e.id between rpad(v_digits, 32, '0')::uuid and rpad(v_digits, 32, 'f')::uuid
      order by e.id desc limit 2);
    if v_found = '{}' then   -- no index knows how an id ends: the newest million are read
      v_found := array(
        select e.id from (
          select o.id from webhook_events o order by o.id desc limit most_looked_through()) e
        where replace(e.id::text, '-', '') like '%' || v_digits limit 2);
    end if;
  end if;
  if cardinality(v_found) = 0 then
    raise exception 'no event with the id "%"', left(p_text, 100) using errcode = 'JQ001',
      hint = 'see: holdfast webhooks list'
        || case when v_digits ~ '^[0-9a-f]{6,31}$'
             then '; by the last digits the newest million are found, an older one by its first' else '' end;
  elsif cardinality(v_found) > 1 then
    raise exception 'several events have an id that begins or ends with "%"', left(p_text, 100)
      using errcode = 'JQ005', hint = 'give more digits, for example of ' || v_found[1];
  end if;
  return v_found[1];
end
$$;

-- The events after a place, in the order in which their transactions were numbered; for readers who
-- must not miss any. A transaction that is still open may yet bring an event: nothing is given that is
-- not older than all of those, so what was given is never followed by something from before it.
create or replace function webhook_after(
  p_xact xid8 default '0', p_id uuid default null, p_source text default null,
  p_type text default null, p_limit integer default 100
) returns table (
  xact xid8, id uuid, source text, event_id text, event_type text, object_id text,
  received_at timestamptz, body bytea, headers jsonb, scheme text, held_why text)
language sql stable
set search_path from current
as $$
  select e.xact, e.id, e.source, e.event_id, e.event_type, e.object_id, e.received_at, e.body,
         e.headers, e.scheme, e.held_why
  from webhook_events e
  where (e.xact, e.id) > (p_xact, coalesce(p_id, '00000000-0000-0000-0000-000000000000'))
    and e.xact < (select webhook_numbered(pg_snapshot_xmin(pg_current_snapshot())))
    and (p_source is null or e.source = p_source)
    and (p_type is null or webhook_wants(p_type, e.event_type)
         or e.event_types is not null and webhook_wants_any(p_type, e.event_types))
  order by e.xact, e.id limit list_limit(p_limit)
$$;
