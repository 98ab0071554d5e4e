-- Erase: what is known of one person's address is taken out, everywhere in this channel.
--
--     recipients, feedback    the address becomes its hash
--     emails to it alone      the bytes, the subject and the metadata go; likewise where all others
--                             were erased before
--     emails from it          likewise, and the sender
--     emails to others too    the address is masked in the bytes, however it is encoded there (mask.sql)
--     suppressions            the hash stays, so that the person stays left alone
--     what was said           masked in answers, attempts and dead letters of emails to it or from it
--
-- An email that is still to go to others keeps its bytes until it has ended: they are what is sent.
-- It is counted as left; erase again then. Whatever was to go to this address is not sent any more;
-- an attempt that runs at this very moment cannot be called back.

-- Returns what was done, as counts. It looks through all senders, which have no index: seconds for
-- millions.
create or replace function email_erase(p_address text, p_by text, p_why text default null)
returns jsonb
language plpgsql
set search_path from current
as $$
declare
  v_address text := email_plain(p_address);
  v_hash text := email_address_hash(p_address);
  v_ids uuid[];
  v_alone uuid[];
  v_left uuid[];
  v_done jsonb;
begin
  if not coalesce(email_is_address(v_address), false) then
    raise exception 'erase: one address, local@domain, is needed' using errcode = 'JQ005';
  end if;
  -- as it was stored once, its domain not in ASCII
  update email_recipients set address = v_address
  where lower(address) = lower(btrim(p_address)) and lower(address) <> v_address;
  update email_events set address = v_address
  where address = lower(btrim(p_address)) and address <> v_address;
  v_ids := array(select distinct r.email_id from email_recipients r where lower(r.address) = v_address);
  v_alone := array(
    select i from unnest(v_ids) i where not exists (
      select from email_recipients r where r.email_id = i and lower(r.address) <> v_address
        and r.address not like 'erased:%'));
  v_left := array(   -- by an erasure before this one
    select e.id from emails e
    where e.id in (select r.email_id from email_recipients r where lower(r.address) = v_hash)
      and email_mask_bytes(e.raw, v_address) <> e.raw);
  perform from emails e where e.id = any (v_ids || v_left) order by e.id for update;
  -- without a time no replay takes it for one that was refused and is to be asked again
  update email_recipients r
  set address = v_hash, answer = null,
      at = case when r.status in ('delivered', 'captured') then r.at end,
      status = case when r.status in ('delivered', 'captured') then r.status else 'suppressed' end
  where r.email_id = any (v_ids) and lower(r.address) = v_address;
  update emails e set fingerprint = null where e.id = any (v_ids) and e.fingerprint is not null;
  perform email_erase_words(v_address, v_ids || v_left || array(
    select e.id from emails e where lower(e.sender) = v_address));
  v_done := email_erase_emails(v_address, v_alone)
         || email_erase_shared(v_address, v_left || array(
              select unnest(v_ids) except select unnest(v_alone)))
         || email_erase_feedback(v_address, v_hash)
         || jsonb_build_object('emails', cardinality(v_ids), 'known_as', v_hash);
  perform record_operation('erase address', p_by, email_without_address(p_why, v_address),
                           v_done || jsonb_build_object('address', v_hash), cardinality(v_ids));
  return v_done;
end
$$;

-- The emails to it alone, whatever their state, since nobody is left to get them; and those from it,
-- once they have ended.
create or replace function email_erase_emails(p_address text, p_alone uuid[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_from uuid[] := array(select e.id from emails e where lower(e.sender) = p_address);
  v_ended uuid[] := array(select i from unnest(v_from) i where email_ended_before(i, 'infinity'));
  v_bodies integer;
begin
  perform email_take_out(p_alone || v_ended, v_now);
  update emails set subject = null, metadata = '{}',
    tags = array(select t from unnest(tags) t where t like 'list:%'),
    sender = case when lower(sender) = p_address then '' else sender end
  where id = any (p_alone || v_ended);
  get diagnostics v_bodies = row_count;
  return jsonb_build_object('bodies', v_bodies, 'left_from',
    cardinality(array(select unnest(v_from) except select unnest(p_alone || v_ended))));
end
$$;

-- The emails to others too: the address is masked in the bytes of those that have ended, and in what is
-- kept beside them; large attachments are taken out.
create or replace function email_erase_shared(p_address text, p_shared uuid[]) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  v_id uuid;
  v_masked integer := 0;
begin
  foreach v_id in array p_shared loop
    if email_ended_before(v_id, 'infinity') then
      perform email_detach(array[v_id]);   -- their places are not theirs any more
      update emails e set raw = m.raw, size = octet_length(m.raw),
        subject = email_without_address(e.subject, p_address),
        metadata = email_without_address(e.metadata::text, p_address)::jsonb,
        tags = array(select email_without_address(t, p_address) from unnest(e.tags) t)
      from (select email_mask_bytes(o.raw, p_address) as raw from emails o
            where o.id = v_id offset 0) m   -- offset 0: masked once
      where e.id = v_id;
      v_masked := v_masked + 1;
    end if;
  end loop;
  return jsonb_build_object('shared_masked', v_masked,
                            'left_shared', cardinality(p_shared) - v_masked);
end
$$;

create or replace function email_erase_feedback(p_address text, p_hash text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
  v_events integer;
  v_suppressions integer;
begin
  update email_events set address = p_hash, because = '' where address = p_address;
  update email_answers set address = p_hash, answer = null where lower(address) = p_address;
  get diagnostics v_events = row_count;
  insert into email_suppressions (tenant, address, reason, list, source, created_at, created_by,
                                  expires_at)
  select s.tenant, p_hash, s.reason, s.list, s.source, s.created_at,
         email_without_address(s.created_by, p_address), s.expires_at
  from email_suppressions s where s.address = p_address
  on conflict do nothing;
  delete from email_suppressions where address = p_address;
  get diagnostics v_suppressions = row_count;
  return jsonb_build_object('events', v_events, 'suppressions', v_suppressions);
end
$$;

-- What was said about these emails, where the address stands in it: by servers, by reports, and by
-- whoever settled their jobs.
create or replace function email_erase_words(p_address text, p_ids uuid[]) returns void
language sql
set search_path from current
as $$
  update email_recipients set answer = email_without_address(answer, p_address)
  where email_id = any (p_ids) and position(p_address in lower(answer)) > 0;
  update email_answers set answer = email_without_address(answer, p_address)
  where email_id = any (p_ids) and position(p_address in lower(answer)) > 0;
  update email_events set because = email_without_address(because, p_address)
  where email_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update deferred_jobs set because = email_without_address(because, p_address)
  where id = any (p_ids) and position(p_address in lower(because)) > 0;
  update finished_jobs set note = email_without_address(note, p_address)
  where id = any (p_ids) and position(p_address in lower(note)) > 0;
  update attempts set because = email_without_address(because, p_address)
  where job_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update replay_items set because = email_without_address(because, p_address)
  where job_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update dead_letters set error = email_without_address(error, p_address),
    history = email_without_address(history::text, p_address)::jsonb
  where id = any (p_ids) and position(p_address in lower(error || history)) > 0;
$$;

-- The text without the address, however it is written.
create or replace function email_without_address(p_text text, p_address text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select regexp_replace(p_text,
    '(^|[^[:alnum:]._%+-])' || regexp_replace(p_address, '([^[:alnum:]@])', '\\\1', 'g')
    || '(?![[:alnum:]-]|\.[[:alnum:]])', '\1erased', 'gi')
$$;
