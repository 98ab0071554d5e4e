-- An attempt at an email, as the database sees it: load, submit, record or finish.
--
--   email_load       what a batch of attempts needs to begin
--   email_submit     it is handed over now: committed while it can still be turned back
--   email_record     what became of each address, whatever the verdict on the whole will be
--   email_finish     all addresses have it: recorded and settled in one transaction
--
-- Each takes many emails, because many attempts are at the same step at any moment.

-- Who is still to get it. One that was refused is asked again only when somebody has replayed the
-- dead letter since: that is what a replay is for. One that has it never gets it again.
create or replace function email_pending(p_id uuid, p_enqueued_at timestamptz) returns text[]
language sql stable
set search_path from current
as $$
  select coalesce(array_agg(r.address order by r.position), '{}') from email_recipients r
  where r.email_id = p_id
    and (r.status = 'pending' or (r.status in ('refused', 'suppressed') and r.at < p_enqueued_at))
$$;

-- What was answered about those who will not get it.
create or replace function email_refusals(p_id uuid, p_enqueued_at timestamptz) returns text[]
language sql stable
set search_path from current
as $$
  select coalesce(array_agg(coalesce(nullif(concat_ws(' ', r.code, r.answer), ''), 'refused')
                            order by r.position), '{}')
  from email_recipients r
  where r.email_id = p_id and r.status in ('refused', 'suppressed') and r.at >= p_enqueued_at
$$;

-- What each attempt needs. No row: there is no such email, or its job is in nobody's hands.
--
--   pending, refusals   who is still to get it, and what was said about those who will not
--   on_unknown          resend, hold or verify; is_own_rule: as the email itself says
--   doubt               the provider that may have it, with how long it is since it was first asked,
--                       and whether a person has let it go on; null: no doubt
--   doubted             for whom it was handed over then; had: who of them has it for certain
--   expires_s           how long it may still go; null: as long as it takes
--   is_old              the queue plans no further retry at its age; what a person held does not age
--   suppressed          who of them is on the list of those who get no mail
--   reported            who of them has it, as the provider has reported since
--   is_gone             its body was taken out, so there is nothing to send
create or replace function email_load(p_ids uuid[])
returns table (
  id uuid, message_id text, sender text, raw bytea, tenant text, pending text[], refusals text[],
  on_unknown text, is_own_rule boolean, is_old boolean, doubt text, doubt_s double precision,
  is_asked boolean, doubted text[], had text[], expires_s double precision, suppressed text[],
  reported text[], is_gone boolean)
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- without statistics it would read all leases for a few, or all of an index
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := clock();
  v_some_suppressed boolean := exists (select from email_suppressions);
begin
  return query select e.id, e.message_id, e.sender,
         case when e.size = octet_length(e.raw) then e.raw else email_bytes(e.id) end, e.tenant, coalesce(r.pending, '{}'),
         coalesce(r.refusals, '{}'), coalesce(e.on_unknown, q.on_unknown),
         e.on_unknown is not null,
         l.enqueued_at + q.max_age < v_now
           and l.enqueued_at + q.max_age + time_stopped(l.id, q, l.enqueued_at, v_now) < v_now,
         s.provider, extract(epoch from v_now - s.first_at)::double precision,
         coalesce(s.is_asked and exists (   -- asked, and let go: it may have been killed in between
           select from attempts a
           where a.job_id = l.id and a.outcome = 'held' and a.settled_at >= s.at), false),
         coalesce(r.doubted, '{}'), coalesce(r.had, '{}'),
         extract(epoch from l.expires_at - v_now)::double precision,
         case when v_some_suppressed then email_suppressed(e.tenant, r.pending, e.tags) else '{}' end,
         coalesce(r.reported, '{}'), e.body_gone_at is not null
  from unnest(p_ids) i(id)
  join leased_jobs l on l.id = i.id and l.id = any (p_ids)   -- so that no plan goes through all
  join queues q on q.name = l.queue
  join emails e on e.id = l.id and e.id = any (p_ids)
  left join email_submissions s on s.email_id = e.id and s.email_id = any (p_ids)
  cross join lateral (
    select array_agg(a.address order by a.position) filter (
             where a.status = 'pending'
                or (a.status in ('refused', 'suppressed') and a.at < l.enqueued_at)) as pending,
           array_agg(coalesce(nullif(concat_ws(' ', a.code, a.answer), ''), 'refused')
                     order by a.position) filter (
             where a.status in ('refused', 'suppressed') and a.at >= l.enqueued_at) as refusals,
           array_agg(a.address order by a.position) filter (
             where a.status = 'pending' and a.feedback in (
               'delivered', 'opened', 'clicked', 'unsubscribed', 'complained')) as reported,
           array_agg(a.address order by a.position) filter (
             where a.position = any (s.positions)) as doubted,
           array_agg(a.address) filter (
             where a.position = any (s.positions) and a.status = 'delivered') as had
    from email_recipients a where a.email_id = e.id) r;
end
$$;

-- These emails are handed to these providers now: one element of the arrays for each address.
create or replace function email_submit(p_ids uuid[], p_providers text[], p_addresses text[])
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_rows integer;
begin
  perform make_durable();
  insert into email_submissions as s (email_id, provider, first_at, at, positions)
  select v.id, v.provider, v_now, v_now, array_agg(r.position order by r.position)
  from unnest(p_ids, p_providers, p_addresses) v(id, provider, address)
  join email_recipients r on r.email_id = v.id and r.address = v.address and r.email_id = any (p_ids)
  group by v.id, v.provider
  on conflict (email_id) do update
    set provider = excluded.provider, at = excluded.at, is_asked = false,
        positions = excluded.positions,
        first_at = case when (s.provider, s.positions) = (excluded.provider, excluded.positions)
                        then s.first_at else excluded.first_at end;
  get diagnostics v_rows = row_count;
  return v_rows;
