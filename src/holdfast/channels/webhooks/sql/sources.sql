-- Sources: who may send, with which secrets; and what of it was refused.

-- Makes a source or changes it; what is not named stays, null sets it back. Names as in webhook_sources.
create or replace function webhook_set_source(p_name text, p_changes jsonb, p_who text)
returns webhook_sources
language plpgsql
set search_path from current
as $$
declare
  v_known constant text[] := '{scheme,settings,tolerance,public_url,livemode,accounts,max_body,
    rate_quota,revive,retention,redact_paths,redact_headers,redact_after,silence}';
  v_old webhook_sources;
  v_source webhook_sources;
begin
  if p_changes - v_known <> '{}' then
    raise exception 'a source has no %',
      (select string_agg(k, ', ') from jsonb_object_keys(p_changes - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  elsif p_changes @? '$.redact_paths[*] ? (!(@ like_regex "^(/([^~/]|~[01])*)+$"))' then
    raise exception 'each of redact_paths is a JSON pointer' using errcode = 'JQ005',
      hint = 'such as /data/object/email, or /lines/*/name for each element';
  end if;
  insert into webhook_sources (name, scheme, created_at)
  values (p_name, coalesce(p_changes ->> 'scheme', p_name), clock()) on conflict do nothing;
  select * into v_old from webhook_sources where name = p_name for update;
  v_source := jsonb_populate_record(v_old, p_changes);
  v_source.scheme := coalesce(v_source.scheme, v_old.scheme);
  v_source.settings := coalesce(v_source.settings, '{}');
  v_source.tolerance := coalesce(v_source.tolerance, '5 minutes');
  v_source.max_body := coalesce(v_source.max_body, 1048576);
  v_source.revive := coalesce(v_source.revive, false);
  v_source.retention := coalesce(v_source.retention, '90 days');
  v_source.redact_paths := coalesce(v_source.redact_paths, '{}');
  v_source.redact_headers := coalesce(v_source.redact_headers, '{}');
  if not (v_source.redact_paths <@ v_old.redact_paths
          and v_source.redact_headers <@ v_old.redact_headers) then
    perform from upkeep where task = 'webhooks.retention' for update;   -- it knows the old paths
    v_source.redact_again := clock();
  end if;
  delete from webhook_sources where name = p_name;
  insert into webhook_sources select v_source.*;
  perform record_operation('set source', p_who, null,
                           jsonb_build_object('source', p_name, 'changes', p_changes), 1);
  return v_source;
end
$$;

-- What a process has in its environment about keeping: [{"name", "retention", "silence"}]. What is not
-- said stays as it was told last; a process that has fewer variables than another takes nothing away.
create or replace function webhook_note_environment(p_sources jsonb) returns void
language sql
set search_path from current
as $$
  insert into webhook_environment as w (name, retention, silence, told_at)
  select r.name, r.retention, r.silence, clock()
  from jsonb_to_recordset(p_sources) as r(name text, retention interval, silence double precision)
  order by r.name
  on conflict (name) do update
    set retention = coalesce(excluded.retention, w.retention),
        silence = coalesce(excluded.silence, w.silence), told_at = excluded.told_at
$$;

-- How the events of sources are kept; the database's own word goes before that of the environment.
create or replace function webhook_keeping()
returns table (name text, retention interval, silence double precision)
language sql stable
set search_path from current
as $$
  select s.name, s.retention, s.silence from webhook_sources s
  union all
  select v.name, coalesce(v.retention, '90 days'), nullif(v.silence, 0) from webhook_environment v
  where not exists (select from webhook_sources s where s.name = v.name)
$$;

-- Takes a source and its secrets away; its events stay. Not while its events have work to do, unless
-- p_force says so.
create or replace function webhook_remove_source(p_name text, p_force boolean, p_who text) returns void
language plpgsql
set search_path from current
as $$
begin
  if not exists (select from webhook_sources where name = p_name) then
    raise exception 'no source "%" in the database', p_name using errcode = 'JQ001',
      hint = 'those of the environment are removed there';
  elsif not p_force and exists (
    select from webhook_events e join jobs j on j.id = any (e.jobs)
    where e.source = p_name and j.state in ('ready', 'leased', 'held')) then
    raise exception 'events of "%" still have work to do', p_name using errcode = 'JQ003',
      hint = 'let it end, or remove the source with --force';
  end if;
  delete from webhook_secrets where owner = 'source:' || p_name;
  delete from webhook_sources where name = p_name;
  perform record_operation('remove source', p_who, null, jsonb_build_object('source', p_name), 1);
end
$$;

-- Adds a secret. Those there are stay, for p_overlap at most if that is given.
create or replace function webhook_add_secret(
  p_owner text, p_reference text, p_who text, p_not_before timestamptz default null,
  p_overlap interval default null
) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_id uuid := new_id();
  v_end timestamptz := v_now + p_overlap;
begin
  if p_reference !~ '^(env|file|sealed):.' then
    raise exception 'a secret is a reference: env:NAME, file:PATH or sealed:…' using errcode = 'JQ005';
  end if;
  if p_overlap < '0' then
    raise exception 'an overlap is a time, and not negative' using errcode = 'JQ005';
  end if;
  if p_owner like 'source:%'
     and not exists (select from webhook_sources where 'source:' || name = p_owner) then
    raise exception 'the database has no source "%"', substr(p_owner, 8) using errcode = 'JQ005',
      hint = 'make it: holdfast webhooks sources add; the secrets of one that the environment '
        'describes are HOLDFAST_SOURCE_<NAME>_SECRETS, several with commas between them';
  end if;
  update webhook_secrets set not_after = least(not_after, v_end)
  where owner = p_owner and p_overlap is not null;
  insert into webhook_secrets (id, owner, reference, not_before, created_at)
  values (v_id, p_owner, p_reference, p_not_before, v_now);
  perform record_operation('add secret', p_who, null,
    jsonb_build_object('owner', p_owner, 'secret', v_id, 'overlap', p_overlap), 1);
  return v_id;
end
$$;

-- Ends a secret, now or then.
create or replace function webhook_end_secret(p_id uuid, p_who text, p_at timestamptz default null)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_end timestamptz := coalesce(p_at, clock());
begin
  update webhook_secrets set not_after = v_end where id = p_id;
  if not found then
    raise exception 'no secret %', p_id using errcode = 'JQ001';
  end if;
  perform record_operation('end secret', p_who, null,
                           jsonb_build_object('secret', p_id, 'at', v_end), 1);
end
$$;

-- All sources of the database with their secrets, for the processes that receive: one look every few
-- seconds. Those that ended in the last month are among them, to tell who signs with one; they verify
-- nothing any more.
create or replace function webhook_source_book()
returns table (source jsonb, secrets jsonb)
language sql stable
set search_path from current
as $$
  select to_jsonb(s) || jsonb_build_object('tolerance', extract(epoch from s.tolerance)),
         coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'reference', k.reference,
           'not_before', extract(epoch from k.not_before), 'not_after', extract(epoch from k.not_after))
           order by k.created_at desc)
           from webhook_secrets k
           where k.owner = 'source:' || s.name
             and (k.not_after is null or k.not_after > clock() - interval '30 days')), '[]')
  from webhook_sources s order by s.name
