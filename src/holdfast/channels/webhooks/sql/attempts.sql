-- Attempts: what was posted, to whom, and what was answered.

-- The latest attempts, the newest first, with what was sent. p_filter: endpoint (its name), message (the
-- webhook-id that it was sent with, or ours), type (* stands for anything), since, until (as webhook_moment
-- reads them), before (the page after the attempt of that `at/job`); `failed` leaves out what was delivered.
create or replace function webhook_attempt_list(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  at timestamptz, endpoint text, type text, status integer, outcome text, attempt integer,
  duration_ms integer, because text, answer text, message_id text, job uuid)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
as $$
declare
  v record;
  v_endpoint uuid;
  v_subject uuid;
begin
  perform check_filter(p_filter, '{endpoint,message,failed,type,since,until,before}');
  select f.endpoint, f.failed, f.type, webhook_moment(f.since) as since, webhook_moment(f.until) as until,
         webhook_attempt_at(f.before) as before
  into v from jsonb_to_record(p_filter) as f(
    endpoint text, failed boolean, type text, since text, until text, before text);
  if v.endpoint is not null then
    v_endpoint := (webhook_endpoint(v.endpoint)).id;
  end if;
  if p_filter ->> 'message' is not null then
    v_subject := webhook_subject(p_filter ->> 'message');
  end if;
  return query
    select d.at, coalesce(p.name, d.endpoint::text), coalesce(m.type, e.event_type), d.status, d.outcome,
           d.attempt, d.duration_ms, d.because, d.answer,
           coalesce(m.message_id, 'msg_' || replace(e.id::text, '-', '')), d.job
    from webhook_deliveries d
    left join webhook_endpoints p on p.id = d.endpoint
    left join webhook_messages m on m.id = d.subject
    left join webhook_events e on e.id = d.subject
    where (v_endpoint is null or d.endpoint = v_endpoint)
      and (v_subject is null or d.subject = v_subject)
      and (v.failed is not true or d.outcome <> 'delivered')
      and (v.type is null or webhook_wants(v.type, coalesce(m.type, e.event_type)))
      and (v.since is null or d.at >= v.since) and (v.until is null or d.at < v.until)
      and d.id < coalesce(v.before, 9223372036854775807)
    order by d.id desc limit list_limit(p_limit);
end
$$;

-- What was sent under a webhook-id: a message, or the event of a forward.
create or replace function webhook_subject(p_text text) returns uuid
language plpgsql stable
set search_path from current
as $$
declare
  v_found uuid;
begin
  if p_text ~ '^msg_[0-9a-f]{32}$' then
    v_found := (select e.id from webhook_events e where e.id = right(p_text, 32)::uuid);
  end if;
  return coalesce(v_found, webhook_message_find(p_text));
end
$$;

-- Where a page of attempts ended: its last one, by when it was and its job.
create or replace function webhook_attempt_at(p_before text) returns bigint
language plpgsql stable
set search_path from current
as $$
declare
  v_found bigint;
begin
  if p_before is null then
    return null;
  end if;
  select d.id into v_found from webhook_deliveries d
  where d.at = split_part(p_before, '/', 1)::timestamptz and d.job = split_part(p_before, '/', 2)::uuid
  order by d.id limit 1;
  if v_found is null then
    raise data_exception;
  end if;
  return v_found;
exception when data_exception then
  raise exception 'before: no attempt "%" is known; take it from the page before, or begin anew',
    left(p_before, 100) using errcode = 'JQ005';
end
$$;

-- A time as people say it: so long ago, such as 2h or 3d, or a date, with or without the time (UTC).
create or replace function webhook_moment(p_text text) returns timestamptz
language plpgsql stable
set search_path from current
set timezone = 'UTC'
as $$
begin
  return case when p_text ~ '^\s*\d{4}-' then p_text::timestamptz else clock() - p_text::interval end;
exception when others then
  raise exception '"%" is neither so long ago, such as 90s, 2h or 3d, nor a time such as '
    '2026-03-01T14:30Z', left(p_text, 60) using errcode = 'JQ005';
end
$$;
