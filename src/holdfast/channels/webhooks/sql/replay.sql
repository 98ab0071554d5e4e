-- Replay: new jobs for events that were handled before, all their handlers or one of them.
--
-- Dead letters are replayed by the engine; this is for events that ended well, and should not have: a
-- handler that was wrong, or is new. The same bytes, the same event, a new job for each handler.

-- What a replay of these events would be: {matching, replayable, excluded: {held, running, no handler}}.
create or replace function webhook_plan_replay(p_filter jsonb, p_kinds text[] default null)
returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v jsonb;
begin
  select jsonb_build_object(
    'matching', coalesce(sum(c.n), 0), 'replayable', coalesce(sum(c.n) filter (where c.why is null), 0),
    'excluded', coalesce(jsonb_object_agg(c.why, c.n) filter (where c.why is not null), '{}'))
  into v from (select d.why, count(*) as n from webhook_replay_candidates(p_filter, p_kinds) d
               group by d.why) c;
  return v;
end
$$;

-- The events that the filter names, oldest first, and why one cannot be handled again; null if it can.
-- With `first` in the filter only so many that can, and no more are looked at than that takes.
create or replace function webhook_replay_candidates(p_filter jsonb, p_kinds text[])
returns table (id uuid, why text)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
set cursor_tuple_fraction = 0.001   -- mostly a few are asked for, of many
set enable_seqscan = off   -- planned while the tables of jobs were empty, it would read all of them later
set jit = off
as $$
declare
  v record;
  v_left integer;
begin
  perform check_filter(p_filter, '{source,type,object,since,until,ids,after,first}');
  select * into v from jsonb_to_record(p_filter) as f(
    source text, type text, object text, since timestamptz, until timestamptz, ids uuid[], after uuid,
    first integer);
  v_left := v.first;
  if v_left is not null and coalesce(v.object, v.ids::text) is null then
    -- a bite of many: along their ids, which stand as they are asked for, and not all of them sorted
    perform set_config('enable_sort', 'off', true);
    v.after := coalesce(v.after, webhook_last_before(v.source, v.since));
  end if;
  for id, why in
    select e.id, case
      when e.held_why is not null then 'held'
      when e.jobs <> '{}' and exists (
        select from jobs j where j.id = any (e.jobs) and j.state in ('ready', 'leased', 'held')
          and (p_kinds is null or j.kind = any (p_kinds))) then 'running'
      when not exists (
        select from webhook_handlers h
        where h.source in (e.source, '*') and h.mode <> 'answer' and (p_kinds is null or h.kind = any (p_kinds))
          and (webhook_wants(h.pattern, e.event_type)
               or e.event_types is not null and webhook_wants_any(h.pattern, e.event_types)))
      and not exists (
        select from webhook_endpoints f cross join unnest(f.patterns) p
        where f.purpose = 'forward' and f.source in (e.source, '*')
          and (p_kinds is null or 'webhook:deliver' = any (p_kinds))
          and (webhook_wants(p, e.event_type)
               or e.event_types is not null and webhook_wants_any(p, e.event_types)))
        then 'no handler' end
    from (
      select w.id, w.source, w.event_type, w.event_types, w.held_why, w.jobs
      from webhook_events w
      where (v.source is null or w.source = v.source)
        and (v.type is null or webhook_wants(v.type, w.event_type)
             or w.event_types is not null and webhook_wants_any(v.type, w.event_types))
        and (v.object is null or w.object_id = v.object)
        and (v.since is null or w.received_at >= v.since)
        and (v.until is null or w.received_at < v.until)
        and (v.ids is null or w.id = any (v.ids))
        and (v.after is null or w.id > v.after)
      order by w.id offset 0) e   -- sorted first: of those that are not reached nothing is asked
  loop
    continue when v_left is not null and why is not null;
    exit when v_left <= 0;
    v_left := v_left - 1;
    return next;
  end loop;
end
$$;

-- The last event from before that moment, so that a walk along the ids need not begin at the first. A
-- minute is left, since ids and times of one moment differ in their order.
create or replace function webhook_last_before(p_source text, p_moment timestamptz) returns uuid
language sql stable
set search_path from current
set enable_seqscan = off
set jit = off
as $$
  select w.id
  from (select p_source where p_source is not null union all
        select * from webhook_sources_seen() where p_source is null) s(source)
  cross join lateral (
    select o.id from webhook_events o
    where o.source = s.source and o.received_at < p_moment - interval '1 minute'
    order by o.received_at desc limit 1) w
  order by w.id desc limit 1
$$;

-- Replays up to p_limit events in the order of their arrival, spaced by p_rate a second from p_from on.
-- Returns the jobs that were made, and the last event: give that as the filter's `after` to go on.
create or replace function webhook_replay(
  p_filter jsonb, p_who text, p_why text default null, p_kinds text[] default null,
  p_rate double precision default null, p_made integer default 0, p_limit integer default 500,
  p_from timestamptz default null
) returns table (event uuid, jobs uuid[])
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_id uuid;
  v_event webhook_events;
  v_count integer := p_made;
begin
  perform make_durable();
  for v_id in
    select c.id from webhook_replay_candidates(
      p_filter || jsonb_build_object('first', p_limit), p_kinds) c
  loop
    select * into v_event from webhook_events e where e.id = v_id for update;
    event := v_id;
    jobs := webhook_enqueue(v_event, v_now, p_kinds, case when p_rate is null then v_now
      else coalesce(p_from, v_now) + make_interval(secs => v_count / p_rate) end);
    v_count := v_count + 1;
    return next;
  end loop;
  if v_count > p_made then
    perform record_operation('replay events', p_who, p_why, p_filter, v_count - p_made);
  end if;
end
$$;
