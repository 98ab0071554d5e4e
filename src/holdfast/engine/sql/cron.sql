-- Cron: when is it time again?
--
-- Five fields, as in crontab(5): minute, hour, day of the month, month, day of the week; lists, ranges,
-- steps, names; 0 and 7 are Sunday; @hourly and its like. If both days are given, either of them is
-- enough (as cron has it since 1987); a day that begins with a star is not given, also one such as */7,
-- and then both have to hold.
--
-- When clocks are set forward, a time that does not exist runs at the first moment after the gap. When
-- they are set back, a time that comes twice runs the first time only. Both only where the hours are
-- named: "every five minutes" goes on being every five minutes.

create or replace function cron_next(
  p_cron text, p_after timestamptz, p_timezone text default 'UTC'
) returns timestamptz
language plpgsql stable
set search_path from current
as $$
declare
  v_field text[] := cron_fields(p_cron);
  v_minutes integer[] := cron_field(v_field[1], 0, 59, null);
  v_hours integer[] := cron_field(v_field[2], 0, 23, null);
  v_every_hour boolean := cardinality(v_hours) = 24;
  v_at timestamptz := date_trunc('minute', p_after) + interval '1 minute';
  v_day date;
  v_local timestamp;
begin
  perform zone_or_error(p_timezone);
  loop
    v_local := v_at at time zone p_timezone;
    if not v_every_hour and is_left_out(
         v_field, (v_at - interval '1 minute') at time zone p_timezone, v_local) then
      return v_at;
    end if;
    if v_day is null or v_local::date > v_day then
      v_day := next_cron_day(v_field, v_local::date);
      exit when v_day is null;
    end if;
    if v_local::date < v_day then
      v_at := greatest(v_at + interval '1 minute', beginning_of(v_day, p_timezone));
    elsif not extract(hour from v_local)::integer = any (v_hours) then
      -- no further: in Chatham the clocks are changed at a quarter to three
      v_at := v_at + make_interval(mins => 15 - extract(minute from v_local)::integer % 15);
    elsif not extract(minute from v_local)::integer = any (v_minutes)
       or not v_every_hour and v_local = any (array[
            (v_at - interval '30 minutes') at time zone p_timezone,
            (v_at - interval '1 hour') at time zone p_timezone,
            (v_at - interval '2 hours') at time zone p_timezone]) then
      v_at := v_at + interval '1 minute';
    else
      return v_at;
    end if;
  end loop;
  raise exception 'cron "%" never comes', p_cron using errcode = 'JQ005',
    hint = 'there is no such day, such as 30 February';
end
$$;

-- The first day that is one, from the given day on. Between two of them there are at most forty
-- years, between two 29 February on a Sunday, say, with a year such as 2100 in the middle. Null if
-- there is none in that time.
create or replace function next_cron_day(p_field text[], p_from date) returns date
language plpgsql immutable
set search_path from current
as $$
declare
  v_days integer[] := cron_field(p_field[3], 1, 31, null);
  v_months integer[] := cron_field(p_field[4], 1, 12,
    '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}');
  v_weekdays integer[] := cron_field(p_field[5], 0, 7, '{sun,mon,tue,wed,thu,fri,sat}');
  v_both boolean := p_field[3] like '*%' or p_field[5] like '*%';
  v_end date := p_from + interval '40 years';
  v_day date := p_from;
  v_of_month boolean;
  v_of_week boolean;
begin
  while v_day <= v_end loop
    if not extract(month from v_day)::integer = any (v_months) then
      v_day := date_trunc('month', v_day::timestamp) + interval '1 month';
      continue;
    end if;
    v_of_month := extract(day from v_day)::integer = any (v_days);
    v_of_week := extract(dow from v_day)::integer = any (v_weekdays);
    if v_of_month and v_of_week or not v_both and (v_of_month or v_of_week) then
      return v_day;
    end if;
    v_day := v_day + 1;
  end loop;
  return null;
end
$$;

-- When a day begins: at its first midnight, where clocks that are set back bring a second one.
create or replace function beginning_of(p_day date, p_timezone text) returns timestamptz
language sql stable
set search_path from current
as $$
  select min(at) from unnest(array[
    p_day::timestamp at time zone p_timezone,
    p_day::timestamp at time zone p_timezone - interval '30 minutes',
    p_day::timestamp at time zone p_timezone - interval '1 hour']) c(at)
  where at = p_day::timestamp at time zone p_timezone or at at time zone p_timezone = p_day::timestamp
