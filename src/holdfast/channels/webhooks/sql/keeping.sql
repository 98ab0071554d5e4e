-- Upkeep of the inbox: what is too old goes, what is private goes earlier, and what is silent is told.
-- Any worker calls this every few seconds; each task runs once in its time, whoever comes first.

create or replace function webhook_upkeep_step() returns void
language plpgsql
set search_path from current
as $$
begin
  perform webhook_check_deadlines();
  if webhook_is_due('retention', interval '10 seconds') then
    perform webhook_prune(), webhook_redact(), webhook_prune_messages();
  end if;
  if webhook_is_due('silence', interval '1 minute') then
    perform webhook_check_silence();
  end if;
end
$$;

-- True for one caller in that time.
create or replace function webhook_is_due(p_task text, p_every interval) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_upkeep (task, ran_at) values (p_task, '-infinity') on conflict do nothing;
  perform from webhook_upkeep u
  where u.task = p_task and (u.ran_at <= v_now - p_every or u.ran_at > v_now)
  for update skip locked;
  if not found then
    return false;
  end if;
  update webhook_upkeep set ran_at = v_now where task = p_task;
  return true;
end
$$;

-- Deletes events that are older than their source's retention, a bite at a time; ninety days
-- where nobody has said. Never one whose jobs are still to end, or are dead letters.
-- Dedupe keys live at least ninety days, and as long as their events. Returns how many events went.
create or replace function webhook_prune(p_limit integer default 500) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_source record;
  v_gone integer;
  v_total integer := 0;
begin
  for v_source in
    select f.source, coalesce(s.retention, interval '90 days') as retention
    from webhook_sources_seen() f(source) left join webhook_keeping() s on s.name = f.source
  loop
    delete from webhook_events e where e.id = any (array(
      select o.id from webhook_events o
      where o.source = v_source.source and o.received_at < v_now - v_source.retention
        and not exists (select from jobs j where j.id = any (o.jobs)
                        and j.state in ('ready', 'leased', 'held', 'dead'))
      order by o.received_at limit p_limit for update skip locked));
    get diagnostics v_gone = row_count;
    v_total := v_total + v_gone;
    delete from webhook_keys k where k.ctid = any (array(
      select o.ctid from webhook_keys o
      where o.received_at < v_now - greatest(v_source.retention, interval '90 days')
        and o.source = v_source.source
        and o.last_seen_at < v_now - greatest(v_source.retention, interval '90 days')
      order by o.received_at limit p_limit for update skip locked));
  end loop;
  delete from webhook_refusals where day < (v_now - interval '90 days')::date;
  delete from webhook_refusal_samples where at < v_now - interval '30 days';
  delete from webhook_deadlines d where d.due_at < v_now - interval '1 day' and not exists (
    select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held'));
  return v_total;
end
$$;

-- The sources that have events: a jump through the index for each, not a walk over events.
create or replace function webhook_sources_seen() returns setof text
language sql stable
set search_path from current
as $$
  with recursive seen as (
    (select e.source from webhook_events e order by e.source limit 1)
    union all
    select (select e.source from webhook_events e where e.source > s.source order by e.source limit 1)
    from seen s where s.source is not null
  )
  select source from seen where source is not null
$$;

-- Takes private values out of events of that age: what stands at the source's redact_paths (JSON
-- pointers, * for any element) and in its redact_headers. The hash of the body, its size's trace and
-- the dedupe key stay. A body that can not be changed in place is taken out whole. Where more was said
-- to be private since, it is done again. Returns how many.
create or replace function webhook_redact(p_limit integer default 200) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_source webhook_sources;
  v_event record;
  v_count integer := 0;
