-- Receive, look at, and hand out webhook events.

select create_queue('webhooks', '{"retry_base": "5 seconds", "retry_factor": 3, "retry_cap": "6 hours",
  "max_attempts": 10, "max_age": "3 days", "timeout": "5 minutes"}');

-- Registers the handlers of one application, all of them: those it no longer has are forgotten, and
-- jobs that were made for them end as dead letters, where they can be seen and replayed.
-- p_handlers: [{"kind", "name", "source", "pattern", "queue"}]
create or replace function webhook_register(p_app text, p_handlers jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  delete from webhook_handlers h
  where h.app = p_app and h.kind not in (select e ->> 'kind' from jsonb_array_elements(p_handlers) e);
  insert into webhook_handlers as h (kind, app, name, source, pattern, queue, registered_at)
  select r.kind, p_app, r.name, r.source, r.pattern, r.queue, v_now
  from jsonb_to_recordset(p_handlers) as r(kind text, name text, source text, pattern text, queue text)
  order by r.kind
  on conflict (kind) do update
    set app = excluded.app, name = excluded.name, source = excluded.source,
        pattern = excluded.pattern, queue = excluded.queue, registered_at = excluded.registered_at
    where (h.app, h.source, h.pattern, h.queue)
      is distinct from (excluded.app, excluded.source, excluded.pattern, excluded.queue);
  return (select count(*) from webhook_handlers where app = p_app);
end
$$;

-- True if the pattern asks for the type. `*` stands for anything, also for nothing at all.
create or replace function webhook_wants(p_pattern text, p_type text) returns boolean
language sql immutable parallel safe
set search_path from current
as $$
  select coalesce(p_type, '') like replace(
    regexp_replace(p_pattern, '([\\%_])', '\\\1', 'g'), '*', '%')
$$;

-- Stores a verified event and the jobs for its handlers. The same event again (same source, account
-- and id) is counted, has no second effect, and gives the first one's id.
create or replace function webhook_receive(
  p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text,
  p_livemode boolean, p_body bytea, p_headers jsonb default '[]', p_scheme text default 'none',
  p_secret_index integer default 0
) returns table (id uuid, duplicate boolean, jobs integer)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_id uuid := new_id();
  v_hash bytea := sha256(p_body);
  v_key webhook_keys;
  v_jobs uuid[];
begin
  perform make_durable();
  loop
    insert into webhook_keys (source, account, event_id, event, body_sha256, received_at, redeliveries,
                              mismatches, last_seen_at)
    values (p_source, coalesce(p_account, ''), p_event_id, v_id, v_hash, v_now, 0, 0, v_now)
    on conflict do nothing;
    exit when found;
    update webhook_keys k set redeliveries = k.redeliveries + 1, last_seen_at = v_now,
      mismatches = k.mismatches + case when k.body_sha256 = v_hash then 0 else 1 end
    where k.source = p_source and k.account = coalesce(p_account, '') and k.event_id = p_event_id
    returning k.* into v_key;
    if found then   -- else it was pruned between the two statements
      return query select v_key.event, true, 0;
      return;
    end if;
  end loop;
  v_jobs := webhook_enqueue(p_source, p_event_type, coalesce(p_account, ''), v_id);
  insert into webhook_events (id, source, account, event_id, event_type, object_id, livemode, body,
                              headers, scheme, secret_index, jobs, received_at)
  values (v_id, p_source, coalesce(p_account, ''), p_event_id, p_event_type, p_object_id, p_livemode,
          p_body, p_headers, p_scheme, p_secret_index, v_jobs, v_now);
  jobs := cardinality(v_jobs);
  id := v_id;
  duplicate := false;
  return next;
end
$$;

-- One job for each handler that wants the event; returns their ids.
create or replace function webhook_enqueue(
  p_source text, p_event_type text, p_account text, p_event uuid
) returns uuid[]
language plpgsql
set search_path from current
as $$
declare
  v_jobs jsonb;
begin
  select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'queue', h.queue, 'kind', h.kind, 'payload', jsonb_build_object('event', p_event),
    'tenant', nullif(left(p_account, 200), ''))) order by h.kind)
  into v_jobs
  from webhook_handlers h
  where h.source in (p_source, '*') and webhook_wants(h.pattern, p_event_type);
  if v_jobs is null then
    return '{}';
  end if;
  return array(select e.id from enqueue_many(v_jobs) e order by e.ordinal);
end
$$;

-- What one attempt needs of its event.
create or replace function webhook_load(p_id uuid) returns setof webhook_events
language sql stable
set search_path from current
as $$
  select * from webhook_events where id = p_id
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

-- The events, newest first, with what became of their jobs.
create or replace function webhook_list(
  p_source text default null, p_type text default null, p_limit integer default 50
) returns table (
  id uuid, received_at timestamptz, source text, event_type text, event_id text, states text,
  redeliveries integer, size integer)
language sql stable
set search_path from current
as $$
  select e.id, e.received_at, e.source, e.event_type, e.event_id, webhook_states(e.jobs),
         k.redeliveries, octet_length(e.body)
  from (select * from webhook_events w
        where (p_source is null or w.source = p_source)
          and (p_type is null or webhook_wants(p_type, w.event_type))
        order by w.id desc limit least(greatest(p_limit, 0), 1000)) e
  left join webhook_keys k
    on k.source = e.source and k.account = e.account and k.event_id = e.event_id
  order by e.id desc
$$;

-- One event, and its jobs.
create or replace function webhook_show(p_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
  select to_jsonb(e) - 'body' - 'jobs' || jsonb_build_object(
    'size', octet_length(e.body), 'body_sha256', encode(sha256(e.body), 'hex'),
    'redeliveries', k.redeliveries, 'mismatches', k.mismatches,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('id', j.id, 'kind', j.kind, 'state', j.state,
      'attempts', j.attempts, 'because', j.because) order by j.kind)
      from jobs j where j.id = any (e.jobs)), '[]'))
  from webhook_events e
  left join webhook_keys k
    on k.source = e.source and k.account = e.account and k.event_id = e.event_id
  where e.id = p_id
$$;

-- What the roles may do here; see roles.sql of the engine.
create or replace function webhook_grants(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('grant select on webhook_handlers to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on webhook_keys, webhook_events to %I',
                 p_prefix || '_enqueue');
  perform grant_functions(p_prefix || '_enqueue', '{webhook_receive,webhook_enqueue,webhook_wants}');
  perform grant_functions(p_prefix || '_read',
                          '{webhook_wants,webhook_list,webhook_show,webhook_states,'
    'webhook_load,webhook_handler_list}');
  execute format('grant select, insert, update, delete on webhook_handlers, webhook_keys, '
                 'webhook_events to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_work', '{webhook_receive,webhook_enqueue,webhook_wants,'
    'webhook_register,webhook_load,webhook_list,webhook_show,webhook_states,get_webhook_retry_batch,'
    'mark_webhook_processed,mark_webhook_failed,calculate_webhook_retry_time}');
end
$$;

-- The handlers that are registered.
create or replace function webhook_handler_list() returns setof webhook_handlers
language sql stable
set search_path from current
as $$
  select * from webhook_handlers order by source, pattern, name
$$;
