-- The names that callers of the earlier email queue know, over the same engine. Everything works with
-- psql alone: take a batch, send each message by whatever means you have, say what became of it.
--
--     select * from get_email_queue_batch(50);
--     select mark_email_sent('<id>', '<claim_token>', '<id at the provider>');
--     select mark_email_failed('<id>', '<claim_token>', '450 4.2.1 try later');
--     select mark_email_failed('<id>', '<claim_token>', '550 5.1.1 no such user', p_permanent => true);

-- When an email would be tried again after its nth attempt has failed.
create or replace function calculate_email_retry_time(p_attempt integer) returns timestamptz
language sql volatile
set search_path from current
as $$
  select next_attempt_at(queue_policy('email'), p_attempt, null, clock())
$$;

-- Takes up to so many due emails, for so long. `recipients` are those who are still to get it.
create or replace function get_email_queue_batch(
  p_batch_size integer default 50, p_lease interval default '10 minutes'
) returns table (
  id uuid, claim_token uuid, attempt integer, sender text, recipients text[], subject text,
  message_id text, raw bytea, tenant text, metadata jsonb, enqueued_at timestamptz,
  expires_at timestamptz, lease_until timestamptz)
language plpgsql
set search_path from current
as $$
declare
  v_job record;
begin
  for v_job in select c.* from claim('email', p_batch_size, null, p_lease) c loop
    recipients := email_pending(v_job.id, v_job.enqueued_at);
    if recipients = '{}' then
      perform email_settle_moot(v_job.id, v_job.claim_token, v_job.enqueued_at);
      continue;
    end if;
    select e.id, v_job.claim_token, v_job.attempt, e.sender, e.subject, e.message_id,
           case when e.size = octet_length(e.raw) then e.raw else email_bytes(e.id) end, e.tenant,
           e.metadata, v_job.enqueued_at, v_job.expires_at, v_job.lease_until
    into id, claim_token, attempt, sender, subject, message_id, raw, tenant, metadata, enqueued_at,
         expires_at, lease_until
    from emails e where e.id = v_job.id;
    return next;
  end loop;
end
$$;

-- A job with nobody left to send to: its last attempt was recorded but not settled, or it was made
-- without an email.
create or replace function email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamptz)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_refusals text[] := email_refusals(p_id, p_enqueued_at);
  v_because text;
begin
  if not exists (select from emails e where e.id = p_id) then
    v_because := 'there is no email of this id: emails are made by email_send';
  elsif v_refusals <> '{}' then
    v_because := array_to_string(v_refusals, '; ');
  end if;
  perform settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', v_because,
    'verdict', case when v_because is null then 'delivered' else 'dead' end)));
end
$$;

-- It was taken for all recipients of the batch's row. False: the token no longer holds, somebody else
-- has the email or had it, and nothing was changed.
create or replace function mark_email_sent(
  p_id uuid, p_claim_token uuid, p_provider_message_id text default null
) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_pending text[] := (select email_pending(l.id, l.enqueued_at) from leased_jobs l
                       where l.id = p_id and l.claim_token = p_claim_token);
  v_accepted boolean;
begin
  select s.accepted into v_accepted from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'verdict', 'delivered', 'because', p_provider_message_id))) s;
  if v_accepted then
    perform email_record_all(p_id, v_pending, 'delivered', p_provider_message_id);
  end if;
  return v_accepted;
end
$$;

-- It was not taken: later again, or never with p_permanent. p_retry_after is the other side's wish in
-- seconds. Returns the state that the email is in now: ready, dead; with a late token whatever it is,
-- and nothing was changed; `unknown` if there is no such email.
create or replace function mark_email_failed(
  p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean default false,
  p_retry_after double precision default null
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_pending text[] := (select email_pending(l.id, l.enqueued_at) from leased_jobs l
                       where l.id = p_id and l.claim_token = p_claim_token);
  v_settled record;
begin
  select s.* into v_settled from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', p_error, 'after', p_retry_after,
    'verdict', case when p_permanent then 'dead' else 'retry' end))) s;
  if v_settled.accepted then
    perform email_record_all(p_id, v_pending,
                             case when p_permanent then 'refused' else 'pending' end, p_error);
  end if;
  return v_settled.state;
end
$$;

-- The same for all of them.
create or replace function email_record_all(
  p_id uuid, p_addresses text[], p_status text, p_answer text
) returns integer
language sql
set search_path from current
as $$
  select email_record(coalesce((
    select jsonb_agg(jsonb_build_object('id', p_id, 'address', a, 'status', p_status,
                                        'answer', p_answer))
    from unnest(p_addresses) a), '[]'))
$$;
