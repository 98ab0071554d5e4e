-- When to try again. The arithmetic has no clock and no chance of its own: both are arguments, so the
-- same vectors (tests/vectors/backoff.json) hold for this file, for Python and for the browser.

-- Seconds to wait after the nth attempt: base * factor^(n-1), at most cap, and then +- jitter.
-- The jitter comes after the cap: before it, every long wait would end at the same moment.
create or replace function backoff(
  p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision,
  p_jitter double precision, p_chance double precision
) returns double precision
language sql immutable parallel safe as $$
  select (case
      when p_base <= 0 or p_cap <= 0 then 0
      -- compared as logarithms, so that a large attempt cannot overflow
      when p_factor > 1 and pg_catalog.ln(p_base)
           + (greatest(p_attempt, 1) - 1) * pg_catalog.ln(p_factor) >= pg_catalog.ln(p_cap) then p_cap
      else least(p_cap, p_base * pg_catalog.power(p_factor, greatest(p_attempt, 1) - 1))
    end) * (1 - p_jitter + 2 * p_jitter * p_chance)
$$;

-- The other side asked us to wait (Retry-After): at least our own wait, at most the cap for such
-- wishes, and up to a tenth more, so that a herd told "60" does not return at 60.
create or replace function wished(
  p_after double precision, p_own double precision, p_cap double precision,
  p_chance double precision
) returns double precision
language plpgsql immutable parallel safe as $$
begin
  if p_after is null or p_after < 0 or p_after = 'NaN' or p_after = 'Infinity' then
    return p_own;
  end if;
  return greatest(p_own, least(p_after, p_cap)) * (1 + 0.1 * p_chance);
end
$$;

-- The next time for a job of a queue: the two rules above, filled from the queue's policy.
create or replace function next_attempt_at(
  p_policy queues, p_attempt integer, p_after double precision, p_now timestamptz
) returns timestamptz
language plpgsql volatile
set search_path from current
as $$
begin
  return p_now + make_interval(secs => wished(
    p_after,
    backoff(p_attempt, extract(epoch from p_policy.retry_base)::double precision,
            p_policy.retry_factor, extract(epoch from p_policy.retry_cap)::double precision,
            p_policy.retry_jitter, random()),
    extract(epoch from p_policy.retry_after_cap)::double precision,
    random()));
end
$$;
