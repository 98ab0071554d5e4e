-- Keeping: how long the bytes of an email and what is known of it are kept, and how one address is
-- erased. An email that is still to go out, is held, or is a dead letter is never touched by age.

-- What any worker does every few seconds; the one who comes first does it. It goes on while there is
-- more, for two seconds at most, so that what is kept does not grow however much is sent.
create or replace function email_upkeep_step() returns void
language plpgsql
set search_path from current
as $$
declare
  v_end timestamptz := clock_timestamp() + interval '2 seconds';   -- how long it takes, whatever the time
  v_more boolean := is_due('email.upkeep', interval '10 seconds');
begin
  while v_more and clock_timestamp() < v_end loop
    v_more := email_match_feedback(500) >= 500;
    v_more := email_drop_bodies(200) = 200 or v_more;
    v_more := email_forget(500) = 500 or v_more;
    v_more := email_files_prune(100) = 100 or v_more;
  end loop;
end
$$;

-- Whether an email has ended, and before that moment: nobody is to send it, nobody may replay it.
create or replace function email_ended_before(p_id uuid, p_moment timestamptz) returns boolean
language sql stable
set search_path from current
as $$
  select not exists (select from jobs j where j.id = p_id
                     and (j.state in ('ready', 'leased', 'held', 'dead') or j.ended_at >= p_moment))
     and not exists (select from email_recipients r where r.email_id = p_id and r.at >= p_moment)
$$;

-- The oldest emails that ended before that moment, locked for the caller: of those with a body, or
-- without. It goes on where the pass before came to, until a bite is found or fifty bites are looked at:
-- however many have to stay, they do not keep the others from going. When the end is reached the next
-- round begins: at once where a bite or less stays, else an hour after the round before.
create or replace function email_next_ended(
  p_task text, p_before timestamptz, p_now timestamptz, p_limit integer) returns uuid[]
language plpgsql
set search_path from current
as $$
declare
  v_place email_looked_through;
  v record;
  v_ids uuid[] := '{}';
begin
  select * into v_place from email_looked_through where task = p_task for update;
  if not found then
    v_place := row(p_task, '-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid, 0,
                   p_now);
  end if;
  for i in 1 .. 50 loop
    select * into v from email_look_on(p_task, p_before, v_place.at, v_place.email,
                                       p_limit - cardinality(v_ids));
    v_ids := v_ids || v.ended;
    v_place.kept := v_place.kept + cardinality(v.looked) - cardinality(v.ended);
    v_place.at := coalesce(v.last_at, v_place.at);
    v_place.email := coalesce(v.looked[cardinality(v.looked)], v_place.email);
    exit when cardinality(v_ids) >= p_limit or v.last_at is null;
  end loop;
  if v.last_at is null and (v_place.kept <= p_limit
      or p_now not between v_place.began_at and v_place.began_at + interval '1 hour') then
    delete from email_looked_through where task = p_task;
  elsif v_place.kept > 0 or v_ids <> '{}' then
    insert into email_looked_through as p (task, at, email, kept, began_at) select v_place.*
    on conflict (task) do update set at = excluded.at, email = excluded.email, kept = excluded.kept
      where (p.at, p.email) is distinct from (excluded.at, excluded.email);
  end if;
  return v_ids;
end
$$;

-- The next old emails, and those of them that have ended and nobody has locked.
create or replace function email_look_on(
  p_task text, p_before timestamptz, p_at timestamptz, p_email uuid, p_limit integer,
  out looked uuid[], out ended uuid[], out last_at timestamptz)
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set jit = off
as $$
begin
  if p_task = 'bodies' then
    select array_agg(n.id), max(n.created_at) into looked, last_at from (
      select e.id, e.created_at from emails e
      where e.body_gone_at is null and e.created_at < p_before
        and e.created_at >= p_at and (e.created_at, e.id) > (p_at, p_email)
      order by e.created_at, e.id limit p_limit) n;
  else
    select array_agg(n.id), max(n.created_at) into looked, last_at from (
      select e.id, e.created_at from emails e
      where e.body_gone_at is not null and e.created_at < p_before
        and e.created_at >= p_at and (e.created_at, e.id) > (p_at, p_email)
      order by e.created_at, e.id limit p_limit) n;
  end if;
  looked := coalesce(looked, '{}');
  ended := array(
    select e.id from emails e
    where e.id = any (array(select i from unnest(looked) i where email_ended_before(i, p_before)))
    for update skip locked);
