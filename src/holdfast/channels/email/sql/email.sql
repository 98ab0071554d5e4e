-- Send, load, record and look at emails.

select create_queue('email', '{"retry_base": "60 seconds", "retry_factor": 2, "retry_cap": "4 hours",
  "max_attempts": 10, "max_age": "3 days", "lease": "60 seconds", "timeout": "3 minutes",
  "concurrency": 20, "batch": 50}');

-- Stores a message and the job that delivers it, in the caller's transaction.
--
--   p_sender      the sender of the envelope; '' for a bounce, which must not be answered
--   p_recipients  the addresses of the envelope, each once; the headers are not looked at. Domains
--                 beyond ASCII are stored in ASCII (xn--…)
--   p_message_id  the Message-ID that stands in p_raw
--   p_raw         the whole message, headers and body, at most 25 MiB; sent as it is
--   p_options     run_at, expires_at, priority, tenant, dedupe_key, dedupe_scope and revive as in
--                 `enqueue`; source, tags (at most 50) and metadata (an object of yours); on_unknown
--                 (resend, hold, verify): what becomes of it if nobody knows whether it was taken
--
-- A dedupe key that is known has no second effect: the id of the first email comes back. With another
-- sender, other recipients or another subject it is refused: that is another email.
create or replace function email_send(
  p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea,
  p_options jsonb default '{}'
) returns table (id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
begin
  p_sender := email_in_ascii(p_sender);
  p_recipients := email_all_in_ascii(p_recipients);
  perform email_check(p_sender, p_recipients, p_message_id, p_subject, p_raw);
  perform email_check_options(p_options);
  select e.id, e.duplicate into email_send.id, email_send.duplicate from email_enqueue(p_options) e;
  if not email_send.duplicate then
    perform email_store(email_send.id, p_sender, p_recipients, p_message_id, p_subject, p_raw, p_options);
  else
    perform email_check_same(email_send.id, p_sender, p_recipients, p_subject);
  end if;
  return next;
end
$$;

-- Refuses what is not the email that was sent with the same key. Its body may differ: one that is made
-- anew, by a handler that runs again, may tell another time.
create or replace function email_check_same(
  p_id uuid, p_sender text, p_recipients text[], p_subject text) returns void
language plpgsql stable
set search_path from current
as $$
begin
  if (select e.fingerprint from emails e where e.id = p_id)
     <> email_fingerprint(p_sender, p_recipients, p_subject) then
    raise exception 'email: this key was used for another email, %', p_id using errcode = 'JQ005',
      hint = 'it has another sender, other recipients or another subject: another email needs another key';
  end if;
end
$$;

create or replace function email_fingerprint(p_sender text, p_recipients text[], p_subject text)
returns bytea
language sql immutable parallel safe
set search_path from current
as $$
  select sha256(convert_to(jsonb_build_array(lower(p_sender), p_subject, array(
    select distinct lower(r) collate "C" from unnest(p_recipients) r order by 1))::text, 'UTF8'))
$$;

-- The job of an email that is about to be stored.
create or replace function email_enqueue(p_options jsonb) returns table (id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
begin
  return query
    select e.id, e.duplicate
    from enqueue_many(jsonb_build_array(
      p_options - '{source,tags,metadata,on_unknown,size,copy_of}'::text[] || jsonb_build_object(
        'queue', 'email', 'kind', 'email', 'payload', '{}'::jsonb))) e;
end
$$;

-- The two tables, filled from checked arguments. An address that is named twice gets one copy.
-- Callers of ours may add two options: `size`, if p_raw lacks its files, and `copy_of`.
create or replace function email_store(
  p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea,
  p_options jsonb
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  insert into emails (id, message_id, sender, subject, raw, size, on_unknown, copy_of, source, tenant,
                      tags, metadata, created_at, fingerprint)
  values (p_id, p_message_id, p_sender, p_subject, p_raw,
          coalesce((p_options ->> 'size')::integer, octet_length(p_raw)), p_options ->> 'on_unknown',
          (p_options ->> 'copy_of')::uuid,
          coalesce(p_options ->> 'source', 'sql'), p_options ->> 'tenant',
          array(select jsonb_array_elements_text(nullif(p_options -> 'tags', 'null'))),
          coalesce(nullif(p_options -> 'metadata', 'null'), '{}'), v_now,
          case when p_options ->> 'dedupe_key' is not null
            then email_fingerprint(p_sender, p_recipients, p_subject) end);
  insert into email_recipients (email_id, position, address, status)
  select p_id, row_number() over (order by min(r.place)), r.address, 'pending'
  from unnest(p_recipients) with ordinality r(address, place)
  group by r.address;
end
$$;

-- What can be said against a message before anything is written.
create or replace function email_check(
  p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea
) returns void
language plpgsql immutable
set search_path from current
as $$
declare
  v_bad text;
begin
  v_bad := case
    when p_sender is null then 'the sender is missing; the sender of a bounce is the empty text'
    when p_sender <> '' and email_address_fault(p_sender) is not null then
      'the sender ' || email_address_fault(p_sender)
    when coalesce(cardinality(p_recipients), 0) = 0 then 'there is no recipient'
    when cardinality(p_recipients) > 1000 then format(
      '%s recipients are too many; at most 1000 share a message', cardinality(p_recipients))
    when p_message_id is null or octet_length(p_message_id) not between 1 and 998
      or p_message_id ~ '[\x01-\x20\x7f]' then
      'message_id is the Message-ID of the message, without spaces, at most 998 bytes'
    when p_subject ~ '[\r\n]' then 'the subject has a line break'
    when p_subject ~ '[\x01-\x08\x0b-\x1f\x7f]' then 'the subject has a control character'
    when length(p_subject) > 998 then 'the subject is at most 998 characters'
    when p_raw is null or octet_length(p_raw) = 0 then 'the message is empty'
    when octet_length(p_raw) > 26214400 then format(
      'the message has %s bytes; at most 26214400 (25 MiB) are taken', octet_length(p_raw))
    else (
      select format('recipient %s %s', r.place, email_address_fault(r.address))
      from unnest(p_recipients) with ordinality r(address, place)
      where email_address_fault(r.address) is not null order by r.place limit 1)
  end;
  if v_bad is not null then
    raise exception 'email: %', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- The options that are the email's own; what is the job's is looked at by `enqueue_many`.
create or replace function email_check_options(p_options jsonb) returns void
language plpgsql stable
set search_path from current
as $$
declare
  v_known constant text[] := '{run_at,expires_at,priority,tenant,dedupe_key,dedupe_scope,revive,'
    'source,tags,metadata,on_unknown}';
  v_bad text;
begin
  v_bad := case
    when jsonb_typeof(p_options) is distinct from 'object' then 'options is a JSON object'
    when p_options - v_known <> '{}' then format('unknown option: %s. Known: %s',
      (select string_agg(left(k, 60), ', ') from jsonb_object_keys(p_options - v_known) k),
      array_to_string(v_known, ', '))
    when length(p_options ->> 'source') not between 1 and 50 then 'source is 1 to 50 characters'
    when jsonb_typeof(p_options -> 'metadata') not in ('object', 'null') then
      'metadata is a JSON object'
    when pg_column_size(p_options -> 'metadata') > 65536 then 'metadata is at most 64 KiB'
    when jsonb_typeof(p_options -> 'tags') not in ('array', 'null') then 'tags is a JSON array'
    when jsonb_typeof(p_options -> 'tags') = 'array' and (
      jsonb_array_length(p_options -> 'tags') > 50 or exists (
        select from jsonb_array_elements(p_options -> 'tags') t
        where jsonb_typeof(t) <> 'string' or length(t #>> '{}') not between 1 and 100
          or t #>> '{}' ~ '[\x01-\x1f\x7f]')) then
      'tags are at most 50 texts of 1 to 100 characters, without line breaks'
    when p_options ->> 'on_unknown' not in ('resend', 'hold', 'verify') then
      'on_unknown is resend, hold or verify'
    when concat(p_options ->> 'tenant', p_options ->> 'dedupe_key') ~ '[\x01-\x1f\x7f]' then
      'tenant and dedupe_key have no line breaks and control characters'
    when (p_options ->> 'expires_at')::timestamptz <= (p_options ->> 'run_at')::timestamptz then
      'expires_at lies before run_at, so it would never be sent'
    when (p_options ->> 'expires_at')::timestamptz <= clock() then
      'expires_at has passed, so it would never be sent'
  end;
  if v_bad is not null then
    raise exception 'email: %', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- The emails, newest first: all, or those of one state whose jobs are not forgotten yet; `email_find`
-- looks for them by more than that.
create or replace function email_list(p_limit integer default 50, p_state text default null)
returns table (
  id uuid, created_at timestamptz, status text, sender text, recipients text[], subject text,
  attempts integer, last_error text, next_attempt_at timestamptz, source text, size integer)
language plpgsql stable
set search_path from current
as $$
begin
  return query
    select f.id, f.created_at, f.status, f.sender, f.recipients, f.subject, f.attempts, f.last_error,
           f.next_attempt_at, f.source, f.size
    from email_find(jsonb_build_object('state', p_state), p_limit) f;
end
$$;

-- One email with all there is: its recipients, its attempts, its bytes.
create or replace function email_show(p_id uuid)
returns table (email jsonb, recipients jsonb, attempts jsonb, raw bytea)
language plpgsql stable
set search_path from current
as $$
begin
  return query
    select to_jsonb(q) || email_about(e),
           (select jsonb_agg(to_jsonb(r) - 'email_id' - 'position' order by r.position)
            from email_recipients r where r.email_id = p_id),
           (select coalesce(jsonb_agg(to_jsonb(a) - 'claim_token' || jsonb_build_object(
                     'answers', email_answers_between(p_id, a.claimed_at, a.settled_at))
                   order by coalesce(a.settled_at, a.claimed_at)), '[]')
            from job_attempts a where a.job_id = p_id),
           email_bytes(e.id)
    from emails e join email_queue q on q.id = e.id
    where e.id = p_id;
  if not found then
    raise exception 'no email %', p_id using errcode = 'JQ001', hint = 'see: holdfast email list';
  end if;
end
$$;

-- What was answered about each address in that time, and by whom: what failed, and what was taken.
create or replace function email_answers_between(p_id uuid, p_from timestamptz, p_to timestamptz)
returns jsonb
language sql stable
set search_path from current
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
           'address', f.address, 'provider', f.provider, 'status', f.status, 'code', f.code,
           'answer', f.answer) order by f.at, f.address), '[]')
  from (
    select n.address, n.provider, n.verdict as status, n.code, n.answer, n.at
    from email_answers n where n.email_id = p_id
    union all
    select r.address, r.provider, r.status, r.code, r.answer, r.at
    from email_recipients r
    where r.email_id = p_id and not exists (
      select from email_answers n
      where n.email_id = p_id and n.address = r.address and n.at = r.at)) f
  where f.at >= p_from and (p_to is null or f.at <= p_to)
$$;

-- Senders write; workers load and record; readers look.
create or replace function email_grants(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('grant insert on emails, email_recipients to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant select on emails, email_recipients, email_queue to %I', p_prefix || '_work');
  execute format('grant select (fingerprint) on emails to %I', p_prefix || '_enqueue');
  execute format('grant update on email_recipients to %I', p_prefix || '_work');
  execute format('grant select, insert, update, delete on email_submissions, email_answers, '
                 'email_paces to %I, %I', p_prefix || '_work', p_prefix || '_operate');
  execute format('grant delete on email_attachments to %I', p_prefix || '_work');
  execute format('grant select, insert, update, delete on email_loose_files to %I', p_prefix || '_work');
  execute format('revoke all on email_logins from %I', p_prefix || '_read');   -- no hash
  execute format('grant select (name, tenant, created_at, created_by, rotated_at, old_until, '
                 'last_used_at, disabled_at, disabled_by) on email_logins to %I', p_prefix || '_read');
  execute format('grant select, insert, update on email_logins to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_work', '{email_receive_many,email_login,email_login_used,'
    'email_login_list,email_login_add,email_login_rotate,email_login_disable,process_email_queue,'
    'email_admitted}');
  perform grant_functions(p_prefix || '_enqueue', '{email_receive_many}');
  execute format('grant insert on email_files, email_attachments to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  -- to find a file that is there already, and to hold it while it is about to be used
  execute format('grant select (hash), update (created_at) on email_files to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant select, delete on email_files to %I', p_prefix || '_work');
  execute format('grant select on email_attachments to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_read',
    '{email_plain,email_in_ascii,email_punycode,email_punycode_digit,email_punycode_bias,'
    'email_list,email_fits,email_filter,email_found_by_address,email_found_few,'
    'email_found_back,email_fitting,email_next_back,email_show,email_answers_between,email_about,'
    'email_bytes,email_base64,email_template_list,email_login_list,email_paced,email_pace_now,'
    'email_doubts,calculate_email_retry_time,next_attempt_at,wished,backoff}');
  perform grant_functions(p_prefix || '_enqueue',
    '{email_send,email_send_files,email_check_same,email_fingerprint,email_enqueue,email_store,email_check,email_check_options,'
    'email_check_files,email_keep_file,email_base64,email_is_address,email_address_fault,'
    'email_in_ascii,email_all_in_ascii,email_plain,email_punycode,email_punycode_digit,'
    'email_punycode_bias}');
  perform grant_functions(p_prefix || '_work',
    '{email_send,email_check_same,email_fingerprint,email_store,email_check,email_check_options,email_is_address,email_pending,'
    'email_address_fault,email_in_ascii,email_all_in_ascii,email_plain,email_punycode,'
    'email_punycode_digit,email_punycode_bias,'
    'email_refusals,email_load,email_submit,email_record,email_finish,email_doubts,email_set_pace,'
    'email_pace_now,email_paced,email_admit,email_pace_policy,email_slow_down,email_list,email_show,email_answers_between,'
    'calculate_email_retry_time,get_email_queue_batch,email_settle_moot,email_files_prune,email_detach,email_about,'
    'email_bytes,email_send_files,email_enqueue,email_check_files,email_keep_file,email_base64,'
    'email_record_all,email_mark,mark_email_sent,mark_email_failed,email_find,email_named,email_fits,email_filter,'
    'email_found_by_address,email_found_few,email_found_back,email_fitting,email_next_back}');
end
$$;
