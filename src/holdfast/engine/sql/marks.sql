-- Marks: where a claim begins to look, so that its cost does not grow with what was claimed before.
--
-- A deleted row stays in the index until vacuum has taken it away, and vacuum takes nothing away while
-- any session holds an older snapshot: a dump, a report, a forgotten transaction. A queue that looks
-- from its beginning walks over all of that with every claim (fourteen times slower after a few
-- minutes, measured). So the queue remembers a mark below which it has no ready job.
--
-- That must be certain. Order of arrival (`seq`) is drawn before the commit: a seq that is not there
-- may still come. But a transaction is numbered before it draws a seq (make_durable). So: remember a
-- seq that is drawn already, and the next transaction number (bound, decided_at). When all
-- transactions before that number are over, whatever was drawn up to the bound is there or never will
-- be, and what is there can be seen: the mark moves up to the first of it, at most to the bound.

-- The same for leases and for jobs that wait for their time: both go in the order of a time, and a new
-- one is later than the clock of whoever makes it. A quarter of a second is left for those who are slow
-- between the clock and their number; once a minute maintain() looks at all, whatever the mark says.
--
-- And for what expires. There a new one can be earlier than the mark: a job that is enqueued, or comes
-- back, when it has expired already. It is not handed out in any case, and maintain() ends it.

-- Looks whether the mark can move on; does it in steps of some thousand jobs, and not more than ten
-- times a second. A transaction that has written and stays open keeps the mark where it is. Each look
-- ends where the mark cannot come to: what is beyond it may be what was deleted long ago.
create or replace function move_mark(
  p_mark ready_marks, p_queue text, p_seen bigint, p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
declare
  v_sure timestamptz := coalesce(p_mark.made_at, '-infinity') - interval '250 milliseconds';
  v_leased timestamptz := coalesce(p_mark.leased_from, '-infinity');
  v_due timestamptz := coalesce(p_mark.due_from, '-infinity');
  v_expired timestamptz := coalesce(p_mark.expired_from, '-infinity');
begin
  if p_seen < coalesce(p_mark.bound, 0) + 1000 or p_seen is null
     or p_mark.made_at > p_now - interval '100 milliseconds' and p_mark.made_at <= p_now
     or p_mark.number is not null and not is_decided(p_mark.decided_at)
     or current_setting('transaction_isolation') <> 'read committed'
  then
    return;
  end if;
  insert into ready_marks (queue, marks, tenant_mark, bound, decided_at, made_at, leased_from, due_from,
                           expired_from)
  select p_queue, array(
           select greatest(o.mark, least(coalesce(p_mark.bound, 0), (
             select r.seq - 1 from ready_jobs r
             where r.queue = p_queue and r.tenant is null and r.priority = o.n - 1
               and r.seq > o.mark and r.seq <= coalesce(p_mark.bound, 0)
             order by r.seq limit 1)))
           from unnest(coalesce(p_mark.marks, array_fill(0::bigint, array[10])))
             with ordinality o(mark, n)
           order by o.n),
         next_tenant_mark(p_queue, coalesce(p_mark.tenant_mark, 0), coalesce(p_mark.bound, 0)),
         p_seen, pg_snapshot_xmax(pg_current_snapshot()), p_now,
         greatest(v_leased, least(v_sure, (
           select l.lease_until - interval '1 microsecond' from leased_jobs l
           where l.queue = p_queue collate "C" and l.lease_until > v_leased
             and l.lease_until <= v_sure
           order by l.lease_until limit 1))),
         greatest(v_due, least(v_sure, (
           select d.run_at - interval '1 microsecond' from deferred_jobs d
           where d.queue = p_queue and d.waits_for = 'time' and d.run_at > v_due
             and d.run_at <= v_sure
           order by d.run_at limit 1))),
         greatest(v_expired, least(v_sure, (
           select r.expires_at - interval '1 microsecond' from ready_jobs r
           where r.queue = p_queue and r.expires_at > v_expired and r.expires_at <= v_sure
           order by r.expires_at limit 1)));
end
$$;

-- True if every transaction with a number before this one is over. A number that is not reached yet
-- comes from another server, of a dump: there it is over, too.
create or replace function is_decided(p_before xid8) returns boolean
language sql stable
set search_path from current
as $$
  select p_before <= pg_snapshot_xmin(pg_current_snapshot())
      or p_before > pg_snapshot_xmax(pg_current_snapshot())
$$;

-- The same for all jobs of tenants together. With more than a hundred tenants waiting it stays where
-- it is: to look at each would cost more than it saves.
create or replace function next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint)
returns bigint
language sql stable
set search_path from current
as $$
  select case when cardinality(t.tenants) > 100 then p_mark
    else greatest(p_mark, least(p_bound, (
      select min(f.seq) - 1
      from unnest(t.tenants) w(tenant) cross join generate_series(0, 9) p(priority)
      cross join lateral (
        select r.seq from ready_jobs r
        where r.queue = p_queue and r.tenant = w.tenant and r.priority = p.priority::smallint
          and r.seq > p_mark and r.seq <= p_bound
        order by r.seq limit 1) f))) end
  from (select waiting_tenants(p_queue, '', 101, p_mark) as tenants) t
$$;

-- The latest mark of a queue, or null: also where a clock that was set back has not come to it again, for
-- what is made meanwhile is below it.
create or replace function mark_of(p_queue text) returns ready_marks
language sql stable
set search_path from current
as $$
  select l.mark from (
    select m as mark from ready_marks m where m.queue = p_queue order by m.number desc limit 1) l
  where greatest((l.mark).leased_from, (l.mark).due_from, (l.mark).expired_from) < clock()
$$;

-- Forgets marks that were passed, and all marks of a table that was begun anew (restart identity).
create or replace function prune_marks(p_now timestamptz) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_gone integer;
  v_drawn bigint := (select last_value from ready_jobs_seq_seq);
begin
  delete from ready_marks m
  where m.bound > v_drawn or m.made_at < p_now - interval '1 minute' and exists (
    select from ready_marks later where later.queue = m.queue and later.number > m.number);
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