$$;

-- The same for who may not see secrets.
create or replace function webhook_sources_known() returns table (source jsonb, secrets jsonb)
language sql stable
set search_path from current
as $$
  select to_jsonb(s) || jsonb_build_object('tolerance', extract(epoch from s.tolerance)), null::jsonb
  from webhook_sources s order by s.name
$$;

-- What a process has counted since it told last: refusals [{source, reason, count}], samples of them
-- [{source, reason, detail, peer, size, body_sha256, headers}] and used secrets [{owner, secret}].
-- Of samples the latest twenty of a source and reason are kept.
create or replace function webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_refusals as w (source, reason, day, count, last_at)
  select r.source, r.reason, (v_now at time zone 'UTC')::date, r.count, v_now
  from jsonb_to_recordset(p_refusals) as r(source text, reason text, count bigint)
  order by 1, 2
  on conflict (source, reason, day) do update
    set count = w.count + excluded.count, last_at = excluded.last_at;
  insert into webhook_refusal_samples (source, reason, detail, at, peer, size, body_sha256, headers)
  select s.source, s.reason, s.detail, v_now, s.peer, s.size, decode(s.body_sha256, 'hex'), s.headers
  from jsonb_to_recordset(p_samples) as s(
    source text, reason text, detail text, peer text, size integer, body_sha256 text, headers jsonb);
  delete from webhook_refusal_samples w
  using (select distinct s ->> 'source' as source, s ->> 'reason' as reason
         from jsonb_array_elements(p_samples) s) s
  where w.source = s.source and w.reason = s.reason and w.id <= (
    select o.id from webhook_refusal_samples o
    where o.source = s.source and o.reason = s.reason order by o.id desc offset 20 limit 1);
  insert into webhook_secret_uses as u (owner, secret, last_used_at)
  select distinct s.owner, s.secret, v_now
  from jsonb_to_recordset(p_used) as s(owner text, secret text) order by 1, 2
  on conflict (owner, secret) do update set last_used_at = excluded.last_used_at;
end
$$;

-- What was refused lately, by source and reason; with the latest detail.
create or replace function webhook_refusal_list(p_days integer default 7)
returns table (source text, reason text, count numeric, last_at timestamptz, latest text)
language sql stable
set search_path from current
as $$
  select w.source, w.reason, sum(w.count), max(w.last_at), (
           select s.detail from webhook_refusal_samples s
           where s.source = w.source and s.reason = w.reason order by s.id desc limit 1)
  from webhook_refusals w
  where w.day > (clock() at time zone 'UTC')::date - p_days
  group by w.source, w.reason order by max(w.last_at) desc
$$;

-- When the secrets of an owner verified or signed something last.
create or replace function webhook_secret_list(p_owner text)
returns table (id text, reference text, not_before timestamptz, not_after timestamptz,
               created_at timestamptz, last_used_at timestamptz)
language sql stable
set search_path from current
as $$
  select k.id::text, k.reference, k.not_before, k.not_after, k.created_at, u.last_used_at
  from webhook_secrets k
  left join webhook_secret_uses u on u.owner = k.owner and u.secret = k.id::text
  where k.owner = p_owner
  union all
  select u.secret, u.secret, null, null, null, u.last_used_at
  from webhook_secret_uses u
  where u.owner = p_owner and u.secret like 'env:%'
  order by 5 desc nulls last
$$;
