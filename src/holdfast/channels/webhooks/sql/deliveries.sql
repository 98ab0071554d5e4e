-- Deliveries: what an attempt needs, what became of it, and what that says about its endpoint.

-- What an attempt needs: the endpoint, its active secrets, and what is to be delivered. `paused` at the
-- endpoint says why nothing of the event's source goes out now, if a person has said so.
create or replace function webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid)
returns table (
  endpoint jsonb, secrets jsonb, message_id text, type text, body bytea, headers jsonb,
  created_at timestamptz)
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while a table was empty, it would read all of it later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
begin
  return query
    select to_jsonb(p) || jsonb_build_object('timeout', extract(epoch from p.timeout), 'paused',
             case when exists (select from webhook_pauses z
                               where z.source = e.source and z.resumed_at is null)
               then (select l.paused from webhook_load(e.id) l) end),
           coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'reference', k.reference)
                                      order by k.created_at desc)
                     from webhook_secrets k
                     where k.owner = 'endpoint:' || p.id
                       and (k.not_before is null or k.not_before <= clock())
                       and (k.not_after is null or k.not_after > clock())), '[]'),
           coalesce(m.message_id, 'msg_' || replace(e.id::text, '-', '')), coalesce(m.type, e.event_type),
           coalesce(m.body, e.body), coalesce(e.headers, '[]'), coalesce(m.created_at, e.received_at)
    from webhook_endpoints p
    left join webhook_events e on e.id = p_event
    left join webhook_messages m on m.id = p_message
    where p.id = p_endpoint and (e.id is not null or m.id is not null);
end
$$;

-- Records an attempt, and what it says about the endpoint: one that says 410 is disabled; one where
-- everything has failed for too long is paused. Either way what waits is held, and a person is told.
-- `p_again`: the record of this attempt was sent before, and nobody knows whether it is stored.
-- `p_url`: where it was posted to; of an address that was changed meanwhile the endpoint hears nothing.
create or replace function webhook_delivered(
  p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text,
  p_because text, p_duration_ms integer, p_answer text, p_again boolean default false,
  p_url text default null) returns text
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_endpoint webhook_endpoints;
begin
  if p_again and exists (
    select from webhook_deliveries d
    where d.subject = p_subject and d.endpoint = p_endpoint and d.job = p_job
      and d.attempt = p_attempt and d.duration_ms = p_duration_ms
      and d.status is not distinct from p_status and d.at > v_now - interval '5 minutes') then
    return (select state from webhook_endpoints where id = p_endpoint);
  end if;
  insert into webhook_deliveries (endpoint, subject, job, attempt, status, outcome, because,
                                  duration_ms, answer, at)
  values (p_endpoint, p_subject, p_job, p_attempt, p_status, p_outcome, left(p_because, 500),
          p_duration_ms, left(p_answer, 2000), v_now);
  if p_outcome = 'delivered' then
    update webhook_endpoints set last_success_at = v_now, failing_since = null, failures = 0
    where id = p_endpoint and url = coalesce(p_url, url) and (
      failures > 0 or last_success_at is null or last_success_at < v_now - interval '1 minute');
    return 'enabled';
  end if;
  update webhook_endpoints set failures = failures + 1,
    failing_since = coalesce(failing_since, v_now)
  where id = p_endpoint and url = coalesce(p_url, url) returning * into v_endpoint;
  if not found then
    return (select state from webhook_endpoints where id = p_endpoint);
  elsif v_endpoint.state = 'enabled' and p_status = 410 then
    return webhook_stop_endpoint(v_endpoint, 'disabled', 'it answered 410 Gone');
  elsif v_endpoint.state = 'enabled' and v_endpoint.failures >= 10
        and v_endpoint.failing_since < v_now - v_endpoint.give_up_after then
    return webhook_stop_endpoint(v_endpoint, 'paused', format(
      '%s deliveries in a row failed since %s', v_endpoint.failures, v_endpoint.failing_since));
  end if;
  return v_endpoint.state;
end
$$;

create or replace function webhook_stop_endpoint(
  p_endpoint webhook_endpoints, p_state text, p_why text) returns text
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  update webhook_endpoints set state = p_state, state_by = 'holdfast', state_why = p_why,
    state_at = v_now
  where id = p_endpoint.id;
  perform raise_alert('webhooks.endpoint:' || p_endpoint.name,
    format('endpoint %s is %s: %s. Its deliveries are held; let them go on with: '
           'holdfast endpoints enable %s; what was given up before comes again with: '
           'holdfast endpoints recover %s --since 7d', p_endpoint.name, p_state, p_why,
           p_endpoint.name, p_endpoint.name),
    jsonb_build_object('endpoint', p_endpoint.id, 'state', p_state));
  return p_state;
end
$$;

-- The latest attempts, of one endpoint or all.
create or replace function webhook_delivery_list(
  p_endpoint text default null, p_limit integer default 50
) returns table (
  at timestamptz, endpoint text, status integer, outcome text, attempt integer, duration_ms integer,
  because text, subject uuid, job uuid)
language sql stable
set search_path from current
as $$
  select d.at, coalesce(e.name, d.endpoint::text), d.status, d.outcome, d.attempt, d.duration_ms,
         d.because, d.subject, d.job
  from webhook_deliveries d left join webhook_endpoints e on e.id = d.endpoint
  where p_endpoint is null or d.endpoint = (webhook_endpoint(p_endpoint)).id
  order by d.id desc limit list_limit(p_limit)
$$;
