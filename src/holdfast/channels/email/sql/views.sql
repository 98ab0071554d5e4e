-- The emails as people look for them, under the name they know. The state of an email is the state of
-- its job: ready, leased, held, done, dead, cancelled, expired. A job that ended long ago is forgotten
-- sooner than its email; then the recipients tell what became of it.
create or replace view email_queue as
  select e.id,
         (select array_agg(r.address order by r.position)
          from email_recipients r where r.email_id = e.id) as recipients,
         e.sender,
         e.subject,
         coalesce(j.state, (
           select case when bool_and(r.status in ('delivered', 'captured')) then 'done' else 'dead' end
           from email_recipients r where r.email_id = e.id)) as status,
         coalesce(j.attempts, 0) as attempts,
         (select q.max_attempts from queues q where q.name = 'email') as max_attempts,
         case when j.state in ('ready', 'leased', 'held', 'dead') then coalesce(j.because, (
           select a.because from attempts a
           where a.job_id = e.id and a.outcome <> 'late'
           order by a.settled_at desc limit 1)) end as last_error,
         case when j.state = 'ready' then j.run_at end as next_attempt_at,
         e.created_at,
         case when j.state = 'done' then j.ended_at end as sent_at,
         j.priority,
         e.tenant,
         e.message_id,
         e.source,
         e.size,
         e.tags,
         e.metadata,
         exists (select from email_recipients r
                 where r.email_id = e.id and r.status = 'captured') as captured
  from emails e
  left join jobs j on j.id = e.id;

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
set enable_seqscan = off   -- an index is always there, whatever the statistics say,
set enable_sort = off      -- and what is not rare is met soon on the way back from the newest
set jit = off
as $$
declare
  v_filter jsonb := jsonb_strip_nulls(p_filter);
  v_limit integer := list_limit(p_limit);
  v_from text;
  v_some uuid[];
begin
  perform check_filter(v_filter, '{state,tag,tenant,recipient,source,message_id,subject,before}');
  if v_filter ->> 'state' not in ('ready', 'leased', 'held', 'done', 'dead', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(v_filter ->> 'state', 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, done, dead, cancelled, expired';
  end if;
  v_from := 'select array(select e.id from emails e' || email_where(v_filter);
  -- Asked for in order, what is rare would be looked for among all, from the newest on.
  if v_filter - '{state,source,before}'::text[] <> '{}' then
    v_some := email_few(v_from, v_filter);
  end if;
  if v_some is null then
    execute v_from || ' order by e.id desc limit $2)' into v_some using v_filter, v_limit;
  end if;
  return query
    select q.id, q.created_at, q.status, q.sender, q.recipients, q.subject, q.attempts, q.last_error,
           q.next_attempt_at, q.source, q.size, q.tenant, q.tags
    from (select u.id from unnest(v_some) u(id) order by u.id desc limit v_limit) s
    cross join lateral (
      select * from email_queue v where v.id = s.id offset 0) q   -- offset 0: one look-up for each
    order by q.id desc;
end
$$;

-- The emails of a query, if they are few; null if there are more than five thousand, of which no more
-- were read. Tags have an index that is read whole in any case.
create or replace function email_few(p_query text, p_filter jsonb) returns uuid[]
language plpgsql stable
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off   -- it would collect all before the first; some indexes know no other way
set jit = off
as $$
declare
  v_some uuid[];
begin
  perform set_config('enable_bitmapscan', (p_filter ?| '{tag,message_id}')::text, true);
  execute p_query || ' limit $2)' into v_some using p_filter, 5001;
  return case when cardinality(v_some) <= 5000 then v_some end;
end
$$;

-- What a filter asks of `emails e`, as text in which the filter is $1: no value of it is in the text,
-- and only what is asked for is planned.
create or replace function email_where(p_filter jsonb) returns text
language sql immutable
set search_path from current
as $$
  select case when p_filter ? 'state' then ' join jobs j on j.id = e.id' else '' end
      || ' where true' || coalesce(string_agg(' and ' || c.condition, '' order by c.key), '')
  from (values
    ('state', $q$j.queue = 'email' and j.state = $1 ->> 'state'$q$),
    ('tenant', $q$e.tenant = $1 ->> 'tenant'$q$),
    ('tag', $q$e.tags @> array[$1 ->> 'tag'] and e.tags <> '{}'$q$),
    ('source', $q$e.source = $1 ->> 'source'$q$),
    ('message_id', $q$e.message_id in ($1 ->> 'message_id', '<' || ($1 ->> 'message_id') || '>')$q$),
    ('subject', $q$left(lower(e.subject), 100) ^@ left(lower($1 ->> 'subject'), 100)
                   and lower(e.subject) ^@ lower($1 ->> 'subject')$q$),
    ('before', $q$e.id < ($1 ->> 'before')::uuid$q$),
    ('recipient', $q$exists (
       select from email_recipients r where r.email_id = e.id and lower(r.address) in (
         lower(btrim($1 ->> 'recipient')), email_address_hash($1 ->> 'recipient')))$q$)
  ) c(key, condition)
  where p_filter ? c.key
$$;
