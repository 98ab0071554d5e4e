-- Messages: what we send to customers' endpoints, one job for each endpoint that wants it.
--
-- In the caller's transaction. The same id of a tenant again has no second effect, also at the same
-- time; with something else under it, it is refused.

create or replace function webhook_send(
  p_message_id text, p_type text, p_body bytea, p_tenant text default null,
  p_endpoint text default null
) returns table (id uuid, duplicate boolean, jobs integer)
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while the table was empty, it would read all of it later
set jit = off
as $$
declare
  v_id uuid := new_id();
  v_endpoint uuid;
  v_jobs jsonb;
  v_ids uuid[] := '{}';
begin
  if coalesce(length(p_type), 0) not between 1 and 200 then
    raise exception 'a message has a type of 1 to 200 characters' using errcode = 'JQ005';
  elsif coalesce(p_message_id, '') !~ '^[!-~]([ -~]{0,198}[!-~])?$' then   -- as a header can have it
    raise exception 'a message has an id of 1 to 200 characters of ASCII, and none is blank at an end'
      using errcode = 'JQ005', hint = 'it is sent as the header webhook-id, and is signed';
  end if;
  v_endpoint := webhook_addressee(p_endpoint, p_tenant);
  perform make_durable();
  insert into webhook_messages (id, message_id, tenant, type, body, jobs, created_at, endpoint)
  values (v_id, p_message_id, p_tenant, p_type, p_body, '{}', clock(), v_endpoint)
  on conflict do nothing;
  if not found then
    return query select webhook_sent(p_message_id, p_type, p_body, p_tenant, v_endpoint), true, 0;
    return;
  end if;
  select jsonb_agg(jsonb_build_object('queue', 'webhooks-out', 'kind', 'webhook:deliver',
    'tenant', e.id, 'payload', jsonb_build_object('endpoint', e.id, 'message', v_id)) order by e.id)
  into v_jobs
  from webhook_endpoints e
  where case when v_endpoint is null then e.purpose = 'customer'
               and e.tenant is not distinct from p_tenant
               and exists (select from unnest(e.patterns) p where webhook_wants(p, p_type))
             else e.id = v_endpoint end;
  if v_jobs is not null then
    v_ids := array(select q.id from enqueue_many(v_jobs) q order by q.ordinal);
    update webhook_messages m set jobs = v_ids where m.id = v_id;
  end if;
  return query select v_id, false, cardinality(v_ids);
end
$$;

-- The endpoint that alone is to get a message. What is said to be one tenant's goes to no other one.
create or replace function webhook_addressee(p_endpoint text, p_tenant text) returns uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_endpoint webhook_endpoints;
begin
  if p_endpoint is null then
    return null;
  end if;
  v_endpoint := webhook_endpoint(p_endpoint);
  if p_tenant is distinct from v_endpoint.tenant and p_tenant is not null then
    raise exception 'endpoint "%" is none of the tenant "%"', v_endpoint.name, left(p_tenant, 100)
      using errcode = 'JQ005', hint = 'see: holdfast endpoints list';
  end if;
  return v_endpoint.id;
end
$$;

-- What was sent under that id, if it was the same.
create or replace function webhook_sent(
  p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) returns uuid
language plpgsql
set search_path from current
set enable_seqscan = off
set jit = off
as $$
declare
  v_known webhook_messages;
begin
  select * into v_known from webhook_messages m
  where m.message_id = p_message_id and m.tenant is not distinct from p_tenant;
  if not found then   -- it was forgotten between the two statements
    raise exception 'the id was pruned just now; send it again' using errcode = '40001';
  elsif v_known.type <> p_type or v_known.endpoint is distinct from p_endpoint
        or not webhook_says_the_same(v_known.body, p_body) then
    raise exception 'something else was sent with the id "%"', p_message_id using errcode = 'JQ005',
      hint = format('that was a %s at %s; another message needs another id', v_known.type,
                    v_known.created_at);
  end if;
  return v_known.id;
end
$$;

-- Whether two bodies differ in nothing but their time, which is new each time nobody gives one.
create or replace function webhook_says_the_same(p_one bytea, p_other bytea) returns boolean
language plpgsql immutable
set search_path from current
as $$
begin
  return p_one = p_other or convert_from(p_one, 'UTF8')::jsonb - 'timestamp'
                            = convert_from(p_other, 'UTF8')::jsonb - 'timestamp';
exception when others then
  return false;   -- no JSON object
end
$$;

-- Forgets deliveries and finished messages by age, and lets go what is held by mistake; of each at most so
-- many. Returns the most of one of them.
create or replace function webhook_prune_messages(p_limit integer default 1000) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_gone integer;
  v_most integer := webhook_let_go(p_limit);
begin
  delete from webhook_deliveries where id = any (array(
    select d.id from webhook_deliveries d where d.at < v_now - interval '30 days'
    order by d.at limit p_limit for update skip locked));
  get diagnostics v_gone = row_count;
  v_most := greatest(v_most, v_gone);
  return greatest(v_most, webhook_prune_source('', v_now - interval '30 days', v_now, p_limit));
end
$$;

-- Looks at the next old messages, and deletes those that may go.
create or replace function webhook_prune_sent(
  p_before timestamptz, p_at timestamptz, p_message uuid, p_limit integer,
  out looked integer, out gone integer, out last_at timestamptz, out last uuid)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set jit = off
as $$
begin
  with next as materialized (
    select o.id, o.created_at, o.jobs from webhook_messages o
    where o.created_at < p_before and o.created_at >= p_at and (o.created_at, o.id) > (p_at, p_message)
    order by o.created_at, o.id limit p_limit
  ), deleted as (
    delete from webhook_messages m where m.id = any (array(
      select f.id from webhook_messages f   -- what stays is not locked; what is locked stays
      where f.id = any (array(
        select n.id from next n
        where not exists (select from jobs j where j.id = any (n.jobs)
                          and j.state in ('ready', 'leased', 'held', 'dead'))))
      for update skip locked))
    returning 1
  )
  select count(*), (select count(*) from deleted), max(n.created_at),
         (array_agg(n.id order by n.created_at desc, n.id desc))[1]
  into looked, gone, last_at, last from next n;
end
$$;
