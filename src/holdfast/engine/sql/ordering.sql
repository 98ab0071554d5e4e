-- Ordering keys: jobs of one queue and key run one after the other, in the order they were enqueued.
--
-- The key's row names the one job that may run (its head). A later job waits in deferred_jobs and
-- moves up when the head reaches its end. A head that is retried or snoozed stays the head. The row's
-- lock is held until the enqueuing transaction ends: that is what makes the order that of the commits.

-- True if the job is the first of its key and may run.
create or replace function become_head(p_queue text, p_key text, p_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_head uuid;
begin
  insert into ordering_keys as o (queue, key, head) values (p_queue, p_key, p_id)
  on conflict (queue, key) do update set head = o.head
  returning o.head into v_head;
  return v_head = p_id;
end
$$;

-- The job has reached its end: the next of its key moves up. Does nothing for a job that is not head.
create or replace function advance_key(p_queue text, p_key text, p_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
  v_next deferred_jobs;
begin
  perform from ordering_keys where queue = p_queue and key = p_key and head = p_id for update;
  if not found then
    return;
  end if;
  delete from deferred_jobs where id = (
    select d.id from deferred_jobs d
    where d.queue = p_queue and d.ordering_key = p_key and d.waits_for = 'key'
    order by d.position limit 1 for update)
  returning * into v_next;
  if v_next.id is null then
    delete from ordering_keys where queue = p_queue and key = p_key;
    return;
  end if;
  update ordering_keys set head = v_next.id where queue = p_queue and key = p_key;
  if v_next.run_at > clock() then
    perform put_deferred(job_of(v_next), 'time', null);
  else
    perform put_ready(job_of(v_next));
    perform wake(array[p_queue]);
  end if;
end
$$;

-- The job in a row of one of the tables.
create or replace function job_of(r deferred_jobs) returns job
language sql immutable
set search_path from current
as $$
  select row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job
$$;

create or replace function job_of(r leased_jobs) returns job
language sql immutable
set search_path from current
as $$
  select row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job
$$;

create or replace function job_of(r ready_jobs) returns job
language sql immutable
set search_path from current
as $$
  select row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job
$$;

create or replace function job_of(r dead_letters) returns job
language sql immutable
set search_path from current
as $$
  select row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job
$$;
