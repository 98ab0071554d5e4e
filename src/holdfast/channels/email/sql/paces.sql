-- Paces: how many messages a second a provider, a recipient's domain or a tenant gets.
--
-- What the other side calls too fast is halved at once and comes back slowly: after ten minutes it is
-- doubled, until it is at its ceiling or, without one, sixteen times where it was, and forgotten. The
-- state is one row for all workers. Refusals cost an email no attempt.

-- Limits a scope: at most so many messages a second; null takes the limit away. What was learned of it
-- is forgotten: who sets a limit knows better. `p_keep_learned` is for what workers say at each start.
create or replace function email_set_pace(
  p_scope text, p_ceiling double precision, p_keep_learned boolean default false
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  if p_scope is null or p_scope !~ '^(provider|domain|tenant):.' or p_ceiling <= 0 then
    raise exception 'a scope is provider:<name>, domain:<name> or tenant:<name>, a pace is above 0'
      using errcode = 'JQ005';
  end if;
  insert into email_paces as p (scope, ceiling, changed_at) values (p_scope, p_ceiling, v_now)
  on conflict (scope) do update set ceiling = excluded.ceiling
    where p.ceiling is distinct from excluded.ceiling;
  update email_paces set pace = null, because = null
  where scope = p_scope and pace is not null and not p_keep_learned;
  delete from email_paces where scope = p_scope and ceiling is null and pace is null;
end
$$;

-- What a scope gets now.
create or replace function email_pace_now(p email_paces, p_now timestamptz) returns double precision
language sql immutable
set search_path from current
as $$
  select least(p.ceiling,
    p.pace * power(2, least(extract(epoch from p_now - p.changed_at) / 600, 60)))::double precision
$$;

-- The scopes that are limited now, with what they get.
create or replace function email_paced()
returns table (scope text, per_second double precision, ceiling double precision, changed_at timestamptz,
               because text)
language sql stable
set search_path from current
as $$
  select p.scope, email_pace_now(p, clock()), p.ceiling, p.changed_at, p.because
  from email_paces p
  where p.ceiling is not null or p.changed_at > clock() - interval '40 minutes'
  order by p.scope
$$;

-- May these messages go now? Each is an array of scopes and as how many messages the other side counts
-- it; all of its scopes are charged or none. `retry_after` is null where it may go, else the seconds to wait, and
-- `scope` says for whom.
create or replace function email_admit(p_messages jsonb)
returns table (ordinality bigint, retry_after double precision, scope text)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_checks jsonb;
begin
  select jsonb_agg(jsonb_build_object('keys', m.keys, 'policies', m.policies, 'cost', m.cost)
                   order by m.n)
  into v_checks
  from (
    select e.n, e.cost, jsonb_agg('email-pace:' || p.scope order by p.scope) as keys,
           jsonb_agg(email_pace_policy(email_pace_now(p, v_now), e.cost) order by p.scope) as policies
    from (select n, message -> 'scopes' as scopes,
                 greatest(least((message ->> 'cost')::integer, 1000), 1) as cost
          from jsonb_array_elements(p_messages) with ordinality m(message, n)) e
    join email_paces p on e.scopes ? p.scope
    where email_pace_now(p, v_now) is not null
    group by e.n, e.cost) m;
  return query
    with asked as (
      select e.n, row_number() over (order by e.n) as number
      from jsonb_array_elements(p_messages) with ordinality e(message, n)
      where exists (select from email_paces p where e.message -> 'scopes' ? p.scope
                    and email_pace_now(p, v_now) is not null)),
    answers as (
      select a.number, max(coalesce(a.retry_after, 60)) as after,
             (array_agg(a.key order by a.retry_after desc nulls first))[1] as key
      from rate_check_many(coalesce(v_checks, '[]'), true) a where not a.allowed group by a.number)
    select e.n, a.after, substr(a.key, 12)
    from jsonb_array_elements(p_messages) with ordinality e(message, n)
    left join asked q on q.n = e.n
    left join answers a on a.number = q.number
    order by e.n;
end
$$;

-- A pace as the policy of a rate limit. The burst is a second's worth, or this one message.
create or replace function email_pace_policy(p_pace double precision, p_cost integer) returns jsonb
language sql immutable
set search_path from current
as $$
  select jsonb_build_object('quota', q.units, 'per', round((q.units / p_pace)::numeric, 3),
                            'burst', greatest(q.units, p_cost))
  from (select greatest(round(p_pace), 1)::integer as units) q
$$;

-- The other side says that it is too much. `p_observed` is what it got lately, in messages a second.
-- Halved at most once in five seconds: what was under way tells the same again. A provider gets one in two
-- seconds at least, since none is known that takes fewer: what was halved on a quiet night, of a message or
-- two, would hold up the next morning's for the better part of an hour.
create or replace function email_slow_down(
  p_scope text, p_observed double precision, p_because text
) returns double precision
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_row email_paces;
  v_pace double precision;
  v_least double precision := case when p_scope like 'provider:%' then 0.5 else 0.05 end;
begin
  insert into email_paces (scope, changed_at) values (p_scope, '-infinity') on conflict do nothing;
  select * into v_row from email_paces where scope = p_scope for update;
  if v_row.changed_at > v_now - interval '5 seconds' and v_row.pace is not null then
    return email_pace_now(v_row, v_now);
  end if;
  v_pace := coalesce(email_pace_now(v_row, v_now), p_observed);
  v_pace := greatest(least(v_pace, greatest(p_observed, 0.1)) / 2, v_least);
  update email_paces set pace = v_pace, changed_at = v_now, because = left(p_because, 300)
  where scope = p_scope;
  return v_pace;
end
$$;
