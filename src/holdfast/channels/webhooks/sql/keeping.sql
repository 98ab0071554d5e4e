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
  v_messages integer;
  v_events integer;
begin
  perform webhook_check_deadlines();
  perform webhook_end_pauses();
  loop
    exit when webhook_go_on() < 1000 or clock_timestamp() > v_until;
  end loop;
  if is_due('webhooks.retention', interval '10 seconds') then
    perform webhook_follow_edits();
    delete from webhook_pauses where resumed_at < clock() - interval '1 hour';
    loop
      v_messages := webhook_prune_messages();
      v_events := greatest(webhook_prune(), webhook_prune_keys(), webhook_redact(), webhook_hide_secrets());
      exit when (v_messages < 1000 and v_events < webhook_bite()) or clock_timestamp() > v_until;
    end loop;
  end if;
  if is_due('webhooks.silence', interval '1 minute') then
    perform webhook_check_silence();
    perform webhook_check_held();
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

-- Deletes events that are older than their source's retention, a bite at a time; ninety days
-- where nobody has said, and where it is held. Never one whose jobs are still to end, or are dead letters.
-- Returns how many went.
create or replace function webhook_prune(p_limit integer default webhook_bite()) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_source record;
  v_total integer := 0;
begin
  for v_source in
    select f.source, coalesce(s.retention, interval '90 days') as retention
    from webhook_sources_seen() f(source) left join webhook_keeping() s on s.name = f.source
  loop
    v_total := v_total
      + webhook_prune_source(v_source.source, v_now - v_source.retention, v_now, p_limit);
  end loop;
  delete from webhook_refusals where day < (v_now - interval '90 days')::date;
  delete from webhook_refusal_samples where at < v_now - interval '30 days';
  perform webhook_forget_deadlines(v_now - interval '1 day');
  return v_total;
end
$$;

-- Deadlines that were over by then, of jobs that are dead letters: a person was told, and sees them there.
create or replace function webhook_forget_deadlines(p_before timestamptz) returns void
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there were few, it would read all that are still to come,
set enable_hashjoin = off   -- or all jobs
set enable_mergejoin = off
set jit = off
as $$
declare
  v_job uuid;
begin
  for v_job in
    delete from webhook_deadlines d where d.told and d.due_at < p_before and not exists (
      select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held'))
    returning d.job
  loop
    perform clear_alert('webhooks.deadline:' || v_job);
  end loop;
end
$$;

-- Deletes dedupe keys. Each lives ninety days at least, as long as its source's retention says, and as long
-- as its event: while that is here, the same once more is no new one. Returns how many went.
create or replace function webhook_prune_keys(p_limit integer default webhook_bite()) returns integer
language sql
set search_path from current
as $$
  select webhook_prune_source('(keys)', clock() - interval '90 days', clock(), p_limit)
$$;

-- Those of one source, from where the pass before came to, until a bite is gone or fifty bites are looked
-- at: however many have to stay, they do not keep the others from going. When the end is reached the
-- next round begins: at once where a bite or less stays, else an hour after the round before.
create or replace function webhook_prune_source(
  p_source text, p_before timestamptz, p_now timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_none constant uuid := '00000000-0000-0000-0000-000000000000';
  v_place webhook_prunings;
  v record;
  v_gone integer := 0;
begin
  select * into v_place from webhook_prunings where source = p_source for update;
  if not found then
    v_place := row(p_source, '-infinity'::timestamptz, v_none, 0, p_now);
  end if;
  for i in 1 .. 50 loop
    select * into v from webhook_prune_bite(p_source, p_before, v_place.at, v_place.event, p_limit);
    v_gone := v_gone + v.gone;
    v_place.kept := v_place.kept + v.looked - v.gone;
    if v.looked > 0 then
      v_place.at := v.last_at;
      v_place.event := v.last;
    end if;
    exit when v_gone >= p_limit or v.looked < p_limit;
  end loop;
  if v.looked < p_limit and (v_place.kept <= p_limit
      or p_now not between v_place.began_at and v_place.began_at + interval '1 hour') then
    delete from webhook_prunings where source = p_source;
  elsif v_place.kept > 0 or v_gone > 0 then
    insert into webhook_prunings as p (source, at, event, kept, began_at) select v_place.*
    on conflict (source) do update set at = excluded.at, event = excluded.event, kept = excluded.kept
      where (p.at, p.event) is distinct from (excluded.at, excluded.event);
  end if;
  return v_gone;
end
$$;

-- Looks at the next old events of a source, and deletes those that may go; without a name of a source at
-- the messages that were sent, and as (keys) at the dedupe keys of all sources.
create or replace function webhook_prune_bite(
  p_source text, p_before timestamptz, p_at timestamptz, p_event uuid, p_limit integer,
  out looked integer, out gone integer, out last_at timestamptz, out last uuid)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set jit = off
as $$
begin
  if p_source = '' then
    select * into looked, gone, last_at, last from webhook_prune_sent(p_before, p_at, p_event, p_limit);
    return;
  elsif p_source = '(keys)' then
    select * into looked, gone, last_at, last
    from webhook_prune_old_keys(p_before, p_at, p_event, p_limit);
    return;
  end if;
  with next as materialized (
    select o.id, o.received_at, o.jobs, o.held_why from webhook_events o
    where o.source = p_source and o.received_at < p_before
      and o.received_at >= p_at and (o.received_at, o.id) > (p_at, p_event)
    order by o.received_at, o.id limit p_limit
  ), deleted as (
    delete from webhook_events e where e.id = any (array(
      select f.id from webhook_events f   -- what stays is not locked; what is locked stays
      where f.id = any (array(
        select n.id from next n
        where (n.held_why is null or n.received_at < clock() - interval '90 days')
          and not exists (select from jobs j where j.id = any (n.jobs)
                          and j.state in ('ready', 'leased', 'held', 'dead'))))
      for update skip locked))
    returning 1
  )
  select count(*), (select count(*) from deleted), max(n.received_at),
         (array_agg(n.id order by n.received_at desc, n.id desc))[1]
  into looked, gone, last_at, last from next n;
end
$$;

-- The same of dedupe keys, by their age: whichever source has many that stay, it is one walk.
create or replace function webhook_prune_old_keys(
  p_before timestamptz, p_at timestamptz, p_event uuid, p_limit integer,
  out looked integer, out gone integer, out last_at timestamptz, out last uuid)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
begin
  with next as materialized (
    select o.source, o.account, o.event_id, o.event, o.received_at from webhook_keys o
    where o.received_at < p_before and o.received_at >= p_at and (o.received_at, o.event) > (p_at, p_event)
    order by o.received_at, o.event limit p_limit
  ), kept as materialized (
    select s.name, v_now - s.retention as since from webhook_keeping() s
    where s.name in (select n.source from next n)
  ), deleted as (
    delete from webhook_keys k where k.ctid = any (array(
      select o.ctid
      from next n join webhook_keys o
        on o.source = n.source and o.account = n.account and o.event_id = n.event_id
      where o.last_seen_at < least(p_before, (select f.since from kept f where f.name = n.source))
        and not exists (select from webhook_events e where e.id = n.event)
      for update of o skip locked))
    returning 1
  )
  select count(*), (select count(*) from deleted), max(n.received_at),
         (array_agg(n.event order by n.received_at desc, n.event desc))[1]
  into looked, gone, last_at, last from next n;
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
