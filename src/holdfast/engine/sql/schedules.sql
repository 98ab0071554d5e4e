-- Schedules: make one, see what comes, take the ticks that are due.
--
-- Anybody may call tick_schedules at any time, together with anybody else: a worker does when a tick is
-- due (next_tick_in), pg_cron or a shell can. A tick's row is written once; its job is enqueued in the
-- same transaction.

-- Makes a schedule, or changes it; what people paused stays paused.
--   {"cron": "30 3 * * mon-fri", "timezone": "Europe/Berlin"} or {"every": "5 minutes"}, and
--   "job": {"queue", "kind", "payload", …} as enqueue_many takes it, and, if you like, "catch_up".
create or replace function set_schedule(
  p_name text, p_options jsonb, p_who text default null, p_why text default null
) returns timestamptz
language plpgsql
set search_path from current
as $$
declare
  v_old schedules;
  v_new schedules;
  v_changed jsonb;
  v_now timestamptz := clock();
  v_cron text := p_options ->> 'cron';
  v_every interval;
  v_zone text := coalesce(p_options ->> 'timezone', 'UTC');
  v_catch_up text := coalesce(p_options ->> 'catch_up', 'one');
  v_next timestamptz;
begin
  perform check_schedule(p_name, p_options);
  v_every := every_or_error(p_options ->> 'every');
  select * into v_old from schedules s where s.name = p_name for update;
  v_next := next_tick_of(v_cron, v_every, v_zone, v_now, v_now);
  insert into schedules as s (name, cron, every, timezone, job, catch_up, next_at, created_at)
  values (p_name, v_cron, v_every, v_zone, p_options -> 'job', v_catch_up, v_next, v_now)
  on conflict (name) do update set
    cron = excluded.cron, every = excluded.every, timezone = excluded.timezone, job = excluded.job,
    catch_up = excluded.catch_up, last_error = null, retry_at = null,
    -- the rhythm goes on where only the job has changed; else it begins now, after the tick that is due
    created_at = case when is_rhythm(s, excluded.cron, excluded.every, excluded.timezone)
                      then s.created_at else excluded.created_at end,
    next_at = case when is_rhythm(s, excluded.cron, excluded.every, excluded.timezone)
                        or s.next_at <= v_now and s.paused_at is null
                   then s.next_at else excluded.next_at end
  returning * into v_new;
  v_changed := differences(
    coalesce(to_jsonb(v_old), to_jsonb(jsonb_populate_record(null::schedules, '{}'))),
    to_jsonb(v_new) - '{name,next_at,created_at,last_error,retry_at}'::text[]);
  if v_changed <> '{}' then
    perform record_operation('set', coalesce(p_who, session_user), p_why,
                             jsonb_build_object('schedule', p_name, 'changed', v_changed), 1);
  end if;
  return v_new.next_at;
end
$$;

create or replace function is_rhythm(
  p_schedule schedules, p_cron text, p_every interval, p_timezone text) returns boolean
language sql immutable
set search_path from current
as $$
  select (p_schedule.cron, p_schedule.every, p_schedule.timezone) is not distinct from
         (p_cron, p_every, p_timezone)
$$;

