-- The names that an application written against the origin's functions already calls. Thin: each is a
-- line or two over the queue. They are enough to work webhooks off from psql, an Edge Function or
-- pg_cron, without Python:
--
--     select * from get_webhook_retry_batch(50);          -- every five minutes
--     select mark_webhook_processed(id, claim_token);     -- or
--     select mark_webhook_failed(id, claim_token, 'why');

-- When a job that has failed so often is tried again, by the policy of the queue `webhooks`.
create or replace function calculate_webhook_retry_time(p_attempt integer) returns timestamptz
language sql volatile
set search_path from current
as $$
  select next_attempt_at(queue_policy('webhooks'), p_attempt, null, clock())
$$;

-- Claims due webhook jobs with their events. What is not marked within the lease comes back. What is
-- paused is held instead, as a worker does.
create or replace function get_webhook_retry_batch(
  p_batch_size integer default 50, p_lease interval default '10 minutes'
) returns table (
  id uuid, claim_token uuid, attempt integer, handler text, event uuid, source text, event_id text,
  event_type text, body bytea, headers jsonb, received_at timestamptz)
language plpgsql
set search_path from current
as $$
declare
  v_paused text;
begin
  for id, claim_token, attempt, handler, event, source, event_id, event_type, body, headers, received_at,
      v_paused
  in
    select c.id, c.claim_token, c.attempt, c.kind, e.id, e.source, e.event_id, e.event_type, e.body,
           e.headers, e.received_at, e.paused
    from claim('webhooks', p_batch_size, 'get_webhook_retry_batch', p_lease) c
    left join lateral webhook_load_many(array[webhook_id_or_null(c.payload ->> 'event')]) e on true
  loop
    if v_paused is null then
      return next;
    else
      perform settle(jsonb_build_array(jsonb_build_object(
        'id', id, 'token', claim_token, 'verdict', 'hold', 'because', v_paused)));
    end if;
  end loop;
end
$$;

-- True if it is done now; false if the claim no longer holds: then nothing was changed.
create or replace function mark_webhook_processed(p_id uuid, p_claim_token uuid) returns boolean
language sql
set search_path from current
as $$
  select accepted from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'verdict', 'delivered')))
$$;

-- Plans the next attempt, or gives up: at once if p_permanent, else when no attempt is left. Returns
-- the state the job is in now.
create or replace function mark_webhook_failed(
  p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean default false,
  p_retry_after double precision default null
) returns text
language sql
set search_path from current
as $$
  select state from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', p_error, 'after', p_retry_after,
    'verdict', case when p_permanent then 'dead' else 'retry' end)))
$$;
