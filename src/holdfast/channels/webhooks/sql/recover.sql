-- Recover: again, for an endpoint that was away.

-- Sends again what failed at one endpoint: its dead letters that died since then, oldest first, at most
-- ten thousand; and with p_missing the messages since then that it would get today and that were not
-- sent to it, because it was made, or wanted the type, later. Returns how many of each.
create or replace function webhook_recover(
  p_name text, p_since text, p_who text, p_why text default null, p_options jsonb default '{}',
  out failed integer, out missing integer)
language plpgsql
set search_path from current
as $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v record;
  v_since timestamptz := webhook_moment(p_since);
  v_messages uuid[] := '{}';
  v_jobs uuid[];
begin
  perform check_filter(p_options, '{until,missing,rate,dry_run}');
  select webhook_moment(o.until) as until, o.missing, o.rate, coalesce(o.dry_run, false) as dry_run
  into v from jsonb_to_record(p_options) as o(
    until text, missing boolean, rate double precision, dry_run boolean);
  if v.missing and v_endpoint.purpose = 'forward' then
    raise exception 'endpoint "%" is a forward; what it never got are events', v_endpoint.name
      using errcode = 'JQ005', hint = 'holdfast webhooks replay --source ' || v_endpoint.source;
  end if;
  failed := replay_dead_letters(
    jsonb_strip_nulls(jsonb_build_object('queue', 'webhooks-out', 'tenant', v_endpoint.id::text,
                                         'since', v_since, 'until', v.until)),
    p_who, p_why, 10000, v.rate, v.dry_run);
  if v.missing then
    -- what somebody else sends again at this moment is seen only after his commit
    perform pg_advisory_xact_lock(hashtextextended('holdfast.recover ' || v_endpoint.id, 0));
    v_messages := webhook_unsent(v_endpoint, v_since, v.until);
  end if;
  missing := cardinality(v_messages);
  if v.dry_run or missing = 0 then
    return;
  end if;
  v_jobs := array(
    select q.id from enqueue_many((
      select jsonb_agg(jsonb_build_object(
        'queue', 'webhooks-out', 'kind', 'webhook:deliver', 'tenant', v_endpoint.id,
        'run_at', clock() + make_interval(secs => coalesce((n - 1) / v.rate, 0)),
        'payload', jsonb_build_object('endpoint', v_endpoint.id, 'message', id)) order by n)
      from unnest(v_messages) with ordinality g(id, n))) q order by q.ordinal);
  update webhook_messages m set jobs = m.jobs || g.job
  from unnest(v_messages, v_jobs) g(id, job) where m.id = g.id;
  perform record_operation('send missing', p_who, p_why, jsonb_build_object(
    'endpoint', v_endpoint.id, 'name', v_endpoint.name, 'since', v_since, 'until', v.until), missing);
end
$$;

-- The messages that an endpoint would get today and that were not sent to it, the oldest first.
create or replace function webhook_unsent(
  p_endpoint webhook_endpoints, p_since timestamptz, p_until timestamptz) returns uuid[]
language plpgsql
set search_path from current
as $$
begin
  return array(
    select m.id from webhook_messages m
    where m.tenant is not distinct from p_endpoint.tenant
      and m.endpoint is null and m.created_at >= p_since and (p_until is null or m.created_at < p_until)
      and exists (select from unnest(p_endpoint.patterns) p where webhook_wants(p, m.type))
      and not exists (select from jobs j where j.id = any (m.jobs) and j.tenant = p_endpoint.id::text)
      and not exists (select from webhook_deliveries d
                      where d.subject = m.id and d.endpoint = p_endpoint.id)
    order by m.created_at, m.id limit 10000 for update of m);
end
$$;
