-- The origin's view: webhook work that is not done yet, or was given up.
create or replace view webhook_retry_queue as
  select j.id, e.id as event, e.source, e.event_id, e.event_type, j.kind as handler,
         case when j.state = 'ready' and j.attempts > 0 then 'retrying'
              when j.state = 'ready' then 'pending'
              when j.state = 'leased' then 'processing'
              when j.state = 'dead' then 'dead_letter'
              else j.state end as status,
         j.attempts, q.max_attempts, j.because as last_error,
         case when j.state = 'ready' then j.run_at end as next_retry_at, j.enqueued_at as created_at
  from webhook_events e
  cross join unnest(e.jobs) as w(job_id)
  join jobs j on j.id = w.job_id
    -- a job names its event, too: few jobs in a state find theirs without a look at all events
    and e.id = case when j.payload ->> 'event' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                    then (j.payload ->> 'event')::uuid end
  join queues q on q.name = j.queue
  where j.state in ('ready', 'leased', 'held', 'dead');