create or replace function check_schedule(p_name text, p_options jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
  v_bad text := case
    when coalesce(p_name, '') !~ '^[a-z][a-z0-9_.:-]{0,99}$' then
      'a schedule''s name is 1 to 100 of a-z 0-9 _ . : - and begins with a letter'
    when jsonb_typeof(p_options) is distinct from 'object'
         or p_options - '{cron,every,timezone,job,catch_up}'::text[] <> '{}' then
      'a schedule is an object with job, cron or every and, if you like, timezone and catch_up'
    when (p_options ->> 'cron' is null) = (p_options ->> 'every' is null) then
      'a schedule has either cron or every'
    when p_options ->> 'every' is not null and coalesce(p_options ->> 'timezone', 'UTC') <> 'UTC' then
      'a timezone is for cron: every is a time between ticks, the same everywhere'
    when coalesce(p_options ->> 'catch_up', 'one') not in ('one', 'all', 'none') then
      'catch_up is one, all or none'
    when jsonb_typeof(p_options -> 'job') is distinct from 'object' then
      'job is an object with queue and kind'
    when jsonb_typeof(p_options -> 'job' -> 'payload') <> 'object' then
      'the payload of a scheduled job is an object: its tick is put into it'
    when p_options -> 'job' ?| '{id,run_at,dedupe_key}' then
      'a scheduled job has no id, run_at or dedupe_key: its tick gives it all of them' end;
begin
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
  perform check_jobs(jsonb_build_array(p_options -> 'job'));
end
$$;

-- The time between ticks. A month or a year is of no fixed length, and would be taken for thirty days.
create or replace function every_or_error(p_every text) returns interval
language plpgsql stable
set search_path from current
as $$
declare
  v_every interval := read_interval(p_every);
begin
  if not (v_every between '1 second' and '366 days' and extract(months from v_every) = 0
          and extract(years from v_every) = 0) then
    raise exception 'every is 1 second to 366 days, without months or years, not "%"', left(p_every, 100)
      using errcode = 'JQ005',
      hint = 'for example 30 seconds, 5 minutes or 1 day; for each month: cron 0 3 1 * *';
  end if;
  return v_every;
end
$$;

-- The interval that a text says. One that cannot be read is 0, which is refused wherever one is asked for.
create or replace function read_interval(p_text text) returns interval
language plpgsql stable
set search_path from current
as $$
begin
  return p_text::interval;
exception when data_exception then return '0';
end
$$;

-- The first tick after a moment. Intervals keep to the grid that began when the schedule was made.
create or replace function next_tick_of(
  p_cron text, p_every interval, p_timezone text, p_from timestamptz, p_after timestamptz
) returns timestamptz
language sql stable
set search_path from current
as $$
  select case when p_cron is not null then cron_next(p_cron, p_after, p_timezone)
    else p_from + make_interval(secs => (e.step * (floor(
           extract(epoch from p_after - p_from) / e.step) + 1))::double precision) end
  from (select extract(epoch from p_every) as step) e
$$;

-- Takes every tick that is due and enqueues its job. Returns the jobs. They go in the order in which
-- everybody takes ordering keys; those of a key that somebody has just now stay due, and hold up no
-- others.
create or replace function tick_schedules(p_limit integer default 100)
returns table (schedule text, tick timestamptz, job_id uuid)
language plpgsql
set search_path from current
set lock_timeout = '100ms'
as $$
declare
  v_now timestamptz := clock();
  v_schedule schedules;
  v_busy jsonb := '{}';
begin
  for v_schedule in
    select * from schedules s
    where s.name = any (array(
      select d.name from schedules d
      where d.next_at <= v_now and d.paused_at is null and coalesce(d.retry_at <= v_now, true)
      order by d.next_at limit p_limit for update skip locked))
    order by s.job ->> 'queue', s.job ->> 'ordering_key', s.next_at for update   -- as it is by now
  loop
    continue when v_busy @> jsonb_build_object('queue', v_schedule.job -> 'queue',
                                               'ordering_key', v_schedule.job -> 'ordering_key');
    begin
      return query select v_schedule.name, t.tick, t.job_id from take_ticks(v_schedule, v_now) t;
    exception
      when lock_not_available then v_busy := v_schedule.job;
      when others then   -- its queue is gone, say: that must not stop the others
        update schedules set last_error = left(sqlerrm, 500), retry_at = v_now + interval '15 seconds'
        where name = v_schedule.name;
    end;
  end loop;
end
$$;

-- In how many seconds the next tick is due, below 0 if it should have been; null if none is within that
-- time.
create or replace function next_tick_in(p_within interval) returns double precision
language plpgsql stable
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  return (select extract(epoch from min(greatest(s.next_at, s.retry_at)) - v_now) from schedules s
          where s.next_at <= v_now + p_within and s.paused_at is null
            and coalesce(s.retry_at <= v_now + p_within, true));
end
$$;

-- The ticks of one schedule that are due, by its catch_up, and when it is due again.
create or replace function take_ticks(p_schedule schedules, p_now timestamptz)
returns table (tick timestamptz, job_id uuid)
language plpgsql
set search_path from current
as $$
declare
  s schedules := p_schedule;
  v_tick timestamptz := s.next_at;
  v_next timestamptz;
  v_taken integer := 0;
begin
  loop
    v_next := next_tick_of(s.cron, s.every, s.timezone, s.created_at,
      case when s.catch_up = 'all' then greatest(v_tick, s.created_at) else p_now end);
    if s.catch_up <> 'none' or p_now - v_tick < interval '1 minute' then
      job_id := new_id();
      insert into schedule_ticks (schedule, tick, job_id, at) values (s.name, v_tick, job_id, p_now)
      on conflict do nothing;
      if found then
        perform enqueue_many(jsonb_build_array(s.job || jsonb_build_object('id', job_id,
          'payload', coalesce(s.job -> 'payload', '{}') || jsonb_build_object('tick', v_tick))));
        tick := v_tick;
        return next;
      end if;
    end if;
    v_taken := v_taken + 1;
    v_tick := v_next;
    exit when v_next > p_now or v_taken >= 1000;
  end loop;
  update schedules set next_at = v_next, last_at = p_now, last_error = null, retry_at = null
  where name = s.name;
end
$$;

-- A job of the schedule now, beside its ticks.
create or replace function run_schedule(p_name text, p_who text, p_why text default null) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_schedule schedules := schedule_named(p_name);
  v_id uuid;
begin
  select e.id into v_id from enqueue_many(jsonb_build_array(v_schedule.job || jsonb_build_object(
    'payload', coalesce(v_schedule.job -> 'payload', '{}') || jsonb_build_object('tick', clock())))) e;
  perform record_operation('run', p_who, p_why, jsonb_build_object('schedule', p_name, 'job', v_id), 1);
  return v_id;
end
$$;

-- No ticks until it is resumed; the jobs that it has made go on. No such schedule: JQ001.
create or replace function pause_schedule(p_name text, p_who text, p_why text default null)
returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform schedule_named(p_name);
  update schedules set paused_at = v_now, paused_by = p_who, paused_why = p_why where name = p_name;
  perform record_operation('pause', p_who, p_why, jsonb_build_object('schedule', p_name), 1);
end
$$;

-- Goes on with the next tick that comes; those that passed meanwhile are left out. One that was not
-- paused goes on as it is, with a tick that is due just now.
create or replace function resume_schedule(p_name text, p_who text, p_why text default null)
returns timestamptz
language plpgsql
set search_path from current
as $$
declare
  s schedules := schedule_named(p_name);
  v_next timestamptz;
begin
  select * into s from schedules where name = p_name for update;   -- it may be changed just now
  v_next := case when s.paused_at is null then s.next_at
    else next_tick_of(s.cron, s.every, s.timezone, s.created_at, clock()) end;
  update schedules set paused_at = null, paused_by = null, paused_why = null, next_at = v_next,
    retry_at = null
  where name = p_name;
  perform record_operation('resume', p_who, p_why, jsonb_build_object('schedule', p_name), 1);
  return v_next;
end
$$;

-- No ticks any more, and nothing to resume; the jobs that it has made go on. No such schedule: JQ001.
create or replace function delete_schedule(p_name text, p_who text, p_why text default null)
returns void
language plpgsql
set search_path from current
as $$
begin
  perform schedule_named(p_name);
  delete from schedules where name = p_name;
  perform record_operation('delete', p_who, p_why, jsonb_build_object('schedule', p_name), 1);
end
$$;

create or replace function schedule_named(p_name text) returns schedules
language plpgsql stable
set search_path from current
as $$
declare
  v_schedule schedules;
begin
  select * into v_schedule from schedules where name = p_name;
  if not found then
    raise exception 'no schedule "%"', p_name using errcode = 'JQ001', hint = 'there are: '
      || coalesce((select string_agg(name, ', ' order by name) from schedules), 'none');
  end if;
  return v_schedule;
end
$$;

-- The schedules, the next one due first, a thousand at most.
create or replace function schedule_list() returns table (
  name text, rhythm text, queue text, kind text, next_at timestamptz, last_at timestamptz,
  paused_by text, last_error text, timezone text, catch_up text)
language sql stable
set search_path from current
as $$
  select s.name, coalesce(s.cron, 'every ' || s.every), s.job ->> 'queue', s.job ->> 'kind',
         case when s.paused_at is null then s.next_at end, s.last_at, s.paused_by, s.last_error,
         s.timezone, s.catch_up
  from schedules s order by s.paused_at is not null, s.next_at limit 1000
$$;

-- The moments to come of a schedule.
create or replace function schedule_preview(p_name text, p_count integer default 5)
returns setof timestamptz
language plpgsql stable
set search_path from current
as $$
declare
  s schedules := schedule_named(p_name);
  v_tick timestamptz := s.next_at;
begin
  for i in 1 .. least(p_count, 100) loop
    return next v_tick;
    v_tick := next_tick_of(s.cron, s.every, s.timezone, s.created_at, v_tick);
  end loop;
end
$$;

-- Forgets ticks that are older than ninety days; the last one of each schedule is in its row.
create or replace function prune_ticks(p_now timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_gone integer;
begin
  delete from schedule_ticks where ctid = any (array(
    select t.ctid from schedule_ticks t where t.at < p_now - interval '90 days'
    order by t.at limit p_limit for update skip locked));
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
