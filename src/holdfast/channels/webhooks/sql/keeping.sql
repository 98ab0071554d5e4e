-- Upkeep of the inbox: what is due is done, and what is too old goes. What is private goes in redaction.sql,
-- what is late or silent is told in watching.sql. Any worker calls this every few seconds; each task runs
-- once in its time, whoever comes first.

-- Of what is too old or private there may be more than fits into one go: it goes on for two seconds.
create or replace function webhook_upkeep_step() returns void
language plpgsql
set search_path from current
as $$
declare
  v_until timestamptz := clock_timestamp() + interval '2 seconds';
begin
  perform webhook_check_deadlines();
  if webhook_is_due('retention', interval '10 seconds') then
    perform webhook_prune_messages();
    loop
      exit when greatest(webhook_prune(), webhook_redact(), webhook_hide_secrets()) < webhook_bite()
        or clock_timestamp() > v_until;
    end loop;
  end if;
  if webhook_is_due('silence', interval '1 minute') then
    perform webhook_check_silence();
  end if;
end
$$;

-- So many events are deleted or redacted in one go.
create or replace function webhook_bite() returns integer
language sql immutable parallel safe
set search_path from current
as $$
  select 200
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
create or replace function webhook_prune(p_limit integer default webhook_bite()) returns integer
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

-- The sources that have events, or keys of some: a jump through the index for each, not a walk over all.
create or replace function webhook_sources_seen() returns setof text
language sql stable
set search_path from current
as $$
  with recursive seen as (
    (select k.source from webhook_keys k order by k.source limit 1)
    union all
    select (select k.source from webhook_keys k where k.source > s.source order by k.source limit 1)
    from seen s where s.source is not null
  ), with_events as (
    (select e.source from webhook_events e order by e.source limit 1)
    union all
    select (select e.source from webhook_events e where e.source > s.source order by e.source limit 1)
    from with_events s where s.source is not null
  )
  select source from seen where source is not null
  union
  select source from with_events where source is not null
$$;
