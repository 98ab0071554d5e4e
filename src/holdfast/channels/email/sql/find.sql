-- Finding emails. There is an index for each thing that they are looked for by, and what is asked for
-- decides where the search begins: at the address, at the jobs of a state, at what few emails have in
-- common, or at the newest.

-- The emails by what is known of them, newest first. The filter knows recipient, tenant, tag, message_id,
-- subject (how it begins, whatever the case), state (while their jobs are not forgotten), source, and
-- before (an id: the page after it). All but the source have an index.
create or replace function email_find(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id uuid, created_at timestamptz, status text, sender text, recipients text[], subject text,
  attempts integer, last_error text, next_attempt_at timestamptz, source text, size integer,
  tenant text, tags text[])
language plpgsql stable
set search_path from current
as $$
declare
  v_filter jsonb := jsonb_strip_nulls(p_filter);
  v_limit integer := list_limit(p_limit);
  v_some uuid[];
begin
  perform check_filter(v_filter, '{state,tag,tenant,recipient,source,message_id,subject,before}');
  if v_filter ->> 'state' not in ('ready', 'leased', 'held', 'done', 'dead', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(v_filter ->> 'state', 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, done, dead, cancelled, expired';
  elsif v_filter ->> 'before' !~* '^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$' then
    raise exception '"%" is no id', left(v_filter ->> 'before', 60) using errcode = 'JQ005',
      hint = 'before is the id of an email: the page after it is shown';
  end if;
  v_some := case
    when v_filter ? 'recipient' then email_found_by_address(v_filter, v_limit)
    when v_filter ->> 'state' in ('leased', 'held', 'dead')
      or v_filter ? 'state' and v_filter - '{state,source,before}'::text[] = '{}' then
      email_found_by_state(v_filter, v_limit)
    when v_filter - '{state,source,before}'::text[] = '{}' then email_found_back(v_filter, v_limit)
    else coalesce(email_found_few(v_filter), email_found_back(v_filter, v_limit)) end;
  return query
    select q.id, q.created_at, q.status, q.sender, q.recipients, q.subject, q.attempts, q.last_error,
           q.next_attempt_at, q.source, q.size, q.tenant, q.tags
    from (select u.id from unnest(v_some) u(id) order by u.id desc limit v_limit) s
    cross join lateral (
      select * from email_queue v where v.id = s.id offset 0) q   -- offset 0: one look-up for each
    order by q.id desc;
end
$$;

-- Whether an email is what the filter asks for, but for its recipients.
create or replace function email_fits(p_email emails, p_filter jsonb) returns boolean
language plpgsql stable
set search_path from current
as $$
begin
  if p_filter ? 'state' and not exists (
      select from jobs j
      where j.id = p_email.id and j.queue = 'email' and j.state = p_filter ->> 'state') then
    return false;
  end if;
  return (p_filter ->> 'tenant' is null or p_email.tenant = p_filter ->> 'tenant')
     and (p_filter ->> 'tag' is null or p_filter ->> 'tag' = any (p_email.tags))
     and (p_filter ->> 'source' is null or p_email.source = p_filter ->> 'source')
     and (p_filter ->> 'message_id' is null
          or btrim(p_email.message_id, '<>') = btrim(p_filter ->> 'message_id', '<> '))
     and (p_filter ->> 'subject' is null
          or left(lower(p_email.subject), 100) ^@ left(lower(p_filter ->> 'subject'), 100))
     and (p_filter ->> 'before' is null or p_email.id < (p_filter ->> 'before')::uuid);
end
$$;

-- From the newest of the address on; of an erased one from those of its hash, too.
create or replace function email_found_by_address(p_filter jsonb, p_limit integer) returns uuid[]
language sql stable
set search_path from current
set enable_seqscan = off
set jit = off
as $$
  select array(
    select f.email_id
    from unnest(array[email_plain(p_filter ->> 'recipient'),
                      email_address_hash(p_filter ->> 'recipient')]) n(name)
    cross join lateral (
      select r.email_id from email_recipients r join emails e on e.id = r.email_id
      where lower(r.address) = n.name and email_fits(e, p_filter)
      order by r.email_id desc limit p_limit) f
    order by f.email_id desc limit p_limit)
$$;

-- From the newest job of that state on: each state has a table, or is what most jobs are in.
create or replace function email_found_by_state(p_filter jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that the tables of other states are left out
set jit = off
as $$
declare
  v_state text := p_filter ->> 'state';
begin
  return array(
    select j.id from jobs j join emails e on e.id = j.id
    where j.queue = 'email' and j.state = v_state and email_fits(e, p_filter - 'state')
    order by j.id desc limit p_limit);
end
$$;

-- What few emails have in common; null if they are more than five thousand. Asked for in order, the
-- planner would take what is rare for frequent, and look for it among all, from the newest on.
create or replace function email_found_few(p_filter jsonb) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that what is not asked for is left out
set enable_seqscan = off
set enable_bitmapscan = off   -- it would collect all before the first; some indexes know no other way
set jit = off
as $$
declare
  v record;
  v_some uuid[];
begin
  select * into v from email_filter(p_filter);
  perform set_config('enable_bitmapscan', (p_filter ?| '{tag,message_id}')::text, true);
  v_some := array(
    select e.id from emails e
    where (v.tenant is null or e.tenant = v.tenant)
      and (v.tag is null or (e.tags @> array[v.tag] and e.tags <> '{}'))
      and (v.subject is null or left(lower(e.subject), 100) ^@ v.subject)
      and (v.message_id is null or e.message_id in (v.message_id, '<' || v.message_id || '>'))
      and (v.source is null or e.source = v.source)
      and (v.before is null or e.id < v.before)
      and (v.state is null or exists (
        select from jobs j where j.id = e.id and j.queue = 'email' and j.state = v.state))
    limit 5001);
  return case when cardinality(v_some) <= 5000 then v_some end;
end
$$;

-- The same in order, from the newest email on: for all of them, and for what is met soon.
create or replace function email_found_back(p_filter jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_sort = off
set jit = off
as $$
declare
  v record;
begin
  select * into v from email_filter(p_filter);
  return array(
    select e.id from emails e
    where (v.tenant is null or e.tenant = v.tenant)
      and (v.tag is null or v.tag = any (e.tags))
      and (v.subject is null or left(lower(e.subject), 100) ^@ v.subject)
      and (v.message_id is null or e.message_id in (v.message_id, '<' || v.message_id || '>'))
      and (v.source is null or e.source = v.source)
      and (v.before is null or e.id < v.before)
      and (v.state is null or exists (
        select from jobs j where j.id = e.id and j.queue = 'email' and j.state = v.state))
    order by e.id desc limit p_limit);
end
$$;

-- What a filter asks for, as values.
create or replace function email_filter(
  p_filter jsonb, out state text, out tenant text, out tag text, out source text, out subject text,
  out message_id text, out before uuid)
language sql immutable
set search_path from current
as $$
  select p_filter ->> 'state', p_filter ->> 'tenant', p_filter ->> 'tag', p_filter ->> 'source',
         left(lower(p_filter ->> 'subject'), 100), p_filter ->> 'message_id',
         (p_filter ->> 'before')::uuid
$$;
