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

-- Takes up to so many due emails, for so long. `recipients` are those who are still to get it; who is
-- on the list of those who get no mail is left out, and recorded as suppressed.
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
    recipients := email_left(v_job.id, v_job.attempt, v_job.enqueued_at);
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

-- Who is still to get it, without those of whom is known that they get nothing, or have it: that is
-- recorded. Nobody, where the body was taken out.
create or replace function email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamptz)
returns text[]
language plpgsql
set search_path from current
as $$
declare
  v_email record;
  v_pending text[] := email_pending(p_id, p_enqueued_at);
  v_suppressed text[];
  v_reported text[];
begin
  select e.tenant, e.tags, e.body_gone_at is not null as is_gone into v_email
  from emails e where e.id = p_id;
  if v_pending = '{}' or v_email.is_gone then
    return '{}';
  end if;
  v_suppressed := email_suppressed(v_email.tenant, v_pending, v_email.tags);
  v_reported := array(
    select r.address from email_recipients r
    where r.email_id = p_id and r.status = 'pending' and r.address <> all (v_suppressed)
      and r.feedback in ('delivered', 'opened', 'clicked', 'unsubscribed', 'complained'));
  perform email_record_all(p_id, v_suppressed, 'suppressed',
            'suppressed: on the list of those who get no mail (email suppressions list)', p_attempt),
          email_record_all(p_id, v_reported, 'delivered', 'the provider has reported it since',
                           p_attempt);
  return array(select a from unnest(v_pending) with ordinality p(a, n)
               where a <> all (v_suppressed || v_reported) order by n);
end
$$;

-- A job with nobody left to send to: they get no mail, its body was taken out, its last attempt was
-- recorded but not settled, or it was made without an email.
create or replace function email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamptz)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_refusals text[] := email_refusals(p_id, p_enqueued_at);
  v_is_gone boolean := (select e.body_gone_at is not null from emails e where e.id = p_id);
  v_because text;
begin
  if v_is_gone is null then
    v_because := 'there is no email of this id: emails are made by email_send';
  elsif v_is_gone then
    v_because := 'its body was taken out, so there is nothing to send; send a new one';
  elsif v_refusals <> '{}' then
    v_because := array_to_string(v_refusals, '; ');
  end if;
  perform settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', v_because,
    'verdict', case when v_because is null then 'delivered' else 'dead' end)));
end
$$;

-- It was taken for all recipients of the batch's row: done, or a dead letter if somebody else of them
-- is never to get it. False: the token no longer holds, somebody else has the email or had it, and
-- nothing was changed.
create or replace function mark_email_sent(
  p_id uuid, p_claim_token uuid, p_provider_message_id text default null
) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_refusals text[] := (
    select nullif(email_refusals(l.id, l.enqueued_at), '{}')
    from leased_jobs l where l.id = p_id and l.claim_token = p_claim_token);
  v_accepted boolean;
begin
  perform email_mark(p_id, p_claim_token, jsonb_build_object('status', 'delivered',
    'answer', p_provider_message_id, 'provider_message_id', p_provider_message_id));
  select s.accepted into v_accepted from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token,
    'verdict', case when v_refusals is null then 'delivered' else 'dead' end,
    'because', coalesce(array_to_string(v_refusals, '; '), p_provider_message_id)))) s;
  return v_accepted;
end
$$;

-- It was not taken: later again, or never with p_permanent. Addresses in p_error are masked.
-- p_retry_after is the other side's wish in seconds. Returns the state that the email is in now: ready,
-- dead; with a late token whatever it is, and nothing was changed; `unknown` if there is no such email.
create or replace function mark_email_failed(
  p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean default false,
  p_retry_after double precision default null
) returns text
language plpgsql
set search_path from current
as $$
declare
  v_error text := email_mask(p_error);
  v_settled record;
begin
  perform email_mark(p_id, p_claim_token, jsonb_build_object('answer', v_error,
    'status', case when p_permanent then 'refused' else 'pending' end,
    'verdict', case when p_permanent then 'dead' else 'retry' end));
  select s.* into v_settled from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', v_error, 'after', p_retry_after,
    'verdict', case when p_permanent then 'dead' else 'retry' end))) s;
  return v_settled.state;
end
$$;

-- Records what was said, of everyone who was still to get it, while the token holds; as it is before
-- the job is settled, it belongs to this attempt in the timeline. The lease is held meanwhile, so
-- nobody can take the job between the two.
create or replace function email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
  perform from leased_jobs l where l.id = p_id and l.claim_token = p_claim_token for update;
  if found then
    perform email_record((
      select coalesce(jsonb_agg(p_said || jsonb_build_object(
        'id', l.id, 'attempt', l.attempts, 'address', a)), '[]')
      from leased_jobs l cross join unnest(email_pending(l.id, l.enqueued_at)) a
      where l.id = p_id and l.claim_token = p_claim_token));
  end if;
end
$$;

-- The same for all of them. With an attempt it is told in the timeline as well, as what was known
-- before anybody was asked.
create or replace function email_record_all(
  p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer default null
) returns integer
language sql
set search_path from current
as $$
  select email_record(coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', p_id, 'address', a, 'status', p_status, 'answer', p_answer, 'attempt', p_attempt,
      'verdict', case when p_attempt is not null then 'known' end))
    from unnest(p_addresses) a), '[]'))
$$;