end
$$;

-- What became of addresses: a JSON array of {"id", "token", "attempt", "address", "verdict", "status",
-- "code", "answer", "provider", "provider_message_id", "unknown", "personal"}. `verdict` is the one on
-- the email; kept is that of who is still to get it, else what became of the address. `unknown` is that
-- it may have been taken for this address, `personal` that the answer speaks of this address and of
-- nothing else. Of who was erased meanwhile nothing is kept. Recorded before the job is settled, whoever
-- holds it: these are facts, and a delivery stays one. What a later attempt may have sent stays in doubt:
-- of that, one whose token is gone knows nothing. Returns how many were new.
create or replace function email_record(p_results jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_ids uuid[] := array(select (i ->> 'id')::uuid from jsonb_array_elements(p_results) i);
  v_overtaken uuid[] := array(
    select l.id from jsonb_to_recordset(p_results) as v(id uuid, token uuid)
    join leased_jobs l on l.id = v.id and l.claim_token <> v.token and l.id = any (v_ids));
  v_rows integer;
begin
  perform make_durable();
  perform from email_recipients r   -- so that an erasure comes before this or after it
  where r.email_id = any (v_ids)
  order by r.email_id, r.position for update;
  insert into email_answers (email_id, attempt, address, provider, verdict, code, answer, at)
  select v.id, v.attempt, v.address, v.provider,
         coalesce(nullif(v.status, 'pending'), v.verdict), v.code, left(v.answer, 1000), v_now
  from jsonb_to_recordset(p_results) as v(
    id uuid, attempt integer, address text, provider text, verdict text, status text, code integer,
    answer text)
  join email_recipients r on r.email_id = v.id and r.address = v.address and r.email_id = any (v_ids)
  where v.verdict is not null;
  update email_recipients r
  set status = v.status, code = v.code, answer = left(v.answer, 1000), at = v_now,
      provider = coalesce(v.provider, r.provider),
      provider_message_id = coalesce(left(v.provider_message_id, 500), r.provider_message_id)
  from jsonb_to_recordset(p_results) as v(
    id uuid, address text, status text, code integer, answer text, provider text,
    provider_message_id text)
  where r.email_id = v.id and r.address = v.address and r.status not in ('delivered', 'captured');
  get diagnostics v_rows = row_count;
  perform email_suppress_refused(v.id, jsonb_agg(v.item))
  from (select (i ->> 'id')::uuid as id, i as item from jsonb_array_elements(p_results) i
        where i ->> 'status' = 'refused' and exists (
          select from email_recipients r
          where r.email_id = (i ->> 'id')::uuid and r.address = i ->> 'address')) v
  group by v.id order by min(lower(v.item ->> 'address'));   -- so that two do not wait in a circle
  update email_submissions s set is_asked = true
  from jsonb_to_recordset(p_results) as v(id uuid, verdict text)
  where s.email_id = v.id and v.verdict = 'hold' and v.id <> all (v_overtaken);
  update email_submissions s set positions = v.positions
  from (select u.id, array_agg(r.position order by r.position) as positions
        from jsonb_to_recordset(p_results) as u(id uuid, address text, unknown boolean)
        join email_recipients r on r.email_id = u.id and r.address = u.address
        where u.unknown and u.id <> all (v_overtaken) group by u.id) v
  where s.email_id = v.id;
  delete from email_submissions s using (
    select v.id from jsonb_to_recordset(p_results) as v(id uuid, verdict text)
    group by v.id having not bool_or(coalesce(v.verdict, '') in ('unknown', 'hold', 'wait'))) a
  where s.email_id = a.id and a.id <> all (v_overtaken);
  return v_rows;
end
$$;

-- Emails that every address has now: recorded and settled together. One element of the arrays for
-- each address; `p_ids` and `p_tokens` have one for each email. A row comes back for each email whose
-- token no longer holds: what was recorded stays, the job is somebody else's.
create or replace function email_finish(
  p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[],
  p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]
) returns table (id uuid, accepted boolean, state text)
language plpgsql
set search_path from current
set enable_seqscan = off   -- likewise
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz := clock();
begin
  update email_recipients r
  set status = v.status, code = v.code, answer = left(v.answer, 1000), at = v_now,
      provider = v.provider, provider_message_id = left(v.provider_id, 500)
  from unnest(p_emails, p_addresses, p_status, p_codes, p_answers, p_providers, p_provider_ids)
         v(id, address, status, code, answer, provider, provider_id)
  where r.email_id = v.id and r.address = v.address and r.status not in ('delivered', 'captured')
    and r.email_id = any (p_ids);
  delete from email_submissions s where s.email_id = any (p_ids);
  return query select s.* from settle_done(p_ids, p_tokens) s;
end
$$;

-- The message is looked at by a person: the next attempt is made although nobody knows.
create or replace function email_doubts()
returns table (id uuid, provider text, at timestamptz, state text, because text)
language sql stable
set search_path from current
as $$
  select s.email_id, s.provider, s.at, j.state, j.because
  from email_submissions s left join jobs j on j.id = s.email_id
  order by s.at
$$;
