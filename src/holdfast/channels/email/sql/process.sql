-- The processor of those who have nothing but SQL: a clock that says when there is something to send,
-- and for each batch somebody who sends it.
--
--     pg_cron, every minute ──► process_email_queue(50)      one row for each batch that may go now
--                                    │  pg_net: a POST for each row
--                                    ▼
--                               an Edge Function             get_email_queue_batch(50), the provider,
--                                                            mark_email_sent or mark_email_failed
--
-- Nothing is handed out here, so a call that is lost, or made twice, costs nothing: what is sent, and
-- by whom alone, is decided by `get_email_queue_batch`. It keeps to the limits of the queue as well:
--
--     select set_queue('email', '{"rate_quota": 100, "rate_per": "1 minute"}');

-- Brings back what is due again and what a sender that died left behind, ends what came too late, and
-- says what may go now: a row for each batch of up to p_batch_size, at most 20; none while the queue
-- is paused or its limits are used up.
create or replace function process_email_queue(p_batch_size integer default 50)
returns table (batch integer, emails integer)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_policy queues := queue_policy('email');
  v_size integer := least(greatest(p_batch_size, 1), 1000);
  v_emails integer;
begin
  perform bring_in('email', 10000, null, v_now);
  if is_paused(v_policy, v_now) then
    return;
  end if;
  v_emails := (
    select count(*) from (   -- each by its index, however many wait in other queues
      (select from ready_jobs r where r.queue = 'email' and r.tenant is null limit 20 * v_size)
      union all
      (select from ready_jobs r where r.queue = 'email' and r.tenant is not null limit 20 * v_size)
      limit 20 * v_size) due);
  v_emails := least(v_emails, email_admitted(v_policy, v_now));
  return query
    select n, least(v_size, v_emails - (n - 1) * v_size)
    from generate_series(1, (v_emails + v_size - 1) / v_size) n;
end
$$;

-- How many the limits of the queue would let begin at this moment; null if it has none. Nothing is
-- taken: who claims is asked again.
create or replace function email_admitted(p_policy queues, p_now timestamptz) returns integer
language sql stable
set search_path from current
as $$
  select least(
    p_policy.max_running - (select count(*) from leased_jobs l
                            where l.queue = p_policy.name collate "C" and l.lease_until > p_now),
    case when p_policy.rate_quota is not null then rate_left(
      (select r.full_at from rate_limits r
       where r.key = 'queue:' || p_policy.name and r.policy = 'jobs' and not r.durable),
      p_policy.rate_quota, (extract(epoch from p_policy.rate_per) * 1e9)::bigint,
      coalesce(p_policy.rate_burst, p_policy.rate_quota), nanoseconds(p_now)) end)::integer
$$;
