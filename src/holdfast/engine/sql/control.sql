-- What a person does to one job: cancel it, hold it, let it go on, have it run now.
--
-- A job can move from table to table while we look for it. `jobs` sees all tables in one snapshot,
-- so it tells where the job is; then it is taken from there, and if it has moved on, we look again,
-- without its key: whoever has a running job may wait for that.

-- Takes a job out of where it waits or, if asked to, runs. The row that comes back is nowhere now.
create or replace function take_job(p_id uuid, p_leased boolean)
returns table (job job, lease leased_jobs)
language plpgsql
set search_path from current
as $$
declare
  v_state text;
  v_queue text;
  v_key text;
begin
  for i in 1 .. 20 loop
    select j.state, j.queue, j.ordering_key into v_state, v_queue, v_key from jobs j where j.id = p_id;
    if v_state is null then
      perform raise_no_job(p_id);
    elsif v_state in ('done', 'dead', 'cancelled', 'expired') then
      raise exception 'job % is % already', p_id, v_state using errcode = 'JQ003',
        hint = case v_state when 'dead' then 'a dead letter can be replayed or discarded'
          else 'what has ended stays as it is; enqueue it anew, by another dedupe key' end;
    elsif v_state = 'leased' and not p_leased then
      raise exception 'job % is running: cancel it, or wait', p_id using errcode = 'JQ003';
    end if;
    if v_state = 'leased' then
      delete from leased_jobs l where l.id = p_id returning l.* into lease;
      job := job_of(lease);
    else
      begin
        perform lock_keys(v_queue, array[v_key]);   -- its key first, as supersede does
        job := take_waiting(p_id);
        if (job).id is null then
          raise sqlstate 'JQ000';   -- gives the key back
        end if;
      exception when sqlstate 'JQ000' then null;
      end;
    end if;
    if (job).id is not null then
      return next;
      return;
    end if;
  end loop;
  raise exception 'job % moves faster than it can be caught; try again', p_id using errcode = 'JQ003';
end
$$;

-- A job that is ready or waits, out of its table; null if it is in neither.
create or replace function take_waiting(p_id uuid) returns job
language plpgsql
set search_path from current
as $$
declare
  v_ready ready_jobs;
  v_deferred deferred_jobs;
begin
  delete from ready_jobs where id = p_id returning * into v_ready;
  if v_ready.id is not null then
    return job_of(v_ready);
  end if;
  delete from deferred_jobs where id = p_id returning * into v_deferred;
  perform record_held(v_deferred);
  return case when v_deferred.id is not null then job_of(v_deferred) end;
end
$$;

-- Ends a job that has not ended. If it is running, its worker is notified, or finds out within half a
-- minute, and whatever it reports is recorded as late; what it did until then is done.
create or replace function cancel(p_id uuid, p_who text, p_why text default null) returns text
language plpgsql
set search_path from current
as $$
declare
  v record;
  v_now timestamptz := clock();
  v_note text := 'cancelled by ' || p_who || coalesce(': ' || p_why, '');
begin
  perform make_durable();
  select * into v from take_job(p_id, true);
  if (v.lease).id is not null then
    perform record_attempt(v.lease, 'cancelled', v_note, v_now, null);
    perform pg_notify(current_schema() || '_wake', 'cancelled ' || p_id);
  end if;
  perform record_operation('cancel', p_who, p_why, jsonb_build_object('id', p_id), 1);
  return finish(v.job, 'cancelled', v_note, v_now);
end
$$;

-- Sets a waiting job aside until a person lets it go on.
create or replace function hold(p_id uuid, p_who text, p_why text default null) returns void
language plpgsql
set search_path from current
as $$
declare
  v_because text := coalesce(p_why, 'held by ' || p_who);
  v_now timestamptz := clock();
