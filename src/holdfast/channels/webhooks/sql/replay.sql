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
    'matching', count(*), 'replayable', count(*) filter (where c.why is null),
    'excluded', coalesce((select jsonb_object_agg(x.why, x.n) from (
      select d.why, count(*) as n from webhook_replay_candidates(p_filter, p_kinds) d
      where d.why is not null group by d.why) x), '{}'))
  into v from webhook_replay_candidates(p_filter, p_kinds) c;
  return v;
end
$$;

create or replace function webhook_replay_candidates(p_filter jsonb, p_kinds text[])
returns table (id uuid, why text)
language plpgsql stable
set search_path from current
as $$
declare
  v record;
begin
  perform check_filter(p_filter, '{source,type,object,since,until,ids,after}');
  select * into v from jsonb_to_record(p_filter) as f(
    source text, type text, object text, since timestamptz, until timestamptz, ids uuid[], after uuid);
  return query
    select e.id, case
      when e.held_why is not null then 'held'
      when exists (select from jobs j where j.id = any (e.jobs) and j.state in ('ready', 'leased', 'held')
                   and (p_kinds is null or j.kind = any (p_kinds))) then 'running'
      when not exists (select from webhook_wanted(webhook_described(e), p_kinds))
        then 'no handler' end
    from webhook_events e
    where (v.source is null or e.source = v.source)
      and (v.type is null or webhook_wants(v.type, e.event_type)
           or e.event_types is not null and webhook_wants_any(v.type, e.event_types))
      and (v.object is null or e.object_id = v.object)
      and (v.since is null or e.received_at >= v.since)
      and (v.until is null or e.received_at < v.until)
      and (v.ids is null or e.id = any (v.ids))
      and (v.after is null or e.id > v.after);
end
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
    select c.id from webhook_replay_candidates(p_filter, p_kinds) c
    where c.why is null order by c.id limit p_limit
  loop
    select * into v_event from webhook_events e where e.id = v_id for update;
    event := v_id;
    jobs := webhook_enqueue(v_event, v_now, p_kinds, case when p_rate is not null
      then coalesce(p_from, v_now) + make_interval(secs => v_count / p_rate) end);
    v_count := v_count + 1;
    return next;
  end loop;
  if v_count > p_made then
    perform record_operation('replay events', p_who, p_why, p_filter, v_count - p_made);
  end if;
end
$$;
