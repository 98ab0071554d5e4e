-- Ordering keys: jobs of one queue and key run one after the other, in the order they were enqueued.
--
-- The key's row names the job that may run (its head). A later job waits in deferred_jobs and moves
-- up when the head reaches its end. A head that is retried or snoozed stays the head: a person may
-- let the others pass (skip). The row's lock is held until the enqueuing transaction ends: that is
-- what makes the order that of the commits.
--
-- Where the queue's max_running_per_key is more than 1, so many jobs of a key are heads at once: then
-- the key limits how many run, and no longer in which order they end.

-- True if the job is among the first of its key and may run.
create or replace function become_head(p_queue text, p_key text, p_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_width integer := (select max_running_per_key from queues where name = p_queue);
  v_heads uuid[];
begin
  insert into ordering_keys as o (queue, key, heads) values (p_queue, p_key, array[p_id])
  on conflict (queue, key) do update set heads = case
    when o.heads @> array[p_id] or cardinality(o.heads) >= v_width then o.heads
    else o.heads || p_id end
  returning o.heads into v_heads;
  return p_id = any (v_heads);
end
$$;

-- Keys that are about to be advanced, in the order in which everybody locks many of them.
create or replace function lock_keys(p_queue text, p_keys text[]) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_keys <> '{}' then
    perform from ordering_keys o where o.queue = p_queue and o.key = any (p_keys)
    order by o.key for update;
  end if;
end
$$;

-- The job has reached its end: the next of its key moves up. Does nothing for a job that is no head.
create or replace function advance_key(p_queue text, p_key text, p_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
  v_heads uuid[];
  v_passed bigint;
begin
  if p_key is null then
    return;
  end if;
  select array_remove(heads, p_id), passed into v_heads, v_passed from ordering_keys
  where queue = p_queue and key = p_key and heads @> array[p_id] for update;
  if found then
    perform fill_key(p_queue, p_key, v_heads, v_passed);
  end if;
end
$$;

-- As many of those that wait for a key become heads beside these as it has room for. Whoever calls has the
-- key's row locked, and knows what it says: the heads and whom it passed.
create or replace function fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_width integer := (select max_running_per_key from queues where name = p_queue);
  v_heads uuid[] := p_heads;
  v_passed bigint := p_passed;
  v_next deferred_jobs;
begin
  while cardinality(v_heads) < v_width loop
    v_next := next_of_key(p_queue, p_key, v_passed);
    exit when v_next.id is null;
    v_heads := v_heads || v_next.id;
    v_passed := v_next.position;
    if v_next.waits_for = 'key' then   -- else a person holds it, and with it those behind
      perform let_run(job_of(v_next), null);
    end if;
  end loop;
  if v_heads = '{}' then
    delete from ordering_keys where queue = p_queue and key = p_key;
  else
    update ordering_keys set heads = v_heads, passed = v_passed where queue = p_queue and key = p_key;
  end if;
end
$$;

-- More of a key may run from now on: those that wait move up, of ten thousand keys. What somebody has
-- just now, and what is beyond that, moves up with the next that ends.
create or replace function widen_keys(p_queue text) returns void
language plpgsql
set search_path from current
set enable_seqscan = off   -- with statistics from a quiet hour it would read all that wait for each key
set jit = off
as $$
begin
  perform fill_key(p_queue, k.key, k.heads, k.passed) from (
    select o.key, o.heads, o.passed from ordering_keys o
    where o.queue = p_queue and o.key = any (array(
      select d.ordering_key from deferred_jobs d where d.queue = p_queue and d.waits_for = 'key'
      union
      select d.ordering_key from deferred_jobs d where d.queue = p_queue and d.in_line
      order by 1 limit 10000))
    order by o.key for update skip locked) k;
end
$$;

-- The job that has waited longest for its key. It is taken out of deferred_jobs, unless a person holds
-- it: then it only leaves the line, for it stands before it now. It is looked for behind the place of
-- the last one, so that what an old snapshot keeps of those before is not walked over for each; and
-- where nobody is there, from the beginning.
create or replace function next_of_key(p_queue text, p_key text, p_passed bigint)
returns deferred_jobs
language plpgsql
set search_path from current
as $$
declare
  v_id uuid;
  v_from bigint := p_passed;
  v_next deferred_jobs;
begin
  loop
    v_id := null;
    select w.id into v_id from (
      (select d.id, d.position from deferred_jobs d
       where d.queue = p_queue and d.ordering_key = p_key and d.waits_for = 'key'
         and d.position > v_from
       order by d.position limit 1)
      union all
      (select d.id, d.position from deferred_jobs d
       where d.queue = p_queue and d.ordering_key = p_key and d.in_line
         and d.position > v_from
       order by d.position limit 1)) w
    order by w.position limit 1;
    exit when v_id is null and v_from = 0;
    if v_id is null then
      v_from := 0;
      continue;
    end if;
    delete from deferred_jobs   -- said so that nothing goes through all that wait for a key
    where id = v_id and waits_for not in ('time', 'person') returning * into v_next;
    exit when v_next.id is not null;
    update deferred_jobs set in_line = false where id = v_id and in_line returning * into v_next;
    exit when v_next.id is not null;   -- else somebody held it, let it go or cancelled it just now
  end loop;
  return v_next;
end
$$;

-- A job that nothing holds back but its time. One that was for later from the beginning is as old as its
-- time (promote_due).
create or replace function let_run(p_job job, p_because text) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_job.run_at > clock() then
    perform put_deferred(p_job, 'time', p_because);
  else
    if (p_job.attempts, p_job.crashes, p_job.deferrals) = (0, 0, 0) then
      p_job.enqueued_at := greatest(p_job.enqueued_at, p_job.run_at);
    end if;
    perform put_ready(p_job);
    perform wake(array[p_job.queue]);
  end if;
end
$$;

-- A job that comes (back) to its queue: behind its key, until its time, or ready at once.
create or replace function put_in_line(p_job job, p_because text default null) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_job.ordering_key is not null and not become_head(p_job.queue, p_job.ordering_key, p_job.id) then
    perform put_deferred(p_job, 'key', null);
  else
    perform let_run(p_job, p_because);
  end if;
end
$$;

-- Latest wins: the jobs of the key that have not begun are cancelled, since this one says it better.
-- One that runs goes on, and one that waits for a person is left to the person.
create or replace function supersede(p_job job, p_now timestamptz) returns integer
language plpgsql
security definer   -- a sender's role neither sees nor ends jobs: only this, by naming their key
set search_path from current
as $$
declare
  v_note text := 'superseded by ' || p_job.id;
  v_old job;
  v_heads uuid[];
  v_count integer := 0;
begin
  select heads into v_heads from ordering_keys
  where queue = p_job.queue and key = p_job.ordering_key for update;
  for v_old in
    with waiting as (
      delete from deferred_jobs d
      where d.queue = p_job.queue and d.ordering_key = p_job.ordering_key and d.id <> p_job.id
        and (d.waits_for = 'key' or d.waits_for = 'time' and d.id = any (v_heads))
      returning job_of(d) as job
    ), ready as (
      delete from ready_jobs r where r.id = any (v_heads) and r.id <> p_job.id
      returning job_of(r) as job
    )
    select (job).* from waiting union all select (job).* from ready
  loop
    perform finish(v_old, 'cancelled', v_note, p_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Keys whose jobs wait, and for what: the head, and how many are behind it.
create or replace function blocked_key_list(p_queue text default null, p_limit integer default 50)
returns table (
  queue text, key text, waiting bigint, head uuid, head_state text, head_attempts integer,
  head_run_at timestamptz, because text, since timestamptz)
language sql stable
set search_path from current
as $$
  select k.queue, k.key, k.waiting, k.head, j.state, j.attempts, j.run_at, j.because, k.since
  from (
    select o.queue, o.key, o.heads[1] as head, w.waiting, w.since
    from ordering_keys o
    cross join lateral (
      select count(*) as waiting, min(d.enqueued_at) as since from (
        select i.enqueued_at from deferred_jobs i
        where i.queue = o.queue and i.ordering_key = o.key and i.waits_for = 'key'
        order by i.position limit 10001) d) w
    where (p_queue is null or o.queue = p_queue) and w.waiting > 0
    order by w.since limit list_limit(p_limit)) k   -- only of those is it looked where the head is
  join jobs j on j.id = k.head
  order by k.since
$$;

-- The job in a row of one of the tables.
create or replace function job_of(r deferred_jobs) returns job
language plpgsql immutable
set search_path from current
as $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

create or replace function job_of(r leased_jobs) returns job
language plpgsql immutable
set search_path from current
as $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

create or replace function job_of(r ready_jobs) returns job
language plpgsql immutable
set search_path from current
as $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

create or replace function job_of(r dead_letters) returns job
language plpgsql immutable
set search_path from current
as $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;