begin
  update deferred_jobs set waits_for = 'person', in_line = true, because = v_because,
    held_at = coalesce(held_at, v_now)
  where id = p_id and (waits_for = 'key' or in_line);
  if not found then
    perform put_deferred((take_job(p_id, false)).job, 'person', v_because);
  end if;
  perform record_operation('hold', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Lets the jobs behind a blocked one pass: it goes to the end of its ordering key, with the attempts
-- that it has used up and the time that it waits for. A held one stays held.
create or replace function skip(p_id uuid, p_who text, p_why text default null) returns void
language plpgsql
set search_path from current
as $$
declare
  v_held text := (select because from deferred_jobs where id = p_id and waits_for = 'person');
  v_because text := coalesce(p_why, 'skipped by ' || p_who);
  v record;
begin
  select * into v from take_job(p_id, false);
  if (v.job).ordering_key is null then
    raise exception 'job % has no ordering key: nothing waits behind it', p_id using errcode = 'JQ003';
  end if;
  perform advance_key((v.job).queue, (v.job).ordering_key, p_id);
  if v_held is null then
    perform put_in_line(v.job, v_because);
  else
    perform put_deferred(v.job, 'person', v_held);
  end if;
  perform record_operation('skip', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Lets a held job go on, now or as its ordering key allows.
create or replace function unhold(p_id uuid, p_who text, p_why text default null) returns void
language plpgsql
set search_path from current
as $$
declare
  v_state text;
begin
  if not let_go(p_id) then
    v_state := (select state from jobs where id = p_id);
    if v_state is null then
      perform raise_no_job(p_id);
    end if;
    raise exception 'job % is %, not held', p_id, v_state using errcode = 'JQ003',
      hint = case v_state when 'dead' then 'a dead letter is replayed'
        else 'explain says what a job waits for' end;
  end if;
  perform record_operation('unhold', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Back to its place in the line, if it has one, else as a job that comes, whose key is taken before the
-- job: who has that key may just be about to move up this one, and is not waited for with it in hand.
-- False if it is not held.
create or replace function let_go(p_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_held deferred_jobs;
begin
  select * into v_held from deferred_jobs where id = p_id and in_line for update skip locked;
  if not found then
    perform lock_keys(d.queue, array[d.ordering_key]) from deferred_jobs d where d.id = p_id;
    select * into v_held from deferred_jobs where id = p_id and waits_for = 'person' for update;
    if not found then
      return false;
    end if;
  end if;
  perform record_held(v_held);
  if v_held.in_line then
    update deferred_jobs set waits_for = 'key', in_line = false, because = null, held_at = null
    where id = p_id;
  else
    delete from deferred_jobs where id = p_id;
    perform put_in_line(job_of(v_held));
  end if;
  return true;
end
$$;

-- The same for one of many whose keys are in no order: it waits for nobody with the keys of the others in
-- hand. What is busy stays held.
create or replace function let_go_if_free(p_id uuid) returns boolean
language plpgsql
set search_path from current
set lock_timeout = '1ms'   -- there is no nowait for a key that somebody is just making
as $$
begin
  return let_go(p_id);
exception when lock_not_available then return false;
end
$$;

-- On the timeline of a job: that a person had it, since when, until now.
create or replace function record_held(p_held deferred_jobs) returns void
language plpgsql
set search_path from current
as $$
begin
  if p_held.held_at is not null then
    insert into attempts (job_id, queue, attempt, outcome, because, claimed_at, settled_at)
    values (p_held.id, p_held.queue, p_held.attempts, 'held', p_held.because, p_held.held_at, clock());
  end if;
end
$$;

-- Has a job run now that waits for its time: for its next attempt, or for later from the beginning.
create or replace function run_now(p_id uuid, p_who text, p_why text default null) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_queue text;
  v_state text;
begin
  perform make_durable();
  update deferred_jobs set run_at = least(run_at, v_now) where id = p_id and waits_for = 'time'
  returning queue into v_queue;
  if v_queue is null then
    v_state := (select state from jobs where id = p_id);
    if v_state is null then
      perform raise_no_job(p_id);
    end if;
    raise exception 'job % is % and does not wait for its time', p_id, v_state using errcode = 'JQ003',
      hint = case v_state when 'dead' then 'a dead letter is replayed' when 'held' then 'unhold lets it go on'
        else 'explain says what a job waits for' end;
  end if;
  perform wake(array[v_queue]);
  perform record_operation('run', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;
