-- The emails as people look for them, under the name they know. The state of an email is the state of
-- its job: ready, leased, held, done, dead, cancelled, expired. A job that ended long ago is forgotten
-- sooner than its email; then the recipients tell what became of it.
--
-- Each state stands beside where it is kept, so that whoever asks for one reads only there. `gone` is an
-- email that may have no job any more: it is done if nobody was left without it, else dead, and its row
-- is that of the first (`position`) who was. Each email has one row here, so how many there are is
-- asked of `emails`, in a tenth of the time.
create or replace view email_queue as
  select e.id,
         (select array_agg(r.address order by r.position)
          from email_recipients r where r.email_id = e.id) as recipients,
         e.sender,
         e.subject,
         s.state as status,
         s.attempts,
         (select q.max_attempts from queues q where q.name = 'email') as max_attempts,
         case when s.state in ('ready', 'leased', 'held', 'dead') then coalesce(s.because, (
           select a.because from attempts a
           where a.job_id = e.id and a.outcome not in ('late', 'held')
           order by a.settled_at desc limit 1)) end as last_error,
         case when s.state = 'ready' then s.run_at end as next_attempt_at,
         e.created_at,
         case when s.state = 'done' then s.ended_at end as sent_at,
         s.priority,
         e.tenant,
         e.message_id,
         e.source,
         e.size,
         e.tags,
         e.metadata,
         (select count(*) from email_recipients r   -- "exists" may read all of them into a hash
          where r.email_id = e.id and r.status = 'captured') > 0 as captured
  from (
    select id, state, attempts, because, run_at, ended_at, priority,
           null::uuid as gone, null::integer as position, null::text as fate
    from jobs
    union all
    select id, 'done', 0, null, null, null, null, id, null, null from emails
    union all
    select email_id, 'dead', 0, null, null, null, null, email_id, position, status
    from email_recipients) s
  join emails e on e.id = s.id
  left join jobs j on j.id = s.gone
  left join email_recipients b
    on b.email_id = s.gone and b.status not in ('delivered', 'captured')
    and (s.position is null or b.position < s.position)
  where j.id is null and b.email_id is null
    and (s.fate is null or s.fate not in ('delivered', 'captured'));