end
$$;

-- Takes the bytes out of emails that ended that long ago, a bite at a time. A few words stand in their
-- place, and the moment in body_gone_at. Returns how many.
create or replace function email_drop_bodies(p_limit integer default 200) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_before timestamptz;
  v_ids uuid[];
begin
  select v_now - k.bodies into v_before from email_keeping k;
  v_ids := email_next_ended('bodies', v_before, v_now, p_limit);
  perform email_take_out(v_ids, v_now);
  return cardinality(v_ids);
end
$$;

-- The bytes of these emails go, with what they have of files.
create or replace function email_take_out(p_ids uuid[], p_now timestamptz) returns void
language sql
set search_path from current
as $$
  select email_detach(p_ids);
  update emails set raw = email_body_gone(), size = octet_length(email_body_gone()), body_gone_at = p_now,
                    fingerprint = null
  where id = any (p_ids);
$$;

create or replace function email_body_gone() returns bytea
language sql immutable parallel safe
set search_path from current
as $$
  select convert_to(E'\r\nThe body was taken out: it was older than it is kept, or erased.\r\n', 'UTF8')
$$;

-- Forgets emails that ended that long ago: their rows, recipients and feedback, a bite at a time; and
-- feedback that meant no email of ours. Who is suppressed stays so. Returns how many emails went.
create or replace function email_forget(p_limit integer default 500) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there was little, it would read all of it later
set enable_bitmapscan = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_before timestamptz;
  v_ids uuid[];
begin
  select v_now - k.metadata into v_before from email_keeping k;
  v_ids := email_next_ended('metadata', v_before, v_now, p_limit);
  delete from email_events where email_id = any (v_ids);
  delete from email_recipients where email_id = any (v_ids);
  perform email_detach(v_ids);
  delete from email_answers where email_id = any (v_ids);
  delete from email_submissions where email_id = any (v_ids);
  delete from emails where id = any (v_ids);
  delete from email_events n where n.ctid = any (array(
    select o.ctid from email_events o
    where o.email_id is null and o.stored_at < v_before
    order by o.stored_at limit p_limit for update skip locked));
  return cardinality(v_ids);
end
$$;

-- How long things are kept now.
create or replace function email_keeping_now(
  out bodies interval, out metadata interval, out bounces interval)
language sql stable
set search_path from current
as $$
  select k.bodies, k.metadata, k.bounces from email_keeping k
$$;

-- Changes it: an object with bodies, metadata (as long or longer) and bounces (how long a dead mailbox
-- is suppressed; null: until somebody removes it), each an interval such as "30 days".
create or replace function email_keep(p_settings jsonb, p_by text, p_why text default null)
returns void
language plpgsql
set search_path from current
as $$
begin
  if jsonb_typeof(p_settings) is distinct from 'object'
     or p_settings - '{bodies,metadata,bounces}'::text[] <> '{}' then
    raise exception 'keeping: an object with bodies, metadata and bounces is needed'
      using errcode = 'JQ005';
  end if;
  begin
    update email_keeping k set
      bodies = coalesce((p_settings ->> 'bodies')::interval, k.bodies),
      metadata = coalesce((p_settings ->> 'metadata')::interval, k.metadata),
      bounces = case when p_settings ? 'bounces' then (p_settings ->> 'bounces')::interval
                     else k.bounces end;
  exception when check_violation then
    raise exception 'keeping: bodies is 0 to 36500 days, metadata as long or longer, bounces above 0'
      using errcode = 'JQ005';
  when invalid_datetime_format or interval_field_overflow or datetime_field_overflow then
    raise exception 'keeping: an interval looks like "30 days"' using errcode = 'JQ005';
  end;
  perform record_operation('keep emails', p_by, p_why, p_settings, 1);
end
$$;
