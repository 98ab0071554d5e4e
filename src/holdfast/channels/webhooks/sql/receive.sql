-- Receive: verified events are stored, with one job for each handler, and only then does the sender
-- get its 200. Many at once, since requests that come together share a commit.
--
-- An event is an object with source, event_id, scheme, and as they are known event_type, object_id,
-- account, livemode, created, headers, url (where its sender signs that), verified_by, via, held (why a person has to look first; no
-- jobs then), event_types (of a batch, where there are several; event_type is the first), sha256 (hex, of the body), identity (hex: by what its body is compared with that of a
-- redelivery; the hash of the body if not given, empty if not to be compared) and revive (replay its
-- jobs if they died). Bodies come beside, as they came.

-- The keys of a batch are taken in one order, whoever it is: two batches then wait for each other in a
-- row and not in a circle.

create or replace function webhook_receive_many(p_events jsonb, p_bodies bytea[])
returns table (ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off   -- planned while there were no events, it would read all of them later
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
  v_new integer;
begin
  return query
    with given as materialized (
      select id_of_batch(v_batch, a.ord) as id, coalesce(a.account, '') as whose, a.*
      from rows from (jsonb_to_recordset(p_events) as (
        source text, account text, event_id text, event_type text, object_id text, livemode boolean,
        created bigint, headers jsonb, scheme text, verified_by text, via text, held text, sha256 text,
        identity text, url text, event_types text[]), unnest(p_bodies)) with ordinality
        a(source, account, event_id, event_type, object_id, livemode, created, headers, scheme,
          verified_by, via, held, sha256, identity, url, event_types, body, ord)
    ), taken as (
      insert into webhook_keys (
        source, account, event_id, event, identity, received_at, redeliveries, mismatches, last_seen_at)
      select g.source, g.whose, g.event_id, g.id,
             coalesce(decode(coalesce(g.identity, g.sha256), 'hex'), sha256(g.body)), v_now, 0, 0, v_now
      from given g order by 1, 2, 3, g.ord
      on conflict do nothing
      returning event
    ), fresh as materialized (
      select g.* from given g where g.id = any (array(select t.event from taken t))
    ), wanted as materialized (
      select w.*, f.id as event, row_number() over (order by w.ord, w.kind) as n
      from webhook_wanted(p_events) w join fresh f on f.ord = w.ord
    ), made as materialized (
      select enqueue_columns(
               array_agg(w.queue), array_agg(w.kind), array_agg(webhook_reference(w.event, w.endpoint)),
               array_agg(w.tenant), array_agg(w.ordering_key), array_agg(w.supersede),
               array_agg(webhook_due(w.mode, v_now)), array_agg(webhook_over(w.mode, v_now))) as batch
      from wanted w having count(*) > 0
    ), noted as (
      insert into webhook_deadlines (job, event, alert_at, due_at)
      select id_of_batch(m.batch, w.n), w.event, v_now + w.deadline / 2, v_now + w.deadline
      from wanted w, made m where w.deadline is not null
    ), stored as (
      insert into webhook_events (
        id, source, account, event_id, event_type, object_id, livemode, created, body, headers, scheme,
        verified_by, via, held_why, body_sha256, jobs, received_at, xact, url, event_types)
      select f.id, f.source, f.whose, f.event_id, f.event_type, f.object_id, f.livemode, f.created,
             f.body, coalesce(f.headers, '[]'), f.scheme, f.verified_by, coalesce(f.via, 'http'), f.held,
             coalesce(decode(f.sha256, 'hex'), sha256(f.body)),
             array(select id_of_batch(m.batch, w.n) from wanted w, made m where w.ord = f.ord),
             v_now, (select webhook_number(pg_current_xact_id(), l.xact) from webhook_latest l), f.url,
             f.event_types from fresh f
    )
    select f.ord, f.id, false, f.held is not null, coalesce((
      select jsonb_agg(jsonb_build_object('id', id_of_batch(m.batch, w.n), 'kind', w.kind, 'mode', w.mode))
      from wanted w, made m where w.ord = f.ord), '[]')
    from fresh f;
  get diagnostics v_new = row_count;
  if v_new < jsonb_array_length(p_events) then
    return query select * from webhook_receive_known(p_events, p_bodies, v_batch, v_now);
  end if;
  perform webhook_tell_of_providers(p_events, v_batch)
  where p_events @? '$[*].event_type ? (@ starts with "v2.core.health.")';   -- rarely
end
$$;

-- The events of a batch whose keys were taken before, in the order of the keys as well. Only they are
-- looked at again, in whatever order the planner would rather do it: each look counts.
create or replace function webhook_receive_known(
  p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamptz)
returns table (ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
language plpgsql
set search_path from current
set enable_seqscan = off     -- planned while the table was empty, it would read all of it later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
begin
  return query
    with known as materialized (
      select e.item, e.ord from jsonb_array_elements(p_events) with ordinality e(item, ord)
      where not exists (select from webhook_events k where k.id = id_of_batch(p_batch, e.ord))
      order by e.item ->> 'source', coalesce(e.item ->> 'account', ''), e.item ->> 'event_id', e.ord
    )
    select k.ord, again.event, true, again.held, again.jobs
    from known k cross join lateral webhook_receive_again(k.item, p_bodies[k.ord], p_now) again;
end
$$;

-- The same event again: it is counted, and has no second effect. Four things are done for it. Where
-- it found no handler the first time and there is one now, it gets its jobs. Where its jobs died and
-- the source says so, they are replayed: somebody pressed "resend". Where its sender waits for an
-- answer that nobody gave, it is asked for again: those jobs are returned. And if the body is another
-- one, that is kept, held for a person, and alerted: it is no redelivery, whatever its id says.
create or replace function webhook_receive_again(
  p_item jsonb, p_body bytea, p_now timestamptz, out event uuid, out held boolean,
  out jobs jsonb)
language plpgsql
set search_path from current
as $$
declare
  v_identity bytea := coalesce(decode(p_item ->> 'identity', 'hex'), sha256(p_body));
  v_key webhook_keys;
  v_event webhook_events;
begin
  update webhook_keys k set redeliveries = k.redeliveries + 1, last_seen_at = p_now,
    mismatches = k.mismatches
      + case when '' in (k.identity, v_identity) or k.identity = v_identity then 0 else 1 end
  where k.source = p_item ->> 'source' and k.account = coalesce(p_item ->> 'account', '')
    and k.event_id = p_item ->> 'event_id'
  returning k.* into v_key;
  if not found then   -- it was forgotten between the two statements
    raise exception 'the dedupe key was pruned just now; send it again' using errcode = '40001';
  end if;
  event := v_key.event;
  held := false;
  jobs := '[]';
  if v_key.identity <> v_identity and not '' in (v_key.identity, v_identity) then
    perform webhook_hold_mismatch(p_item, p_body, v_key, p_now);
    held := true;
    return;
  end if;
  select * into v_event from webhook_events e where e.id = v_key.event for update;
  if not found then   -- older than the retention: all that was to be done for it is done
    return;
  elsif v_event.held_why is not null then
    held := true;
    return;
  end if;
  if v_event.jobs = '{}' then
    v_event.jobs := webhook_enqueue(v_event, p_now);
  elsif (p_item ->> 'revive')::boolean then
    perform revive_if_dead(d.id) from (
      select j.id from jobs j
      where j.id = any (v_event.jobs) and j.state = 'dead'
        and j.kind not in (select webhook_answering(v_event))
      order by j.queue, j.ordering_key offset 0) d;   -- as everybody takes many keys
  end if;
  jobs := webhook_ask_again(v_event, p_now);
end
$$;

-- The handlers whose answer the sender of this event waits for.
create or replace function webhook_answering(p_event webhook_events) returns setof text
language sql stable
set search_path from current
as $$
  select h.kind from webhook_handlers h
  where h.mode = 'answer' and h.source in (p_event.source, '*')
    and (webhook_wants(h.pattern, p_event.event_type)
         or webhook_wants_any(h.pattern, p_event.event_types))
$$;

-- The jobs that may yet answer a redelivery, none if the answer was given: [{"id", "kind", "mode"}].
-- What failed or came too late is not revived, since a worker could take it and answer nobody: it
-- gets a new job, for the request that asks.
create or replace function webhook_ask_again(p_event webhook_events, p_now timestamptz) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  v_kind text;
  v_job uuid;
  v_asked jsonb := '[]';
begin
  for v_kind in select webhook_answering(p_event) loop
    continue when exists (   -- answered; or so long ago that its job is forgotten
      select from unnest(p_event.jobs) u(id) left join jobs j on j.id = u.id
      where j.id is null or j.kind = v_kind and j.state = 'done');
    select j.id into v_job from jobs j
    where j.id = any (p_event.jobs) and j.kind = v_kind and j.state in ('ready', 'leased')
      and (j.expires_at is null or j.expires_at > p_now) limit 1;
    v_job := coalesce(v_job, (webhook_enqueue(p_event, p_now, array[v_kind]))[1]);
    v_asked := v_asked || jsonb_build_object('id', v_job, 'kind', v_kind, 'mode', 'answer');
  end loop;
  return v_asked;
end
$$;

-- Another body under a known id: kept, each one once, and alerted. It is known by both, id and body.
create or replace function webhook_hold_mismatch(
  p_item jsonb, p_body bytea, p_key webhook_keys, p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
declare
  v_id uuid := new_id();
  v_identity bytea := coalesce(decode(p_item ->> 'identity', 'hex'), sha256(p_body));
  v_kept uuid;
begin
  insert into webhook_keys as k (source, account, event_id, event, identity, received_at,
                                 redeliveries, mismatches, last_seen_at)
  values (p_key.source, p_key.account, 'another body: '
          || encode(sha256(convert_to(p_key.event_id, 'UTF8') || v_identity), 'hex'),
          v_id, v_identity, p_now, 0, 0, p_now)
  on conflict (source, account, event_id) do update
    set redeliveries = k.redeliveries + 1, last_seen_at = p_now
  returning k.event into v_kept;
  if v_kept = v_id then
    insert into webhook_events (id, source, account, event_id, event_type, object_id, livemode,
                                created, body, headers, scheme, verified_by, via, held_why,
                                body_sha256, jobs, received_at, xact, url, event_types)
    values (v_id, p_key.source, p_key.account, p_key.event_id, p_item ->> 'event_type',
            p_item ->> 'object_id', (p_item ->> 'livemode')::boolean,
            (p_item ->> 'created')::bigint, p_body, coalesce(p_item -> 'headers', '[]'),
            p_item ->> 'scheme', p_item ->> 'verified_by', coalesce(p_item ->> 'via', 'http'),
            format('its id is that of %s, its body is another one', p_key.event), sha256(p_body),
            '{}', p_now, webhook_numbered(pg_current_xact_id()), p_item ->> 'url',
            (select array_agg(t) from jsonb_array_elements_text(p_item -> 'event_types') t));
  end if;
  perform raise_alert('webhooks.mismatch:' || p_key.source,
    format('%s sent an event again with another body: id %s, first %s, again %s', p_key.source,
           left(p_key.event_id, 100), p_key.event, v_kept),
    jsonb_build_object('source', p_key.source, 'event_id', p_key.event_id, 'first', p_key.event,
                       'again', v_kept));
end
$$;

-- One event, for those who have only SQL; returns its id and how many jobs it got.
create or replace function webhook_receive(
  p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text,
  p_livemode boolean, p_body bytea, p_headers jsonb default '[]', p_scheme text default 'none',
  p_options jsonb default '{}'
) returns table (id uuid, duplicate boolean, jobs integer)
language sql
set search_path from current
as $$
  select r.id, r.duplicate, jsonb_array_length(r.jobs)
  from webhook_receive_many(jsonb_build_array(p_options || jsonb_strip_nulls(jsonb_build_object(
    'source', p_source, 'event_id', p_event_id, 'event_type', p_event_type, 'object_id', p_object_id,
    'account', p_account, 'livemode', p_livemode, 'headers', p_headers, 'scheme', p_scheme))),
    array[p_body]) r
$$;

-- A person has looked: the event gets its jobs after all. Returns how many.
create or replace function webhook_release(p_id uuid, p_who text, p_why text default null)
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_event webhook_events;
begin
  select * into v_event from webhook_events where id = p_id for update;
  if not found then
    raise exception 'no event %', p_id using errcode = 'JQ001';
  elsif v_event.held_why is null then
    raise exception 'event % is not held', p_id using errcode = 'JQ003';
  end if;
  update webhook_events set held_why = null where id = p_id;
  perform record_operation('release event', p_who, p_why, jsonb_build_object('event', p_id), 1);
  return cardinality(webhook_enqueue(v_event, v_now, null, v_now));
end
$$;
