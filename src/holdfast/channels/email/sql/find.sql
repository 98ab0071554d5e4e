-- Finding emails. There is an index for each thing that they are looked for by, and what is asked for
-- decides where the search begins: at the address, at what few emails have in common, at the jobs of a
-- state, or at the newest. What many have, and few have together, is looked for among fifty thousand.

-- The emails by what is known of them, newest first. The filter knows recipient, tenant, tag, message_id,
-- subject (how it begins, whatever the case), state (while their jobs are not forgotten), source, and
-- before (an id: the page after it). All but the source have an index. Where each thing that is asked for
-- is that of more than five thousand emails, the search goes through fifty thousand of them, from the
-- newest on, and then says how it goes on.
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
  perform check_choice('state', v_filter ->> 'state',
                       '{ready,leased,held,done,dead,cancelled,expired}');
  if v_filter ->> 'before' !~* '^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$' then
    raise exception '"%" is no id', left(v_filter ->> 'before', 60) using errcode = 'JQ005',
      hint = 'before is the id of an email: the page after it is shown';
  end if;
  v_some := case when v_filter ? 'recipient' then email_found_by_address(v_filter, v_limit)
    else coalesce(email_found_few(v_filter, v_limit), email_found_back(v_filter, v_limit)) end;
  return query
    select q.id, q.created_at, q.status, q.sender, q.recipients, q.subject, q.attempts, q.last_error,
           q.next_attempt_at, q.source, q.size, q.tenant, q.tags
    from (select u.id from unnest(v_some) u(id) order by u.id desc limit v_limit) s
    cross join lateral (
      select * from email_queue v where v.id = s.id offset 0) q   -- offset 0: one look-up for each
    order by q.id desc;
end
$$;

-- The email that somebody means: a whole id, a Message-ID, or six or more digits of an id: the first
-- ones, else the last ones, of the newest million.
create or replace function email_named(p_text text) returns uuid
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- as the indexes lead, from the newest on
set enable_bitmapscan = off
set jit = off
as $$
declare
  v_text text := btrim(p_text, '<> ');
  v_digits text := lower(replace(v_text, '-', ''));
  v_found uuid[];
begin
  if v_digits ~ '^[0-9a-f]{32}$' then
    return v_digits::uuid;
  elsif v_text like '%@%' then
    v_found := array(select e.id from emails e where e.message_id in (v_text, '<' || v_text || '>') limit 2);
  elsif coalesce(v_digits, '') !~ '^[0-9a-f]{6,31}$' then
    raise exception '"%" is no id: give all of it, its first or last six digits, or the Message-ID',
      left(p_text, 100) using errcode = 'JQ005', hint = 'see: holdfast email list';
  else
    v_found := array(
      select e.id from emails e
      where e.id between rpad(v_digits, 32, '0')::uuid and rpad(v_digits, 32, 'f')::uuid
      order by e.id desc limit 2);
    if v_found = '{}' then   -- no index knows how an id ends
      v_found := array(
        select n.id from (
          select e.id from emails e order by e.id desc limit most_looked_through()) n
        where replace(n.id::text, '-', '') like '%' || v_digits limit 2);
    end if;
  end if;
  if cardinality(v_found) = 0 then
    raise exception 'no email "%"', left(p_text, 100) using errcode = 'JQ001',
      hint = 'see: holdfast email list';
  elsif cardinality(v_found) > 1 then
    raise exception 'several emails are "%"', left(p_text, 100)
      using errcode = 'JQ005', hint = 'give more digits, for example of ' || v_found[1];
  end if;
  return v_found[1];
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
    from (select distinct u.name from unnest(array[
            email_plain(p_filter ->> 'recipient'), email_address_hash(p_filter ->> 'recipient'),
            lower(btrim(p_filter ->> 'recipient'))   -- as it was stored once, if it was written so
          ]) u(name)) n
    cross join lateral (
      select r.email_id from email_recipients r join emails e on e.id = r.email_id
      where lower(r.address) = n.name and email_fits(e, p_filter)
      order by r.email_id desc limit p_limit) f
    order by f.email_id desc limit p_limit)
$$;

