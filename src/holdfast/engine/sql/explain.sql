-- Why does this job wait, until when, by which rule? One answer, for psql, the CLI and the dashboard.

create or replace function explain(p_id uuid) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_job jobs;
  v_policy queues;
  v_now timestamptz := clock();
begin
  select * into v_job from jobs where id = p_id;
  if not found then
    raise exception 'no job %', p_id using errcode = 'JQ001',
      hint = 'finished jobs are forgotten after their queue''s retention';
  end if;
  v_policy := queue_policy(v_job.queue);
  return jsonb_build_object(
    'id', v_job.id, 'queue', v_job.queue, 'kind', v_job.kind, 'state', v_job.state,
    'attempts', v_job.attempts, 'max_attempts', v_policy.max_attempts,
    'attempts_left', greatest(v_policy.max_attempts - v_job.attempts, 0),
    'crashes', v_job.crashes, 'deferrals', v_job.deferrals)
    || explain_wait(v_job, v_policy, v_now)
    || jsonb_build_object('history', attempt_history(p_id));
end
$$;

-- The sentence, the rule it comes from, and until when.
create or replace function explain_wait(p_job jobs, p_policy queues, p_now timestamptz) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_head uuid;
  v_workers bigint;
begin
  case
    when p_job.state in ('done', 'cancelled', 'expired', 'dead') then
      return say('ended', format('it is %s since %s%s', p_job.state, p_job.ended_at,
                 coalesce(': ' || p_job.because, '')), null);
    when p_job.state = 'leased' then
      return say('lease', format('%s works on it; if nothing is heard, it is rescued at %s',
                 p_job.worker, p_job.lease_until), p_job.lease_until);
    when p_job.state = 'held' then
      return say('held', format('a person must let it go on: %s', p_job.because), null);
    when p_job.waits_for = 'key' then
      v_head := (select head from ordering_keys
                 where queue = p_job.queue and key = p_job.ordering_key);
      return say('ordering_key', format('job %s of the same ordering key "%s" goes first', v_head,
                 p_job.ordering_key), null);
    when p_job.waits_for = 'time' and p_job.run_at > p_now then
      return say(case when p_job.attempts > 0 or p_job.deferrals > 0 then 'retry' else 'run_at' end,
                 format('it is due at %s%s', p_job.run_at, coalesce(': ' || p_job.because, '')),
                 p_job.run_at);
    when is_paused(p_policy, p_now) then
      return say('paused', format('the queue is paused by %s%s', p_policy.paused_by,
                 coalesce(': ' || p_policy.paused_why, '')), p_policy.paused_until);
    else
      v_workers := (select count(*) from workers
                    where p_job.queue = any (queues) and seen_at > p_now - interval '60 s');
      if v_workers = 0 then
        return say('no_worker', format('it is due, and no worker serves the queue "%s"', p_job.queue),
                   null);
      end if;
      return say('queued', format('it is due and waits for its turn; %s worker(s) serve the queue',
                 v_workers), null);
  end case;
end
$$;

create or replace function say(p_rule text, p_because text, p_until timestamptz) returns jsonb
language sql stable
set search_path from current
as $$
  select jsonb_build_object('rule', p_rule, 'because', p_because, 'until', p_until)
$$;
