-- Endpoints: make them, look at them, change them and their state, take them away.

select create_queue('webhooks-out', '{"retry_base": "5 seconds", "retry_factor": 4, "retry_cap": "12 hours",
  "max_attempts": 12, "max_age": "5 days", "timeout": "6 minutes", "concurrency": 100, "batch": 200,
  "max_running_per_tenant": 20}');

-- Makes an endpoint. p_endpoint has the columns by name, and `secret`, the reference of its first one. A
-- secret that is sealed for its endpoint needs the endpoint's `id` before there is one: say both.
create or replace function webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text)
returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_known constant text[] := '{purpose,source,tenant,url,patterns,timeout,rate_quota,headers,
    give_up_after,id,secret}';
  v_new webhook_endpoints;
begin
  if coalesce(p_name, '') !~ '^[a-z0-9][a-z0-9_.-]{0,62}$' then
    raise exception 'the name of an endpoint is 1 to 63 of a-z 0-9 _ . - and begins with a letter or '
      'a digit, not "%"', left(p_name, 100) using errcode = 'JQ005';
  elsif p_endpoint - v_known <> '{}' then
    raise exception 'an endpoint has no %',
      (select string_agg(k, ', ') from jsonb_object_keys(p_endpoint - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  end if;
  v_new := jsonb_populate_record(null::webhook_endpoints, p_endpoint);
  perform webhook_check_endpoint(v_new);
  insert into webhook_endpoints (id, name, purpose, source, tenant, url, patterns, timeout, rate_quota,
                                 headers, give_up_after, created_at)
  values (coalesce(v_new.id, new_id()), p_name, coalesce(v_new.purpose, 'customer'), v_new.source, v_new.tenant, v_new.url,
          coalesce(v_new.patterns, '{*}'), coalesce(v_new.timeout, '15 seconds'), v_new.rate_quota,
          coalesce(v_new.headers, '{}'), coalesce(v_new.give_up_after, '5 days'), clock())
  on conflict (name) do nothing returning * into v_new;
  if not found then
    raise exception 'there is an endpoint "%" already', p_name using errcode = 'JQ005';
  end if;
  perform close_breaker('endpoint:' || p_name, clock());   -- one that was removed may have left it open
  perform record_operation('add endpoint', p_who, null,
                           jsonb_build_object('endpoint', v_new.id, 'name', p_name), 1);
  if p_endpoint ->> 'secret' is not null then
    perform webhook_add_secret('endpoint:' || v_new.id, p_endpoint ->> 'secret', p_who);
  end if;
  return v_new.id;
end
$$;

-- What the table would refuse without a word of help, and what would be stored and never work.
create or replace function webhook_check_endpoint(p_endpoint webhook_endpoints) returns void
language plpgsql immutable
set search_path from current
as $$
begin
  if p_endpoint.url is null or p_endpoint.url !~ '^https?://.' or length(p_endpoint.url) > 2000 then
    raise exception 'the address of an endpoint begins with http:// or https:// and has at most 2000 '
      'characters' using errcode = 'JQ005';
  elsif p_endpoint.patterns = '{}' or exists (
    select from unnest(p_endpoint.patterns) p where coalesce(btrim(p), '') = '' or p <> btrim(p)) then
    raise exception 'a type that an endpoint wants is such as order.paid, order.* or *, not blank'
      using errcode = 'JQ005';
  elsif not (p_endpoint.timeout between '1 second' and '5 minutes' and p_endpoint.give_up_after > '0'
             and p_endpoint.rate_quota between 1 and 1000000) then   -- null is neither: the default
    raise exception 'timeout is 1 second to 5 minutes, give_up_after longer than nothing, '
      'rate_quota 1 to 1000000 a second' using errcode = 'JQ005';
  end if;
end
$$;

-- Changes an endpoint; what is not named stays, what is null is set back. Of headers, too, only those
-- that are named change. What waits for it goes by what is said now.
create or replace function webhook_set_endpoint(
  p_name text, p_changes jsonb, p_who text, p_why text default null) returns webhook_endpoints
language plpgsql
set search_path from current
as $$
declare
  v_known constant text[] := '{url,patterns,timeout,rate_quota,tenant,source,headers,give_up_after}';
  v_new webhook_endpoints := webhook_endpoint_to_change(p_name);
  v_headers jsonb := coalesce(p_changes -> 'headers', '{}');
begin
  if p_changes - v_known <> '{}' then
    raise exception 'an endpoint has no % that can be changed',
      (select string_agg(k, ', ') from jsonb_object_keys(p_changes - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  elsif p_changes ? 'source' and (v_new.purpose = 'forward') <> (p_changes ->> 'source' is not null)
  then
    raise exception 'a forward has a source, and a customer''s endpoint has none'
      using errcode = 'JQ005';
  end if;
  v_headers := jsonb_strip_nulls(v_new.headers || v_headers);
  v_new := jsonb_populate_record(v_new, p_changes);
  perform webhook_check_endpoint(v_new);
  update webhook_endpoints set
    url = v_new.url, patterns = coalesce(v_new.patterns, '{*}'),
    timeout = coalesce(v_new.timeout, '15 seconds'), rate_quota = v_new.rate_quota,
    tenant = v_new.tenant, source = v_new.source, headers = v_headers,
    give_up_after = coalesce(v_new.give_up_after, '5 days'),
    failures = case when p_changes ? 'url' then 0 else failures end,
    failing_since = case when p_changes ? 'url' then null else failing_since end
  where id = v_new.id returning * into v_new;
  if p_changes ? 'url' then   -- what is known of the old address says nothing of the new one
    perform close_breaker('endpoint:' || v_new.name, clock());
    p_changes := jsonb_set(p_changes, '{url}', to_jsonb(webhook_plain_url(v_new.url)));
  end if;
  -- of a header the name: its value can be a credential
  perform record_operation('set endpoint', p_who, p_why, jsonb_build_object(
    'endpoint', v_new.id, 'name', v_new.name, 'changes', p_changes - 'headers', 'headers',
    array(select jsonb_object_keys(coalesce(p_changes -> 'headers', '{}')))), 1);
  return v_new;
end
$$;

-- An address as people may read it: without the name and password that it may have.
create or replace function webhook_plain_url(p_url text) returns text
language sql immutable
set search_path from current
as $$
  select regexp_replace(p_url, '^(https?://)[^/?#]*@', '\1…@')
$$;

create or replace function webhook_endpoint(p_name text) returns webhook_endpoints
language plpgsql stable
set search_path from current
as $$
declare
  v_found webhook_endpoints;
begin
  select * into v_found from webhook_endpoints where name = p_name;
  if v_found.id is null and p_name ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' then
    select * into v_found from webhook_endpoints where id::text = p_name;
  end if;
  if v_found.id is null then
    raise exception 'no endpoint "%"', left(p_name, 100) using errcode = 'JQ001',
      hint = 'see: holdfast endpoints list';
  end if;
  return v_found;
end
$$;

-- The same, and nobody else changes it before this transaction ends.
create or replace function webhook_endpoint_to_change(p_name text) returns webhook_endpoints
language plpgsql
set search_path from current
as $$
declare
  v_id uuid := (webhook_endpoint(p_name)).id;
  v_found webhook_endpoints;
begin
  select * into v_found from webhook_endpoints where id = v_id for update;
  return case when found then v_found else webhook_endpoint(p_name) end;   -- which says it is gone
end
$$;

-- Pause, disable or enable it. While it is not enabled its deliveries are held, none is dropped; when
-- it is enabled they go on. Returns how many went on.
create or replace function webhook_set_endpoint_state(
  p_name text, p_state text, p_who text, p_why text default null) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v_now timestamptz := clock();
begin
  update webhook_endpoints set state = p_state, state_by = p_who, state_why = p_why,
    state_at = v_now, failing_since = null, failures = 0
  where id = v_endpoint.id;
  perform record_operation(p_state || ' endpoint', p_who, p_why,
                           jsonb_build_object('endpoint', v_endpoint.id, 'name', v_endpoint.name), 1);
  if p_state <> 'enabled' then
    return 0;
  end if;
  perform clear_alert('webhooks.endpoint:' || v_endpoint.name);
  perform close_breaker('endpoint:' || v_endpoint.name, v_now);
  return unhold_many(jsonb_build_object('queue', 'webhooks-out', 'tenant', v_endpoint.id::text), p_who,
                     p_why);
end
$$;

-- A delivery that a worker looked at while its endpoint was stopped is held a moment later; if it was
-- enabled in between, nobody would let it go. They are found by the beginning of their reason, which names
-- the endpoint; those that a person holds have another one. What is busy follows with the next call.
-- Returns how many went on.
create or replace function webhook_let_go(p_limit integer default 1000) returns integer
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while nothing was held, it would read all of it later
set enable_sort = off
set jit = off
as $$
declare
  v_stopped text;
  v_tenants text[];
  v_id uuid;
  v_count integer := 0;
begin
  for v_stopped, v_tenants in
    with enabled as (
      select ' ' || e.name as named, array[e.id::text] as tenants from webhook_endpoints e
      where e.state = 'enabled' and e.state_at > clock() - interval '1 hour'
    )
    select 'its endpoint' || e.named || s.was, e.tenants
    from (select * from enabled
          union all   -- a process of the release before does not name it
          select '', array_agg(a.tenants[1]) from enabled a having count(*) > 0) e
    cross join unnest('{" is "," answered "}'::text[]) s(was)
  loop
    for v_id in
      select d.id from deferred_jobs d
      where d.waits_for = 'person' and d.queue = 'webhooks-out'
        and left(d.because, 300) collate "C" >= v_stopped
        and left(d.because, 300) collate "C" < rtrim(v_stopped) || '!'
        and d.tenant = any (v_tenants)
      order by left(d.because, 300) collate "C" limit p_limit - v_count for update skip locked
    loop
      v_count := v_count + let_go_if_free(v_id)::integer;
    end loop;
  end loop;
  return v_count;
end
$$;

-- Takes an endpoint away. What waits for it is cancelled if p_cancel says so; else it must be nothing.
create or replace function webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text)
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v_waiting uuid[] := array(
    select j.id from jobs j where j.queue = 'webhooks-out' and j.tenant = v_endpoint.id::text
      and j.state in ('ready', 'leased', 'held'));
  v_id uuid;
  v_count integer := 0;
begin
  if v_waiting <> '{}' and not p_cancel then
    raise exception '% deliveries wait for endpoint "%"', cardinality(v_waiting), v_endpoint.name
      using errcode = 'JQ003', hint = 'let them end, or cancel them with --cancel, by HTTP with "cancel": true';
  end if;
  foreach v_id in array v_waiting loop
    v_count := v_count + webhook_cancel(v_id, p_who)::integer;
  end loop;
  delete from webhook_secrets where owner = 'endpoint:' || v_endpoint.id;
  delete from webhook_endpoints where id = v_endpoint.id;
  perform clear_alert('webhooks.endpoint:' || v_endpoint.name, p_who);
  perform clear_alert('webhooks.unsigned:' || v_endpoint.name, p_who);
  perform forget_breaker('endpoint:' || v_endpoint.name);
  perform record_operation('remove endpoint', p_who, null, jsonb_build_object(
    'endpoint', v_endpoint.id, 'name', v_endpoint.name), v_count);
  return v_count;
end
$$;

-- False if the delivery ended by itself just now: a worker goes on while an endpoint is removed.
create or replace function webhook_cancel(p_job uuid, p_who text) returns boolean
language plpgsql
set search_path from current
as $$
begin
  perform cancel(p_job, p_who, 'its endpoint was removed');
  return true;
exception when sqlstate 'JQ001' or sqlstate 'JQ003' then
  return false;
end
$$;

-- How much waits, is held and is dead, of endpoints by their ids.
create or replace function webhook_endpoint_counts(p_endpoints text[])
returns table (endpoint text, waiting bigint, held bigint, dead bigint)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan
set jit = off
as $$
begin
  return query
    select e.id, coalesce(r.waiting, 0) + coalesce(d.waiting, 0), coalesce(d.held, 0), coalesce(l.dead, 0)
    from unnest(p_endpoints) e(id)
    left join (
      select i.tenant, count(*) as waiting
      from ready_jobs i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) r on r.tenant = e.id
    left join (
      select i.tenant, count(*) filter (where i.waits_for <> 'person') as waiting,
             count(*) filter (where i.waits_for = 'person') as held
      from deferred_jobs i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) d on d.tenant = e.id
    left join (
      select i.tenant, count(*) as dead
      from dead_letters i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) l on l.tenant = e.id;
end
$$;

-- The endpoints, with how they do.
create or replace function webhook_endpoint_list() returns table (
  name text, purpose text, state text, url text, patterns text[], source text, tenant text,
  last_success_at timestamptz, failures integer, waiting bigint, held bigint, dead bigint,
  state_why text, id uuid)
language sql stable
set search_path from current
as $$
  select e.name, e.purpose, e.state, webhook_plain_url(e.url), e.patterns, e.source, e.tenant,
         e.last_success_at, e.failures, c.waiting, c.held, c.dead, e.state_why, e.id
  from webhook_endpoints e
  join webhook_endpoint_counts(array(select p.id::text from webhook_endpoints p)) c
    on c.endpoint = e.id::text
  order by e.name
$$;

-- The same by pages. p_filter: name, tenant, source, state, and after (a name: those behind it).
create or replace function webhook_endpoint_page(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  name text, purpose text, state text, url text, patterns text[], source text, tenant text,
  last_success_at timestamptz, failures integer, waiting bigint, held bigint, dead bigint,
  state_why text, id uuid)
language plpgsql stable
set search_path from current
as $$
declare
  v record;
begin
  perform check_filter(p_filter, '{name,tenant,source,state,after}');
  select * into v from jsonb_to_record(p_filter) as f(
    name text, tenant text, source text, state text, after text);
  perform check_choice('state', v.state, '{enabled,paused,disabled}');
  return query
    with found as materialized (
      select e.* from webhook_endpoints e
      where (v.name is null or e.name = v.name)
        and (v.tenant is null or e.tenant = v.tenant)
        and (v.source is null or e.source = v.source)
        and (v.state is null or e.state = v.state)
        and (v.after is null or e.name > v.after)
      order by e.name limit list_limit(p_limit))
    select e.name, e.purpose, e.state, webhook_plain_url(e.url), e.patterns, e.source, e.tenant,
           e.last_success_at, e.failures, c.waiting, c.held, c.dead, e.state_why, e.id
    from found e
    join webhook_endpoint_counts(array(select f.id::text from found f)) c on c.endpoint = e.id::text
    order by e.name;
end
$$;