begin
  for v_source in
    select * from webhook_sources
    where redact_after is not null and (redact_paths <> '{}' or redact_headers <> '{}')
  loop
    for v_event in
      select e.id, e.body, e.headers from webhook_events e
      where e.source = v_source.name and e.received_at < v_now - v_source.redact_after
        and (e.redacted_at is null or e.redacted_at < v_source.redact_again)
      order by e.received_at limit p_limit for update skip locked
    loop
      update webhook_events set
        body = webhook_redacted(v_event.body, v_source.redact_paths),
        headers = webhook_redacted_headers(v_event.headers, v_source.redact_headers),
        redacted_at = v_now
      where id = v_event.id;
      v_count := v_count + 1;
    end loop;
  end loop;
  return v_count;
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

create or replace function webhook_redacted_headers(p_headers jsonb, p_names text[]) returns jsonb
language sql immutable
set search_path from current
as $$
  select coalesce(jsonb_agg(case when lower(h.pair ->> 0) = any (select lower(n) from unnest(p_names) n)
    then jsonb_build_array(h.pair ->> 0, '[redacted]') else h.pair end order by h.n), '[]')
  from jsonb_array_elements(p_headers) with ordinality h(pair, n)
$$;

-- Deadlines: at half time, and again when it is over, a person is told of a job that has not ended.
-- Returns how many alerts there are now.
create or replace function webhook_check_deadlines() returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v record;
  v_told integer := 0;
begin
  for v in
    select d.job, d.event, d.due_at, d.told, e.source, e.event_type, j.kind,
           coalesce(j.state in ('ready', 'leased', 'held', 'dead'), false) as is_open
    from webhook_deadlines d
    left join webhook_events e on e.id = d.event
    left join jobs j on j.id = d.job
    where d.alert_at <= v_now and (not d.told or d.due_at <= v_now)
    order by d.alert_at limit 200 for update of d skip locked
  loop
    if not v.is_open then
      delete from webhook_deadlines where job = v.job;
      perform clear_alert('webhooks.deadline:' || v.job);
    else
      perform raise_alert('webhooks.deadline:' || v.job, format(
        '%s of %s %s: handler %s %s at %s', v.event_type, v.source, v.event, v.kind,
        case when v.due_at <= v_now then 'was to be through' else 'has to be through' end, v.due_at),
        jsonb_build_object('event', v.event, 'job', v.job, 'due_at', v.due_at));
      update webhook_deadlines set told = true where job = v.job and not told;
      v_told := v_told + 1;
    end if;
  end loop;
  -- those that ended after they were told
  delete from webhook_deadlines d where d.told and not exists (
    select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held', 'dead'));
  perform clear_alert(a.key) from alerts a
  where a.cleared_at is null and a.key like 'webhooks.deadline:%' and not exists (
    select from webhook_deadlines d where a.key = 'webhooks.deadline:' || d.job);
  return v_told;
end
$$;

-- Silence: nothing came for many times the longest usual gap. What is usual is learned from the last
-- 200 events: nine of ten gaps are shorter than the tenth longest, and a source that sleeps at night
-- has its nights among them. An endpoint that the sender has disabled tells nobody else.
create or replace function webhook_check_silence() returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v record;
  v_silent integer := 0;
begin
  for v in
    select s.name, s.silence, g.last_at, g.usual, g.events
    from webhook_keeping() s cross join lateral (
      select max(t.at) as last_at, count(*) as events,
             percentile_disc(0.98) within group (order by t.gap) as usual
      from (select l.received_at as at,
                   l.received_at - lag(l.received_at) over (order by l.received_at) as gap
            from (select e.received_at from webhook_events e where e.source = s.name
                  order by e.received_at desc limit 200) l) t) g
    where s.silence is not null
  loop
    if v.events < 20 then
      continue;
    elsif v_now - v.last_at > greatest(v.usual * v.silence, interval '1 minute') then
      perform raise_alert('webhooks.silent:' || v.name, format(
        'nothing from %s since %s; usually something comes within %s. Is the endpoint still enabled '
        'on their side?', v.name, v.last_at, date_trunc('second', v.usual)),
        jsonb_build_object('source', v.name, 'last_at', v.last_at));
      v_silent := v_silent + 1;
    else
      perform clear_alert('webhooks.silent:' || v.name);
    end if;
  end loop;
  return v_silent;
end
$$;
