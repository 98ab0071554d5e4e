-- Sent messages: who was to get one, how that stands, and what became of it.

-- The messages, the newest first, a row for each endpoint that was to get one; without an endpoint:
-- nobody wanted it. p_filter: endpoint (its name), message (as webhook_message_find takes it), tenant, type
-- (* stands for anything), state (that of the job, or nobody), since, until, before (the page after the row
-- of that `id/job`). Of what ended long ago the job is forgotten: its state is ended. What many have and few have together is looked for among
-- a million messages; then an error says how it goes on.
create or replace function webhook_message_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  created_at timestamptz, message_id text, type text, tenant text, endpoint text, state text,
  attempts integer, because text, id uuid, job uuid)
language plpgsql stable
set search_path from current
as $$
declare
  v jsonb := webhook_message_wanted(p_filter);
  v_limit integer := list_limit(p_limit);
  v_bite uuid[] := case when v ->> 'message' is null then webhook_messages_few(v)
                        else array[(v ->> 'message')::uuid] end;
  v_size integer := v_limit;
  v_looked integer := 0;
  v_found integer := 0;
  v_now integer;
begin
  if v_bite is not null then
    return query select * from webhook_message_rows(v, v_bite, v_limit);
    return;
  end if;
  while v_looked < most_looked_through() loop
    v_bite := webhook_messages_back(v, v_size);
    return query select * from webhook_message_rows(v, v_bite, v_limit - v_found);
    get diagnostics v_now = row_count;
    v_found := v_found + v_now;
    if v_found >= v_limit or cardinality(v_bite) < v_size then
      return;
    end if;
    v_looked := v_looked + v_size;
    v := v || jsonb_build_object('after', v_bite[v_size]);
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of % messages that this took to look through, from the newest on, % fit: fewer than a '
    'page', v_looked, v_found using errcode = 'JQ005', hint = format(
      'ask for what fewer have, such as an endpoint or a tenant; %sor go on with until %s, or before %s/',
      case when v_found > 0 then 'or with limit ' || v_found || ' for those; ' else '' end,
      (select to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       from webhook_messages m where m.id = v_bite[cardinality(v_bite)]), v ->> 'after');
end
$$;

-- What a filter asks for, as values: those of its endpoint, and the message that a page begins at.
create or replace function webhook_message_wanted(p_filter jsonb) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_endpoint webhook_endpoints;
begin
  perform check_filter(p_filter, '{endpoint,message,tenant,type,state,since,until,before}');
  if p_filter ->> 'endpoint' is not null then
    v_endpoint := webhook_endpoint(p_filter ->> 'endpoint');
  end if;
  return (
    select jsonb_build_object(
      'endpoint', v_endpoint.id, 'message', case when p_filter ->> 'message' is not null
      then webhook_message_find(p_filter ->> 'message') end, 'owner', v_endpoint.tenant, 'tenant', p_filter -> 'tenant',
      'type', p_filter -> 'type', 'state', p_filter -> 'state',
      'since', webhook_moment(p_filter ->> 'since'), 'until', webhook_moment(p_filter ->> 'until'),
      'at', b.at, 'id', b.id, 'job', b.job)
    from webhook_message_at(p_filter ->> 'before') b);
end
$$;

-- What it is, with what a bite of it begins after.
create or replace function webhook_message_values(
  p_wanted jsonb, out endpoint uuid, out owner text, out tenant text, out type text, out state text,
  out since timestamptz, out until timestamptz, out at timestamptz, out id uuid, out job uuid,
  out after uuid)
language sql immutable
set search_path from current
as $$
  select * from jsonb_to_record(p_wanted) as f(
    endpoint uuid, owner text, tenant text, type text, state text, since timestamptz,
    until timestamptz, at timestamptz, id uuid, job uuid, after uuid)
$$;

-- The messages of few jobs in that state; null if they are more than five thousand, or not asked for.
create or replace function webhook_messages_few(p_wanted jsonb) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that the tables of other states are left out
set enable_seqscan = off
set jit = off
as $$
declare
  v record;
  v_some uuid[];
