-- Cron: when is it time again?
--
-- Five fields, as in crontab(5): minute, hour, day of the month, month, day of the week; lists, ranges,
-- steps, names; 0 and 7 are Sunday; @hourly and its like. If both days are given, either of them is
-- enough (as cron has it since 1987).
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
  v_end timestamptz := p_after + interval '9 years';
  v_local timestamp;
  v_jump timestamptz;
begin
  perform zone_or_error(p_timezone);
  while v_at < v_end loop
    v_local := v_at at time zone p_timezone;
    if not is_cron_day(v_field, v_local::date) then
      v_at := greatest(v_at + interval '1 minute', (v_local::date + 1) at time zone p_timezone);
    elsif not extract(hour from v_local)::integer = any (v_hours) then
      v_jump := v_at + make_interval(mins => 60 - extract(minute from v_local)::integer);
      if is_skipped(v_hours, v_local, v_jump at time zone p_timezone) then
        return v_jump;
      end if;
      v_at := v_jump;
    elsif not extract(minute from v_local)::integer = any (v_minutes)
       or not v_every_hour and v_local in ((v_at - interval '1 hour') at time zone p_timezone,
                                           (v_at - interval '30 minutes') at time zone p_timezone) then
      v_at := v_at + interval '1 minute';
    else
      return v_at;
    end if;
  end loop;
  raise exception 'cron "%" never comes', p_cron using errcode = 'JQ005',
    hint = 'there is no such day within nine years, such as 30 February';
end
$$;

-- True if the clock was set forward over one of the hours.
create or replace function is_skipped(p_hours integer[], p_before timestamp, p_after timestamp)
returns boolean
language sql immutable
set search_path from current
as $$
  select exists (
    select from unnest(p_hours) h(hour)
    where p_before::date = p_after::date and h.hour > extract(hour from p_before)
      and h.hour < extract(hour from p_after))
$$;

create or replace function is_cron_day(p_field text[], p_day date) returns boolean
language sql immutable
set search_path from current
as $$
  select extract(month from p_day)::integer = any (cron_field(p_field[4], 1, 12,
           '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'))
     and case
       when p_field[3] like '*%' or p_field[5] like '*%' then d.of_month and d.of_week
       else d.of_month or d.of_week end
  from (select extract(day from p_day)::integer = any (cron_field(p_field[3], 1, 31, null)) as of_month,
               extract(dow from p_day)::integer = any (
                 cron_field(p_field[5], 0, 7, '{sun,mon,tue,wed,thu,fri,sat}')) as of_week) d
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
        using errcode = 'JQ005';
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
