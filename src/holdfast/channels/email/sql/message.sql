-- What a person does with one email: look at it, cancel it, send it again. And the templates.

-- What stands in no column of email_queue: the emails it is linked with, and what comes next.
create or replace function email_about(p_email emails) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_job jobs;
  v_next jsonb;
begin
  select * into v_job from jobs j where j.id = p_email.id;
  if found then
    v_next := explain(p_email.id);
  end if;
  return jsonb_build_object(
    'copy_of', p_email.copy_of,
    'copies', (select coalesce(jsonb_agg(c.id order by c.id), '[]') from emails c
               where c.copy_of = p_email.id),
    'on_unknown', p_email.on_unknown,
    'expires_at', v_job.expires_at,
    'next', coalesce(v_next ->> 'because', 'its job is forgotten; the recipients tell what became of it'),
    'rule', v_next ->> 'rule',
    'until', v_next ->> 'until');
end
$$;

-- Ends an email that waits. One that is being sent at this moment cannot be called back, and neither
-- can what some recipients have already: the answer says so.
create or replace function email_cancel(p_id uuid, p_who text, p_why text default null)
returns table (state text, delivered integer, pending integer)
language plpgsql
set search_path from current
as $$
declare
  v_job job := email_take_job(p_id, 'cancel');
begin
  perform record_operation('cancel', p_who, p_why, jsonb_build_object('id', p_id), 1);
  state := finish(v_job, 'cancelled', 'cancelled by ' || p_who || coalesce(': ' || p_why, ''), clock());
  select count(*) filter (where r.status in ('delivered', 'captured')),
         count(*) filter (where r.status = 'pending')
  into delivered, pending
  from email_recipients r where r.email_id = p_id;
  return next;
end
$$;

-- Lets an email that waits be sent at another time, sooner or later; null: now. Not one that is held, and
-- not one of which nobody knows whether it was taken: it may be there. For later it is as new then, so
-- that who refused it is asked once more. Returns the time.
create or replace function email_reschedule(
  p_id uuid, p_at timestamptz, p_who text, p_why text default null) returns timestamptz
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_at timestamptz := greatest(coalesce(p_at, v_now), v_now);
  v_job job;
begin
  if v_at >= '10000-01-01 00:00+00' then
    raise exception 'email: a time before the year 10000 is needed' using errcode = 'JQ005';
  end if;
  perform from deferred_jobs d where d.id = p_id and d.waits_for = 'person' for update;
  if found then
    raise exception 'email % is held: a person has to let it go on', p_id using errcode = 'JQ003',
      hint = 'holdfast jobs unhold ' || p_id;
  elsif exists (select from email_submissions s where s.email_id = p_id) then
    raise exception 'email % may have been taken already: nobody knows yet', p_id
      using errcode = 'JQ003', hint = 'its next attempt finds out';
  end if;
  v_job := email_take_job(p_id, 'reschedule');
  if v_job.expires_at <= v_at then
    raise exception 'email: it expires at %, so it would never be sent', v_job.expires_at
      using errcode = 'JQ005';
  end if;
  v_job.run_at := v_at;
  if v_at > v_now then
    v_job.enqueued_at := v_at;   -- as old as its time, or max_age would leave it no retry
  end if;
  perform let_run(v_job, 'rescheduled by ' || p_who || coalesce(': ' || p_why, ''));
  perform record_operation('reschedule', p_who, p_why, jsonb_build_object('id', p_id, 'at', v_at), 1);
  return v_at;
end
$$;

-- Takes the job of an email that waits out of its table, or says why that is too late.
create or replace function email_take_job(p_id uuid, p_what text) returns job
language plpgsql
set search_path from current
as $$
declare
  v record;
  v_state text;
begin
  if not exists (select from emails e where e.id = p_id) then
    raise exception 'no email %', p_id using errcode = 'JQ001', hint = 'see: holdfast email list';
  end if;
  perform make_durable();
  select * into v from take_job(p_id, false);
  return v.job;
exception when sqlstate 'JQ001' or sqlstate 'JQ003' then
  v_state := (select q.status from email_queue q where q.id = p_id);
  if v_state is null then
    raise;
  elsif v_state = 'leased' then
    raise exception 'email % is being sent right now, and cannot be called back', p_id
      using errcode = 'JQ003', hint = format('look again in a moment: if this attempt fails, you can %s it', p_what);
  end if;
  raise exception 'email % is % already: there is nothing to %', p_id, v_state, p_what
    using errcode = 'JQ003';
end
$$;

