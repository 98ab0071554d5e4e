-- The invariants of the queue, checked on a live system. Every row that comes back is a violation;
-- none means that all hold. Reads only; on large tables it takes its time.

create or replace function audit() returns table (invariant text, job_id uuid, detail text)
language sql stable
set search_path from current
as $$
  select 'a job is in one table', id, string_agg(state, ', ') from jobs
  group by id having count(*) > 1
  union all
  select 'counters are not negative', j.id, format('%s, %s, %s', j.attempts, j.crashes, j.deferrals)
  from jobs j where least(j.attempts, j.crashes, j.deferrals) < 0
  union all
  select 'an expired lease is rescued within ten minutes', l.id, l.worker || ' until ' || l.lease_until
  from leased_jobs l where l.lease_until < clock() - interval '10 minutes'
  union all
  select 'a job that may run is the head of its ordering key', j.id, j.ordering_key
  from jobs j left join ordering_keys o on o.queue = j.queue and o.key = j.ordering_key
  where j.ordering_key is not null and j.state in ('ready', 'leased')
    and coalesce(j.waits_for, 'time') <> 'key' and o.head is distinct from j.id
  union all
  select 'an ordering key has a head that is alive', o.head, o.key
  from ordering_keys o
  where not exists (select from jobs j where j.id = o.head and j.state in ('ready', 'leased', 'held'))
  union all
  select 'a job that waits for its ordering key has a head before it', d.id, d.ordering_key
  from deferred_jobs d
  where d.waits_for = 'key' and not exists (
    select from ordering_keys o
    where o.queue = d.queue and o.key = d.ordering_key and o.head <> d.id)
  union all
  select 'a dead letter has a reason', d.id, d.reason from dead_letters d where btrim(d.error) = ''
$$;
