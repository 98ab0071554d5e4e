-- Pauses: a source, or types of it, whose events are stored and not handled. Their jobs are held when a
-- worker comes to them, with all their attempts, and go on when the pause is over.

-- Until that time, or until a person resumes it.
create or replace function webhook_pause(
  p_source text, p_pattern text, p_who text, p_why text default null, p_until timestamptz default null)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_pause webhook_pauses;
begin
  if coalesce(btrim(p_source), '') = '' or coalesce(btrim(p_pattern), '') = ''
     or length(p_pattern) > 200 then
    raise exception 'a pause names a source and a type of up to 200 characters, or * for all types'
      using errcode = 'JQ005';
  end if;
  if p_until <= v_now then
    raise exception 'a pause until %: that is over', p_until using errcode = 'JQ005';
  end if;
  perform record_operation('pause source', p_who, p_why, jsonb_strip_nulls(
    jsonb_build_object('source', p_source, 'type', p_pattern, 'until', p_until)), 1);
  insert into webhook_pauses (source, pattern, paused_at, paused_by, why, ends_at)
  values (p_source, p_pattern, v_now, p_who, p_why, p_until)
  on conflict (source, pattern) do update
    set paused_at = excluded.paused_at, paused_by = excluded.paused_by, why = excluded.why,
        ends_at = excluded.ends_at, resumed_at = null
  returning * into v_pause;
  perform raise_alert(webhook_pause_key(v_pause), webhook_paused(v_pause)
    || '. What comes is stored, and its jobs are held', to_jsonb(v_pause));
end
$$;

-- Lets it go on: this pause, or all of the source. Returns how many jobs went on at once; of very many the
-- others follow with the upkeep.
create or replace function webhook_resume(
  p_source text, p_pattern text, p_who text, p_why text default null) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_pause webhook_pauses;
  v_count integer := 0;
begin
  for v_pause in
    update webhook_pauses set resumed_at = v_now
    where source = p_source and (p_pattern is null or pattern = p_pattern) and resumed_at is null
    returning *
  loop
    v_count := v_count + 1;
    perform clear_alert(webhook_pause_key(v_pause));
  end loop;
  if v_count = 0 then
    raise exception 'nothing of "%" is paused%', left(p_source, 100),
      coalesce(' as ' || left(p_pattern, 100), '') using errcode = 'JQ003', hint = coalesce(
        (select 'paused: ' || string_agg(source || ' ' || pattern, ', ' order by source, pattern)
         from webhook_pauses where resumed_at is null), 'no source is paused');
  end if;
  perform record_operation('resume source', p_who, p_why,
                           jsonb_build_object('source', p_source, 'type', p_pattern), v_count);
  return webhook_go_on(10000);
end
$$;

-- Pauses whose time is over end.
create or replace function webhook_end_pauses() returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_pause webhook_pauses;
begin
  for v_pause in
    update webhook_pauses set resumed_at = v_now
    where resumed_at is null and ends_at <= v_now returning *
  loop
    perform clear_alert(webhook_pause_key(v_pause));
  end loop;
end
$$;

-- Lets go what was held by pauses that are over; likewise what a worker held in that moment. They are found
-- by the beginning of their reason, which ends in a space. What is busy follows with the next call. Returns
-- how many went on.
create or replace function webhook_go_on(p_limit integer default 1000) returns integer
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off   -- planned while nothing was held, it would read all of it later
set enable_sort = off
set jit = off
as $$
declare
  v_over text;
  v_id uuid;
  v_count integer := 0;
begin
  for v_over in
    select webhook_paused(p, true) from webhook_pauses p
    where p.resumed_at > clock() - interval '1 hour'
  loop
    for v_id in
      select d.id from deferred_jobs d
      where d.waits_for = 'person' and d.kind ^@ 'webhook:'
        and left(d.because, 300) collate "C" >= v_over
        and left(d.because, 300) collate "C" < rtrim(v_over) || '!'
      order by left(d.because, 300) collate "C" limit p_limit - v_count for update skip locked
    loop
      v_count := v_count + let_go_if_free(v_id)::integer;
    end loop;
  end loop;
  return v_count;
end
$$;

-- In words; only their beginning is the same for each pause of the same.
create or replace function webhook_paused(p_pause webhook_pauses, p_beginning boolean default false)
returns text
language sql stable
set search_path from current
as $$
  select format('%s %s is paused by ', p_pause.source, p_pause.pattern)
    || case when p_beginning then '' else format('%s%s; it goes on %swith: holdfast webhooks resume %s',
         p_pause.paused_by, coalesce(': ' || p_pause.why, ''), coalesce(
           to_char(p_pause.ends_at at time zone 'UTC', '"at "YYYY-MM-DD HH24:MI" UTC, or "'), ''),
         p_pause.source) end
$$;

create or replace function webhook_pause_key(p_pause webhook_pauses) returns text
language sql stable
set search_path from current
as $$
  select format('webhooks.paused:%s %s', p_pause.source, p_pause.pattern)
$$;

-- What is paused.
create or replace function webhook_pause_list() returns setof webhook_pauses
language sql stable
set search_path from current
as $$
  select * from webhook_pauses
  where resumed_at is null and coalesce(ends_at > clock(), true) order by source, pattern
$$;
