-- Watching: a person is told of what is late or held, and of a source that is silent.

-- Deadlines: at half time, and again when it is over, a person is told of a job that has not ended; once
-- each, and then it is looked at only for its end. Returns how many were told of.
create or replace function webhook_check_deadlines() returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there were few, it would read all that are still to come,
set enable_hashjoin = off   -- or all jobs
set enable_mergejoin = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v record;
  v_told integer := 0;
begin
  for v in
    select d.job, d.event, d.due_at, e.source, e.event_type, j.kind,
           coalesce(j.state in ('ready', 'leased', 'held', 'dead'), false) as is_open
    from webhook_deadlines d
    left join webhook_events e on e.id = d.event
    left join jobs j on j.id = d.job
    where d.alert_at <= v_now
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
      update webhook_deadlines
      set told = true, alert_at = case when v.due_at <= v_now then 'infinity' else due_at end
      where job = v.job;
      v_told := v_told + 1;
    end if;
  end loop;
  -- those that ended after they were told
  for v in
    delete from webhook_deadlines d where d.told and not exists (
      select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held', 'dead'))
    returning d.job
  loop
    perform clear_alert('webhooks.deadline:' || v.job);
  end loop;
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

-- Held events: no handler gets them before a person has looked. So one is told of each source, and again
-- when more come after the alert was cleared: by a person, or here when none is held any more. Those with
-- the id of another were told of as they came. What is older than a month is no news: so long is remembered
-- that somebody cleared the alert.
create or replace function webhook_check_held() returns void
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_sources text[] := array(select f from webhook_sources_held() f);
  v record;
begin
  for v in
    select l.* from unnest(v_sources) f(source) cross join lateral (
      select e.source, e.received_at as last_at, e.held_why as why from webhook_events e
      where e.held_why is not null and e.held_why not like 'its id is that of %'
        and e.source = f.source and e.received_at > v_now - interval '30 days'
      order by e.received_at desc limit 1) l
  loop
    continue when v.last_at <= (
      select a.last_at from alerts a where a.key = 'webhooks.held:' || v.source);
    perform raise_alert('webhooks.held:' || v.source, format(
      'events of %s are held, and no handler gets them: %s. Look at them: holdfast webhooks list --held '
      '--source %s; let one go: holdfast webhooks release ID', v.source, v.why, v.source),
      jsonb_build_object('source', v.source, 'last_at', v.last_at));
  end loop;
  perform clear_alert(a.key) from alerts a
  where a.cleared_at is null and starts_with(a.key, 'webhooks.held:')
    and not a.details ->> 'source' = any (v_sources);
end
$$;

-- The sources of which events are held: a jump through the index for each, not a walk over all.
create or replace function webhook_sources_held() returns setof text
language sql stable
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
  with recursive held as (
    (select e.source from webhook_events e
     where e.held_why is not null and e.held_why not like 'its id is that of %'
     order by e.source limit 1)
    union all
    select (select e.source from webhook_events e
            where e.held_why is not null and e.held_why not like 'its id is that of %'
              and e.source > h.source order by e.source limit 1)
    from held h where h.source is not null
  )
  select source from held where source is not null
$$;
