-- Handlers: who wants which events. Each handler of an event is a job of its own.

select create_queue('webhooks', '{"retry_base": "5 seconds", "retry_factor": 3, "retry_cap": "6 hours",
  "max_attempts": 10, "max_age": "3 days", "timeout": "5 minutes"}');

-- Registers the handlers of one application, all of them: those it no longer has are forgotten, and
-- jobs that were made for them end as dead letters, where they can be seen and replayed. What another
-- process has said within an hour that it has is not forgotten: while two versions run side by side,
-- events are for the handlers of both.
-- p_handlers: [{"kind", "name", "source", "pattern", "queue"}], and as it fits "ordering" (none,
-- object, latest), "deadline" (an interval) and "mode" (queued, inline, answer).
create or replace function webhook_register(p_app text, p_handlers jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform webhook_see_handlers(p_handlers, v_now);
  perform pg_advisory_xact_lock(hashtextextended('holdfast.handlers ' || p_app, 0));
  perform webhook_forget_handlers(p_app, p_handlers, v_now);
  insert into webhook_handlers as h (kind, app, name, source, pattern, queue, ordering, deadline,
                                     mode, registered_at)
  select r.kind, p_app, r.name, r.source, r.pattern, r.queue, coalesce(r.ordering, 'none'),
         webhook_deadline_or_error(r.name, r.deadline), coalesce(r.mode, 'queued'), v_now
  from jsonb_to_recordset(p_handlers) as r(
    kind text, name text, source text, pattern text, queue text, ordering text, deadline text,
    mode text)
  order by r.kind
  on conflict (kind) do update
    set app = excluded.app, source = excluded.source, pattern = excluded.pattern,
        queue = excluded.queue, ordering = excluded.ordering, deadline = excluded.deadline,
        mode = excluded.mode, registered_at = excluded.registered_at
    where (h.app, h.source, h.pattern, h.queue, h.ordering, h.deadline, h.mode)
      is distinct from (excluded.app, excluded.source, excluded.pattern, excluded.queue,
                        excluded.ordering, excluded.deadline, excluded.mode);
  return (select count(*) from webhook_handlers where app = p_app);
end
$$;

-- A deadline that cannot be read, or is over when it begins, is refused with whose it is.
create or replace function webhook_deadline_or_error(p_name text, p_deadline text) returns interval
language plpgsql stable
set search_path from current
as $$
declare
  v_deadline interval := read_interval(p_deadline);
begin
  if v_deadline <= '0' then
    raise exception 'the deadline of the handler % is a time such as 1 h or 30 minutes, not "%"', p_name,
      left(p_deadline, 100) using errcode = 'JQ005';
  end if;
  return v_deadline;
end
$$;

-- They were there just now.
create or replace function webhook_see_handlers(p_handlers jsonb, p_now timestamptz) returns void
language sql
set search_path from current
as $$
  insert into webhook_handlers_seen as s (kind, seen_at)
  select e ->> 'kind', p_now from jsonb_array_elements(p_handlers) e order by 1
  on conflict (kind) do update set seen_at = excluded.seen_at
    where s.seen_at not between excluded.seen_at - interval '1 minute' and excluded.seen_at
$$;

-- Forgets the others of this application, but for those that a process had within the hour: it may be
-- paused, cut off or about to begin, and an event that comes meanwhile is acknowledged once. One job
-- too many can be seen; one that was never made cannot.
create or replace function webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamptz)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_gone text[] := array(
    select h.kind from webhook_handlers h
    where h.app = p_app and h.kind not in (select e ->> 'kind' from jsonb_array_elements(p_handlers) e)
      and not exists (select from webhook_handlers_seen s
                      where s.kind = h.kind and s.seen_at > p_now - interval '1 hour'));
begin
  if v_gone <> '{}' then   -- who registers one of them in this moment is waited for
    perform pg_advisory_xact_lock(hashtextextended('holdfast.handlers ' || p_app, 0));
    delete from webhook_handlers h
    where h.kind = any (v_gone)
      and not exists (select from webhook_handlers_seen s
                      where s.kind = h.kind and s.seen_at > p_now - interval '1 hour');
  end if;
