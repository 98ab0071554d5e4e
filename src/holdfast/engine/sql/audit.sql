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
    and coalesce(j.waits_for, 'time') <> 'key' and not coalesce(o.heads @> array[j.id], false)
  union all
  select 'the heads of an ordering key are alive', h.head, o.key
  from ordering_keys o left join lateral unnest(o.heads) h(head) on true
  where not exists (select from jobs j where j.id = h.head and j.state in ('ready', 'leased', 'held'))
  union all
  select 'a job that waits for its ordering key has a head before it', d.id, d.ordering_key
  from deferred_jobs d
  where d.waits_for = 'key' and not exists (
    select from ordering_keys o
    where o.queue = d.queue and o.key = d.ordering_key and not o.heads @> array[d.id])
  union all
  select 'no ready job is below its queue''s mark', r.id, format('%s, priority %s', r.queue, r.priority)
  from ready_jobs r cross join lateral (
    select m.* from ready_marks m where m.queue = r.queue order by m.number desc limit 1) m
  where r.seq <= case when r.tenant is null then m.marks[r.priority + 1] else m.tenant_mark end
  union all
  select 'a replay that has ended has no letter waiting', i.job_id, 'replay ' || r.id
  from replays r join replay_items i on i.replay = r.id
  where r.state not in ('canary', 'running') and i.outcome is null
  union all
  select 'a dead letter has a reason', d.id, d.reason from dead_letters d where btrim(d.error) = ''
$$;
