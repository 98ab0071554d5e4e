-- Alerts: raised by whoever notices, told once by whichever worker comes first, cleared by what
-- raised it or by a person. They are rows, so the alarm does not depend on the handler that failed.
--
-- Where an application listens (`hf.on_alert`, which makes the queue `alerts`), each newly raised one
-- is a job as well, with the attempts and the dead letter of any other. What was open before anybody
-- listened becomes one when that queue is made.

-- Says that something is wrong. True if that is news; again, it is counted.
create or replace function raise_alert(p_key text, p_text text, p_details jsonb default '{}')
returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_news boolean;
begin
  insert into alerts as a (key, text, details, raised_at, last_at, times)
  values (left(p_key, 300), p_text, coalesce(p_details, '{}'), v_now, v_now, 1)
  on conflict (key) do update set
    text = excluded.text, details = excluded.details, last_at = excluded.last_at,
    raised_at = case when a.cleared_at is null then a.raised_at else excluded.raised_at end,
    times = case when a.cleared_at is null then a.times + 1 else 1 end,
    told_at = case when a.cleared_at is null then a.told_at end,
    cleared_at = null, cleared_by = null
  returning a.times = 1 into v_news;
  if v_news and exists (select from queues where name = 'alerts') then
    perform enqueue('alerts', 'alert', jsonb_build_object(
      'key', left(p_key, 300), 'text', p_text, 'details', coalesce(p_details, '{}'),
      'raised_at', v_now));
  end if;
  return v_news;
end
$$;

-- The open ones, the oldest first, for a listener that is new.
create or replace function hand_over_alerts() returns void
language sql
set search_path from current
as $$
  select enqueue_payloads('alerts', 'alert', jsonb_agg(jsonb_build_object(
    'key', a.key, 'text', a.text, 'details', a.details, 'raised_at', a.raised_at) order by a.raised_at))
  from alerts a where a.cleared_at is null having count(*) > 0
$$;

-- It is well again, or a person has seen to it. True if it was open.
create or replace function clear_alert(p_key text, p_who text default null, p_why text default null)
returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  update alerts set cleared_at = v_now, cleared_by = p_who
  where key = p_key and cleared_at is null;
  if not found then
    return false;
  end if;
  if p_who is not null then
    perform record_operation('clear alert', p_who, p_why, jsonb_build_object('key', p_key), 1);
  end if;
  return true;
end
$$;

-- What is open, the newest first; with p_all also what was cleared, for as long as it is remembered.
create or replace function alert_list(p_all boolean default false, p_limit integer default 50)
returns setof alerts
language sql stable
set search_path from current
as $$
  select * from alerts a where p_all or a.cleared_at is null
  order by a.cleared_at is not null, a.raised_at desc limit list_limit(p_limit)
$$;

-- The alerts that nobody has written to a log yet; whoever asks does that now.
create or replace function take_alerts(p_limit integer default 100) returns setof alerts
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  return query
    with news as materialized (
      select a.key from alerts a where a.told_at is null
      order by a.key limit p_limit for update skip locked
    )
    update alerts a set told_at = v_now from news where a.key = news.key
    returning a.*;
end
$$;

-- Forgets what was cleared a month ago.
create or replace function prune_alerts(p_now timestamptz) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- by its index, whatever was counted
set jit = off
as $$
declare
  v_gone integer;
begin
  delete from alerts where cleared_at < p_now - interval '30 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