begin
  select * into v from webhook_message_values(p_wanted);
  if v.endpoint is not null and v.state in ('nobody', 'ended') then
    return '{}';   -- whose it was is forgotten with the job
  elsif coalesce(v.state, '') not in ('ready', 'leased', 'held', 'dead') then
    return null;
  end if;
  v_some := array(
    select webhook_id_or_null(j.payload ->> 'message') from jobs j
    where j.queue = 'webhooks-out' and j.state = v.state and j.payload ? 'message'
      and (v.endpoint is null or j.tenant = v.endpoint::text) limit 5001);
  return case when cardinality(v_some) <= 5000 then v_some end;
end
$$;

-- The next messages, from the newest on: what goes to one endpoint is its tenant's, or was sent to it by
-- its name.
create or replace function webhook_messages_back(p_wanted jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  v record;
  v_at timestamptz;
  v_tenant text;
  v_whole boolean;
begin
  select * into v from webhook_message_values(p_wanted);
  v_at := coalesce((select m.created_at from webhook_messages m where m.id = v.after), v.at,
                   'infinity');
  if v.after is null and v.state not in ('nobody', 'ended') then
    -- what came after the last job in that state is none of it: a backlog is passed over
    v_at := least(v_at, coalesce((
      select j.enqueued_at + interval '1 minute' from jobs j
      where j.queue = 'webhooks-out' and j.state = v.state order by j.id desc limit 1), '-infinity'));
  end if;
  v_tenant := coalesce(v.tenant, v.owner);
  v_whole := v_tenant is null;
  return array(
    select c.id from (
      (select m.created_at, m.id from webhook_messages m
       where (v_whole or m.tenant = v_tenant)
         and m.created_at <= v_at and m.created_at >= coalesce(v.since, '-infinity')
         and m.created_at < coalesce(v.until, 'infinity')
         and (v.after is null or (m.created_at, m.id) < (v_at, v.after))
       order by m.created_at desc, m.id desc limit p_limit)
      union all
      (select m.created_at, m.id from webhook_messages m
       where not v_whole and v.tenant is null and m.tenant is null and m.endpoint = v.endpoint
         and m.created_at <= v_at and m.created_at >= coalesce(v.since, '-infinity')
         and m.created_at < coalesce(v.until, 'infinity')
         and (v.after is null or (m.created_at, m.id) < (v_at, v.after))
       order by m.created_at desc, m.id desc limit p_limit)) c
    order by c.created_at desc, c.id desc limit p_limit);
end
$$;

-- The rows of some messages that are what is asked for.
create or replace function webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer)
returns table (
  created_at timestamptz, message_id text, type text, tenant text, endpoint text, state text,
  attempts integer, because text, id uuid, job uuid)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_hashjoin = off   -- each is looked up: some are few among many
set enable_mergejoin = off
set jit = off
as $$
declare
  v record;
begin
  select * into v from webhook_message_values(p_wanted);
  return query
    select f.created_at, f.message_id, f.type, f.tenant, coalesce(p.name, f.to_whom), f.state, f.attempts,
           f.because, f.id, f.job
    from (
      select m.created_at, m.message_id, m.type, m.tenant, j.tenant as to_whom,
             case when g.id is null then 'nobody' else coalesce(j.state, 'ended') end as state,
             j.attempts, j.because, m.id, g.id as job
      from (select w.created_at, w.message_id, w.type, w.tenant, w.endpoint, w.jobs, w.id
            from webhook_messages w where w.id = any (p_some)
            order by w.created_at desc, w.id desc offset 0) m   -- not all messages by their age
      left join lateral unnest(m.jobs) g(id) on true
      left join jobs j on j.id = g.id
      where (v.tenant is null or m.tenant = v.tenant)
        and (v.endpoint is null or j.tenant = v.endpoint::text and (
               m.tenant is not distinct from v.owner or m.endpoint = v.endpoint))
        and (v.type is null or webhook_wants(v.type, m.type))
        and (v.since is null or m.created_at >= v.since)
        and (v.until is null or m.created_at < v.until)
        and (v.id is null or (m.created_at, m.id) < (v.at, v.id) or m.id = v.id and g.id > v.job)
        and (v.state is null or v.state = case when g.id is null then 'nobody'
                                               else coalesce(j.state, 'ended') end)
        and (v.state is distinct from 'nobody' or m.jobs = '{}')
      order by m.created_at desc, m.id desc, g.id limit p_limit) f
    left join webhook_endpoints p on p.id::text = f.to_whom
    order by f.created_at desc, f.id desc, f.job;