$$;

-- True if the clock was set forward over one of the times between two minutes: by an hour, by half of
-- one (Lord Howe), or over midnight (Nuuk), where the time was one of the day before.
create or replace function is_left_out(p_field text[], p_before timestamp, p_after timestamp)
returns boolean
language sql immutable
set search_path from current
as $$
  select p_after > p_before + interval '1 minute' and exists (
    select from generate_series(p_before + interval '1 minute', p_after - interval '1 minute',
                                interval '1 minute') t(at)
    where extract(minute from t.at)::integer = any (cron_field(p_field[1], 0, 59, null))
      and extract(hour from t.at)::integer = any (cron_field(p_field[2], 0, 23, null))
      and next_cron_day(p_field, t.at::date) = t.at::date)
$$;

-- The five fields; the short names are written out.
create or replace function cron_fields(p_cron text) returns text[]
language plpgsql immutable
set search_path from current
as $$
declare
  v_cron text := lower(btrim(regexp_replace(left(coalesce(p_cron, ''), 500), '\s+', ' ', 'g')));
  v_field text[];
begin
  v_cron := case v_cron
    when '@hourly' then '0 * * * *' when '@daily' then '0 0 * * *' when '@midnight' then '0 0 * * *'
    when '@weekly' then '0 0 * * 0' when '@monthly' then '0 0 1 * *'
    when '@yearly' then '0 0 1 1 *' when '@annually' then '0 0 1 1 *' else v_cron end;
  v_field := string_to_array(v_cron, ' ');
  if cardinality(v_field) <> 5 then
    raise exception 'cron "%" is not minute, hour, day, month and weekday', left(p_cron, 100)
      using errcode = 'JQ005', hint = 'for example: */5 * * * *, or 30 3 * * mon-fri, or @daily';
  end if;
  return v_field;
end
$$;

-- The values that a field names: "*", "5", "1-5", "*/15", "10-40/10", "mon,wed".
create or replace function cron_field(p_field text, p_low integer, p_high integer, p_names text[])
returns integer[]
language plpgsql immutable
set search_path from current
as $$
declare
  v_part text;
  v_found text[];
  v_from integer;
  v_to integer;
  v_step integer;
  v_values integer[] := '{}';
begin
  foreach v_part in array string_to_array(p_field, ',') loop
    v_found := regexp_match(v_part, '^(?:(\*)|([a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?)(?:/(\d{1,4}))?$');
    v_from := case when v_found[1] is null then cron_value(v_found[2], p_low, p_names) else p_low end;
    v_to := case when v_found[1] is not null or v_found[3] is null and v_found[4] is not null
      then p_high else coalesce(cron_value(v_found[3], p_low, p_names), v_from) end;
    v_step := coalesce(v_found[4]::integer, 1);
    if v_found is null or v_step = 0
       or not coalesce(v_from between p_low and p_high and v_to between v_from and p_high, false) then
      raise exception 'cron: "%" is not within % to %', left(v_part, 50), p_low, p_high
        using errcode = 'JQ005', hint = 'as in crontab(5): 5, 1-5, */15, 10-40/10, mon,wed; the L, W, '
          '# and ? of some other crons are not known here';
    end if;
    v_values := v_values || array(select generate_series(v_from, v_to, v_step));
  end loop;
  return array(select distinct case when p_high = 7 then v % 7 else v end
               from unnest(v_values) v order by 1);
end
$$;

create or replace function cron_value(p_text text, p_low integer, p_names text[]) returns integer
language sql immutable
set search_path from current
as $$
  select case when p_text ~ '^\d+$' then p_text::integer
    else array_position(p_names, p_text) - 1 + p_low end
$$;

create or replace function zone_or_error(p_timezone text) returns void
language plpgsql stable
set search_path from current
as $$
begin
  perform now() at time zone p_timezone;
exception when invalid_parameter_value then
  raise exception 'no time zone "%"', left(p_timezone, 100) using errcode = 'JQ005',
    hint = 'for example UTC or Europe/Berlin; all are in pg_timezone_names';
end
$$;
