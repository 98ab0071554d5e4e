-- Suppressions: who gets no more mail, and why.
--
-- Those for a dead mailbox, a complaint, or by hand hold for all mail to the address. An unsubscription
-- holds for mail that offers to unsubscribe: an email of the list `news` carries the tag `list:news`,
-- one that names no list `list:*`. To unsubscribe from `*` is to unsubscribe from all lists; receipts
-- and passwords, which carry no such tag, still arrive.

-- Before they were put into ASCII, domains were stored as they were written: such a suppression would
-- hold for nobody. Of two that become one the longer holds.
with old as (
  delete from email_suppressions s
  where s.address ~ '@.*[^\x01-\x7f]' and email_plain(s.address) <> s.address
  returning s.*
)
insert into email_suppressions as n (tenant, address, reason, list, source, detail, created_at,
                                     created_by, expires_at)
select distinct on (email_plain(o.address), o.tenant, o.reason, o.list)
       o.tenant, email_plain(o.address), o.reason, o.list, o.source, o.detail, o.created_at,
       o.created_by, o.expires_at
from old o
order by email_plain(o.address), o.tenant, o.reason, o.list, o.expires_at desc nulls first
on conflict (address, tenant, reason, list) do update
  set expires_at = excluded.expires_at
  where coalesce(excluded.expires_at, 'infinity') > n.expires_at;

-- Which of the addresses get no mail now. p_tags are those of the email.
create or replace function email_suppressed(
  p_tenant text, p_addresses text[], p_tags text[] default '{}') returns text[]
language sql stable
set search_path from current
as $$
  select coalesce(array_agg(a.address order by a.n), '{}')
  from (select clock() as now offset 0) t
  cross join unnest(p_addresses) with ordinality a(address, n)
  where exists (
    select from email_suppressions s
    where s.address in (lower(a.address), email_plain(a.address), email_address_hash(a.address))
      and s.tenant in ('', coalesce(p_tenant, ''))
      and (s.expires_at is null or s.expires_at > t.now)
      and (s.list = '' or s.list = '*' and email_list_of(p_tags) is not null
           or 'list:' || s.list = any (p_tags)))
$$;

-- The list that an email with these tags belongs to; null if to none.
create or replace function email_list_of(p_tags text[]) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select substr(t, 6) from unnest(p_tags) t where t like 'list:_%' limit 1
$$;

-- What stands in place of an erased address. The salt is this database's, so the same address has
-- another hash elsewhere; who has the database and guesses the address can tell that it is it.
create or replace function email_address_hash(p_address text) returns text
language sql stable
set search_path from current
as $$
  select 'erased:' || encode(sha256(k.salt || convert_to(email_plain(p_address), 'UTF8')), 'hex')
  from email_keeping k
$$;

-- As an address is stored here: plain; if it was erased and is still suppressed, its hash.
create or replace function email_known_as(p_address text) returns text
language sql stable
set search_path from current
as $$
  select case when exists (select from email_suppressions s where s.address = h.hash) then h.hash
              else email_plain(p_address) end
  from email_address_hash(p_address) h(hash)
$$;

