-- The arithmetic of rate limits, in whole nanoseconds: what a check is answered, and what it leaves. The
-- same is in Python (policy/gcra.py), for leases and for who decides alone.

-- What becomes of the checks, one after the other, from one moment's numbers: pure arithmetic.
create or replace function judge_rates(
  p_wishes rate_wish[], p_full_at bigint[], p_now bigint,
  out answers rate_answer[], out after bigint[], out changes boolean)
language plpgsql immutable
set search_path from current
as $$
declare
  v_wish rate_wish;
  v_first integer := 1;
  v_last integer;
  v_total integer := cardinality(p_wishes);
  v_grant integer;
begin
  after := p_full_at;   -- null, of one that nobody has used, is as good as any time that is over
  answers := '{}';
  while v_first <= v_total loop
    v_last := v_first;
    v_grant := p_wishes[v_first].cost;
    loop
      v_wish := p_wishes[v_last];
      v_grant := least(v_grant, greatest(0, rate_left(
        after[v_wish.place], v_wish.quota, v_wish.period, v_wish.burst, p_now)));
      exit when v_last = v_total or p_wishes[v_last + 1].number <> v_wish.number;
      v_last := v_last + 1;
    end loop;
    v_grant := case when v_wish.mode = 'peek' then 0
                    when v_wish.mode = 'refund' then -least(v_wish.cost, v_wish.burst)
                    when v_wish.mode = 'charge' and v_grant < v_wish.cost then 0
                    else v_grant end;
    for i in v_first .. v_last loop
      v_wish := p_wishes[i];
      answers := answers || rate_answer_of(v_wish, after[v_wish.place], v_grant, p_now);
      if v_grant <> 0 then
        after[v_wish.place] := greatest(p_now, greatest(after[v_wish.place], p_now)
          + rate_worth(v_grant, v_wish.quota, v_wish.period));
      end if;
    end loop;
    v_first := v_last + 1;
  end loop;
  changes := after is distinct from p_full_at;
end
$$;

-- How long a number of units keeps a limit busy, in nanoseconds. Rounded down, so that the quota
-- always fits.
create or replace function rate_worth(p_units integer, p_quota integer, p_period bigint)
returns bigint
language sql immutable parallel safe as $$
  select pg_catalog.div(p_units::numeric * p_period, p_quota::numeric)::bigint
$$;

-- How many units are left at a moment, to the nanosecond that rounding may cost; below 0 if more was
-- taken than the policy now allows.
create or replace function rate_left(
  p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint
) returns integer
language plpgsql immutable parallel safe as $$
declare
  v_room numeric := pg_catalog.div(p_burst::numeric * p_period, p_quota::numeric)
                    - greatest(p_full_at - p_now, 0) + 1;
begin
  return case when v_room < 0 then -1
    else pg_catalog.div(v_room * p_quota, p_period::numeric) end::integer;
end
$$;

-- What one limit says to a check, after a grant of so many units (below 0: given back).
create or replace function rate_answer_of(
  p_wish rate_wish, p_full_at bigint, p_grant integer, p_now bigint
) returns rate_answer
language plpgsql immutable
set search_path from current
as $$
declare
  v_left integer := rate_left(p_full_at, p_wish.quota, p_wish.period, p_wish.burst, p_now);
  v_busy bigint := greatest(0, greatest(p_full_at - p_now, 0)
                               + rate_worth(p_grant, p_wish.quota, p_wish.period));
  v_allowed boolean := p_wish.mode = 'refund' or v_left >= p_wish.cost;
begin
  return (p_wish.number, p_wish.key, p_wish.policy, v_allowed, greatest(p_grant, 0),
    case when p_grant = 0 then greatest(v_left, 0)
         else rate_left(p_now + v_busy, p_wish.quota, p_wish.period, p_wish.burst, p_now) end,
    case when v_allowed then 0
         when p_wish.cost > p_wish.burst then null   -- never
         else greatest(1, greatest(p_full_at - p_now, 0)
           + rate_worth(p_wish.cost, p_wish.quota, p_wish.period)
           - rate_worth(p_wish.burst, p_wish.quota, p_wish.period)) / 1e9 end,
    v_busy / 1e9, p_wish.quota, p_wish.period / 1e9, p_wish.burst)::rate_answer;
end
$$;