-- What has something that five thousand emails have, or fewer; null if all that is asked for is more
-- frequent. Each is looked for by itself: for several at once the planner would take what is rare for
-- frequent, and look for it among all.
create or replace function email_found_few(p_filter jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that the tables of other states are left out
set enable_seqscan = off
set enable_bitmapscan = off   -- it would collect all before the first; some indexes know no other way
set jit = off
as $$
declare
  v record;
  v_some uuid[];
begin
  select * into v from email_filter(p_filter);
  for i in 1 .. 6 loop   -- what is looked up soonest at first
    perform set_config('enable_bitmapscan', (i in (1, 3))::text, true);
    if i = 1 and v.message_id is not null then
      v_some := array(select e.id from emails e
        where e.message_id in (v.message_id, '<' || v.message_id || '>') limit 5001);
    elsif i = 2 and v.state in ('leased', 'held', 'dead') or i = 6 and v.state = 'ready' then
      v_some := array(select j.id from jobs j
        where j.queue = 'email' and j.state = v.state limit 5001);
    elsif i = 3 and v.tag is not null then
      v_some := array(select e.id from emails e
        where e.tags @> array[v.tag] and e.tags <> '{}' limit 5001);
    elsif i = 4 and v.subject is not null then
      v_some := array(select e.id from emails e
        where left(lower(e.subject), 100) ^@ v.subject limit 5001);
    elsif i = 5 and v.tenant is not null then
      v_some := array(select e.id from emails e where e.tenant = v.tenant limit 5001);
    end if;
    if cardinality(v_some) <= 5000 then
      return email_fitting(p_filter, v_some, p_limit);
    end if;
  end loop;
  return null;
end
$$;

-- Those of some emails that are what the filter asks for, the newest ones.
create or replace function email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) returns uuid[]
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
  select * into v from email_filter(p_filter);
  return array(
    select e.id
    from (select u.id from unnest(p_some) u(id) order by u.id desc offset 0) s
    cross join lateral (
      select o.id from emails o
      where o.id = s.id
        and (v.tenant is null or o.tenant = v.tenant)
        and (v.tag is null or v.tag = any (o.tags))
        and (v.subject is null or left(lower(o.subject), 100) ^@ v.subject)
        and (v.message_id is null or o.message_id in (v.message_id, '<' || v.message_id || '>'))
        and (v.source is null or o.source = v.source)
        and (v.before is null or o.id < v.before)
      offset 0) e
    where v.state is null or exists (
      select from jobs j where j.id = s.id and j.queue = 'email' and j.state = v.state)
    order by s.id desc limit p_limit);
end
$$;

-- From the newest on, in bites: of the jobs of that state, or of the tenant's emails, or of all.
create or replace function email_found_back(p_filter jsonb, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
as $$
declare
  v_way text := case
    when p_filter ? 'state' and not (p_filter ? 'tenant' and p_filter ->> 'state' in ('ready', 'done'))
      then 'state'
    else 'tenant' end;
  v_along text := p_filter ->> v_way;
  v_filter jsonb := p_filter - 'before' - v_way;
  v_before uuid := p_filter ->> 'before';
  v_some uuid[] := '{}';
  v_bite uuid[];
  v_size integer := p_limit;
  v_looked integer := 0;
begin
  while v_looked < most_looked_through() loop
    v_bite := email_next_back(v_way, v_along, v_before, v_size);
    v_some := v_some || email_fitting(v_filter, v_bite, p_limit - cardinality(v_some));
    if cardinality(v_some) >= p_limit or cardinality(v_bite) < v_size then
      return v_some;
    end if;
    v_looked := v_looked + v_size;
    v_before := v_bite[v_size];
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of % emails that this took to look through, from the newest on, % fit: fewer than a '
    'page', v_looked, cardinality(v_some) using errcode = 'JQ005', hint = format(
      'ask for what fewer have, such as a recipient or a tag; %sor go on with before %s',
      case when v_some <> '{}' then 'or with limit ' || cardinality(v_some) || ' for those; ' else '' end,
      v_before);
end
$$;

-- The next ones on that way: along the jobs of a state, or the emails of a tenant or of all.
create or replace function email_next_back(p_way text, p_along text, p_before uuid, p_limit integer)
returns uuid[]
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_sort = off
set enable_bitmapscan = off
set jit = off
as $$
begin
  if p_way = 'state' then
    return array(
      select j.id from jobs j
      where j.queue = 'email' and j.state = p_along and (p_before is null or j.id < p_before)
      order by j.id desc limit p_limit);
  end if;
  return array(
    select e.id from emails e
    where (p_along is null or e.tenant = p_along) and (p_before is null or e.id < p_before)
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