end
$$;

-- A process says every few seconds that it has these handlers. What another version has registered of
-- them stays as it is: the one that began last decides.
create or replace function webhook_keep_handlers(p_app text, p_handlers jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform webhook_see_handlers(p_handlers, v_now);
  if exists (select from jsonb_array_elements(p_handlers) e
             where not exists (select from webhook_handlers h where h.kind = e ->> 'kind')) then
    perform webhook_register(p_app, p_handlers);   -- somebody forgot it while we could not speak
  else
    perform webhook_forget_handlers(p_app, p_handlers, v_now);
  end if;
  delete from webhook_handlers_seen where seen_at < v_now - interval '1 day';
end
$$;

-- True if the pattern asks for the type. `*` stands for anything, also for nothing at all.
create or replace function webhook_wants(p_pattern text, p_type text) returns boolean
language sql immutable parallel safe as $$
  select p_pattern = '*' or p_pattern = p_type
      or pg_catalog.strpos(p_pattern, '*') > 0 and coalesce(p_type, '') like pg_catalog.replace(
           pg_catalog.regexp_replace(p_pattern, '([\\%_])', '\\\1', 'g'), '*', '%')
$$;

-- True if it asks for any of them, as for a batch of events; never if they are null.
create or replace function webhook_wants_any(p_pattern text, p_types text[]) returns boolean
language sql immutable parallel safe
set search_path from current
as $$
  select exists (select from unnest(p_types) t where webhook_wants(p_pattern, t))
$$;

-- The handlers that are registered.
create or replace function webhook_handler_list() returns setof webhook_handlers
language sql stable
set search_path from current
as $$
  select * from webhook_handlers order by source, pattern, name
$$;

-- Who wants which of the events: a row for each handler, and for each endpoint that they are forwarded
-- to, with what its job is to be. An event is an object as webhook_receive_many has it; while it is
-- held nobody gets it.
--
-- Jobs of an ordered handler have the event's object as their key: in the order of arrival, which is
-- the only one that there is (the sender's clock has whole seconds).
create or replace function webhook_wanted(p_events jsonb, p_kinds text[] default null)
returns table (ord bigint, kind text, mode text, queue text, tenant text, endpoint uuid,
               ordering_key text, supersede boolean, deadline interval)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- and planned while there were none, it would read all endpoints later
set jit = off
as $$
begin
  return query
    with given as (
      select * from rows from (jsonb_to_recordset(p_events) as (
        source text, account text, event_type text, event_types text[], object_id text, scheme text,
        held text)) with ordinality
        e(source, account, event_type, event_types, object_id, scheme, held, ord)
      where e.held is null
    )
    select e.ord, h.kind, h.mode, h.queue, left(nullif(e.account, ''), 200), null::uuid,
           case when h.ordering <> 'none' and e.object_id is not null then
             webhook_ordering_key(h.kind, coalesce(e.account, ''), e.object_id) end,
           case when h.ordering <> 'none' and e.object_id is not null then h.ordering = 'latest' end,
           coalesce(h.deadline, (select d.deadline from webhook_provider_deadlines() d
                                where d.scheme = e.scheme and d.event_type = e.event_type))
    from given e
    join webhook_handlers h on h.source in (e.source, '*')
      and (webhook_wants(h.pattern, e.event_type)
           or e.event_types is not null and webhook_wants_any(h.pattern, e.event_types))
    where p_kinds is null or h.kind = any (p_kinds)
    union all
    select e.ord, 'webhook:deliver', null, 'webhooks-out', f.id::text, f.id, null, null,
           (select d.deadline from webhook_provider_deadlines() d
            where d.scheme = e.scheme and d.event_type = e.event_type)
    from webhook_endpoints f
    join given e on f.source in (e.source, '*')
    where f.purpose = 'forward' and (p_kinds is null or 'webhook:deliver' = any (p_kinds))
      and exists (
        select from unnest(f.patterns) p
        where webhook_wants(p, e.event_type)
           or e.event_types is not null and webhook_wants_any(p, e.event_types))
    order by 1, 2;
end
$$;

-- What a job knows of its event: which it is, and where to send it if it is forwarded.
create or replace function webhook_reference(p_event uuid, p_endpoint uuid) returns jsonb
language sql immutable parallel safe as $$
  select case when p_endpoint is null then pg_catalog.jsonb_build_object('event', p_event)
    else pg_catalog.jsonb_build_object('event', p_event, 'endpoint', p_endpoint) end
$$;

-- From when on a job of this mode is there for everybody, if that is not at once. One that is run in the
-- request is due a little later: if the request dies, a worker takes it.
create or replace function webhook_due(p_mode text, p_now timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select case when p_mode <> 'queued' then p_now + interval '15 seconds' end
$$;

-- Until when, if it was to give the answer: nobody runs it later.
create or replace function webhook_over(p_mode text, p_now timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select case when p_mode = 'answer' then p_now + interval '15 seconds' end
$$;

-- At most 200 characters, whatever the names are.
create or replace function webhook_ordering_key(p_kind text, p_account text, p_object_id text)
returns text
language sql immutable
set search_path from current
as $$
  select case when length(key) <= 200 then key else md5(key) end
  from (select p_kind || ' ' || p_account || ' ' || p_object_id as key) k
$$;

-- Makes the jobs of one event that has none yet (or more of them: a replay). Returns their ids. With a time
-- they are due then, and nobody waits for an answer.
create or replace function webhook_enqueue(
  p_event webhook_events, p_now timestamptz, p_kinds text[] default null,
  p_run_at timestamptz default null
) returns uuid[]
language plpgsql
set search_path from current
as $$
declare
  v record;
  v_batch uuid;
  v_ids uuid[];
begin
  select array_agg(w.queue) as queues, array_agg(w.kind) as kinds, array_agg(w.tenant) as tenants,
         array_agg(webhook_reference(p_event.id, w.endpoint)) as payloads,
         array_agg(w.ordering_key) as keys, array_agg(w.supersede) as supersede,
         array_agg(coalesce(p_run_at, webhook_due(w.mode, p_now))) as run_at,
         array_agg(webhook_over(w.mode, p_now)) as expires_at,
         array_agg(w.deadline) as deadlines
  into v
  from webhook_wanted(webhook_described(p_event), p_kinds) w
  where p_run_at is null or w.mode is distinct from 'answer';
  if v.kinds is null then
    return '{}';
  end if;
  v_batch := enqueue_columns(v.queues, v.kinds, v.payloads, v.tenants, v.keys, v.supersede, v.run_at,
                             v.expires_at);
  v_ids := array(select id_of_batch(v_batch, n) from generate_series(1, cardinality(v.kinds)) n);
  perform webhook_note_deadlines(v_ids, array_fill(p_event.id, array[cardinality(v_ids)]),
                                 v.deadlines, coalesce(p_run_at, p_now));
  update webhook_events set jobs = jobs || v_ids where id = p_event.id;
  return v_ids;
end
$$;

-- A stored event as an arrival, as far as it decides who wants it.
create or replace function webhook_described(p_event webhook_events) returns jsonb
language sql stable
set search_path from current
as $$
  select jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'source', p_event.source, 'scheme', p_event.scheme, 'event_type', p_event.event_type,
    'event_types', p_event.event_types, 'account', p_event.account,
    'object_id', p_event.object_id)))
$$;

-- By when the jobs must be through, where their handlers say so.
create or replace function webhook_note_deadlines(
  p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
begin
  if array_remove(p_deadlines, null) <> '{}' then
    insert into webhook_deadlines (job, event, alert_at, due_at)
    select d.job, d.event, p_now + d.deadline / 2, p_now + d.deadline
    from unnest(p_jobs, p_events, p_deadlines) d(job, event, deadline)
    where d.deadline is not null;
  end if;
end
$$;
