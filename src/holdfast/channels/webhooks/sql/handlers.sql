-- Handlers: who wants which events. Each handler of an event is a job of its own.

select create_queue('webhooks', '{"retry_base": "5 seconds", "retry_factor": 3, "retry_cap": "6 hours",
  "max_attempts": 10, "max_age": "3 days", "timeout": "5 minutes"}');

-- Registers the handlers of one application, all of them: those it no longer has are forgotten, and
-- jobs that were made for them end as dead letters, where they can be seen and replayed.
-- p_handlers: [{"kind", "name", "source", "pattern", "queue"}], and as it fits "ordering" (none,
-- object, latest), "deadline" (an interval) and "mode" (queued, inline, answer).
create or replace function webhook_register(p_app text, p_handlers jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  delete from webhook_handlers h
  where h.app = p_app and h.kind not in (select e ->> 'kind' from jsonb_array_elements(p_handlers) e);
  insert into webhook_handlers as h (kind, app, name, source, pattern, queue, ordering, deadline,
                                     mode, registered_at)
  select r.kind, p_app, r.name, r.source, r.pattern, r.queue, coalesce(r.ordering, 'none'),
         r.deadline, coalesce(r.mode, 'queued'), v_now
  from jsonb_to_recordset(p_handlers) as r(
    kind text, name text, source text, pattern text, queue text, ordering text, deadline interval,
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

-- One job for each handler that wants one of the events, as enqueue_many takes them. An event is an
-- object as webhook_receive_many has it, without jobs while it is held; p_ids are their ids, null for
-- one that is to have no jobs.
--
-- Jobs of an ordered handler have the event's object as their key: in the order of arrival, which is
-- the only one that there is (the sender's clock has whole seconds). One that is run in the request
-- is due a little later for everybody else: if the request dies, a worker takes it, unless it was to
-- give the answer: then it has expired.
create or replace function webhook_jobs(
  p_events jsonb, p_ids uuid[], p_now timestamptz, p_kinds text[] default null
) returns table (ord bigint, job jsonb, kind text, mode text, deadline interval)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
as $$
begin
  return query
    select e.ord, jsonb_build_object('queue', h.queue, 'kind', h.kind,
                                     'payload', jsonb_build_object('event', p_ids[e.ord]))
             || case when coalesce(e.item ->> 'account', '') = '' then '{}'
                  else jsonb_build_object('tenant', left(e.item ->> 'account', 200)) end
             || case when h.ordering = 'none' or e.item ->> 'object_id' is null then '{}'
                  else jsonb_build_object(
                    'supersede', h.ordering = 'latest', 'ordering_key', webhook_ordering_key(
                      h.kind, coalesce(e.item ->> 'account', ''), e.item ->> 'object_id')) end
             || case when h.mode = 'queued' then '{}'
                  else jsonb_build_object('run_at', p_now + interval '15 seconds') end
             || case when h.mode <> 'answer' then '{}'
                  else jsonb_build_object('expires_at', p_now + interval '15 seconds') end,
           h.kind, h.mode, coalesce(h.deadline, d.deadline)
    from jsonb_array_elements(p_events) with ordinality e(item, ord)
    join webhook_handlers h on h.source in (e.item ->> 'source', '*')
      and (webhook_wants(h.pattern, e.item ->> 'event_type')
           or e.item ? 'event_types' and exists (
             select from jsonb_array_elements_text(e.item -> 'event_types') t
             where webhook_wants(h.pattern, t)))
    left join webhook_provider_deadlines() d
      on d.scheme = e.item ->> 'scheme' and d.event_type = e.item ->> 'event_type'
    where p_ids[e.ord] is not null and not e.item ? 'held'
      and (p_kinds is null or h.kind = any (p_kinds))
    union all
    select e.ord, jsonb_build_object(
             'queue', 'webhooks-out', 'kind', 'webhook:deliver', 'tenant', f.id,
             'payload', jsonb_build_object('event', p_ids[e.ord], 'endpoint', f.id)),
           'webhook:deliver', null, d.deadline
    from webhook_endpoints f
    join jsonb_array_elements(p_events) with ordinality e(item, ord)
      on f.source in (e.item ->> 'source', '*')
    left join webhook_provider_deadlines() d
      on d.scheme = e.item ->> 'scheme' and d.event_type = e.item ->> 'event_type'
    where f.purpose = 'forward' and p_ids[e.ord] is not null and not e.item ? 'held'
      and (p_kinds is null or 'webhook:deliver' = any (p_kinds))
      and exists (
        select from unnest(f.patterns) p
        where webhook_wants(p, e.item ->> 'event_type') or e.item ? 'event_types' and exists (
          select from jsonb_array_elements_text(e.item -> 'event_types') t
          where webhook_wants(p, t)))
    order by 1, 3;
end
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

-- Makes the jobs of one event that has none yet (or more of them: a replay). Returns their ids.
create or replace function webhook_enqueue(
  p_event webhook_events, p_now timestamptz, p_kinds text[] default null,
  p_run_at timestamptz default null
) returns uuid[]
language plpgsql
set search_path from current
as $$
declare
  v_jobs jsonb;
  v_deadlines interval[];
  v_ids uuid[];
begin
  select jsonb_agg(case when p_run_at is null then j.job
                        else j.job || jsonb_build_object('run_at', p_run_at) end order by j.kind),
         array_agg(j.deadline order by j.kind)
  into v_jobs, v_deadlines
  from webhook_jobs(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'source', p_event.source, 'scheme', p_event.scheme, 'event_type', p_event.event_type,
    'event_types', p_event.event_types, 'account', p_event.account,
    'object_id', p_event.object_id))), array[p_event.id], p_now, p_kinds) j;
  if v_jobs is null then
    return '{}';
  end if;
  v_ids := array(select e.id from enqueue_many(v_jobs) e order by e.ordinal);
  perform webhook_note_deadlines(v_ids, array_fill(p_event.id, array[cardinality(v_ids)]),
                                 v_deadlines, p_now);
  update webhook_events set jobs = jobs || v_ids where id = p_event.id;
  return v_ids;
end
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
