-- Messages: what we send to customers' endpoints, one job for each endpoint that wants it.
--
-- In the caller's transaction. The same message_id again has no second effect.

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
  v_known uuid;
  v_jobs jsonb;
  v_ids uuid[] := '{}';
begin
  if coalesce(length(p_type), 0) not between 1 and 200 then
    raise exception 'a message has a type of 1 to 200 characters' using errcode = 'JQ005';
  elsif coalesce(length(p_message_id), 0) not between 1 and 200 then
    raise exception 'a message has an id of 1 to 200 characters' using errcode = 'JQ005';
  end if;
  perform make_durable();
  select m.id into v_known from webhook_messages m where m.message_id = p_message_id;
  if v_known is not null then
    return query select v_known, true, 0;
    return;
  end if;
  select jsonb_agg(jsonb_build_object('queue', 'webhooks-out', 'kind', 'webhook:deliver',
    'tenant', e.id, 'payload', jsonb_build_object('endpoint', e.id, 'message', v_id)) order by e.id)
  into v_jobs
  from webhook_endpoints e
  where case when p_endpoint is null then e.purpose = 'customer'
               and e.tenant is not distinct from p_tenant
               and exists (select from unnest(e.patterns) p where webhook_wants(p, p_type))
             else e.id = (webhook_endpoint(p_endpoint)).id end;
  if v_jobs is not null then
    v_ids := array(select q.id from enqueue_many(v_jobs) q order by q.ordinal);
  end if;
  insert into webhook_messages (id, message_id, tenant, type, body, jobs, created_at)
  values (v_id, p_message_id, p_tenant, p_type, p_body, v_ids, clock());
  return query select v_id, false, cardinality(v_ids);
end
$$;

-- Forgets deliveries and finished messages by age. Returns how many rows went.
create or replace function webhook_prune_messages(p_limit integer default 1000) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_gone integer;
  v_total integer;
begin
  delete from webhook_deliveries where id = any (array(
    select d.id from webhook_deliveries d where d.at < v_now - interval '30 days'
    order by d.at limit p_limit for update skip locked));
  get diagnostics v_total = row_count;
  delete from webhook_messages where id = any (array(
    select m.id from webhook_messages m
    where m.created_at < v_now - interval '30 days' and not exists (
      select from jobs j where j.id = any (m.jobs) and j.state in ('ready', 'leased', 'held', 'dead'))
    order by m.created_at limit p_limit for update skip locked));
  get diagnostics v_gone = row_count;
  return v_total + v_gone;
end
$$;