-- The text with its addresses made unrecognisable, as the Python code has it: a***@example.com.
create or replace function email_mask(p_text text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select regexp_replace(p_text,
    '([^[:space:]@<>"''(),;:=])[^[:space:]@<>"''(),;:=]{0,63}@([^[:space:]@<>"''(),;:]+)',
    '\1***@\2', 'g')
$$;

-- Writes suppressions: objects with address (as email_known_as has it), tenant, reason, list, source,
-- detail and expires_at. One that is there is kept; if it has an end, the later end holds. Whose it is
-- while it holds, a report does not take over: by it is told what else is to hold for all. Returns how
-- many are new or prolonged.
create or replace function email_put_suppressions(p_entries jsonb, p_by text) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_rows integer;
begin
  insert into email_suppressions as s (tenant, address, reason, list, source, detail, created_at,
                                       created_by, expires_at)
  select distinct on (e.address, coalesce(e.tenant, ''), e.reason, coalesce(e.list, ''))
         coalesce(e.tenant, ''), e.address, e.reason, coalesce(e.list, ''), coalesce(e.source, p_by),
         left(nullif(e.detail, ''), 1000), v_now, p_by, e.expires_at
  from jsonb_to_recordset(p_entries) e(
    tenant text, address text, reason text, list text, source text, detail text,
    expires_at timestamptz)
  order by e.address, coalesce(e.tenant, ''), e.reason, coalesce(e.list, ''),
           e.expires_at desc nulls first
  on conflict (address, tenant, reason, list) do update
    set expires_at = excluded.expires_at, source = excluded.source, detail = excluded.detail,
        created_at = excluded.created_at,
        created_by = case when p_by = 'feedback' and s.expires_at > v_now then s.created_by
                          else p_by end
    where s.expires_at is not null
      and coalesce(excluded.expires_at, 'infinity') > s.expires_at;
  get diagnostics v_rows = row_count;
  return v_rows;
end
$$;

-- Puts one address on the list, by hand. p_options: tenant, reason (manual unless given), list (of an
-- unsubscription; * for all lists), source, detail, expires_at. Returns whether that is new.
create or replace function email_suppress(
  p_address text, p_by text, p_why text default null, p_options jsonb default '{}') returns boolean
language sql
set search_path from current
as $$
  select email_suppress_many(
    jsonb_build_array(p_options || jsonb_build_object('address', p_address)), p_by, p_why) > 0
$$;

-- Many at once, all or none: an array of objects with address and the options of `email_suppress`.
-- Returns how many are new or prolonged.
create or replace function email_suppress_many(
  p_entries jsonb, p_by text, p_why text default null) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_entries jsonb;
  v_new integer;
begin
  perform email_check_suppressions(p_entries);
  select coalesce(jsonb_agg(e.item || jsonb_build_object(
    'address', email_known_as(e.item ->> 'address'),
    'reason', r.reason,
    'list', case when r.reason = 'unsubscribed' then coalesce(nullif(e.item ->> 'list', ''), '*') end
    )), '[]')
  into v_entries
  from jsonb_array_elements(p_entries) e(item)
  cross join lateral (select coalesce(e.item ->> 'reason', 'manual')) r(reason);
  v_new := email_put_suppressions(v_entries, p_by);
  perform record_operation('suppress', p_by, p_why, jsonb_build_object(
    'addresses', jsonb_array_length(p_entries), 'first', email_address_hash(p_entries #>> '{0,address}')
    ), v_new);
  return v_new;
end
$$;

-- What can be said against them before anything is written. The message has the place, no address.
create or replace function email_check_suppressions(p_entries jsonb) returns void
language plpgsql immutable
set search_path from current
as $$
declare
  v_bad text;
begin
  if jsonb_typeof(p_entries) is distinct from 'array' then
    raise exception 'suppressions: a JSON array of objects is needed' using errcode = 'JQ005';
  end if;
  select format('suppressions: entry %s: %s', e.n, b.bad) into v_bad
  from jsonb_array_elements(p_entries) with ordinality e(item, n)
  cross join lateral (select case
    when jsonb_typeof(e.item) <> 'object' then 'not an object'
    when e.item - '{address,tenant,reason,list,source,detail,expires_at}'::text[] <> '{}' then
      'it has something else than address, tenant, reason, list, source, detail, expires_at'
    when email_address_fault(email_plain(e.item ->> 'address')) is not null then
      'address: it ' || email_address_fault(email_plain(e.item ->> 'address'))
    when e.item ->> 'reason' not in ('bounced', 'complained', 'unsubscribed', 'manual') then
      'reason is bounced, complained, unsubscribed or manual'
    when coalesce(e.item ->> 'list', '') <> ''
      and e.item ->> 'reason' is distinct from 'unsubscribed' then
      'a list is given with the reason unsubscribed only; the others hold for all mail'
    when length(e.item ->> 'tenant') > 200 or length(e.item ->> 'list') > 90
      or length(e.item ->> 'source') > 100 then 'tenant, list or source is too long' end) b(bad)
  where b.bad is not null order by e.n limit 1;
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- Takes an address off the list. Without a reason only `bounced` and `manual` go: that somebody
-- complained or unsubscribed is taken back when it is named, and by who knows why. Without a tenant
-- those of every tenant. Returns how many went, and how many still hold.
create or replace function email_unsuppress(
  p_address text, p_by text, p_why text default null, p_tenant text default null,
  p_reason text default null, p_list text default null
) returns table (removed integer, remaining integer)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  if p_reason not in ('bounced', 'complained', 'unsubscribed', 'manual') then
    raise exception 'reason is bounced, complained, unsubscribed or manual' using errcode = 'JQ005';
  end if;
  delete from email_suppressions s
  where s.address in (email_plain(p_address), email_address_hash(p_address))
    and (p_tenant is null or s.tenant = p_tenant)
    and (p_list is null or s.list = p_list)
    and case when p_reason is null then s.reason in ('bounced', 'manual') else s.reason = p_reason end;
  get diagnostics removed = row_count;
  select count(*) into remaining from email_suppressions s
  where s.address in (email_plain(p_address), email_address_hash(p_address))
    and (s.expires_at is null or s.expires_at > v_now);
  perform record_operation('unsuppress', p_by, p_why, jsonb_strip_nulls(jsonb_build_object(
    'address', email_address_hash(p_address), 'tenant', p_tenant, 'reason', p_reason, 'list', p_list)),
    removed);
  return next;
end
$$;

-- The list, newest first, also what has ended. The filter knows address, tenant, reason and list.
create or replace function email_suppression_list(
  p_filter jsonb default '{}', p_limit integer default 50) returns setof email_suppressions
language plpgsql stable
set search_path from current
as $$
begin
  perform check_filter(p_filter, '{address,tenant,reason,list}');
  return query
    select s.* from email_suppressions s
    where (p_filter ->> 'address' is null
           or s.address in (email_plain(p_filter ->> 'address'),
                            email_address_hash(p_filter ->> 'address')))
      and (p_filter ->> 'tenant' is null or s.tenant = p_filter ->> 'tenant')
      and (p_filter ->> 'reason' is null or s.reason = p_filter ->> 'reason')
      and (p_filter ->> 'list' is null or s.list = p_filter ->> 'list')
    order by s.created_at desc, s.address limit list_limit(p_limit);
end
$$;

-- A person unsubscribes by the link of an email. Once more changes nothing. p_event tells one link from
-- another. Returns whether that is new.
create or replace function email_unsubscribe(
  p_tenant text, p_address text, p_list text, p_message_id text, p_event text) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_new integer;
begin
  perform make_durable();
  v_new := email_put_suppressions(jsonb_build_array(jsonb_build_object(
    'tenant', p_tenant, 'address', email_known_as(p_address), 'reason', 'unsubscribed',
    'list', p_list, 'source', 'link')), 'recipient');
  perform email_move_feedback(email_store_feedback('link', jsonb_build_array(jsonb_build_object(
    'event_id', p_event, 'kind', 'unsubscribed', 'address', p_address, 'at', clock(),
    'message_id', p_message_id))));
  return v_new > 0;
end
$$;
