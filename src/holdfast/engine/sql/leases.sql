-- What who holds jobs says of them before they end: that they take longer, that they are given back;
-- and what a worker says of itself: that it is there, that it sleeps, that it leaves.
--
-- Whoever shows the claim_token holds the job. A lease that has run out, or a token of an older claim,
-- changes nothing and is told so.

-- Keeps jobs for longer: a JSON array of {"id", "token"}. Returns the ids that still hold; for the
-- others the lease is lost, and the work should stop. Rows that are just being settled are skipped.
create or replace function extend(p_leases jsonb, p_lease interval default null)
returns setof uuid
language plpgsql
set search_path from current
set enable_seqscan = off    -- with statistics from a quiet hour it would read all leases for a few
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_ids uuid[];   -- beside the joins: no plan goes through all leases for them
begin
  perform make_durable();
  v_ids := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
  return query
    with mine as (
      select l.id, least(coalesce(p_lease, q.lease), interval '1 day') as lease
      from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
      join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids)
      join queues q on q.name = l.queue
      order by l.id for update of l skip locked
    )
    update leased_jobs l set lease_until = greatest(l.lease_until, v_now + m.lease)
    from mine m where l.id = m.id and l.id = any (v_ids)
    returning l.id;
  perform keep_probes(v_ids);
end
$$;

-- Which of these leases still hold, also those that somebody has locked just now, as the transaction of a
-- handler does at its end. A JSON array of {"id", "token"}.
create or replace function still_leased(p_leases jsonb) returns setof uuid
language plpgsql stable
set search_path from current
set enable_seqscan = off    -- likewise
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_ids uuid[] := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
begin
  return query
    select l.id from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
    join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids);
end
$$;

-- Gives jobs back unworked, due at once; consumes no attempt, and their queue's rate has them back, too.
-- A JSON array of {"id", "token"}.
create or replace function release(p_leases jsonb, p_because text default 'released')
returns table (id uuid, accepted boolean, state text)
language plpgsql
set search_path from current
set enable_seqscan = off   -- likewise
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_ids uuid[] := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
begin
  perform from leased_jobs l where l.id = any (v_ids) order by l.id for update;   -- before the rate, as a claim
  perform refund_rate(queue_policy(r.queue), r.jobs) from (
    select l.queue, count(*)::integer as jobs
    from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
    join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids)
    group by l.queue order by l.queue) r;
  return query select * from settle((
    select coalesce(jsonb_agg(v || jsonb_build_object('verdict', 'snooze', 'because', p_because)), '[]')
    from jsonb_array_elements(p_leases) v));
end
$$;

-- Says that a worker is there and which jobs it holds; one statement per worker and interval.
-- Returns the ids whose leases still hold.
create or replace function heartbeat(
  p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb default '[]'
) returns setof uuid
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into workers as w (worker, queues, host, pid, running, started_at, seen_at)
  values (p_worker, p_queues, p_host, p_pid, jsonb_array_length(p_leases), v_now, v_now)
  on conflict (worker) do update
    set queues = excluded.queues, running = excluded.running, seen_at = excluded.seen_at;
  return query select extend(p_leases);
end
$$;

-- A worker has nothing to do and listens: from now on an enqueue notifies it. Or it is busy again.
create or replace function set_idle(p_worker text, p_queue text, p_for interval) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_for is null then
    delete from idle_workers where worker = p_worker and queue = p_queue;
  else
    insert into idle_workers as i (queue, worker, until)
    values (p_queue, p_worker, clock_timestamp() + p_for)
    on conflict (queue, worker) do update set until = excluded.until;
  end if;
end
$$;

-- A worker leaves.
create or replace function sign_off(p_worker text) returns void
language sql
set search_path from current
as $$
  delete from idle_workers where worker = p_worker;
  delete from workers where worker = p_worker;
$$;