end
$$;

-- Where a page of messages ended: its last row, by the message and the job, which is blank if it has none.
create or replace function webhook_message_at(
  p_before text, out at timestamptz, out id uuid, out job uuid)
language plpgsql stable
set search_path from current
as $$
begin
  if p_before is null then
    return;
  end if;
  job := nullif(split_part(p_before, '/', 2), '')::uuid;
  select m.created_at, m.id into at, id from webhook_messages m
  where m.id = split_part(p_before, '/', 1)::uuid;
  if at is null then
    raise data_exception;
  end if;
exception when data_exception then
  raise exception 'before: no message "%" is known; take it from the page before, or begin anew',
    left(p_before, 100) using errcode = 'JQ005';
end
$$;

-- How a message stands at each endpoint that was to get it; one row if there is none.
create or replace function webhook_message_jobs(p_jobs uuid[])
returns table (job uuid, tenant text, state text, attempts integer, run_at timestamptz, because text)
language plpgsql stable
set search_path from current
as $$
begin
  return query
    select g.id, j.tenant, coalesce(j.state, 'ended'), j.attempts::integer, j.run_at, j.because
    from unnest(p_jobs) g(id) left join jobs j on j.id = g.id;
  if not found then
    return query select null::uuid, null::text, 'nobody', null::integer, null::timestamptz, null::text;
  end if;
end
$$;

-- The message that somebody means: the whole id that send gave, or the webhook-id that it was sent
-- with, the newest one if several tenants have it.
create or replace function webhook_message_find(p_text text) returns uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_found uuid;
begin
  if p_text ~* '^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$' then
    v_found := (select m.id from webhook_messages m where m.id = p_text::uuid);
  end if;
  v_found := coalesce(v_found, (
    select m.id from webhook_messages m where m.message_id = p_text order by m.created_at desc limit 1));
  if v_found is null then
    raise exception 'no message "%"', left(p_text, 100) using errcode = 'JQ001',
      hint = 'see: holdfast endpoints messages; a message is kept for thirty days';
  end if;
  return v_found;
end
$$;

-- One message: its body, how it stands at the first hundred of its endpoints, and its last hundred attempts
-- with their answers. There can be thousands: `more_endpoints` and `more_attempts` say so, and
-- webhook_message_list and webhook_attempt_list have all of them.
create or replace function webhook_message_show(p_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
  select jsonb_build_object(
    'id', m.id, 'message_id', m.message_id, 'type', m.type, 'tenant', m.tenant,
    'created_at', m.created_at, 'size', octet_length(m.body),
    'body', webhook_excerpt(m.body),
    'endpoints', coalesce((
      select jsonb_agg(jsonb_build_object(
        'endpoint', coalesce(p.name, j.tenant), 'state', j.state, 'attempts', j.attempts,
        'run_at', j.run_at, 'because', j.because, 'job', j.job) order by p.name, j.job)
      from webhook_message_jobs(m.jobs[:100]) j left join webhook_endpoints p on p.id::text = j.tenant
      where j.job is not null), '[]'),
    'more_endpoints', cardinality(m.jobs) > 100,
    'attempts', coalesce((
      select jsonb_agg(jsonb_build_object(
        'at', d.at, 'endpoint', coalesce(p.name, d.endpoint::text), 'attempt', d.attempt,
        'status', d.status, 'outcome', d.outcome, 'duration_ms', d.duration_ms,
        'because', d.because, 'answer', d.answer) order by d.id)
      from (select * from webhook_deliveries a where a.subject = m.id order by a.id desc limit 100) d
      left join webhook_endpoints p on p.id = d.endpoint), '[]'),
    'more_attempts', exists (select from webhook_deliveries a where a.subject = m.id offset 100))
  from webhook_messages m where m.id = p_id
$$;

-- The beginning of a body as text; one that is none, as SQL may send it, with its bytes as escapes.
create or replace function webhook_excerpt(p_body bytea) returns text
language plpgsql immutable
set search_path from current
as $$
begin
  return left(convert_from(p_body, 'UTF8'), 10000);
exception when character_not_in_repertoire or untranslatable_character then
  return left(encode(p_body, 'escape'), 10000);
end
$$;
