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
