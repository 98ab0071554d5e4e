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

-- The emails by what is known of them, newest first. The filter knows state (while their jobs are not
-- forgotten), tag, tenant, recipient and source. But for the state they have no index: it looks through
-- the emails until it has enough, seconds for millions.
create or replace function email_find(p_filter jsonb default '{}', p_limit integer default 50)
returns table (
  id uuid, created_at timestamptz, status text, sender text, recipients text[], subject text,
  attempts integer, last_error text, next_attempt_at timestamptz, source text, size integer,
  tenant text, tags text[])
language plpgsql stable
set search_path from current
as $$
declare
  v_limit integer := greatest(least(p_limit, 1000), 0);
  v_state text := p_filter ->> 'state';
  v_names text[] := array[lower(btrim(p_filter ->> 'recipient')),
                          email_address_hash(p_filter ->> 'recipient')];
  v_some uuid[];
begin
  perform check_filter(p_filter, '{state,tag,tenant,recipient,source}');
  if v_state not in ('ready', 'leased', 'held', 'done', 'dead', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(v_state, 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, done, dead, cancelled, expired';
  end if;
  if p_filter - 'state' = '{}' and v_state is not null then
    v_some := array(select j.id from jobs j where j.queue = 'email' and j.state = v_state
                    order by j.id desc limit v_limit);
  else
    v_some := array(
      select e.id from emails e
      where (p_filter ->> 'tag' is null or p_filter ->> 'tag' = any (e.tags))
        and (p_filter ->> 'tenant' is null or e.tenant = p_filter ->> 'tenant')
        and (p_filter ->> 'source' is null or e.source = p_filter ->> 'source')
        and (v_names[1] is null or exists (
          select from email_recipients r
          where r.email_id = e.id and lower(r.address) = any (v_names)))
        and (v_state is null or exists (
          select from jobs j where j.id = e.id and j.queue = 'email' and j.state = v_state))
      order by e.id desc limit v_limit);
  end if;
  return query
    select q.id, q.created_at, q.status, q.sender, q.recipients, q.subject, q.attempts, q.last_error,
           q.next_attempt_at, q.source, q.size, q.tenant, q.tags
    from unnest(v_some) s(id) cross join lateral (
      select * from email_queue v where v.id = s.id offset 0) q   -- offset 0: one look-up for each
    order by q.id desc;
end
$$;
