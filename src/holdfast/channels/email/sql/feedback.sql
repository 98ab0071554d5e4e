-- Feedback: what providers report later, each report once, and what follows from it.

-- Stores reports and does what follows, in the caller's transaction: together with the end of the job
-- that brought them, so each has its effect exactly once. Returns how many were new.
--
-- A report is an object with event_id, kind, address and at, and as they are known message_id,
-- provider_message_id, code (5.1.1), because and dead_mailbox. p_provider is who says so.
create or replace function email_feedback(p_provider text, p_events jsonb) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while a table was empty, it would read all of it later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_fresh email_events[];
begin
  perform email_check_feedback(p_provider, p_events), make_durable();
  v_fresh := email_store_feedback(p_provider, p_events);
  perform email_move_feedback(v_fresh);
  perform email_heed_feedback(v_fresh);
  return coalesce(cardinality(v_fresh), 0);
end
$$;

-- What can be said against reports before anything is written. The message never has an address.
create or replace function email_check_feedback(p_provider text, p_events jsonb) returns void
language plpgsql immutable
set search_path from current
as $$
declare
  v_bad text;
begin
  if length(p_provider) not between 1 and 100 or jsonb_typeof(p_events) is distinct from 'array' then
    raise exception 'feedback: the provider''s name and a JSON array of reports are needed'
      using errcode = 'JQ005';
  end if;
  select format('feedback: report %s: %s', e.n, b.bad) into v_bad
  from jsonb_array_elements(p_events) with ordinality e(item, n)
  cross join lateral (select case
    when jsonb_typeof(e.item) <> 'object' then 'not an object'
    when email_feedback_weight(e.item ->> 'kind') is null then 'its kind is not known'
    when length(coalesce(e.item ->> 'event_id', '')) not between 1 and 300 then
      'event_id is 1 to 300 characters'
    when e.item ->> 'at' is null then 'at, the moment it happened, is missing'
    when length(coalesce(btrim(e.item ->> 'address'), '')) not between 3 and 320 then
      'address is 3 to 320 characters' end) b(bad)
  where b.bad is not null order by e.n limit 1;
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- How much a kind of news weighs. What weighs more by tens stands, whenever it comes: a complaint is
-- not hidden by a click, a bounce not by the delivery before it. Of those in the same ten the later
-- one stands (by the provider's clock); of one moment the heavier.
create or replace function email_feedback_weight(p_kind text) returns integer
language sql immutable parallel safe
set search_path from current
as $$
  select case p_kind
    when 'delayed' then 0
    when 'soft_bounced' then 10 when 'delivered' then 11
    when 'opened' then 20
    when 'clicked' then 30
    when 'rejected' then 40 when 'bounced' then 41
    when 'unsubscribed' then 50
    when 'complained' then 60 end
$$;

-- The email that is meant: by the provider's id of it, or by our Message-ID. Of several with the same
-- (a Message-ID may be the sender's own) the newest that went to this address.
create or replace function email_of(
  p_message_id text, p_provider_message_id text, p_address text) returns uuid
language sql stable
set search_path from current
as $$
  select coalesce(
    (select r.email_id from email_recipients r
     where r.provider_message_id = p_provider_message_id
     order by lower(r.address) = p_address desc, r.email_id desc limit 1),
    (select e.id from emails e
     where e.message_id = p_message_id
     order by (select count(*) from email_recipients r   -- "exists" may read all of them into a hash
               where r.email_id = e.id and lower(r.address) = p_address) > 0 desc, e.id desc
     limit 1))
$$;

-- Stores those that were not there, also where no email of ours is meant. Returns them.
create or replace function email_store_feedback(p_provider text, p_events jsonb)
returns email_events[]
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_fresh email_events[];
begin
  with fresh as (
    insert into email_events as n (provider, event_id, email_id, address, kind, at, code, because,
                                   dead_mailbox, message_id, provider_message_id, stored_at)
    select p_provider, e.event_id, email_of(e.message_id, e.provider_message_id, k.address), k.address,
           e.kind, e.at, left(e.code, 20), left(coalesce(email_mask(e.because), ''), 1000),
           coalesce(e.dead_mailbox, false), left(e.message_id, 998), left(e.provider_message_id, 998),
           v_now
    from jsonb_to_recordset(p_events) e(
      event_id text, address text, kind text, at timestamptz, code text, because text,
      dead_mailbox boolean, message_id text, provider_message_id text)
    cross join lateral email_known_as(e.address) k(address)
    order by e.event_id
    on conflict do nothing
    returning n as event
  )
  select array_agg(f.event) into v_fresh from fresh f;
  return v_fresh;
end
$$;

-- Moves what stands at the recipients, where the news weighs more than what stood there.
create or replace function email_move_feedback(p_events email_events[]) returns void
language plpgsql
set search_path from current
as $$
declare
  v_ids uuid[] := array(select n.email_id from unnest(p_events) n where n.email_id is not null);
begin
  perform from email_recipients r where r.email_id = any (v_ids)
  order by r.email_id, r.position for update;   -- in one order, so that two do not wait in a circle
  update email_recipients r set feedback = n.kind, feedback_at = n.at
  from (select distinct on (u.email_id, u.address) u.email_id, u.address, u.kind, u.at,
               email_feedback_weight(u.kind) as weight
        from unnest(p_events) u
        where u.email_id is not null
        order by u.email_id, u.address, email_feedback_weight(u.kind) / 10 desc, u.at desc,
                 email_feedback_weight(u.kind) desc) n
  where r.email_id = n.email_id and lower(r.address) = n.address
    and r.email_id = any (v_ids)   -- else it may go through all of them, with such statistics
    and (r.feedback is null
         or (n.weight / 10, n.at, n.weight) > (email_feedback_weight(r.feedback) / 10, r.feedback_at,
                                               email_feedback_weight(r.feedback)));
end
$$;

-- Who gets no more mail by these reports: of a dead mailbox, of a person who complained or
-- unsubscribed. For the tenant of the email; where no email of ours is known (yet), for all.
create or replace function email_heed_feedback(p_events email_events[]) returns void
language plpgsql
set search_path from current
as $$
declare
  v_entries jsonb;
begin
  select jsonb_agg(jsonb_build_object(
           'tenant', coalesce(e.tenant, ''), 'address', n.address,
           'reason', n.kind, 'source', n.provider, 'detail', concat_ws(' ', n.code, n.because),
           'list', case when n.kind = 'unsubscribed' then coalesce(email_list_of(e.tags), '*') end,
           'expires_at', case when n.kind = 'bounced' then clock() + k.bounces end))
  into v_entries
  from unnest(p_events) n
  left join emails e on e.id = n.email_id
  cross join email_keeping k
  where email_is_heeded(n);
  if v_entries is not null then
    perform email_put_suppressions(v_entries, 'feedback');
  end if;
end
$$;

-- Whether it says that somebody is to get no more mail.
create or replace function email_is_heeded(p_event email_events) returns boolean
language sql immutable parallel safe
set search_path from current
as $$
  select p_event.kind in ('complained', 'unsubscribed')
      or p_event.kind = 'bounced' and email_is_dead_mailbox(p_event.code, p_event.dead_mailbox)
$$;

-- Whose email it was is known by now: what held for everybody and every list since these reports came
-- holds for the tenant and the list of the email, unless another report is still to hold for all. Who
-- was taken off the list meanwhile stays off.
create or replace function email_heed_found(p_events email_events[]) returns void
language plpgsql
set search_path from current
as $$
declare
  v_address text;
  v_events email_events[];
begin
  for v_address in   -- in the order in which whoever hears of them takes them
    select distinct n.address from unnest(p_events) n where email_is_heeded(n) order by n.address
  loop
    perform from email_suppressions s   -- so that what is heard just now is seen below
    where s.address = v_address and s.tenant = '' order by s.reason, s.list for update;
    v_events := array(
      select n from unnest(p_events) n
      where n.address = v_address and email_is_heeded(n) and exists (
        select from email_suppressions s
        where s.address = v_address and s.tenant = '' and s.reason = n.kind and s.list in ('', '*')));
    delete from email_suppressions s using unnest(v_events) n
    where s.address = v_address and s.tenant = '' and s.reason = n.kind and s.list in ('', '*')
      and s.created_by = 'feedback' and s.created_at >= n.stored_at
      and not exists (
        select from email_events o left join emails e on e.id = o.email_id
        where o.address = v_address and o.kind = n.kind and email_is_heeded(o) and e.tenant is null
          and (o.kind <> 'unsubscribed' or coalesce(email_list_of(e.tags), '*') = '*'));
    perform email_heed_feedback(v_events);
  end loop;
end
$$;

-- Whether a bounce says that the mailbox is gone: by its code, or because the provider says so. Never
-- with a code 5.7.*: that server has something against us or the message, and the mailbox lives.
create or replace function email_is_dead_mailbox(p_code text, p_says boolean default false)
returns boolean
language sql immutable parallel safe
set search_path from current
as $$
  select coalesce(p_code, '') = any ('{5.1.1,5.1.2,5.1.3,5.1.6,5.1.10,5.2.1}')
      or coalesce(p_says, false) and coalesce(p_code, '') not like '5.7.%'
$$;

-- What a server said at once about a mailbox that is gone, as email_record takes it: those addresses
-- get no more mail. Only what was said of one address tells that; an answer to the sender, or to a
-- message for several, is about something else. Without `personal` that is so if the email has but one
-- recipient. The code is what the answer begins with: 5.1.1, or 550 5.1.1.
create or replace function email_suppress_refused(p_id uuid, p_results jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_entries jsonb;
begin
  select jsonb_agg(jsonb_build_object(
           'tenant', coalesce(e.tenant, ''), 'address', email_known_as(r.address), 'reason', 'bounced',
           'source', 'smtp', 'detail', r.answer, 'expires_at', clock() + k.bounces))
  into v_entries
  from jsonb_to_recordset(p_results) r(address text, status text, answer text, personal boolean)
  join emails e on e.id = p_id
  cross join email_keeping k
  where r.status = 'refused' and email_is_dead_mailbox(
      substring(r.answer from '^\s*(?:5[0-9][0-9][ -]+)?(5\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9])'))
    and coalesce(r.personal, not exists (
      select from email_recipients o where o.email_id = p_id and o.address <> r.address));
  return case when v_entries is null then 0 else email_put_suppressions(v_entries, 'smtp') end;
end
$$;

-- A report can come before the provider's id of the email is stored. What meant nothing we knew is
-- looked at again when it is ten seconds, two minutes, twenty minutes and two hours old, however much
-- comes that is never ours. Returns how many were looked at, at one age at most: p_limit or more if
-- there may be others.
create or replace function email_match_feedback(p_limit integer default 500) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_age integer;
  v_most integer := 0;
begin
  foreach v_age in array '{10,120,1200,7200}'::integer[] loop
    v_most := greatest(v_most, email_match_aged(v_age, p_limit));
  end loop;
  return v_most;
end
$$;

-- The next ones that are so many seconds old; how far that came is kept in email_looked_through.
create or replace function email_match_aged(p_age integer, p_limit integer) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_task text := format('reports after %s s', p_age);
  v_until timestamptz := clock() - make_interval(secs => p_age);
  v_from timestamptz := (select t.at from email_looked_through t where t.task = v_task);
  v record;
begin
  if v_from is null or v_from > v_until then   -- at the beginning, or the clock was put back
    v_from := v_until - interval '1 hour';
  end if;
  with bite as materialized (
    select e.provider, e.event_id, e.stored_at, e.message_id, e.provider_message_id, e.address
    from email_events e
    where e.email_id is null and e.stored_at > v_from and e.stored_at <= v_until
    order by e.stored_at fetch first (p_limit) rows with ties
  ), known as materialized (
    select b.provider, b.event_id, email_of(b.message_id, b.provider_message_id, b.address) as email_id
    from bite b
  ), mine as materialized (
    select e.provider, e.event_id, k.email_id
    from known k join email_events e on e.provider = k.provider and e.event_id = k.event_id
    where k.email_id is not null and e.email_id is null
    for update of e skip locked
  ), found as (
    update email_events e set email_id = m.email_id
    from mine m where e.provider = m.provider and e.event_id = m.event_id
    returning e as event
  )
  select (select max(b.stored_at) from bite b) as last, (select count(*)::integer from bite) as looked,
         (select array_agg(f.event) from found f) as found into v;
  if v.looked > 0 then
    insert into email_looked_through as t (task, at, email, kept, began_at)
    values (v_task, v.last, '00000000-0000-0000-0000-000000000000', 0, v_until)
    on conflict (task) do update set at = excluded.at;
    perform email_move_feedback(v.found), email_heed_found(v.found);
  end if;
  return v.looked;
end
$$;