-- Sends an email again, as a new one that is linked with it: select email_resend('<id>',
-- '{"to": ["ann@example.com"], "who": "bo"}'). The new one says what the first one said, with a
-- Message-ID and a Date of its own, and the first one's Message-ID in References: with the old
-- Message-ID a mailbox that has the first one, or hides it, would drop the second unseen.
--
--   to            to these addresses alone; default to everyone who was to get the first one, but for
--                 who was erased
--   message_id, unsubscribe   the new Message-ID and a link of the new recipient's to unsubscribe (URL)
--   who, why      for the record
--   run_at, expires_at, priority, dedupe_key   as in email_send
--
-- An email that is still on its way goes to other addresses only. To others it goes without the
-- List-Unsubscribe of the first one: the link in there is the first one's, who would be unsubscribed.
create or replace function email_resend(p_id uuid, p_options jsonb default '{}')
returns table (id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
declare
  v_old emails;
  v_to text[];
  v_message_id text;
  v_raw bytea;
  v_more jsonb;
begin
  v_old := email_to_resend(p_id, p_options);
  v_to := case when jsonb_typeof(p_options -> 'to') = 'array'
            then email_all_in_ascii(array(select jsonb_array_elements_text(p_options -> 'to')))
            else array(select r.address from email_recipients r where r.email_id = p_id
                         and r.address not like 'erased:%' order by r.position) end;
  v_message_id := coalesce(p_options ->> 'message_id', (select a.message_id from email_again(p_id) a));
  v_raw := email_raw_again(v_old.raw, v_old.message_id, v_message_id, clock(),
    p_options ->> 'unsubscribe', exists (
      select from unnest(v_to) t(address) where lower(t.address) not in (
        select lower(r.address) from email_recipients r where r.email_id = p_id)));
  v_more := (p_options - '{to,message_id,unsubscribe,who,why}'::text[]) || jsonb_strip_nulls(jsonb_build_object(
    'tenant', v_old.tenant, 'source', 'resend', 'tags', to_jsonb(v_old.tags),
    'on_unknown', v_old.on_unknown, 'dedupe_scope', v_old.tenant))
    || jsonb_build_object('metadata', v_old.metadata);
  perform email_check(v_old.sender, v_to, v_message_id, v_old.subject, v_raw);
  perform email_check_options(v_more);
  select e.id, e.duplicate into email_resend.id, email_resend.duplicate from email_enqueue(v_more) e;
  if not email_resend.duplicate then
    perform email_store(email_resend.id, v_old.sender, v_to, v_message_id, v_old.subject, v_raw,
      v_more || jsonb_build_object('copy_of', p_id, 'size',
        v_old.size + octet_length(v_raw) - octet_length(v_old.raw)));
    insert into email_attachments (email_id, position, place, hash)
    select email_resend.id, a.position, a.place + octet_length(v_raw) - octet_length(v_old.raw), a.hash
    from email_attachments a where a.email_id = p_id;
    perform record_operation('resend', coalesce(p_options ->> 'who', current_user),
      p_options ->> 'why', jsonb_build_object('id', p_id, 'copy', email_resend.id), 1);
  else
    perform email_check_same(email_resend.id, v_old.sender, v_to, v_old.subject);
  end if;
  return next;
end
$$;

-- What an email would go under once more: a Message-ID of the same domain, and where it offers to
-- unsubscribe, the list and the tenant for a new link.
create or replace function email_again(p_id uuid)
returns table (message_id text, list text, tenant text)
language sql volatile
set search_path from current
as $$
  select format('<%s@%s>', new_id(),
           coalesce(substring(e.message_id from '@([A-Za-z0-9.-]+)>$'), 'holdfast.local')),
         case when position('List-Unsubscribe-Post:'::bytea in e.raw) > 0 then email_list_of(e.tags) end,
         coalesce(e.tenant, '')
  from emails e where e.id = p_id
$$;

-- The email that is to be sent again, if it may be.
create or replace function email_to_resend(p_id uuid, p_options jsonb) returns emails
language plpgsql
set search_path from current
as $$
declare
  v_known constant text[] := '{to,message_id,unsubscribe,who,why,run_at,expires_at,priority,'
    'dedupe_key}';
  v_email emails;
  v_state text;
begin
  if jsonb_typeof(p_options) is distinct from 'object' or p_options - v_known <> '{}' then
    raise exception 'email: options is a JSON object; known are %', array_to_string(v_known, ', ')
      using errcode = 'JQ005';
  elsif jsonb_typeof(p_options -> 'to') not in ('array', 'null') then
    raise exception 'email: to is a JSON array of addresses' using errcode = 'JQ005';
  elsif p_options ->> 'unsubscribe' !~ '^https?://[!-;=?-~]+$'
    or length(p_options ->> 'unsubscribe') > 900 then
    raise exception 'email: unsubscribe is a URL' using errcode = 'JQ005';
  end if;
  select * into v_email from emails e where e.id = p_id;
  if not found then
    raise exception 'no email %', p_id using errcode = 'JQ001', hint = 'see: holdfast email list';
  end if;
  -- its files stay, whatever becomes of the first email meanwhile
  perform from email_files f where f.hash in (
    select a.hash from email_attachments a where a.email_id = p_id) for key share;
  v_state := (select j.state from jobs j where j.id = p_id);
  if v_state in ('ready', 'leased') and jsonb_typeof(p_options -> 'to') is distinct from 'array' then
    raise exception 'email % is still on its way (%): its recipients would get it twice', p_id, v_state
      using errcode = 'JQ003', hint = 'wait for it, cancel it, or say to whom else';
  end if;
  return v_email;
end
$$;

-- The bytes with another Message-ID, another Date, and the first Message-ID as the last of References;
-- for others without List-Unsubscribe, or with another link. Bytes beyond ASCII and NUL travel through text in the escape format, unchanged.
create or replace function email_raw_again(
  p_raw bytea, p_old_id text, p_new_id text, p_now timestamptz, p_link text default null,
  p_for_others boolean default false
) returns bytea
language plpgsql immutable
set search_path from current
as $$
declare
  v_end integer := coalesce(least(nullif(position('\x0d0a0d0a'::bytea in p_raw), 0),
                                  nullif(position('\x0a0a'::bytea in p_raw), 0)),
                            octet_length(p_raw) + 1);
  v_head text := encode(substring(p_raw for v_end - 1), 'escape');
  v_folded constant text := '[ \t]*:[^\n]*(\n[ \t][^\n]*)*';
  v_own constant text := 'message-id|date' || case when p_for_others or p_link is not null
                                               then '|list-unsubscribe(-post)?' else '' end;
  v_date text := to_char(p_now at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS') || ' +0000';
begin
  v_head := regexp_replace(E'\n' || v_head || E'\r\n', '\n(' || v_own || ')' || v_folded, '', 'gi');
  if v_head ~* ('\nreferences' || v_folded) then
    v_head := regexp_replace(v_head, '(\nreferences[ \t]*:[^\n]*(\n[ \t][^\n]*)*)\n',
                             E'\\1\n ' || replace(p_old_id, '\', '\\') || E'\r\n', 'i');
  else
    v_head := v_head || 'References: ' || p_old_id || E'\r\n';
  end if;
  v_head := format(E'Message-ID: %s\r\nDate: %s\r\n', p_new_id, v_date) || ltrim(v_head, E'\r\n');
  if p_link is not null then
    v_head := format(E'List-Unsubscribe: <%s>\r\n', p_link)
           || E'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' || v_head;
  end if;
  return decode(rtrim(v_head, E'\r\n'), 'escape') || substring(p_raw from v_end);
end
$$;

-- Puts a template's part, or all of it (p_source null deletes). The default locale is the empty text.
create or replace function email_template_put(
  p_name text, p_locale text, p_part text, p_source text, p_who text
) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  if p_name !~ '^[a-z0-9_][a-z0-9_-]{0,99}$' or p_part not in ('subject', 'txt', 'html')
    or p_locale !~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$' or octet_length(p_source) > 262144
    or num_nulls(p_name, p_locale, p_part, p_source, p_who) > 0 then
    raise exception 'email: a template has a name of a-z, 0-9, - and _, a locale such as de or de-AT, '
      'a part (subject, txt or html) and a source of at most 256 KiB' using errcode = 'JQ005';
  end if;
  insert into email_templates (name, locale, part, source, updated_at, updated_by)
  values (p_name, p_locale, p_part, p_source, v_now, p_who)
  on conflict (name, locale, part) do update
  set source = excluded.source, updated_at = excluded.updated_at, updated_by = excluded.updated_by;
  perform record_operation('put template', p_who, null,
    jsonb_build_object('name', p_name, 'locale', p_locale, 'part', p_part), 1);
  return true;
end
$$;

-- Deletes a template, or its texts of one locale; returns how many texts there were.
create or replace function email_template_delete(p_name text, p_locale text, p_who text)
returns integer
language plpgsql
set search_path from current
as $$
declare
  v_rows integer;
begin
  delete from email_templates t
  where t.name = p_name and (p_locale is null or t.locale = p_locale);
  get diagnostics v_rows = row_count;
  perform record_operation('delete template', p_who, null,
    jsonb_build_object('name', p_name, 'locale', p_locale), v_rows);
  return v_rows;
end
$$;

-- The texts of one template and of those that begin with _ (which it may extend and include), or all.
create or replace function email_template_list(p_name text default null)
returns table (name text, locale text, part text, source text, updated_at timestamptz,
               updated_by text)
language sql stable
set search_path from current
as $$
  select t.name, t.locale, t.part, t.source, t.updated_at, t.updated_by from email_templates t
  where p_name is null or t.name = p_name or t.name like '\_%'
  order by t.name, t.locale, t.part
$$;
