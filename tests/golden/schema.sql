-- Name: holdfast; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA holdfast;

-- Name: job; Type: TYPE; Schema: holdfast; Owner: -

CREATE TYPE holdfast.job AS (
	id uuid,
	queue text,
	kind text,
	payload jsonb,
	priority smallint,
	tenant text,
	ordering_key text,
	attempts integer,
	crashes integer,
	deferrals integer,
	enqueued_at timestamp with time zone,
	run_at timestamp with time zone,
	expires_at timestamp with time zone,
	replay_of uuid
);

-- Name: rate_answer; Type: TYPE; Schema: holdfast; Owner: -

CREATE TYPE holdfast.rate_answer AS (
	number integer,
	key text,
	policy text,
	allowed boolean,
	granted integer,
	remaining integer,
	retry_after double precision,
	reset_after double precision,
	quota integer,
	per double precision,
	burst integer
);

-- Name: rate_wish; Type: TYPE; Schema: holdfast; Owner: -

CREATE TYPE holdfast.rate_wish AS (
	number integer,
	key text,
	policy text,
	durable boolean,
	quota integer,
	period bigint,
	burst integer,
	cost integer,
	mode text,
	place integer
);

-- Name: queues; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.queues (
    name text NOT NULL,
    retry_base interval DEFAULT '00:00:10'::interval NOT NULL,
    retry_factor double precision DEFAULT 2 NOT NULL,
    retry_cap interval DEFAULT '01:00:00'::interval NOT NULL,
    retry_jitter double precision DEFAULT 0.25 NOT NULL,
    retry_after_cap interval DEFAULT '24:00:00'::interval NOT NULL,
    max_attempts integer DEFAULT 8 NOT NULL,
    max_crashes integer DEFAULT 3 NOT NULL,
    max_age interval DEFAULT '7 days'::interval NOT NULL,
    lease interval DEFAULT '00:01:00'::interval NOT NULL,
    timeout interval DEFAULT '00:05:00'::interval NOT NULL,
    batch integer DEFAULT 500 NOT NULL,
    concurrency integer DEFAULT 50 NOT NULL,
    retention interval DEFAULT '7 days'::interval NOT NULL,
    dead_retention interval DEFAULT '90 days'::interval NOT NULL,
    dedupe_retention interval DEFAULT '90 days'::interval NOT NULL,
    on_unknown text DEFAULT 'resend'::text NOT NULL,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    paused_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    max_running integer,
    max_running_per_tenant integer,
    max_running_per_key integer DEFAULT 1 NOT NULL,
    rate_quota integer,
    rate_per interval DEFAULT '00:00:01'::interval NOT NULL,
    rate_burst integer,
    breaker text,
    CONSTRAINT queues_batch_check CHECK (((batch >= 1) AND (batch <= 10000))),
    CONSTRAINT queues_breaker_check CHECK (((length(breaker) >= 1) AND (length(breaker) <= 200))),
    CONSTRAINT queues_concurrency_check CHECK (((concurrency >= 1) AND (concurrency <= 10000))),
    CONSTRAINT queues_dead_retention_check CHECK (((dead_retention >= '1 day'::interval) AND (dead_retention <= '36500 days'::interval))),
    CONSTRAINT queues_dedupe_retention_check CHECK (((dedupe_retention >= '00:00:00'::interval) AND (dedupe_retention <= '36500 days'::interval))),
    CONSTRAINT queues_lease_check CHECK (((lease >= '00:00:00.05'::interval) AND (lease <= '1 day'::interval))),
    CONSTRAINT queues_max_age_check CHECK (((max_age > '00:00:00'::interval) AND (max_age <= '36500 days'::interval))),
    CONSTRAINT queues_max_attempts_check CHECK (((max_attempts >= 1) AND (max_attempts <= 1000))),
    CONSTRAINT queues_max_crashes_check CHECK (((max_crashes >= 1) AND (max_crashes <= 100))),
    CONSTRAINT queues_max_running_check CHECK (((max_running >= 1) AND (max_running <= 1000000))),
    CONSTRAINT queues_max_running_per_key_check CHECK (((max_running_per_key >= 1) AND (max_running_per_key <= 10000))),
    CONSTRAINT queues_max_running_per_tenant_check CHECK (((max_running_per_tenant >= 1) AND (max_running_per_tenant <= 1000000))),
    CONSTRAINT queues_name_check CHECK ((name ~ '^[a-z][a-z0-9_.-]{0,62}$'::text)),
    CONSTRAINT queues_on_unknown_check CHECK ((on_unknown = ANY (ARRAY['resend'::text, 'hold'::text]))),
    CONSTRAINT queues_rate_burst_check CHECK (((rate_burst >= 1) AND (rate_burst <= 1000000000))),
    CONSTRAINT queues_rate_per_check CHECK (((rate_per >= '00:00:00.001'::interval) AND (rate_per <= '366 days'::interval))),
    CONSTRAINT queues_rate_quota_check CHECK (((rate_quota >= 1) AND (rate_quota <= 1000000000))),
    CONSTRAINT queues_retention_check CHECK (((retention >= '00:00:00'::interval) AND (retention <= '36500 days'::interval))),
    CONSTRAINT queues_retry_after_cap_check CHECK (((retry_after_cap >= '00:00:00'::interval) AND (retry_after_cap <= '30 days'::interval))),
    CONSTRAINT queues_retry_base_check CHECK ((retry_base >= '00:00:00'::interval)),
    CONSTRAINT queues_retry_cap_check CHECK (((retry_cap >= '00:00:00'::interval) AND (retry_cap <= '30 days'::interval))),
    CONSTRAINT queues_retry_factor_check CHECK (((retry_factor >= (1)::double precision) AND (retry_factor <= (100)::double precision))),
    CONSTRAINT queues_retry_jitter_check CHECK (((retry_jitter >= (0)::double precision) AND (retry_jitter <= (1)::double precision))),
    CONSTRAINT queues_timeout_check CHECK (((timeout > '00:00:00'::interval) AND (timeout <= '1 day'::interval)))
);

-- Name: admit(holdfast.queues, integer, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.admit(p_policy holdfast.queues, p_limit integer, p_token uuid, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_limit integer := p_limit;
  v_answer record;
begin
  if p_policy.max_running is not null or p_policy.max_running_per_tenant is not null then
    perform pg_advisory_xact_lock(hashtextextended(
      'holdfast.claim ' || current_schema() || ' ' || p_policy.name, 0));
  end if;
  if p_policy.max_running is not null then
    v_limit := greatest(0, least(v_limit, p_policy.max_running - (
      select count(*) from leased_jobs l where l.queue = p_policy.name and l.lease_until > p_now)));
  end if;
  if p_policy.rate_quota is not null and v_limit > 0 then
    v_limit := (select a.granted from rate_check(array['queue:' || p_policy.name],
      rate_of_queue(p_policy), v_limit, 'up_to', true) a);
  end if;
  if p_policy.breaker is not null and v_limit > 0 then
    v_answer := ask_breaker(p_policy.breaker, p_token, p_policy.lease);
    if not v_answer.admitted or v_answer.probe is not null and v_limit > 1 then
      perform refund_rate(p_policy, v_limit - v_answer.admitted::integer);
      v_limit := v_answer.admitted::integer;
    end if;
  end if;
  return v_limit;
end
$$;

-- Name: admitted_in(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.admitted_in(p_policy holdfast.queues) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_wait double precision := 0;
begin
  if p_policy.rate_quota is not null then
    v_wait := (select a.retry_after from rate_check(array['queue:' || p_policy.name],
      rate_of_queue(p_policy), 1, 'peek', true) a);
  end if;
  v_wait := greatest(v_wait, (
    select extract(epoch from b.open_until - v_now) from breakers b
    where b.name = p_policy.breaker and b.opened_at is not null and b.open_until <> 'infinity'));
  return case when v_wait > 0 then greatest(v_wait, 0.05) end;
end
$$;

-- Name: advance_key(text, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.advance_key(p_queue text, p_key text, p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_heads uuid[];
begin
  if p_key is null then
    return;
  end if;
  select array_remove(heads, p_id) into v_heads from ordering_keys
  where queue = p_queue and key = p_key and heads @> array[p_id] for update;
  if found then
    perform fill_key(p_queue, p_key, v_heads);
  end if;
end
$$;

-- Name: replays; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.replays (
    id bigint NOT NULL,
    filter jsonb NOT NULL,
    who text NOT NULL,
    why text,
    rate double precision,
    state text NOT NULL,
    canary uuid,
    total integer NOT NULL,
    replayed integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    note text,
    gone_to integer DEFAULT 0 NOT NULL,
    put_off jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT replays_rate_check CHECK ((rate > (0)::double precision)),
    CONSTRAINT replays_state_check CHECK ((state = ANY (ARRAY['canary'::text, 'running'::text, 'done'::text, 'stopped'::text, 'cancelled'::text])))
);

-- Name: advance_replay(holdfast.replays, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.advance_replay(INOUT r holdfast.replays, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone, OUT job_id uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_key text := case when r.put_off <> '{}' then key_of_letter(r.id, p_ordinal) end;
  v_first integer := r.put_off ->> v_key;
  v_place integer;
begin
  r.gone_to := p_ordinal;
  if v_first <> p_ordinal
     and (select outcome is null from replay_items where replay = r.id and ordinal = v_first) then
    perform put_off_letter(r.id, p_ordinal);
    return;
  end if;
  job_id := replay_letter(r.id, p_ordinal, p_run_at, p_now);
  r.put_off := r.put_off - coalesce(v_key, '');
exception when lock_not_available then
  v_key := key_of_letter(r.id, p_ordinal);
  v_place := put_off_letter(r.id, p_ordinal);
  if v_key is not null then
    r.put_off := r.put_off || jsonb_build_object(v_key, v_place);
  end if;
end
$$;

-- Name: alerts; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.alerts (
    key text NOT NULL,
    text text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    times integer NOT NULL,
    told_at timestamp with time zone,
    cleared_at timestamp with time zone,
    cleared_by text,
    CONSTRAINT alerts_key_check CHECK (((length(key) >= 1) AND (length(key) <= 300)))
);

-- Name: alert_list(boolean, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.alert_list(p_all boolean DEFAULT false, p_limit integer DEFAULT 50) RETURNS SETOF holdfast.alerts
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from alerts a where p_all or a.cleared_at is null
  order by a.cleared_at is not null, a.raised_at desc limit list_limit(p_limit)
$$;

-- Name: apply_grants(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.apply_grants() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_schema text := current_schema();
  v_role text;
begin
  execute format('revoke all on schema %I from public', v_schema);
  execute format('revoke all on all functions in schema %I from public', v_schema);
  if not (select rolcreaterole or rolsuper from pg_roles where rolname = current_user)
     and (select count(*) from pg_roles
          where rolname = any (array[v_schema || '_read', v_schema || '_enqueue',
                                     v_schema || '_work', v_schema || '_operate'])) < 4 then
    raise notice 'roles are not made: % may not create roles', current_user;
    return;
  end if;
  foreach v_role in array '{read,enqueue,work,operate}'::text[] loop
    begin
      if not exists (select from pg_roles where rolname = v_schema || '_' || v_role) then
        execute format('create role %I nologin', v_schema || '_' || v_role);
      end if;
    exception when duplicate_object or unique_violation then null;   -- made in another database
    end;
    execute format('grant usage on schema %I to %I', v_schema, v_schema || '_' || v_role);
    execute format('revoke all on all tables in schema %I from %I', v_schema,
                   v_schema || '_' || v_role);
    execute format('revoke all on all functions in schema %I from %I', v_schema,
                   v_schema || '_' || v_role);
  end loop;
  perform grant_read(v_schema || '_read');
  perform grant_enqueue(v_schema || '_enqueue');
  perform grant_work(v_schema || '_work');
  perform grant_channels(v_schema);
  execute format('grant select, insert, update, delete on all tables in schema %I to %I', v_schema,
                 v_schema || '_operate');
  execute format('grant select on sequence ready_jobs_seq_seq to %I', v_schema || '_operate');
  execute format('grant execute on all functions in schema %I to %I', v_schema,
                 v_schema || '_operate');
end
$$;

-- Name: as_edited(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.as_edited(p_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid := p_id;
  v_next uuid;
begin
  for i in 1 .. 50 loop
    v_next := replaced_by(v_id);
    exit when v_next is null;
    v_id := v_next;
  end loop;
  return v_id;
end
$$;

-- Name: ask_breaker(text, uuid, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.ask_breaker(p_name text, p_probe uuid DEFAULT NULL::uuid, p_probe_for interval DEFAULT '00:01:00'::interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_breaker breakers;
  v_probe uuid := gen_random_uuid();
begin
  select * into v_breaker from breakers where name = p_name;
  admitted := v_breaker.opened_at is null;
  if admitted then
    return;
  end if;
  because := v_breaker.because;
  if v_breaker.open_until <= v_now and v_breaker.paused_by is null then
    update breakers b set probe = coalesce(p_probe, b.probe, v_probe),
      probe_until = v_now + p_probe_for
    where b.name = p_name and b.opened_at is not null and b.open_until <= v_now
      and b.paused_by is null and (b.probe is null or b.probe_until <= v_now)
    returning b.probe into v_probe;
    if found then
      admitted := true;
      probe := v_probe;
      return;
    end if;
    because := 'half open, and somebody is trying';
  end if;
  if v_breaker.open_until <> 'infinity' then
    retry_after := greatest(extract(epoch from v_breaker.open_until - v_now), 1);
  end if;
end
$$;

-- Name: attempt_history(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.attempt_history(p_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (
    select coalesce(jsonb_agg(to_jsonb(a) order by a.settled_at, a.attempt), '[]') from (
      select attempt, outcome, because, worker, claimed_at, settled_at, next_at
      from attempts where job_id = p_id order by settled_at desc limit 100) a);
end
$$;

-- Name: audit(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.audit() RETURNS TABLE(invariant text, job_id uuid, detail text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select 'a job is in one table', id, string_agg(state, ', ') from jobs
  group by id having count(*) > 1
  union all
  select 'counters are not negative', j.id, format('%s, %s, %s', j.attempts, j.crashes, j.deferrals)
  from jobs j where least(j.attempts, j.crashes, j.deferrals) < 0
  union all
  select 'an expired lease is rescued within ten minutes', l.id, l.worker || ' until ' || l.lease_until
  from leased_jobs l where l.lease_until < clock() - interval '10 minutes'
  union all
  select 'a job that may run is the head of its ordering key', j.id, j.ordering_key
  from jobs j left join ordering_keys o on o.queue = j.queue and o.key = j.ordering_key
  where j.ordering_key is not null and j.state in ('ready', 'leased')
    and coalesce(j.waits_for, 'time') <> 'key' and not coalesce(o.heads @> array[j.id], false)
  union all
  select 'the heads of an ordering key are alive', h.head, o.key
  from ordering_keys o left join lateral unnest(o.heads) h(head) on true
  where not exists (select from jobs j where j.id = h.head and j.state in ('ready', 'leased', 'held'))
  union all
  select 'a job that waits for its ordering key has a head before it', d.id, d.ordering_key
  from deferred_jobs d
  where d.waits_for = 'key' and not exists (
    select from ordering_keys o
    where o.queue = d.queue and o.key = d.ordering_key and not o.heads @> array[d.id])
  union all
  select 'no ready job is below its queue''s mark', r.id, format('%s, priority %s', r.queue, r.priority)
  from ready_jobs r cross join lateral (
    select m.* from ready_marks m where m.queue = r.queue order by m.number desc limit 1) m
  where r.seq <= case when r.tenant is null then m.marks[r.priority + 1] else m.tenant_mark end
  union all
  select 'a replay that has ended has no letter waiting', i.job_id, 'replay ' || r.id
  from replays r join replay_items i on i.replay = r.id
  where r.state not in ('canary', 'running') and i.outcome is null
  union all
  select 'a dead letter has a reason', d.id, d.reason from dead_letters d where btrim(d.error) = ''
$$;

-- Name: backoff(integer, double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select (case
      when p_base <= 0 or p_cap <= 0 then 0
      -- compared as logarithms, so that a large attempt cannot overflow
      when p_factor > 1 and pg_catalog.ln(p_base)
           + (greatest(p_attempt, 1) - 1) * pg_catalog.ln(p_factor) >= pg_catalog.ln(p_cap) then p_cap
      else least(p_cap, p_base * pg_catalog.power(p_factor, greatest(p_attempt, 1) - 1))
    end) * (1 - p_jitter + 2 * p_jitter * p_chance)
$$;

-- Name: become_head(text, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_width integer := (select max_running_per_key from queues where name = p_queue);
  v_heads uuid[];
begin
  insert into ordering_keys as o (queue, key, heads) values (p_queue, p_key, array[p_id])
  on conflict (queue, key) do update set heads = case
    when o.heads @> array[p_id] or cardinality(o.heads) >= v_width then o.heads
    else o.heads || p_id end
  returning o.heads into v_heads;
  return p_id = any (v_heads);
end
$$;

-- Name: beginning_of(date, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.beginning_of(p_day date, p_timezone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select min(at) from unnest(array[
    p_day::timestamp at time zone p_timezone,
    p_day::timestamp at time zone p_timezone - interval '30 minutes',
    p_day::timestamp at time zone p_timezone - interval '1 hour']) c(at)
  where at = p_day::timestamp at time zone p_timezone or at at time zone p_timezone = p_day::timestamp
$$;

-- Name: blocked_key_list(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.blocked_key_list(p_queue text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS TABLE(queue text, key text, waiting bigint, head uuid, head_state text, head_attempts integer, head_run_at timestamp with time zone, because text, since timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select k.queue, k.key, k.waiting, k.head, j.state, j.attempts, j.run_at, j.because, k.since
  from (
    select o.queue, o.key, o.heads[1] as head, w.waiting, w.since
    from ordering_keys o
    cross join lateral (
      select count(*) as waiting, min(d.enqueued_at) as since from (
        select i.enqueued_at from deferred_jobs i
        where i.queue = o.queue and i.ordering_key = o.key and i.waits_for = 'key'
        order by i.position limit 10001) d) w
    where (p_queue is null or o.queue = p_queue) and w.waiting > 0
    order by w.since limit list_limit(p_limit)) k   -- only of those is it looked where the head is
  join jobs j on j.id = k.head
  order by k.since
$$;

-- Name: breaker_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_list() RETURNS TABLE(name text, state text, because text, open_until timestamp with time zone, successes bigint, failures bigint, openings integer, failure_rate double precision, minimum integer, per interval, queues text[])
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  return query
    select b.name, breaker_state(b, v_now), b.because, nullif(b.open_until, 'infinity'),
           b.successes::bigint + b.successes_before, b.failures::bigint + b.failures_before,
           b.openings, b.failure_rate, b.minimum, b.per,
           array(select q.name from queues q where q.breaker = b.name order by 1)
    from breakers b order by b.opened_at is null, b.name limit 1000;
end
$$;

-- Name: breakers; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.breakers (
    name text NOT NULL,
    failure_rate double precision DEFAULT 0.5 NOT NULL,
    minimum integer DEFAULT 10 NOT NULL,
    per interval DEFAULT '00:01:00'::interval NOT NULL,
    open_for interval DEFAULT '00:00:30'::interval NOT NULL,
    open_cap interval DEFAULT '00:15:00'::interval NOT NULL,
    half_from timestamp with time zone NOT NULL,
    successes integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    successes_before integer DEFAULT 0 NOT NULL,
    failures_before integer DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone,
    open_until timestamp with time zone,
    openings integer DEFAULT 0 NOT NULL,
    because text,
    paused_by text,
    probe uuid,
    probe_until timestamp with time zone,
    CONSTRAINT breakers_failure_rate_check CHECK (((failure_rate > (0)::double precision) AND (failure_rate <= (1)::double precision))),
    CONSTRAINT breakers_minimum_check CHECK (((minimum >= 1) AND (minimum <= 1000000))),
    CONSTRAINT breakers_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT breakers_open_cap_check CHECK (((open_cap >= '00:00:00.1'::interval) AND (open_cap <= '30 days'::interval))),
    CONSTRAINT breakers_open_for_check CHECK (((open_for >= '00:00:00.1'::interval) AND (open_for <= '1 day'::interval))),
    CONSTRAINT breakers_per_check CHECK (((per >= '00:00:01'::interval) AND (per <= '1 day'::interval)))
);

-- Name: breaker_named(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_named(p_name text) RETURNS holdfast.breakers
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_breaker breakers;
begin
  select * into v_breaker from breakers where name = p_name;
  if not found then
    raise exception 'no breaker "%"', left(p_name, 200) using errcode = 'JQ001', hint = 'there are: '
      || coalesce((select string_agg(b.name, ', ') from (
           select name from breakers order by name limit 20) b), 'none');
  end if;
  return v_breaker;
end
$$;

-- Name: breaker_of_queue(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  select b.opened_at is not null, b.probe into is_open, probe
  from queues q join breakers b on b.name = q.breaker where q.name = p_queue;
  is_open := coalesce(is_open, false);
end
$$;

-- Name: breaker_state(holdfast.breakers, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case
    when p_breaker.opened_at is null then 'closed'
    when p_breaker.paused_by is not null then 'paused'
    when p_breaker.open_until > p_now then 'open'
    else 'half open' end
$$;

-- Name: ready_marks; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.ready_marks (
    queue text NOT NULL,
    number bigint NOT NULL,
    marks bigint[] NOT NULL,
    tenant_mark bigint NOT NULL,
    bound bigint NOT NULL,
    decided_at xid8 NOT NULL,
    leased_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    due_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expired_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

-- Name: bring_in(text, integer, holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.bring_in(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_due timestamptz := coalesce(p_mark.due_from, '-infinity');
  v_leased timestamptz := coalesce(p_mark.leased_from, '-infinity');
  v_expired timestamptz := coalesce(p_mark.expired_from, '-infinity');
begin
  if exists (select from deferred_jobs d
             where d.queue = p_queue and d.waits_for = 'time' and d.run_at > v_due
               and d.run_at <= p_now)
     or exists (select from leased_jobs l
                where l.queue = p_queue and l.lease_until > v_leased and l.lease_until <= p_now)
     or exists (select from ready_jobs r
                where r.queue = p_queue and r.expires_at > v_expired and r.expires_at <= p_now)
  then
    perform make_durable();
    perform rescue(p_queue, 100, v_leased);   -- first: the others wait for nobody
    perform promote_due(p_queue, p_limit, p_now, v_due);
    perform expire(p_queue, 100, p_now, v_expired);
  end if;
end
$$;

-- Name: leased_jobs; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.leased_jobs (
    id uuid NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer NOT NULL,
    crashes integer NOT NULL,
    deferrals integer NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    claim_token uuid NOT NULL,
    worker text NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL
);

-- Name: bury(holdfast.job, holdfast.leased_jobs, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.bury(p_job holdfast.job, p_lease holdfast.leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_error text := coalesce(nullif(btrim(p_because, E' \t\r\n'), ''), 'no reason given');
begin
  perform record_attempt(p_lease, p_outcome, v_error, p_now, null);
  insert into dead_letters (
    id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
    enqueued_at, run_at, expires_at, replay_of, reason, error, fingerprint, history, died_at)
  select (p_job).*, p_reason, v_error, error_fingerprint(p_job.kind, v_error),
         attempt_history(p_job.id), p_now;
  perform advance_key(p_job.queue, p_job.ordering_key, p_job.id);
  return 'dead';
end
$$;

-- Name: calculate_email_retry_time(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select next_attempt_at(queue_policy('email'), p_attempt, null, clock())
$$;

-- Name: calculate_webhook_retry_time(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.calculate_webhook_retry_time(p_attempt integer) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select next_attempt_at(queue_policy('webhooks'), p_attempt, null, clock())
$$;

-- Name: cancel(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cancel(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
  v_now timestamptz := clock();
  v_note text := 'cancelled by ' || p_who || coalesce(': ' || p_why, '');
begin
  perform make_durable();
  select * into v from take_job(p_id, true);
  if (v.lease).id is not null then
    perform record_attempt(v.lease, 'cancelled', v_note, v_now, null);
  end if;
  perform record_operation('cancel', p_who, p_why, jsonb_build_object('id', p_id), 1);
  return finish(v.job, 'cancelled', v_note, v_now);
end
$$;

-- Name: cancel_replay(bigint, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_replay replays := replay_numbered(p_id);
  v_left integer;
begin
  select * into v_replay from replays where id = p_id for update;
  if v_replay.state not in ('canary', 'running') then
    raise exception 'replay % is % already', p_id, v_replay.state using errcode = 'JQ003';
  end if;
  update replay_items set outcome = 'cancelled', at = v_now where replay = p_id and outcome is null;
  get diagnostics v_left = row_count;
  update replays set state = 'cancelled', ended_at = v_now,
    note = 'cancelled by ' || p_who || coalesce(': ' || p_why, '') where id = p_id;
  perform record_operation('cancel', p_who, p_why, jsonb_build_object('replay', p_id), v_left);
  return v_left;
end
$$;

-- Name: change_policy(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_known constant text[] := '{retry_base,retry_factor,retry_cap,retry_jitter,retry_after_cap,
    max_attempts,max_crashes,max_age,lease,timeout,batch,concurrency,retention,dead_retention,
    dedupe_retention,on_unknown,max_running,max_running_per_tenant,max_running_per_key,rate_quota,
    rate_per,rate_burst,breaker}';
  v_old queues := queue_policy(p_queue);
  v_new queues;
  v_rule text;
begin
  if jsonb_typeof(p_policy) is distinct from 'object' or p_policy - v_known <> '{}' then
    raise exception 'unknown policy: %', case when jsonb_typeof(p_policy) = 'object'
        then (select string_agg(k, ', ') from jsonb_object_keys(p_policy - v_known) k)
        else 'it is a JSON object' end
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  end if;
  select * into v_old from queues where name = p_queue for update;
  v_new := jsonb_populate_record(v_old, p_policy);
  update queues set
    retry_base = v_new.retry_base, retry_factor = v_new.retry_factor, retry_cap = v_new.retry_cap,
    retry_jitter = v_new.retry_jitter, retry_after_cap = v_new.retry_after_cap,
    max_attempts = v_new.max_attempts, max_crashes = v_new.max_crashes, max_age = v_new.max_age,
    lease = v_new.lease, timeout = v_new.timeout, batch = v_new.batch,
    concurrency = v_new.concurrency, retention = v_new.retention,
    dead_retention = v_new.dead_retention, dedupe_retention = v_new.dedupe_retention,
    on_unknown = v_new.on_unknown, max_running = v_new.max_running,
    max_running_per_tenant = v_new.max_running_per_tenant,
    max_running_per_key = v_new.max_running_per_key, rate_quota = v_new.rate_quota,
    rate_per = v_new.rate_per, rate_burst = v_new.rate_burst, breaker = v_new.breaker
  where name = p_queue;
  if v_new.max_running_per_key > v_old.max_running_per_key then
    perform widen_keys(p_queue);
  end if;
  return differences(to_jsonb(v_old), to_jsonb(v_new));
exception
  when data_exception then
    raise exception '%', unread_policy(p_policy) using errcode = 'JQ005';
  when check_violation then
    get stacked diagnostics v_rule = constraint_name;
    raise exception 'a queue has to obey %',
      (select regexp_replace(pg_get_constraintdef(c.oid, true), '^CHECK \((.*)\)$', '\1')
       from pg_constraint c where c.conrelid = 'queues'::regclass and c.conname = v_rule)
      using errcode = 'JQ005';
  when not_null_violation then
    get stacked diagnostics v_rule = column_name;
    raise exception '% cannot be taken away, only changed', v_rule using errcode = 'JQ005';
end
$_$;

-- Name: check_filter(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if jsonb_typeof(p_filter) is distinct from 'object' or p_filter - p_known <> '{}' then
    raise exception 'a filter is a JSON object with: %', array_to_string(p_known, ', ')
      using errcode = 'JQ005';
  end if;
end
$$;

-- Name: check_jobs(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_jobs(p_jobs jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_bad bigint;
begin
  if jsonb_typeof(p_jobs) is distinct from 'array' then
    raise exception 'jobs is a JSON array of objects, not %', coalesce(jsonb_typeof(p_jobs), 'null')
      using errcode = 'JQ005';
  end if;
  select min(ord) into v_bad from jsonb_array_elements(p_jobs) with ordinality a(e, ord)
  where job_complaint(e) is not null;
  if v_bad is not null then
    raise exception 'job %: %', v_bad, job_complaint(p_jobs -> (v_bad - 1)::integer)
      using errcode = 'JQ005';
  end if;
  perform queue_policy(u.queue)
  from (select distinct e ->> 'queue' as queue from jsonb_array_elements(p_jobs) e) u
  where not exists (select from queues q where q.name = u.queue);
end
$$;

-- Name: check_schedule(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_schedule(p_name text, p_options jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
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
$_$;

-- Name: check_until(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_until(p_until timestamp with time zone, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_until <= p_now then
    raise exception 'a pause until % is over already; give a time to come, or none', p_until
      using errcode = 'JQ005';
  end if;
end
$$;

-- Name: checkup(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.checkup() RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_now timestamptz := clock();
begin
  return jsonb_build_object(
    'now', clock_timestamp(),
    'synchronous_commit', current_setting('synchronous_commit'),
    'fsync', current_setting('fsync'),
    'full_page_writes', current_setting('full_page_writes'),
    'workers', (select count(*) from workers where seen_at > v_now - interval '60 s'),
    'expired_leases', (select count(*) from (
      select from leased_jobs where lease_until < v_now - interval '30 s' limit 10001) c),
    'dead_letters', (select count(*) from (select from dead_letters limit 10001) c),
    'alerts', (select count(*) from (select from alerts where cleared_at is null limit 10001) c),
    'paused', (select coalesce(jsonb_agg(q.name order by q.name), '[]') from queues q
               where is_paused(q, v_now)),
    'breakers', (select coalesce(jsonb_agg(b.name order by b.name), '[]') from breakers b
                 where b.opened_at is not null),
    -- somebody waits here, and nobody comes; sorted, so that it is an index that is asked
    'unserved', (select coalesce(jsonb_agg(q.name order by q.name), '[]') from queues q
      where not is_paused(q, v_now)
        and ((select r.seq from ready_jobs r where r.queue = q.name and r.tenant is null
              order by r.priority, r.seq limit 1) is not null
             or (select r.seq from ready_jobs r where r.queue = q.name and r.tenant is not null
                 order by r.tenant, r.priority, r.seq limit 1) is not null
             or (select min(d.run_at) from deferred_jobs d
                 where d.queue = q.name and d.waits_for = 'time') < v_now)
        and not exists (select from workers w
                        where q.name = any (w.queues) and w.seen_at > v_now - interval '60 s')));
end
$$;

-- Name: claim(text, integer, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.claim(p_queue text, p_limit integer DEFAULT NULL::integer, p_worker text DEFAULT NULL::text, p_lease interval DEFAULT NULL::interval) RETURNS TABLE(id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text, enqueued_at timestamp with time zone, expires_at timestamp with time zone, deferrals integer, claim_token uuid, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_policy queues := queue_policy(p_queue);
  v_now timestamptz := clock();
  v_limit integer := least(greatest(coalesce(p_limit, v_policy.batch), 0), 10000);
  v_until timestamptz := v_now + least(coalesce(p_lease, v_policy.lease), interval '1 day');
  v_worker text := coalesce(p_worker, 'pid ' || pg_backend_pid());
  v_token uuid := gen_random_uuid();
  v_limited boolean := is_limited(v_policy);
  v_mark ready_marks;
  v_picked record;
begin
  if p_lease <= '0' then
    raise exception 'a lease is longer than nothing, not %', p_lease using errcode = 'JQ005';
  end if;
  if is_paused(v_policy, v_now) then
    return;
  end if;
  select * into v_mark from ready_marks m where m.queue = p_queue order by m.number desc limit 1;
  perform bring_in(p_queue, v_limit, v_mark, v_now);
  if v_limited then
    perform make_durable();
    v_limit := admit(v_policy, v_limit, v_token, v_now);
  end if;
  v_picked := pick(v_policy, v_limit, v_mark, v_now);
  if v_limited then
    perform give_back(v_policy, v_limit, cardinality(v_picked.places), v_token);
  end if;
  if v_picked.places = '{}' then
    return;   -- nothing was written, and there is nothing to wait for at the commit
  end if;
  perform make_durable();
  return query
    with taken as (
      delete from ready_jobs r using unnest(v_picked.places) with ordinality p(place, n)
      where r.ctid = p.place returning r.*, p.n
    )
    insert into leased_jobs as l (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, claim_token, worker, claimed_at, lease_until)
    select t.id, t.queue, t.kind, t.payload, t.priority, t.tenant, t.ordering_key, t.attempts + 1,
           t.crashes, t.deferrals, t.enqueued_at, t.run_at, t.expires_at, t.replay_of,
           v_token, v_worker, v_now, v_until
    from taken t order by t.n
    returning l.id, l.kind, l.payload, l.attempts, l.tenant, l.ordering_key, l.enqueued_at,
              l.expires_at, l.deferrals, l.claim_token, l.lease_until;
  if v_picked.seen >= coalesce(v_mark.bound, 0) + 1000 then
    perform move_mark(v_mark, p_queue, v_picked.seen, v_now);
  end if;
end
$$;

-- Name: claim_job(uuid, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.claim_job(p_id uuid, p_worker text DEFAULT NULL::text, p_lease interval DEFAULT NULL::interval) RETURNS TABLE(id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text, enqueued_at timestamp with time zone, expires_at timestamp with time zone, deferrals integer, claim_token uuid, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_job job;
  v_policy queues;
begin
  perform make_durable();
  select (job_of(r)).* into v_job from ready_jobs r where r.id = p_id for update skip locked;
  if v_job.id is null then
    select (job_of(d)).* into v_job from deferred_jobs d
    where d.id = p_id and d.waits_for = 'time' for update skip locked;
  end if;
  if v_job.id is null or v_job.expires_at <= v_now then
    return;
  end if;
  v_policy := queue_policy(v_job.queue);
  if is_paused(v_policy, v_now) then
    return;
  end if;
  delete from ready_jobs r where r.id = p_id;
  delete from deferred_jobs d where d.id = p_id;
  return query
    insert into leased_jobs as l (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, claim_token, worker, claimed_at, lease_until)
    values (v_job.id, v_job.queue, v_job.kind, v_job.payload, v_job.priority, v_job.tenant,
            v_job.ordering_key, v_job.attempts + 1, v_job.crashes, v_job.deferrals,
            v_job.enqueued_at, v_job.run_at, v_job.expires_at, v_job.replay_of, gen_random_uuid(),
            coalesce(p_worker, 'pid ' || pg_backend_pid()), v_now,
            v_now + least(coalesce(p_lease, v_policy.lease), interval '1 day'))
    returning l.id, l.kind, l.payload, l.attempts, l.tenant, l.ordering_key, l.enqueued_at,
              l.expires_at, l.deferrals, l.claim_token, l.lease_until;
end
$$;

-- Name: clear_alert(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.clear_alert(p_key text, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  update alerts set cleared_at = v_now, cleared_by = p_who
  where key = p_key and cleared_at is null;
  if not found then
    return false;
  end if;
  if p_who is not null then
    perform record_operation('clear alert', p_who, p_why, jsonb_build_object('key', p_key), 1);
  end if;
  return true;
end
$$;

-- Name: clock(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.clock() RETURNS timestamp with time zone
    LANGUAGE sql PARALLEL SAFE
    AS $$
  select coalesce(nullif(pg_catalog.current_setting('holdfast.now', true), '')::timestamptz,
                  pg_catalog.clock_timestamp())
$$;

-- Name: close_breaker(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.close_breaker(p_name text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  update breakers set opened_at = null, open_until = null, openings = 0, because = null,
    paused_by = null, probe = null, probe_until = null, half_from = p_now, successes = 0,
    failures = 0, successes_before = 0, failures_before = 0
  where name = p_name;
  perform wake(array(select name from queues where breaker = p_name));
end
$$;

-- Name: count_group(text, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_tenant is null then
    return (select count(*) from (
      select from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
      order by d.died_at limit 10001) c);
  end if;
  return (select count(*) from (
    select from dead_letters d
    where d.queue = p_queue and d.fingerprint = p_fingerprint and d.tenant = p_tenant
      and d.died_at >= p_since and d.died_at < p_until
    order by d.died_at limit 10001) c);
end
$$;

-- Name: count_results(holdfast.breakers, integer, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone) RETURNS holdfast.breakers
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v breakers := p_breaker;
begin
  if p_now >= v.half_from + v.per then
    v.successes_before := 0;
    v.failures_before := 0;
  elsif p_now >= v.half_from + v.per / 2 then
    v.successes_before := v.successes;
    v.failures_before := v.failures;
  end if;
  if p_now >= v.half_from + v.per / 2 then
    v.half_from := p_now;
    v.successes := 0;
    v.failures := 0;
  end if;
  v.successes := least(v.successes::bigint + p_successes, 1000000000);
  v.failures := least(v.failures::bigint + p_failures, 1000000000);
  return v;
end
$$;

-- Name: create_queue(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.create_queue(p_queue text, p_policy jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
begin
  if p_queue is null or p_queue !~ '^[a-z][a-z0-9_.-]{0,62}$' then
    raise exception 'a queue name is 1 to 63 of a-z 0-9 _ . - and begins with a letter, not "%"', p_queue
      using errcode = 'JQ005';
  end if;
  insert into queues (name, created_at) values (p_queue, clock()) on conflict do nothing;
  if not found then
    return false;
  end if;
  if p_policy is distinct from '{}' then
    perform change_policy(p_queue, p_policy);
  end if;
  if p_queue = 'alerts' then
    perform hand_over_alerts();
  end if;
  return true;
end
$_$;

-- Name: create_replay(jsonb, text, text, double precision, boolean, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.create_replay(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_rate double precision DEFAULT NULL::double precision, p_canary boolean DEFAULT false, p_limit integer DEFAULT 1000000) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_id bigint;
  v_ids uuid[];
  v_total integer;
begin
  if not coalesce(p_rate > 0 and p_rate < 'Infinity', true) then
    raise exception 'a rate is a number of jobs per second above 0, not %', p_rate using errcode = 'JQ005';
  end if;
  perform check_filter(p_filter, '{queue,group,kind,tenant,since,until,ids}');
  perform make_durable();
  insert into replays (filter, who, why, rate, state, total, created_at, started_at)
  values (p_filter, p_who, p_why, p_rate, case when p_canary then 'canary' else 'running' end, 0,
          v_now, v_now)
  returning id into v_id;
  v_ids := array(select d.id from dead_letters d
                 where d.id in (select select_dead_letters(p_filter, p_limit))
                 order by d.died_at, d.id);
  insert into replay_items (replay, ordinal, job_id)
  select v_id, i.n, i.id from unnest(v_ids) with ordinality i(id, n)
  join replay_excluded(v_ids) d on d.id = i.id where d.excluded is null
  order by i.n   -- whoever makes another one of the same letters waits in a row
  on conflict (job_id) where outcome is null do nothing;
  insert into replay_items (replay, ordinal, job_id, outcome, because, at)
  select v_id, i.n, i.id, 'excluded', case when d.id is null then 'it is no dead letter any more'
    else coalesce(d.excluded, 'it is in another replay') end, v_now
  from unnest(v_ids) with ordinality i(id, n) left join replay_excluded(v_ids) d on d.id = i.id
  where not exists (select from replay_items r where r.replay = v_id and r.ordinal = i.n);
  v_total := cardinality(v_ids);
  update replays set total = v_total where id = v_id;
  perform record_operation('replay', p_who, p_why, p_filter || jsonb_build_object(
    'replay', v_id, 'rate', p_rate, 'canary', p_canary), v_total);
  return v_id;
end
$$;

-- Name: cron_field(text, integer, integer, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
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
$_$;

-- Name: cron_fields(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_fields(p_cron text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: cron_next(text, timestamp with time zone, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text DEFAULT 'UTC'::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: cron_value(text, integer, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
  select case when p_text ~ '^\d+$' then p_text::integer
    else array_position(p_names, p_text) - 1 + p_low end
$_$;

-- Name: dead_letter_group_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_group_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(fingerprint text, letters bigint, queue text, kind text, last_died timestamp with time zone, latest_error text, reasons text[], first_died timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
begin
  perform check_filter(p_filter, '{queue,kind,tenant,since,until}');
  select f.queue, f.kind, f.tenant, coalesce(f.since, '-infinity') as since,
         coalesce(f.until, 'infinity') as until
  into v
  from jsonb_to_record(p_filter) as f(
    queue text, kind text, tenant text, since timestamptz, until timestamptz);
  return query
    select g.fingerprint, c.letters, g.queue, l.kind, l.died_at, l.error, array(
             select distinct r.reason from (
               select d.reason from dead_letters d
               where d.queue = g.queue and d.fingerprint = g.fingerprint
                 and d.died_at >= v.since and d.died_at < v.until
               order by d.died_at desc limit 100) r order by 1),
           f.died_at
    from dead_letter_groups_at_hand(v.queue) g
    cross join lateral edge_of_group(g.queue, g.fingerprint, v.tenant, v.since, v.until, true) l
    cross join lateral edge_of_group(g.queue, g.fingerprint, v.tenant, v.since, v.until, false) f
    cross join lateral (
      select count_group(g.queue, g.fingerprint, v.tenant, v.since, v.until) as letters) c
    where v.kind is null or l.kind = v.kind
    order by c.letters desc, l.died_at desc limit list_limit(p_limit);
end
$$;

-- Name: dead_letter_groups_at_hand(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) RETURNS TABLE(queue text, fingerprint text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  with recursive step as (
    (select d.queue, d.fingerprint, 1 as n from dead_letters d where d.queue >= coalesce(p_queue, '')
     order by d.queue, d.fingerprint limit 1)
    union all
    select further.queue, further.fingerprint, s.n + 1
    from step s cross join lateral (
      select d.queue, d.fingerprint from dead_letters d
      where (d.queue, d.fingerprint) > (s.queue, s.fingerprint)
      order by d.queue, d.fingerprint limit 1) further
    where s.n < 1000 and (p_queue is null or s.queue = p_queue)
  )
  select s.queue, s.fingerprint from step s where p_queue is null or s.queue = p_queue
  union
  select latest.queue, latest.fingerprint
  from (select d.queue, d.fingerprint from dead_letters d order by d.died_at desc limit 1000) latest
  where (select max(n) from step) = 1000 and (p_queue is null or latest.queue = p_queue)
$$;

-- Name: dead_letter_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, queue text, kind text, died_at timestamp with time zone, reason text, error text, attempts integer, fingerprint text, tenant text, ordering_key text, crashes integer, enqueued_at timestamp with time zone, replay_of uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'on'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_fits boolean;
  v_looked bigint;
  v_found integer := 0;
begin
  perform check_filter(p_filter, '{queue,group,kind,tenant,since,until,ids}');
  select * into v from jsonb_to_record(p_filter) as f(
    queue text, "group" text, kind text, tenant text, since timestamptz, until timestamptz,
    ids uuid[]);
  if v.ids is null then   -- where no statistics are yet it would sort all of a queue
    perform set_config('enable_sort', 'off', true);
  end if;
  for id, queue, kind, died_at, reason, error, attempts, fingerprint, tenant, ordering_key, crashes,
      enqueued_at, replay_of, v_fits, v_looked
  in
    select * from (
      select d.id, d.queue, d.kind, d.died_at, d.reason, d.error, d.attempts, d.fingerprint, d.tenant,
             d.ordering_key, d.crashes, d.enqueued_at, d.replay_of,
             (v."group" is null or d.fingerprint = v."group") and (v.kind is null or d.kind = v.kind)
               and (v.tenant is null or d.tenant = v.tenant) as fits,
             row_number() over (order by d.died_at desc) as looked
      from dead_letters d
      where (v.queue is null or d.queue = v.queue)
        and (v.queue is null or v."group" is null or d.fingerprint = v."group")
        and (v.since is null or d.died_at >= v.since)
        and (v.until is null or d.died_at < v.until)
        and (v.ids is null or d.id = any (v.ids))
      order by d.died_at desc limit most_looked_through()) l
    where l.fits or l.looked = most_looked_through()
    order by l.died_at desc limit list_limit(p_limit)
  loop
    if v_fits then
      v_found := v_found + 1;
      return next;
    end if;
    if v_looked = most_looked_through() and v_found < list_limit(p_limit) then
      perform raise_goes_on('dead letters', v_looked, v_found, 'a queue or a group of it',
        'until ' || to_char((died_at + interval '1 microsecond') at time zone 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    end if;
  end loop;
end
$$;

-- Name: dead_letters; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.dead_letters (
    id uuid NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer NOT NULL,
    crashes integer NOT NULL,
    deferrals integer NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    reason text NOT NULL,
    error text NOT NULL,
    fingerprint text NOT NULL,
    history jsonb NOT NULL,
    died_at timestamp with time zone NOT NULL,
    CONSTRAINT dead_letters_reason_check CHECK ((reason = ANY (ARRAY['refused'::text, 'exhausted'::text, 'too_old'::text, 'poison'::text])))
);

-- Name: dead_letter_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_show(p_id uuid) RETURNS SETOF holdfast.dead_letters
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_state text;
begin
  return query select d.* from dead_letters d where d.id = p_id;
  if not found then
    v_state := (select j.state from jobs j where j.id = p_id);
    if v_state is null then
      raise exception 'no job %', p_id using errcode = 'JQ001';
    end if;
    raise exception 'job % is %, not dead', p_id, v_state using errcode = 'JQ003';
  end if;
end
$$;

-- Name: delete_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.delete_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform schedule_named(p_name);
  delete from schedules where name = p_name;
  perform record_operation('delete', p_who, p_why, jsonb_build_object('schedule', p_name), 1);
end
$$;

-- Name: differences(jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.differences(p_old jsonb, p_new jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(jsonb_object_agg(n.key, jsonb_build_object('from', o.value, 'to', n.value)), '{}')
  from jsonb_each(p_new) n join jsonb_each(p_old) o on o.key = n.key
  where n.value <> o.value
$$;

-- Name: discard_dead_letters(jsonb, text, text, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.discard_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer DEFAULT 10000, p_dry_run boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_letter dead_letters;
  v_count integer := 0;
begin
  if p_dry_run then
    return (select count(*) from select_dead_letters(p_filter, p_limit));
  end if;
  if coalesce(btrim(p_why), '') = '' then
    raise exception 'why is it discarded? a reason is asked for' using errcode = 'JQ005';
  end if;
  for v_letter in
    select d.* from dead_letters d
    where d.id in (select select_dead_letters(p_filter, p_limit))
    order by d.died_at, d.id for update skip locked
  loop
    delete from dead_letters where id = v_letter.id;
    perform finish(job_of(v_letter), 'cancelled', 'discarded: ' || p_why, clock());
    v_count := v_count + 1;
  end loop;
  perform record_operation('discard', p_who, p_why, p_filter, v_count);
  return v_count;
end
$$;

-- Name: drop_partitions(text, timestamp without time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.drop_partitions(p_table text, p_before timestamp without time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_old record;
  v_dropped integer := 0;
begin
  for v_old in
    select c.relname, to_date(right(c.relname, 10), 'YYYY_MM_DD') as day
    from pg_inherits h join pg_class c on c.oid = h.inhrelid
    where h.inhparent = p_table::regclass and c.relname ~ '_\d{4}_\d\d_\d\d$'
  loop
    if v_old.day + 1 < p_before then
      execute format('drop table %I', v_old.relname);
      v_dropped := v_dropped + 1;
    end if;
  end loop;
  return v_dropped;
end
$_$;

-- Name: edge_of_group(text, text, text, timestamp with time zone, timestamp with time zone, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) RETURNS TABLE(kind text, died_at timestamp with time zone, error text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_latest then
    return query
      select d.kind, d.died_at, d.error from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
        and (p_tenant is null or d.tenant = p_tenant)
      order by d.died_at desc limit 1;
  else
    return query
      select d.kind, d.died_at, d.error from dead_letters d
      where d.queue = p_queue and d.fingerprint = p_fingerprint
        and d.died_at >= p_since and d.died_at < p_until
        and (p_tenant is null or d.tenant = p_tenant)
      order by d.died_at limit 1;
  end if;
end
$$;

-- Name: emails; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.emails (
    id uuid NOT NULL,
    message_id text NOT NULL,
    sender text NOT NULL,
    subject text,
    raw bytea NOT NULL,
    size integer NOT NULL,
    source text NOT NULL,
    tenant text,
    tags text[] NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    on_unknown text,
    copy_of uuid,
    body_gone_at timestamp with time zone,
    fingerprint bytea,
    CONSTRAINT emails_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT emails_message_id_check CHECK ((((octet_length(message_id) >= 1) AND (octet_length(message_id) <= 998)) AND (message_id !~ '[\x01-\x20\x7f]'::text))),
    CONSTRAINT emails_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT emails_on_unknown_check CHECK ((on_unknown = ANY (ARRAY['resend'::text, 'hold'::text, 'verify'::text]))),
    CONSTRAINT emails_raw_check CHECK (((octet_length(raw) >= 1) AND (octet_length(raw) <= 26214400))),
    CONSTRAINT emails_sender_check CHECK (((octet_length(sender) <= 320) AND (sender !~ '[\x01-\x20\x7f<>]'::text))),
    CONSTRAINT emails_subject_check CHECK ((subject !~ '[\r\n]'::text))
);

-- Name: email_about(holdfast.emails); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_about(p_email holdfast.emails) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_address_fault(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_fault(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
  select case
    when not coalesce(email_is_address(p_address), false) then
      'is no address: one local@domain without spaces, line breaks or brackets'
    when substring(p_address from '[^@]*$') ~ '[^\x01-\x7f]' then
      'has a domain that cannot be put into ASCII here; write it in ASCII (xn--…)' end
$_$;

-- Name: email_address_hash(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_hash(p_address text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select 'erased:' || encode(sha256(k.salt || convert_to(email_plain(p_address), 'UTF8')), 'hex')
  from email_keeping k
$$;

-- Name: email_address_pattern(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_pattern(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select '(^|[^[:alnum:]._%+-]|[%=][0-9a-f]{2}|\\[0-7]{3})'
      || string_agg(case
           when c ~ '[a-z0-9]' then c
           when c = '@' then '(?:@|[%=]40|&#0*64;|&#x0*40;|&commat;)'
           when ascii(c) < 128 then format('(?:\%s|[%%=]%s|&#0*%s;)', c, to_hex(ascii(c)), ascii(c))
           else format('(?:%s|[%%=]%s)', c, to_hex(ascii(c))) end,
         '(?:=\r?\n)?' order by n)
      || '(?![[:alnum:]-]|\.[[:alnum:]])'
  from regexp_split_to_table(convert_from(convert_to(lower(p_address), 'UTF8'), 'LATIN1'), '')
         with ordinality a(c, n)
$$;

-- Name: email_admit(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_admit(p_messages jsonb) RETURNS TABLE(ordinality bigint, retry_after double precision, scope text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_admitted(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_admitted(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select least(
    p_policy.max_running - (select count(*) from leased_jobs l
                            where l.queue = p_policy.name and l.lease_until > p_now),
    case when p_policy.rate_quota is not null then rate_left(
      (select r.full_at from rate_limits r
       where r.key = 'queue:' || p_policy.name and r.policy = 'jobs' and not r.durable),
      p_policy.rate_quota, (extract(epoch from p_policy.rate_per) * 1e9)::bigint,
      coalesce(p_policy.rate_burst, p_policy.rate_quota), nanoseconds(p_now)) end)::integer
$$;

-- Name: email_again(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_again(p_id uuid) RETURNS TABLE(message_id text, list text, tenant text)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
  select format('<%s@%s>', new_id(),
           coalesce(substring(e.message_id from '@([A-Za-z0-9.-]+)>$'), 'holdfast.local')),
         case when position('List-Unsubscribe-Post:'::bytea in e.raw) > 0 then email_list_of(e.tags) end,
         coalesce(e.tenant, '')
  from emails e where e.id = p_id
$_$;

-- Name: email_all_in_ascii(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select array(select email_in_ascii(a) from unnest(p_addresses) with ordinality u(a, n) order by n)
$$;

-- Name: email_answers_between(uuid, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_base64(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_base64(p_data bytea) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select replace(rtrim(encode(p_data, 'base64'), E'\n'), E'\n', E'\r\n')
$$;

-- Name: email_body_gone(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_body_gone() RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select convert_to(E'\r\nThe body was taken out: it was older than it is kept, or erased.\r\n', 'UTF8')
$$;

-- Name: email_bytes(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_bytes(p_id uuid) RETURNS bytea
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_raw bytea;
  v_size integer;
  v_whole bytea;
begin
  select e.raw, e.size into v_raw, v_size from emails e where e.id = p_id;
  if v_size = octet_length(v_raw) then
    return v_raw;
  end if;
  select string_agg(substring(v_raw from p.start + 1 for p.place - p.start)
                    || convert_to(email_base64(f.data), 'SQL_ASCII'), '' order by p.position)
         || substring(v_raw from max(p.place) + 1)
  into v_whole
  from (select a.position, a.place, a.hash,
               coalesce(lag(a.place) over (order by a.position), 0) as start
        from email_attachments a where a.email_id = p_id) p
       join email_files f on f.hash = p.hash;
  if octet_length(v_whole) is distinct from v_size then
    raise exception 'email %: a file of it is not there any more', p_id using errcode = 'JQ001';
  end if;
  return v_whole;
end
$$;

-- Name: email_cancel(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_cancel(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS TABLE(state text, delivered integer, pending integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_check(text, text[], text, text, bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_check_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_feedback(p_provider text, p_events jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_bad text;
begin
  if length(p_provider) not between 1 and 100 or jsonb_typeof(p_events) is distinct from 'array' then
    raise exception 'feedback: the provider''s name and a JSON array of reports are needed'
      using errcode = 'JQ005';
  end if;
  select format('feedback: report %s: %s', e.n, b.bad) into v_bad
  from jsonb_array_elements(p_events) with ordinality e(item, n)
  cross join lateral (select case
    when jsonb_typeof(e.item) <> 'object' then 'not an object'
    when email_feedback_weight(e.item ->> 'kind') is null then 'its kind is not known'
    when length(coalesce(e.item ->> 'event_id', '')) not between 1 and 300 then
      'event_id is 1 to 300 characters'
    when e.item ->> 'at' is null then 'at, the moment it happened, is missing'
    when length(coalesce(btrim(e.item ->> 'address'), '')) not between 3 and 320 then
      'address is 3 to 320 characters' end) b(bad)
  where b.bad is not null order by e.n limit 1;
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- Name: email_check_files(integer, integer[], bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_bad text;
begin
  v_bad := case
    when coalesce(cardinality(p_files), 0) not between 1 and 100 then 'files are 1 to 100'
    when cardinality(p_places) is distinct from cardinality(p_files) then
      'each file has a place, and each place a file'
    when array_position(p_files, null) is not null then 'a file is null'
    when array_position(p_places, null) is not null
      or p_places <> array(select p from unnest(p_places) p order by p)
      or p_places[1] < 0 or p_places[cardinality(p_places)] > p_size then
      'places are bytes of the message, in ascending order'
  end;
  if v_bad is not null then
    raise exception 'email: %', v_bad using errcode = 'JQ005';
  end if;
  return (select sum(octet_length(email_base64(f.data))) from unnest(p_files) f(data));
end
$$;

-- Name: email_check_options(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_options(p_options jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_check_same(uuid, text, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if (select e.fingerprint from emails e where e.id = p_id)
     <> email_fingerprint(p_sender, p_recipients, p_subject) then
    raise exception 'email: this key was used for another email, %', p_id using errcode = 'JQ005',
      hint = 'it has another sender, other recipients or another subject: another email needs another key';
  end if;
end
$$;

-- Name: email_check_suppressions(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_suppressions(p_entries jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_bad text;
begin
  if jsonb_typeof(p_entries) is distinct from 'array' then
    raise exception 'suppressions: a JSON array of objects is needed' using errcode = 'JQ005';
  end if;
  select format('suppressions: entry %s: %s', e.n, b.bad) into v_bad
  from jsonb_array_elements(p_entries) with ordinality e(item, n)
  cross join lateral (select case
    when jsonb_typeof(e.item) <> 'object' then 'not an object'
    when e.item - '{address,tenant,reason,list,source,detail,expires_at}'::text[] <> '{}' then
      'it has something else than address, tenant, reason, list, source, detail, expires_at'
    when email_address_fault(email_plain(e.item ->> 'address')) is not null then
      'address: it ' || email_address_fault(email_plain(e.item ->> 'address'))
    when e.item ->> 'reason' not in ('bounced', 'complained', 'unsubscribed', 'manual') then
      'reason is bounced, complained, unsubscribed or manual'
    when coalesce(e.item ->> 'list', '') <> ''
      and e.item ->> 'reason' is distinct from 'unsubscribed' then
      'a list is given with the reason unsubscribed only; the others hold for all mail'
    when length(e.item ->> 'tenant') > 200 or length(e.item ->> 'list') > 90
      or length(e.item ->> 'source') > 100 then 'tenant, list or source is too long' end) b(bad)
  where b.bad is not null order by e.n limit 1;
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
end
$$;

-- Name: email_detach(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_detach(p_ids uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  with gone as (
    delete from email_attachments where email_id = any (p_ids) returning hash
  )
  insert into email_loose_files (hash) select distinct g.hash from gone g
$$;

-- Name: email_doubts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_doubts() RETURNS TABLE(id uuid, provider text, at timestamp with time zone, state text, because text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select s.email_id, s.provider, s.at, j.state, j.because
  from email_submissions s left join jobs j on j.id = s.email_id
  order by s.at
$$;

-- Name: email_drop_bodies(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_drop_bodies(p_limit integer DEFAULT 200) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_ended_before(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_ended_before(p_id uuid, p_moment timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select not exists (select from jobs j where j.id = p_id
                     and (j.state in ('ready', 'leased', 'held', 'dead') or j.ended_at >= p_moment))
     and not exists (select from email_recipients r where r.email_id = p_id and r.at >= p_moment)
$$;

-- Name: email_enqueue(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_enqueue(p_options jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return query
    select e.id, e.duplicate
    from enqueue_many(jsonb_build_array(
      p_options - '{source,tags,metadata,on_unknown,size,copy_of}'::text[] || jsonb_build_object(
        'id', new_id(), 'queue', 'email', 'kind', 'email', 'payload', '{}'::jsonb))) e;
end
$$;

-- Name: email_erase(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase(p_address text, p_by text, p_why text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_address text := email_plain(p_address);
  v_hash text := email_address_hash(p_address);
  v_ids uuid[];
  v_alone uuid[];
  v_left uuid[];
  v_done jsonb;
begin
  if not coalesce(email_is_address(v_address), false) then
    raise exception 'erase: one address, local@domain, is needed' using errcode = 'JQ005';
  end if;
  -- as it was stored once, its domain not in ASCII
  update email_recipients set address = v_address
  where lower(address) = lower(btrim(p_address)) and lower(address) <> v_address;
  update email_events set address = v_address
  where address = lower(btrim(p_address)) and address <> v_address;
  v_ids := array(select distinct r.email_id from email_recipients r where lower(r.address) = v_address);
  v_alone := array(
    select i from unnest(v_ids) i where not exists (
      select from email_recipients r where r.email_id = i and lower(r.address) <> v_address
        and r.address not like 'erased:%'));
  v_left := array(   -- by an erasure before this one
    select e.id from emails e
    where e.id in (select r.email_id from email_recipients r where lower(r.address) = v_hash)
      and email_mask_bytes(e.raw, v_address) <> e.raw);
  perform from emails e where e.id = any (v_ids || v_left) order by e.id for update;
  -- without a time no replay takes it for one that was refused and is to be asked again
  update email_recipients r
  set address = v_hash, answer = null,
      at = case when r.status in ('delivered', 'captured') then r.at end,
      status = case when r.status in ('delivered', 'captured') then r.status else 'suppressed' end
  where r.email_id = any (v_ids) and lower(r.address) = v_address;
  update emails e set fingerprint = null where e.id = any (v_ids) and e.fingerprint is not null;
  perform email_erase_words(v_address, v_ids || v_left || array(
    select e.id from emails e where lower(e.sender) = v_address));
  v_done := email_erase_emails(v_address, v_alone)
         || email_erase_shared(v_address, v_left || array(
              select unnest(v_ids) except select unnest(v_alone)))
         || email_erase_feedback(v_address, v_hash)
         || jsonb_build_object('emails', cardinality(v_ids), 'known_as', v_hash);
  perform record_operation('erase address', p_by, email_without_address(p_why, v_address),
                           v_done || jsonb_build_object('address', v_hash), cardinality(v_ids));
  return v_done;
end
$$;

-- Name: email_erase_emails(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_emails(p_address text, p_alone uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_from uuid[] := array(select e.id from emails e where lower(e.sender) = p_address);
  v_ended uuid[] := array(select i from unnest(v_from) i where email_ended_before(i, 'infinity'));
  v_bodies integer;
begin
  perform email_take_out(p_alone || v_ended, v_now);
  update emails set subject = null, metadata = '{}',
    tags = array(select t from unnest(tags) t where t like 'list:%'),
    sender = case when lower(sender) = p_address then '' else sender end
  where id = any (p_alone || v_ended);
  get diagnostics v_bodies = row_count;
  return jsonb_build_object('bodies', v_bodies, 'left_from',
    cardinality(array(select unnest(v_from) except select unnest(p_alone || v_ended))));
end
$$;

-- Name: email_erase_feedback(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_feedback(p_address text, p_hash text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_events integer;
  v_suppressions integer;
begin
  update email_events set address = p_hash, because = '' where address = p_address;
  update email_answers set address = p_hash, answer = null where lower(address) = p_address;
  get diagnostics v_events = row_count;
  insert into email_suppressions (tenant, address, reason, list, source, created_at, created_by,
                                  expires_at)
  select s.tenant, p_hash, s.reason, s.list, s.source, s.created_at,
         email_without_address(s.created_by, p_address), s.expires_at
  from email_suppressions s where s.address = p_address
  on conflict do nothing;
  delete from email_suppressions where address = p_address;
  get diagnostics v_suppressions = row_count;
  return jsonb_build_object('events', v_events, 'suppressions', v_suppressions);
end
$$;

-- Name: email_erase_shared(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_shared(p_address text, p_shared uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid;
  v_masked integer := 0;
begin
  foreach v_id in array p_shared loop
    if email_ended_before(v_id, 'infinity') then
      perform email_detach(array[v_id]);   -- their places are not theirs any more
      update emails e set raw = m.raw, size = octet_length(m.raw),
        subject = email_without_address(e.subject, p_address),
        metadata = email_without_address(e.metadata::text, p_address)::jsonb,
        tags = array(select email_without_address(t, p_address) from unnest(e.tags) t)
      from (select email_mask_bytes(o.raw, p_address) as raw from emails o
            where o.id = v_id offset 0) m   -- offset 0: masked once
      where e.id = v_id;
      v_masked := v_masked + 1;
    end if;
  end loop;
  return jsonb_build_object('shared_masked', v_masked,
                            'left_shared', cardinality(p_shared) - v_masked);
end
$$;

-- Name: email_erase_words(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_words(p_address text, p_ids uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  update email_recipients set answer = email_without_address(answer, p_address)
  where email_id = any (p_ids) and position(p_address in lower(answer)) > 0;
  update email_answers set answer = email_without_address(answer, p_address)
  where email_id = any (p_ids) and position(p_address in lower(answer)) > 0;
  update email_events set because = email_without_address(because, p_address)
  where email_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update deferred_jobs set because = email_without_address(because, p_address)
  where id = any (p_ids) and position(p_address in lower(because)) > 0;
  update finished_jobs set note = email_without_address(note, p_address)
  where id = any (p_ids) and position(p_address in lower(note)) > 0;
  update attempts set because = email_without_address(because, p_address)
  where job_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update replay_items set because = email_without_address(because, p_address)
  where job_id = any (p_ids) and position(p_address in lower(because)) > 0;
  update dead_letters set error = email_without_address(error, p_address),
    history = email_without_address(history::text, p_address)::jsonb
  where id = any (p_ids) and position(p_address in lower(error || history)) > 0;
$$;

-- Name: email_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback(p_provider text, p_events jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_fresh email_events[];
begin
  perform email_check_feedback(p_provider, p_events), make_durable();
  v_fresh := email_store_feedback(p_provider, p_events);
  perform email_move_feedback(v_fresh);
  perform email_heed_feedback(v_fresh);
  return coalesce(cardinality(v_fresh), 0);
end
$$;

-- Name: email_feedback_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  -- unsubscribing comes in by HTTP, where processes have this role
  execute format('grant select on email_keeping, email_suppressions to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant select on email_events, email_recipients to %I', p_prefix || '_enqueue');
  execute format('grant select (id, message_id) on emails to %I', p_prefix || '_enqueue');
  execute format('grant insert, update on email_suppressions, email_events to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant update (feedback, feedback_at) on email_recipients to %I',
                 p_prefix || '_enqueue');
  execute format('grant select, delete on email_events, email_recipients, emails to %I',
                 p_prefix || '_work');
  execute format('grant update (raw, size, body_gone_at, fingerprint) on emails to %I', p_prefix || '_work');
  execute format('grant update (ran_at) on email_keeping to %I', p_prefix || '_work');
  execute format('grant select, insert, update, delete on email_looked_through to %I',
                 p_prefix || '_work');
  execute format('grant delete on email_suppressions to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_enqueue', '{email_unsubscribe,email_put_suppressions,'
    'email_known_as,email_address_hash,email_list_of,email_store_feedback,email_move_feedback,'
    'email_feedback_weight,email_of,email_suppressed,email_mask}');
  perform grant_functions(p_prefix || '_read', '{email_suppressed,email_suppression_list,'
    'email_address_hash,email_list_of,email_known_as,email_feedback_weight,email_keeping_now,'
    'email_find}');
  perform grant_functions(p_prefix || '_work', '{email_feedback,email_check_feedback,'
    'email_feedback_weight,email_of,email_store_feedback,email_move_feedback,email_heed_feedback,'
    'email_heed_found,email_is_heeded,email_is_dead_mailbox,email_suppress_refused,email_match_feedback,email_match_aged,email_suppressed,'
    'email_list_of,email_address_hash,email_known_as,email_put_suppressions,email_unsubscribe,'
    'email_suppression_list,email_upkeep_step,email_is_upkeep_due,email_drop_bodies,email_forget,'
    'email_next_ended,email_look_on,email_ended_before,email_body_gone,email_take_out,'
    'email_keeping_now,email_left,'
    'email_mask}');
end
$$;

-- Name: email_feedback_weight(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback_weight(p_kind text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case p_kind
    when 'delayed' then 0
    when 'soft_bounced' then 10 when 'delivered' then 11
    when 'opened' then 20
    when 'clicked' then 30
    when 'rejected' then 40 when 'bounced' then 41
    when 'unsubscribed' then 50
    when 'complained' then 60 end
$$;

-- Name: email_files_prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_files_prune(p_limit integer DEFAULT 100) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_ids bigint[];
  v_hashes bytea[];
  v_found bytea[];
begin
  select array_agg(l.id), array_agg(l.hash) into v_ids, v_hashes
  from (select * from email_loose_files order by id limit greatest(p_limit, 0)
        for update skip locked) l;
  v_found := array(
    select f.hash from email_files f where f.hash = any (v_hashes) for update skip locked);
  -- another statement, which sees what senders have committed before we had the rows
  delete from email_files f
  where f.hash = any (v_found)
    and (select count(*) from (select from email_attachments a where a.hash = f.hash limit 1) u) = 0;
  delete from email_loose_files l
  where l.id = any (v_ids)
    and (l.hash = any (v_found) or not exists (select from email_files f where f.hash = l.hash));
  return coalesce(cardinality(v_found), 0);
end
$$;

-- Name: email_filter(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p_filter ->> 'state', p_filter ->> 'tenant', p_filter ->> 'tag', p_filter ->> 'source',
         left(lower(p_filter ->> 'subject'), 100), p_filter ->> 'message_id',
         (p_filter ->> 'before')::uuid
$$;

-- Name: email_find(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_find(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, created_at timestamp with time zone, status text, sender text, recipients text[], subject text, attempts integer, last_error text, next_attempt_at timestamp with time zone, source text, size integer, tenant text, tags text[])
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_filter jsonb := jsonb_strip_nulls(p_filter);
  v_limit integer := list_limit(p_limit);
  v_some uuid[];
begin
  perform check_filter(v_filter, '{state,tag,tenant,recipient,source,message_id,subject,before}');
  if v_filter ->> 'state' not in ('ready', 'leased', 'held', 'done', 'dead', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(v_filter ->> 'state', 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, done, dead, cancelled, expired';
  elsif v_filter ->> 'before' !~* '^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$' then
    raise exception '"%" is no id', left(v_filter ->> 'before', 60) using errcode = 'JQ005',
      hint = 'before is the id of an email: the page after it is shown';
  end if;
  v_some := case when v_filter ? 'recipient' then email_found_by_address(v_filter, v_limit)
    else coalesce(email_found_few(v_filter, v_limit), email_found_back(v_filter, v_limit)) end;
  return query
    select q.id, q.created_at, q.status, q.sender, q.recipients, q.subject, q.attempts, q.last_error,
           q.next_attempt_at, q.source, q.size, q.tenant, q.tags
    from (select u.id from unnest(v_some) u(id) order by u.id desc limit v_limit) s
    cross join lateral (
      select * from email_queue v where v.id = s.id offset 0) q   -- offset 0: one look-up for each
    order by q.id desc;
end
$_$;

-- Name: email_fingerprint(text, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select sha256(convert_to(jsonb_build_array(lower(p_sender), p_subject, array(
    select distinct lower(r) collate "C" from unnest(p_recipients) r order by 1))::text, 'UTF8'))
$$;

-- Name: email_finish(uuid[], uuid[], uuid[], text[], text[], integer[], text[], text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_now timestamptz := clock();
begin
  update email_recipients r
  set status = v.status, code = v.code, answer = left(v.answer, 1000), at = v_now,
      provider = v.provider, provider_message_id = left(v.provider_id, 500)
  from unnest(p_emails, p_addresses, p_status, p_codes, p_answers, p_providers, p_provider_ids)
         v(id, address, status, code, answer, provider, provider_id)
  where r.email_id = v.id and r.address = v.address and r.status not in ('delivered', 'captured')
    and r.email_id = any (p_ids);
  if exists (select from email_submissions) then
    delete from email_submissions s where s.email_id = any (p_ids);
  end if;
  return query select s.* from settle_done(p_ids, p_tokens) s;
end
$$;

-- Name: email_fits(holdfast.emails, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_filter ? 'state' and not exists (
      select from jobs j
      where j.id = p_email.id and j.queue = 'email' and j.state = p_filter ->> 'state') then
    return false;
  end if;
  return (p_filter ->> 'tenant' is null or p_email.tenant = p_filter ->> 'tenant')
     and (p_filter ->> 'tag' is null or p_filter ->> 'tag' = any (p_email.tags))
     and (p_filter ->> 'source' is null or p_email.source = p_filter ->> 'source')
     and (p_filter ->> 'message_id' is null
          or btrim(p_email.message_id, '<>') = btrim(p_filter ->> 'message_id', '<> '))
     and (p_filter ->> 'subject' is null
          or left(lower(p_email.subject), 100) ^@ left(lower(p_filter ->> 'subject'), 100))
     and (p_filter ->> 'before' is null or p_email.id < (p_filter ->> 'before')::uuid);
end
$$;

-- Name: email_fitting(jsonb, uuid[], integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
begin
  select * into v from email_filter(p_filter);
  return array(
    select e.id
    from (select u.id from unnest(p_some) u(id) order by u.id desc offset 0) s
    cross join lateral (
      select o.id from emails o
      where o.id = s.id
        and (v.tenant is null or o.tenant = v.tenant)
        and (v.tag is null or v.tag = any (o.tags))
        and (v.subject is null or left(lower(o.subject), 100) ^@ v.subject)
        and (v.message_id is null or o.message_id in (v.message_id, '<' || v.message_id || '>'))
        and (v.source is null or o.source = v.source)
        and (v.before is null or o.id < v.before)
      offset 0) e
    where v.state is null or exists (
      select from jobs j where j.id = s.id and j.queue = 'email' and j.state = v.state)
    order by s.id desc limit p_limit);
end
$$;

-- Name: email_forget(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_forget(p_limit integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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
  delete from email_events n where n.email_id is null and (n.provider, n.event_id) in (
    select o.provider, o.event_id from email_events o
    where o.email_id is null and o.stored_at < v_before order by o.stored_at limit p_limit);
  return cardinality(v_ids);
end
$$;

-- Name: email_found_back(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_way text := case
    when p_filter ? 'state' and not (p_filter ? 'tenant' and p_filter ->> 'state' in ('ready', 'done'))
      then 'state'
    else 'tenant' end;
  v_along text := p_filter ->> v_way;
  v_filter jsonb := p_filter - 'before' - v_way;
  v_before uuid := p_filter ->> 'before';
  v_some uuid[] := '{}';
  v_bite uuid[];
  v_size integer := p_limit;
  v_looked integer := 0;
begin
  while v_looked < most_looked_through() loop
    v_bite := email_next_back(v_way, v_along, v_before, v_size);
    v_some := v_some || email_fitting(v_filter, v_bite, p_limit - cardinality(v_some));
    if cardinality(v_some) >= p_limit or cardinality(v_bite) < v_size then
      return v_some;
    end if;
    v_looked := v_looked + v_size;
    v_before := v_bite[v_size];
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of % emails that this took to look through, from the newest on, % fit: fewer than a '
    'page', v_looked, cardinality(v_some) using errcode = 'JQ005', hint = format(
      'ask for what fewer have, such as a recipient or a tag; %sor go on with before %s',
      case when v_some <> '{}' then 'or with limit ' || cardinality(v_some) || ' for those; ' else '' end,
      v_before);
end
$$;

-- Name: email_found_by_address(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
  select array(
    select f.email_id
    from (select distinct u.name from unnest(array[
            email_plain(p_filter ->> 'recipient'), email_address_hash(p_filter ->> 'recipient'),
            lower(btrim(p_filter ->> 'recipient'))   -- as it was stored once, if it was written so
          ]) u(name)) n
    cross join lateral (
      select r.email_id from email_recipients r join emails e on e.id = r.email_id
      where lower(r.address) = n.name and email_fits(e, p_filter)
      order by r.email_id desc limit p_limit) f
    order by f.email_id desc limit p_limit)
$$;

-- Name: email_found_few(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_some uuid[];
begin
  select * into v from email_filter(p_filter);
  for i in 1 .. 6 loop   -- what is looked up soonest at first
    perform set_config('enable_bitmapscan', (i in (1, 3))::text, true);
    if i = 1 and v.message_id is not null then
      v_some := array(select e.id from emails e
        where e.message_id in (v.message_id, '<' || v.message_id || '>') limit 5001);
    elsif i = 2 and v.state in ('leased', 'held', 'dead') or i = 6 and v.state = 'ready' then
      v_some := array(select j.id from jobs j
        where j.queue = 'email' and j.state = v.state limit 5001);
    elsif i = 3 and v.tag is not null then
      v_some := array(select e.id from emails e
        where e.tags @> array[v.tag] and e.tags <> '{}' limit 5001);
    elsif i = 4 and v.subject is not null then
      v_some := array(select e.id from emails e
        where left(lower(e.subject), 100) ^@ v.subject limit 5001);
    elsif i = 5 and v.tenant is not null then
      v_some := array(select e.id from emails e where e.tenant = v.tenant limit 5001);
    end if;
    if cardinality(v_some) <= 5000 then
      return email_fitting(p_filter, v_some, p_limit);
    end if;
  end loop;
  return null;
end
$$;

-- Name: email_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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
    'email_record_all,email_mark,mark_email_sent,mark_email_failed,email_find,email_fits,email_filter,'
    'email_found_by_address,email_found_few,email_found_back,email_fitting,email_next_back}');
end
$$;

-- Name: email_events; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_events (
    provider text NOT NULL,
    event_id text NOT NULL,
    email_id uuid,
    address text NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    code text,
    because text NOT NULL,
    dead_mailbox boolean NOT NULL,
    message_id text,
    provider_message_id text,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT email_events_event_id_check CHECK (((length(event_id) >= 1) AND (length(event_id) <= 300)))
);

-- Name: email_heed_feedback(holdfast.email_events[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_heed_feedback(p_events holdfast.email_events[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_entries jsonb;
begin
  select jsonb_agg(jsonb_build_object(
           'tenant', coalesce(e.tenant, ''), 'address', n.address,
           'reason', n.kind, 'source', n.provider, 'detail', concat_ws(' ', n.code, n.because),
           'list', case when n.kind = 'unsubscribed' then coalesce(email_list_of(e.tags), '*') end,
           'expires_at', case when n.kind = 'bounced' then clock() + k.bounces end))
  into v_entries
  from unnest(p_events) n
  left join emails e on e.id = n.email_id
  cross join email_keeping k
  where email_is_heeded(n);
  if v_entries is not null then
    perform email_put_suppressions(v_entries, 'feedback');
  end if;
end
$$;

-- Name: email_heed_found(holdfast.email_events[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_heed_found(p_events holdfast.email_events[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_address text;
  v_events email_events[];
begin
  for v_address in   -- in the order in which whoever hears of them takes them
    select distinct n.address from unnest(p_events) n where email_is_heeded(n) order by n.address
  loop
    perform from email_suppressions s   -- so that what is heard just now is seen below
    where s.address = v_address and s.tenant = '' order by s.reason, s.list for update;
    v_events := array(
      select n from unnest(p_events) n
      where n.address = v_address and email_is_heeded(n) and exists (
        select from email_suppressions s
        where s.address = v_address and s.tenant = '' and s.reason = n.kind and s.list in ('', '*')));
    delete from email_suppressions s using unnest(v_events) n
    where s.address = v_address and s.tenant = '' and s.reason = n.kind and s.list in ('', '*')
      and s.created_by = 'feedback' and s.created_at >= n.stored_at
      and not exists (
        select from email_events o left join emails e on e.id = o.email_id
        where o.address = v_address and o.kind = n.kind and email_is_heeded(o) and e.tenant is null
          and (o.kind <> 'unsubscribed' or coalesce(email_list_of(e.tags), '*') = '*'));
    perform email_heed_feedback(v_events);
  end loop;
end
$$;

-- Name: email_in_ascii(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_in_ascii(p_address text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_domain text := substring(p_address from '[^@]*$');
  v_small text;
  v_plain text;
begin
  if coalesce(v_domain !~ '[^\x01-\x7f]'
              or v_domain ~ '[İẞ\u13A0-\u13FF\uAB70-\uABBF]', true) then   -- small, they differ
    return p_address;
  end if;
  -- A to Z by themselves: in a Turkish database a small I is another letter
  v_small := translate(normalize(v_domain, nfc), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                       'abcdefghijklmnopqrstuvwxyz');
  v_small := normalize(lower(v_small), nfc);
  if v_small <> normalize(v_small, nfkc) then   -- a sign that stands for another one
    return p_address;
  end if;
  select string_agg(l.ascii, '.' order by l.n) into v_plain
  from (
    select n, case when t ~ '[^\x01-\x7f]' then 'xn--' || email_punycode(t) else t end as ascii,
           t !~ '[^\x01-\x7f]' or t ~ '^[[:alnum:]-]+$' and t ~ '^[^-].*[^-]$|^[^-]$' as is_certain
    from regexp_split_to_table(v_small, '[.。]') with ordinality d(t, n)) l
  having bool_and(l.is_certain and length(l.ascii) <= 63);
  return coalesce(left(p_address, -length(v_domain)) || v_plain, p_address);
end
$_$;

-- Name: email_is_address(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_address(p_text text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_plain constant text := '[^\x01-\x20\x7f<>()\[\]:;@\\,"]+';
  v_quoted constant text := '"([^\x01-\x20\x7f<>"\\]|\\[^\x01-\x20\x7f<>])+"';
  v_literal constant text := '\[[^\x01-\x20\x7f<>()\[\];@\\,"]+\]';
begin
  return octet_length(p_text) <= 320
    and p_text ~ format('^(%s|%s)@(%s|%s)$', v_plain, v_quoted, v_plain, v_literal);
end
$_$;

-- Name: email_is_dead_mailbox(text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_dead_mailbox(p_code text, p_says boolean DEFAULT false) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(p_code, '') = any ('{5.1.1,5.1.2,5.1.3,5.1.6,5.1.10,5.2.1}')
      or coalesce(p_says, false) and coalesce(p_code, '') not like '5.7.%'
$$;

-- Name: email_is_heeded(holdfast.email_events); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_heeded(p_event holdfast.email_events) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p_event.kind in ('complained', 'unsubscribed')
      or p_event.kind = 'bounced' and email_is_dead_mailbox(p_event.code, p_event.dead_mailbox)
$$;

-- Name: email_is_upkeep_due(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_upkeep_due() RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform from email_keeping k
  where k.ran_at <= v_now - interval '10 seconds' or k.ran_at > v_now for update skip locked;
  if not found then
    return false;
  end if;
  update email_keeping set ran_at = v_now;
  return true;
end
$$;

-- Name: email_keep(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keep(p_settings jsonb, p_by text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_keep_file(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keep_file(p_data bytea) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_hash bytea := sha256(p_data);
  v_now timestamptz := clock();
begin
  loop
    insert into email_files (hash, data, size, created_at)
    values (v_hash, p_data, octet_length(p_data), v_now)
    on conflict (hash) do nothing;
    perform from email_files f where f.hash = v_hash for key share;
    exit when found;     -- else it was deleted between the two
  end loop;
end
$$;

-- Name: email_keeping_now(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) RETURNS record
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select k.bodies, k.metadata, k.bounces from email_keeping k
$$;

-- Name: email_known_as(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_known_as(p_address text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case when exists (select from email_suppressions s where s.address = h.hash) then h.hash
              else email_plain(p_address) end
  from email_address_hash(p_address) h(hash)
$$;

-- Name: email_left(uuid, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_email record;
  v_pending text[] := email_pending(p_id, p_enqueued_at);
  v_suppressed text[];
  v_reported text[];
begin
  select e.tenant, e.tags, e.body_gone_at is not null as is_gone into v_email
  from emails e where e.id = p_id;
  if v_pending = '{}' or v_email.is_gone then
    return '{}';
  end if;
  v_suppressed := email_suppressed(v_email.tenant, v_pending, v_email.tags);
  v_reported := array(
    select r.address from email_recipients r
    where r.email_id = p_id and r.status = 'pending' and r.address <> all (v_suppressed)
      and r.feedback in ('delivered', 'opened', 'clicked', 'unsubscribed', 'complained'));
  perform email_record_all(p_id, v_suppressed, 'suppressed',
            'suppressed: on the list of those who get no mail (email suppressions list)', p_attempt),
          email_record_all(p_id, v_reported, 'delivered', 'the provider has reported it since',
                           p_attempt);
  return array(select a from unnest(v_pending) with ordinality p(a, n)
               where a <> all (v_suppressed || v_reported) order by n);
end
$$;

-- Name: email_list(integer, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_list(p_limit integer DEFAULT 50, p_state text DEFAULT NULL::text) RETURNS TABLE(id uuid, created_at timestamp with time zone, status text, sender text, recipients text[], subject text, attempts integer, last_error text, next_attempt_at timestamp with time zone, source text, size integer)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return query
    select f.id, f.created_at, f.status, f.sender, f.recipients, f.subject, f.attempts, f.last_error,
           f.next_attempt_at, f.source, f.size
    from email_find(jsonb_build_object('state', p_state), p_limit) f;
end
$$;

-- Name: email_list_of(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_list_of(p_tags text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select substr(t, 6) from unnest(p_tags) t where t like 'list:_%' limit 1
$$;

-- Name: email_load(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_load(p_ids uuid[]) RETURNS TABLE(id uuid, message_id text, sender text, raw bytea, tenant text, pending text[], refusals text[], on_unknown text, is_own_rule boolean, is_old boolean, doubt text, doubt_s double precision, is_asked boolean, doubted text[], had text[], expires_s double precision, suppressed text[], reported text[], is_gone boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_now timestamptz := clock();
  v_some_suppressed boolean := exists (select from email_suppressions);
begin
  return query select e.id, e.message_id, e.sender,
         case when e.size = octet_length(e.raw) then e.raw else email_bytes(e.id) end, e.tenant, coalesce(r.pending, '{}'),
         coalesce(r.refusals, '{}'), coalesce(e.on_unknown, q.on_unknown),
         e.on_unknown is not null,
         l.enqueued_at + q.max_age < v_now
           and l.enqueued_at + q.max_age + time_stopped(l.id, q, l.enqueued_at, v_now) < v_now,
         s.provider, extract(epoch from v_now - s.first_at)::double precision,
         coalesce(s.is_asked and exists (   -- asked, and let go: it may have been killed in between
           select from attempts a
           where a.job_id = l.id and a.outcome = 'held' and a.settled_at >= s.at), false),
         coalesce(r.doubted, '{}'), coalesce(r.had, '{}'),
         extract(epoch from l.expires_at - v_now)::double precision,
         case when v_some_suppressed then email_suppressed(e.tenant, r.pending, e.tags) else '{}' end,
         coalesce(r.reported, '{}'), e.body_gone_at is not null
  from unnest(p_ids) i(id)
  join leased_jobs l on l.id = i.id and l.id = any (p_ids)   -- so that no plan goes through all
  join queues q on q.name = l.queue
  join emails e on e.id = l.id and e.id = any (p_ids)
  left join email_submissions s on s.email_id = e.id and s.email_id = any (p_ids)
  cross join lateral (
    select array_agg(a.address order by a.position) filter (
             where a.status = 'pending'
                or (a.status in ('refused', 'suppressed') and a.at < l.enqueued_at)) as pending,
           array_agg(coalesce(nullif(concat_ws(' ', a.code, a.answer), ''), 'refused')
                     order by a.position) filter (
             where a.status in ('refused', 'suppressed') and a.at >= l.enqueued_at) as refusals,
           array_agg(a.address order by a.position) filter (
             where a.status = 'pending' and a.feedback in (
               'delivered', 'opened', 'clicked', 'unsubscribed', 'complained')) as reported,
           array_agg(a.address order by a.position) filter (
             where a.position = any (s.positions)) as doubted,
           array_agg(a.address) filter (
             where a.position = any (s.positions) and a.status = 'delivered') as had
    from email_recipients a where a.email_id = e.id) r;
end
$$;

-- Name: email_login(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login(p_name text) RETURNS TABLE(password_hash text, tenant text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p.hash, l.tenant
  from email_logins l
    cross join lateral (
      values (l.password_hash, 1), (case when l.old_until > clock() then l.old_hash end, 2)
    ) p (hash, place)
  where l.name = p_name and l.disabled_at is null and p.hash is not null
  order by p.place
$$;

-- Name: email_login_add(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
begin
  perform make_durable();
  if coalesce(p_name, '') !~ '^[A-Za-z0-9._@+-]{1,200}$' then
    raise exception 'the name of a login is 1 to 200 of A-Z, a-z, 0-9 and . _ @ + -'
      using errcode = 'JQ005';
  end if;
  insert into email_logins (name, password_hash, tenant, created_at, created_by)
  values (p_name, p_password_hash, p_tenant, clock(), p_by)
  on conflict (name) do nothing;
  if not found then
    raise exception 'there is a login "%" already', p_name using errcode = 'JQ005',
      hint = 'give it a new password with: holdfast email logins rotate';
  end if;
end
$_$;

-- Name: email_login_disable(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_disable(p_name text, p_by text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform make_durable();
  update email_logins l
  set disabled_at = coalesce(l.disabled_at, v_now), disabled_by = coalesce(l.disabled_by, p_by)
  where l.name = p_name;
  if not found then
    raise exception 'no login "%"', left(p_name, 200) using errcode = 'JQ001',
      hint = 'see: holdfast email logins list';
  end if;
end
$$;

-- Name: email_login_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_list() RETURNS TABLE(name text, tenant text, created_at timestamp with time zone, created_by text, rotated_at timestamp with time zone, old_until timestamp with time zone, last_used_at timestamp with time zone, disabled_at timestamp with time zone, disabled_by text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select l.name, l.tenant, l.created_at, l.created_by, l.rotated_at,
         case when l.old_until > clock() then l.old_until end, l.last_used_at, l.disabled_at,
         l.disabled_by
  from email_logins l order by l.name
$$;

-- Name: email_login_rotate(text, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_rotate(p_name text, p_password_hash text, p_overlap interval DEFAULT '00:00:00'::interval) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform make_durable();
  if p_overlap is null or p_overlap < interval '0' or p_overlap > interval '90 days' then
    raise exception 'the overlap is 0 to 90 days' using errcode = 'JQ005';
  end if;
  update email_logins l
  set password_hash = p_password_hash, rotated_at = v_now, disabled_at = null, disabled_by = null,
      (old_hash, old_until) = (
        select l.password_hash, v_now + p_overlap
        where p_overlap > interval '0' and l.disabled_at is null)
  where l.name = p_name;
  if not found then
    raise exception 'no login "%"', left(p_name, 200) using errcode = 'JQ001',
      hint = 'see: holdfast email logins list';
  end if;
end
$$;

-- Name: email_login_used(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_used(p_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  update email_logins l set last_used_at = v_now
  where l.name = p_name
    and (l.last_used_at is null or l.last_used_at < v_now - interval '10 minutes');
end
$$;

-- Name: email_look_on(text, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
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

-- Name: email_mark(uuid, uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform from leased_jobs l where l.id = p_id and l.claim_token = p_claim_token for update;
  if found then
    perform email_record((
      select coalesce(jsonb_agg(p_said || jsonb_build_object(
        'id', l.id, 'attempt', l.attempts, 'address', a)), '[]')
      from leased_jobs l cross join unnest(email_pending(l.id, l.enqueued_at)) a
      where l.id = p_id and l.claim_token = p_claim_token));
  end if;
end
$$;

-- Name: email_mask(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select regexp_replace(p_text,
    '([^[:space:]@<>"''(),;:=])[^[:space:]@<>"''(),;:=]{0,63}@([^[:space:]@<>"''(),;:]+)',
    '\1***@\2', 'g')
$$;

-- Name: email_mask_base64(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_base64(p_text text, p_pattern text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_data bytea;
  v_is_text boolean;
  v_text text;
  v_masked text;
begin
  v_data := decode(regexp_replace(p_text, '\s', '', 'g'), 'base64');
  v_is_text := position('\x00'::bytea in v_data) = 0;
  v_text := case when v_is_text then convert_from(v_data, 'LATIN1') else encode(v_data, 'escape') end;
  v_masked := regexp_replace(v_text, p_pattern, '\1erased', 'gi');
  if v_masked = v_text then
    return p_text;
  end if;
  return email_base64(case when v_is_text then convert_to(v_masked, 'LATIN1')
                           else decode(v_masked, 'escape') end)
      || substring(p_text from '[\r\n]*$');
exception when data_exception then
  return p_text;
end
$_$;

-- Name: email_mask_bytes(bytea, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_bytes(p_raw bytea, p_address text) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_pattern text := email_address_pattern(p_address);
  v_text text;
  v_block text;
  v_masked text;
begin
  if position('\x00'::bytea in p_raw) > 0 then
    return email_body_gone();
  end if;
  v_text := convert_from(p_raw, 'LATIN1');
  for v_block in   -- the parts in base64, and the words in headers
    select m.found[1] from regexp_matches(v_text,
      '\ncontent-transfer-encoding:[ \t]*base64[ \t]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([a-z0-9+/=\r\n]+)',
      'gi') m(found)
    union
    select m.found[1] from regexp_matches(v_text, '=\?[^?\s]+\?b\?([a-z0-9+/=]+)\?=', 'gi') m(found)
  loop
    v_masked := email_mask_base64(v_block, v_pattern);
    if v_masked <> v_block then
      v_text := replace(v_text, v_block, v_masked);
    end if;
  end loop;
  return convert_to(email_mask_names(regexp_replace(v_text, v_pattern, '\1erased', 'gi')), 'LATIN1');
end
$$;

-- Name: email_mask_names(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_names(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select regexp_replace(substring(p_text for h.until),
           '[ \t]*("[^"]*"|(?:[^<>,:;"\r\n]|\r?\n[ \t])+)\s*<erased>', ' <erased>', 'g')
      || substring(p_text from h.until + 1)
  from (select coalesce(nullif(position(E'\r\n\r\n' in p_text), 0),
                        nullif(position(E'\n\n' in p_text), 0), length(p_text))) h(until)
$$;

-- Name: email_match_aged(integer, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_match_aged(p_age integer, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_task text := format('reports after %s s', p_age);
  v_until timestamptz := clock() - make_interval(secs => p_age);
  v_from timestamptz := (select t.at from email_looked_through t where t.task = v_task);
  v record;
begin
  if v_from is null or v_from > v_until then   -- at the beginning, or the clock was put back
    v_from := v_until - interval '1 hour';
  end if;
  with bite as materialized (
    select e.provider, e.event_id, e.stored_at, e.message_id, e.provider_message_id, e.address
    from email_events e
    where e.email_id is null and e.stored_at > v_from and e.stored_at <= v_until
    order by e.stored_at fetch first (p_limit) rows with ties
  ), known as materialized (
    select b.provider, b.event_id, email_of(b.message_id, b.provider_message_id, b.address) as email_id
    from bite b
  ), mine as materialized (
    select e.provider, e.event_id, k.email_id
    from known k join email_events e on e.provider = k.provider and e.event_id = k.event_id
    where k.email_id is not null and e.email_id is null
    for update of e skip locked
  ), found as (
    update email_events e set email_id = m.email_id
    from mine m where e.provider = m.provider and e.event_id = m.event_id
    returning e as event
  )
  select (select max(b.stored_at) from bite b) as last, (select count(*)::integer from bite) as looked,
         (select array_agg(f.event) from found f) as found into v;
  if v.looked > 0 then
    insert into email_looked_through as t (task, at, email, kept, began_at)
    values (v_task, v.last, '00000000-0000-0000-0000-000000000000', 0, v_until)
    on conflict (task) do update set at = excluded.at;
    perform email_move_feedback(v.found), email_heed_found(v.found);
  end if;
  return v.looked;
end
$$;

-- Name: email_match_feedback(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_match_feedback(p_limit integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_age integer;
  v_most integer := 0;
begin
  foreach v_age in array '{10,120,1200,7200}'::integer[] loop
    v_most := greatest(v_most, email_match_aged(v_age, p_limit));
  end loop;
  return v_most;
end
$$;

-- Name: email_move_feedback(holdfast.email_events[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_ids uuid[] := array(select n.email_id from unnest(p_events) n where n.email_id is not null);
begin
  perform from email_recipients r where r.email_id = any (v_ids)
  order by r.email_id, r.position for update;   -- in one order, so that two do not wait in a circle
  update email_recipients r set feedback = n.kind, feedback_at = n.at
  from (select distinct on (u.email_id, u.address) u.email_id, u.address, u.kind, u.at,
               email_feedback_weight(u.kind) as weight
        from unnest(p_events) u
        where u.email_id is not null
        order by u.email_id, u.address, email_feedback_weight(u.kind) / 10 desc, u.at desc,
                 email_feedback_weight(u.kind) desc) n
  where r.email_id = n.email_id and lower(r.address) = n.address
    and r.email_id = any (v_ids)   -- else it may go through all of them, with such statistics
    and (r.feedback is null
         or (n.weight / 10, n.at, n.weight) > (email_feedback_weight(r.feedback) / 10, r.feedback_at,
                                               email_feedback_weight(r.feedback)));
end
$$;

-- Name: email_next_back(text, text, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  if p_way = 'state' then
    return array(
      select j.id from jobs j
      where j.queue = 'email' and j.state = p_along and (p_before is null or j.id < p_before)
      order by j.id desc limit p_limit);
  end if;
  return array(
    select e.id from emails e
    where (p_along is null or e.tenant = p_along) and (p_before is null or e.id < p_before)
    order by e.id desc limit p_limit);
end
$$;

-- Name: email_next_ended(text, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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
  elsif v_place.kept > 0 then
    insert into email_looked_through as p (task, at, email, kept, began_at) select v_place.*
    on conflict (task) do update set at = excluded.at, email = excluded.email, kept = excluded.kept
      where (p.at, p.email) is distinct from (excluded.at, excluded.email);
  end if;
  return v_ids;
end
$$;

-- Name: email_of(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(
    (select r.email_id from email_recipients r
     where r.provider_message_id = p_provider_message_id
     order by lower(r.address) = p_address desc, r.email_id desc limit 1),
    (select e.id from emails e
     where e.message_id = p_message_id
     order by (select count(*) from email_recipients r   -- "exists" may read all of them into a hash
               where r.email_id = e.id and lower(r.address) = p_address) > 0 desc, e.id desc
     limit 1))
$$;

-- Name: email_paces; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_paces (
    scope text NOT NULL,
    ceiling double precision,
    pace double precision,
    changed_at timestamp with time zone NOT NULL,
    because text,
    CONSTRAINT email_paces_ceiling_check CHECK (((ceiling > (0)::double precision) AND (ceiling <= ('1000000'::numeric)::double precision))),
    CONSTRAINT email_paces_pace_check CHECK (((pace > (0)::double precision) AND (pace <= ('1000000'::numeric)::double precision))),
    CONSTRAINT email_paces_scope_check CHECK (((scope ~ '^(provider|domain|tenant):.'::text) AND (length(scope) <= 300)))
);

-- Name: email_pace_now(holdfast.email_paces, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_pace_now(p holdfast.email_paces, p_now timestamp with time zone) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select least(p.ceiling,
    p.pace * power(2, least(extract(epoch from p_now - p.changed_at) / 600, 60)))::double precision
$$;

-- Name: email_pace_policy(double precision, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_pace_policy(p_pace double precision, p_cost integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_build_object('quota', q.units, 'per', round((q.units / p_pace)::numeric, 3),
                            'burst', greatest(q.units, p_cost))
  from (select greatest(round(p_pace), 1)::integer as units) q
$$;

-- Name: email_paced(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_paced() RETURNS TABLE(scope text, per_second double precision, ceiling double precision, changed_at timestamp with time zone, because text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p.scope, email_pace_now(p, clock()), p.ceiling, p.changed_at, p.because
  from email_paces p
  where p.ceiling is not null or p.changed_at > clock() - interval '40 minutes'
  order by p.scope
$$;

-- Name: email_pending(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_pending(p_id uuid, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(array_agg(r.address order by r.position), '{}') from email_recipients r
  where r.email_id = p_id
    and (r.status = 'pending' or (r.status in ('refused', 'suppressed') and r.at < p_enqueued_at))
$$;

-- Name: email_plain(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_plain(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select lower(email_in_ascii(btrim(p_address)))
$$;

-- Name: email_punycode(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode(p_label text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_points integer[] := array(
    select ascii(c) from regexp_split_to_table(p_label, '') with ordinality t(c, n) order by n);
  v_said text := regexp_replace(p_label, '[^\x01-\x7f]', '', 'g');
  v_basic integer := length(v_said);
  v_handled integer := v_basic;
  v_next integer := 128;
  v_before integer := 128;
  v_bias integer := 72;
  v_delta integer := 0;
  v_left integer;
  v_least integer;
  v_place integer;
  v_point integer;
begin
  if v_basic > 0 then
    v_said := v_said || '-';
  end if;
  while v_handled < cardinality(v_points) loop
    v_next := (select min(p) from unnest(v_points) p where p >= v_before);
    v_delta := v_delta + (v_next - v_before) * (v_handled + 1);
    foreach v_point in array v_points loop
      v_delta := v_delta + (v_point < v_next)::integer;
      continue when v_point <> v_next;
      v_left := v_delta;
      v_place := 36;
      loop
        v_least := greatest(1, least(26, v_place - v_bias));
        exit when v_left < v_least;
        v_said := v_said || email_punycode_digit(v_least + (v_left - v_least) % (36 - v_least));
        v_left := (v_left - v_least) / (36 - v_least);
        v_place := v_place + 36;
      end loop;
      v_said := v_said || email_punycode_digit(v_left);
      v_bias := email_punycode_bias(v_delta, v_handled + 1, v_handled = v_basic);
      v_delta := 0;
      v_handled := v_handled + 1;
    end loop;
    v_delta := v_delta + 1;
    v_before := v_next + 1;
  end loop;
  return v_said;
end
$$;

-- Name: email_punycode_bias(integer, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_delta integer := p_delta / case when p_is_first then 700 else 2 end;
  v_bias integer := 0;
begin
  v_delta := v_delta + v_delta / p_points;
  while v_delta > 455 loop
    v_delta := v_delta / 35;
    v_bias := v_bias + 36;
  end loop;
  return v_bias + 36 * v_delta / (v_delta + 38);
end
$$;

-- Name: email_punycode_digit(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode_digit(p_digit integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select substr('abcdefghijklmnopqrstuvwxyz0123456789', p_digit + 1, 1)
$$;

-- Name: email_put_suppressions(jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_rows integer;
begin
  insert into email_suppressions as s (tenant, address, reason, list, source, detail, created_at,
                                       created_by, expires_at)
  select distinct on (e.address, coalesce(e.tenant, ''), e.reason, coalesce(e.list, ''))
         coalesce(e.tenant, ''), e.address, e.reason, coalesce(e.list, ''), coalesce(e.source, p_by),
         left(nullif(e.detail, ''), 1000), v_now, p_by, e.expires_at
  from jsonb_to_recordset(p_entries) e(
    tenant text, address text, reason text, list text, source text, detail text,
    expires_at timestamptz)
  order by e.address, coalesce(e.tenant, ''), e.reason, coalesce(e.list, ''),
           e.expires_at desc nulls first
  on conflict (address, tenant, reason, list) do update
    set expires_at = excluded.expires_at, source = excluded.source, detail = excluded.detail,
        created_at = excluded.created_at,
        created_by = case when p_by = 'feedback' and s.expires_at > v_now then s.created_by
                          else p_by end
    where s.expires_at is not null
      and coalesce(excluded.expires_at, 'infinity') > s.expires_at;
  get diagnostics v_rows = row_count;
  return v_rows;
end
$$;

-- Name: email_raw_again(bytea, text, text, timestamp with time zone, text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_raw_again(p_raw bytea, p_old_id text, p_new_id text, p_now timestamp with time zone, p_link text DEFAULT NULL::text, p_for_others boolean DEFAULT false) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_receive_many(jsonb, bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) RETURNS TABLE(ordinal bigint, id uuid)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select m.n, s.id
  from rows from (jsonb_array_elements(p_emails), unnest(p_raws)) with ordinality m(email, raw, n),
       lateral email_send(m.email ->> 'sender',
                          array(select jsonb_array_elements_text(m.email -> 'recipients')),
                          m.email ->> 'message_id', m.email ->> 'subject', m.raw,
                          m.email -> 'options') s
$$;

-- Name: email_record(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_record(p_results jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_ids uuid[] := array(select (i ->> 'id')::uuid from jsonb_array_elements(p_results) i);
  v_rows integer;
begin
  perform make_durable();
  perform from email_recipients r   -- so that an erasure comes before this or after it
  where r.email_id = any (v_ids)
  order by r.email_id, r.position for update;
  insert into email_answers (email_id, attempt, address, provider, verdict, code, answer, at)
  select v.id, v.attempt, v.address, v.provider,
         coalesce(nullif(v.status, 'pending'), v.verdict), v.code, left(v.answer, 1000), v_now
  from jsonb_to_recordset(p_results) as v(
    id uuid, attempt integer, address text, provider text, verdict text, status text, code integer,
    answer text)
  join email_recipients r on r.email_id = v.id and r.address = v.address and r.email_id = any (v_ids)
  where v.verdict is not null;
  update email_recipients r
  set status = v.status, code = v.code, answer = left(v.answer, 1000), at = v_now,
      provider = coalesce(v.provider, r.provider),
      provider_message_id = coalesce(left(v.provider_message_id, 500), r.provider_message_id)
  from jsonb_to_recordset(p_results) as v(
    id uuid, address text, status text, code integer, answer text, provider text,
    provider_message_id text)
  where r.email_id = v.id and r.address = v.address and r.status not in ('delivered', 'captured');
  get diagnostics v_rows = row_count;
  perform email_suppress_refused(v.id, jsonb_agg(v.item))
  from (select (i ->> 'id')::uuid as id, i as item from jsonb_array_elements(p_results) i
        where i ->> 'status' = 'refused' and exists (
          select from email_recipients r
          where r.email_id = (i ->> 'id')::uuid and r.address = i ->> 'address')) v
  group by v.id order by min(lower(v.item ->> 'address'));   -- so that two do not wait in a circle
  update email_submissions s set is_asked = true
  from jsonb_to_recordset(p_results) as v(id uuid, verdict text)
  where s.email_id = v.id and v.verdict = 'hold';
  update email_submissions s set positions = v.positions
  from (select u.id, array_agg(r.position order by r.position) as positions
        from jsonb_to_recordset(p_results) as u(id uuid, address text, unknown boolean)
        join email_recipients r on r.email_id = u.id and r.address = u.address
        where u.unknown group by u.id) v
  where s.email_id = v.id;
  delete from email_submissions s using (
    select v.id from jsonb_to_recordset(p_results) as v(id uuid, verdict text)
    group by v.id having not bool_or(coalesce(v.verdict, '') in ('unknown', 'hold', 'wait'))) a
  where s.email_id = a.id;
  return v_rows;
end
$$;

-- Name: email_record_all(uuid, text[], text, text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer DEFAULT NULL::integer) RETURNS integer
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select email_record(coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', p_id, 'address', a, 'status', p_status, 'answer', p_answer, 'attempt', p_attempt,
      'verdict', case when p_attempt is not null then 'known' end))
    from unnest(p_addresses) a), '[]'))
$$;

-- Name: email_refusals(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_refusals(p_id uuid, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(array_agg(coalesce(nullif(concat_ws(' ', r.code, r.answer), ''), 'refused')
                            order by r.position), '{}')
  from email_recipients r
  where r.email_id = p_id and r.status in ('refused', 'suppressed') and r.at >= p_enqueued_at
$$;

-- Name: email_reschedule(uuid, timestamp with time zone, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_reschedule(p_id uuid, p_at timestamp with time zone, p_who text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_resend(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_resend(p_id uuid, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_send(text, text[], text, text, bytea, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_send_files(text, text[], text, text, bytea, integer[], bytea[], jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_size bigint;
begin
  p_sender := email_in_ascii(p_sender);
  p_recipients := email_all_in_ascii(p_recipients);
  perform email_check(p_sender, p_recipients, p_message_id, p_subject, p_raw);
  perform email_check_options(p_options);
  v_size := octet_length(p_raw) + email_check_files(octet_length(p_raw), p_places, p_files);
  if v_size > 26214400 then
    raise exception 'email: the message has % bytes; at most 26214400 (25 MiB) are taken', v_size
      using errcode = 'JQ005';
  end if;
  select e.id, e.duplicate into email_send_files.id, email_send_files.duplicate
  from email_enqueue(p_options) e;
  if not email_send_files.duplicate then
    perform email_store(email_send_files.id, p_sender, p_recipients, p_message_id, p_subject, p_raw,
                        p_options || jsonb_build_object('size', v_size));
    perform email_keep_file(f.data) from unnest(p_files) f(data);
    insert into email_attachments (email_id, position, place, hash)
    select email_send_files.id, f.position, f.place, sha256(f.data)
    from unnest(p_places, p_files) with ordinality f(place, data, position);
  else
    perform email_check_same(email_send_files.id, p_sender, p_recipients, p_subject);
  end if;
  return next;
end
$$;

-- Name: email_set_pace(text, double precision, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_settle_moot(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_refusals text[] := email_refusals(p_id, p_enqueued_at);
  v_is_gone boolean := (select e.body_gone_at is not null from emails e where e.id = p_id);
  v_because text;
begin
  if v_is_gone is null then
    v_because := 'there is no email of this id: emails are made by email_send';
  elsif v_is_gone then
    v_because := 'its body was taken out, so there is nothing to send; send a new one';
  elsif v_refusals <> '{}' then
    v_because := array_to_string(v_refusals, '; ');
  end if;
  perform settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', v_because,
    'verdict', case when v_because is null then 'delivered' else 'dead' end)));
end
$$;

-- Name: email_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_show(p_id uuid) RETURNS TABLE(email jsonb, recipients jsonb, attempts jsonb, raw bytea)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_slow_down(text, double precision, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_slow_down(p_scope text, p_observed double precision, p_because text) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_row email_paces;
  v_pace double precision;
begin
  insert into email_paces (scope, changed_at) values (p_scope, '-infinity') on conflict do nothing;
  select * into v_row from email_paces where scope = p_scope for update;
  if v_row.changed_at > v_now - interval '5 seconds' and v_row.pace is not null then
    return email_pace_now(v_row, v_now);
  end if;
  v_pace := coalesce(email_pace_now(v_row, v_now), p_observed);
  v_pace := greatest(least(v_pace, greatest(p_observed, 0.1)) / 2, 0.05);
  update email_paces set pace = v_pace, changed_at = v_now, because = left(p_because, 300)
  where scope = p_scope;
  return v_pace;
end
$$;

-- Name: email_store(uuid, text, text[], text, text, bytea, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_store_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) RETURNS holdfast.email_events[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_fresh email_events[];
begin
  with fresh as (
    insert into email_events as n (provider, event_id, email_id, address, kind, at, code, because,
                                   dead_mailbox, message_id, provider_message_id, stored_at)
    select p_provider, e.event_id, email_of(e.message_id, e.provider_message_id, k.address), k.address,
           e.kind, e.at, left(e.code, 20), left(coalesce(email_mask(e.because), ''), 1000),
           coalesce(e.dead_mailbox, false), left(e.message_id, 998), left(e.provider_message_id, 998),
           v_now
    from jsonb_to_recordset(p_events) e(
      event_id text, address text, kind text, at timestamptz, code text, because text,
      dead_mailbox boolean, message_id text, provider_message_id text)
    cross join lateral email_known_as(e.address) k(address)
    order by e.event_id
    on conflict do nothing
    returning n as event
  )
  select array_agg(f.event) into v_fresh from fresh f;
  return v_fresh;
end
$$;

-- Name: email_submit(uuid[], text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_submit(p_ids uuid[], p_providers text[], p_addresses text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_rows integer;
begin
  perform make_durable();
  insert into email_submissions as s (email_id, provider, first_at, at, positions)
  select v.id, v.provider, v_now, v_now, array_agg(r.position order by r.position)
  from unnest(p_ids, p_providers, p_addresses) v(id, provider, address)
  join email_recipients r on r.email_id = v.id and r.address = v.address and r.email_id = any (p_ids)
  group by v.id, v.provider
  on conflict (email_id) do update
    set provider = excluded.provider, at = excluded.at, is_asked = false,
        positions = excluded.positions,
        first_at = case when (s.provider, s.positions) = (excluded.provider, excluded.positions)
                        then s.first_at else excluded.first_at end;
  get diagnostics v_rows = row_count;
  return v_rows;
end
$$;

-- Name: email_suppress(text, text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress(p_address text, p_by text, p_why text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select email_suppress_many(
    jsonb_build_array(p_options || jsonb_build_object('address', p_address)), p_by, p_why) > 0
$$;

-- Name: email_suppress_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress_many(p_entries jsonb, p_by text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_entries jsonb;
  v_new integer;
begin
  perform email_check_suppressions(p_entries);
  select coalesce(jsonb_agg(e.item || jsonb_build_object(
    'address', email_known_as(e.item ->> 'address'),
    'reason', r.reason,
    'list', case when r.reason = 'unsubscribed' then coalesce(nullif(e.item ->> 'list', ''), '*') end
    )), '[]')
  into v_entries
  from jsonb_array_elements(p_entries) e(item)
  cross join lateral (select coalesce(e.item ->> 'reason', 'manual')) r(reason);
  v_new := email_put_suppressions(v_entries, p_by);
  perform record_operation('suppress', p_by, p_why, jsonb_build_object(
    'addresses', jsonb_array_length(p_entries), 'first', email_address_hash(p_entries #>> '{0,address}')
    ), v_new);
  return v_new;
end
$$;

-- Name: email_suppress_refused(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress_refused(p_id uuid, p_results jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_entries jsonb;
begin
  select jsonb_agg(jsonb_build_object(
           'tenant', coalesce(e.tenant, ''), 'address', email_known_as(r.address), 'reason', 'bounced',
           'source', 'smtp', 'detail', r.answer, 'expires_at', clock() + k.bounces))
  into v_entries
  from jsonb_to_recordset(p_results) r(address text, status text, answer text, personal boolean)
  join emails e on e.id = p_id
  cross join email_keeping k
  where r.status = 'refused' and email_is_dead_mailbox(
      substring(r.answer from '^\s*(?:5[0-9][0-9][ -]+)?(5\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9])'))
    and coalesce(r.personal, not exists (
      select from email_recipients o where o.email_id = p_id and o.address <> r.address));
  return case when v_entries is null then 0 else email_put_suppressions(v_entries, 'smtp') end;
end
$$;

-- Name: email_suppressed(text, text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[] DEFAULT '{}'::text[]) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(array_agg(a.address order by a.n), '{}')
  from (select clock() as now offset 0) t
  cross join unnest(p_addresses) with ordinality a(address, n)
  where exists (
    select from email_suppressions s
    where s.address in (lower(a.address), email_plain(a.address), email_address_hash(a.address))
      and s.tenant in ('', coalesce(p_tenant, ''))
      and (s.expires_at is null or s.expires_at > t.now)
      and (s.list = '' or s.list = '*' and email_list_of(p_tags) is not null
           or 'list:' || s.list = any (p_tags)))
$$;

-- Name: email_suppressions; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_suppressions (
    tenant text DEFAULT ''::text NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    list text DEFAULT ''::text NOT NULL,
    source text NOT NULL,
    detail text,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT email_suppressions_address_check CHECK (((address = lower(address)) AND ((length(address) >= 3) AND (length(address) <= 320)))),
    CONSTRAINT email_suppressions_check CHECK (((list <> ''::text) = (reason = 'unsubscribed'::text))),
    CONSTRAINT email_suppressions_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'complained'::text, 'unsubscribed'::text, 'manual'::text])))
);

-- Name: email_suppression_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppression_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS SETOF holdfast.email_suppressions
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform check_filter(p_filter, '{address,tenant,reason,list}');
  return query
    select s.* from email_suppressions s
    where (p_filter ->> 'address' is null
           or s.address in (email_plain(p_filter ->> 'address'),
                            email_address_hash(p_filter ->> 'address')))
      and (p_filter ->> 'tenant' is null or s.tenant = p_filter ->> 'tenant')
      and (p_filter ->> 'reason' is null or s.reason = p_filter ->> 'reason')
      and (p_filter ->> 'list' is null or s.list = p_filter ->> 'list')
    order by s.created_at desc, s.address limit list_limit(p_limit);
end
$$;

-- Name: email_take_job(uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_take_job(p_id uuid, p_what text) RETURNS holdfast.job
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_take_out(uuid[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_take_out(p_ids uuid[], p_now timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select email_detach(p_ids);
  update emails set raw = email_body_gone(), size = octet_length(email_body_gone()), body_gone_at = p_now,
                    fingerprint = null
  where id = any (p_ids);
$$;

-- Name: email_template_delete(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_delete(p_name text, p_locale text, p_who text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: email_template_list(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_list(p_name text DEFAULT NULL::text) RETURNS TABLE(name text, locale text, part text, source text, updated_at timestamp with time zone, updated_by text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select t.name, t.locale, t.part, t.source, t.updated_at, t.updated_by from email_templates t
  where p_name is null or t.name = p_name or t.name like '\_%'
  order by t.name, t.locale, t.part
$$;

-- Name: email_template_put(text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_put(p_name text, p_locale text, p_part text, p_source text, p_who text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
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
$_$;

-- Name: email_to_resend(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_to_resend(p_id uuid, p_options jsonb) RETURNS holdfast.emails
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
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
$_$;

-- Name: email_unsubscribe(text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_new integer;
begin
  perform make_durable();
  v_new := email_put_suppressions(jsonb_build_array(jsonb_build_object(
    'tenant', p_tenant, 'address', email_known_as(p_address), 'reason', 'unsubscribed',
    'list', p_list, 'source', 'link')), 'recipient');
  perform email_move_feedback(email_store_feedback('link', jsonb_build_array(jsonb_build_object(
    'event_id', p_event, 'kind', 'unsubscribed', 'address', p_address, 'at', clock(),
    'message_id', p_message_id))));
  return v_new > 0;
end
$$;

-- Name: email_unsuppress(text, text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_unsuppress(p_address text, p_by text, p_why text DEFAULT NULL::text, p_tenant text DEFAULT NULL::text, p_reason text DEFAULT NULL::text, p_list text DEFAULT NULL::text) RETURNS TABLE(removed integer, remaining integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  if p_reason not in ('bounced', 'complained', 'unsubscribed', 'manual') then
    raise exception 'reason is bounced, complained, unsubscribed or manual' using errcode = 'JQ005';
  end if;
  delete from email_suppressions s
  where s.address in (email_plain(p_address), email_address_hash(p_address))
    and (p_tenant is null or s.tenant = p_tenant)
    and (p_list is null or s.list = p_list)
    and case when p_reason is null then s.reason in ('bounced', 'manual') else s.reason = p_reason end;
  get diagnostics removed = row_count;
  select count(*) into remaining from email_suppressions s
  where s.address in (email_plain(p_address), email_address_hash(p_address))
    and (s.expires_at is null or s.expires_at > v_now);
  perform record_operation('unsuppress', p_by, p_why, jsonb_strip_nulls(jsonb_build_object(
    'address', email_address_hash(p_address), 'tenant', p_tenant, 'reason', p_reason, 'list', p_list)),
    removed);
  return next;
end
$$;

-- Name: email_upkeep_step(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_upkeep_step() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_end timestamptz := clock_timestamp() + interval '2 seconds';   -- how long it takes, whatever the time
  v_more boolean := email_is_upkeep_due();
begin
  while v_more and clock_timestamp() < v_end loop
    v_more := email_match_feedback(500) >= 500;
    v_more := email_drop_bodies(200) = 200 or v_more;
    v_more := email_forget(500) = 500 or v_more;
    v_more := email_files_prune(100) = 100 or v_more;
  end loop;
end
$$;

-- Name: email_without_address(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_without_address(p_text text, p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select regexp_replace(p_text,
    '(^|[^[:alnum:]._%+-])' || regexp_replace(p_address, '([^[:alnum:]@])', '\\\1', 'g')
    || '(?![[:alnum:]-]|\.[[:alnum:]])', '\1erased', 'gi')
$$;

-- Name: enqueue(text, text, jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb DEFAULT '{}'::jsonb, p_options jsonb DEFAULT '{}'::jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid;
  v_awaited boolean;
begin
  insert into ready_jobs (id, queue, kind, payload, priority, attempts, crashes, deferrals,
                          enqueued_at, run_at)
  select new_id(), q.name, p_kind, coalesce(nullif(p_payload, 'null'), '{}'), 5, 0, 0, 0, t.now, t.now
  from queues q cross join (select clock() as now offset 0) t
  where q.name = p_queue and p_options = '{}' and length(p_kind) between 1 and 200
    and pg_column_size(p_payload) <= 2000 and make_durable()
  returning id, exists (
    select from idle_workers i where i.queue = p_queue and i.until > clock_timestamp())
  into v_id, v_awaited;
  if v_awaited then
    perform wake(array[p_queue]);
  elsif v_awaited is null then
    if jsonb_typeof(p_options) is distinct from 'object' then
      raise exception 'options is a JSON object, not %', coalesce(jsonb_typeof(p_options), 'null')
        using errcode = 'JQ005';
    end if;
    select e.id into v_id from enqueue_many(jsonb_build_array(
      p_options || jsonb_build_object('queue', p_queue, 'kind', p_kind, 'payload', p_payload))) e;
  end if;
  return v_id;
end
$$;

-- Name: enqueue_columns(text[], text[], jsonb[], text[], text[], boolean[], timestamp with time zone[], timestamp with time zone[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[] DEFAULT NULL::text[], p_supersede boolean[] DEFAULT NULL::boolean[], p_run_at timestamp with time zone[] DEFAULT NULL::timestamp with time zone[], p_expires_at timestamp with time zone[] DEFAULT NULL::timestamp with time zone[]) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
begin
  if array_remove(p_ordering_keys, null) <> '{}' or array_remove(p_run_at, null) <> '{}' then
    return id_of_batch(e.id, -1) from enqueue_many((
      select jsonb_agg(job_of_columns(j.queue, j.kind, j.payload, j.tenant, j.ordering_key,
                                      j.supersede, j.run_at, j.expires_at) order by j.n)
      from unnest(p_queues, p_kinds, p_payloads, p_tenants, p_ordering_keys, p_supersede, p_run_at,
                  p_expires_at) with ordinality
        j(queue, kind, payload, tenant, ordering_key, supersede, run_at, expires_at, n))) e
    where e.ordinal = 1;
  end if;
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, attempts, crashes, deferrals,
                          enqueued_at, run_at, expires_at)
  select id_of_batch(v_batch, j.n),
         case when length(j.kind) between 1 and 200 and pg_column_size(j.payload) <= 2000
                and (length(j.tenant) between 1 and 200) is not false
                and j.queue in (select name from queues)
           then j.queue
           else look_over(job_of_columns(j.queue, j.kind, j.payload, j.tenant), j.n) end,
         j.kind, coalesce(nullif(j.payload, 'null'), '{}'), 5, j.tenant, 0, 0, 0, v_now, v_now,
         j.expires_at
  from unnest(p_queues, p_kinds, p_payloads, p_tenants, p_expires_at) with ordinality
    j(queue, kind, payload, tenant, expires_at, n);
  if exists (select from idle_workers where until > clock_timestamp()) then
    perform wake(array(select distinct q from unnest(p_queues) q));
  end if;
  return v_batch;
end
$$;

-- Name: enqueue_many(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_many(p_jobs jsonb) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_now timestamptz := clock();
  v_batch uuid;
  v_letters jsonb;
begin
  if jsonb_typeof(p_jobs) = 'array' and not exists (
    select from jsonb_array_elements(p_jobs) e where e ?| '{dedupe_key,ordering_key,run_at,id}')
  then
    v_batch := enqueue_plain(p_jobs);
    return query
      select n, id_of_batch(v_batch, n), false
      from generate_series(1::bigint, jsonb_array_length(p_jobs)) n;
    return;
  end if;
  perform check_jobs(p_jobs);
  perform make_durable();
  v_batch := new_id();
  perform take_dedupe_keys(p_jobs, v_batch, v_now);
  v_letters := letters_to_revive(p_jobs);
  perform take_ordering_keys(p_jobs || v_letters, v_batch);
  perform revive_letters(v_letters);
  return query
    select e.ord, o.id, o.duplicate
    from jsonb_array_elements(p_jobs) with ordinality e(item, ord),
         lateral enqueue_one(jsonb_populate_record(null::job, e.item), e.item,
                             id_of_batch(v_batch, e.ord), v_now) o;
  perform wake(array(select distinct e ->> 'queue' from jsonb_array_elements(p_jobs) e));
end
$$;

-- Name: enqueue_one(holdfast.job, jsonb, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job job := p_job;
  v_known uuid;
begin
  v_job.id := coalesce(p_job.id, p_id);
  v_job.payload := coalesce(nullif(p_job.payload, 'null'), '{}');
  v_job.priority := coalesce(p_job.priority, 5);
  v_job.attempts := 0;
  v_job.crashes := 0;
  v_job.deferrals := 0;
  v_job.enqueued_at := p_now;
  v_job.run_at := greatest(coalesce(p_job.run_at, p_now), p_now);
  if p_item ->> 'dedupe_key' is not null then
    v_known := holder_of_dedupe_key(v_job, p_item, p_now);
    if v_known <> v_job.id then
      -- Who writes nothing waits for no standby at his commit. The other job may be on this server
      -- alone as yet: who waited for its commit was cut off. So this one waits in his place.
      if current_setting('synchronous_standby_names') <> '' then
        perform pg_logical_emit_message(true, 'holdfast', 'known');
      end if;
      return query select v_known, true;
      return;
    end if;
  end if;
  if p_job.id is not null then
    perform refuse_known_id(p_job.id);
  end if;
  if (p_item ->> 'supersede')::boolean then
    perform supersede(v_job, p_now);
  end if;
  perform put_in_line(v_job);
  return query select v_job.id, false;
end
$$;

-- Name: enqueue_payloads(text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_batch uuid := new_id();
begin
  insert into ready_jobs (id, queue, kind, payload, priority, attempts, crashes, deferrals,
                          enqueued_at, run_at)
  select id_of_batch(v_batch, j.ord), q.name, p_kind,
         case when pg_column_size(e) <= 1048576 then coalesce(nullif(e, 'null'), '{}')
           else to_jsonb(look_over(jsonb_build_object('queue', p_queue, 'kind', p_kind, 'payload', e),
                                   j.ord)) end,
         5, 0, 0, 0, q.now, q.now
  from (select name, clock() as now from queues where name = p_queue and make_durable() offset 0) q
       cross join jsonb_array_elements(p_payloads) with ordinality j(e, ord)
  where length(p_kind) between 1 and 200;
  if not found and p_payloads is distinct from '[]' then
    perform check_jobs(case when jsonb_typeof(p_payloads) = 'array' then
      jsonb_build_array(jsonb_build_object('queue', p_queue, 'kind', p_kind)) end);
  end if;
  if exists (select from idle_workers i where i.queue = p_queue and i.until > clock_timestamp()) then
    perform wake(array[p_queue]);
  end if;
  return v_batch;
end
$$;

-- Name: enqueue_plain(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_plain(p_jobs jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
begin
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, attempts, crashes, deferrals,
                          enqueued_at, run_at, expires_at, replay_of)
  select id_of_batch(v_batch, j.ord),
         case when jsonb_typeof(e) = 'object'
                and e - '{queue,kind,payload,priority,tenant}'::text[] = '{}'
                and length(e ->> 'kind') between 1 and 200
                and (pg_column_size(e -> 'payload') <= 1048576) is not false
                and (e ->> 'priority' ~ '^[0-9]$') is not false
                and (length(e ->> 'tenant') between 1 and 200) is not false
                and e ->> 'queue' in (select name from queues)
           then e ->> 'queue' else look_over(e, j.ord) end,
         e ->> 'kind', coalesce(nullif(e -> 'payload', 'null'), '{}'),
         coalesce((e ->> 'priority')::smallint, 5), e ->> 'tenant', 0, 0, 0, v_now, v_now,
         (e ->> 'expires_at')::timestamptz, (e ->> 'replay_of')::uuid
  from jsonb_array_elements(p_jobs) with ordinality j(e, ord);
  if not found then
    perform check_jobs(p_jobs);
  end if;
  if exists (select from idle_workers where until > clock_timestamp()) then
    perform wake(array(select distinct e ->> 'queue' from jsonb_array_elements(p_jobs) e));
  end if;
  return v_batch;
end
$_$;

-- Name: error_fingerprint(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.error_fingerprint(p_kind text, p_error text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return left(encode(sha256(convert_to(p_kind || chr(31) || regexp_replace(
    lower(left(p_error, 500)),
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[^\s@<]+@[^\s@>]+|0x[0-9a-f]+|\m[0-9a-f]{12,}\M|\m[a-z]*_[a-z0-9]{10,}\M|[0-9]+',
    '#', 'g'), 'UTF8')), 'hex'), 12);
end
$$;

-- Name: every_or_error(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.every_or_error(p_every text) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_every interval;
begin
  begin
    v_every := p_every::interval;
  exception when data_exception then v_every := '0';
  end;
  if not (v_every between '1 second' and '366 days' and extract(months from v_every) = 0
          and extract(years from v_every) = 0) then
    raise exception 'every is 1 second to 366 days, without months or years, not "%"', left(p_every, 100)
      using errcode = 'JQ005',
      hint = 'for example 30 seconds, 5 minutes or 1 day; for each month: cron 0 3 1 * *';
  end if;
  return v_every;
end
$$;

-- Name: expire(text, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job ready_jobs;
  v_over uuid[];
  v_keys text[];
  v_before integer;
  v_ended integer := 0;
begin
  while v_ended < p_limit and v_ended is distinct from v_before loop
    v_before := v_ended;
    v_over := array(
      select i.id from ready_jobs i
      where i.queue = p_queue and i.expires_at > p_from and i.expires_at <= p_now
      order by i.expires_at limit p_limit - v_before);
    v_keys := array(
      select o.key from ordering_keys o
      where o.queue = p_queue and o.key = any (array(
        select r.ordering_key from ready_jobs r where r.id = any (v_over)))
      for update skip locked);
    for v_job in
      delete from ready_jobs r where r.id = any (array(
        select i.id from ready_jobs i
        where i.id = any (v_over) and (i.ordering_key is null or i.ordering_key = any (v_keys))
        for update skip locked))
      returning r.*
    loop
      perform finish(job_of(v_job), 'expired', 'not run before it expired', p_now);
      v_ended := v_ended + 1;
    end loop;
  end loop;
  return v_ended;
end
$$;

-- Name: explain(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.explain(p_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job jobs;
  v_policy queues;
  v_now timestamptz := clock();
begin
  select * into v_job from jobs where id = p_id;
  if not found then
    raise exception 'no job %', p_id using errcode = 'JQ001',
      hint = 'finished jobs are forgotten after their queue''s retention';
  end if;
  v_policy := queue_policy(v_job.queue);
  return jsonb_build_object(
    'id', v_job.id, 'queue', v_job.queue, 'kind', v_job.kind, 'state', v_job.state,
    'attempts', v_job.attempts, 'max_attempts', v_policy.max_attempts,
    'attempts_left', greatest(v_policy.max_attempts - v_job.attempts, 0),
    'crashes', v_job.crashes, 'deferrals', v_job.deferrals)
    || explain_wait(v_job, v_policy, v_now)
    || jsonb_build_object('history', attempt_history(p_id));
end
$$;

-- Name: explain_limit(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_breaker breakers;
  v_running bigint;
  v_full_at bigint;
  v_period bigint := (extract(epoch from p_policy.rate_per) * 1e9)::bigint;
  v_burst integer := coalesce(p_policy.rate_burst, p_policy.rate_quota);
begin
  select * into v_breaker from breakers where name = p_policy.breaker and opened_at is not null;
  if v_breaker.name is not null then
    return say('breaker', format('the breaker "%s" is %s: %s', v_breaker.name,
               breaker_state(v_breaker, p_now), v_breaker.because),
               -- a half-open one waits for what a try says, not for a time
               case when v_breaker.open_until > p_now then nullif(v_breaker.open_until, 'infinity') end);
  end if;
  v_running := (select count(*) from leased_jobs l
                where l.queue = p_policy.name and l.lease_until > p_now);
  if v_running >= p_policy.max_running then
    return say('max_running', format('%s jobs of the queue run, and no more than %s may', v_running,
               p_policy.max_running), null);
  end if;
  v_full_at := (select full_at from rate_limits where key = 'queue:' || p_policy.name
                and policy = 'jobs' and not durable);
  if p_policy.rate_quota is not null and rate_left(
       v_full_at, p_policy.rate_quota, v_period, v_burst, nanoseconds(p_now)) < 1 then
    return say('rate_limit', format('%s jobs per %s may begin', p_policy.rate_quota,
               p_policy.rate_per), to_timestamp((v_full_at
                 - rate_worth(v_burst - 1, p_policy.rate_quota, v_period)) / 1e9));
  end if;
  return null;
end
$$;

-- Name: deferred_jobs; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.deferred_jobs (
    id uuid NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer NOT NULL,
    crashes integer NOT NULL,
    deferrals integer NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    waits_for text NOT NULL,
    because text,
    "position" bigint NOT NULL,
    in_line boolean DEFAULT false NOT NULL,
    held_at timestamp with time zone,
    CONSTRAINT deferred_jobs_waits_for_check CHECK ((waits_for = ANY (ARRAY['time'::text, 'key'::text, 'person'::text])))
);

-- Name: finished_jobs; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.finished_jobs (
    id uuid NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer NOT NULL,
    crashes integer NOT NULL,
    deferrals integer NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    state text NOT NULL,
    note text,
    worker text,
    claimed_at timestamp with time zone,
    finished_at timestamp with time zone NOT NULL,
    CONSTRAINT finished_jobs_state_check CHECK ((state = ANY (ARRAY['done'::text, 'cancelled'::text, 'expired'::text])))
)
PARTITION BY RANGE (finished_at);

ALTER TABLE ONLY holdfast.finished_jobs REPLICA IDENTITY FULL;

-- Name: ready_jobs; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.ready_jobs (
    id uuid NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer NOT NULL,
    crashes integer NOT NULL,
    deferrals integer NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    seq bigint NOT NULL
);

-- Name: jobs; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.jobs AS
 SELECT ready_jobs.id,
    ready_jobs.queue,
    ready_jobs.kind,
    'ready'::text AS state,
    ready_jobs.priority,
    ready_jobs.tenant,
    ready_jobs.ordering_key,
    ready_jobs.attempts,
    ready_jobs.crashes,
    ready_jobs.deferrals,
    ready_jobs.enqueued_at,
    ready_jobs.run_at,
    ready_jobs.expires_at,
    ready_jobs.replay_of,
    NULL::text AS waits_for,
    NULL::text AS because,
    NULL::text AS worker,
    NULL::timestamp with time zone AS lease_until,
    NULL::timestamp with time zone AS ended_at,
    ready_jobs.payload
   FROM holdfast.ready_jobs
UNION ALL
 SELECT leased_jobs.id,
    leased_jobs.queue,
    leased_jobs.kind,
    'leased'::text AS state,
    leased_jobs.priority,
    leased_jobs.tenant,
    leased_jobs.ordering_key,
    leased_jobs.attempts,
    leased_jobs.crashes,
    leased_jobs.deferrals,
    leased_jobs.enqueued_at,
    leased_jobs.run_at,
    leased_jobs.expires_at,
    leased_jobs.replay_of,
    NULL::text AS waits_for,
    NULL::text AS because,
    leased_jobs.worker,
    leased_jobs.lease_until,
    NULL::timestamp with time zone AS ended_at,
    leased_jobs.payload
   FROM holdfast.leased_jobs
UNION ALL
 SELECT deferred_jobs.id,
    deferred_jobs.queue,
    deferred_jobs.kind,
        CASE deferred_jobs.waits_for
            WHEN 'person'::text THEN 'held'::text
            ELSE 'ready'::text
        END AS state,
    deferred_jobs.priority,
    deferred_jobs.tenant,
    deferred_jobs.ordering_key,
    deferred_jobs.attempts,
    deferred_jobs.crashes,
    deferred_jobs.deferrals,
    deferred_jobs.enqueued_at,
    deferred_jobs.run_at,
    deferred_jobs.expires_at,
    deferred_jobs.replay_of,
    deferred_jobs.waits_for,
    deferred_jobs.because,
    NULL::text AS worker,
    NULL::timestamp with time zone AS lease_until,
    NULL::timestamp with time zone AS ended_at,
    deferred_jobs.payload
   FROM holdfast.deferred_jobs
UNION ALL
 SELECT dead_letters.id,
    dead_letters.queue,
    dead_letters.kind,
    'dead'::text AS state,
    dead_letters.priority,
    dead_letters.tenant,
    dead_letters.ordering_key,
    dead_letters.attempts,
    dead_letters.crashes,
    dead_letters.deferrals,
    dead_letters.enqueued_at,
    dead_letters.run_at,
    dead_letters.expires_at,
    dead_letters.replay_of,
    NULL::text AS waits_for,
    dead_letters.error AS because,
    NULL::text AS worker,
    NULL::timestamp with time zone AS lease_until,
    dead_letters.died_at AS ended_at,
    dead_letters.payload
   FROM holdfast.dead_letters
UNION ALL
 SELECT finished_jobs.id,
    finished_jobs.queue,
    finished_jobs.kind,
    finished_jobs.state,
    finished_jobs.priority,
    finished_jobs.tenant,
    finished_jobs.ordering_key,
    finished_jobs.attempts,
    finished_jobs.crashes,
    finished_jobs.deferrals,
    finished_jobs.enqueued_at,
    finished_jobs.run_at,
    finished_jobs.expires_at,
    finished_jobs.replay_of,
    NULL::text AS waits_for,
    finished_jobs.note AS because,
    finished_jobs.worker,
    NULL::timestamp with time zone AS lease_until,
    finished_jobs.finished_at AS ended_at,
    finished_jobs.payload
   FROM holdfast.finished_jobs;

-- Name: explain_wait(holdfast.jobs, holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_heads uuid[];
  v_workers bigint;
begin
  case
    when p_job.state in ('done', 'cancelled', 'expired', 'dead') then
      return say('ended', format('it has been %s since %s%s', p_job.state, p_job.ended_at,
                 coalesce(': ' || p_job.because, '')), null);
    when p_job.state = 'leased' then
      return say('lease', format('%s works on it; if nothing is heard, it is rescued at %s',
                 p_job.worker, p_job.lease_until), p_job.lease_until);
    when p_job.state = 'held' then
      return say('held', format('a person must let it go on: %s', p_job.because), null);
    when p_job.waits_for = 'key' then
      v_heads := (select heads from ordering_keys
                 where queue = p_job.queue and key = p_job.ordering_key);
      return say('ordering_key', format('job %s of the same ordering key "%s" goes first', v_heads[1],
                 p_job.ordering_key), null);
    when p_job.waits_for = 'time' and p_job.run_at > p_now then
      return say(case when p_job.attempts > 0 or p_job.deferrals > 0 then 'retry' else 'run_at' end,
                 format('it is due at %s%s%s', p_job.run_at, case when p_job.expires_at <= p_job.run_at
                          then ', and ends then, unrun, for it expires at ' || p_job.expires_at end,
                        coalesce(': ' || p_job.because, '')),
                 p_job.run_at);
    when is_paused(p_policy, p_now) then
      return say('paused', format('the queue is paused by %s%s', p_policy.paused_by,
                 coalesce(': ' || p_policy.paused_why, '')), p_policy.paused_until);
    when is_limited(p_policy) and explain_limit(p_policy, p_now) is not null then
      return explain_limit(p_policy, p_now);
    when is_tenant_full(p_job.tenant, p_policy, p_now) then
      return say('max_running_per_tenant', format('%s jobs of the tenant "%s" run, and no more may',
                 p_policy.max_running_per_tenant, p_job.tenant), null);
    else
      v_workers := (select count(*) from workers
                    where p_job.queue = any (queues) and seen_at > p_now - interval '60 s');
      if v_workers = 0 then
        return say('no_worker', format('it is due, and no worker serves the queue "%s"', p_job.queue),
                   null);
      end if;
      return say('queued', format('it is due and waits for its turn; workers that serve the queue: %s',
                 v_workers), null);
  end case;
end
$$;

-- Name: extend(jsonb, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.extend(p_leases jsonb, p_lease interval DEFAULT NULL::interval) RETURNS SETOF uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_now timestamptz := clock();
  v_ids uuid[];   -- beside the joins: no plan goes through all leases for them
begin
  perform make_durable();
  v_ids := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
  return query
    with mine as (
      select l.id, least(coalesce(p_lease, q.lease), interval '1 day') as lease
      from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
      join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids)
      join queues q on q.name = l.queue
      order by l.id for update of l skip locked
    )
    update leased_jobs l set lease_until = greatest(l.lease_until, v_now + m.lease)
    from mine m where l.id = m.id and l.id = any (v_ids)
    returning l.id;
  perform keep_probes(v_ids);
end
$$;

-- Name: extend_slot(text, uuid, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.extend_slot(p_key text, p_slot uuid, p_for interval DEFAULT '00:01:00'::interval) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  update slots set until = greatest(until, v_now + least(p_for, interval '1 day'))
  where key = p_key and slot = p_slot and until > v_now;
  return found;
end
$$;

-- Name: fill_key(text, text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_width integer := (select max_running_per_key from queues where name = p_queue);
  v_heads uuid[] := p_heads;
  v_next deferred_jobs;
begin
  while cardinality(v_heads) < v_width loop
    v_next := next_of_key(p_queue, p_key);
    exit when v_next.id is null;
    v_heads := v_heads || v_next.id;
    if v_next.waits_for = 'key' then   -- else a person holds it, and with it those behind
      perform let_run(job_of(v_next), null);
    end if;
  end loop;
  if v_heads = '{}' then
    delete from ordering_keys where queue = p_queue and key = p_key;
  else
    update ordering_keys set heads = v_heads where queue = p_queue and key = p_key;
  end if;
end
$$;

-- Name: find_job(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.find_job(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $_$
declare
  v_digits text := lower(replace(btrim(p_text), '-', ''));
  v_first uuid;
  v_last uuid;
  v_found uuid[];
begin
  if coalesce(v_digits, '') !~ '^[0-9a-f]{6,32}$' then
    raise exception 'an id has 32 hexadecimal digits; give all, or at least its first or last six'
      using errcode = 'JQ005';
  elsif length(v_digits) = 32 then
    return v_digits::uuid;
  end if;
  v_first := rpad(v_digits, 32, '0')::uuid;
  v_last := rpad(v_digits, 32, 'f')::uuid;
  v_found := array(
    select j.id from jobs j where j.id between v_first and v_last order by j.id desc limit 3);
  if v_found = '{}' then   -- no index knows how an id ends: each has to be read
    v_found := array(
      select n.id from (
        select j.id from jobs j order by j.id desc limit most_looked_through()) n
      where replace(n.id::text, '-', '') like '%' || v_digits
      order by n.id desc limit 3);
  end if;
  if cardinality(v_found) = 0 then
    raise exception 'no job with an id that begins or ends with "%"', p_text using errcode = 'JQ001',
      hint = 'an older one than the newest million is found by its first digits, not by its last';
  elsif cardinality(v_found) > 1 then
    raise exception 'several jobs have an id that begins or ends with "%"', p_text
      using errcode = 'JQ005', hint = 'give more digits, for example of ' || v_found[1];
  end if;
  return v_found[1];
end
$_$;

-- Name: finish(holdfast.job, text, text, timestamp with time zone, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text DEFAULT NULL::text, p_claimed_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into finished_jobs (
    id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
    enqueued_at, run_at, expires_at, replay_of, state, note, worker, claimed_at, finished_at)
  select (p_job).*, p_state, p_note, p_worker, p_claimed_at, p_now;
  perform advance_key(p_job.queue, p_job.ordering_key, p_job.id);
  return p_state;
end
$$;

-- Name: full_tenants(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.full_tenants(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select array(
    select l.tenant from leased_jobs l
    where l.queue = p_policy.name and l.lease_until > p_now and l.tenant is not null
    group by l.tenant having count(*) >= p_policy.max_running_per_tenant)
$$;

-- Name: get_email_queue_batch(integer, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.get_email_queue_batch(p_batch_size integer DEFAULT 50, p_lease interval DEFAULT '00:10:00'::interval) RETURNS TABLE(id uuid, claim_token uuid, attempt integer, sender text, recipients text[], subject text, message_id text, raw bytea, tenant text, metadata jsonb, enqueued_at timestamp with time zone, expires_at timestamp with time zone, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job record;
begin
  for v_job in select c.* from claim('email', p_batch_size, null, p_lease) c loop
    recipients := email_left(v_job.id, v_job.attempt, v_job.enqueued_at);
    if recipients = '{}' then
      perform email_settle_moot(v_job.id, v_job.claim_token, v_job.enqueued_at);
      continue;
    end if;
    select e.id, v_job.claim_token, v_job.attempt, e.sender, e.subject, e.message_id,
           case when e.size = octet_length(e.raw) then e.raw else email_bytes(e.id) end, e.tenant,
           e.metadata, v_job.enqueued_at, v_job.expires_at, v_job.lease_until
    into id, claim_token, attempt, sender, subject, message_id, raw, tenant, metadata, enqueued_at,
         expires_at, lease_until
    from emails e where e.id = v_job.id;
    return next;
  end loop;
end
$$;

-- Name: get_webhook_retry_batch(integer, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.get_webhook_retry_batch(p_batch_size integer DEFAULT 50, p_lease interval DEFAULT '00:10:00'::interval) RETURNS TABLE(id uuid, claim_token uuid, attempt integer, handler text, event uuid, source text, event_id text, event_type text, body bytea, headers jsonb, received_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_paused text;
begin
  for id, claim_token, attempt, handler, event, source, event_id, event_type, body, headers, received_at,
      v_paused
  in
    select c.id, c.claim_token, c.attempt, c.kind, e.id, e.source, e.event_id, e.event_type, e.body,
           e.headers, e.received_at, e.paused
    from claim('webhooks', p_batch_size, 'get_webhook_retry_batch', p_lease) c
    left join lateral webhook_load_many(array[(c.payload ->> 'event')::uuid]) e on true
  loop
    if v_paused is null then
      return next;
    else
      perform settle(jsonb_build_array(jsonb_build_object(
        'id', id, 'token', claim_token, 'verdict', 'hold', 'because', v_paused)));
    end if;
  end loop;
end
$$;

-- Name: give_back(holdfast.queues, integer, integer, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform refund_rate(p_policy, p_admitted - p_picked);
  if p_policy.breaker is not null and p_picked = 0 then
    perform return_probe(p_policy.breaker, p_token);
  end if;
end
$$;

-- Name: grant_channels(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_channels(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_function regproc;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and p.proname like '%\_grants'
      and p.proname <> 'apply_grants'
    order by p.proname  -- an upgrade grants in the order of an installation
  loop
    execute format('select %s(%L)', v_function, p_prefix);
  end loop;
end
$$;

-- Name: grant_enqueue(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_enqueue(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  execute format('grant select on migrations, queues, idle_workers to %I', p_role);
  execute format('grant select, insert, update on dedupe_keys, ordering_keys to %I', p_role);
  execute format('grant insert on ready_jobs, deferred_jobs to %I', p_role);
  execute format('grant select (id) on ready_jobs, leased_jobs, deferred_jobs, dead_letters, '
    'finished_jobs to %I', p_role);
  perform grant_functions(p_role, '{clock,new_id,enqueue,enqueue_many,enqueue_plain,enqueue_payloads,enqueue_columns,job_of_columns,look_over,enqueue_one,job_complaint,id_of_batch,'
    'take_dedupe_keys,take_ordering_keys,letters_to_revive,revive_letters,leave_keys,holder_of_dedupe_key,refuse_known_id,check_jobs,make_durable,put_ready,put_deferred,'
    'put_in_line,let_run,become_head,supersede,wake,queue_policy}');
end
$$;

-- Name: grant_functions(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_functions(p_role text, p_names text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p where p.pronamespace = current_schema()::regnamespace
      and p.proname = any (p_names)
  loop
    execute format('grant execute on function %s to %I', v_function, p_role);
  end loop;
end
$$;

-- Name: grant_read(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_read(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  execute format('grant select on all tables in schema %I to %I', current_schema(), p_role);
  perform grant_functions(p_role, '{clock,explain,explain_wait,say,attempt_history,audit,queue_policy,'
    'is_paused,select_dead_letters,job_list,job_show,find_job,dead_letter_list,'
    'dead_letter_group_list,dead_letter_groups_at_hand,edge_of_group,count_group,dead_letter_show,queue_list,worker_list,checkup,list_limit,most_looked_through,raise_goes_on,read_job_filter,check_filter,'
    'is_limited,explain_limit,is_tenant_full,breaker_list,breaker_named,breaker_state,blocked_key_list,rate_limit_list,'
    'rate_left,rate_worth,nanoseconds,schedule_list,schedule_preview,schedule_named,next_tick_of,cron_next,'
    'cron_fields,cron_field,cron_value,next_cron_day,beginning_of,is_left_out,zone_or_error,'
    'plan_replay,replay_excluded,replay_list,replay_show,replay_item_list,replay_numbered,alert_list,'
    'operation_list,lineage,replaced_by,breaker_of_queue}');
end
$$;

-- Name: grant_work(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_work(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform grant_read(p_role);
  perform grant_enqueue(p_role);
  execute format('grant select, insert, update, delete on ready_jobs, leased_jobs, deferred_jobs, '
    'dead_letters, finished_jobs, attempts, dedupe_keys, ordering_keys, workers, idle_workers to %I',
    p_role);
  execute format('grant select, insert, update, delete on ready_marks, tenant_turns, rate_limits, '
    'slots, breakers, schedules, schedule_ticks, replays, replay_items, alerts '
    'to %I', p_role);
  execute format('grant select on sequence ready_jobs_seq_seq to %I', p_role);
  execute format('grant insert on operations to %I', p_role);
  execute format('grant insert, update on queues to %I', p_role);
  perform grant_functions(p_role, '{claim,promote_due,expire,rescue,leases_of_busy_keys,rescue_one,extend,still_leased,release,heartbeat,'
    'set_idle,sign_off,settle,settle_done,settle_delivered,settle_one,retry,snooze,snooze_for,seconds_of,moment_of,settle_unknown,finish,'
    'record_attempt,record_late,record_held,time_stopped,pauses_of,bury,error_fingerprint,advance_key,fill_key,widen_keys,job_of,next_attempt_at,backoff,'
    'wished,maintain,maintain_keyed,prune,prune_keys,prune_letters,maintain_partitions,maintain_partitions_if_due,make_partition,create_queue,'
    'set_queue,change_policy,unread_policy,policy_apart,differences,revive_if_dead,as_edited,revive,record_operation,'
    'bring_in,pick,pick_in_turn,pick_round,pick_of_tenant,tenants_in_turn,move_turn,has_plain_jobs,'
    'waiting_tenants,full_tenants,room_of_tenants,admit,give_back,refund_rate,rate_of_queue,move_mark,'
    'is_decided,next_tenant_mark,prune_marks,settle_others,next_of_key,'
    'rate_check,rate_check_many,rate_allowed,read_rate_checks,limits_of,rate_complaint,read_full_at,lock_rates,'
    'judge_rates,rate_answer_of,write_rates,refuse_transaction,prune_rates,take_slot,extend_slot,'
    'release_slot,set_breaker,ask_breaker,tell_breaker,outcomes_by_breaker,tell_breakers,'
    'prune_breakers,count_results,is_too_much,open_breaker,close_breaker,return_probe,keep_probes,'
    'set_schedule,is_rhythm,check_schedule,every_or_error,tick_schedules,next_tick_in,take_ticks,prune_ticks,'
    'step_replays,judge_canary,run_replay,take_keys_of,lock_keys,lock_keys_of_leases,advance_replay,key_of_letter,put_off_letter,next_of_replay,last_of_replay,replay_letter,prune_replays,'
    'set_aside,claim_job,next_due,admitted_in,raise_alert,hand_over_alerts,clear_alert,take_alerts,prune_alerts}');
end
$$;

-- Name: hand_over_alerts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.hand_over_alerts() RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select enqueue_payloads('alerts', 'alert', jsonb_agg(jsonb_build_object(
    'key', a.key, 'text', a.text, 'details', a.details, 'raised_at', a.raised_at) order by a.raised_at))
  from alerts a where a.cleared_at is null having count(*) > 0
$$;

-- Name: has_plain_jobs(text, holdfast.ready_marks); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.has_plain_jobs(p_queue text, p_mark holdfast.ready_marks) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return exists (
    select from generate_series(0, 9) p(priority) cross join lateral (
      select from ready_jobs r
      where r.queue = p_queue and r.tenant is null and r.priority = p.priority::smallint
        and r.seq > coalesce(p_mark.marks[p.priority + 1], 0)
      limit 1) j);
end
$$;

-- Name: heartbeat(text, text[], text, integer, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb DEFAULT '[]'::jsonb) RETURNS SETOF uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  insert into workers as w (worker, queues, host, pid, running, started_at, seen_at)
  values (p_worker, p_queues, p_host, p_pid, jsonb_array_length(p_leases), v_now, v_now)
  on conflict (worker) do update
    set queues = excluded.queues, running = excluded.running, seen_at = excluded.seen_at;
  return query select extend(p_leases);
end
$$;

-- Name: hold(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.hold(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_because text := coalesce(p_why, 'held by ' || p_who);
  v_now timestamptz := clock();
begin
  update deferred_jobs set waits_for = 'person', in_line = true, because = v_because,
    held_at = coalesce(held_at, v_now)
  where id = p_id and (waits_for = 'key' or in_line);
  if not found then
    perform put_deferred((take_job(p_id, false)).job, 'person', v_because);
  end if;
  perform record_operation('hold', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Name: holder_of_dedupe_key(holdfast.job, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_scope text := coalesce(p_item ->> 'dedupe_scope', '');
  v_key text := p_item ->> 'dedupe_key';
  v_holder uuid;
begin
  loop
    select d.job_id into v_holder from dedupe_keys d
    where d.queue = p_job.queue and d.scope = v_scope and d.key = v_key;
    exit when found;
    insert into dedupe_keys (queue, scope, key, job_id, created_at)   -- it was pruned just now
    values (p_job.queue, v_scope, v_key, p_job.id, p_now) on conflict do nothing;
  end loop;
  if v_holder <> p_job.id and (p_item ->> 'revive')::boolean then
    return as_edited(v_holder);
  end if;
  return v_holder;
end
$$;

-- Name: id_of_batch(uuid, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select (pg_catalog.left(p_batch::text, 24) || pg_catalog.lpad(pg_catalog.to_hex(
    (('x' || pg_catalog.right(p_batch::text, 12))::bit(48)::bigint + p_n) & 281474976710655),
    12, '0'))::uuid
$$;

-- Name: is_decided(xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_decided(p_before xid8) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p_before <= pg_snapshot_xmin(pg_current_snapshot())
      or p_before > pg_snapshot_xmax(pg_current_snapshot())
$$;

-- Name: is_left_out(text[], timestamp without time zone, timestamp without time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p_after > p_before + interval '1 minute' and exists (
    select from generate_series(p_before + interval '1 minute', p_after - interval '1 minute',
                                interval '1 minute') t(at)
    where extract(minute from t.at)::integer = any (cron_field(p_field[1], 0, 59, null))
      and extract(hour from t.at)::integer = any (cron_field(p_field[2], 0, 23, null))
      and next_cron_day(p_field, t.at::date) = t.at::date)
$$;

-- Name: is_limited(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_limited(p_policy holdfast.queues) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
  select p_policy.max_running is not null or p_policy.rate_quota is not null
      or p_policy.breaker is not null or p_policy.max_running_per_tenant is not null
$$;

-- Name: is_paused(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
  select p_policy.paused_at is not null
     and (p_policy.paused_until is null or p_policy.paused_until > p_now)
$$;

-- Name: schedules; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.schedules (
    name text NOT NULL,
    cron text,
    every interval,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    job jsonb NOT NULL,
    catch_up text DEFAULT 'one'::text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone,
    last_error text,
    paused_at timestamp with time zone,
    paused_by text,
    paused_why text,
    created_at timestamp with time zone NOT NULL,
    retry_at timestamp with time zone,
    CONSTRAINT schedules_catch_up_check CHECK ((catch_up = ANY (ARRAY['one'::text, 'all'::text, 'none'::text]))),
    CONSTRAINT schedules_check CHECK (((cron IS NULL) <> (every IS NULL))),
    CONSTRAINT schedules_every_check CHECK (((every >= '00:00:01'::interval) AND (every <= '366 days'::interval))),
    CONSTRAINT schedules_name_check CHECK ((name ~ '^[a-z][a-z0-9_.:-]{0,99}$'::text))
);

-- Name: is_rhythm(holdfast.schedules, text, interval, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_rhythm(p_schedule holdfast.schedules, p_cron text, p_every interval, p_timezone text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select (p_schedule.cron, p_schedule.every, p_schedule.timezone) is not distinct from
         (p_cron, p_every, p_timezone)
$$;

-- Name: is_tenant_full(text, holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select p_tenant is not null and p_policy.max_running_per_tenant is not null
     and p_policy.max_running_per_tenant <= (
       select count(*) from leased_jobs l
       where l.queue = p_policy.name and l.tenant = p_tenant and l.lease_until > p_now)
$$;

-- Name: is_too_much(holdfast.breakers); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_too_much(p_breaker holdfast.breakers) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select failed >= p_breaker.failure_rate * tried and tried >= p_breaker.minimum
  from (select p_breaker.failures::bigint + p_breaker.failures_before as failed,
               p_breaker.failures::bigint + p_breaker.failures_before
                 + p_breaker.successes + p_breaker.successes_before as tried) c
$$;

-- Name: job_complaint(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_complaint(p_job jsonb) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
begin
  return case
    when pg_catalog.jsonb_typeof(p_job) <> 'object' then 'a job is a JSON object'
    when p_job - '{queue,kind,payload,run_at,expires_at,priority,tenant,ordering_key,dedupe_key,
                   dedupe_scope,revive,supersede,replay_of,id}'::text[] <> '{}' then
      'there is no option ' || pg_catalog.left((p_job - '{queue,kind,payload,run_at,expires_at,
        priority,tenant,ordering_key,dedupe_key,dedupe_scope,revive,supersede,replay_of,id}'::text[])
        ::text, 200)
      || '; known are queue, kind, payload, run_at, expires_at, priority, tenant, ordering_key, '
      || 'dedupe_key, dedupe_scope, revive, supersede, replay_of and id'
    when coalesce(pg_catalog.length(p_job ->> 'kind'), 0) not between 1 and 200 then
      'kind is 1 to 200 characters'
    when p_job ->> 'priority' !~ '^[0-9]$' then 'priority is 0 to 9'
    when not coalesce((p_job ->> 'run_at')::timestamptz < '10000-01-01 00:00+00', true)
         or (p_job ->> 'run_at')::timestamptz < '0001-01-01 00:00+00' then
      'run_at is a time between the years 1 and 9999'
    when not coalesce((p_job ->> 'expires_at')::timestamptz < '10000-01-01 00:00+00', true)
         or (p_job ->> 'expires_at')::timestamptz < '0001-01-01 00:00+00' then
      'expires_at is a time between the years 1 and 9999'
    when pg_catalog.pg_column_size(p_job -> 'payload') > 1048576 then
      'payload is at most 1 MiB: store the body in a table of yours and enqueue a reference'
    when pg_catalog.length(p_job ->> 'tenant') not between 1 and 200 then
      'tenant is 1 to 200 characters'
    when pg_catalog.length(p_job ->> 'ordering_key') > 200 then
      'ordering_key is at most 200 characters'
    when (p_job ->> 'supersede')::boolean and p_job ->> 'ordering_key' is null then
      'supersede needs an ordering_key: it is the earlier jobs of that key that it cancels'
    when pg_catalog.length(p_job ->> 'dedupe_key')
         + coalesce(pg_catalog.length(p_job ->> 'dedupe_scope'), 0) > 500 then
      'dedupe_key and dedupe_scope are at most 500 characters together'
  end;
end
$_$;

-- Name: job_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, state text, queue text, kind text, attempts integer, enqueued_at timestamp with time zone, run_at timestamp with time zone, because text, waits_for text, tenant text, ordering_key text, priority smallint, crashes integer, deferrals integer, expires_at timestamp with time zone, worker text, lease_until timestamp with time zone, ended_at timestamp with time zone, replay_of uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_fits boolean;
  v_looked bigint;
  v_found integer := 0;
begin
  select * into v from read_job_filter(p_filter);
  for id, state, queue, kind, attempts, enqueued_at, run_at, because, waits_for, tenant, ordering_key,
      priority, crashes, deferrals, expires_at, worker, lease_until, ended_at, replay_of, v_fits, v_looked
  in
    select * from (
      select j.id, j.state, j.queue, j.kind, j.attempts, j.enqueued_at, j.run_at, j.because, j.waits_for,
             j.tenant, j.ordering_key, j.priority, j.crashes, j.deferrals, j.expires_at, j.worker,
             j.lease_until, j.ended_at, j.replay_of,
             (v.state is null or j.state = v.state) and (v.queue is null or j.queue = v.queue)
               and (v.kind is null or j.kind = v.kind) and (v.tenant is null or j.tenant = v.tenant)
               as fits,
             row_number() over (order by j.id desc) as looked
      from jobs j
      where (v.before is null or j.id < v.before)
        and (v.state is null or j.state = any (v.states))
        and (v.state is distinct from 'held' or j.waits_for = 'person')
        and (v.state is null or v.state in ('ready', 'held') or j.waits_for is null)
        and (v.state is null or v.state = any (v.ended) or v.queue is null or j.queue = v.queue)
      order by j.id desc limit most_looked_through()) l
    where l.fits or l.looked = most_looked_through()
    order by l.id desc limit list_limit(p_limit)
  loop
    if v_fits then
      v_found := v_found + 1;
      return next;
    end if;
    if v_looked = most_looked_through() and v_found < list_limit(p_limit) then
      perform raise_goes_on('jobs', v_looked, v_found, 'a state that fewer have', 'before ' || id);
    end if;
  end loop;
end
$$;

-- Name: job_of(holdfast.dead_letters); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.dead_letters) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

-- Name: job_of(holdfast.deferred_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.deferred_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

-- Name: job_of(holdfast.leased_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.leased_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

-- Name: job_of(holdfast.ready_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.ready_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return row(r.id, r.queue, r.kind, r.payload, r.priority, r.tenant, r.ordering_key, r.attempts,
             r.crashes, r.deferrals, r.enqueued_at, r.run_at, r.expires_at, r.replay_of)::job;
end
$$;

-- Name: job_of_columns(text, text, jsonb, text, text, boolean, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text DEFAULT NULL::text, p_supersede boolean DEFAULT NULL::boolean, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return jsonb_build_object('payload', p_payload) || jsonb_strip_nulls(jsonb_build_object(
    'queue', p_queue, 'kind', p_kind, 'tenant', p_tenant, 'ordering_key', p_ordering_key,
    'supersede', p_supersede, 'run_at', p_run_at, 'expires_at', p_expires_at));
end
$$;

-- Name: job_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_show(p_id uuid) RETURNS TABLE(id uuid, state text, queue text, kind text, attempts integer, crashes integer, deferrals integer, priority smallint, tenant text, ordering_key text, enqueued_at timestamp with time zone, run_at timestamp with time zone, expires_at timestamp with time zone, waits_for text, because text, worker text, lease_until timestamp with time zone, ended_at timestamp with time zone, replay_of uuid, payload jsonb, timeline jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return query
    select j.id, j.state, j.queue, j.kind, j.attempts, j.crashes, j.deferrals, j.priority, j.tenant,
           j.ordering_key, j.enqueued_at, j.run_at, j.expires_at, j.waits_for, j.because, j.worker,
           j.lease_until, j.ended_at, j.replay_of, j.payload, (
             select coalesce(jsonb_agg(to_jsonb(a) order by a.settled_at, a.attempt), '[]') from (
               select t.attempt, t.outcome, t.because, t.worker, t.claimed_at, t.settled_at, t.next_at
               from job_attempts t where t.job_id = p_id
               order by t.settled_at desc nulls first limit 100) a)
    from jobs j where j.id = p_id;
  if not found then
    raise exception 'no job %', p_id using errcode = 'JQ001',
      hint = 'finished jobs are forgotten after their queue''s retention';
  end if;
end
$$;

-- Name: judge_canary(holdfast.replays, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.judge_canary(p_replay holdfast.replays, p_limit integer) RETURNS holdfast.replays
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  r replays := p_replay;
  v_now timestamptz := clock();
  v_last integer := last_of_replay(r.id);
  v_state text;
  v_seen integer := 0;
  v_next integer := next_of_replay(r.id, r.gone_to);
  v_step record;
begin
  while r.canary is null and v_seen < 2 * p_limit
        and v_next <= v_last loop   -- what is put off here is for the next call
    v_seen := v_seen + 1;
    v_step := advance_replay(r, v_next, null, v_now);
    r := v_step.r;
    r.canary := v_step.job_id;
    v_next := next_of_replay(r.id, r.gone_to);
  end loop;
  if r.canary is null and v_next is null then
    r.state := 'running';   -- nothing is left to try; it ends at once
  end if;
  if p_replay.canary is not null then
    v_state := (select j.state from jobs j where j.id = r.canary);
    if v_state = 'done' then
      r.state := 'running';
      r.started_at := v_now;
    elsif coalesce(v_state, 'forgotten') not in ('ready', 'leased') then
      update replay_items set outcome = 'cancelled', at = v_now
      where replay = r.id and outcome is null;
      r.state := 'stopped';
      r.ended_at := v_now;
      r.note := format('the canary %s is %s; the others stay dead', r.canary,
                       coalesce(v_state, 'forgotten'));
    end if;
  elsif r.canary is not null then
    r.replayed := 1;
  end if;
  update replays set state = r.state, canary = r.canary, started_at = r.started_at,
    ended_at = r.ended_at, note = r.note, replayed = r.replayed, gone_to = r.gone_to,
    put_off = r.put_off
  where id = r.id;
  return r;
end
$$;

-- Name: judge_rates(holdfast.rate_wish[], bigint[], bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[]) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_wish rate_wish;
  v_first integer := 1;
  v_last integer;
  v_total integer := cardinality(p_wishes);
  v_grant integer;
begin
  after := p_full_at;
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
end
$$;

-- Name: keep_probes(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.keep_probes(p_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if exists (select from breakers where probe is not null) then
    update breakers b set probe_until = l.lease_until
    from leased_jobs l
    where l.id = any (p_ids) and l.claim_token = b.probe and l.lease_until > b.probe_until;
  end if;
end
$$;

-- Name: key_of_letter(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.key_of_letter(p_replay bigint, p_ordinal integer) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (select queue || chr(31) || ordering_key from dead_letters where id = (
            select job_id from replay_items where replay = p_replay and ordinal = p_ordinal));
end
$$;

-- Name: last_of_replay(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.last_of_replay(p_replay bigint) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (select ordinal from replay_items where replay = p_replay order by ordinal desc limit 1);
end
$$;

-- Name: leases_of_busy_keys(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.leases_of_busy_keys(p_ids uuid[]) RETURNS uuid[]
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
  with ending as materialized (
    select l.id, l.queue, l.ordering_key as key
    from leased_jobs l join queues q on q.name = l.queue
    where l.id = any (p_ids) and l.ordering_key is not null
      and (l.crashes + 1 >= q.max_crashes or l.attempts >= q.max_attempts)
  ), locked as materialized (
    select o.queue, o.key from ordering_keys o
    where (o.queue, o.key) in (select e.queue, e.key from ending e)
    order by o.queue, o.key for update skip locked
  )
  select coalesce(array_agg(e.id), '{}') from ending e
  where not exists (select from locked k where (k.queue, k.key) = (e.queue, e.key))
    and exists (select from ordering_keys o where (o.queue, o.key) = (e.queue, e.key))
$$;

-- Name: leave_keys(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.leave_keys(p_keys jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_key record;
begin
  for v_key in select * from jsonb_to_recordset(p_keys) as k(queue text, ordering_key text) loop
    delete from ordering_keys o
    where o.queue = v_key.queue and o.key = v_key.ordering_key and o.heads = '{}';
  end loop;
end
$$;

-- Name: let_go(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_go(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_held deferred_jobs;
begin
  select * into v_held from deferred_jobs where id = p_id and in_line for update skip locked;
  if not found then
    perform lock_keys(d.queue, array[d.ordering_key]) from deferred_jobs d where d.id = p_id;
    select * into v_held from deferred_jobs where id = p_id and waits_for = 'person' for update;
    if not found then
      return false;
    end if;
  end if;
  perform record_held(v_held);
  if v_held.in_line then
    update deferred_jobs set waits_for = 'key', in_line = false, because = null, held_at = null
    where id = p_id;
  else
    delete from deferred_jobs where id = p_id;
    perform put_in_line(job_of(v_held));
  end if;
  return true;
end
$$;

-- Name: let_go_if_free(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_go_if_free(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '1ms'
    AS $$
begin
  return let_go(p_id);
exception when lock_not_available then return false;
end
$$;

-- Name: let_run(holdfast.job, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_job.run_at > clock() then
    perform put_deferred(p_job, 'time', p_because);
  else
    if (p_job.attempts, p_job.crashes, p_job.deferrals) = (0, 0, 0) then
      p_job.enqueued_at := greatest(p_job.enqueued_at, p_job.run_at);
    end if;
    perform put_ready(p_job);
    perform wake(array[p_job.queue]);
  end if;
end
$$;

-- Name: letters_to_revive(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.letters_to_revive(p_jobs jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  if not exists (select from jsonb_array_elements(p_jobs) e where (e ->> 'revive')::boolean) then
    return '[]';   -- a sender's role may not even look
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'letter', true, 'id', l.id, 'queue', l.queue, 'ordering_key', l.ordering_key)
      order by l.queue, l.ordering_key, l.id), '[]')
    from (
      select distinct as_edited(d.job_id) as job_id from jsonb_array_elements(p_jobs) e
      join dedupe_keys d on d.queue = e ->> 'queue' and d.key = e ->> 'dedupe_key'
        and d.scope = coalesce(e ->> 'dedupe_scope', '')
      where (e ->> 'revive')::boolean) k
    join dead_letters l on l.id = k.job_id);
end
$$;

-- Name: limits_of(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.limits_of(p_checks jsonb) RETURNS TABLE(number bigint, key text, asked jsonb, policy jsonb, keys integer)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return query
    select c.number, k.key, c.asked,
           case jsonb_typeof(c.asked -> 'policies') when 'array'
             then c.asked -> 'policies' -> (k.n - 1)::integer else c.asked -> 'policies' end,
           jsonb_array_length(c.asked -> 'keys')
    from jsonb_array_elements(p_checks) with ordinality c(asked, number),
         jsonb_array_elements_text(c.asked -> 'keys') with ordinality k(key, n);
end
$$;

-- Name: lineage(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lineage(p_id uuid) RETURNS TABLE(id uuid, state text, because text, enqueued_at timestamp with time zone, ended_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_ids uuid[] := array[p_id];
  v_next uuid;
begin
  for i in 1 .. 50 loop
    v_next := (select j.replay_of from jobs j where j.id = v_ids[1] limit 1);
    exit when v_next is null or v_next = any (v_ids);
    v_ids := v_next || v_ids;
  end loop;
  for i in 1 .. 50 loop
    v_next := replaced_by(v_ids[cardinality(v_ids)]);
    exit when v_next is null or v_next = any (v_ids);
    v_ids := v_ids || v_next;
  end loop;
  return query
    select l.id, j.state, j.because, j.enqueued_at, j.ended_at
    from unnest(v_ids) with ordinality l(id, n)
    left join lateral (select * from jobs i where i.id = l.id limit 1) j on true
    order by l.n;
end
$$;

-- Name: list_limit(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.list_limit(p_limit integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select least(greatest(coalesce(p_limit, 50), 1), 1000)
$$;

-- Name: lock_keys(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_keys(p_queue text, p_keys text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_keys <> '{}' then
    perform from ordering_keys o where o.queue = p_queue and o.key = any (p_keys)
    order by o.key for update;
  end if;
end
$$;

-- Name: lock_keys_of_leases(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_ids uuid[] := array(select r.id from jsonb_to_recordset(p_results) as r(id uuid));
  v_ending uuid[] := array(
    select r.id from jsonb_to_recordset(p_results) as r(id uuid, verdict text)
    where r.verdict not in ('snooze', 'hold'));
begin
  perform lock_keys(k.queue, k.keys)
  from (with leases as materialized (   -- else only those that may end would be locked
          select l.id, l.queue, l.ordering_key from leased_jobs l
          where l.id = any (v_ids) order by l.id for update
        )
        select l.queue, array_agg(l.ordering_key) as keys from leases l
        where l.ordering_key is not null and l.id = any (v_ending)
        group by l.queue order by l.queue offset 0) k;
end
$$;

-- Name: lock_rates(holdfast.rate_wish[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_rates(p_wishes holdfast.rate_wish[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_rows bigint[];
  v_places integer := (select max(place) from unnest(p_wishes));
begin
  loop
    insert into rate_limits (durable, key, policy, full_at, quota, period, burst)
    select w.durable, w.key, w.policy, 0, w.quota, w.period, w.burst
    from (select distinct on (place) * from unnest(p_wishes) order by place) w
    left join lateral (
      select true as is_there from rate_limits l
      where l.durable = w.durable and l.key = w.key and l.policy = w.policy limit 1) r on true
    where r.is_there is null
    order by w.place
    on conflict do nothing;
    v_rows := array(
      select r.full_at
      from (select distinct on (place) * from unnest(p_wishes) order by place) w
      cross join lateral (   -- in the order of their places, as everybody locks them
        select l.full_at from rate_limits l
        where l.durable = w.durable and l.key = w.key and l.policy = w.policy
        limit 1 for update) r);
    exit when cardinality(v_rows) = v_places;   -- else one was pruned just now
  end loop;
  return v_rows;
end
$$;

-- Name: look_over(jsonb, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_complaint text := job_complaint(p_job);
begin
  if v_complaint is null and p_job ?| '{dedupe_key,ordering_key,run_at,id}' then
    v_complaint := 'dedupe_key, ordering_key, run_at and id are for enqueue_many';
  end if;
  if v_complaint is not null then
    raise exception 'job %: %', p_ordinal, v_complaint using errcode = 'JQ005';
  end if;
  return (queue_policy(p_job ->> 'queue')).name;
end
$$;

-- Name: maintain(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain() RETURNS TABLE(promoted integer, rescued integer, expired integer, pruned integer, ticked integer, replayed integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  select * into rescued, ticked, replayed from maintain_keyed();   -- before anything is held
  promoted := (select coalesce(sum(promote_due(name, 10000, v_now)), 0) from queues);
  expired := (select coalesce(sum(expire(name, 10000, v_now)), 0) from queues);
  pruned := prune();
  perform maintain_partitions_if_due(v_now);
  if promoted > 0 then
    perform wake(array(select name from queues));
  end if;
  return next;
end
$$;

-- Name: maintain_keyed(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_keyed(OUT rescued integer, OUT ticked integer, OUT replayed integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
begin
  ticked := (select count(*) from tick_schedules(1000));
  begin
    rescued := rescue();
  exception when lock_not_available then rescued := 0;   -- somebody holds the next of a key just now
  end;
  replayed := step_replays();
end
$$;

-- Name: maintain_partitions(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_partitions(p_days integer DEFAULT 3) RETURNS TABLE(made integer, dropped integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
declare
  v_table text;
  v_today date := (clock() at time zone 'UTC')::date;
  v_keep interval := (select max(greatest(retention, max_age)) from queues);
begin
  made := 0;
  dropped := 0;
  if pg_try_advisory_xact_lock(hashtext('holdfast.partitions ' || current_schema())) then
    foreach v_table in array '{finished_jobs,attempts}'::text[] loop
      begin
        for i in 0 .. p_days loop
          made := made + make_partition(v_table, v_today + i);
        end loop;
        dropped := dropped + drop_partitions(v_table, v_today - v_keep);
      exception when lock_not_available then null;
      end;
    end loop;
    delete from finished_jobs_default where finished_at < clock() - v_keep;
    delete from attempts_default where settled_at < clock() - v_keep;
  end if;
  return next;
end
$$;

-- Name: maintain_partitions_if_due(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_partitions_if_due(p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if to_regclass(format('%I', 'attempts' || to_char((p_now + interval '2 days') at time zone 'UTC',
                                                   '_YYYY_MM_DD'))) is null then
    perform maintain_partitions();
  end if;
end
$$;

-- Name: make_durable(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.make_durable() RETURNS boolean
    LANGUAGE sql
    AS $$
  select case
    when pg_catalog.pg_current_xact_id() is not null
         and pg_catalog.current_setting('synchronous_commit') = 'off'
    then pg_catalog.set_config('synchronous_commit', 'on', true) = 'on'
    else true
  end
$$;

-- Name: make_partition(text, date); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.make_partition(p_table text, p_day date) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_name text := p_table || to_char(p_day, '_YYYY_MM_DD');
begin
  if to_regclass(format('%I', v_name)) is not null then
    return 0;
  end if;
  execute format('create table %I partition of %I for values from (%L) to (%L)', v_name, p_table,
                 p_day::timestamp at time zone 'UTC', (p_day + 1)::timestamp at time zone 'UTC');
  execute format('alter table %I replica identity full', v_name);   -- not inherited
  return 1;
exception
  when check_violation then return 0;
  when duplicate_table then return 0;
end
$$;

-- Name: mark_email_failed(uuid, uuid, text, boolean, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean DEFAULT false, p_retry_after double precision DEFAULT NULL::double precision) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_error text := email_mask(p_error);
  v_settled record;
begin
  perform email_mark(p_id, p_claim_token, jsonb_build_object('answer', v_error,
    'status', case when p_permanent then 'refused' else 'pending' end,
    'verdict', case when p_permanent then 'dead' else 'retry' end));
  select s.* into v_settled from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', v_error, 'after', p_retry_after,
    'verdict', case when p_permanent then 'dead' else 'retry' end))) s;
  return v_settled.state;
end
$$;

-- Name: mark_email_sent(uuid, uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_refusals text[] := (
    select nullif(email_refusals(l.id, l.enqueued_at), '{}')
    from leased_jobs l where l.id = p_id and l.claim_token = p_claim_token);
  v_accepted boolean;
begin
  perform email_mark(p_id, p_claim_token, jsonb_build_object('status', 'delivered',
    'answer', p_provider_message_id, 'provider_message_id', p_provider_message_id));
  select s.accepted into v_accepted from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token,
    'verdict', case when v_refusals is null then 'delivered' else 'dead' end,
    'because', coalesce(array_to_string(v_refusals, '; '), p_provider_message_id)))) s;
  return v_accepted;
end
$$;

-- Name: mark_webhook_failed(uuid, uuid, text, boolean, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean DEFAULT false, p_retry_after double precision DEFAULT NULL::double precision) RETURNS text
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select state from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'because', p_error, 'after', p_retry_after,
    'verdict', case when p_permanent then 'dead' else 'retry' end)))
$$;

-- Name: mark_webhook_processed(uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_webhook_processed(p_id uuid, p_claim_token uuid) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select accepted from settle(jsonb_build_array(jsonb_build_object(
    'id', p_id, 'token', p_claim_token, 'verdict', 'delivered')))
$$;

-- Name: moment_of(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.moment_of(p_given text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return p_given::timestamptz;
exception when invalid_datetime_format or datetime_field_overflow or invalid_parameter_value then
  raise exception 'until is "%"', left(p_given, 60) using errcode = 'JQ005',
    hint = 'a time, as 2030-12-31T23:59:00Z';
end
$$;

-- Name: most_looked_through(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.most_looked_through() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select 1000000
$$;

-- Name: move_mark(holdfast.ready_marks, text, bigint, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_sure timestamptz := coalesce(p_mark.made_at, '-infinity') - interval '250 milliseconds';
  v_leased timestamptz := coalesce(p_mark.leased_from, '-infinity');
  v_due timestamptz := coalesce(p_mark.due_from, '-infinity');
  v_expired timestamptz := coalesce(p_mark.expired_from, '-infinity');
begin
  if p_seen < coalesce(p_mark.bound, 0) + 1000 or p_seen is null
     or p_mark.made_at > p_now - interval '100 milliseconds' and p_mark.made_at <= p_now
     or p_mark.number is not null and not is_decided(p_mark.decided_at)
     or current_setting('transaction_isolation') <> 'read committed'
  then
    return;
  end if;
  insert into ready_marks (queue, marks, tenant_mark, bound, decided_at, made_at, leased_from, due_from,
                           expired_from)
  select p_queue, array(
           select greatest(o.mark, least(coalesce(p_mark.bound, 0), (
             select r.seq - 1 from ready_jobs r
             where r.queue = p_queue and r.tenant is null and r.priority = o.n - 1
               and r.seq > o.mark
             order by r.seq limit 1)))
           from unnest(coalesce(p_mark.marks, array_fill(0::bigint, array[10])))
             with ordinality o(mark, n)
           order by o.n),
         next_tenant_mark(p_queue, coalesce(p_mark.tenant_mark, 0), coalesce(p_mark.bound, 0)),
         p_seen, pg_snapshot_xmax(pg_current_snapshot()), p_now,
         greatest(v_leased, least(v_sure, (
           select l.lease_until - interval '1 microsecond' from leased_jobs l
           where l.lease_until > v_leased order by l.lease_until limit 1))),
         greatest(v_due, least(v_sure, (
           select d.run_at - interval '1 microsecond' from deferred_jobs d
           where d.queue = p_queue and d.waits_for = 'time' and d.run_at > v_due
           order by d.run_at limit 1))),
         greatest(v_expired, least(v_sure, (
           select r.expires_at - interval '1 microsecond' from ready_jobs r
           where r.queue = p_queue and r.expires_at > v_expired order by r.expires_at limit 1)));
end
$$;

-- Name: move_turn(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.move_turn(p_queue text, p_tenant text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform from tenant_turns where queue = p_queue for update skip locked;
  if found then
    update tenant_turns set tenant = p_tenant where queue = p_queue;
  elsif not exists (select from tenant_turns where queue = p_queue) then
    insert into tenant_turns (queue, tenant) values (p_queue, p_tenant) on conflict do nothing;
  end if;
end
$$;

-- Name: nanoseconds(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return (extract(epoch from p_at) * 1000000000)::bigint;
end
$$;

-- Name: new_id(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.new_id() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS $$select pg_catalog.uuidv7()$$;

-- Name: next_attempt_at(holdfast.queues, integer, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: next_cron_day(text[], date); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_cron_day(p_field text[], p_from date) RETURNS date
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: next_due(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_due(p_queue text) RETURNS double precision
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
  select least(
    extract(epoch from least(
      (select min(run_at) from deferred_jobs where queue = p_queue and waits_for = 'time'),
      (select min(lease_until) from leased_jobs
       where lease_until <= clock() + interval '1 second' and queue = p_queue)) - clock()),
    (select admitted_in(q) from queues q where q.name = p_queue and is_limited(q)))
$$;

-- Name: next_of_key(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_of_key(p_queue text, p_key text) RETURNS holdfast.deferred_jobs
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid;
  v_next deferred_jobs;
begin
  loop
    v_id := null;
    select w.id into v_id from (
      (select d.id, d.position from deferred_jobs d
       where d.queue = p_queue and d.ordering_key = p_key and d.waits_for = 'key'
       order by d.position limit 1)
      union all
      (select d.id, d.position from deferred_jobs d
       where d.queue = p_queue and d.ordering_key = p_key and d.in_line
       order by d.position limit 1)) w
    order by w.position limit 1;
    exit when v_id is null;
    delete from deferred_jobs where id = v_id and waits_for = 'key' returning * into v_next;
    exit when v_next.id is not null;
    update deferred_jobs set in_line = false where id = v_id and in_line returning * into v_next;
    exit when v_next.id is not null;   -- else somebody held it, let it go or cancelled it just now
  end loop;
  return v_next;
end
$$;

-- Name: next_of_replay(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_of_replay(p_replay bigint, p_after integer) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (select ordinal from replay_items
          where replay = p_replay and outcome is null and ordinal > p_after
          order by ordinal limit 1);
end
$$;

-- Name: next_tenant_mark(text, bigint, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case when cardinality(t.tenants) > 100 then p_mark
    else greatest(p_mark, least(p_bound, (
      select min(f.seq) - 1
      from unnest(t.tenants) w(tenant) cross join generate_series(0, 9) p(priority)
      cross join lateral (
        select r.seq from ready_jobs r
        where r.queue = p_queue and r.tenant = w.tenant and r.priority = p.priority::smallint
          and r.seq > p_mark
        order by r.seq limit 1) f))) end
  from (select waiting_tenants(p_queue, '', 101, p_mark) as tenants) t
$$;

-- Name: next_tick_in(interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tick_in(p_within interval) RETURNS double precision
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  return (select extract(epoch from min(greatest(s.next_at, s.retry_at)) - v_now) from schedules s
          where s.next_at <= v_now + p_within and s.paused_at is null
            and coalesce(s.retry_at <= v_now + p_within, true));
end
$$;

-- Name: next_tick_of(text, interval, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case when p_cron is not null then cron_next(p_cron, p_after, p_timezone)
    else p_from + make_interval(secs => (e.step * (floor(
           extract(epoch from p_after - p_from) / e.step) + 1))::double precision) end
  from (select extract(epoch from p_every) as step) e
$$;

-- Name: open_breaker(holdfast.breakers, double precision, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_cap double precision := extract(epoch from p_breaker.open_cap);
  v_until timestamptz := p_now + make_interval(secs => wished(
    p_after, backoff(p_breaker.openings + 1, extract(epoch from p_breaker.open_for)::double precision,
                     2, v_cap, 0.25, random()), greatest(v_cap, 86400), random()));
begin
  update breakers set opened_at = p_now, open_until = v_until, openings = p_breaker.openings + 1,
    because = left(coalesce(p_because, 'too many failures'), 500), probe = null, probe_until = null,
    half_from = p_now, successes = 0, failures = 0, successes_before = 0, failures_before = 0
  where name = p_breaker.name;
end
$$;

-- Name: operation_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.operation_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id bigint, at timestamp with time zone, who text, action text, affected integer, why text, filter jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  v record;
begin
  perform check_filter(p_filter, '{action,who,since,until,before}');
  select * into v from jsonb_to_record(p_filter) as f(
    action text, who text, since timestamptz, until timestamptz, before bigint);
  return query
    select o.id, o.at, o.who, o.action, o.affected, o.why, o.filter from operations o
    where (v.action is null or o.action = v.action)
      and (v.who is null or o.who = v.who)
      and (v.since is null or o.at >= v.since)
      and (v.until is null or o.at < v.until)
      and (v.before is null or o.id < v.before)
    order by o.id desc limit list_limit(p_limit);
end
$$;

-- Name: outcomes_by_breaker(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.outcomes_by_breaker(p_results jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_agg(o order by o.breaker) from (
    select q.breaker,
           count(*) filter (where r.verdict in ('delivered', 'dead') and r.outage is not true) as good,
           count(*) filter (where r.outage) as bad,
           max(r.after) filter (where r.outage) as after,
           max(r.because) filter (where r.outage) as because,
           (array_agg(r.token) filter (where r.token = b.probe))[1] as probe,
           bool_or(r.token = b.probe and r.verdict not in ('delivered', 'dead')
                   and r.outage is not true) as no_probe
    from jsonb_to_recordset(p_results) as r(
      id uuid, token uuid, verdict text, because text, after double precision, outage boolean)
    join leased_jobs l on l.id = r.id and l.claim_token = r.token
    join queues q on q.name = l.queue
    left join breakers b on b.name = q.breaker
    where q.breaker is not null
    group by q.breaker) o
$$;

-- Name: pause_breaker(text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_breaker(p_name text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform check_until(p_until, v_now);
  perform set_breaker(p_name);
  update breakers set opened_at = v_now, open_until = coalesce(p_until, 'infinity'),
    paused_by = case when p_until is null then p_who end,
    because = 'paused by ' || p_who || coalesce(': ' || p_why, ''), probe = null, probe_until = null
  where name = p_name;
  perform record_operation('pause', p_who, p_why,
                           jsonb_build_object('breaker', p_name, 'until', p_until), 1);
end
$$;

-- Name: pause_queue(text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_queue(p_queue text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform queue_policy(p_queue);
  perform check_until(p_until, v_now);
  update queues set paused_at = v_now, paused_by = p_who, paused_why = p_why, paused_until = p_until
  where name = p_queue;
  perform record_operation('pause', p_who, p_why,
                           jsonb_build_object('queue', p_queue, 'until', p_until), 1);
end
$$;

-- Name: pause_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform schedule_named(p_name);
  update schedules set paused_at = v_now, paused_by = p_who, paused_why = p_why where name = p_name;
  perform record_operation('pause', p_who, p_why, jsonb_build_object('schedule', p_name), 1);
end
$$;

-- Name: pauses_of(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pauses_of(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS TABLE(since timestamp with time zone, until timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return query
    select s.at, least(s.until, s.following, p_now) from (
      select o.at, o.action, (o.filter ->> 'until')::timestamptz as until,
             lead(o.at) over (partition by o.filter ? 'queue' order by o.at, o.id) as following
      from operations o
      where o.action in ('pause', 'resume')
        and coalesce(o.filter ->> 'queue', o.filter ->> 'breaker') in (p_policy.name, p_policy.breaker)
        and (o.filter ->> 'queue' = p_policy.name or o.filter ->> 'breaker' = p_policy.breaker)) s
    where s.action = 'pause';
end
$$;

-- Name: pick(holdfast.queues, integer, holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_tenants text[];
begin
  if p_limit > 0 and exists (
    select from ready_jobs r where r.queue = p_policy.name and r.tenant is not null
      and r.seq > coalesce(p_mark.tenant_mark, 0))
  then
    select * into places, seen from pick_in_turn(p_policy, p_limit, p_mark, p_now);
    return;
  end if;
  select array_agg(j.place), max(j.seq) into places, seen
  from (
    select r.place, r.seq
    from generate_series(0, 9) p(priority) cross join lateral (
      select i.ctid as place, i.seq from ready_jobs i
      where i.queue = p_policy.name and i.tenant is null and i.priority = p.priority::smallint
        and i.seq > coalesce(p_mark.marks[p.priority + 1], 0)
        and (i.expires_at is null or i.expires_at > p_now)
      order by i.seq limit p_limit for update skip locked) r
    limit p_limit) j;
  places := coalesce(places, '{}');
end
$$;

-- Name: pick_in_turn(holdfast.queues, integer, holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_full text[] := case when p_policy.max_running_per_tenant is null then '{}'
    else full_tenants(p_policy, p_now) end;
  v_tenants text[];
  v_room integer[];
  v_are_more boolean;
  v_round record;
begin
  places := '{}';
  for v_try in 1 .. 10 loop
    v_tenants := tenants_in_turn(p_policy.name, p_limit, p_mark, v_full);
    v_room := room_of_tenants(p_policy, v_tenants, p_limit, p_now);
    v_are_more := cardinality(v_tenants) = p_limit;
    while v_tenants <> '{}' and cardinality(places) < p_limit loop
      v_round := pick_round(p_policy.name, v_tenants, v_room, p_limit - cardinality(places), places,
                            p_mark, p_now);
      places := places || v_round.places;
      seen := greatest(seen, v_round.seen);
      v_tenants := v_round.tenants;
      v_room := v_round.room;
    end loop;
    -- what those had is expired, or being claimed: the turn is that of the next ones
    exit when places <> '{}' or not v_are_more;
  end loop;
end
$$;

-- Name: pick_of_tenant(text, text, integer, tid[], holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone) RETURNS TABLE(place tid, priority smallint, seq bigint, rank bigint)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_tenant is null then
    return query
      select r.place, p.priority::smallint, r.seq, row_number() over ()
      from generate_series(0, 9) p(priority) cross join lateral (
        select i.ctid as place, i.seq from ready_jobs i
        where i.queue = p_queue and i.tenant is null and i.priority = p.priority::smallint
          and i.seq > coalesce(p_mark.marks[p.priority + 1], 0)
          and (i.expires_at is null or i.expires_at > p_now) and not i.ctid = any (p_except)
        order by i.seq limit p_limit for update skip locked) r
      limit p_limit;
  else
    return query
      select r.place, r.priority, r.seq, row_number() over ()
      from (
        select i.ctid as place, i.priority, i.seq from ready_jobs i
        where i.queue = p_queue and i.tenant = p_tenant and i.seq > coalesce(p_mark.tenant_mark, 0)
          and (i.expires_at is null or i.expires_at > p_now) and not i.ctid = any (p_except)
        order by i.priority, i.seq limit p_limit for update skip locked) r;
  end if;
end
$$;

-- Name: pick_round(text, text[], integer[], integer, tid[], holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_share integer := ceil(p_limit::numeric / cardinality(p_tenants));
begin
  select coalesce(array_agg(j.place order by j.priority, j.rank, j.seq), '{}'), max(j.seq),
         coalesce(array_agg(j.tenant order by j.n) filter (where j.more > 0 and j.rank = v_share), '{}'),
         coalesce(array_agg(j.more order by j.n) filter (where j.more > 0 and j.rank = v_share), '{}')
  into places, seen, tenants, room
  from (
    select t.n, t.tenant, t.room - v_share as more, r.*
    from unnest(p_tenants, p_room) with ordinality t(tenant, room, n)
    cross join lateral pick_of_tenant(
      p_queue, t.tenant, least(t.room, v_share), p_except, p_mark, p_now) r
    order by r.rank, t.n limit p_limit) j;
end
$$;

-- Name: plan_replay(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer DEFAULT 1000000) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform check_filter(p_filter, '{queue,group,kind,tenant,since,until,ids}');
  return (with letter as (
    select * from replay_excluded(array(select select_dead_letters(p_filter, p_limit)))
  )
  select jsonb_build_object(
    'matching', (select count(*) from letter),
    'replayable', (select count(*) from letter where excluded is null),
    'excluded', (select coalesce(jsonb_object_agg(excluded, n), '{}') from (
      select excluded, count(*) as n from letter where excluded is not null group by excluded) e),
    'queues', (select coalesce(jsonb_object_agg(queue, n), '{}') from (
      select queue, count(*) as n from letter where excluded is null group by queue) q),
    'groups', (select coalesce(jsonb_object_agg(fingerprint, n), '{}') from (
      select fingerprint, count(*) as n from letter where excluded is null
      group by fingerprint order by n desc limit 20) g)));
end
$$;

-- Name: policy_apart(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.policy_apart(p_queue text, p_policy jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_there queues := queue_policy(p_queue);
begin
  return differences(to_jsonb(v_there), to_jsonb(jsonb_populate_record(v_there, p_policy)));
end
$$;

-- Name: process_email_queue(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.process_email_queue(p_batch_size integer DEFAULT 50) RETURNS TABLE(batch integer, emails integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_policy queues := queue_policy('email');
  v_size integer := least(greatest(p_batch_size, 1), 1000);
  v_emails integer;
begin
  perform bring_in('email', 10000, null, v_now);
  if is_paused(v_policy, v_now) then
    return;
  end if;
  v_emails := (select count(*) from (select from ready_jobs r where r.queue = 'email'
                                     limit 20 * v_size) due);
  v_emails := least(v_emails, email_admitted(v_policy, v_now));
  return query
    select n, least(v_size, v_emails - (n - 1) * v_size)
    from generate_series(1, (v_emails + v_size - 1) / v_size) n;
end
$$;

-- Name: promote_due(text, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_moved integer;
begin
  with due as (
    delete from deferred_jobs d where d.id = any (array(
      select i.id from deferred_jobs i
      where i.queue = p_queue and i.waits_for = 'time' and i.run_at > p_from and i.run_at <= p_now
      order by i.run_at limit p_limit for update skip locked))
    returning d.*
  )
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes,
                          deferrals, enqueued_at, run_at, expires_at, replay_of)
  select d.id, d.queue, d.kind, d.payload, d.priority, d.tenant, d.ordering_key, d.attempts,
         d.crashes, d.deferrals,
         case when (d.attempts, d.crashes, d.deferrals) = (0, 0, 0)
           then greatest(d.enqueued_at, d.run_at) else d.enqueued_at end,
         d.run_at, d.expires_at, d.replay_of
  from due d order by d.run_at;
  get diagnostics v_moved = row_count;
  return v_moved;
end
$$;

-- Name: prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune(p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_total integer;
begin
  v_total := prune_keys(v_now, p_limit) + prune_letters(v_now, p_limit) + prune_marks(v_now)
    + prune_ticks(v_now, p_limit) + prune_replays(v_now) + prune_alerts(v_now);
  if random() < 0.1 then   -- every worker calls this every few seconds: once a minute is enough
    v_total := v_total + prune_rates(20 * p_limit)   -- there may be a key for each stranger
      + prune_breakers(v_now);
    delete from slots where until < v_now;
  end if;
  delete from idle_workers where until < clock_timestamp() - interval '1 minute';
  delete from workers where seen_at < v_now - interval '1 hour';
  return v_total;
end
$$;

-- Name: prune_alerts(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_alerts(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_gone integer;
begin
  delete from alerts where cleared_at < p_now - interval '30 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_breakers(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_breakers(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_gone integer;
begin
  delete from breakers b
  where b.opened_at is null and b.half_from < p_now - interval '30 days'
    and (b.failure_rate, b.minimum, b.per, b.open_for, b.open_cap)
      = (0.5, 10, interval '1 minute', interval '30 seconds', interval '15 minutes');
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_keys(timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_keys(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_gone integer;
begin
  with old as materialized (
    select o.place, exists (select from ready_jobs r where r.id = o.job_id)
           or exists (select from leased_jobs l where l.id = o.job_id)
           or exists (select from deferred_jobs w where w.id = o.job_id) as alive
    from (
      select k.place, k.job_id from queues q cross join lateral (
        select d.ctid as place, d.job_id from dedupe_keys d
        where d.queue = q.name and d.created_at < p_now - q.dedupe_retention
        order by d.created_at limit p_limit for update skip locked) k
      limit p_limit) o
  ), kept as (
    update dedupe_keys set created_at = p_now
    where ctid = any (array(select o.place from old o where o.alive))
  )
  delete from dedupe_keys where ctid = any (array(select o.place from old o where not o.alive));
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_letters(timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_letters(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_gone integer;
begin
  delete from dead_letters where id = any (array(
    select old.id from queues q cross join lateral (
      select d.id from dead_letters d
      where (d.queue, d.died_at) >= (q.name, '-infinity'::timestamptz)   -- by the index of both: with the
        and (d.queue, d.died_at) < (q.name, p_now - q.dead_retention)   -- other one it reads all queues
        and not exists (select from replay_items i where i.job_id = d.id and i.outcome is null)
      order by d.queue, d.died_at limit p_limit for update skip locked) old
    limit p_limit));
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_marks(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_marks(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_gone integer;
  v_drawn bigint := (select last_value from ready_jobs_seq_seq);
begin
  delete from ready_marks m
  where m.bound > v_drawn or m.made_at < p_now - interval '1 minute' and exists (
    select from ready_marks later where later.queue = m.queue and later.number > m.number);
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_rates(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_rates(p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now bigint := nanoseconds(clock());
  v_fast tid[];
  v_durable tid[];
begin
  select array_agg(o.place) filter (where not o.durable), array_agg(o.place) filter (where o.durable)
  into v_fast, v_durable
  from (select r.ctid as place, r.durable from rate_limits r
        where r.full_at < v_now limit p_limit for update skip locked) o;
  -- by their places: joined with the table, many of them might each be compared with all
  delete from rate_limits where not durable and ctid = any (v_fast);
  delete from rate_limits where durable and ctid = any (v_durable);
  return coalesce(cardinality(v_fast), 0) + coalesce(cardinality(v_durable), 0);
end
$$;

-- Name: prune_replays(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_replays(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_gone integer;
begin
  delete from replays where ended_at < p_now - interval '90 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;

-- Name: prune_ticks(timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_ticks(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: put_deferred(holdfast.job, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into deferred_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts,
                             crashes, deferrals, enqueued_at, run_at, expires_at, replay_of,
                             waits_for, because, held_at)
  select (p_job).*, p_waits_for, p_because, case p_waits_for when 'person' then clock() end;
end
$$;

-- Name: put_in_line(holdfast.job, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_job.ordering_key is not null and not become_head(p_job.queue, p_job.ordering_key, p_job.id) then
    perform put_deferred(p_job, 'key', null);
  else
    perform let_run(p_job, p_because);
  end if;
end
$$;

-- Name: put_off_letter(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_off_letter(p_replay bigint, p_ordinal integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_place integer := last_of_replay(p_replay) + 1;
begin
  update replay_items set ordinal = v_place where replay = p_replay and ordinal = p_ordinal;
  return v_place;
end
$$;

-- Name: put_ready(holdfast.job); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_ready(p_job holdfast.job) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes,
                          deferrals, enqueued_at, run_at, expires_at, replay_of)
  select (p_job).*;
end
$$;

-- Name: workers; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.workers (
    worker text NOT NULL,
    queues text[] NOT NULL,
    host text,
    pid integer,
    running integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

-- Name: queue_overview; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.queue_overview AS
 SELECT name AS queue,
    ((paused_at IS NOT NULL) AND ((paused_until IS NULL) OR (paused_until > clock_timestamp()))) AS paused,
    paused_by,
    paused_why,
    paused_until,
    ( SELECT count(*) AS count
           FROM (( SELECT
                   FROM holdfast.ready_jobs
                  WHERE ((ready_jobs.queue = q.name) AND (ready_jobs.tenant IS NULL))
                  ORDER BY ready_jobs.priority, ready_jobs.seq
                 LIMIT 10001)
                UNION ALL
                ( SELECT
                   FROM holdfast.ready_jobs
                  WHERE ((ready_jobs.queue = q.name) AND (ready_jobs.tenant IS NOT NULL))
                  ORDER BY ready_jobs.tenant, ready_jobs.priority, ready_jobs.seq
                 LIMIT 10001)
         LIMIT 10001) c) AS ready,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM holdfast.leased_jobs
                  WHERE (leased_jobs.queue = q.name)
                 LIMIT 10001) c) AS leased,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM holdfast.deferred_jobs
                  WHERE ((deferred_jobs.queue = q.name) AND (deferred_jobs.waits_for = 'time'::text))
                 LIMIT 10001) c) AS scheduled,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM holdfast.deferred_jobs
                  WHERE ((deferred_jobs.queue = q.name) AND (deferred_jobs.waits_for = 'key'::text))
                 LIMIT 10001) c) AS blocked,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM holdfast.deferred_jobs
                  WHERE ((deferred_jobs.queue = q.name) AND (deferred_jobs.waits_for = 'person'::text))
                 LIMIT 10001) c) AS held,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM holdfast.dead_letters
                  WHERE (dead_letters.queue = q.name)
                  ORDER BY dead_letters.fingerprint, dead_letters.died_at
                 LIMIT 10001) c) AS dead,
    LEAST(( SELECT ready_jobs.enqueued_at
           FROM holdfast.ready_jobs
          WHERE ((ready_jobs.queue = q.name) AND (ready_jobs.tenant IS NULL))
          ORDER BY ready_jobs.priority, ready_jobs.seq
         LIMIT 1), ( SELECT min(t.enqueued_at) AS min
           FROM ( SELECT ready_jobs.enqueued_at
                   FROM holdfast.ready_jobs
                  WHERE ((ready_jobs.queue = q.name) AND (ready_jobs.tenant IS NOT NULL))
                  ORDER BY ready_jobs.tenant, ready_jobs.priority, ready_jobs.seq
                 LIMIT 1000) t)) AS oldest_ready,
    ( SELECT min(deferred_jobs.run_at) AS min
           FROM holdfast.deferred_jobs
          WHERE ((deferred_jobs.queue = q.name) AND (deferred_jobs.waits_for = 'time'::text))) AS next_due,
    ( SELECT count(*) AS count
           FROM holdfast.workers w
          WHERE ((q.name = ANY (w.queues)) AND (w.seen_at > (clock_timestamp() - '00:01:00'::interval)))) AS workers
   FROM holdfast.queues q;

-- Name: queue_list(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.queue_list(p_queue text DEFAULT NULL::text) RETURNS SETOF holdfast.queue_overview
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
  select * from queue_overview q where p_queue is null or q.queue = p_queue order by q.queue
$$;

-- Name: queue_policy(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.queue_policy(p_queue text) RETURNS holdfast.queues
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_policy queues;
begin
  select * into v_policy from queues where name = p_queue;
  if not found then
    raise exception 'no queue "%"', p_queue using errcode = 'JQ004',
      hint = format('there are: %s. To make it: holdfast queues create %s, or select %I.create_queue(%L)',
        coalesce((select string_agg(q.name, ', ') from (
          select name from queues order by name limit 20) q), 'none'),
        p_queue, current_schema(), p_queue);
  end if;
  return v_policy;
end
$$;

-- Name: raise_alert(text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_news boolean;
begin
  insert into alerts as a (key, text, details, raised_at, last_at, times)
  values (left(p_key, 300), p_text, coalesce(p_details, '{}'), v_now, v_now, 1)
  on conflict (key) do update set
    text = excluded.text, details = excluded.details, last_at = excluded.last_at,
    raised_at = case when a.cleared_at is null then a.raised_at else excluded.raised_at end,
    times = case when a.cleared_at is null then a.times + 1 else 1 end,
    told_at = case when a.cleared_at is null then a.told_at end,
    cleared_at = null, cleared_by = null
  returning a.times = 1 into v_news;
  if v_news and exists (select from queues where name = 'alerts') then
    perform enqueue('alerts', 'alert', jsonb_build_object(
      'key', left(p_key, 300), 'text', p_text, 'details', coalesce(p_details, '{}'),
      'raised_at', v_now));
  end if;
  return v_news;
end
$$;

-- Name: raise_goes_on(text, bigint, integer, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  raise exception 'of % % that this took to look through, from the newest on, % fit: fewer than a page',
    p_looked, p_what, p_found using errcode = 'JQ005', hint = format(
      'ask also for %s; %sor go on with %s', p_also,
      case when p_found > 0 then format('or with limit %s for those; ', p_found) else '' end, p_from);
end
$$;

-- Name: raise_not_dead(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_not_dead(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_state text := (select state from jobs where id = p_id);
begin
  if v_state is null then
    raise exception 'no job %', p_id using errcode = 'JQ001';
  end if;
  raise exception 'job % is %, not dead: only a dead letter can be replayed', p_id, v_state
    using errcode = 'JQ003';
end
$$;

-- Name: rate_allowed(text, integer, interval, integer, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer DEFAULT NULL::integer, p_cost integer DEFAULT 1) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select allowed from rate_check(array[p_key], jsonb_build_object(
    'quota', p_quota, 'per', extract(epoch from p_per), 'burst', p_burst), p_cost)
$$;

-- Name: rate_answer_of(holdfast.rate_wish, bigint, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint) RETURNS holdfast.rate_answer
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: rate_check(text[], jsonb, integer, text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_check(p_keys text[], p_policies jsonb, p_cost integer DEFAULT 1, p_mode text DEFAULT 'charge'::text, p_in_transaction boolean DEFAULT false) RETURNS SETOF holdfast.rate_answer
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from rate_check_many(
    jsonb_build_array(jsonb_build_object('keys', p_keys, 'policies', p_policies, 'cost', p_cost,
                                         'mode', p_mode)), p_in_transaction)
$$;

-- Name: rate_check_many(jsonb, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_check_many(p_checks jsonb, p_in_transaction boolean DEFAULT false) RETURNS SETOF holdfast.rate_answer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_wishes rate_wish[] := read_rate_checks(p_checks);
  v_before bigint[];
  v record;
begin
  perform refuse_transaction(p_in_transaction);
  v_before := read_full_at(v_wishes);
  v := judge_rates(v_wishes, v_before, nanoseconds(clock()));
  if v.after is distinct from v_before then
    v_before := lock_rates(v_wishes);
    v := judge_rates(v_wishes, v_before, nanoseconds(clock()));
    perform write_rates(v_wishes, v_before, v.after);
  end if;
  return query select (a).* from unnest(v.answers) a;
end
$$;

-- Name: rate_complaint(text, jsonb, jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return case
    when coalesce(length(p_key), 0) not between 1 and 500 then 'a key is 1 to 500 characters'
    when p_check - '{keys,policies,cost,mode}'::text[] <> '{}' then
      'a check has keys, policies, cost and mode, not ' || left(p_check::text, 200)
    when jsonb_typeof(p_check -> 'policies') = 'array'
         and jsonb_array_length(p_check -> 'policies') <> p_keys then
      'give one policy for all keys, or one for each'
    when jsonb_typeof(p_policy) is distinct from 'object'
         or p_policy - '{name,quota,per,burst,durable}'::text[] <> '{}' then
      'a policy is an object with quota, per (seconds) and, if you like, name, burst and durable'
    when coalesce((p_policy ->> 'quota')::numeric, 0) not between 1 and 1000000000
         or (p_policy ->> 'burst')::numeric not between 1 and 1000000000 then
      'quota and burst are 1 to 1000000000'
    when not coalesce((p_policy ->> 'per')::double precision between 0.001 and 31622400, false) then
      'per is 0.001 to 31622400 seconds'
    when (p_policy ->> 'quota')::numeric > (p_policy ->> 'per')::numeric * 1000000 then
      'a quota is at most 1000000 per second'
    when coalesce((p_policy ->> 'burst')::numeric, (p_policy ->> 'quota')::numeric)
         * (p_policy ->> 'per')::numeric > 315360000 * (p_policy ->> 'quota')::numeric then
      'a burst is worth at most ten years of its quota'
    when coalesce((p_check ->> 'cost')::numeric, 1) not between 0 and 1000000000 then
      'cost is 0 to 1000000000'
    when coalesce(p_check ->> 'mode', 'charge') not in ('charge', 'up_to', 'peek', 'refund') then
      'mode is charge, up_to, peek or refund'
  end;
end
$$;

-- Name: rate_left(bigint, integer, bigint, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
  v_room numeric := pg_catalog.div(p_burst::numeric * p_period, p_quota::numeric)
                    - greatest(p_full_at - p_now, 0) + 1;
begin
  return case when v_room < 0 then -1
    else pg_catalog.div(v_room * p_quota, p_period::numeric) end::integer;
end
$$;

-- Name: rate_limit_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_limit_list(p_limit integer DEFAULT 50) RETURNS TABLE(key text, policy text, remaining integer, quota integer, per double precision, burst integer, full_at timestamp with time zone, durable boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now bigint := nanoseconds(clock());
begin
  return query
    select r.key, r.policy, rate_left(r.full_at, r.quota, r.period, r.burst, v_now), r.quota,
           (r.period / 1e9)::double precision, r.burst, to_timestamp(r.full_at / 1e9), r.durable
    from rate_limits r where r.full_at > v_now
    order by r.full_at desc limit list_limit(p_limit);
end
$$;

-- Name: rate_of_queue(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_of_queue(p_policy holdfast.queues) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_build_object('name', 'jobs', 'quota', p_policy.rate_quota,
    'per', extract(epoch from p_policy.rate_per),
    'burst', coalesce(p_policy.rate_burst, p_policy.rate_quota))
$$;

-- Name: rate_worth(integer, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select pg_catalog.div(p_units::numeric * p_period, p_quota::numeric)::bigint
$$;

-- Name: read_full_at(holdfast.rate_wish[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_full_at(p_wishes holdfast.rate_wish[]) RETURNS bigint[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return (   -- one by one, with a limit: as a join it may read the whole table
    select coalesce(array_agg(coalesce(r.full_at, 0) order by w.place), '{}')
    from (select distinct place, durable, key, policy from unnest(p_wishes)) w
    left join lateral (
      select l.full_at from rate_limits l
      where l.durable = w.durable and l.key = w.key and l.policy = w.policy limit 1) r on true);
end
$$;

-- Name: read_job_filter(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform check_filter(p_filter, '{queue,state,kind,tenant,before}');
  select * into queue, state, kind, tenant, before from jsonb_to_record(p_filter) as f(
    queue text, state text, kind text, tenant text, before uuid);
  ended := '{done,cancelled,expired}';
  states := case when state = any (ended) then ended when state in ('ready', 'held') then '{ready,held}'
    else array[state] end;
  if state not in ('ready', 'leased', 'held', 'dead', 'done', 'cancelled', 'expired') then
    raise exception 'no state "%"', left(state, 60) using errcode = 'JQ005',
      hint = 'known: ready, leased, held, dead, done, cancelled, expired';
  end if;
end
$$;

-- Name: read_rate_checks(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_rate_checks(p_checks jsonb) RETURNS holdfast.rate_wish[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_wishes rate_wish[];
  v_bad text;
begin
  if jsonb_typeof(p_checks) is distinct from 'array' or jsonb_array_length(p_checks) > 1000
     or jsonb_path_exists(p_checks, '$[*] ? (!(@.keys.type() == "array" && @.keys.size() > 0))') then
    raise exception 'checks is a JSON array of at most 1000 objects, each with an array of keys'
      using errcode = 'JQ005';
  end if;
  v_bad := (select min(rate_complaint(l.key, l.policy, l.asked, l.keys)) from limits_of(p_checks) l);
  if v_bad is not null then
    raise exception '%', v_bad using errcode = 'JQ005';
  end if;
  select array_agg((l.number, l.key, l.name, l.durable, (l.policy ->> 'quota')::integer,
           ((l.policy ->> 'per')::double precision * 1e9)::bigint,
           coalesce((l.policy ->> 'burst')::integer, (l.policy ->> 'quota')::integer),
           coalesce((l.asked ->> 'cost')::integer, 1), coalesce(l.asked ->> 'mode', 'charge'),
           l.place)::rate_wish order by l.number, l.place)
  into v_wishes
  from (select i.*, dense_rank() over (order by i.durable, i.key, i.name) as place from (
          select o.*, coalesce(o.policy ->> 'name', 'default') as name,
                 coalesce((o.policy ->> 'durable')::boolean, false) as durable
          from limits_of(p_checks) o) i) l;
  return coalesce(v_wishes, '{}');
end
$_$;

-- Name: record_attempt(holdfast.leased_jobs, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into attempts (job_id, queue, attempt, outcome, because, claim_token, worker, claimed_at,
                        settled_at, next_at)
  values (p_lease.id, p_lease.queue, p_lease.attempts, p_outcome, p_because, p_lease.claim_token,
          p_lease.worker, p_lease.claimed_at, p_now, p_next);
end
$$;

-- Name: record_held(holdfast.deferred_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_held(p_held holdfast.deferred_jobs) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_held.held_at is not null then
    insert into attempts (job_id, queue, attempt, outcome, because, claimed_at, settled_at)
    values (p_held.id, p_held.queue, p_held.attempts, 'held', p_held.because, p_held.held_at, clock());
  end if;
end
$$;

-- Name: record_late(uuid, uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_queue text;
  v_state text;
begin
  select j.queue, j.state into v_queue, v_state from jobs j where j.id = p_id;
  if not found then
    return 'unknown';
  end if;
  insert into attempts (job_id, queue, outcome, because, claim_token, settled_at)
  values (p_id, v_queue, 'late', p_verdict || coalesce(': ' || nullif(p_because, ''), ''), p_token,
          p_now);
  return v_state;
end
$$;

-- Name: record_operation(text, text, text, jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if coalesce(btrim(p_who), '') = '' then
    raise exception 'who does this? give a name' using errcode = 'JQ005';
  end if;
  perform make_durable();
  insert into operations (action, who, why, filter, affected, at)
  values (p_action, p_who, p_why, p_filter, p_affected, clock());
end
$$;

-- Name: refund_rate(holdfast.queues, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refund_rate(p_policy holdfast.queues, p_units integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_policy.rate_quota is not null and p_units > 0 then
    perform rate_check(array['queue:' || p_policy.name], rate_of_queue(p_policy), p_units, 'refund',
                       true);
  end if;
end
$$;

-- Name: refuse_known_id(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refuse_known_id(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if exists (select from ready_jobs where id = p_id) or exists (select from leased_jobs where id = p_id)
     or exists (select from deferred_jobs where id = p_id)
     or exists (select from dead_letters where id = p_id)
     or exists (select from finished_jobs where id = p_id)
  then
    raise exception 'there is a job % already', p_id using errcode = 'JQ005';
  end if;
end
$$;

-- Name: refuse_transaction(boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refuse_transaction(p_in_transaction boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_in_transaction then
    return;
  end if;
  if pg_current_xact_id_if_assigned() is not null
     or statement_timestamp() - transaction_timestamp() > interval '100 milliseconds' then
    raise exception 'a limit is asked in a transaction of its own, not inside of an open one'
      using errcode = 'JQ005', hint = 'its row would stay locked until the commit, and everybody with '
        'the same key would wait. Ask before you begin; or say p_in_transaction => true';
  elsif current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a limit needs the isolation level READ COMMITTED, not %',
      upper(current_setting('transaction_isolation')) using errcode = 'JQ005',
      hint = 'at a stricter level, whoever comes second gets an error instead of an answer';
  end if;
end
$$;

-- Name: release(jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.release(p_leases jsonb, p_because text DEFAULT 'released'::text) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_ids uuid[] := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
begin
  perform from leased_jobs l where l.id = any (v_ids) order by l.id for update;   -- before the rate, as a claim
  perform refund_rate(queue_policy(r.queue), r.jobs) from (
    select l.queue, count(*)::integer as jobs
    from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
    join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids)
    group by l.queue order by l.queue) r;
  return query select * from settle((
    select coalesce(jsonb_agg(v || jsonb_build_object('verdict', 'snooze', 'because', p_because)), '[]')
    from jsonb_array_elements(p_leases) v));
end
$$;

-- Name: release_slot(text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.release_slot(p_key text, p_slot uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_until timestamptz;
begin
  delete from slots where key = p_key and slot = p_slot returning until into v_until;
  return coalesce(v_until > clock(), false);
end
$$;

-- Name: replaced_by(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replaced_by(p_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
begin
  return (
    select substring(f.note from '^replaced by an edited replay: ([0-9a-f-]{36})$')::uuid
    from finished_jobs f where f.id = p_id and f.state = 'cancelled' limit 1);
end
$_$;

-- Name: replay(uuid, text, text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay(p_id uuid, p_who text, p_why text DEFAULT NULL::text, p_payload jsonb DEFAULT NULL::jsonb, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_letter dead_letters;
  v_new uuid;
begin
  perform take_keys_of(array[p_id]);
  delete from dead_letters where id = p_id returning * into v_letter;
  if v_letter.id is null then
    perform raise_not_dead(p_id);
  end if;
  perform make_durable();
  if p_payload is null then
    v_new := revive(v_letter, p_run_at);
  else
    select e.id into v_new from enqueue_many(jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
      'queue', v_letter.queue, 'kind', v_letter.kind, 'priority', v_letter.priority,
      'tenant', v_letter.tenant, 'ordering_key', v_letter.ordering_key, 'run_at', p_run_at,
      'replay_of', p_id)) || jsonb_build_object('payload', p_payload))) e;
    perform finish(job_of(v_letter), 'cancelled', 'replaced by an edited replay: ' || v_new, clock());
  end if;
  perform record_operation('replay', p_who, p_why, jsonb_build_object('id', p_id, 'became', v_new), 1);
  return v_new;
end
$$;

-- Name: replay_dead_letters(jsonb, text, text, integer, double precision, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_dead_letters(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_limit integer DEFAULT 10000, p_rate double precision DEFAULT NULL::double precision, p_dry_run boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_ids uuid[];
  v_keys jsonb;
  v_letter dead_letters;
  v_count integer := 0;
begin
  if p_rate <= 0 or p_rate = 'NaN' then
    raise exception 'a rate is a number of jobs per second above 0, not %', p_rate using errcode = 'JQ005';
  end if;
  if p_dry_run then
    return (select count(*) from select_dead_letters(p_filter, p_limit));
  end if;
  perform make_durable();
  v_ids := array(select select_dead_letters(p_filter, p_limit));
  v_keys := take_keys_of(v_ids);
  for v_letter in
    select d.* from dead_letters d where d.id = any (v_ids)
    order by d.died_at, d.id for update skip locked
  loop
    delete from dead_letters where id = v_letter.id;
    perform revive(v_letter, v_now + make_interval(secs => coalesce(v_count / p_rate, 0)));
    v_count := v_count + 1;
  end loop;
  perform leave_keys(v_keys);
  perform record_operation('replay', p_who, p_why,
                           p_filter || jsonb_build_object('limit', p_limit, 'rate', p_rate), v_count);
  return v_count;
end
$$;

-- Name: replay_excluded(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_excluded(p_ids uuid[]) RETURNS TABLE(id uuid, queue text, fingerprint text, excluded text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
  select d.id, d.queue, d.fingerprint, case
    when exists (select from replay_items i where i.job_id = d.id and i.outcome is null) then
      'it is in another replay'
    when not exists (select from queues q where q.name = d.queue) then 'its queue is gone'
  end
  from dead_letters d where d.id = any (p_ids)
$$;

-- Name: replay_item_list(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_item_list(p_id bigint, p_limit integer DEFAULT 50) RETURNS TABLE(job_id uuid, outcome text, state text, because text, at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select i.job_id, coalesce(i.outcome, 'waiting'), (select j.state from jobs j where j.id = i.job_id),
         i.because, i.at
  from replay_items i where i.replay = p_id order by i.ordinal limit list_limit(p_limit)
$$;

-- Name: replay_letter(bigint, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '1ms'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_item replay_items;
  v_letter dead_letters;
begin
  select * into v_item from replay_items where replay = p_replay and ordinal = p_ordinal for update;
  select * into v_letter from dead_letters where id = v_item.job_id for update nowait;
  if v_letter.id is null then
    update replay_items set outcome = 'gone', at = p_now, because = coalesce(
      'it is ' || (select j.state from jobs j where j.id = v_item.job_id) || ' by now', 'forgotten')
    where replay = p_replay and ordinal = v_item.ordinal;
    return null;
  end if;
  perform from ordering_keys
  where queue = v_letter.queue and key = v_letter.ordering_key for update nowait;
  delete from dead_letters where id = v_letter.id;
  perform revive(v_letter, p_run_at);
  update replay_items set outcome = 'replayed', because = v_letter.error, at = p_now
  where replay = p_replay and ordinal = v_item.ordinal;
  return v_letter.id;
exception when others then   -- one that cannot come back must not keep the others dead
  if sqlstate ~ '^(40|5[3578])' then
    raise;   -- the server could not just now: that says nothing about this letter
  end if;
  update replay_items set outcome = 'excluded', because = left(sqlerrm, 500), at = p_now
  where replay = p_replay and ordinal = v_item.ordinal;
  return null;
end
$$;

-- Name: replay_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_list(p_limit integer DEFAULT 50) RETURNS TABLE(id bigint, state text, total integer, replayed integer, who text, why text, created_at timestamp with time zone, ended_at timestamp with time zone, rate double precision, note text, filter jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select r.id, r.state, r.total, r.replayed, r.who, r.why, r.created_at, r.ended_at, r.rate, r.note,
         r.filter
  from replays r order by r.id desc limit list_limit(p_limit)
$$;

-- Name: replay_numbered(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_numbered(p_id bigint) RETURNS holdfast.replays
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_replay replays;
begin
  select * into v_replay from replays where id = p_id;
  if not found then
    raise exception 'no replay %', p_id using errcode = 'JQ001', hint = 'replay_list() shows them';
  end if;
  return v_replay;
end
$$;

-- Name: replay_show(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_show(p_id bigint) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select to_jsonb(replay_numbered(p_id)) || jsonb_build_object(
    'items', (select coalesce(jsonb_object_agg(outcome, n), '{}') from (
      select coalesce(i.outcome, 'waiting') as outcome, count(*) as n from replay_items i
      where i.replay = p_id group by 1) o),
    'became', (select coalesce(jsonb_object_agg(state, n), '{}') from (
      select coalesce(j.state, 'forgotten') as state, count(*) as n
      from (select job_id from replay_items where replay = p_id and outcome = 'replayed'
            order by ordinal limit 10000) i
      left join jobs j on j.id = i.job_id group by 1) b))
$$;

-- Name: rescue(text, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rescue(p_queue text DEFAULT NULL::text, p_limit integer DEFAULT 1000, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_lost uuid[];
  v_busy uuid[];
  v_lease leased_jobs;
  v_count integer := 0;
begin
  v_lost := array(
    select i.id from leased_jobs i
    where i.lease_until > p_from and i.lease_until <= v_now
      and (p_queue is null or i.queue = p_queue)
    order by i.lease_until limit p_limit for update skip locked);
  v_busy := leases_of_busy_keys(v_lost);
  for v_lease in
    with lost as (
      delete from leased_jobs l where l.id = any (v_lost) and l.id <> all (v_busy) returning l.*
    )
    select o.* from lost o order by o.queue, o.ordering_key   -- as everybody takes many keys
  loop
    perform rescue_one(v_lease, v_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Name: rescue_one(holdfast.leased_jobs, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job job := job_of(p_lease);
  v_policy queues := queue_policy(p_lease.queue);
  v_because text := format('lease of %s ran out: the worker died, froze or was cut off', p_lease.worker);
begin
  v_job.crashes := v_job.crashes + 1;
  if v_job.crashes >= v_policy.max_crashes then
    return bury(v_job, p_lease, 'poison', v_because || format(' (%s times)', v_job.crashes), 'lost',
                p_now);
  elsif v_job.attempts >= v_policy.max_attempts then
    return bury(v_job, p_lease, 'exhausted', v_because, 'lost', p_now);
  end if;
  v_job.run_at := p_now;
  perform record_attempt(p_lease, 'lost', v_because, p_now, p_now);
  perform put_ready(v_job);
  perform wake(array[v_job.queue]);
  return 'ready';
end
$$;

-- Name: reset_rate(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.reset_rate(p_key text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_count integer;
begin
  delete from rate_limits where durable in (false, true) and key = p_key;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    raise exception 'no limit is in use for the key "%"', left(p_key, 200) using errcode = 'JQ001',
      hint = 'a key begins with the name of its limit, such as login:ann; rate_limit_list() shows them';
  end if;
  perform record_operation('reset', p_who, p_why, jsonb_build_object('limit', p_key), v_count);
  return v_count;
end
$$;

-- Name: resume_breaker(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_breaker(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform breaker_named(p_name);
  perform close_breaker(p_name, clock());
  perform record_operation('resume', p_who, p_why, jsonb_build_object('breaker', p_name), 1);
end
$$;

-- Name: resume_queue(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_queue(p_queue text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform queue_policy(p_queue);
  update queues set paused_at = null, paused_by = null, paused_why = null, paused_until = null
  where name = p_queue;
  perform record_operation('resume', p_who, p_why, jsonb_build_object('queue', p_queue), 1);
  perform wake(array[p_queue]);
end
$$;

-- Name: resume_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: retry(holdfast.leased_jobs, text, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job job := job_of(p_lease);
  v_policy queues := queue_policy(p_lease.queue);
begin
  if v_job.attempts >= v_policy.max_attempts then
    return bury(v_job, p_lease, 'exhausted', p_because, p_outcome, p_now);
  end if;
  v_job.run_at := next_attempt_at(v_policy, v_job.attempts, p_after, p_now);
  if v_job.run_at > v_job.enqueued_at + v_policy.max_age and v_job.run_at
       > v_job.enqueued_at + v_policy.max_age
         + time_stopped(v_job.id, v_policy, v_job.enqueued_at, p_now) then
    return bury(v_job, p_lease, 'too_old', p_because, p_outcome, p_now);
  end if;
  -- never retried after it expired: it comes back just then, to be ended; but not in the past, where
  -- no claim looks any more (marks.sql)
  v_job.run_at := greatest(p_now, least(v_job.run_at, v_job.expires_at));
  perform record_attempt(p_lease, p_outcome, p_because, p_now, v_job.run_at);
  perform put_deferred(v_job, 'time', p_because);
  return 'ready';
end
$$;

-- Name: return_probe(text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.return_probe(p_name text, p_probe uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  update breakers set probe = null, probe_until = null where name = p_name and probe = p_probe
$$;

-- Name: revive(holdfast.dead_letters, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_job job := job_of(p_letter);
begin
  v_job.attempts := 0;
  v_job.crashes := 0;
  v_job.enqueued_at := v_now;
  v_job.run_at := greatest(coalesce(p_run_at, v_now), v_now);
  if v_job.expires_at <= v_now then
    v_job.expires_at := null;   -- a person asked for it now
  end if;
  perform put_in_line(v_job, 'replay');
  return v_job.id;
end
$$;

-- Name: revive_if_dead(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive_if_dead(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_keys jsonb := take_keys_of(array[p_id]);
  v_letter dead_letters;
begin
  delete from dead_letters where id = p_id returning * into v_letter;
  if v_letter.id is not null then
    perform revive(v_letter, null);
    perform record_operation('replay', 'dedupe', 'the same key came again',
                             jsonb_build_object('id', p_id), 1);
  else
    perform leave_keys(v_keys);
  end if;
end
$$;

-- Name: revive_letters(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive_letters(p_letters jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_letter jsonb;
begin
  for v_letter in select jsonb_array_elements(p_letters) loop
    perform revive_if_dead((v_letter ->> 'id')::uuid);
  end loop;
  perform leave_keys(p_letters);
end
$$;

-- Name: room_of_tenants(holdfast.queues, text[], integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return case when p_policy.max_running_per_tenant is null
    then array_fill(p_limit, array[cardinality(p_tenants)])
    else array(
      select case when t.tenant is null then p_limit
        else greatest(0, p_policy.max_running_per_tenant - coalesce(r.running, 0))::integer end
      from unnest(p_tenants) with ordinality t(tenant, n)
      left join (
        select l.tenant, count(*) as running from leased_jobs l
        where l.queue = p_policy.name and l.lease_until > p_now group by l.tenant) r using (tenant)
      order by t.n) end;
end
$$;

-- Name: run_now(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_now(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_queue text;
  v_state text;
begin
  perform make_durable();
  update deferred_jobs set run_at = least(run_at, v_now) where id = p_id and waits_for = 'time'
  returning queue into v_queue;
  if v_queue is null then
    v_state := (select state from jobs where id = p_id);
    if v_state is null then
      raise exception 'no job %', p_id using errcode = 'JQ001',
        hint = 'finished jobs are forgotten after their queue''s retention';
    end if;
    raise exception 'job % is % and does not wait for its time', p_id, v_state using errcode = 'JQ003',
      hint = case v_state when 'dead' then 'a dead letter is replayed' when 'held' then 'unhold lets it go on'
        else 'explain says what a job waits for' end;
  end if;
  perform wake(array[v_queue]);
  perform record_operation('run', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Name: run_now_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_now_many(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v record;
  v_ids uuid[];
  v_queues text[];
begin
  perform check_filter(p_filter, '{queue,kind,tenant,ids}');
  perform make_durable();
  select * into v from jsonb_to_record(p_filter) as f(queue text, kind text, tenant text, ids uuid[]);
  v_ids := array(
    select d.id from deferred_jobs d
    where d.waits_for = 'time' and d.run_at > v_now and d.attempts > 0
      and (v.queue is null or d.queue = v.queue)
      and (v.kind is null or d.kind = v.kind) and (v.tenant is null or d.tenant = v.tenant)
      and (v.ids is null or d.id = any (v.ids))
    for update skip locked);   -- who has one just now brings it in, or has another will with it
  with moved as (
    update deferred_jobs set run_at = v_now where id = any (v_ids) returning queue
  )
  select array_agg(distinct m.queue) into v_queues from moved m;
  perform wake(v_queues);
  perform record_operation('run', p_who, p_why, p_filter, cardinality(v_ids));
  return cardinality(v_ids);
end
$$;

-- Name: run_replay(holdfast.replays, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_replay(p_replay holdfast.replays, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  r replays := p_replay;
  v_now timestamptz := clock();
  v_before integer := r.replayed - (r.canary is not null)::integer;
  v_start timestamptz := greatest(r.started_at,
    v_now - make_interval(secs => coalesce(v_before / r.rate, 0) + 5));
  v_room integer := least(p_limit, case when r.rate is null then p_limit
    else ceil(extract(epoch from v_now - v_start + interval '5 s') * r.rate) - v_before end);
  v_seen integer := 0;
  v_count integer := 0;
  v_last integer := last_of_replay(r.id);
  v_next integer := next_of_replay(r.id, r.gone_to);
  v_step record;
begin
  while v_count < v_room and v_seen < 2 * p_limit
        and v_next <= v_last loop   -- what is put off here is for the next call
    v_seen := v_seen + 1;
    v_step := advance_replay(r, v_next, v_start + make_interval(secs =>
      coalesce((v_before + v_count) / r.rate, 0)), v_now);
    r := v_step.r;
    v_count := v_count + (v_step.job_id is not null)::integer;
    v_next := next_of_replay(r.id, r.gone_to);
  end loop;
  update replays set replayed = r.replayed + v_count, started_at = v_start, gone_to = r.gone_to,
    put_off = r.put_off, state = case when v_next is null then 'done' else 'running' end,
    ended_at = case when v_next is null then v_now end
  where id = r.id;
  return v_count;
end
$$;

-- Name: run_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: say(text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_build_object('rule', p_rule, 'because', p_because, 'until', p_until)
$$;

-- Name: schedule_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_list() RETURNS TABLE(name text, rhythm text, queue text, kind text, next_at timestamp with time zone, last_at timestamp with time zone, paused_by text, last_error text, timezone text, catch_up text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select s.name, coalesce(s.cron, 'every ' || s.every), s.job ->> 'queue', s.job ->> 'kind',
         case when s.paused_at is null then s.next_at end, s.last_at, s.paused_by, s.last_error,
         s.timezone, s.catch_up
  from schedules s order by s.paused_at is not null, s.next_at limit 1000
$$;

-- Name: schedule_named(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_named(p_name text) RETURNS holdfast.schedules
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: schedule_preview(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_preview(p_name text, p_count integer DEFAULT 5) RETURNS SETOF timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: seconds_of(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.seconds_of(p_given text) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return p_given::double precision;
exception when invalid_text_representation or numeric_value_out_of_range then
  raise exception 'after is "%"', left(p_given, 60) using errcode = 'JQ005',
    hint = 'a number of seconds, as 90 or 0.5';
end
$$;

-- Name: select_dead_letters(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_known constant text[] := '{queue,group,kind,tenant,since,until,ids}';
  v record;
begin
  if jsonb_typeof(p_filter) is distinct from 'object' or p_filter - v_known <> '{}' then
    raise exception 'a filter is a JSON object with: %', array_to_string(v_known, ', ')
      using errcode = 'JQ005';
  end if;
  select * into v from jsonb_to_record(p_filter) as f(
    queue text, "group" text, kind text, tenant text, since timestamptz, until timestamptz,
    ids uuid[]);
  return query
    select d.id from dead_letters d
    where (v.queue is null or d.queue = v.queue)
      and (v."group" is null or d.fingerprint = v."group")
      and (v.kind is null or d.kind = v.kind)
      and (v.tenant is null or d.tenant = v.tenant)
      and (v.since is null or d.died_at >= v.since)
      and (v.until is null or d.died_at < v.until)
      and (v.ids is null or d.id = any (v.ids))
    order by d.died_at limit p_limit;
end
$$;

-- Name: set_aside(holdfast.leased_jobs, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job job := job_of(p_lease);
begin
  v_job.attempts := v_job.attempts - 1;
  perform record_attempt(p_lease, 'hold', p_because, p_now, null);
  perform put_deferred(v_job, 'person', p_because);
  return 'held';
end
$$;

-- Name: set_breaker(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_breaker(p_name text, p_policy jsonb DEFAULT '{}'::jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_known constant text[] := '{failure_rate,minimum,per,open_for,open_cap}';
  v_old breakers;
  v_new breakers;
  v_now timestamptz := clock();
  v_changed jsonb;
begin
  if jsonb_typeof(p_policy) is distinct from 'object' or p_policy - v_known <> '{}' then
    raise exception 'the policy of a breaker is a JSON object with: %', array_to_string(v_known, ', ')
      using errcode = 'JQ005';
  end if;
  insert into breakers (name, half_from) values (p_name, v_now) on conflict do nothing;
  select * into v_old from breakers where name = p_name for update;
  v_new := jsonb_populate_record(v_old, p_policy);
  update breakers set failure_rate = v_new.failure_rate, minimum = v_new.minimum, per = v_new.per,
    open_for = v_new.open_for, open_cap = v_new.open_cap
  where name = p_name;
  v_changed := differences(to_jsonb(v_old), to_jsonb(v_new));
  if v_changed <> '{}' then
    perform record_operation('set', coalesce(p_who, session_user), p_why,
                             jsonb_build_object('breaker', p_name, 'changed', v_changed), 1);
  end if;
end
$$;

-- Name: set_idle(text, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_idle(p_worker text, p_queue text, p_for interval) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_for is null then
    delete from idle_workers where worker = p_worker and queue = p_queue;
  else
    insert into idle_workers as i (queue, worker, until)
    values (p_queue, p_worker, clock_timestamp() + p_for)
    on conflict (queue, worker) do update set until = excluded.until;
  end if;
end
$$;

-- Name: set_queue(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_queue(p_queue text, p_policy jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_changed jsonb := change_policy(p_queue, p_policy);
begin
  if v_changed <> '{}' then
    perform record_operation('set', coalesce(p_who, session_user), p_why,
                             jsonb_build_object('queue', p_queue, 'changed', v_changed), 1);
  end if;
end
$$;

-- Name: set_schedule(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_schedule(p_name text, p_options jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: settle(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle(p_results jsonb) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_given record;
  v_done record;
  v_outcomes jsonb;
begin
  if jsonb_typeof(p_results) is distinct from 'array' then
    raise exception 'results is a JSON array of objects' using errcode = 'JQ005';
  end if;
  perform make_durable();
  if exists (select from queues where breaker is not null) then
    v_outcomes := outcomes_by_breaker(p_results);
  end if;
  select array_agg(r.id) as ids, array_agg(r.token) as tokens,
         array_agg(left(r.because, 2000)) as notes into v_given
  from jsonb_to_recordset(p_results) as r(id uuid, token uuid, verdict text, because text)
  where r.verdict = 'delivered';
  if jsonb_array_length(p_results) > 1
     and cardinality(v_given.ids) is distinct from jsonb_array_length(p_results)
  then
    perform lock_keys_of_leases(p_results);
  end if;
  v_done := settle_delivered(v_given.ids, v_given.tokens, v_given.notes, clock());
  return query select d, true, 'done' from unnest(v_done.ids) d;
  if cardinality(v_done.ids) < jsonb_array_length(p_results) then
    return query select * from settle_others(p_results, v_done.ids, v_done.tokens);
  end if;
  perform tell_breakers(v_outcomes);
end
$$;

-- Name: settle_delivered(uuid[], uuid[], text[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_nestloop TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_keyed uuid[];
begin
  with gone as (
    delete from leased_jobs l using unnest(p_ids, p_tokens, p_notes) v(id, token, note)
    where l.id = v.id and l.claim_token = v.token
      and l.id = any (p_ids)   -- else it may go through all leases for a batch, with such statistics
    returning l.*, v.note
  ), kept as (
    insert into finished_jobs (
      id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes, deferrals,
      enqueued_at, run_at, expires_at, replay_of, state, note, worker, claimed_at, finished_at)
    select g.id, g.queue, g.kind, g.payload, g.priority, g.tenant, g.ordering_key, g.attempts,
           g.crashes, g.deferrals, g.enqueued_at, g.run_at, g.expires_at, g.replay_of,
           'done', g.note, g.worker, g.claimed_at, p_now
    from gone g
  )
  select coalesce(array_agg(g.id), '{}'), coalesce(array_agg(g.claim_token), '{}'),
         array_agg(g.id) filter (where g.ordering_key is not null)
  into ids, tokens, v_keyed from gone g;
  if v_keyed is not null then
    perform advance_key(f.queue, f.ordering_key, f.id)
    from finished_jobs f where f.id = any (v_keyed) order by f.queue, f.ordering_key;
  end if;
end
$$;

-- Name: settle_done(uuid[], uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_done(p_ids uuid[], p_tokens uuid[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_ids uuid[] := '{}';
  v_tokens uuid[] := '{}';
begin
  if not exists (select from queues where breaker is not null) then
    perform make_durable();
    select d.ids, d.tokens into v_ids, v_tokens
    from settle_delivered(p_ids, p_tokens, null, clock()) d;
    if cardinality(v_ids) = cardinality(p_ids) then
      return;
    end if;
  end if;
  return query
    select s.* from settle((
      select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'token', g.token, 'verdict',
                                                   'delivered')), '[]')
      from (select u.id, u.token, row_number() over (partition by u.id, u.token) as nth
            from unnest(p_ids, p_tokens) u(id, token)) g
      where g.nth > 1 or not exists (
        select from unnest(v_ids, v_tokens) d(id, token)
        where d.id = g.id and d.token = g.token))) s
    where not s.accepted;
end
$$;

-- Name: settle_one(uuid, uuid, text, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone) RETURNS TABLE(accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_lease leased_jobs;
  v_because text := left(coalesce(p_because, ''), 2000);
  v_until timestamptz := case when p_until is not null then
    least(p_until, v_now + interval '1 year') end;   -- also of 'infinity'
begin
  if p_verdict is null or p_verdict not in ('delivered', 'retry', 'snooze', 'hold', 'dead', 'unknown')
  then
    raise exception 'unknown verdict "%"', left(p_verdict, 60) using errcode = 'JQ005',
      hint = 'known: delivered, retry, snooze, hold, dead, unknown';
  end if;
  delete from leased_jobs l where l.id = p_id and l.claim_token = p_token returning * into v_lease;
  if v_lease.id is null then
    return query select false, record_late(p_id, p_token, p_verdict, v_because, v_now);
    return;
  end if;
  state := case p_verdict
    when 'retry' then retry(v_lease, 'retry', v_because, p_after, v_now)
    when 'snooze' then snooze(v_lease, v_because,
      coalesce(v_until, v_now + snooze_for(p_after)), v_now)
    when 'hold' then set_aside(v_lease, v_because, v_now)
    when 'dead' then bury(job_of(v_lease), v_lease, 'refused', v_because, 'dead', v_now)
    when 'unknown' then settle_unknown(v_lease, v_because, p_after, v_now)
    when 'delivered' then finish(job_of(v_lease), 'done', v_because, v_now)  -- named twice in one batch
  end;
  accepted := true;
  return next;
end
$$;

-- Name: settle_others(jsonb, uuid[], uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_result record;
begin
  for v_result in
    select r.*, row_number() over (partition by r.id, r.token, r.verdict) as nth
    from jsonb_to_recordset(p_results) as r(
      id uuid, token uuid, verdict text, because text, after text, until text)
  loop
    continue when v_result.verdict = 'delivered' and v_result.nth = 1 and exists (
      select from unnest(p_done, p_tokens) d(id, token)
      where d.id = v_result.id and d.token = v_result.token);
    return query select v_result.id, s.accepted, s.state from settle_one(
      v_result.id, v_result.token, v_result.verdict, v_result.because,
      seconds_of(v_result.after), moment_of(v_result.until)) s;
  end loop;
end
$$;

-- Name: settle_unknown(holdfast.leased_jobs, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if (queue_policy(p_lease.queue)).on_unknown = 'resend' then
    return retry(p_lease, 'unknown', p_because, p_after, p_now);
  end if;
  perform record_attempt(p_lease, 'unknown', p_because, p_now, null);
  perform put_deferred(job_of(p_lease), 'person', p_because);
  return 'held';
end
$$;

-- Name: sign_off(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.sign_off(p_worker text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  delete from idle_workers where worker = p_worker;
  delete from workers where worker = p_worker;
$$;

-- Name: skip(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.skip(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_held text := (select because from deferred_jobs where id = p_id and waits_for = 'person');
  v_because text := coalesce(p_why, 'skipped by ' || p_who);
  v record;
begin
  select * into v from take_job(p_id, false);
  if (v.job).ordering_key is null then
    raise exception 'job % has no ordering key: nothing waits behind it', p_id using errcode = 'JQ003';
  end if;
  perform advance_key((v.job).queue, (v.job).ordering_key, p_id);
  if v_held is null then
    perform put_in_line(v.job, v_because);
  else
    perform put_deferred(v.job, 'person', v_held);
  end if;
  perform record_operation('skip', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Name: snooze(holdfast.leased_jobs, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_job job := job_of(p_lease);
begin
  v_job.attempts := v_job.attempts - 1;
  v_job.deferrals := v_job.deferrals + 1;
  v_job.run_at := greatest(p_now, least(coalesce(p_until, p_now), v_job.expires_at));
  perform record_attempt(p_lease, 'snooze', p_because, p_now, v_job.run_at);
  if v_job.run_at > p_now then
    perform put_deferred(v_job, 'time', p_because);
  else
    perform put_ready(v_job);
    perform wake(array[v_job.queue]);
  end if;
  return 'ready';
end
$$;

-- Name: snooze_for(double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.snooze_for(p_after double precision) RETURNS interval
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return make_interval(secs => least(greatest(p_after, 0), 2592000) * (1 + 0.1 * random()));
end
$$;

-- Name: step_replays(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.step_replays(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
declare
  v_open replays[] := array(
    select r from replays r where state in ('canary', 'running') order by id for update skip locked);
  v_replay replays;
  v_before integer;
  v_count integer := 0;
begin
  foreach v_replay in array v_open loop
    if v_replay.state = 'canary' then
      v_before := v_replay.replayed;
      v_replay := judge_canary(v_replay, p_limit);
      v_count := v_count + v_replay.replayed - v_before;
    end if;
    if v_replay.state = 'running' then
      v_count := v_count + run_replay(v_replay, p_limit);
    end if;
  end loop;
  return v_count;
end
$$;

-- Name: still_leased(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.still_leased(p_leases jsonb) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_ids uuid[] := array(select v.id from jsonb_to_recordset(p_leases) as v(id uuid));
begin
  return query
    select l.id from jsonb_to_recordset(p_leases) as v(id uuid, token uuid)
    join leased_jobs l on l.id = v.id and l.claim_token = v.token and l.id = any (v_ids);
end
$$;

-- Name: supersede(holdfast.job, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_note text := 'superseded by ' || p_job.id;
  v_old job;
  v_heads uuid[];
  v_count integer := 0;
begin
  select heads into v_heads from ordering_keys
  where queue = p_job.queue and key = p_job.ordering_key for update;
  for v_old in
    with waiting as (
      delete from deferred_jobs d
      where d.queue = p_job.queue and d.ordering_key = p_job.ordering_key and d.id <> p_job.id
        and (d.waits_for = 'key' or d.waits_for = 'time' and d.id = any (v_heads))
      returning job_of(d) as job
    ), ready as (
      delete from ready_jobs r where r.id = any (v_heads) and r.id <> p_job.id
      returning job_of(r) as job
    )
    select (job).* from waiting union all select (job).* from ready
  loop
    perform finish(v_old, 'cancelled', v_note, p_now);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Name: take_alerts(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_alerts(p_limit integer DEFAULT 100) RETURNS SETOF holdfast.alerts
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  return query
    with news as materialized (
      select a.key from alerts a where a.told_at is null
      order by a.key limit p_limit for update skip locked
    )
    update alerts a set told_at = v_now from news where a.key = news.key
    returning a.*;
end
$$;

-- Name: take_dedupe_keys(jsonb, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into dedupe_keys (queue, scope, key, job_id, created_at)
  select e.item ->> 'queue', coalesce(e.item ->> 'dedupe_scope', ''), e.item ->> 'dedupe_key',
         coalesce((e.item ->> 'id')::uuid, id_of_batch(p_batch, e.ord)), p_now
  from jsonb_array_elements(p_jobs) with ordinality e(item, ord)
  where e.item ->> 'dedupe_key' is not null
  order by 1, 2, 3, e.ord
  on conflict do nothing;
end
$$;

-- Name: take_job(uuid, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_job(p_id uuid, p_leased boolean) RETURNS TABLE(job holdfast.job, lease holdfast.leased_jobs)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_state text;
  v_queue text;
  v_key text;
begin
  for i in 1 .. 20 loop
    select j.state, j.queue, j.ordering_key into v_state, v_queue, v_key from jobs j where j.id = p_id;
    if v_state is null then
      raise exception 'no job %', p_id using errcode = 'JQ001',
        hint = 'finished jobs are forgotten after their queue''s retention';
    elsif v_state in ('done', 'dead', 'cancelled', 'expired') then
      raise exception 'job % is % already', p_id, v_state using errcode = 'JQ003',
        hint = case v_state when 'dead' then 'a dead letter can be replayed or discarded'
          else 'what has ended stays as it is; enqueue it anew, by another dedupe key' end;
    elsif v_state = 'leased' and not p_leased then
      raise exception 'job % is running: cancel it, or wait', p_id using errcode = 'JQ003';
    end if;
    if v_state = 'leased' then
      delete from leased_jobs l where l.id = p_id returning l.* into lease;
      job := job_of(lease);
    else
      begin
        perform lock_keys(v_queue, array[v_key]);   -- its key first, as supersede does
        job := take_waiting(p_id);
        if (job).id is null then
          raise sqlstate 'JQ000';   -- gives the key back
        end if;
      exception when sqlstate 'JQ000' then null;
      end;
    end if;
    if (job).id is not null then
      return next;
      return;
    end if;
  end loop;
  raise exception 'job % moves faster than it can be caught; try again', p_id using errcode = 'JQ003';
end
$$;

-- Name: take_keys_of(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_keys_of(p_ids uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_keys jsonb;
begin
  with taken as (
    insert into ordering_keys as o (queue, key, heads)
    select distinct j.queue, j.ordering_key, '{}'::uuid[] from (
      select d.queue, d.ordering_key from dead_letters d where d.id = any (p_ids)
      union all
      select d.queue, d.ordering_key from deferred_jobs d where d.id = any (p_ids)) j
    where j.ordering_key is not null
    order by j.queue, j.ordering_key
    on conflict (queue, key) do update set heads = o.heads
    returning o.queue, o.key
  )
  select jsonb_agg(jsonb_build_object('queue', t.queue, 'ordering_key', t.key)) into v_keys from taken t;
  return coalesce(v_keys, '[]');
end
$$;

-- Name: take_ordering_keys(jsonb, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  insert into ordering_keys as o (queue, key, heads)
  select distinct on (j.queue, j.key) j.queue, j.key,
         case when j.item ? 'letter' then '{}' else array[j.id] end
  from (select e.item ->> 'queue' as queue, e.item ->> 'ordering_key' as key, e.ord, e.item,
               coalesce((e.item ->> 'id')::uuid, id_of_batch(p_batch, e.ord)) as id
        from jsonb_array_elements(p_jobs) with ordinality e(item, ord)) j
  where j.key is not null and not exists (
    select from dedupe_keys d
    where d.queue = j.queue and d.scope = coalesce(j.item ->> 'dedupe_scope', '')
      and d.key = j.item ->> 'dedupe_key' and d.job_id <> j.id)
  order by j.queue, j.key, j.ord
  on conflict (queue, key) do update set heads = o.heads;
end
$$;

-- Name: take_slot(text, integer, interval, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_slot(p_key text, p_slots integer, p_for interval DEFAULT '00:01:00'::interval, p_holder text DEFAULT NULL::text, OUT slot uuid, OUT retry_after double precision) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz;
begin
  if coalesce(length(p_key), 0) not between 1 and 500 or not coalesce(p_slots between 1 and 1000000, false)
     or not coalesce(p_for > '0', false) then
    raise exception 'a key is 1 to 500 characters, of 1 to 1000000 slots, each for a time above 0'
      using errcode = 'JQ005';
  elsif current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'a slot needs the isolation level READ COMMITTED, not %',
      upper(current_setting('transaction_isolation')) using errcode = 'JQ005',
      hint = 'at a stricter level the slots that others have taken meanwhile are not seen';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holdfast.slots ' || p_key, 0));
  v_now := clock();
  delete from slots where key = p_key and until <= v_now;
  if (select count(*) from slots where key = p_key) < p_slots then
    slot := gen_random_uuid();
    insert into slots (key, slot, holder, until)
    values (p_key, slot, coalesce(p_holder, 'pid ' || pg_backend_pid()),
            v_now + least(p_for, interval '1 day'));
  else
    retry_after := (select extract(epoch from min(until) - v_now) from slots where key = p_key);
  end if;
end
$$;

-- Name: take_ticks(holdfast.schedules, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone) RETURNS TABLE(tick timestamp with time zone, job_id uuid)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: take_waiting(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_waiting(p_id uuid) RETURNS holdfast.job
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_ready ready_jobs;
  v_deferred deferred_jobs;
begin
  delete from ready_jobs where id = p_id returning * into v_ready;
  if v_ready.id is not null then
    return job_of(v_ready);
  end if;
  delete from deferred_jobs where id = p_id returning * into v_deferred;
  perform record_held(v_deferred);
  return case when v_deferred.id is not null then job_of(v_deferred) end;
end
$$;

-- Name: tell_breaker(text, integer, integer, uuid, double precision, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid DEFAULT NULL::uuid, p_after double precision DEFAULT NULL::double precision, p_because text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_breaker breakers;
begin
  if p_successes is null or p_failures is null or least(p_successes, p_failures) < 0 then
    raise exception 'successes and failures are numbers, 0 and above' using errcode = 'JQ005';
  end if;
  insert into breakers (name, half_from) select p_name, v_now
  where not exists (select from breakers where name = p_name) on conflict do nothing;
  select * into v_breaker from breakers where name = p_name for update;
  v_now := clock();
  if v_breaker.paused_by is not null then
    return true;
  elsif v_breaker.opened_at is not null then
    if v_breaker.probe is distinct from p_probe or p_probe is null then
      return true;   -- begun before it opened
    elsif p_failures = 0 then
      perform close_breaker(p_name, v_now);
      return false;
    end if;
    perform open_breaker(v_breaker, p_after, p_because, v_now);
    return true;
  end if;
  v_breaker := count_results(v_breaker, p_successes, p_failures, v_now);
  if p_failures > 0 and is_too_much(v_breaker) then
    perform open_breaker(v_breaker, p_after, p_because, v_now);
    return true;
  end if;
  update breakers set half_from = v_breaker.half_from, successes = v_breaker.successes,
    failures = v_breaker.failures, successes_before = v_breaker.successes_before,
    failures_before = v_breaker.failures_before
  where name = p_name;
  return false;
end
$$;

-- Name: tell_breakers(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tell_breakers(p_outcomes jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
begin
  for v in
    select * from jsonb_to_recordset(p_outcomes) as o(
      breaker text, good integer, bad integer, after double precision, because text, probe uuid,
      no_probe boolean)
  loop
    if v.no_probe then
      perform return_probe(v.breaker, v.probe);
    elsif v.good + v.bad > 0 then
      perform tell_breaker(v.breaker, v.good, v.bad, v.probe, v.after, v.because);
    end if;
  end loop;
end
$$;

-- Name: tenants_in_turn(text, integer, holdfast.ready_marks, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_low bigint := coalesce(p_mark.tenant_mark, 0);
  v_last text := coalesce((select t.tenant from tenant_turns t where t.queue = p_queue), '');
  v_found text[] := waiting_tenants(p_queue, v_last, p_limit + 1, v_low, p_full);
begin
  if cardinality(v_found) <= p_limit and has_plain_jobs(p_queue, p_mark) then
    v_found := v_found || null::text;
  end if;
  if cardinality(v_found) <= p_limit and v_last <> '' then
    v_found := v_found || array(
      select t from unnest(waiting_tenants(p_queue, '', p_limit + 1, v_low, p_full)) t
      where t <= v_last limit p_limit + 1 - cardinality(v_found));
  end if;
  if cardinality(v_found) > p_limit then
    v_found := v_found[:p_limit];
    perform move_turn(p_queue, coalesce(v_found[p_limit], ''));
  end if;
  return v_found;
end
$$;

-- Name: tick_schedules(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tick_schedules(p_limit integer DEFAULT 100) RETURNS TABLE(schedule text, tick timestamp with time zone, job_id uuid)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS $$
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

-- Name: time_stopped(uuid, holdfast.queues, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (
    select coalesce(sum(upper(r) - lower(r)), '0') from unnest((
      select range_agg(tstzrange(greatest(s.since, p_since), s.until)) from (
        select a.claimed_at as since, a.settled_at as until from attempts a
        where a.job_id = p_id and a.outcome = 'held'
        union all
        select p.since, p.until from pauses_of(p_policy, p_now) p) s
      where s.until > greatest(s.since, p_since))) r);
end
$$;

-- Name: unhold(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unhold(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_state text;
begin
  if not let_go(p_id) then
    v_state := (select state from jobs where id = p_id);
    if v_state is null then
      raise exception 'no job %', p_id using errcode = 'JQ001',
        hint = 'finished jobs are forgotten after their queue''s retention';
    end if;
    raise exception 'job % is %, not held', p_id, v_state using errcode = 'JQ003',
      hint = case v_state when 'dead' then 'a dead letter is replayed'
        else 'explain says what a job waits for' end;
  end if;
  perform record_operation('unhold', p_who, p_why, jsonb_build_object('id', p_id), 1);
end
$$;

-- Name: unhold_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unhold_many(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
  v_ids uuid[];
  v_keys jsonb;
  v_id uuid;
  v_count integer := 0;
begin
  perform check_filter(p_filter, '{queue,kind,tenant,ids}');
  perform make_durable();
  select * into v from jsonb_to_record(p_filter) as f(queue text, kind text, tenant text, ids uuid[]);
  v_ids := array(
    select d.id from deferred_jobs d
    where d.waits_for = 'person' and (v.queue is null or d.queue = v.queue)
      and (v.kind is null or d.kind = v.kind) and (v.tenant is null or d.tenant = v.tenant)
      and (v.ids is null or d.id = any (v.ids))
    order by d.queue, d.ordering_key, d.position);
  v_keys := take_keys_of(v_ids);   -- before any job: who has a key may wait for one of them
  foreach v_id in array v_ids loop
    v_count := v_count + let_go(v_id)::integer;
  end loop;
  perform leave_keys(v_keys);
  perform record_operation('unhold', p_who, p_why, p_filter, v_count);
  return v_count;
end
$$;

-- Name: unread_policy(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unread_policy(p_policy jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
begin
  for v in select key, value from jsonb_each(p_policy) order by key loop
    begin
      perform jsonb_populate_record(null::queues, jsonb_build_object(v.key, v.value));
    exception when data_exception then
      return format('%s: %s', v.key, sqlerrm);
    end;
  end loop;
end
$$;

-- Name: waiting_tenants(text, text, integer, bigint, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint DEFAULT 0, p_full text[] DEFAULT '{}'::text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return (
    with recursive found as (
      (select r.tenant, (r.tenant <> all (p_full))::integer as n from ready_jobs r
       where r.queue = p_queue and r.tenant > p_after and r.seq > p_low
       order by r.tenant limit 1)
      union all
      select following.tenant, f.n + (following.tenant <> all (p_full))::integer
      from found f cross join lateral (
        select r.tenant from ready_jobs r
        where r.queue = p_queue and r.tenant > f.tenant and r.seq > p_low
        order by r.tenant limit 1) following
      where f.n < p_limit
    )
    select coalesce(array_agg(tenant order by n), '{}') from found where tenant <> all (p_full));
end
$$;

-- Name: wake(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.wake(p_queues text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock_timestamp();
begin
  if exists (select from idle_workers where queue = any (p_queues) and until > v_now) then
    perform pg_notify(current_schema() || '_wake', i.queue)
    from (select distinct queue from idle_workers
          where queue = any (p_queues) and until > v_now) i;
  end if;
end
$$;

-- Name: webhook_add_endpoint(text, jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_known constant text[] := '{purpose,source,tenant,url,patterns,timeout,rate_quota,headers,
    give_up_after,id,secret}';
  v_new webhook_endpoints;
begin
  if coalesce(p_name, '') !~ '^[a-z0-9][a-z0-9_.-]{0,62}$' then
    raise exception 'the name of an endpoint is 1 to 63 of a-z 0-9 _ . - and begins with a letter or '
      'a digit, not "%"', left(p_name, 100) using errcode = 'JQ005';
  elsif p_endpoint - v_known <> '{}' then
    raise exception 'an endpoint has no %',
      (select string_agg(k, ', ') from jsonb_object_keys(p_endpoint - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  end if;
  v_new := jsonb_populate_record(null::webhook_endpoints, p_endpoint);
  perform webhook_check_endpoint(v_new);
  insert into webhook_endpoints (id, name, purpose, source, tenant, url, patterns, timeout, rate_quota,
                                 headers, give_up_after, created_at)
  values (coalesce(v_new.id, new_id()), p_name, coalesce(v_new.purpose, 'customer'), v_new.source, v_new.tenant, v_new.url,
          coalesce(v_new.patterns, '{*}'), coalesce(v_new.timeout, '15 seconds'), v_new.rate_quota,
          coalesce(v_new.headers, '{}'), coalesce(v_new.give_up_after, '5 days'), clock())
  on conflict (name) do nothing returning * into v_new;
  if not found then
    raise exception 'there is an endpoint "%" already', p_name using errcode = 'JQ005';
  end if;
  perform record_operation('add endpoint', p_who, null,
                           jsonb_build_object('endpoint', v_new.id, 'name', p_name), 1);
  if p_endpoint ->> 'secret' is not null then
    perform webhook_add_secret('endpoint:' || v_new.id, p_endpoint ->> 'secret', p_who);
  end if;
  return v_new.id;
end
$_$;

-- Name: webhook_add_secret(text, text, text, timestamp with time zone, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_add_secret(p_owner text, p_reference text, p_who text, p_not_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_overlap interval DEFAULT NULL::interval) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_id uuid := new_id();
  v_end timestamptz := v_now + p_overlap;
begin
  if p_reference !~ '^(env|file|sealed):.' then
    raise exception 'a secret is a reference: env:NAME, file:PATH or sealed:…' using errcode = 'JQ005';
  end if;
  if p_overlap < '0' then
    raise exception 'an overlap is a time, and not negative' using errcode = 'JQ005';
  end if;
  if p_owner like 'source:%'
     and not exists (select from webhook_sources where 'source:' || name = p_owner) then
    raise exception 'the database has no source "%"', substr(p_owner, 8) using errcode = 'JQ005',
      hint = 'make it: holdfast webhooks sources add; the secrets of one that the environment '
        'describes are HOLDFAST_SOURCE_<NAME>_SECRETS, several with commas between them';
  end if;
  update webhook_secrets set not_after = least(not_after, v_end)
  where owner = p_owner and p_overlap is not null;
  insert into webhook_secrets (id, owner, reference, not_before, created_at)
  values (v_id, p_owner, p_reference, p_not_before, v_now);
  perform record_operation('add secret', p_who, null,
    jsonb_build_object('owner', p_owner, 'secret', v_id, 'overlap', p_overlap), 1);
  return v_id;
end
$$;

-- Name: webhook_addressee(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_endpoint webhook_endpoints;
begin
  if p_endpoint is null then
    return null;
  end if;
  v_endpoint := webhook_endpoint(p_endpoint);
  if p_tenant is distinct from v_endpoint.tenant and p_tenant is not null then
    raise exception 'endpoint "%" is none of the tenant "%"', v_endpoint.name, left(p_tenant, 100)
      using errcode = 'JQ005', hint = 'see: holdfast endpoints list';
  end if;
  return v_endpoint.id;
end
$$;

-- Name: webhook_after(xid8, uuid, text, text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_after(p_xact xid8 DEFAULT '0'::xid8, p_id uuid DEFAULT NULL::uuid, p_source text DEFAULT NULL::text, p_type text DEFAULT NULL::text, p_limit integer DEFAULT 100) RETURNS TABLE(xact xid8, id uuid, source text, event_id text, event_type text, object_id text, received_at timestamp with time zone, body bytea, headers jsonb, scheme text, held_why text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select e.xact, e.id, e.source, e.event_id, e.event_type, e.object_id, e.received_at, e.body,
         e.headers, e.scheme, e.held_why
  from webhook_events e
  where (e.xact, e.id) > (p_xact, coalesce(p_id, '00000000-0000-0000-0000-000000000000'))
    and e.xact < (select webhook_numbered(pg_snapshot_xmin(pg_current_snapshot())))
    and (p_source is null or e.source = p_source)
    and (p_type is null or webhook_wants(p_type, e.event_type)
         or e.event_types is not null and webhook_wants_any(p_type, e.event_types))
  order by e.xact, e.id limit list_limit(p_limit)
$$;

-- Name: webhook_events; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_events (
    id uuid NOT NULL,
    source text NOT NULL,
    account text NOT NULL,
    event_id text NOT NULL,
    event_type text,
    object_id text,
    livemode boolean,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    scheme text NOT NULL,
    jobs uuid[] NOT NULL,
    received_at timestamp with time zone NOT NULL,
    held_why text,
    created bigint,
    verified_by text,
    via text DEFAULT 'http'::text NOT NULL,
    body_sha256 bytea,
    redacted_at timestamp with time zone,
    xact xid8 DEFAULT '0'::xid8 NOT NULL,
    url text,
    event_types text[],
    CONSTRAINT webhook_events_via_check CHECK ((via = ANY (ARRAY['http'::text, 'reconcile'::text, 'cli'::text])))
)
WITH (toast_tuple_target='8160');

-- Name: webhook_answering(holdfast.webhook_events); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_answering(p_event holdfast.webhook_events) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select h.kind from webhook_handlers h
  where h.mode = 'answer' and h.source in (p_event.source, '*')
    and (webhook_wants(h.pattern, p_event.event_type)
         or webhook_wants_any(h.pattern, p_event.event_types))
$$;

-- Name: webhook_ask_again(holdfast.webhook_events, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_kind text;
  v_job uuid;
  v_asked jsonb := '[]';
begin
  for v_kind in select webhook_answering(p_event) loop
    continue when exists (   -- answered; or so long ago that its job is forgotten
      select from unnest(p_event.jobs) u(id) left join jobs j on j.id = u.id
      where j.id is null or j.kind = v_kind and j.state = 'done');
    select j.id into v_job from jobs j
    where j.id = any (p_event.jobs) and j.kind = v_kind and j.state in ('ready', 'leased')
      and (j.expires_at is null or j.expires_at > p_now) limit 1;
    v_job := coalesce(v_job, (webhook_enqueue(p_event, p_now, array[v_kind]))[1]);
    v_asked := v_asked || jsonb_build_object('id', v_job, 'kind', v_kind, 'mode', 'answer');
  end loop;
  return v_asked;
end
$$;

-- Name: webhook_attempt_at(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_attempt_at(p_before text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_found bigint;
begin
  if p_before is null then
    return null;
  end if;
  select d.id into v_found from webhook_deliveries d
  where d.at = split_part(p_before, '/', 1)::timestamptz and d.job = split_part(p_before, '/', 2)::uuid
  order by d.id limit 1;
  if v_found is null then
    raise data_exception;
  end if;
  return v_found;
exception when data_exception then
  raise exception 'before: no attempt "%" is known; take it from the page before, or begin anew',
    left(p_before, 100) using errcode = 'JQ005';
end
$$;

-- Name: webhook_attempt_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_attempt_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(at timestamp with time zone, endpoint text, type text, status integer, outcome text, attempt integer, duration_ms integer, because text, answer text, message_id text, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  v record;
  v_endpoint uuid;
  v_subject uuid;
begin
  perform check_filter(p_filter, '{endpoint,message,failed,type,since,until,before}');
  select f.endpoint, f.failed, f.type, webhook_moment(f.since) as since, webhook_moment(f.until) as until,
         webhook_attempt_at(f.before) as before
  into v from jsonb_to_record(p_filter) as f(
    endpoint text, failed boolean, type text, since text, until text, before text);
  if v.endpoint is not null then
    v_endpoint := (webhook_endpoint(v.endpoint)).id;
  end if;
  if p_filter ->> 'message' is not null then
    v_subject := webhook_subject(p_filter ->> 'message');
  end if;
  return query
    select d.at, coalesce(p.name, d.endpoint::text), coalesce(m.type, e.event_type), d.status, d.outcome,
           d.attempt, d.duration_ms, d.because, d.answer,
           coalesce(m.message_id, 'msg_' || replace(e.id::text, '-', '')), d.job
    from webhook_deliveries d
    left join webhook_endpoints p on p.id = d.endpoint
    left join webhook_messages m on m.id = d.subject
    left join webhook_events e on e.id = d.subject
    where (v_endpoint is null or d.endpoint = v_endpoint)
      and (v_subject is null or d.subject = v_subject)
      and (v.failed is not true or d.outcome <> 'delivered')
      and (v.type is null or webhook_wants(v.type, coalesce(m.type, e.event_type)))
      and (v.since is null or d.at >= v.since) and (v.until is null or d.at < v.until)
      and d.id < coalesce(v.before, 9223372036854775807)
    order by d.id desc limit list_limit(p_limit);
end
$$;

-- Name: webhook_bite(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_bite() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select 200
$$;

-- Name: webhook_cancel(uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_cancel(p_job uuid, p_who text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform cancel(p_job, p_who, 'its endpoint was removed');
  return true;
exception when sqlstate 'JQ001' or sqlstate 'JQ003' then
  return false;
end
$$;

-- Name: webhook_check_deadlines(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_deadlines() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v record;
  v_told integer := 0;
begin
  for v in
    select d.job, d.event, d.due_at, e.source, e.event_type, j.kind,
           coalesce(j.state in ('ready', 'leased', 'held', 'dead'), false) as is_open
    from webhook_deadlines d
    left join webhook_events e on e.id = d.event
    left join jobs j on j.id = d.job
    where d.alert_at <= v_now
    order by d.alert_at limit 200 for update of d skip locked
  loop
    if not v.is_open then
      delete from webhook_deadlines where job = v.job;
      perform clear_alert('webhooks.deadline:' || v.job);
    else
      perform raise_alert('webhooks.deadline:' || v.job, format(
        '%s of %s %s: handler %s %s at %s', v.event_type, v.source, v.event, v.kind,
        case when v.due_at <= v_now then 'was to be through' else 'has to be through' end, v.due_at),
        jsonb_build_object('event', v.event, 'job', v.job, 'due_at', v.due_at));
      update webhook_deadlines
      set told = true, alert_at = case when v.due_at <= v_now then 'infinity' else due_at end
      where job = v.job;
      v_told := v_told + 1;
    end if;
  end loop;
  -- those that ended after they were told
  delete from webhook_deadlines d where d.told and not exists (
    select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held', 'dead'));
  perform clear_alert(a.key) from alerts a
  where a.cleared_at is null and a.key like 'webhooks.deadline:%' and not exists (
    select from webhook_deadlines d where a.key = 'webhooks.deadline:' || d.job);
  return v_told;
end
$$;

-- Name: webhook_endpoints; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_endpoints (
    id uuid NOT NULL,
    name text NOT NULL,
    purpose text NOT NULL,
    source text,
    tenant text,
    url text NOT NULL,
    patterns text[] DEFAULT '{*}'::text[] NOT NULL,
    state text DEFAULT 'enabled'::text NOT NULL,
    state_by text,
    state_why text,
    timeout interval DEFAULT '00:00:15'::interval NOT NULL,
    rate_quota integer,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    give_up_after interval DEFAULT '5 days'::interval NOT NULL,
    failing_since timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    last_success_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    state_at timestamp with time zone,
    CONSTRAINT webhook_endpoints_check CHECK (((purpose = 'forward'::text) = (source IS NOT NULL))),
    CONSTRAINT webhook_endpoints_give_up_after_check CHECK ((give_up_after > '00:00:00'::interval)),
    CONSTRAINT webhook_endpoints_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'::text)),
    CONSTRAINT webhook_endpoints_purpose_check CHECK ((purpose = ANY (ARRAY['forward'::text, 'customer'::text]))),
    CONSTRAINT webhook_endpoints_rate_quota_check CHECK (((rate_quota >= 1) AND (rate_quota <= 1000000))),
    CONSTRAINT webhook_endpoints_state_check CHECK ((state = ANY (ARRAY['enabled'::text, 'paused'::text, 'disabled'::text]))),
    CONSTRAINT webhook_endpoints_timeout_check CHECK (((timeout >= '00:00:01'::interval) AND (timeout <= '00:05:00'::interval))),
    CONSTRAINT webhook_endpoints_url_check CHECK (((url ~ '^https?://'::text) AND (length(url) <= 2000)))
);

-- Name: webhook_check_endpoint(holdfast.webhook_endpoints); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_endpoint(p_endpoint holdfast.webhook_endpoints) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_endpoint.url is null or p_endpoint.url !~ '^https?://.' or length(p_endpoint.url) > 2000 then
    raise exception 'the address of an endpoint begins with http:// or https:// and has at most 2000 '
      'characters' using errcode = 'JQ005';
  elsif p_endpoint.patterns = '{}' or exists (
    select from unnest(p_endpoint.patterns) p where coalesce(btrim(p), '') = '' or p <> btrim(p)) then
    raise exception 'a type that an endpoint wants is such as order.paid, order.* or *, not blank'
      using errcode = 'JQ005';
  elsif not (p_endpoint.timeout between '1 second' and '5 minutes' and p_endpoint.give_up_after > '0'
             and p_endpoint.rate_quota between 1 and 1000000) then   -- null is neither: the default
    raise exception 'timeout is 1 second to 5 minutes, give_up_after longer than nothing, '
      'rate_quota 1 to 1000000 a second' using errcode = 'JQ005';
  end if;
end
$$;

-- Name: webhook_check_silence(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_silence() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v record;
  v_silent integer := 0;
begin
  for v in
    select s.name, s.silence, g.last_at, g.usual, g.events
    from webhook_keeping() s cross join lateral (
      select max(t.at) as last_at, count(*) as events,
             percentile_disc(0.98) within group (order by t.gap) as usual
      from (select l.received_at as at,
                   l.received_at - lag(l.received_at) over (order by l.received_at) as gap
            from (select e.received_at from webhook_events e where e.source = s.name
                  order by e.received_at desc limit 200) l) t) g
    where s.silence is not null
  loop
    if v.events < 20 then
      continue;
    elsif v_now - v.last_at > greatest(v.usual * v.silence, interval '1 minute') then
      perform raise_alert('webhooks.silent:' || v.name, format(
        'nothing from %s since %s; usually something comes within %s. Is the endpoint still enabled '
        'on their side?', v.name, v.last_at, date_trunc('second', v.usual)),
        jsonb_build_object('source', v.name, 'last_at', v.last_at));
      v_silent := v_silent + 1;
    else
      perform clear_alert('webhooks.silent:' || v.name);
    end if;
  end loop;
  return v_silent;
end
$$;

-- Name: webhook_count(jsonb, jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_refusals as w (source, reason, day, count, last_at)
  select r.source, r.reason, (v_now at time zone 'UTC')::date, r.count, v_now
  from jsonb_to_recordset(p_refusals) as r(source text, reason text, count bigint)
  order by 1, 2
  on conflict (source, reason, day) do update
    set count = w.count + excluded.count, last_at = excluded.last_at;
  insert into webhook_refusal_samples (source, reason, detail, at, peer, size, body_sha256, headers)
  select s.source, s.reason, s.detail, v_now, s.peer, s.size, decode(s.body_sha256, 'hex'), s.headers
  from jsonb_to_recordset(p_samples) as s(
    source text, reason text, detail text, peer text, size integer, body_sha256 text, headers jsonb);
  delete from webhook_refusal_samples w
  using (select distinct s ->> 'source' as source, s ->> 'reason' as reason
         from jsonb_array_elements(p_samples) s) s
  where w.source = s.source and w.reason = s.reason and w.id <= (
    select o.id from webhook_refusal_samples o
    where o.source = s.source and o.reason = s.reason order by o.id desc offset 20 limit 1);
  insert into webhook_secret_uses as u (owner, secret, last_used_at)
  select distinct s.owner, s.secret, v_now
  from jsonb_to_recordset(p_used) as s(owner text, secret text) order by 1, 2
  on conflict (owner, secret) do update set last_used_at = excluded.last_used_at;
end
$$;

-- Name: webhook_cursors; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_cursors (
    name text NOT NULL,
    xact xid8 DEFAULT '0'::xid8 NOT NULL,
    event uuid,
    place text,
    reached timestamp with time zone,
    updated_at timestamp with time zone NOT NULL
);

-- Name: webhook_cursor(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_cursor(p_name text) RETURNS SETOF holdfast.webhook_cursors
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from webhook_cursors where name = p_name
$$;

-- Name: webhook_deadline_or_error(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_deadline_or_error(p_name text, p_deadline text) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_deadline interval;
begin
  begin
    v_deadline := p_deadline::interval;
  exception when data_exception then v_deadline := '0';
  end;
  if v_deadline <= '0' then
    raise exception 'the deadline of the handler % is a time such as 1 h or 30 minutes, not "%"', p_name,
      left(p_deadline, 100) using errcode = 'JQ005';
  end if;
  return v_deadline;
end
$$;

-- Name: webhook_delivered(uuid, uuid, uuid, integer, integer, text, text, integer, text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean DEFAULT false, p_url text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_endpoint webhook_endpoints;
begin
  if p_again and exists (
    select from webhook_deliveries d
    where d.subject = p_subject and d.endpoint = p_endpoint and d.job = p_job
      and d.attempt = p_attempt and d.duration_ms = p_duration_ms
      and d.status is not distinct from p_status and d.at > v_now - interval '5 minutes') then
    return (select state from webhook_endpoints where id = p_endpoint);
  end if;
  insert into webhook_deliveries (endpoint, subject, job, attempt, status, outcome, because,
                                  duration_ms, answer, at)
  values (p_endpoint, p_subject, p_job, p_attempt, p_status, p_outcome, left(p_because, 500),
          p_duration_ms, left(p_answer, 2000), v_now);
  if p_outcome = 'delivered' then
    update webhook_endpoints set last_success_at = v_now, failing_since = null, failures = 0
    where id = p_endpoint and url = coalesce(p_url, url) and (
      failures > 0 or last_success_at is null or last_success_at < v_now - interval '1 minute');
    return 'enabled';
  end if;
  update webhook_endpoints set failures = failures + 1,
    failing_since = coalesce(failing_since, v_now)
  where id = p_endpoint and url = coalesce(p_url, url) returning * into v_endpoint;
  if not found then
    return (select state from webhook_endpoints where id = p_endpoint);
  elsif v_endpoint.state = 'enabled' and p_status = 410 then
    return webhook_stop_endpoint(v_endpoint, 'disabled', 'it answered 410 Gone');
  elsif v_endpoint.state = 'enabled' and v_endpoint.failures >= 10
        and v_endpoint.failing_since < v_now - v_endpoint.give_up_after then
    return webhook_stop_endpoint(v_endpoint, 'paused', format(
      '%s deliveries in a row failed since %s', v_endpoint.failures, v_endpoint.failing_since));
  end if;
  return v_endpoint.state;
end
$$;

-- Name: webhook_delivery(uuid, uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid) RETURNS TABLE(endpoint jsonb, secrets jsonb, message_id text, type text, body bytea, headers jsonb, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return query
    select to_jsonb(p) || jsonb_build_object('timeout', extract(epoch from p.timeout), 'paused',
             case when exists (select from webhook_pauses z
                               where z.source = e.source and z.resumed_at is null)
               then (select l.paused from webhook_load(e.id) l) end),
           coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'reference', k.reference)
                                      order by k.created_at desc)
                     from webhook_secrets k
                     where k.owner = 'endpoint:' || p.id
                       and (k.not_before is null or k.not_before <= clock())
                       and (k.not_after is null or k.not_after > clock())), '[]'),
           coalesce(m.message_id, 'msg_' || replace(e.id::text, '-', '')), coalesce(m.type, e.event_type),
           coalesce(m.body, e.body), coalesce(e.headers, '[]'), coalesce(m.created_at, e.received_at)
    from webhook_endpoints p
    left join webhook_events e on e.id = p_event
    left join webhook_messages m on m.id = p_message
    where p.id = p_endpoint and (e.id is not null or m.id is not null);
end
$$;

-- Name: webhook_delivery_list(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivery_list(p_endpoint text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS TABLE(at timestamp with time zone, endpoint text, status integer, outcome text, attempt integer, duration_ms integer, because text, subject uuid, job uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select d.at, coalesce(e.name, d.endpoint::text), d.status, d.outcome, d.attempt, d.duration_ms,
         d.because, d.subject, d.job
  from webhook_deliveries d left join webhook_endpoints e on e.id = d.endpoint
  where p_endpoint is null or d.endpoint = (webhook_endpoint(p_endpoint)).id
  order by d.id desc limit list_limit(p_limit)
$$;

-- Name: webhook_described(holdfast.webhook_events); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
    'source', p_event.source, 'scheme', p_event.scheme, 'event_type', p_event.event_type,
    'event_types', p_event.event_types, 'account', p_event.account,
    'object_id', p_event.object_id)))
$$;

-- Name: webhook_due(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case when p_mode <> 'queued' then p_now + interval '15 seconds' end
$$;

-- Name: webhook_end(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end() RETURNS TABLE(xact xid8, id uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select e.xact, e.id from webhook_events e
  where e.xact < (select webhook_numbered(pg_snapshot_xmin(pg_current_snapshot())))
  order by e.xact desc, e.id desc limit 1
$$;

-- Name: webhook_end_pauses(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end_pauses() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: webhook_end_secret(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end_secret(p_id uuid, p_who text, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_end timestamptz := coalesce(p_at, clock());
begin
  update webhook_secrets set not_after = v_end where id = p_id;
  if not found then
    raise exception 'no secret %', p_id using errcode = 'JQ001';
  end if;
  perform record_operation('end secret', p_who, null,
                           jsonb_build_object('secret', p_id, 'at', v_end), 1);
end
$$;

-- Name: webhook_endpoint(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint(p_name text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_found webhook_endpoints;
begin
  select * into v_found from webhook_endpoints where name = p_name;
  if v_found.id is null and p_name ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' then
    select * into v_found from webhook_endpoints where id::text = p_name;
  end if;
  if v_found.id is null then
    raise exception 'no endpoint "%"', left(p_name, 100) using errcode = 'JQ001',
      hint = 'see: holdfast endpoints list';
  end if;
  return v_found;
end
$_$;

-- Name: webhook_endpoint_counts(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_counts(p_endpoints text[]) RETURNS TABLE(endpoint text, waiting bigint, held bigint, dead bigint)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
begin
  return query
    select e.id, coalesce(r.waiting, 0) + coalesce(d.waiting, 0), coalesce(d.held, 0), coalesce(l.dead, 0)
    from unnest(p_endpoints) e(id)
    left join (
      select i.tenant, count(*) as waiting
      from ready_jobs i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) r on r.tenant = e.id
    left join (
      select i.tenant, count(*) filter (where i.waits_for <> 'person') as waiting,
             count(*) filter (where i.waits_for = 'person') as held
      from deferred_jobs i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) d on d.tenant = e.id
    left join (
      select i.tenant, count(*) as dead
      from dead_letters i where i.queue = 'webhooks-out' and i.tenant = any (p_endpoints)
      group by i.tenant) l on l.tenant = e.id;
end
$$;

-- Name: webhook_endpoint_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_list() RETURNS TABLE(name text, purpose text, state text, url text, patterns text[], source text, tenant text, last_success_at timestamp with time zone, failures integer, waiting bigint, held bigint, dead bigint, state_why text, id uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select e.name, e.purpose, e.state, webhook_plain_url(e.url), e.patterns, e.source, e.tenant,
         e.last_success_at, e.failures, c.waiting, c.held, c.dead, e.state_why, e.id
  from webhook_endpoints e
  join webhook_endpoint_counts(array(select p.id::text from webhook_endpoints p)) c
    on c.endpoint = e.id::text
  order by e.name
$$;

-- Name: webhook_endpoint_page(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_page(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(name text, purpose text, state text, url text, patterns text[], source text, tenant text, last_success_at timestamp with time zone, failures integer, waiting bigint, held bigint, dead bigint, state_why text, id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
begin
  perform check_filter(p_filter, '{name,tenant,source,state,after}');
  select * into v from jsonb_to_record(p_filter) as f(
    name text, tenant text, source text, state text, after text);
  if v.state not in ('enabled', 'paused', 'disabled') then
    raise exception 'no state "%"', left(v.state, 60) using errcode = 'JQ005',
      hint = 'known: enabled, paused, disabled';
  end if;
  return query
    with found as materialized (
      select e.* from webhook_endpoints e
      where (v.name is null or e.name = v.name)
        and (v.tenant is null or e.tenant = v.tenant)
        and (v.source is null or e.source = v.source)
        and (v.state is null or e.state = v.state)
        and (v.after is null or e.name > v.after)
      order by e.name limit list_limit(p_limit))
    select e.name, e.purpose, e.state, webhook_plain_url(e.url), e.patterns, e.source, e.tenant,
           e.last_success_at, e.failures, c.waiting, c.held, c.dead, e.state_why, e.id
    from found e
    join webhook_endpoint_counts(array(select f.id::text from found f)) c on c.endpoint = e.id::text
    order by e.name;
end
$$;

-- Name: webhook_endpoint_to_change(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_to_change(p_name text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid := (webhook_endpoint(p_name)).id;
  v_found webhook_endpoints;
begin
  select * into v_found from webhook_endpoints where id = v_id for update;
  return case when found then v_found else webhook_endpoint(p_name) end;   -- which says it is gone
end
$$;

-- Name: webhook_enqueue(holdfast.webhook_events, timestamp with time zone, text[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[] DEFAULT NULL::text[], p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v record;
  v_batch uuid;
  v_ids uuid[];
begin
  select array_agg(w.queue) as queues, array_agg(w.kind) as kinds, array_agg(w.tenant) as tenants,
         array_agg(webhook_reference(p_event.id, w.endpoint)) as payloads,
         array_agg(w.ordering_key) as keys, array_agg(w.supersede) as supersede,
         array_agg(coalesce(p_run_at, webhook_due(w.mode, p_now))) as run_at,
         array_agg(webhook_over(w.mode, p_now)) as expires_at,
         array_agg(w.deadline) as deadlines
  into v
  from webhook_wanted(webhook_described(p_event), p_kinds) w;
  if v.kinds is null then
    return '{}';
  end if;
  v_batch := enqueue_columns(v.queues, v.kinds, v.payloads, v.tenants, v.keys, v.supersede, v.run_at,
                             v.expires_at);
  v_ids := array(select id_of_batch(v_batch, n) from generate_series(1, cardinality(v.kinds)) n);
  perform webhook_note_deadlines(v_ids, array_fill(p_event.id, array[cardinality(v_ids)]),
                                 v.deadlines, p_now);
  update webhook_events set jobs = jobs || v_ids where id = p_event.id;
  return v_ids;
end
$$;

-- Name: webhook_excerpt(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_excerpt(p_body bytea) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return left(convert_from(p_body, 'UTF8'), 10000);
exception when character_not_in_repertoire or untranslatable_character then
  return left(encode(p_body, 'escape'), 10000);
end
$$;

-- Name: webhook_find(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_find(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_digits text := lower(replace(btrim(p_text), '-', ''));
  v_found uuid[];
begin
  if v_digits ~ '^[0-9a-f]{32}$' then
    v_found := array(select e.id from webhook_events e where e.id = v_digits::uuid);
  end if;
  if v_found is null or v_found = '{}' then
    v_found := array(select k.event from webhook_keys k where k.event_id = btrim(p_text) limit 2);
  end if;
  if v_found = '{}' and v_digits ~ '^[0-9a-f]{6,32}$' then
    v_found := array(
      select e.id from webhook_events e
      where e.id between rpad(v_digits, 32, '0')::uuid and rpad(v_digits, 32, 'f')::uuid
      order by e.id desc limit 2);
    if v_found = '{}' then   -- no index knows how an id ends: the newest million are read
      v_found := array(
        select e.id from (
          select o.id from webhook_events o order by o.id desc limit most_looked_through()) e
        where replace(e.id::text, '-', '') like '%' || v_digits limit 2);
    end if;
  end if;
  if cardinality(v_found) = 0 then
    raise exception 'no event with the id "%"', left(p_text, 100) using errcode = 'JQ001',
      hint = 'see: holdfast webhooks list'
        || case when v_digits ~ '^[0-9a-f]{6,31}$'
             then '; by the last digits the newest million are found, an older one by its first' else '' end;
  elsif cardinality(v_found) > 1 then
    raise exception 'several events have an id that begins or ends with "%"', left(p_text, 100)
      using errcode = 'JQ005', hint = 'give more digits, for example of ' || v_found[1];
  end if;
  return v_found[1];
end
$_$;

-- Name: webhook_forget_handlers(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_gone text[] := array(
    select h.kind from webhook_handlers h
    where h.app = p_app and h.kind not in (select e ->> 'kind' from jsonb_array_elements(p_handlers) e)
      and not exists (select from webhook_handlers_seen s
                      where s.kind = h.kind and s.seen_at > p_now - interval '1 hour'));
begin
  if v_gone <> '{}' then   -- who registers one of them in this moment is waited for
    perform pg_advisory_xact_lock(hashtextextended('holdfast.handlers ' || p_app, 0));
    delete from webhook_handlers h
    where h.kind = any (v_gone)
      and not exists (select from webhook_handlers_seen s
                      where s.kind = h.kind and s.seen_at > p_now - interval '1 hour');
  end if;
end
$$;

-- Name: webhook_go_on(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_go_on(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
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

-- Name: webhook_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  execute format('revoke all on webhook_secrets from %I', p_prefix || '_read');
  execute format('grant select on webhook_secrets to %I', p_prefix || '_work');
  execute format('grant select on webhook_handlers, webhook_endpoints to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update (jobs) on webhook_messages to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on webhook_keys, webhook_events to %I',
                 p_prefix || '_enqueue');
  execute format('grant insert on webhook_deadlines to %I', p_prefix || '_enqueue');
  execute format('grant select on webhook_latest to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on alerts to %I', p_prefix || '_enqueue');
  perform grant_functions(p_prefix || '_enqueue',
    '{webhook_receive,webhook_receive_many,webhook_receive_known,webhook_wanted,'
    'webhook_number,webhook_numbered,'
    'webhook_reference,webhook_due,webhook_over,webhook_described,'
    'webhook_receive_again,webhook_hold_mismatch,webhook_answering,webhook_ask_again,'
    'webhook_provider_deadlines,webhook_provider_alerts,webhook_tell_of_providers,'
    'webhook_ordering_key,webhook_enqueue,webhook_wants,webhook_wants_any,webhook_note_deadlines,'
    'webhook_send,webhook_sent,webhook_says_the_same,webhook_endpoint,webhook_addressee,raise_alert}');
  perform grant_functions(p_prefix || '_read',
    '{webhook_wants,webhook_wants_any,webhook_list,webhook_list_between,webhook_window,webhook_show,webhook_states,webhook_load,'
    'webhook_load_many,webhook_find,webhook_after,webhook_handler_list,webhook_refusal_list,webhook_endpoint,'
    'webhook_sources_seen,webhook_sources_known,webhook_pause_list,webhook_paused,webhook_endpoint_counts,webhook_endpoint_list,webhook_endpoint_page,webhook_delivery_list,webhook_plain_url,webhook_attempt_list,'
    'webhook_attempt_at,webhook_subject,webhook_message_at,webhook_end,webhook_number,webhook_numbered,'
    'webhook_message_list,webhook_message_wanted,webhook_message_values,webhook_messages_few,'
    'webhook_messages_back,webhook_message_rows,webhook_message_jobs,webhook_message_find,webhook_message_show,webhook_excerpt,'
    'webhook_moment,webhook_plan_replay,webhook_replay_candidates,webhook_last_before,'
    'webhook_wanted,webhook_described,webhook_provider_deadlines,webhook_ordering_key}');
  execute format('grant select, insert, update, delete on webhook_handlers, '
    'webhook_handlers_seen, webhook_keys, '
    'webhook_events, webhook_deadlines, webhook_refusals, webhook_refusal_samples, '
    'webhook_secret_uses, webhook_endpoints, webhook_messages, webhook_deliveries, '
    'webhook_upkeep, webhook_environment, webhook_redactions, webhook_hidings, webhook_prunings, webhook_pauses to %I',
    p_prefix || '_work');
  perform grant_functions(p_prefix || '_work',
    '{webhook_receive,webhook_receive_many,webhook_receive_known,webhook_wanted,'
    'webhook_number,webhook_numbered,'
    'webhook_reference,webhook_due,webhook_over,webhook_described,'
    'webhook_receive_again,webhook_hold_mismatch,webhook_answering,'
    'webhook_ask_again,webhook_provider_deadlines,webhook_provider_alerts,'
    'webhook_tell_of_providers,webhook_ordering_key,webhook_enqueue,webhook_note_deadlines,'
    'webhook_wants,webhook_wants_any,webhook_register,webhook_deadline_or_error,webhook_keep_handlers,'
    'webhook_see_handlers,webhook_forget_handlers,webhook_load,webhook_load_many,webhook_list,webhook_list_between,webhook_window,'
    'webhook_show,webhook_states,webhook_find,webhook_after,webhook_end,webhook_handler_list,webhook_delivery,'
    'webhook_delivered,webhook_stop_endpoint,webhook_prune_messages,webhook_prune_sent,webhook_send,webhook_sent,'
    'webhook_says_the_same,webhook_endpoint,webhook_addressee,webhook_let_go,let_go,let_go_if_free,'
    'webhook_go_on,webhook_end_pauses,webhook_paused,webhook_pause_key,webhook_upkeep_step,webhook_is_due,webhook_prune,webhook_prune_source,webhook_prune_bite,'
    'webhook_sources_seen,webhook_redact,'
    'webhook_redacted,webhook_masked,webhook_redacted_headers,webhook_check_deadlines,'
    'webhook_masked_headers,webhook_bite,webhook_redact_source,webhook_unredacted,webhook_hide_secrets,webhook_sent_secret,'
    'webhook_check_silence,webhook_keeping,webhook_note_environment,webhook_source_book,'
    'webhook_count,webhook_moment,webhook_refusal_list,get_webhook_retry_batch,mark_webhook_processed,'
    'mark_webhook_failed,calculate_webhook_retry_time}');
end
$$;

-- Name: webhook_handlers; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_handlers (
    kind text NOT NULL,
    app text NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    pattern text NOT NULL,
    queue text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    ordering text DEFAULT 'none'::text NOT NULL,
    deadline interval,
    mode text DEFAULT 'queued'::text NOT NULL,
    CONSTRAINT webhook_handlers_deadline_check CHECK ((deadline > '00:00:00'::interval)),
    CONSTRAINT webhook_handlers_mode_check CHECK ((mode = ANY (ARRAY['queued'::text, 'inline'::text, 'answer'::text]))),
    CONSTRAINT webhook_handlers_ordering_check CHECK ((ordering = ANY (ARRAY['none'::text, 'object'::text, 'latest'::text])))
);

-- Name: webhook_handler_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_handler_list() RETURNS SETOF holdfast.webhook_handlers
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from webhook_handlers order by source, pattern, name
$$;

-- Name: webhook_hide_secrets(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_hide_secrets(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_until timestamptz := clock() - interval '1 minute';
  v_walk webhook_hidings;
  v_ids uuid[];
begin
  select * into v_walk from webhook_hidings for update skip locked;
  if not found then
    return 0;
  end if;
  v_ids := array(
    select e.id from webhook_events e where e.id > v_walk.place and e.received_at < v_until
    order by e.id limit p_limit);
  update webhook_events e set headers = webhook_masked_headers(e.headers, array[h.header], '[hidden]')
  from webhook_events o
  left join webhook_sources s on s.name = o.source
  cross join lateral webhook_sent_secret(o.scheme, s.settings) h(header)
  where e.id = o.id and o.id = any (v_ids) and h.header is not null
    and o.received_at < v_walk.until and exists (
      select from jsonb_array_elements(o.headers) p
      where lower(p ->> 0) = lower(h.header) and p ->> 1 <> '[hidden]');
  if cardinality(v_ids) > 0 then
    update webhook_hidings set place = v_ids[cardinality(v_ids)];
  elsif v_until >= v_walk.until then
    delete from webhook_hidings;
  end if;
  return cardinality(v_ids);
end
$$;

-- Name: webhook_keys; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_keys (
    source text NOT NULL,
    account text NOT NULL,
    event_id text NOT NULL,
    event uuid NOT NULL,
    identity bytea CONSTRAINT webhook_keys_body_sha256_not_null NOT NULL,
    received_at timestamp with time zone NOT NULL,
    redeliveries integer NOT NULL,
    mismatches integer NOT NULL,
    last_seen_at timestamp with time zone NOT NULL
);

-- Name: webhook_hold_mismatch(jsonb, bytea, holdfast.webhook_keys, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_id uuid := new_id();
  v_identity bytea := coalesce(decode(p_item ->> 'identity', 'hex'), sha256(p_body));
  v_kept uuid;
begin
  insert into webhook_keys as k (source, account, event_id, event, identity, received_at,
                                 redeliveries, mismatches, last_seen_at)
  values (p_key.source, p_key.account, 'another body: '
          || encode(sha256(convert_to(p_key.event_id, 'UTF8') || v_identity), 'hex'),
          v_id, v_identity, p_now, 0, 0, p_now)
  on conflict (source, account, event_id) do update
    set redeliveries = k.redeliveries + 1, last_seen_at = p_now
  returning k.event into v_kept;
  if v_kept = v_id then
    insert into webhook_events (id, source, account, event_id, event_type, object_id, livemode,
                                created, body, headers, scheme, verified_by, via, held_why,
                                body_sha256, jobs, received_at, xact, url, event_types)
    values (v_id, p_key.source, p_key.account, p_key.event_id, p_item ->> 'event_type',
            p_item ->> 'object_id', (p_item ->> 'livemode')::boolean,
            (p_item ->> 'created')::bigint, p_body, coalesce(p_item -> 'headers', '[]'),
            p_item ->> 'scheme', p_item ->> 'verified_by', coalesce(p_item ->> 'via', 'http'),
            format('its id is that of %s, its body is another one', p_key.event), sha256(p_body),
            '{}', p_now, webhook_numbered(pg_current_xact_id()), p_item ->> 'url',
            (select array_agg(t) from jsonb_array_elements_text(p_item -> 'event_types') t));
  end if;
  perform raise_alert('webhooks.mismatch:' || p_key.source,
    format('%s sent an event again with another body: id %s, first %s, again %s', p_key.source,
           left(p_key.event_id, 100), p_key.event, v_kept),
    jsonb_build_object('source', p_key.source, 'event_id', p_key.event_id, 'first', p_key.event,
                       'again', v_kept));
end
$$;

-- Name: webhook_is_due(text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_is_due(p_task text, p_every interval) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_upkeep (task, ran_at) values (p_task, '-infinity') on conflict do nothing;
  perform from webhook_upkeep u
  where u.task = p_task and (u.ran_at <= v_now - p_every or u.ran_at > v_now)
  for update skip locked;
  if not found then
    return false;
  end if;
  update webhook_upkeep set ran_at = v_now where task = p_task;
  return true;
end
$$;

-- Name: webhook_keep_handlers(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_keep_handlers(p_app text, p_handlers jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform webhook_see_handlers(p_handlers, v_now);
  if exists (select from jsonb_array_elements(p_handlers) e
             where not exists (select from webhook_handlers h where h.kind = e ->> 'kind')) then
    perform webhook_register(p_app, p_handlers);   -- somebody forgot it while we could not speak
  else
    perform webhook_forget_handlers(p_app, p_handlers, v_now);
  end if;
  delete from webhook_handlers_seen where seen_at < v_now - interval '1 day';
end
$$;

-- Name: webhook_keeping(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_keeping() RETURNS TABLE(name text, retention interval, silence double precision)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select s.name, s.retention, s.silence from webhook_sources s
  union all
  select v.name, coalesce(v.retention, '90 days'), nullif(v.silence, 0) from webhook_environment v
  where not exists (select from webhook_sources s where s.name = v.name)
$$;

-- Name: webhook_last_before(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_last_before(p_source text, p_moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
  select w.id
  from (select p_source where p_source is not null union all
        select * from webhook_sources_seen() where p_source is null) s(source)
  cross join lateral (
    select o.id from webhook_events o
    where o.source = s.source and o.received_at < p_moment - interval '1 minute'
    order by o.received_at desc limit 1) w
  order by w.id desc limit 1
$$;

-- Name: webhook_let_go(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_let_go(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_stopped text;
  v_tenants text[];
  v_id uuid;
  v_count integer := 0;
begin
  for v_stopped, v_tenants in
    with enabled as (
      select ' ' || e.name as named, array[e.id::text] as tenants from webhook_endpoints e
      where e.state = 'enabled' and e.state_at > clock() - interval '1 hour'
    )
    select 'its endpoint' || e.named || s.was, e.tenants
    from (select * from enabled
          union all   -- a process of the release before does not name it
          select '', array_agg(a.tenants[1]) from enabled a having count(*) > 0) e
    cross join unnest('{" is "," answered "}'::text[]) s(was)
  loop
    for v_id in
      select d.id from deferred_jobs d
      where d.waits_for = 'person' and d.queue = 'webhooks-out'
        and left(d.because, 300) collate "C" >= v_stopped
        and left(d.because, 300) collate "C" < rtrim(v_stopped) || '!'
        and d.tenant = any (v_tenants)
      order by left(d.because, 300) collate "C" limit p_limit - v_count for update skip locked
    loop
      v_count := v_count + let_go_if_free(v_id)::integer;
    end loop;
  end loop;
  return v_count;
end
$$;

-- Name: webhook_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, received_at timestamp with time zone, source text, event_type text, event_id text, states text, redeliveries integer, size integer, object_id text, held_why text, via text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_limit integer := list_limit(p_limit);
  v_since timestamptz := coalesce(webhook_moment(p_filter ->> 'since'), '-infinity');
  v_until timestamptz := coalesce(webhook_moment(p_filter ->> 'until'), 'infinity');
  v_from timestamptz := v_since;
  v_size integer := least(1000, most_looked_through());
  v_looked integer := 0;
  v_found integer := 0;
  v_now integer;
begin
  perform check_filter(p_filter, '{source,type,object,held,since,until,before}');
  if p_filter ->> 'before' is not null then
    v_until := least(v_until, (select e.received_at + interval '1 microsecond' from webhook_events e
                               where e.id = (p_filter ->> 'before')::uuid));
  end if;
  while v_looked < most_looked_through() loop
    if p_filter ? 'type' and not p_filter ?| '{object,held}' then
      v_from := greatest(v_since, webhook_window(p_filter ->> 'source', v_until, v_size));
    end if;
    return query select * from webhook_list_between(p_filter, v_from, v_until, v_limit - v_found);
    get diagnostics v_now = row_count;
    v_found := v_found + v_now;
    if v_found >= v_limit or v_from <= v_since then
      return;
    end if;
    v_looked := v_looked + v_size;
    v_until := v_from;
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of the newest % events of a source % are of the type "%": fewer than a page', v_looked,
    v_found, left(p_filter ->> 'type', 100) using errcode = 'JQ005', hint = format(
      'ask for a source, an object or a time; %sor go on with until %s',
      case when v_found > 0 then 'or with limit ' || v_found || ' for those; ' else '' end,
      to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
end
$$;

-- Name: webhook_list_between(jsonb, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) RETURNS TABLE(id uuid, received_at timestamp with time zone, source text, event_type text, event_id text, states text, redeliveries integer, size integer, object_id text, held_why text, via text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'on'
    SET jit TO 'off'
    AS $$
declare
  v record;
begin
  select f.source, f.type, f.object, f.held, f.before, b.received_at as at into v
  from jsonb_to_record(p_filter) as f(source text, type text, object text, held boolean, before uuid)
  left join webhook_events b on b.id = f.before;
  if v.object is null and v.held is null then   -- where no statistics are yet it would sort all of a source
    perform set_config('enable_sort', 'off', true);
  end if;
  return query
    select e.id, e.received_at, e.source, e.event_type, e.event_id,
           case when e.held_why is null then webhook_states(e.jobs) else 'held' end,
           k.redeliveries, octet_length(e.body), e.object_id, e.held_why, e.via
    from (select w.*
          from (select v.source where v.source is not null union all
                select * from webhook_sources_seen() where v.source is null) s(source)
          cross join lateral (
            select * from webhook_events o
            where o.source = s.source
              and (v.type is null or webhook_wants(v.type, o.event_type)
                   or o.event_types is not null and webhook_wants_any(v.type, o.event_types))
              and (v.object is null or o.object_id = v.object)
              and (v.held is null or v.held and o.held_why is not null
                   or not v.held and o.held_why is null)   -- as the index of the held ones says it
              and o.received_at >= p_from and o.received_at < p_until
              and (v.before is null   -- by both: ids and times of one moment differ in their order
                   or case when v.at is null then o.id < v.before
                      else (o.received_at, o.id) < (v.at, v.before) end)
            order by o.received_at desc, o.id desc limit p_limit) w
          order by w.received_at desc, w.id desc limit p_limit) e
    left join webhook_keys k
      on k.source = e.source and k.account = e.account and k.event_id = e.event_id
    order by e.received_at desc, e.id desc;
end
$$;

-- Name: webhook_load(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_load(p_id uuid) RETURNS TABLE(id uuid, source text, account text, event_id text, event_type text, object_id text, livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text, via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamp with time zone, redacted_at timestamp with time zone, newer boolean, url text, event_types text[], paused text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from webhook_load_many(array[p_id])
$$;

-- Name: webhook_load_many(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_load_many(p_ids uuid[]) RETURNS TABLE(id uuid, source text, account text, event_id text, event_type text, object_id text, livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text, via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamp with time zone, redacted_at timestamp with time zone, newer boolean, url text, event_types text[], paused text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return query
    select e.id, e.source, e.account, e.event_id, e.event_type, e.object_id, e.livemode, e.created,
           e.body, e.headers, e.scheme, e.verified_by, e.via, e.held_why, e.body_sha256, e.jobs,
           e.received_at, e.redacted_at,
           e.object_id is not null and exists (
             select from webhook_events n
             where n.source = e.source and n.account = e.account and n.object_id = e.object_id
               and n.held_why is null
               and (n.created > e.created
                    or n.created is not distinct from e.created and n.id > e.id)),
           e.url, e.event_types,
           (select webhook_paused(p) from webhook_pauses p
            where p.source = e.source and p.resumed_at is null and coalesce(p.ends_at > clock(), true)
              and (webhook_wants(p.pattern, e.event_type)
                   or e.event_types is not null and webhook_wants_any(p.pattern, e.event_types)) limit 1)
    from webhook_events e where e.id = any (p_ids);
end
$$;

-- Name: webhook_masked(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_masked(p_document jsonb, p_path text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_name text := replace(replace(p_path[1], '~1', '/'), '~0', '~');
begin
  if p_path = '{}' then
    return '"[redacted]"';
  elsif jsonb_typeof(p_document) = 'object' then
    return coalesce((
      select jsonb_object_agg(e.key, case when v_name in (e.key, '*')
        then webhook_masked(e.value, p_path[2:]) else e.value end)
      from jsonb_each(p_document) e), '{}');
  elsif jsonb_typeof(p_document) = 'array' then
    return coalesce((
      select jsonb_agg(case when v_name in ((e.n - 1)::text, '*')
        then webhook_masked(e.value, p_path[2:]) else e.value end order by e.n)
      from jsonb_array_elements(p_document) with ordinality e(value, n)), '[]');
  end if;
  return p_document;
end
$$;

-- Name: webhook_masked_headers(jsonb, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select coalesce(jsonb_agg(case when lower(h.pair ->> 0) = any (select lower(n) from unnest(p_names) n)
    then jsonb_build_array(h.pair ->> 0, p_mask) else h.pair end order by h.n), '[]')
  from jsonb_array_elements(p_headers) with ordinality h(pair, n)
$$;

-- Name: webhook_message_at(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if p_before is null then
    return;
  end if;
  job := nullif(split_part(p_before, '/', 2), '')::uuid;
  select m.created_at, m.id into at, id from webhook_messages m
  where m.id = split_part(p_before, '/', 1)::uuid;
  if at is null then
    raise data_exception;
  end if;
exception when data_exception then
  raise exception 'before: no message "%" is known; take it from the page before, or begin anew',
    left(p_before, 100) using errcode = 'JQ005';
end
$$;

-- Name: webhook_message_find(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_find(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_found uuid;
begin
  if p_text ~* '^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$' then
    v_found := (select m.id from webhook_messages m where m.id = p_text::uuid);
  end if;
  v_found := coalesce(v_found, (
    select m.id from webhook_messages m where m.message_id = p_text order by m.created_at desc limit 1));
  if v_found is null then
    raise exception 'no message "%"', left(p_text, 100) using errcode = 'JQ001',
      hint = 'see: holdfast endpoints messages; a message is kept for thirty days';
  end if;
  return v_found;
end
$_$;

-- Name: webhook_message_jobs(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_jobs(p_jobs uuid[]) RETURNS TABLE(job uuid, tenant text, state text, attempts integer, run_at timestamp with time zone, because text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return query
    select g.id, j.tenant, coalesce(j.state, 'ended'), j.attempts::integer, j.run_at, j.because
    from unnest(p_jobs) g(id) left join jobs j on j.id = g.id;
  if not found then
    return query select null::uuid, null::text, 'nobody', null::integer, null::timestamptz, null::text;
  end if;
end
$$;

-- Name: webhook_message_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(created_at timestamp with time zone, message_id text, type text, tenant text, endpoint text, state text, attempts integer, because text, id uuid, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v jsonb := webhook_message_wanted(p_filter);
  v_limit integer := list_limit(p_limit);
  v_bite uuid[] := case when v ->> 'message' is null then webhook_messages_few(v)
                        else array[(v ->> 'message')::uuid] end;
  v_size integer := v_limit;
  v_looked integer := 0;
  v_found integer := 0;
  v_now integer;
begin
  if v_bite is not null then
    return query select * from webhook_message_rows(v, v_bite, v_limit);
    return;
  end if;
  while v_looked < most_looked_through() loop
    v_bite := webhook_messages_back(v, v_size);
    return query select * from webhook_message_rows(v, v_bite, v_limit - v_found);
    get diagnostics v_now = row_count;
    v_found := v_found + v_now;
    if v_found >= v_limit or cardinality(v_bite) < v_size then
      return;
    end if;
    v_looked := v_looked + v_size;
    v := v || jsonb_build_object('after', v_bite[v_size]);
    v_size := least(4 * v_size, 50000, most_looked_through() - v_looked);
  end loop;
  raise exception 'of % messages that this took to look through, from the newest on, % fit: fewer than a '
    'page', v_looked, v_found using errcode = 'JQ005', hint = format(
      'ask for what fewer have, such as an endpoint or a tenant; %sor go on with until %s, or before %s/',
      case when v_found > 0 then 'or with limit ' || v_found || ' for those; ' else '' end,
      (select to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       from webhook_messages m where m.id = v_bite[cardinality(v_bite)]), v ->> 'after');
end
$$;

-- Name: webhook_message_rows(jsonb, uuid[], integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer) RETURNS TABLE(created_at timestamp with time zone, message_id text, type text, tenant text, endpoint text, state text, attempts integer, because text, id uuid, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
begin
  select * into v from webhook_message_values(p_wanted);
  return query
    select f.created_at, f.message_id, f.type, f.tenant, coalesce(p.name, f.to_whom), f.state, f.attempts,
           f.because, f.id, f.job
    from (
      select m.created_at, m.message_id, m.type, m.tenant, j.tenant as to_whom,
             case when g.id is null then 'nobody' else coalesce(j.state, 'ended') end as state,
             j.attempts, j.because, m.id, g.id as job
      from (select w.created_at, w.message_id, w.type, w.tenant, w.endpoint, w.jobs, w.id
            from webhook_messages w where w.id = any (p_some)
            order by w.created_at desc, w.id desc offset 0) m   -- not all messages by their age
      left join lateral unnest(m.jobs) g(id) on true
      left join jobs j on j.id = g.id
      where (v.tenant is null or m.tenant = v.tenant)
        and (v.endpoint is null or j.tenant = v.endpoint::text and (
               m.tenant is not distinct from v.owner or m.endpoint = v.endpoint))
        and (v.type is null or webhook_wants(v.type, m.type))
        and (v.since is null or m.created_at >= v.since)
        and (v.until is null or m.created_at < v.until)
        and (v.id is null or (m.created_at, m.id) < (v.at, v.id) or m.id = v.id and g.id > v.job)
        and (v.state is null or v.state = case when g.id is null then 'nobody'
                                               else coalesce(j.state, 'ended') end)
        and (v.state is distinct from 'nobody' or m.jobs = '{}')
      order by m.created_at desc, m.id desc, g.id limit p_limit) f
    left join webhook_endpoints p on p.id::text = f.to_whom
    order by f.created_at desc, f.id desc, f.job;
end
$$;

-- Name: webhook_message_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_show(p_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select jsonb_build_object(
    'id', m.id, 'message_id', m.message_id, 'type', m.type, 'tenant', m.tenant,
    'created_at', m.created_at, 'size', octet_length(m.body),
    'body', webhook_excerpt(m.body),
    'endpoints', coalesce((
      select jsonb_agg(jsonb_build_object(
        'endpoint', coalesce(p.name, j.tenant), 'state', j.state, 'attempts', j.attempts,
        'run_at', j.run_at, 'because', j.because, 'job', j.job) order by p.name, j.job)
      from webhook_message_jobs(m.jobs[:100]) j left join webhook_endpoints p on p.id::text = j.tenant
      where j.job is not null), '[]'),
    'more_endpoints', cardinality(m.jobs) > 100,
    'attempts', coalesce((
      select jsonb_agg(jsonb_build_object(
        'at', d.at, 'endpoint', coalesce(p.name, d.endpoint::text), 'attempt', d.attempt,
        'status', d.status, 'outcome', d.outcome, 'duration_ms', d.duration_ms,
        'because', d.because, 'answer', d.answer) order by d.id)
      from (select * from webhook_deliveries a where a.subject = m.id order by a.id desc limit 100) d
      left join webhook_endpoints p on p.id = d.endpoint), '[]'),
    'more_attempts', exists (select from webhook_deliveries a where a.subject = m.id offset 100))
  from webhook_messages m where m.id = p_id
$$;

-- Name: webhook_message_values(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from jsonb_to_record(p_wanted) as f(
    endpoint uuid, owner text, tenant text, type text, state text, since timestamptz,
    until timestamptz, at timestamptz, id uuid, job uuid, after uuid)
$$;

-- Name: webhook_message_wanted(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_wanted(p_filter jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_endpoint webhook_endpoints;
begin
  perform check_filter(p_filter, '{endpoint,message,tenant,type,state,since,until,before}');
  if p_filter ->> 'endpoint' is not null then
    v_endpoint := webhook_endpoint(p_filter ->> 'endpoint');
  end if;
  return (
    select jsonb_build_object(
      'endpoint', v_endpoint.id, 'message', case when p_filter ->> 'message' is not null
      then webhook_message_find(p_filter ->> 'message') end, 'owner', v_endpoint.tenant, 'tenant', p_filter -> 'tenant',
      'type', p_filter -> 'type', 'state', p_filter -> 'state',
      'since', webhook_moment(p_filter ->> 'since'), 'until', webhook_moment(p_filter ->> 'until'),
      'at', b.at, 'id', b.id, 'job', b.job)
    from webhook_message_at(p_filter ->> 'before') b);
end
$$;

-- Name: webhook_messages_back(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_messages_back(p_wanted jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_at timestamptz;
  v_tenant text;
  v_whole boolean;
begin
  select * into v from webhook_message_values(p_wanted);
  v_at := coalesce((select m.created_at from webhook_messages m where m.id = v.after), v.at,
                   'infinity');
  if v.after is null and v.state not in ('nobody', 'ended') then
    -- what came after the last job in that state is none of it: a backlog is passed over
    v_at := least(v_at, coalesce((
      select j.enqueued_at + interval '1 minute' from jobs j
      where j.queue = 'webhooks-out' and j.state = v.state order by j.id desc limit 1), '-infinity'));
  end if;
  v_tenant := coalesce(v.tenant, v.owner);
  v_whole := v_tenant is null;
  return array(
    select c.id from (
      (select m.created_at, m.id from webhook_messages m
       where (v_whole or m.tenant = v_tenant)
         and m.created_at <= v_at and m.created_at >= coalesce(v.since, '-infinity')
         and m.created_at < coalesce(v.until, 'infinity')
         and (v.after is null or (m.created_at, m.id) < (v_at, v.after))
       order by m.created_at desc, m.id desc limit p_limit)
      union all
      (select m.created_at, m.id from webhook_messages m
       where not v_whole and v.tenant is null and m.tenant is null and m.endpoint = v.endpoint
         and m.created_at <= v_at and m.created_at >= coalesce(v.since, '-infinity')
         and m.created_at < coalesce(v.until, 'infinity')
         and (v.after is null or (m.created_at, m.id) < (v_at, v.after))
       order by m.created_at desc, m.id desc limit p_limit)) c
    order by c.created_at desc, c.id desc limit p_limit);
end
$$;

-- Name: webhook_messages_few(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_messages_few(p_wanted jsonb) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_some uuid[];
begin
  select * into v from webhook_message_values(p_wanted);
  if v.endpoint is not null and v.state in ('nobody', 'ended') then
    return '{}';   -- whose it was is forgotten with the job
  elsif coalesce(v.state, '') not in ('ready', 'leased', 'held', 'dead') then
    return null;
  end if;
  v_some := array(
    select (j.payload ->> 'message')::uuid from jobs j
    where j.queue = 'webhooks-out' and j.state = v.state and j.payload ? 'message'
      and (v.endpoint is null or j.tenant = v.endpoint::text) limit 5001);
  return case when cardinality(v_some) <= 5000 then v_some end;
end
$$;

-- Name: webhook_missing(text, text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_missing(p_source text, p_account text, p_ids text[]) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select i from unnest(p_ids) i
  where not exists (select from webhook_keys k
                    where k.source = p_source and k.account = p_account and k.event_id = i)
$$;

-- Name: webhook_moment(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_moment(p_text text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
begin
  return case when p_text ~ '^\s*\d{4}-' then p_text::timestamptz else clock() - p_text::interval end;
exception when others then
  raise exception '"%" is neither so long ago, such as 90s, 2h or 3d, nor a time such as '
    '2026-03-01T14:30Z', left(p_text, 60) using errcode = 'JQ005';
end
$$;

-- Name: webhook_move_cursor(text, xid8, uuid, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_move_cursor(p_name text, p_xact xid8 DEFAULT '0'::xid8, p_event uuid DEFAULT NULL::uuid, p_place text DEFAULT NULL::text, p_reached timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  insert into webhook_cursors as c (name, xact, event, place, reached, updated_at)
  values (p_name, p_xact, p_event, p_place, p_reached, v_now)
  on conflict (name) do update
    set xact = excluded.xact, event = excluded.event, place = excluded.place,
        reached = excluded.reached, updated_at = excluded.updated_at;
end
$$;

-- Name: webhook_note_deadlines(uuid[], uuid[], interval[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if array_remove(p_deadlines, null) <> '{}' then
    insert into webhook_deadlines (job, event, alert_at, due_at)
    select d.job, d.event, p_now + d.deadline / 2, p_now + d.deadline
    from unnest(p_jobs, p_events, p_deadlines) d(job, event, deadline)
    where d.deadline is not null;
  end if;
end
$$;

-- Name: webhook_note_environment(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_note_environment(p_sources jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  insert into webhook_environment as w (name, retention, silence, told_at)
  select r.name, r.retention, r.silence, clock()
  from jsonb_to_recordset(p_sources) as r(name text, retention interval, silence double precision)
  order by r.name
  on conflict (name) do update
    set retention = coalesce(excluded.retention, w.retention),
        silence = coalesce(excluded.silence, w.silence), told_at = excluded.told_at
$$;

-- Name: webhook_number(xid8, xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) RETURNS xid8
    LANGUAGE sql STABLE
    AS $$
  select (p_xact::text::bigint + case
    when p_latest is null then 0
    when p_latest::text::bigint % 281474976710656 > greatest(   -- what is seen of this server is below
           pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()),
           pg_catalog.pg_current_xact_id_if_assigned())::text::bigint
      then (p_latest::text::bigint / 281474976710656 + 1) * 281474976710656
    else p_latest::text::bigint / 281474976710656 * 281474976710656 end)::text::xid8
$$;

-- Name: webhook_numbered(xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_numbered(p_xact xid8) RETURNS xid8
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return webhook_number(p_xact, l.xact) from webhook_latest l;
end
$$;

-- Name: webhook_ordering_key(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case when length(key) <= 200 then key else md5(key) end
  from (select p_kind || ' ' || p_account || ' ' || p_object_id as key) k
$$;

-- Name: webhook_over(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case when p_mode = 'answer' then p_now + interval '15 seconds' end
$$;

-- Name: webhook_pause(text, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_pause(p_source text, p_pattern text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: webhook_pauses; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_pauses (
    source text NOT NULL,
    pattern text NOT NULL,
    paused_at timestamp with time zone NOT NULL,
    paused_by text NOT NULL,
    why text,
    ends_at timestamp with time zone,
    resumed_at timestamp with time zone
);

-- Name: webhook_pause_key(holdfast.webhook_pauses); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_pause_key(p_pause holdfast.webhook_pauses) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select format('webhooks.paused:%s %s', p_pause.source, p_pause.pattern)
$$;

-- Name: webhook_pause_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_pause_list() RETURNS SETOF holdfast.webhook_pauses
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select * from webhook_pauses
  where resumed_at is null and coalesce(ends_at > clock(), true) order by source, pattern
$$;

-- Name: webhook_paused(holdfast.webhook_pauses, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean DEFAULT false) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select format('%s %s is paused by ', p_pause.source, p_pause.pattern)
    || case when p_beginning then '' else format('%s%s; it goes on %swith: holdfast webhooks resume %s',
         p_pause.paused_by, coalesce(': ' || p_pause.why, ''), coalesce(
           to_char(p_pause.ends_at at time zone 'UTC', '"at "YYYY-MM-DD HH24:MI" UTC, or "'), ''),
         p_pause.source) end
$$;

-- Name: webhook_plain_url(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_plain_url(p_url text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select regexp_replace(p_url, '^(https?://)[^/?#]*@', '\1…@')
$$;

-- Name: webhook_plan_replay(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_plan_replay(p_filter jsonb, p_kinds text[] DEFAULT NULL::text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v jsonb;
begin
  select jsonb_build_object(
    'matching', coalesce(sum(c.n), 0), 'replayable', coalesce(sum(c.n) filter (where c.why is null), 0),
    'excluded', coalesce(jsonb_object_agg(c.why, c.n) filter (where c.why is not null), '{}'))
  into v from (select d.why, count(*) as n from webhook_replay_candidates(p_filter, p_kinds) d
               group by d.why) c;
  return v;
end
$$;

-- Name: webhook_provider_alerts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_provider_alerts() RETURNS TABLE(scheme text, pattern text, says text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  values
    -- docs.stripe.com/webhooks/handle-irrecoverable-events
    ('stripe', 'v2.core.health.event_generation_failure.*',
     'Stripe could not make some events. They will not come, and are in no list: compare the objects '
     'that you keep with those at Stripe')
$$;

-- Name: webhook_provider_deadlines(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_provider_deadlines() RETURNS TABLE(scheme text, event_type text, deadline interval)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  values
    -- an hour after our 200 the draft is final and is charged:
    -- docs.stripe.com/invoicing/integration/workflow-transitions
    ('stripe', 'invoice.created', interval '1 hour'),
    ('stripe', 'v1.invoice.created', interval '1 hour')   -- the thin event of it
$$;

-- Name: webhook_prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_source record;
  v_total integer := 0;
begin
  for v_source in
    select f.source, coalesce(s.retention, interval '90 days') as retention
    from webhook_sources_seen() f(source) left join webhook_keeping() s on s.name = f.source
  loop
    v_total := v_total
      + webhook_prune_source(v_source.source, v_now - v_source.retention, v_now, p_limit);
    delete from webhook_keys k where k.ctid = any (array(
      select o.ctid from webhook_keys o
      where o.received_at < v_now - greatest(v_source.retention, interval '90 days')
        and o.source = v_source.source
        and o.last_seen_at < v_now - greatest(v_source.retention, interval '90 days')
      order by o.received_at limit p_limit for update skip locked));
  end loop;
  delete from webhook_refusals where day < (v_now - interval '90 days')::date;
  delete from webhook_refusal_samples where at < v_now - interval '30 days';
  delete from webhook_deadlines d where d.due_at < v_now - interval '1 day' and not exists (
    select from jobs j where j.id = d.job and j.state in ('ready', 'leased', 'held'));
  return v_total;
end
$$;

-- Name: webhook_prune_bite(text, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  if p_source = '' then
    select * into looked, gone, last_at, last from webhook_prune_sent(p_before, p_at, p_event, p_limit);
    return;
  end if;
  with next as materialized (
    select o.id, o.received_at, o.jobs from webhook_events o
    where o.source = p_source and o.received_at < p_before
      and o.received_at >= p_at and (o.received_at, o.id) > (p_at, p_event)
    order by o.received_at, o.id limit p_limit
  ), deleted as (
    delete from webhook_events e where e.id = any (array(
      select f.id from webhook_events f   -- what stays is not locked; what is locked stays
      where f.id = any (array(
        select n.id from next n
        where not exists (select from jobs j where j.id = any (n.jobs)
                          and j.state in ('ready', 'leased', 'held', 'dead'))))
      for update skip locked))
    returning 1
  )
  select count(*), (select count(*) from deleted), max(n.received_at),
         (array_agg(n.id order by n.received_at desc, n.id desc))[1]
  into looked, gone, last_at, last from next n;
end
$$;

-- Name: webhook_prune_messages(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_messages(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_gone integer;
  v_most integer := webhook_let_go(p_limit);
begin
  delete from webhook_deliveries where id = any (array(
    select d.id from webhook_deliveries d where d.at < v_now - interval '30 days'
    order by d.at limit p_limit for update skip locked));
  get diagnostics v_gone = row_count;
  v_most := greatest(v_most, v_gone);
  return greatest(v_most, webhook_prune_source('', v_now - interval '30 days', v_now, p_limit));
end
$$;

-- Name: webhook_prune_sent(timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  with next as materialized (
    select o.id, o.created_at, o.jobs from webhook_messages o
    where o.created_at < p_before and o.created_at >= p_at and (o.created_at, o.id) > (p_at, p_message)
    order by o.created_at, o.id limit p_limit
  ), deleted as (
    delete from webhook_messages m where m.id = any (array(
      select f.id from webhook_messages f   -- what stays is not locked; what is locked stays
      where f.id = any (array(
        select n.id from next n
        where not exists (select from jobs j where j.id = any (n.jobs)
                          and j.state in ('ready', 'leased', 'held', 'dead'))))
      for update skip locked))
    returning 1
  )
  select count(*), (select count(*) from deleted), max(n.created_at),
         (array_agg(n.id order by n.created_at desc, n.id desc))[1]
  into looked, gone, last_at, last from next n;
end
$$;

-- Name: webhook_prune_source(text, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_none constant uuid := '00000000-0000-0000-0000-000000000000';
  v_place webhook_prunings;
  v record;
  v_gone integer := 0;
begin
  select * into v_place from webhook_prunings where source = p_source for update;
  if not found then
    v_place := row(p_source, '-infinity'::timestamptz, v_none, 0, p_now);
  end if;
  for i in 1 .. 50 loop
    select * into v from webhook_prune_bite(p_source, p_before, v_place.at, v_place.event, p_limit);
    v_gone := v_gone + v.gone;
    v_place.kept := v_place.kept + v.looked - v.gone;
    if v.looked > 0 then
      v_place.at := v.last_at;
      v_place.event := v.last;
    end if;
    exit when v_gone >= p_limit or v.looked < p_limit;
  end loop;
  if v.looked < p_limit and (v_place.kept <= p_limit
      or p_now not between v_place.began_at and v_place.began_at + interval '1 hour') then
    delete from webhook_prunings where source = p_source;
  elsif v_place.kept > 0 then
    insert into webhook_prunings as p (source, at, event, kept, began_at) select v_place.*
    on conflict (source) do update set at = excluded.at, event = excluded.event, kept = excluded.kept
      where (p.at, p.event) is distinct from (excluded.at, excluded.event);
  end if;
  return v_gone;
end
$$;

-- Name: webhook_receive(text, text, text, text, text, boolean, bytea, jsonb, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb DEFAULT '[]'::jsonb, p_scheme text DEFAULT 'none'::text, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean, jobs integer)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select r.id, r.duplicate, jsonb_array_length(r.jobs)
  from webhook_receive_many(jsonb_build_array(p_options || jsonb_strip_nulls(jsonb_build_object(
    'source', p_source, 'event_id', p_event_id, 'event_type', p_event_type, 'object_id', p_object_id,
    'account', p_account, 'livemode', p_livemode, 'headers', p_headers, 'scheme', p_scheme))),
    array[p_body]) r
$$;

-- Name: webhook_receive_again(jsonb, bytea, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_identity bytea := coalesce(decode(p_item ->> 'identity', 'hex'), sha256(p_body));
  v_key webhook_keys;
  v_event webhook_events;
begin
  update webhook_keys k set redeliveries = k.redeliveries + 1, last_seen_at = p_now,
    mismatches = k.mismatches
      + case when '' in (k.identity, v_identity) or k.identity = v_identity then 0 else 1 end
  where k.source = p_item ->> 'source' and k.account = coalesce(p_item ->> 'account', '')
    and k.event_id = p_item ->> 'event_id'
  returning k.* into v_key;
  if not found then   -- it was forgotten between the two statements
    raise exception 'the dedupe key was pruned just now; send it again' using errcode = '40001';
  end if;
  event := v_key.event;
  held := false;
  jobs := '[]';
  if v_key.identity <> v_identity and not '' in (v_key.identity, v_identity) then
    perform webhook_hold_mismatch(p_item, p_body, v_key, p_now);
    held := true;
    return;
  end if;
  select * into v_event from webhook_events e where e.id = v_key.event for update;
  if v_event.held_why is not null then
    held := true;
    return;
  end if;
  if v_event.jobs = '{}' then
    v_event.jobs := webhook_enqueue(v_event, p_now);
  elsif (p_item ->> 'revive')::boolean then
    perform revive_if_dead(d.id) from (
      select j.id from jobs j
      where j.id = any (v_event.jobs) and j.state = 'dead'
        and j.kind not in (select webhook_answering(v_event))
      order by j.queue, j.ordering_key offset 0) d;   -- as everybody takes many keys
  end if;
  jobs := webhook_ask_again(v_event, p_now);
end
$$;

-- Name: webhook_receive_known(jsonb, bytea[], uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return query
    with known as materialized (
      select e.item, e.ord from jsonb_array_elements(p_events) with ordinality e(item, ord)
      where not exists (select from webhook_events k where k.id = id_of_batch(p_batch, e.ord))
      order by e.item ->> 'source', coalesce(e.item ->> 'account', ''), e.item ->> 'event_id', e.ord
    )
    select k.ord, again.event, true, again.held, again.jobs
    from known k cross join lateral webhook_receive_again(k.item, p_bodies[k.ord], p_now) again;
end
$$;

-- Name: webhook_receive_many(jsonb, bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
  v_new integer;
begin
  return query
    with given as materialized (
      select id_of_batch(v_batch, a.ord) as id, coalesce(a.account, '') as whose, a.*
      from rows from (jsonb_to_recordset(p_events) as (
        source text, account text, event_id text, event_type text, object_id text, livemode boolean,
        created bigint, headers jsonb, scheme text, verified_by text, via text, held text, sha256 text,
        identity text, url text, event_types text[]), unnest(p_bodies)) with ordinality
        a(source, account, event_id, event_type, object_id, livemode, created, headers, scheme,
          verified_by, via, held, sha256, identity, url, event_types, body, ord)
    ), taken as (
      insert into webhook_keys (
        source, account, event_id, event, identity, received_at, redeliveries, mismatches, last_seen_at)
      select g.source, g.whose, g.event_id, g.id,
             coalesce(decode(coalesce(g.identity, g.sha256), 'hex'), sha256(g.body)), v_now, 0, 0, v_now
      from given g order by 1, 2, 3, g.ord
      on conflict do nothing
      returning event
    ), fresh as materialized (
      select g.* from given g where g.id = any (array(select t.event from taken t))
    ), wanted as materialized (
      select w.*, f.id as event, row_number() over (order by w.ord, w.kind) as n
      from webhook_wanted(p_events) w join fresh f on f.ord = w.ord
    ), made as materialized (
      select enqueue_columns(
               array_agg(w.queue), array_agg(w.kind), array_agg(webhook_reference(w.event, w.endpoint)),
               array_agg(w.tenant), array_agg(w.ordering_key), array_agg(w.supersede),
               array_agg(webhook_due(w.mode, v_now)), array_agg(webhook_over(w.mode, v_now))) as batch
      from wanted w having count(*) > 0
    ), noted as (
      insert into webhook_deadlines (job, event, alert_at, due_at)
      select id_of_batch(m.batch, w.n), w.event, v_now + w.deadline / 2, v_now + w.deadline
      from wanted w, made m where w.deadline is not null
    ), stored as (
      insert into webhook_events (
        id, source, account, event_id, event_type, object_id, livemode, created, body, headers, scheme,
        verified_by, via, held_why, body_sha256, jobs, received_at, xact, url, event_types)
      select f.id, f.source, f.whose, f.event_id, f.event_type, f.object_id, f.livemode, f.created,
             f.body, coalesce(f.headers, '[]'), f.scheme, f.verified_by, coalesce(f.via, 'http'), f.held,
             coalesce(decode(f.sha256, 'hex'), sha256(f.body)),
             array(select id_of_batch(m.batch, w.n) from wanted w, made m where w.ord = f.ord),
             v_now, (select webhook_number(pg_current_xact_id(), l.xact) from webhook_latest l), f.url,
             f.event_types from fresh f
    )
    select f.ord, f.id, false, f.held is not null, coalesce((
      select jsonb_agg(jsonb_build_object('id', id_of_batch(m.batch, w.n), 'kind', w.kind, 'mode', w.mode))
      from wanted w, made m where w.ord = f.ord), '[]')
    from fresh f;
  get diagnostics v_new = row_count;
  if v_new < jsonb_array_length(p_events) then
    return query select * from webhook_receive_known(p_events, p_bodies, v_batch, v_now);
  end if;
  perform webhook_tell_of_providers(p_events, v_batch)
  where p_events @? '$[*].event_type ? (@ starts with "v2.core.health.")';   -- rarely
end
$_$;

-- Name: webhook_recover(text, text, text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_recover(p_name text, p_since text, p_who text, p_why text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb, OUT failed integer, OUT missing integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v record;
  v_since timestamptz := webhook_moment(p_since);
  v_messages uuid[] := '{}';
  v_jobs uuid[];
begin
  perform check_filter(p_options, '{until,missing,rate,dry_run}');
  select webhook_moment(o.until) as until, o.missing, o.rate, coalesce(o.dry_run, false) as dry_run
  into v from jsonb_to_record(p_options) as o(
    until text, missing boolean, rate double precision, dry_run boolean);
  if v.missing and v_endpoint.purpose = 'forward' then
    raise exception 'endpoint "%" is a forward; what it never got are events', v_endpoint.name
      using errcode = 'JQ005', hint = 'holdfast webhooks replay --source ' || v_endpoint.source;
  end if;
  failed := replay_dead_letters(
    jsonb_strip_nulls(jsonb_build_object('queue', 'webhooks-out', 'tenant', v_endpoint.id::text,
                                         'since', v_since, 'until', v.until)),
    p_who, p_why, 10000, v.rate, v.dry_run);
  if v.missing then
    -- what somebody else sends again at this moment is seen only after his commit
    perform pg_advisory_xact_lock(hashtextextended('holdfast.recover ' || v_endpoint.id, 0));
    v_messages := webhook_unsent(v_endpoint, v_since, v.until);
  end if;
  missing := cardinality(v_messages);
  if v.dry_run or missing = 0 then
    return;
  end if;
  v_jobs := array(
    select q.id from enqueue_many((
      select jsonb_agg(jsonb_build_object(
        'queue', 'webhooks-out', 'kind', 'webhook:deliver', 'tenant', v_endpoint.id,
        'run_at', clock() + make_interval(secs => coalesce((n - 1) / v.rate, 0)),
        'payload', jsonb_build_object('endpoint', v_endpoint.id, 'message', id)) order by n)
      from unnest(v_messages) with ordinality g(id, n))) q order by q.ordinal);
  update webhook_messages m set jobs = m.jobs || g.job
  from unnest(v_messages, v_jobs) g(id, job) where m.id = g.id;
  perform record_operation('send missing', p_who, p_why, jsonb_build_object(
    'endpoint', v_endpoint.id, 'name', v_endpoint.name, 'since', v_since, 'until', v.until), missing);
end
$$;

-- Name: webhook_redact(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redact(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_source webhook_sources;
  v_count integer := 0;
begin
  for v_source in
    select * from webhook_sources
    where redact_after is not null and (redact_paths <> '{}' or redact_headers <> '{}')
  loop
    v_count := v_count + webhook_redact_source(v_source, v_now, p_limit);
  end loop;
  return v_count;
end
$$;

-- Name: webhook_sources; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_sources (
    name text NOT NULL,
    scheme text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    tolerance interval DEFAULT '00:05:00'::interval NOT NULL,
    public_url text,
    livemode boolean,
    accounts text[],
    max_body integer DEFAULT 1048576 NOT NULL,
    rate_quota integer,
    revive boolean DEFAULT false NOT NULL,
    retention interval DEFAULT '90 days'::interval NOT NULL,
    redact_paths text[] DEFAULT '{}'::text[] NOT NULL,
    redact_headers text[] DEFAULT '{}'::text[] NOT NULL,
    redact_after interval,
    silence double precision,
    created_at timestamp with time zone NOT NULL,
    redact_again timestamp with time zone,
    CONSTRAINT webhook_sources_max_body_check CHECK (((max_body >= 1) AND (max_body <= 26214400))),
    CONSTRAINT webhook_sources_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'::text)),
    CONSTRAINT webhook_sources_rate_quota_check CHECK (((rate_quota >= 1) AND (rate_quota <= 1000000))),
    CONSTRAINT webhook_sources_redact_after_check CHECK ((redact_after >= '00:00:00'::interval)),
    CONSTRAINT webhook_sources_retention_check CHECK (((retention >= '01:00:00'::interval) AND (retention <= '36500 days'::interval))),
    CONSTRAINT webhook_sources_silence_check CHECK ((silence >= (1)::double precision)),
    CONSTRAINT webhook_sources_tolerance_check CHECK (((tolerance > '00:00:00'::interval) AND (tolerance <= '1 day'::interval)))
);

-- Name: webhook_redact_source(holdfast.webhook_sources, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redact_source(p_source holdfast.webhook_sources, p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_end timestamptz := p_now - p_source.redact_after;
  v_mark webhook_redactions;
  v_all_seen boolean;
  v_event record;
  v_left timestamptz;
  v_count integer := 0;
begin
  insert into webhook_redactions (source, again, reached)
  values (p_source.name, p_source.redact_again, '-infinity') on conflict do nothing;
  select * into v_mark from webhook_redactions where source = p_source.name for update;
  if v_mark.again is distinct from p_source.redact_again then
    v_mark.reached := '-infinity';
    v_mark.seen_xact := null;
  end if;
  v_all_seen := v_mark.seen_xact <= pg_snapshot_xmin(pg_current_snapshot());
  for v_event in select * from webhook_unredacted(p_source, v_mark.reached, v_end, p_limit) loop
    update webhook_events set
      body = webhook_redacted(v_event.body, p_source.redact_paths),
      headers = webhook_redacted_headers(v_event.headers, p_source.redact_headers),
      redacted_at = p_now
    where id = v_event.id;
    v_count := v_count + 1;
  end loop;
  select min(u.received_at) into v_left
  from webhook_unredacted(p_source, v_mark.reached, v_end, 1, false) u;
  if v_all_seen then
    v_mark.reached := least(v_mark.seen, v_left);
  end if;
  if v_all_seen or v_mark.seen_xact is null
     or v_mark.seen_xact > pg_snapshot_xmax(pg_current_snapshot()) then   -- of another server, by a dump
    v_mark.seen := least(v_end, p_now - interval '5 minutes');
    v_mark.seen_xact := pg_snapshot_xmax(pg_current_snapshot());
  end if;
  update webhook_redactions
  set (again, reached, seen, seen_xact)
    = (p_source.redact_again, v_mark.reached, v_mark.seen, v_mark.seen_xact)
  where source = p_source.name;
  return v_count;
end
$$;

-- Name: webhook_redacted(bytea, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redacted(p_body bytea, p_paths text[]) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_document jsonb;
  v_path text;
begin
  if p_paths = '{}' then
    return p_body;
  end if;
  begin
    v_document := convert_from(p_body, 'UTF8')::jsonb;
  exception when others then
    return ''::bytea;   -- no JSON, or none that Postgres can hold: nothing of it is kept by accident
  end;
  foreach v_path in array p_paths loop
    v_document := webhook_masked(v_document, string_to_array(substr(v_path, 2), '/'));
  end loop;
  return convert_to(v_document::text, 'UTF8');
end
$$;

-- Name: webhook_redacted_headers(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redacted_headers(p_headers jsonb, p_names text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select webhook_masked_headers(p_headers, p_names, '[redacted]')
$$;

-- Name: webhook_reference(uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case when p_endpoint is null then pg_catalog.jsonb_build_object('event', p_event)
    else pg_catalog.jsonb_build_object('event', p_event, 'endpoint', p_endpoint) end
$$;

-- Name: webhook_refusal_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_refusal_list(p_days integer DEFAULT 7) RETURNS TABLE(source text, reason text, count numeric, last_at timestamp with time zone, latest text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select w.source, w.reason, sum(w.count), max(w.last_at), (
           select s.detail from webhook_refusal_samples s
           where s.source = w.source and s.reason = w.reason order by s.id desc limit 1)
  from webhook_refusals w
  where w.day > (clock() at time zone 'UTC')::date - p_days
  group by w.source, w.reason order by max(w.last_at) desc
$$;

-- Name: webhook_register(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_register(p_app text, p_handlers jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  perform webhook_see_handlers(p_handlers, v_now);
  perform pg_advisory_xact_lock(hashtextextended('holdfast.handlers ' || p_app, 0));
  perform webhook_forget_handlers(p_app, p_handlers, v_now);
  insert into webhook_handlers as h (kind, app, name, source, pattern, queue, ordering, deadline,
                                     mode, registered_at)
  select r.kind, p_app, r.name, r.source, r.pattern, r.queue, coalesce(r.ordering, 'none'),
         webhook_deadline_or_error(r.name, r.deadline), coalesce(r.mode, 'queued'), v_now
  from jsonb_to_recordset(p_handlers) as r(
    kind text, name text, source text, pattern text, queue text, ordering text, deadline text,
    mode text)
  order by r.kind
  on conflict (kind) do update
    set app = excluded.app, source = excluded.source, pattern = excluded.pattern,
        queue = excluded.queue, ordering = excluded.ordering, deadline = excluded.deadline,
        mode = excluded.mode, registered_at = excluded.registered_at
    where (h.app, h.source, h.pattern, h.queue, h.ordering, h.deadline, h.mode)
      is distinct from (excluded.app, excluded.source, excluded.pattern, excluded.queue,
                        excluded.ordering, excluded.deadline, excluded.mode);
  return (select count(*) from webhook_handlers where app = p_app);
end
$$;

-- Name: webhook_release(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_release(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_event webhook_events;
begin
  select * into v_event from webhook_events where id = p_id for update;
  if not found then
    raise exception 'no event %', p_id using errcode = 'JQ001';
  elsif v_event.held_why is null then
    raise exception 'event % is not held', p_id using errcode = 'JQ003';
  end if;
  update webhook_events set held_why = null where id = p_id;
  perform record_operation('release event', p_who, p_why, jsonb_build_object('event', p_id), 1);
  return cardinality(webhook_enqueue(v_event, clock()));
end
$$;

-- Name: webhook_remove_endpoint(text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v_waiting uuid[] := array(
    select j.id from jobs j where j.queue = 'webhooks-out' and j.tenant = v_endpoint.id::text
      and j.state in ('ready', 'leased', 'held'));
  v_id uuid;
  v_count integer := 0;
begin
  if v_waiting <> '{}' and not p_cancel then
    raise exception '% deliveries wait for endpoint "%"', cardinality(v_waiting), v_endpoint.name
      using errcode = 'JQ003', hint = 'let them end, or cancel them with --cancel, by HTTP with "cancel": true';
  end if;
  foreach v_id in array v_waiting loop
    v_count := v_count + webhook_cancel(v_id, p_who)::integer;
  end loop;
  delete from webhook_secrets where owner = 'endpoint:' || v_endpoint.id;
  delete from webhook_endpoints where id = v_endpoint.id;
  perform clear_alert('webhooks.endpoint:' || v_endpoint.name, p_who);
  perform clear_alert('webhooks.unsigned:' || v_endpoint.name, p_who);
  perform close_breaker('endpoint:' || v_endpoint.name, clock());
  perform record_operation('remove endpoint', p_who, null, jsonb_build_object(
    'endpoint', v_endpoint.id, 'name', v_endpoint.name), v_count);
  return v_count;
end
$$;

-- Name: webhook_remove_source(text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_remove_source(p_name text, p_force boolean, p_who text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  if not exists (select from webhook_sources where name = p_name) then
    raise exception 'no source "%" in the database', p_name using errcode = 'JQ001',
      hint = 'those of the environment are removed there';
  elsif not p_force and exists (
    select from webhook_events e join jobs j on j.id = any (e.jobs)
    where e.source = p_name and j.state in ('ready', 'leased', 'held')) then
    raise exception 'events of "%" still have work to do', p_name using errcode = 'JQ003',
      hint = 'let it end, or remove the source with --force';
  end if;
  delete from webhook_secrets where owner = 'source:' || p_name;
  delete from webhook_sources where name = p_name;
  perform record_operation('remove source', p_who, null, jsonb_build_object('source', p_name), 1);
end
$$;

-- Name: webhook_replay(jsonb, text, text, text[], double precision, integer, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_replay(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_kinds text[] DEFAULT NULL::text[], p_rate double precision DEFAULT NULL::double precision, p_made integer DEFAULT 0, p_limit integer DEFAULT 500, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(event uuid, jobs uuid[])
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
  v_id uuid;
  v_event webhook_events;
  v_count integer := p_made;
begin
  perform make_durable();
  for v_id in
    select c.id from webhook_replay_candidates(
      p_filter || jsonb_build_object('first', p_limit), p_kinds) c
  loop
    select * into v_event from webhook_events e where e.id = v_id for update;
    event := v_id;
    jobs := webhook_enqueue(v_event, v_now, p_kinds, case when p_rate is not null
      then coalesce(p_from, v_now) + make_interval(secs => v_count / p_rate) end);
    v_count := v_count + 1;
    return next;
  end loop;
  if v_count > p_made then
    perform record_operation('replay events', p_who, p_why, p_filter, v_count - p_made);
  end if;
end
$$;

-- Name: webhook_replay_candidates(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_replay_candidates(p_filter jsonb, p_kinds text[]) RETURNS TABLE(id uuid, why text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET cursor_tuple_fraction TO '0.001'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v record;
  v_left integer;
begin
  perform check_filter(p_filter, '{source,type,object,since,until,ids,after,first}');
  select * into v from jsonb_to_record(p_filter) as f(
    source text, type text, object text, since timestamptz, until timestamptz, ids uuid[], after uuid,
    first integer);
  v_left := v.first;
  if v_left is not null and coalesce(v.object, v.ids::text) is null then
    -- a bite of many: along their ids, which stand as they are asked for, and not all of them sorted
    perform set_config('enable_sort', 'off', true);
    v.after := coalesce(v.after, webhook_last_before(v.source, v.since));
  end if;
  for id, why in
    select e.id, case
      when e.held_why is not null then 'held'
      when e.jobs <> '{}' and exists (
        select from jobs j where j.id = any (e.jobs) and j.state in ('ready', 'leased', 'held')
          and (p_kinds is null or j.kind = any (p_kinds))) then 'running'
      when not exists (
        select from webhook_handlers h
        where h.source in (e.source, '*') and (p_kinds is null or h.kind = any (p_kinds))
          and (webhook_wants(h.pattern, e.event_type)
               or e.event_types is not null and webhook_wants_any(h.pattern, e.event_types)))
      and not exists (
        select from webhook_endpoints f cross join unnest(f.patterns) p
        where f.purpose = 'forward' and f.source in (e.source, '*')
          and (p_kinds is null or 'webhook:deliver' = any (p_kinds))
          and (webhook_wants(p, e.event_type)
               or e.event_types is not null and webhook_wants_any(p, e.event_types)))
        then 'no handler' end
    from (
      select w.id, w.source, w.event_type, w.event_types, w.held_why, w.jobs
      from webhook_events w
      where (v.source is null or w.source = v.source)
        and (v.type is null or webhook_wants(v.type, w.event_type)
             or w.event_types is not null and webhook_wants_any(v.type, w.event_types))
        and (v.object is null or w.object_id = v.object)
        and (v.since is null or w.received_at >= v.since)
        and (v.until is null or w.received_at < v.until)
        and (v.ids is null or w.id = any (v.ids))
        and (v.after is null or w.id > v.after)
      order by w.id offset 0) e   -- sorted first: of those that are not reached nothing is asked
  loop
    continue when v_left is not null and why is not null;
    exit when v_left <= 0;
    v_left := v_left - 1;
    return next;
  end loop;
end
$$;

-- Name: webhook_resume(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_resume(p_source text, p_pattern text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
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

-- Name: webhook_says_the_same(bytea, bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return p_one = p_other or convert_from(p_one, 'UTF8')::jsonb - 'timestamp'
                            = convert_from(p_other, 'UTF8')::jsonb - 'timestamp';
exception when others then
  return false;   -- no JSON object
end
$$;

-- Name: webhook_secret_list(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_secret_list(p_owner text) RETURNS TABLE(id text, reference text, not_before timestamp with time zone, not_after timestamp with time zone, created_at timestamp with time zone, last_used_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select k.id::text, k.reference, k.not_before, k.not_after, k.created_at, u.last_used_at
  from webhook_secrets k
  left join webhook_secret_uses u on u.owner = k.owner and u.secret = k.id::text
  where k.owner = p_owner
  union all
  select u.secret, u.secret, null, null, null, u.last_used_at
  from webhook_secret_uses u
  where u.owner = p_owner and u.secret like 'env:%'
  order by 5 desc nulls last
$$;

-- Name: webhook_see_handlers(jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  insert into webhook_handlers_seen as s (kind, seen_at)
  select e ->> 'kind', p_now from jsonb_array_elements(p_handlers) e order by 1
  on conflict (kind) do update set seen_at = excluded.seen_at
    where s.seen_at not between excluded.seen_at - interval '1 minute' and excluded.seen_at
$$;

-- Name: webhook_send(text, text, bytea, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text DEFAULT NULL::text, p_endpoint text DEFAULT NULL::text) RETURNS TABLE(id uuid, duplicate boolean, jobs integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
declare
  v_id uuid := new_id();
  v_endpoint uuid;
  v_jobs jsonb;
  v_ids uuid[] := '{}';
begin
  if coalesce(length(p_type), 0) not between 1 and 200 then
    raise exception 'a message has a type of 1 to 200 characters' using errcode = 'JQ005';
  elsif coalesce(p_message_id, '') !~ '^[!-~]([ -~]{0,198}[!-~])?$' then   -- as a header can have it
    raise exception 'a message has an id of 1 to 200 characters of ASCII, and none is blank at an end'
      using errcode = 'JQ005', hint = 'it is sent as the header webhook-id, and is signed';
  end if;
  v_endpoint := webhook_addressee(p_endpoint, p_tenant);
  perform make_durable();
  insert into webhook_messages (id, message_id, tenant, type, body, jobs, created_at, endpoint)
  values (v_id, p_message_id, p_tenant, p_type, p_body, '{}', clock(), v_endpoint)
  on conflict do nothing;
  if not found then
    return query select webhook_sent(p_message_id, p_type, p_body, p_tenant, v_endpoint), true, 0;
    return;
  end if;
  select jsonb_agg(jsonb_build_object('queue', 'webhooks-out', 'kind', 'webhook:deliver',
    'tenant', e.id, 'payload', jsonb_build_object('endpoint', e.id, 'message', v_id)) order by e.id)
  into v_jobs
  from webhook_endpoints e
  where case when v_endpoint is null then e.purpose = 'customer'
               and e.tenant is not distinct from p_tenant
               and exists (select from unnest(e.patterns) p where webhook_wants(p, p_type))
             else e.id = v_endpoint end;
  if v_jobs is not null then
    v_ids := array(select q.id from enqueue_many(v_jobs) q order by q.ordinal);
    update webhook_messages m set jobs = v_ids where m.id = v_id;
  end if;
  return query select v_id, false, cardinality(v_ids);
end
$_$;

-- Name: webhook_sent(text, text, bytea, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
declare
  v_known webhook_messages;
begin
  select * into v_known from webhook_messages m
  where m.message_id = p_message_id and m.tenant is not distinct from p_tenant;
  if not found then   -- it was forgotten between the two statements
    raise exception 'the id was pruned just now; send it again' using errcode = '40001';
  elsif v_known.type <> p_type or v_known.endpoint is distinct from p_endpoint
        or not webhook_says_the_same(v_known.body, p_body) then
    raise exception 'something else was sent with the id "%"', p_message_id using errcode = 'JQ005',
      hint = format('that was a %s at %s; another message needs another id', v_known.type,
                    v_known.created_at);
  end if;
  return v_known.id;
end
$$;

-- Name: webhook_sent_secret(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sent_secret(p_scheme text, p_settings jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case
    when p_scheme = 'gitlab' then 'X-Gitlab-Token'
    when p_scheme in ('basic', 'postmark') then 'Authorization'
    when p_scheme = 'generic' and p_settings ->> 'algorithm' = 'equals'
      then coalesce(p_settings ->> 'header', 'X-Signature') end
$$;

-- Name: webhook_set_endpoint(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_endpoint(p_name text, p_changes jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_known constant text[] := '{url,patterns,timeout,rate_quota,tenant,source,headers,give_up_after}';
  v_new webhook_endpoints := webhook_endpoint_to_change(p_name);
  v_headers jsonb := coalesce(p_changes -> 'headers', '{}');
begin
  if p_changes - v_known <> '{}' then
    raise exception 'an endpoint has no % that can be changed',
      (select string_agg(k, ', ') from jsonb_object_keys(p_changes - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  elsif p_changes ? 'source' and (v_new.purpose = 'forward') <> (p_changes ->> 'source' is not null)
  then
    raise exception 'a forward has a source, and a customer''s endpoint has none'
      using errcode = 'JQ005';
  end if;
  v_headers := jsonb_strip_nulls(v_new.headers || v_headers);
  v_new := jsonb_populate_record(v_new, p_changes);
  perform webhook_check_endpoint(v_new);
  update webhook_endpoints set
    url = v_new.url, patterns = coalesce(v_new.patterns, '{*}'),
    timeout = coalesce(v_new.timeout, '15 seconds'), rate_quota = v_new.rate_quota,
    tenant = v_new.tenant, source = v_new.source, headers = v_headers,
    give_up_after = coalesce(v_new.give_up_after, '5 days'),
    failures = case when p_changes ? 'url' then 0 else failures end,
    failing_since = case when p_changes ? 'url' then null else failing_since end
  where id = v_new.id returning * into v_new;
  if p_changes ? 'url' then   -- what is known of the old address says nothing of the new one
    perform close_breaker('endpoint:' || v_new.name, clock());
    p_changes := jsonb_set(p_changes, '{url}', to_jsonb(webhook_plain_url(v_new.url)));
  end if;
  -- of a header the name: its value can be a credential
  perform record_operation('set endpoint', p_who, p_why, jsonb_build_object(
    'endpoint', v_new.id, 'name', v_new.name, 'changes', p_changes - 'headers', 'headers',
    array(select jsonb_object_keys(coalesce(p_changes -> 'headers', '{}')))), 1);
  return v_new;
end
$$;

-- Name: webhook_set_endpoint_state(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_endpoint_state(p_name text, p_state text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_endpoint webhook_endpoints := webhook_endpoint(p_name);
  v_now timestamptz := clock();
begin
  update webhook_endpoints set state = p_state, state_by = p_who, state_why = p_why,
    state_at = v_now, failing_since = null, failures = 0
  where id = v_endpoint.id;
  perform record_operation(p_state || ' endpoint', p_who, p_why,
                           jsonb_build_object('endpoint', v_endpoint.id, 'name', v_endpoint.name), 1);
  if p_state <> 'enabled' then
    return 0;
  end if;
  perform clear_alert('webhooks.endpoint:' || v_endpoint.name);
  perform close_breaker('endpoint:' || v_endpoint.name, v_now);
  return unhold_many(jsonb_build_object('queue', 'webhooks-out', 'tenant', v_endpoint.id::text), p_who,
                     p_why);
end
$$;

-- Name: webhook_set_source(text, jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_source(p_name text, p_changes jsonb, p_who text) RETURNS holdfast.webhook_sources
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_known constant text[] := '{scheme,settings,tolerance,public_url,livemode,accounts,max_body,
    rate_quota,revive,retention,redact_paths,redact_headers,redact_after,silence}';
  v_old webhook_sources;
  v_source webhook_sources;
begin
  if p_changes - v_known <> '{}' then
    raise exception 'a source has no %',
      (select string_agg(k, ', ') from jsonb_object_keys(p_changes - v_known) k)
      using errcode = 'JQ005', hint = 'known: ' || array_to_string(v_known, ', ');
  elsif p_changes @? '$.redact_paths[*] ? (!(@ like_regex "^(/([^~/]|~[01])*)+$"))' then
    raise exception 'each of redact_paths is a JSON pointer' using errcode = 'JQ005',
      hint = 'such as /data/object/email, or /lines/*/name for each element';
  end if;
  insert into webhook_sources (name, scheme, created_at)
  values (p_name, coalesce(p_changes ->> 'scheme', p_name), clock()) on conflict do nothing;
  select * into v_old from webhook_sources where name = p_name for update;
  v_source := jsonb_populate_record(v_old, p_changes);
  v_source.scheme := coalesce(v_source.scheme, v_old.scheme);
  v_source.settings := coalesce(v_source.settings, '{}');
  v_source.tolerance := coalesce(v_source.tolerance, '5 minutes');
  v_source.max_body := coalesce(v_source.max_body, 1048576);
  v_source.revive := coalesce(v_source.revive, false);
  v_source.retention := coalesce(v_source.retention, '90 days');
  v_source.redact_paths := coalesce(v_source.redact_paths, '{}');
  v_source.redact_headers := coalesce(v_source.redact_headers, '{}');
  if not (v_source.redact_paths <@ v_old.redact_paths
          and v_source.redact_headers <@ v_old.redact_headers) then
    perform from webhook_upkeep where task = 'retention' for update;   -- it knows the old paths
    v_source.redact_again := clock();
  end if;
  delete from webhook_sources where name = p_name;
  insert into webhook_sources select v_source.*;
  perform record_operation('set source', p_who, null,
                           jsonb_build_object('source', p_name, 'changes', p_changes), 1);
  return v_source;
end
$_$;

-- Name: webhook_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_show(p_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select to_jsonb(e) - 'body' - 'jobs' - 'xact' - 'body_sha256' || jsonb_build_object(
    'size', octet_length(e.body), 'body_sha256', encode(e.body_sha256, 'hex'),
    'redeliveries', k.redeliveries, 'mismatches', k.mismatches, 'last_seen_at', k.last_seen_at,
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('id', j.id, 'kind', j.kind, 'state', j.state,
      'attempts', j.attempts, 'because', j.because, 'endpoint', coalesce(t.name, j.payload ->> 'endpoint'))
      order by j.kind, j.id)
      from jobs j left join webhook_endpoints t on t.id = (j.payload ->> 'endpoint')::uuid
      where j.id = any (e.jobs)), '[]'))
  from webhook_events e
  left join webhook_keys k
    on k.source = e.source and k.account = e.account and k.event_id = e.event_id
  where e.id = p_id
$$;

-- Name: webhook_source_book(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_source_book() RETURNS TABLE(source jsonb, secrets jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select to_jsonb(s) || jsonb_build_object('tolerance', extract(epoch from s.tolerance)),
         coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'reference', k.reference,
           'not_before', extract(epoch from k.not_before), 'not_after', extract(epoch from k.not_after))
           order by k.created_at desc)
           from webhook_secrets k
           where k.owner = 'source:' || s.name
             and (k.not_after is null or k.not_after > clock() - interval '30 days')), '[]')
  from webhook_sources s order by s.name
$$;

-- Name: webhook_sources_known(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sources_known() RETURNS TABLE(source jsonb, secrets jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select to_jsonb(s) || jsonb_build_object('tolerance', extract(epoch from s.tolerance)), null::jsonb
  from webhook_sources s order by s.name
$$;

-- Name: webhook_sources_seen(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sources_seen() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  with recursive seen as (
    (select k.source from webhook_keys k order by k.source limit 1)
    union all
    select (select k.source from webhook_keys k where k.source > s.source order by k.source limit 1)
    from seen s where s.source is not null
  ), with_events as (
    (select e.source from webhook_events e order by e.source limit 1)
    union all
    select (select e.source from webhook_events e where e.source > s.source order by e.source limit 1)
    from with_events s where s.source is not null
  )
  select source from seen where source is not null
  union
  select source from with_events where source is not null
$$;

-- Name: webhook_states(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_states(p_jobs uuid[]) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select case when cardinality(p_jobs) = 0 then 'no handler' else coalesce(
    (select string_agg(case when cardinality(p_jobs) = 1 then state else n || ' ' || state end, ', '
                       order by state)
     from (select state, count(*) as n from jobs where id = any (p_jobs) group by state) s),
    'finished, forgotten') end
$$;

-- Name: webhook_stop_endpoint(holdfast.webhook_endpoints, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_now timestamptz := clock();
begin
  update webhook_endpoints set state = p_state, state_by = 'holdfast', state_why = p_why,
    state_at = v_now
  where id = p_endpoint.id;
  perform raise_alert('webhooks.endpoint:' || p_endpoint.name,
    format('endpoint %s is %s: %s. Its deliveries are held; let them go on with: '
           'holdfast endpoints enable %s; what was given up before comes again with: '
           'holdfast endpoints recover %s --since 7d', p_endpoint.name, p_state, p_why,
           p_endpoint.name, p_endpoint.name),
    jsonb_build_object('endpoint', p_endpoint.id, 'state', p_state));
  return p_state;
end
$$;

-- Name: webhook_subject(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_subject(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $_$
declare
  v_found uuid;
begin
  if p_text ~ '^msg_[0-9a-f]{32}$' then
    v_found := (select e.id from webhook_events e where e.id = right(p_text, 32)::uuid);
  end if;
  return coalesce(v_found, webhook_message_find(p_text));
end
$_$;

-- Name: webhook_tell_of_providers(jsonb, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select raise_alert(
    left(format('webhooks.provider:%s:%s', v.source, v.event_type), 200),
    format('%s (event %s of %s)', a.says, v.id, v.source),
    jsonb_build_object('event', v.id, 'source', v.source, 'event_type', v.event_type))
  from jsonb_array_elements(p_events) with ordinality e(item, ord)
  join webhook_events v on v.id = id_of_batch(p_batch, e.ord)
  join webhook_provider_alerts() a on a.scheme = v.scheme and webhook_wants(a.pattern, v.event_type)
$$;

-- Name: webhook_unredacted(holdfast.webhook_sources, timestamp with time zone, timestamp with time zone, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean DEFAULT true) RETURNS SETOF holdfast.webhook_events
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  if p_lock then
    return query
      select * from webhook_events e
      where e.source = p_source.name and e.received_at >= p_from and e.received_at < p_until
        and (e.redacted_at is null or e.redacted_at < p_source.redact_again)
      order by e.received_at limit p_limit for update skip locked;
  else
    return query
      select * from webhook_events e
      where e.source = p_source.name and e.received_at >= p_from and e.received_at < p_until
        and (e.redacted_at is null or e.redacted_at < p_source.redact_again)
      order by e.received_at limit p_limit;
  end if;
end
$$;

-- Name: webhook_unsent(holdfast.webhook_endpoints, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_unsent(p_endpoint holdfast.webhook_endpoints, p_since timestamp with time zone, p_until timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  return array(
    select m.id from webhook_messages m
    where m.tenant is not distinct from p_endpoint.tenant
      and m.endpoint is null and m.created_at >= p_since and (p_until is null or m.created_at < p_until)
      and exists (select from unnest(p_endpoint.patterns) p where webhook_wants(p, m.type))
      and not exists (select from jobs j where j.id = any (m.jobs) and j.tenant = p_endpoint.id::text)
      and not exists (select from webhook_deliveries d
                      where d.subject = m.id and d.endpoint = p_endpoint.id)
    order by m.created_at, m.id limit 10000 for update of m);
end
$$;

-- Name: webhook_upkeep_step(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_upkeep_step() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  v_until timestamptz := clock_timestamp() + interval '2 seconds';
  v_messages integer;
  v_events integer;
begin
  perform webhook_check_deadlines();
  perform webhook_end_pauses();
  loop
    exit when webhook_go_on() < 1000 or clock_timestamp() > v_until;
  end loop;
  if webhook_is_due('retention', interval '10 seconds') then
    delete from webhook_pauses where resumed_at < clock() - interval '1 hour';
    loop
      v_messages := webhook_prune_messages();
      v_events := greatest(webhook_prune(), webhook_redact(), webhook_hide_secrets());
      exit when (v_messages < 1000 and v_events < webhook_bite()) or clock_timestamp() > v_until;
    end loop;
  end if;
  if webhook_is_due('silence', interval '1 minute') then
    perform webhook_check_silence();
  end if;
end
$$;

-- Name: webhook_wanted(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[] DEFAULT NULL::text[]) RETURNS TABLE(ord bigint, kind text, mode text, queue text, tenant text, endpoint uuid, ordering_key text, supersede boolean, deadline interval)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return query
    with given as (
      select * from rows from (jsonb_to_recordset(p_events) as (
        source text, account text, event_type text, event_types text[], object_id text, scheme text,
        held text)) with ordinality
        e(source, account, event_type, event_types, object_id, scheme, held, ord)
      where e.held is null
    )
    select e.ord, h.kind, h.mode, h.queue, left(nullif(e.account, ''), 200), null::uuid,
           case when h.ordering <> 'none' and e.object_id is not null then
             webhook_ordering_key(h.kind, coalesce(e.account, ''), e.object_id) end,
           case when h.ordering <> 'none' and e.object_id is not null then h.ordering = 'latest' end,
           coalesce(h.deadline, (select d.deadline from webhook_provider_deadlines() d
                                where d.scheme = e.scheme and d.event_type = e.event_type))
    from given e
    join webhook_handlers h on h.source in (e.source, '*')
      and (webhook_wants(h.pattern, e.event_type)
           or e.event_types is not null and webhook_wants_any(h.pattern, e.event_types))
    where p_kinds is null or h.kind = any (p_kinds)
    union all
    select e.ord, 'webhook:deliver', null, 'webhooks-out', f.id::text, f.id, null, null,
           (select d.deadline from webhook_provider_deadlines() d
            where d.scheme = e.scheme and d.event_type = e.event_type)
    from webhook_endpoints f
    join given e on f.source in (e.source, '*')
    where f.purpose = 'forward' and (p_kinds is null or 'webhook:deliver' = any (p_kinds))
      and exists (
        select from unnest(f.patterns) p
        where webhook_wants(p, e.event_type)
           or e.event_types is not null and webhook_wants_any(p, e.event_types))
    order by 1, 2;
end
$$;

-- Name: webhook_wants(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select p_pattern = '*' or p_pattern = p_type
      or pg_catalog.strpos(p_pattern, '*') > 0 and coalesce(p_type, '') like pg_catalog.replace(
           pg_catalog.regexp_replace(p_pattern, '([\\%_])', '\\\1', 'g'), '*', '%')
$$;

-- Name: webhook_wants_any(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select exists (select from unnest(p_types) t where webhook_wants(p_pattern, t))
$$;

-- Name: webhook_window(text, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  return (
    select coalesce(max(w.at), '-infinity')
    from (select p_source where p_source is not null union all
          select * from webhook_sources_seen() where p_source is null) s(source)
    cross join lateral (
      select o.received_at as at from webhook_events o
      where o.source = s.source and o.received_at < p_until
      order by o.received_at desc offset p_size - 1 limit 1) w);
end
$$;

-- Name: widen_keys(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.widen_keys(p_queue text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
begin
  perform fill_key(p_queue, k.key, k.heads) from (
    select o.key, o.heads from ordering_keys o
    where o.queue = p_queue and o.key = any (array(
      select d.ordering_key from deferred_jobs d where d.queue = p_queue and d.waits_for = 'key'
      union
      select d.ordering_key from deferred_jobs d where d.queue = p_queue and d.in_line
      order by 1 limit 10000))
    order by o.key for update skip locked) k;
end
$$;

-- Name: wished(double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
  if p_after is null or p_after < 0 or p_after = 'NaN' or p_after = 'Infinity' then
    return p_own;
  end if;
  return greatest(p_own, least(p_after, p_cap)) * (1 + 0.1 * p_chance);
end
$$;

-- Name: worker_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.worker_list() RETURNS TABLE(worker text, alive boolean, running integer, queues text[], seen_at timestamp with time zone, started_at timestamp with time zone, host text, pid integer)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
  select w.worker, w.seen_at > clock() - interval '60 s', w.running, w.queues, w.seen_at,
         w.started_at, w.host, w.pid
  from workers w order by w.seen_at desc limit 1000
$$;

-- Name: write_rates(holdfast.rate_wish[], bigint[], bigint[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.write_rates(p_wishes holdfast.rate_wish[], p_before bigint[], p_after bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
declare
  w rate_wish;
begin
  for w in select distinct on (u.place) u.* from unnest(p_wishes) u order by u.place loop
    continue when p_after[w.place] is not distinct from p_before[w.place];
    update rate_limits r
    set full_at = p_after[w.place], quota = w.quota, period = w.period, burst = w.burst
    where r.durable = w.durable and r.key = w.key and r.policy = w.policy;
  end loop;
end
$$;

-- Name: zone_or_error(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.zone_or_error(p_timezone text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS $$
begin
  perform now() at time zone p_timezone;
exception when invalid_parameter_value then
  raise exception 'no time zone "%"', left(p_timezone, 100) using errcode = 'JQ005',
    hint = 'for example UTC or Europe/Berlin; all are in pg_timezone_names';
end
$$;

-- Name: attempts; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.attempts (
    job_id uuid NOT NULL,
    queue text NOT NULL,
    attempt integer,
    outcome text NOT NULL,
    because text,
    claim_token uuid,
    worker text,
    claimed_at timestamp with time zone,
    settled_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone
)
PARTITION BY RANGE (settled_at);

ALTER TABLE ONLY holdfast.attempts REPLICA IDENTITY FULL;

-- Name: attempts_default; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.attempts_default (
    job_id uuid CONSTRAINT attempts_job_id_not_null NOT NULL,
    queue text CONSTRAINT attempts_queue_not_null NOT NULL,
    attempt integer,
    outcome text CONSTRAINT attempts_outcome_not_null NOT NULL,
    because text,
    claim_token uuid,
    worker text,
    claimed_at timestamp with time zone,
    settled_at timestamp with time zone CONSTRAINT attempts_settled_at_not_null NOT NULL,
    next_at timestamp with time zone
);

ALTER TABLE ONLY holdfast.attempts_default REPLICA IDENTITY FULL;

-- Name: dead_letter_groups; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.dead_letter_groups AS
 SELECT queue,
    kind,
    fingerprint,
    reason,
    count(*) AS letters,
    min(died_at) AS first_died,
    max(died_at) AS last_died,
    (array_agg(error ORDER BY died_at DESC))[1] AS latest_error
   FROM holdfast.dead_letters
  GROUP BY queue, kind, fingerprint, reason;

-- Name: dedupe_keys; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.dedupe_keys (
    queue text NOT NULL,
    scope text NOT NULL,
    key text NOT NULL,
    job_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- Name: deferred_jobs_position_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.deferred_jobs ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.deferred_jobs_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: email_answers; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_answers (
    email_id uuid NOT NULL,
    attempt integer,
    address text NOT NULL,
    provider text,
    verdict text NOT NULL,
    code integer,
    answer text,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY holdfast.email_answers REPLICA IDENTITY FULL;

-- Name: email_attachments; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_attachments (
    email_id uuid NOT NULL,
    "position" integer NOT NULL,
    place integer NOT NULL,
    hash bytea NOT NULL
);

-- Name: email_files; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_files (
    hash bytea NOT NULL,
    data bytea NOT NULL,
    size integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT email_files_hash_check CHECK ((octet_length(hash) = 32))
);
ALTER TABLE ONLY holdfast.email_files ALTER COLUMN data SET STORAGE EXTERNAL;

-- Name: email_keeping; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_keeping (
    one boolean DEFAULT true NOT NULL,
    bodies interval DEFAULT '30 days'::interval NOT NULL,
    metadata interval DEFAULT '90 days'::interval NOT NULL,
    bounces interval,
    salt bytea NOT NULL,
    ran_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT email_keeping_bodies_check CHECK (((bodies >= '00:00:00'::interval) AND (bodies <= '36500 days'::interval))),
    CONSTRAINT email_keeping_bounces_check CHECK ((bounces > '00:00:00'::interval)),
    CONSTRAINT email_keeping_check CHECK ((metadata >= bodies)),
    CONSTRAINT email_keeping_metadata_check CHECK ((metadata <= '36500 days'::interval)),
    CONSTRAINT email_keeping_one_check CHECK (one)
);

-- Name: email_logins; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_logins (
    name text NOT NULL,
    password_hash text NOT NULL,
    tenant text,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    rotated_at timestamp with time zone,
    last_used_at timestamp with time zone,
    disabled_at timestamp with time zone,
    disabled_by text,
    old_hash text,
    old_until timestamp with time zone,
    CONSTRAINT email_logins_check CHECK (((old_hash IS NULL) = (old_until IS NULL))),
    CONSTRAINT email_logins_name_check CHECK ((name ~ '^[A-Za-z0-9._@+-]{1,200}$'::text)),
    CONSTRAINT email_logins_old_hash_check CHECK ((old_hash ~ '^scrypt(\$[0-9]+){3}(\$[A-Za-z0-9+/=]+){2}$'::text)),
    CONSTRAINT email_logins_password_hash_check CHECK ((password_hash ~ '^scrypt(\$[0-9]+){3}(\$[A-Za-z0-9+/=]+){2}$'::text)),
    CONSTRAINT email_logins_tenant_check CHECK (((length(tenant) >= 1) AND (length(tenant) <= 200)))
);

-- Name: email_looked_through; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_looked_through (
    task text NOT NULL,
    at timestamp with time zone NOT NULL,
    email uuid NOT NULL,
    kept integer NOT NULL,
    began_at timestamp with time zone NOT NULL
);

-- Name: email_loose_files; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_loose_files (
    id bigint NOT NULL,
    hash bytea NOT NULL
);

-- Name: email_loose_files_id_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.email_loose_files ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.email_loose_files_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: email_recipients; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_recipients (
    email_id uuid NOT NULL,
    "position" integer NOT NULL,
    address text NOT NULL,
    status text NOT NULL,
    code integer,
    answer text,
    at timestamp with time zone,
    provider text,
    provider_message_id text,
    feedback text,
    feedback_at timestamp with time zone,
    CONSTRAINT email_recipients_address_check CHECK ((((octet_length(address) >= 3) AND (octet_length(address) <= 320)) AND (address !~ '[\x01-\x20\x7f<>]'::text))),
    CONSTRAINT email_recipients_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'captured'::text, 'refused'::text, 'suppressed'::text])))
);

-- Name: email_queue; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.email_queue AS
 SELECT e.id,
    ( SELECT array_agg(r.address ORDER BY r."position") AS array_agg
           FROM holdfast.email_recipients r
          WHERE (r.email_id = e.id)) AS recipients,
    e.sender,
    e.subject,
    s.state AS status,
    s.attempts,
    ( SELECT q.max_attempts
           FROM holdfast.queues q
          WHERE (q.name = 'email'::text)) AS max_attempts,
        CASE
            WHEN (s.state = ANY (ARRAY['ready'::text, 'leased'::text, 'held'::text, 'dead'::text])) THEN COALESCE(s.because, ( SELECT a.because
               FROM holdfast.attempts a
              WHERE ((a.job_id = e.id) AND (a.outcome <> ALL (ARRAY['late'::text, 'held'::text])))
              ORDER BY a.settled_at DESC
             LIMIT 1))
            ELSE NULL::text
        END AS last_error,
        CASE
            WHEN (s.state = 'ready'::text) THEN s.run_at
            ELSE NULL::timestamp with time zone
        END AS next_attempt_at,
    e.created_at,
        CASE
            WHEN (s.state = 'done'::text) THEN s.ended_at
            ELSE NULL::timestamp with time zone
        END AS sent_at,
    s.priority,
    e.tenant,
    e.message_id,
    e.source,
    e.size,
    e.tags,
    e.metadata,
    (( SELECT count(*) AS count
           FROM holdfast.email_recipients r
          WHERE ((r.email_id = e.id) AND (r.status = 'captured'::text))) > 0) AS captured
   FROM (((( SELECT jobs.id,
            jobs.state,
            jobs.attempts,
            jobs.because,
            jobs.run_at,
            jobs.ended_at,
            jobs.priority,
            NULL::uuid AS gone,
            NULL::integer AS "position",
            NULL::text AS fate
           FROM holdfast.jobs
        UNION ALL
         SELECT emails.id,
            'done'::text,
            0,
            NULL::text,
            NULL::timestamp with time zone,
            NULL::timestamp with time zone,
            NULL::smallint,
            emails.id,
            NULL::integer,
            NULL::text
           FROM holdfast.emails
        UNION ALL
         SELECT email_recipients.email_id,
            'dead'::text,
            0,
            NULL::text,
            NULL::timestamp with time zone,
            NULL::timestamp with time zone,
            NULL::smallint,
            email_recipients.email_id,
            email_recipients."position",
            email_recipients.status
           FROM holdfast.email_recipients) s
     JOIN holdfast.emails e ON ((e.id = s.id)))
     LEFT JOIN holdfast.jobs j ON ((j.id = s.gone)))
     LEFT JOIN holdfast.email_recipients b ON (((b.email_id = s.gone) AND (b.status <> ALL (ARRAY['delivered'::text, 'captured'::text])) AND ((s."position" IS NULL) OR (b."position" < s."position")))))
  WHERE ((j.id IS NULL) AND (b.email_id IS NULL) AND ((s.fate IS NULL) OR (s.fate <> ALL (ARRAY['delivered'::text, 'captured'::text]))));

-- Name: email_submissions; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_submissions (
    email_id uuid NOT NULL,
    provider text NOT NULL,
    first_at timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    is_asked boolean DEFAULT false NOT NULL,
    positions integer[] DEFAULT '{}'::integer[] NOT NULL
);

-- Name: email_templates; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.email_templates (
    name text NOT NULL,
    locale text NOT NULL,
    part text NOT NULL,
    source text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT email_templates_locale_check CHECK ((locale ~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$'::text)),
    CONSTRAINT email_templates_name_check CHECK ((name ~ '^[a-z0-9_][a-z0-9_-]{0,99}$'::text)),
    CONSTRAINT email_templates_part_check CHECK ((part = ANY (ARRAY['subject'::text, 'txt'::text, 'html'::text]))),
    CONSTRAINT email_templates_source_check CHECK ((octet_length(source) <= 262144))
);

-- Name: finished_jobs_default; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.finished_jobs_default (
    id uuid CONSTRAINT finished_jobs_id_not_null NOT NULL,
    queue text CONSTRAINT finished_jobs_queue_not_null NOT NULL,
    kind text CONSTRAINT finished_jobs_kind_not_null NOT NULL,
    payload jsonb CONSTRAINT finished_jobs_payload_not_null NOT NULL,
    priority smallint CONSTRAINT finished_jobs_priority_not_null NOT NULL,
    tenant text,
    ordering_key text,
    attempts integer CONSTRAINT finished_jobs_attempts_not_null NOT NULL,
    crashes integer CONSTRAINT finished_jobs_crashes_not_null NOT NULL,
    deferrals integer CONSTRAINT finished_jobs_deferrals_not_null NOT NULL,
    enqueued_at timestamp with time zone CONSTRAINT finished_jobs_enqueued_at_not_null NOT NULL,
    run_at timestamp with time zone CONSTRAINT finished_jobs_run_at_not_null NOT NULL,
    expires_at timestamp with time zone,
    replay_of uuid,
    state text CONSTRAINT finished_jobs_state_not_null NOT NULL,
    note text,
    worker text,
    claimed_at timestamp with time zone,
    finished_at timestamp with time zone CONSTRAINT finished_jobs_finished_at_not_null NOT NULL,
    CONSTRAINT finished_jobs_state_check CHECK ((state = ANY (ARRAY['done'::text, 'cancelled'::text, 'expired'::text])))
);

ALTER TABLE ONLY holdfast.finished_jobs_default REPLICA IDENTITY FULL;

-- Name: idle_workers; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.idle_workers (
    queue text NOT NULL,
    worker text NOT NULL,
    until timestamp with time zone NOT NULL
);

-- Name: job_attempts; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.job_attempts AS
 SELECT attempts.job_id,
    attempts.queue,
    attempts.attempt,
    attempts.outcome,
    attempts.because,
    attempts.worker,
    attempts.claim_token,
    attempts.claimed_at,
    attempts.settled_at,
    attempts.next_at
   FROM holdfast.attempts
UNION ALL
 SELECT finished_jobs.id AS job_id,
    finished_jobs.queue,
    finished_jobs.attempts AS attempt,
    'done'::text AS outcome,
    finished_jobs.note AS because,
    finished_jobs.worker,
    NULL::uuid AS claim_token,
    finished_jobs.claimed_at,
    finished_jobs.finished_at AS settled_at,
    NULL::timestamp with time zone AS next_at
   FROM holdfast.finished_jobs
  WHERE (finished_jobs.state = 'done'::text)
UNION ALL
 SELECT leased_jobs.id AS job_id,
    leased_jobs.queue,
    leased_jobs.attempts AS attempt,
    'running'::text AS outcome,
    NULL::text AS because,
    leased_jobs.worker,
    leased_jobs.claim_token,
    leased_jobs.claimed_at,
    NULL::timestamp with time zone AS settled_at,
    leased_jobs.lease_until AS next_at
   FROM holdfast.leased_jobs;

-- Name: migrations; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.migrations (
    room text NOT NULL,
    file text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone NOT NULL
);

-- Name: operations; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.operations (
    id bigint NOT NULL,
    action text NOT NULL,
    who text NOT NULL,
    why text,
    filter jsonb NOT NULL,
    affected integer NOT NULL,
    at timestamp with time zone NOT NULL
);

-- Name: operations_id_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.operations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.operations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: ordering_keys; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.ordering_keys (
    queue text NOT NULL,
    key text NOT NULL,
    heads uuid[] NOT NULL
);

-- Name: rate_limits; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.rate_limits (
    durable boolean NOT NULL,
    key text NOT NULL,
    policy text NOT NULL,
    full_at bigint NOT NULL,
    quota integer NOT NULL,
    period bigint NOT NULL,
    burst integer NOT NULL
)
PARTITION BY LIST (durable);

-- Name: rate_limit_counters; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.rate_limit_counters AS
 SELECT key,
    policy,
    durable,
    quota,
    (((period)::numeric / '1000000000'::numeric))::double precision AS per_seconds,
    burst,
    to_timestamp((((full_at)::numeric / '1000000000'::numeric))::double precision) AS full_at
   FROM holdfast.rate_limits;

-- Name: rate_limits_durable; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.rate_limits_durable (
    durable boolean CONSTRAINT rate_limits_durable_not_null NOT NULL,
    key text CONSTRAINT rate_limits_key_not_null NOT NULL,
    policy text CONSTRAINT rate_limits_policy_not_null NOT NULL,
    full_at bigint CONSTRAINT rate_limits_full_at_not_null NOT NULL,
    quota integer CONSTRAINT rate_limits_quota_not_null NOT NULL,
    period bigint CONSTRAINT rate_limits_period_not_null NOT NULL,
    burst integer CONSTRAINT rate_limits_burst_not_null NOT NULL
)
WITH (fillfactor='50');

-- Name: rate_limits_fast; Type: TABLE; Schema: holdfast; Owner: -

CREATE UNLOGGED TABLE holdfast.rate_limits_fast (
    durable boolean CONSTRAINT rate_limits_durable_not_null NOT NULL,
    key text CONSTRAINT rate_limits_key_not_null NOT NULL,
    policy text CONSTRAINT rate_limits_policy_not_null NOT NULL,
    full_at bigint CONSTRAINT rate_limits_full_at_not_null NOT NULL,
    quota integer CONSTRAINT rate_limits_quota_not_null NOT NULL,
    period bigint CONSTRAINT rate_limits_period_not_null NOT NULL,
    burst integer CONSTRAINT rate_limits_burst_not_null NOT NULL
)
WITH (fillfactor='50');

-- Name: ready_jobs_seq_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.ready_jobs ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.ready_jobs_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: ready_marks_number_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.ready_marks ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.ready_marks_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: replay_items; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.replay_items (
    replay bigint NOT NULL,
    ordinal integer NOT NULL,
    job_id uuid NOT NULL,
    outcome text,
    because text,
    at timestamp with time zone,
    CONSTRAINT replay_items_outcome_check CHECK ((outcome = ANY (ARRAY['replayed'::text, 'gone'::text, 'excluded'::text, 'cancelled'::text])))
);

-- Name: replays_id_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.replays ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.replays_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: schedule_ticks; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.schedule_ticks (
    schedule text NOT NULL,
    tick timestamp with time zone NOT NULL,
    job_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

-- Name: slots; Type: TABLE; Schema: holdfast; Owner: -

CREATE UNLOGGED TABLE holdfast.slots (
    key text NOT NULL,
    slot uuid NOT NULL,
    holder text NOT NULL,
    until timestamp with time zone NOT NULL
);

-- Name: tenant_turns; Type: TABLE; Schema: holdfast; Owner: -

CREATE UNLOGGED TABLE holdfast.tenant_turns (
    queue text NOT NULL,
    tenant text NOT NULL
);

-- Name: webhook_deadlines; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_deadlines (
    job uuid NOT NULL,
    event uuid NOT NULL,
    alert_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    told boolean DEFAULT false NOT NULL
);

-- Name: webhook_deliveries; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_deliveries (
    id bigint NOT NULL,
    endpoint uuid NOT NULL,
    subject uuid NOT NULL,
    job uuid NOT NULL,
    attempt integer NOT NULL,
    status integer,
    outcome text NOT NULL,
    because text,
    duration_ms integer NOT NULL,
    answer text,
    at timestamp with time zone NOT NULL
);

-- Name: webhook_deliveries_id_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.webhook_deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.webhook_deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: webhook_environment; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_environment (
    name text NOT NULL,
    retention interval,
    silence double precision,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_environment_retention_check CHECK (((retention >= '01:00:00'::interval) AND (retention <= '36500 days'::interval))),
    CONSTRAINT webhook_environment_silence_check CHECK (((silence = (0)::double precision) OR (silence >= (1)::double precision)))
);

-- Name: webhook_handlers_seen; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_handlers_seen (
    kind text NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

-- Name: webhook_hidings; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_hidings (
    place uuid NOT NULL,
    until timestamp with time zone NOT NULL
);

-- Name: webhook_latest; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.webhook_latest AS
 SELECT GREATEST(( SELECT e.xact
           FROM holdfast.webhook_events e
          ORDER BY e.xact DESC
         LIMIT 1), ( SELECT max(c.xact) AS max
           FROM holdfast.webhook_cursors c)) AS xact
 OFFSET 0;

-- Name: webhook_messages; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_messages (
    id uuid NOT NULL,
    message_id text NOT NULL,
    tenant text,
    type text NOT NULL,
    body bytea NOT NULL,
    jobs uuid[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    endpoint uuid
);

-- Name: webhook_prunings; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_prunings (
    source text NOT NULL,
    at timestamp with time zone NOT NULL,
    event uuid NOT NULL,
    kept integer NOT NULL,
    began_at timestamp with time zone NOT NULL
);

-- Name: webhook_redactions; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_redactions (
    source text NOT NULL,
    again timestamp with time zone,
    reached timestamp with time zone NOT NULL,
    seen timestamp with time zone,
    seen_xact xid8
);

-- Name: webhook_refusal_samples; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_refusal_samples (
    id bigint NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    at timestamp with time zone NOT NULL,
    peer text NOT NULL,
    size integer NOT NULL,
    body_sha256 bytea NOT NULL,
    headers jsonb NOT NULL
);

-- Name: webhook_refusal_samples_id_seq; Type: SEQUENCE; Schema: holdfast; Owner: -

ALTER TABLE holdfast.webhook_refusal_samples ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holdfast.webhook_refusal_samples_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: webhook_refusals; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_refusals (
    source text NOT NULL,
    reason text NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    last_at timestamp with time zone NOT NULL
);

-- Name: webhook_retry_queue; Type: VIEW; Schema: holdfast; Owner: -

CREATE VIEW holdfast.webhook_retry_queue AS
 SELECT j.id,
    e.id AS event,
    e.source,
    e.event_id,
    e.event_type,
    j.kind AS handler,
        CASE
            WHEN ((j.state = 'ready'::text) AND (j.attempts > 0)) THEN 'retrying'::text
            WHEN (j.state = 'ready'::text) THEN 'pending'::text
            WHEN (j.state = 'leased'::text) THEN 'processing'::text
            WHEN (j.state = 'dead'::text) THEN 'dead_letter'::text
            ELSE j.state
        END AS status,
    j.attempts,
    q.max_attempts,
    j.because AS last_error,
        CASE
            WHEN (j.state = 'ready'::text) THEN j.run_at
            ELSE NULL::timestamp with time zone
        END AS next_retry_at,
    j.enqueued_at AS created_at
   FROM (((holdfast.webhook_events e
     CROSS JOIN LATERAL unnest(e.jobs) w(job_id))
     JOIN holdfast.jobs j ON (((j.id = w.job_id) AND (e.id =
        CASE
            WHEN ((j.payload ->> 'event'::text) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'::text) THEN ((j.payload ->> 'event'::text))::uuid
            ELSE NULL::uuid
        END))))
     JOIN holdfast.queues q ON ((q.name = j.queue)))
  WHERE (j.state = ANY (ARRAY['ready'::text, 'leased'::text, 'held'::text, 'dead'::text]));

-- Name: webhook_secret_uses; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_secret_uses (
    owner text NOT NULL,
    secret text NOT NULL,
    last_used_at timestamp with time zone NOT NULL
);

-- Name: webhook_secrets; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_secrets (
    id uuid NOT NULL,
    owner text NOT NULL,
    reference text NOT NULL,
    not_before timestamp with time zone,
    not_after timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);

-- Name: webhook_upkeep; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.webhook_upkeep (
    task text NOT NULL,
    ran_at timestamp with time zone NOT NULL
);

-- Name: attempts_default; Type: TABLE ATTACH; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.attempts ATTACH PARTITION holdfast.attempts_default DEFAULT;

-- Name: finished_jobs_default; Type: TABLE ATTACH; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.finished_jobs ATTACH PARTITION holdfast.finished_jobs_default DEFAULT;

-- Name: rate_limits_durable; Type: TABLE ATTACH; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.rate_limits ATTACH PARTITION holdfast.rate_limits_durable FOR VALUES IN (true);

-- Name: rate_limits_fast; Type: TABLE ATTACH; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.rate_limits ATTACH PARTITION holdfast.rate_limits_fast FOR VALUES IN (false);

-- Name: alerts alerts_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (key);

-- Name: attempts attempts_outcome_check; Type: CHECK CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE holdfast.attempts
    ADD CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['retry'::text, 'snooze'::text, 'hold'::text, 'held'::text, 'dead'::text, 'unknown'::text, 'lost'::text, 'late'::text, 'cancelled'::text]))) NOT VALID;

-- Name: breakers breakers_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (name);

-- Name: dead_letters dead_letters_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);

-- Name: dedupe_keys dedupe_keys_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.dedupe_keys
    ADD CONSTRAINT dedupe_keys_pkey PRIMARY KEY (queue, scope, key);

-- Name: deferred_jobs deferred_jobs_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.deferred_jobs
    ADD CONSTRAINT deferred_jobs_pkey PRIMARY KEY (id);

-- Name: email_attachments email_attachments_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_attachments
    ADD CONSTRAINT email_attachments_pkey PRIMARY KEY (email_id, "position");

-- Name: email_events email_events_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_events
    ADD CONSTRAINT email_events_pkey PRIMARY KEY (provider, event_id);

-- Name: email_files email_files_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_files
    ADD CONSTRAINT email_files_pkey PRIMARY KEY (hash);

-- Name: email_keeping email_keeping_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_keeping
    ADD CONSTRAINT email_keeping_pkey PRIMARY KEY (one);

-- Name: email_logins email_logins_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_logins
    ADD CONSTRAINT email_logins_pkey PRIMARY KEY (name);

-- Name: email_looked_through email_looked_through_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_looked_through
    ADD CONSTRAINT email_looked_through_pkey PRIMARY KEY (task);

-- Name: email_loose_files email_loose_files_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_loose_files
    ADD CONSTRAINT email_loose_files_pkey PRIMARY KEY (id);

-- Name: email_paces email_paces_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_paces
    ADD CONSTRAINT email_paces_pkey PRIMARY KEY (scope);

-- Name: email_recipients email_recipients_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_recipients
    ADD CONSTRAINT email_recipients_pkey PRIMARY KEY (email_id, "position");

-- Name: email_submissions email_submissions_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_submissions
    ADD CONSTRAINT email_submissions_pkey PRIMARY KEY (email_id);

-- Name: email_suppressions email_suppressions_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_suppressions
    ADD CONSTRAINT email_suppressions_pkey PRIMARY KEY (address, tenant, reason, list);

-- Name: email_templates email_templates_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.email_templates
    ADD CONSTRAINT email_templates_pkey PRIMARY KEY (name, locale, part);

-- Name: emails emails_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.emails
    ADD CONSTRAINT emails_pkey PRIMARY KEY (id);

-- Name: idle_workers idle_workers_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.idle_workers
    ADD CONSTRAINT idle_workers_pkey PRIMARY KEY (queue, worker);

-- Name: leased_jobs leased_jobs_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.leased_jobs
    ADD CONSTRAINT leased_jobs_pkey PRIMARY KEY (id);

-- Name: migrations migrations_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (room, file);

-- Name: operations operations_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.operations
    ADD CONSTRAINT operations_pkey PRIMARY KEY (id);

-- Name: ordering_keys ordering_keys_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.ordering_keys
    ADD CONSTRAINT ordering_keys_pkey PRIMARY KEY (queue, key);

-- Name: queues queues_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (name);

-- Name: rate_limits rate_limits_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (durable, key, policy);

-- Name: rate_limits_durable rate_limits_durable_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.rate_limits_durable
    ADD CONSTRAINT rate_limits_durable_pkey PRIMARY KEY (durable, key, policy);

-- Name: rate_limits_fast rate_limits_fast_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.rate_limits_fast
    ADD CONSTRAINT rate_limits_fast_pkey PRIMARY KEY (durable, key, policy);

-- Name: ready_jobs ready_jobs_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.ready_jobs
    ADD CONSTRAINT ready_jobs_pkey PRIMARY KEY (id);

-- Name: ready_marks ready_marks_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.ready_marks
    ADD CONSTRAINT ready_marks_pkey PRIMARY KEY (queue, number);

-- Name: replay_items replay_items_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.replay_items
    ADD CONSTRAINT replay_items_pkey PRIMARY KEY (replay, ordinal);

-- Name: replays replays_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.replays
    ADD CONSTRAINT replays_pkey PRIMARY KEY (id);

-- Name: schedule_ticks schedule_ticks_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.schedule_ticks
    ADD CONSTRAINT schedule_ticks_pkey PRIMARY KEY (schedule, tick);

-- Name: schedules schedules_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (name);

-- Name: slots slots_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (key, slot);

-- Name: tenant_turns tenant_turns_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.tenant_turns
    ADD CONSTRAINT tenant_turns_pkey PRIMARY KEY (queue);

-- Name: webhook_cursors webhook_cursors_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_cursors
    ADD CONSTRAINT webhook_cursors_pkey PRIMARY KEY (name);

-- Name: webhook_deadlines webhook_deadlines_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_deadlines
    ADD CONSTRAINT webhook_deadlines_pkey PRIMARY KEY (job);

-- Name: webhook_deliveries webhook_deliveries_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id);

-- Name: webhook_endpoints webhook_endpoints_name_key; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_name_key UNIQUE (name);

-- Name: webhook_endpoints webhook_endpoints_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id);

-- Name: webhook_environment webhook_environment_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_environment
    ADD CONSTRAINT webhook_environment_pkey PRIMARY KEY (name);

-- Name: webhook_events webhook_events_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_events
    ADD CONSTRAINT webhook_events_pkey PRIMARY KEY (id);

-- Name: webhook_handlers webhook_handlers_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_handlers
    ADD CONSTRAINT webhook_handlers_pkey PRIMARY KEY (kind);

-- Name: webhook_handlers_seen webhook_handlers_seen_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_handlers_seen
    ADD CONSTRAINT webhook_handlers_seen_pkey PRIMARY KEY (kind);

-- Name: webhook_hidings webhook_hidings_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_hidings
    ADD CONSTRAINT webhook_hidings_pkey PRIMARY KEY (place);

-- Name: webhook_keys webhook_keys_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_keys
    ADD CONSTRAINT webhook_keys_pkey PRIMARY KEY (source, account, event_id);

-- Name: webhook_messages webhook_messages_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_messages
    ADD CONSTRAINT webhook_messages_pkey PRIMARY KEY (id);

-- Name: webhook_pauses webhook_pauses_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_pauses
    ADD CONSTRAINT webhook_pauses_pkey PRIMARY KEY (source, pattern);

-- Name: webhook_prunings webhook_prunings_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_prunings
    ADD CONSTRAINT webhook_prunings_pkey PRIMARY KEY (source);

-- Name: webhook_redactions webhook_redactions_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_redactions
    ADD CONSTRAINT webhook_redactions_pkey PRIMARY KEY (source);

-- Name: webhook_refusal_samples webhook_refusal_samples_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_refusal_samples
    ADD CONSTRAINT webhook_refusal_samples_pkey PRIMARY KEY (id);

-- Name: webhook_refusals webhook_refusals_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_refusals
    ADD CONSTRAINT webhook_refusals_pkey PRIMARY KEY (source, reason, day);

-- Name: webhook_secret_uses webhook_secret_uses_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_secret_uses
    ADD CONSTRAINT webhook_secret_uses_pkey PRIMARY KEY (owner, secret);

-- Name: webhook_secrets webhook_secrets_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_secrets
    ADD CONSTRAINT webhook_secrets_pkey PRIMARY KEY (id);

-- Name: webhook_sources webhook_sources_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_sources
    ADD CONSTRAINT webhook_sources_pkey PRIMARY KEY (name);

-- Name: webhook_upkeep webhook_upkeep_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.webhook_upkeep
    ADD CONSTRAINT webhook_upkeep_pkey PRIMARY KEY (task);

-- Name: workers workers_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (worker);

-- Name: alerts_open; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX alerts_open ON holdfast.alerts USING btree (raised_at) WHERE (cleared_at IS NULL);

-- Name: alerts_untold; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX alerts_untold ON holdfast.alerts USING btree (key) WHERE (told_at IS NULL);

-- Name: attempts_job; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX attempts_job ON ONLY holdfast.attempts USING btree (job_id);

-- Name: attempts_default_job_id_idx; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX attempts_default_job_id_idx ON holdfast.attempts_default USING btree (job_id);

-- Name: breakers_tried; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX breakers_tried ON holdfast.breakers USING btree (probe) WHERE (probe IS NOT NULL);

-- Name: dead_letters_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX dead_letters_age ON holdfast.dead_letters USING btree (died_at);

-- Name: dead_letters_group; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX dead_letters_group ON holdfast.dead_letters USING btree (queue, fingerprint, died_at);

-- Name: dead_letters_queue; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX dead_letters_queue ON holdfast.dead_letters USING btree (queue, died_at);

-- Name: dedupe_keys_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX dedupe_keys_age ON holdfast.dedupe_keys USING btree (queue, created_at);

-- Name: deferred_jobs_because; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX deferred_jobs_because ON holdfast.deferred_jobs USING btree ("left"(because, 300) COLLATE "C") WHERE (waits_for = 'person'::text);

-- Name: deferred_jobs_due; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX deferred_jobs_due ON holdfast.deferred_jobs USING btree (queue, run_at) WHERE (waits_for = 'time'::text);

-- Name: deferred_jobs_held; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX deferred_jobs_held ON holdfast.deferred_jobs USING btree (queue) WHERE (waits_for = 'person'::text);

-- Name: deferred_jobs_key; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX deferred_jobs_key ON holdfast.deferred_jobs USING btree (queue, ordering_key, "position") WHERE (waits_for = 'key'::text);

-- Name: deferred_jobs_line; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX deferred_jobs_line ON holdfast.deferred_jobs USING btree (queue, ordering_key, "position") WHERE in_line;

-- Name: email_answers_email; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_answers_email ON holdfast.email_answers USING btree (email_id, at);

-- Name: email_attachments_hash_idx; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_attachments_hash_idx ON holdfast.email_attachments USING btree (hash);

-- Name: email_events_address; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_events_address ON holdfast.email_events USING btree (address);

-- Name: email_events_email; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_events_email ON holdfast.email_events USING btree (email_id, at) WHERE (email_id IS NOT NULL);

-- Name: email_events_unknown; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_events_unknown ON holdfast.email_events USING btree (stored_at) WHERE (email_id IS NULL);

-- Name: email_recipients_found; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_recipients_found ON holdfast.email_recipients USING btree (lower(address), email_id);

-- Name: email_recipients_provider_id; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_recipients_provider_id ON holdfast.email_recipients USING btree (provider_message_id) WHERE (provider_message_id IS NOT NULL);

-- Name: email_suppressions_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX email_suppressions_age ON holdfast.email_suppressions USING btree (created_at);

-- Name: emails_copy_of_idx; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_copy_of_idx ON holdfast.emails USING btree (copy_of) WHERE (copy_of IS NOT NULL);

-- Name: emails_message_id; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_message_id ON holdfast.emails USING hash (message_id);

-- Name: emails_subject; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_subject ON holdfast.emails USING btree ("left"(lower(subject), 100) text_pattern_ops, id) WHERE (subject IS NOT NULL);

-- Name: emails_tags; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_tags ON holdfast.emails USING gin (tags) WHERE (tags <> '{}'::text[]);

-- Name: emails_tenant; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_tenant ON holdfast.emails USING btree (tenant, id) WHERE (tenant IS NOT NULL);

-- Name: emails_with_body; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_with_body ON holdfast.emails USING btree (created_at) WHERE (body_gone_at IS NULL);

-- Name: emails_without_body; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX emails_without_body ON holdfast.emails USING btree (created_at) WHERE (body_gone_at IS NOT NULL);

-- Name: finished_jobs_id; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX finished_jobs_id ON ONLY holdfast.finished_jobs USING btree (id);

-- Name: finished_jobs_default_id_idx; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX finished_jobs_default_id_idx ON holdfast.finished_jobs_default USING btree (id);

-- Name: leased_jobs_lease; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX leased_jobs_lease ON holdfast.leased_jobs USING btree (lease_until);

-- Name: operations_pauses; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX operations_pauses ON holdfast.operations USING btree (COALESCE((filter ->> 'queue'::text), (filter ->> 'breaker'::text)), at) WHERE (action = ANY (ARRAY['pause'::text, 'resume'::text]));

-- Name: ready_jobs_claim; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX ready_jobs_claim ON holdfast.ready_jobs USING btree (queue, priority, seq) WHERE (tenant IS NULL);

-- Name: ready_jobs_expiry; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX ready_jobs_expiry ON holdfast.ready_jobs USING btree (queue, expires_at) WHERE (expires_at IS NOT NULL);

-- Name: ready_jobs_tenant; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX ready_jobs_tenant ON holdfast.ready_jobs USING btree (queue, tenant, priority, seq) WHERE (tenant IS NOT NULL);

-- Name: replay_items_job; Type: INDEX; Schema: holdfast; Owner: -

CREATE UNIQUE INDEX replay_items_job ON holdfast.replay_items USING btree (job_id) WHERE (outcome IS NULL);

-- Name: replay_items_open; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX replay_items_open ON holdfast.replay_items USING btree (replay, ordinal) WHERE (outcome IS NULL);

-- Name: replays_open; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX replays_open ON holdfast.replays USING btree (id) WHERE (state = ANY (ARRAY['canary'::text, 'running'::text]));

-- Name: schedule_ticks_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX schedule_ticks_age ON holdfast.schedule_ticks USING btree (at);

-- Name: schedules_due; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX schedules_due ON holdfast.schedules USING btree (next_at) WHERE (paused_at IS NULL);

-- Name: webhook_deadlines_due; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_deadlines_due ON holdfast.webhook_deadlines USING btree (alert_at);

-- Name: webhook_deliveries_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_deliveries_age ON holdfast.webhook_deliveries USING btree (at);

-- Name: webhook_deliveries_endpoint; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_deliveries_endpoint ON holdfast.webhook_deliveries USING btree (endpoint, id);

-- Name: webhook_deliveries_of_subject; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_deliveries_of_subject ON holdfast.webhook_deliveries USING btree (subject, id);

-- Name: webhook_endpoints_source; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_endpoints_source ON holdfast.webhook_endpoints USING btree (source) WHERE (purpose = 'forward'::text);

-- Name: webhook_endpoints_tenant; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_endpoints_tenant ON holdfast.webhook_endpoints USING btree (tenant) WHERE (purpose = 'customer'::text);

-- Name: webhook_events_held; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_events_held ON holdfast.webhook_events USING btree (received_at) WHERE (held_why IS NOT NULL);

-- Name: webhook_events_object; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_events_object ON holdfast.webhook_events USING btree (source, account, object_id, id) WHERE (object_id IS NOT NULL);

-- Name: webhook_events_source; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_events_source ON holdfast.webhook_events USING btree (source, received_at);

-- Name: webhook_events_xact; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_events_xact ON holdfast.webhook_events USING btree (xact, id);

-- Name: webhook_handlers_source; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_handlers_source ON holdfast.webhook_handlers USING btree (source);

-- Name: webhook_keys_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_keys_age ON holdfast.webhook_keys USING btree (received_at);

-- Name: webhook_messages_age; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_messages_age ON holdfast.webhook_messages USING btree (created_at);

-- Name: webhook_messages_known; Type: INDEX; Schema: holdfast; Owner: -

CREATE UNIQUE INDEX webhook_messages_known ON holdfast.webhook_messages USING btree (message_id, tenant) NULLS NOT DISTINCT;

-- Name: webhook_messages_tenant; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_messages_tenant ON holdfast.webhook_messages USING btree (tenant, created_at);

-- Name: webhook_refusal_samples_source; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_refusal_samples_source ON holdfast.webhook_refusal_samples USING btree (source, reason, id);

-- Name: webhook_secrets_owner; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_secrets_owner ON holdfast.webhook_secrets USING btree (owner, created_at);

-- Name: attempts_default_job_id_idx; Type: INDEX ATTACH; Schema: holdfast; Owner: -

ALTER INDEX holdfast.attempts_job ATTACH PARTITION holdfast.attempts_default_job_id_idx;

-- Name: finished_jobs_default_id_idx; Type: INDEX ATTACH; Schema: holdfast; Owner: -

ALTER INDEX holdfast.finished_jobs_id ATTACH PARTITION holdfast.finished_jobs_default_id_idx;

-- Name: rate_limits_durable_pkey; Type: INDEX ATTACH; Schema: holdfast; Owner: -

ALTER INDEX holdfast.rate_limits_pkey ATTACH PARTITION holdfast.rate_limits_durable_pkey;

-- Name: rate_limits_fast_pkey; Type: INDEX ATTACH; Schema: holdfast; Owner: -

ALTER INDEX holdfast.rate_limits_pkey ATTACH PARTITION holdfast.rate_limits_fast_pkey;

-- Name: replay_items replay_items_replay_fkey; Type: FK CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.replay_items
    ADD CONSTRAINT replay_items_replay_fkey FOREIGN KEY (replay) REFERENCES holdfast.replays(id) ON DELETE CASCADE;

-- Name: SCHEMA holdfast; Type: ACL; Schema: -; Owner: -

GRANT USAGE ON SCHEMA holdfast TO holdfast_read;
GRANT USAGE ON SCHEMA holdfast TO holdfast_enqueue;
GRANT USAGE ON SCHEMA holdfast TO holdfast_work;
GRANT USAGE ON SCHEMA holdfast TO holdfast_operate;

-- Name: TABLE queues; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.queues TO holdfast_read;
GRANT SELECT ON TABLE holdfast.queues TO holdfast_enqueue;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.queues TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.queues TO holdfast_operate;

-- Name: FUNCTION admit(p_policy holdfast.queues, p_limit integer, p_token uuid, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.admit(p_policy holdfast.queues, p_limit integer, p_token uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.admit(p_policy holdfast.queues, p_limit integer, p_token uuid, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.admit(p_policy holdfast.queues, p_limit integer, p_token uuid, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION admitted_in(p_policy holdfast.queues); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.admitted_in(p_policy holdfast.queues) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.admitted_in(p_policy holdfast.queues) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.admitted_in(p_policy holdfast.queues) TO holdfast_operate;

-- Name: FUNCTION advance_key(p_queue text, p_key text, p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.advance_key(p_queue text, p_key text, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.advance_key(p_queue text, p_key text, p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.advance_key(p_queue text, p_key text, p_id uuid) TO holdfast_operate;

-- Name: TABLE replays; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.replays TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.replays TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.replays TO holdfast_operate;

-- Name: FUNCTION advance_replay(INOUT r holdfast.replays, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone, OUT job_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.advance_replay(INOUT r holdfast.replays, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone, OUT job_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.advance_replay(INOUT r holdfast.replays, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone, OUT job_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.advance_replay(INOUT r holdfast.replays, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone, OUT job_id uuid) TO holdfast_operate;

-- Name: TABLE alerts; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.alerts TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.alerts TO holdfast_work;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.alerts TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.alerts TO holdfast_operate;

-- Name: FUNCTION alert_list(p_all boolean, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.alert_list(p_all boolean, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.alert_list(p_all boolean, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.alert_list(p_all boolean, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.alert_list(p_all boolean, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION apply_grants(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.apply_grants() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.apply_grants() TO holdfast_operate;

-- Name: FUNCTION as_edited(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.as_edited(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.as_edited(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.as_edited(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION ask_breaker(p_name text, p_probe uuid, p_probe_for interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.ask_breaker(p_name text, p_probe uuid, p_probe_for interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.ask_breaker(p_name text, p_probe uuid, p_probe_for interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.ask_breaker(p_name text, p_probe uuid, p_probe_for interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text) TO holdfast_operate;

-- Name: FUNCTION attempt_history(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.attempt_history(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.attempt_history(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.attempt_history(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.attempt_history(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION audit(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.audit() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.audit() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.audit() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.audit() TO holdfast_operate;

-- Name: FUNCTION backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) TO holdfast_operate;

-- Name: FUNCTION become_head(p_queue text, p_key text, p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) TO holdfast_operate;

-- Name: FUNCTION beginning_of(p_day date, p_timezone text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.beginning_of(p_day date, p_timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.beginning_of(p_day date, p_timezone text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.beginning_of(p_day date, p_timezone text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.beginning_of(p_day date, p_timezone text) TO holdfast_operate;

-- Name: FUNCTION blocked_key_list(p_queue text, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.blocked_key_list(p_queue text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.blocked_key_list(p_queue text, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.blocked_key_list(p_queue text, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.blocked_key_list(p_queue text, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION breaker_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.breaker_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.breaker_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.breaker_list() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.breaker_list() TO holdfast_operate;

-- Name: TABLE breakers; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.breakers TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.breakers TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.breakers TO holdfast_operate;

-- Name: FUNCTION breaker_named(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.breaker_named(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.breaker_named(p_name text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.breaker_named(p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.breaker_named(p_name text) TO holdfast_operate;

-- Name: FUNCTION breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) TO holdfast_operate;

-- Name: FUNCTION breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) TO holdfast_operate;

-- Name: TABLE ready_marks; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.ready_marks TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ready_marks TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ready_marks TO holdfast_operate;

-- Name: FUNCTION bring_in(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.bring_in(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.bring_in(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.bring_in(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone) TO holdfast_operate;

-- Name: TABLE leased_jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.leased_jobs TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.leased_jobs TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.leased_jobs TO holdfast_operate;

-- Name: COLUMN leased_jobs.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.leased_jobs TO holdfast_enqueue;
GRANT SELECT(id) ON TABLE holdfast.leased_jobs TO holdfast_work;

-- Name: FUNCTION bury(p_job holdfast.job, p_lease holdfast.leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.bury(p_job holdfast.job, p_lease holdfast.leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.bury(p_job holdfast.job, p_lease holdfast.leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.bury(p_job holdfast.job, p_lease holdfast.leased_jobs, p_reason text, p_because text, p_outcome text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION calculate_email_retry_time(p_attempt integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) TO holdfast_operate;

-- Name: FUNCTION calculate_webhook_retry_time(p_attempt integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.calculate_webhook_retry_time(p_attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.calculate_webhook_retry_time(p_attempt integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.calculate_webhook_retry_time(p_attempt integer) TO holdfast_operate;

-- Name: FUNCTION cancel(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cancel(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cancel(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION cancel_replay(p_id bigint, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION change_policy(p_queue text, p_policy jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) TO holdfast_operate;

-- Name: FUNCTION check_filter(p_filter jsonb, p_known text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) TO holdfast_operate;

-- Name: FUNCTION check_jobs(p_jobs jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.check_jobs(p_jobs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.check_jobs(p_jobs jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.check_jobs(p_jobs jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.check_jobs(p_jobs jsonb) TO holdfast_operate;

-- Name: FUNCTION check_schedule(p_name text, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.check_schedule(p_name text, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.check_schedule(p_name text, p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.check_schedule(p_name text, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION check_until(p_until timestamp with time zone, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.check_until(p_until timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.check_until(p_until timestamp with time zone, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION checkup(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.checkup() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.checkup() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.checkup() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.checkup() TO holdfast_operate;

-- Name: FUNCTION claim(p_queue text, p_limit integer, p_worker text, p_lease interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.claim(p_queue text, p_limit integer, p_worker text, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.claim(p_queue text, p_limit integer, p_worker text, p_lease interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.claim(p_queue text, p_limit integer, p_worker text, p_lease interval) TO holdfast_operate;

-- Name: FUNCTION claim_job(p_id uuid, p_worker text, p_lease interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.claim_job(p_id uuid, p_worker text, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.claim_job(p_id uuid, p_worker text, p_lease interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.claim_job(p_id uuid, p_worker text, p_lease interval) TO holdfast_operate;

-- Name: FUNCTION clear_alert(p_key text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.clear_alert(p_key text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.clear_alert(p_key text, p_who text, p_why text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.clear_alert(p_key text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION clock(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.clock() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.clock() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.clock() TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.clock() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.clock() TO holdfast_operate;

-- Name: FUNCTION close_breaker(p_name text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.close_breaker(p_name text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.close_breaker(p_name text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.close_breaker(p_name text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION create_queue(p_queue text, p_policy jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.create_queue(p_queue text, p_policy jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.create_queue(p_queue text, p_policy jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.create_queue(p_queue text, p_policy jsonb) TO holdfast_operate;

-- Name: FUNCTION create_replay(p_filter jsonb, p_who text, p_why text, p_rate double precision, p_canary boolean, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.create_replay(p_filter jsonb, p_who text, p_why text, p_rate double precision, p_canary boolean, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.create_replay(p_filter jsonb, p_who text, p_why text, p_rate double precision, p_canary boolean, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION cron_field(p_field text, p_low integer, p_high integer, p_names text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) TO holdfast_operate;

-- Name: FUNCTION cron_fields(p_cron text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cron_fields(p_cron text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cron_fields(p_cron text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.cron_fields(p_cron text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.cron_fields(p_cron text) TO holdfast_operate;

-- Name: FUNCTION cron_next(p_cron text, p_after timestamp with time zone, p_timezone text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text) TO holdfast_operate;

-- Name: FUNCTION cron_value(p_text text, p_low integer, p_names text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) TO holdfast_operate;

-- Name: FUNCTION dead_letter_group_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.dead_letter_group_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.dead_letter_group_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.dead_letter_group_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.dead_letter_group_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION dead_letter_groups_at_hand(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) TO holdfast_operate;

-- Name: FUNCTION dead_letter_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.dead_letter_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.dead_letter_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.dead_letter_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.dead_letter_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: TABLE dead_letters; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.dead_letters TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.dead_letters TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.dead_letters TO holdfast_operate;

-- Name: COLUMN dead_letters.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.dead_letters TO holdfast_enqueue;
GRANT SELECT(id) ON TABLE holdfast.dead_letters TO holdfast_work;

-- Name: FUNCTION dead_letter_show(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.dead_letter_show(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.dead_letter_show(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.dead_letter_show(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.dead_letter_show(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION delete_schedule(p_name text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.delete_schedule(p_name text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.delete_schedule(p_name text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION differences(p_old jsonb, p_new jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.differences(p_old jsonb, p_new jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.differences(p_old jsonb, p_new jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.differences(p_old jsonb, p_new jsonb) TO holdfast_operate;

-- Name: FUNCTION discard_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.discard_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.discard_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean) TO holdfast_operate;

-- Name: FUNCTION drop_partitions(p_table text, p_before timestamp without time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.drop_partitions(p_table text, p_before timestamp without time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.drop_partitions(p_table text, p_before timestamp without time zone) TO holdfast_operate;

-- Name: FUNCTION edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) TO holdfast_operate;

-- Name: TABLE emails; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.emails TO holdfast_read;
GRANT SELECT,INSERT,DELETE ON TABLE holdfast.emails TO holdfast_work;
GRANT INSERT ON TABLE holdfast.emails TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.emails TO holdfast_operate;

-- Name: COLUMN emails.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.emails TO holdfast_enqueue;

-- Name: COLUMN emails.message_id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(message_id) ON TABLE holdfast.emails TO holdfast_enqueue;

-- Name: COLUMN emails.raw; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(raw) ON TABLE holdfast.emails TO holdfast_work;

-- Name: COLUMN emails.size; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(size) ON TABLE holdfast.emails TO holdfast_work;

-- Name: COLUMN emails.body_gone_at; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(body_gone_at) ON TABLE holdfast.emails TO holdfast_work;

-- Name: COLUMN emails.fingerprint; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(fingerprint) ON TABLE holdfast.emails TO holdfast_work;
GRANT SELECT(fingerprint) ON TABLE holdfast.emails TO holdfast_enqueue;

-- Name: FUNCTION email_about(p_email holdfast.emails); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_about(p_email holdfast.emails) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_about(p_email holdfast.emails) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_about(p_email holdfast.emails) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_about(p_email holdfast.emails) TO holdfast_operate;

-- Name: FUNCTION email_address_fault(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_address_fault(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_address_fault(p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_address_fault(p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_address_fault(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_address_hash(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_address_hash(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_address_hash(p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_address_hash(p_address text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_address_hash(p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_address_hash(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_address_pattern(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_address_pattern(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_address_pattern(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_admit(p_messages jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_admit(p_messages jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_admit(p_messages jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_admit(p_messages jsonb) TO holdfast_operate;

-- Name: FUNCTION email_admitted(p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_admitted(p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_admitted(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_admitted(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_again(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_again(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_again(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION email_all_in_ascii(p_addresses text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) TO holdfast_operate;

-- Name: FUNCTION email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_base64(p_data bytea); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_base64(p_data bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_base64(p_data bytea) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_base64(p_data bytea) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_base64(p_data bytea) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_base64(p_data bytea) TO holdfast_operate;

-- Name: FUNCTION email_body_gone(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_body_gone() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_body_gone() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_body_gone() TO holdfast_operate;

-- Name: FUNCTION email_bytes(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_bytes(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_bytes(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_bytes(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_bytes(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION email_cancel(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_cancel(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_cancel(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) TO holdfast_operate;

-- Name: FUNCTION email_check_feedback(p_provider text, p_events jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check_feedback(p_provider text, p_events jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check_feedback(p_provider text, p_events jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_check_feedback(p_provider text, p_events jsonb) TO holdfast_operate;

-- Name: FUNCTION email_check_files(p_size integer, p_places integer[], p_files bytea[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) TO holdfast_operate;

-- Name: FUNCTION email_check_options(p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check_options(p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check_options(p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_check_options(p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_check_options(p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) TO holdfast_operate;

-- Name: FUNCTION email_check_suppressions(p_entries jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_check_suppressions(p_entries jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_check_suppressions(p_entries jsonb) TO holdfast_operate;

-- Name: FUNCTION email_detach(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_detach(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_detach(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_detach(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION email_doubts(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_doubts() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_doubts() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_doubts() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_doubts() TO holdfast_operate;

-- Name: FUNCTION email_drop_bodies(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_drop_bodies(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_drop_bodies(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_drop_bodies(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_ended_before(p_id uuid, p_moment timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_ended_before(p_id uuid, p_moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_ended_before(p_id uuid, p_moment timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_ended_before(p_id uuid, p_moment timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_enqueue(p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_enqueue(p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_enqueue(p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_enqueue(p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_enqueue(p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_erase(p_address text, p_by text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_erase(p_address text, p_by text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_erase(p_address text, p_by text, p_why text) TO holdfast_operate;

-- Name: FUNCTION email_erase_emails(p_address text, p_alone uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_erase_emails(p_address text, p_alone uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_erase_emails(p_address text, p_alone uuid[]) TO holdfast_operate;

-- Name: FUNCTION email_erase_feedback(p_address text, p_hash text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_erase_feedback(p_address text, p_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_erase_feedback(p_address text, p_hash text) TO holdfast_operate;

-- Name: FUNCTION email_erase_shared(p_address text, p_shared uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_erase_shared(p_address text, p_shared uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_erase_shared(p_address text, p_shared uuid[]) TO holdfast_operate;

-- Name: FUNCTION email_erase_words(p_address text, p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_erase_words(p_address text, p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_erase_words(p_address text, p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION email_feedback(p_provider text, p_events jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_feedback(p_provider text, p_events jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_feedback(p_provider text, p_events jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_feedback(p_provider text, p_events jsonb) TO holdfast_operate;

-- Name: FUNCTION email_feedback_grants(p_prefix text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_feedback_grants(p_prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_feedback_grants(p_prefix text) TO holdfast_operate;

-- Name: FUNCTION email_feedback_weight(p_kind text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_feedback_weight(p_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_feedback_weight(p_kind text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_feedback_weight(p_kind text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_feedback_weight(p_kind text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_feedback_weight(p_kind text) TO holdfast_operate;

-- Name: FUNCTION email_files_prune(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_files_prune(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_files_prune(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_files_prune(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) TO holdfast_operate;

-- Name: FUNCTION email_find(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_find(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_find(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_find(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_find(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_fingerprint(p_sender text, p_recipients text[], p_subject text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) TO holdfast_operate;

-- Name: FUNCTION email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]) TO holdfast_operate;

-- Name: FUNCTION email_fits(p_email holdfast.emails, p_filter jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) TO holdfast_operate;

-- Name: FUNCTION email_fitting(p_filter jsonb, p_some uuid[], p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_forget(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_forget(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_forget(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_forget(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_found_back(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_found_by_address(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_found_few(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_grants(p_prefix text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_grants(p_prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_grants(p_prefix text) TO holdfast_operate;

-- Name: TABLE email_events; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_events TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_events TO holdfast_work;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.email_events TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_events TO holdfast_operate;

-- Name: FUNCTION email_heed_feedback(p_events holdfast.email_events[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_heed_feedback(p_events holdfast.email_events[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_heed_feedback(p_events holdfast.email_events[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_heed_feedback(p_events holdfast.email_events[]) TO holdfast_operate;

-- Name: FUNCTION email_heed_found(p_events holdfast.email_events[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_heed_found(p_events holdfast.email_events[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_heed_found(p_events holdfast.email_events[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_heed_found(p_events holdfast.email_events[]) TO holdfast_operate;

-- Name: FUNCTION email_in_ascii(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_in_ascii(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_in_ascii(p_address text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_in_ascii(p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_in_ascii(p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_in_ascii(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_is_address(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_is_address(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_is_address(p_text text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_is_address(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_is_address(p_text text) TO holdfast_operate;

-- Name: FUNCTION email_is_dead_mailbox(p_code text, p_says boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_is_dead_mailbox(p_code text, p_says boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_is_dead_mailbox(p_code text, p_says boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_is_dead_mailbox(p_code text, p_says boolean) TO holdfast_operate;

-- Name: FUNCTION email_is_heeded(p_event holdfast.email_events); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_is_heeded(p_event holdfast.email_events) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_is_heeded(p_event holdfast.email_events) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_is_heeded(p_event holdfast.email_events) TO holdfast_operate;

-- Name: FUNCTION email_is_upkeep_due(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_is_upkeep_due() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_is_upkeep_due() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_is_upkeep_due() TO holdfast_operate;

-- Name: FUNCTION email_keep(p_settings jsonb, p_by text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_keep(p_settings jsonb, p_by text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_keep(p_settings jsonb, p_by text, p_why text) TO holdfast_operate;

-- Name: FUNCTION email_keep_file(p_data bytea); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_keep_file(p_data bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_keep_file(p_data bytea) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_keep_file(p_data bytea) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_keep_file(p_data bytea) TO holdfast_operate;

-- Name: FUNCTION email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) TO holdfast_operate;

-- Name: FUNCTION email_known_as(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_known_as(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_known_as(p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_known_as(p_address text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_known_as(p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_known_as(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_list(p_limit integer, p_state text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_list(p_limit integer, p_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_list(p_limit integer, p_state text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_list(p_limit integer, p_state text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_list(p_limit integer, p_state text) TO holdfast_operate;

-- Name: FUNCTION email_list_of(p_tags text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_list_of(p_tags text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_list_of(p_tags text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_list_of(p_tags text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_list_of(p_tags text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_list_of(p_tags text[]) TO holdfast_operate;

-- Name: FUNCTION email_load(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_load(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_load(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_load(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION email_login(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login(p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login(p_name text) TO holdfast_operate;

-- Name: FUNCTION email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text) TO holdfast_operate;

-- Name: FUNCTION email_login_disable(p_name text, p_by text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login_disable(p_name text, p_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login_disable(p_name text, p_by text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login_disable(p_name text, p_by text) TO holdfast_operate;

-- Name: FUNCTION email_login_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login_list() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_login_list() TO holdfast_operate;

-- Name: FUNCTION email_login_rotate(p_name text, p_password_hash text, p_overlap interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login_rotate(p_name text, p_password_hash text, p_overlap interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login_rotate(p_name text, p_password_hash text, p_overlap interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login_rotate(p_name text, p_password_hash text, p_overlap interval) TO holdfast_operate;

-- Name: FUNCTION email_login_used(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_login_used(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_login_used(p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_login_used(p_name text) TO holdfast_operate;

-- Name: FUNCTION email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_mark(p_id uuid, p_claim_token uuid, p_said jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) TO holdfast_operate;

-- Name: FUNCTION email_mask(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_mask(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_mask(p_text text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_mask(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_mask(p_text text) TO holdfast_operate;

-- Name: FUNCTION email_mask_base64(p_text text, p_pattern text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_mask_base64(p_text text, p_pattern text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_mask_base64(p_text text, p_pattern text) TO holdfast_operate;

-- Name: FUNCTION email_mask_bytes(p_raw bytea, p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_mask_bytes(p_raw bytea, p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_mask_bytes(p_raw bytea, p_address text) TO holdfast_operate;

-- Name: FUNCTION email_mask_names(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_mask_names(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_mask_names(p_text text) TO holdfast_operate;

-- Name: FUNCTION email_match_aged(p_age integer, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_match_aged(p_age integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_match_aged(p_age integer, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_match_aged(p_age integer, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_match_feedback(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_match_feedback(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_match_feedback(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_match_feedback(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_move_feedback(p_events holdfast.email_events[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) TO holdfast_operate;

-- Name: FUNCTION email_next_back(p_way text, p_along text, p_before uuid, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_of(p_message_id text, p_provider_message_id text, p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) TO holdfast_operate;

-- Name: TABLE email_paces; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_paces TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_paces TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_paces TO holdfast_operate;

-- Name: FUNCTION email_pace_now(p holdfast.email_paces, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_pace_now(p holdfast.email_paces, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_pace_now(p holdfast.email_paces, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_pace_now(p holdfast.email_paces, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_pace_now(p holdfast.email_paces, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_pace_policy(p_pace double precision, p_cost integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_pace_policy(p_pace double precision, p_cost integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_pace_policy(p_pace double precision, p_cost integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_pace_policy(p_pace double precision, p_cost integer) TO holdfast_operate;

-- Name: FUNCTION email_paced(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_paced() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_paced() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_paced() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_paced() TO holdfast_operate;

-- Name: FUNCTION email_pending(p_id uuid, p_enqueued_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_pending(p_id uuid, p_enqueued_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_pending(p_id uuid, p_enqueued_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_pending(p_id uuid, p_enqueued_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_plain(p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_plain(p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_plain(p_address text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_plain(p_address text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_plain(p_address text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_plain(p_address text) TO holdfast_operate;

-- Name: FUNCTION email_punycode(p_label text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_punycode(p_label text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_punycode(p_label text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_punycode(p_label text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_punycode(p_label text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_punycode(p_label text) TO holdfast_operate;

-- Name: FUNCTION email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) TO holdfast_operate;

-- Name: FUNCTION email_punycode_digit(p_digit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_punycode_digit(p_digit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_punycode_digit(p_digit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_punycode_digit(p_digit integer) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_punycode_digit(p_digit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_punycode_digit(p_digit integer) TO holdfast_operate;

-- Name: FUNCTION email_put_suppressions(p_entries jsonb, p_by text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) TO holdfast_operate;

-- Name: FUNCTION email_raw_again(p_raw bytea, p_old_id text, p_new_id text, p_now timestamp with time zone, p_link text, p_for_others boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_raw_again(p_raw bytea, p_old_id text, p_new_id text, p_now timestamp with time zone, p_link text, p_for_others boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_raw_again(p_raw bytea, p_old_id text, p_new_id text, p_now timestamp with time zone, p_link text, p_for_others boolean) TO holdfast_operate;

-- Name: FUNCTION email_receive_many(p_emails jsonb, p_raws bytea[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) TO holdfast_operate;

-- Name: FUNCTION email_record(p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_record(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_record(p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_record(p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer) TO holdfast_operate;

-- Name: FUNCTION email_refusals(p_id uuid, p_enqueued_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_refusals(p_id uuid, p_enqueued_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_refusals(p_id uuid, p_enqueued_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_refusals(p_id uuid, p_enqueued_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_reschedule(p_id uuid, p_at timestamp with time zone, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_reschedule(p_id uuid, p_at timestamp with time zone, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_reschedule(p_id uuid, p_at timestamp with time zone, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION email_resend(p_id uuid, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_resend(p_id uuid, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_resend(p_id uuid, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean) TO holdfast_operate;

-- Name: FUNCTION email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_show(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_show(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_show(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_show(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_show(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION email_slow_down(p_scope text, p_observed double precision, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_slow_down(p_scope text, p_observed double precision, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_slow_down(p_scope text, p_observed double precision, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_slow_down(p_scope text, p_observed double precision, p_because text) TO holdfast_operate;

-- Name: FUNCTION email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_store_feedback(p_provider text, p_events jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) TO holdfast_operate;

-- Name: FUNCTION email_submit(p_ids uuid[], p_providers text[], p_addresses text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_submit(p_ids uuid[], p_providers text[], p_addresses text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_submit(p_ids uuid[], p_providers text[], p_addresses text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_submit(p_ids uuid[], p_providers text[], p_addresses text[]) TO holdfast_operate;

-- Name: FUNCTION email_suppress(p_address text, p_by text, p_why text, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_suppress(p_address text, p_by text, p_why text, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_suppress(p_address text, p_by text, p_why text, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_suppress_many(p_entries jsonb, p_by text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_suppress_many(p_entries jsonb, p_by text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_suppress_many(p_entries jsonb, p_by text, p_why text) TO holdfast_operate;

-- Name: FUNCTION email_suppress_refused(p_id uuid, p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_suppress_refused(p_id uuid, p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_suppress_refused(p_id uuid, p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_suppress_refused(p_id uuid, p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION email_suppressed(p_tenant text, p_addresses text[], p_tags text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[]) TO holdfast_operate;

-- Name: TABLE email_suppressions; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_suppressions TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_suppressions TO holdfast_work;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.email_suppressions TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_suppressions TO holdfast_operate;

-- Name: FUNCTION email_suppression_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_suppression_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_suppression_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_suppression_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_suppression_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION email_take_job(p_id uuid, p_what text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_take_job(p_id uuid, p_what text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_take_job(p_id uuid, p_what text) TO holdfast_operate;

-- Name: FUNCTION email_take_out(p_ids uuid[], p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_take_out(p_ids uuid[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_take_out(p_ids uuid[], p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_take_out(p_ids uuid[], p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION email_template_delete(p_name text, p_locale text, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_template_delete(p_name text, p_locale text, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_template_delete(p_name text, p_locale text, p_who text) TO holdfast_operate;

-- Name: FUNCTION email_template_list(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_template_list(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_template_list(p_name text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_template_list(p_name text) TO holdfast_operate;

-- Name: FUNCTION email_template_put(p_name text, p_locale text, p_part text, p_source text, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_template_put(p_name text, p_locale text, p_part text, p_source text, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_template_put(p_name text, p_locale text, p_part text, p_source text, p_who text) TO holdfast_operate;

-- Name: FUNCTION email_to_resend(p_id uuid, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_to_resend(p_id uuid, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_to_resend(p_id uuid, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) TO holdfast_operate;

-- Name: FUNCTION email_unsuppress(p_address text, p_by text, p_why text, p_tenant text, p_reason text, p_list text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_unsuppress(p_address text, p_by text, p_why text, p_tenant text, p_reason text, p_list text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_unsuppress(p_address text, p_by text, p_why text, p_tenant text, p_reason text, p_list text) TO holdfast_operate;

-- Name: FUNCTION email_upkeep_step(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_upkeep_step() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_upkeep_step() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_upkeep_step() TO holdfast_operate;

-- Name: FUNCTION email_without_address(p_text text, p_address text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_without_address(p_text text, p_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_without_address(p_text text, p_address text) TO holdfast_operate;

-- Name: FUNCTION enqueue(p_queue text, p_kind text, p_payload jsonb, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb, p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb, p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[], p_supersede boolean[], p_run_at timestamp with time zone[], p_expires_at timestamp with time zone[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[], p_supersede boolean[], p_run_at timestamp with time zone[], p_expires_at timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[], p_supersede boolean[], p_run_at timestamp with time zone[], p_expires_at timestamp with time zone[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[], p_supersede boolean[], p_run_at timestamp with time zone[], p_expires_at timestamp with time zone[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[], p_supersede boolean[], p_run_at timestamp with time zone[], p_expires_at timestamp with time zone[]) TO holdfast_operate;

-- Name: FUNCTION enqueue_many(p_jobs jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue_many(p_jobs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue_many(p_jobs jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue_many(p_jobs jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue_many(p_jobs jsonb) TO holdfast_operate;

-- Name: FUNCTION enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) TO holdfast_operate;

-- Name: FUNCTION enqueue_plain(p_jobs jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.enqueue_plain(p_jobs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.enqueue_plain(p_jobs jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.enqueue_plain(p_jobs jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.enqueue_plain(p_jobs jsonb) TO holdfast_operate;

-- Name: FUNCTION error_fingerprint(p_kind text, p_error text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.error_fingerprint(p_kind text, p_error text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.error_fingerprint(p_kind text, p_error text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.error_fingerprint(p_kind text, p_error text) TO holdfast_operate;

-- Name: FUNCTION every_or_error(p_every text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.every_or_error(p_every text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.every_or_error(p_every text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.every_or_error(p_every text) TO holdfast_operate;

-- Name: FUNCTION expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION explain(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.explain(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.explain(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.explain(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.explain(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION explain_limit(p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: TABLE deferred_jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.deferred_jobs TO holdfast_read;
GRANT INSERT ON TABLE holdfast.deferred_jobs TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.deferred_jobs TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.deferred_jobs TO holdfast_operate;

-- Name: COLUMN deferred_jobs.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.deferred_jobs TO holdfast_enqueue;
GRANT SELECT(id) ON TABLE holdfast.deferred_jobs TO holdfast_work;

-- Name: TABLE finished_jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.finished_jobs TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.finished_jobs TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.finished_jobs TO holdfast_operate;

-- Name: COLUMN finished_jobs.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.finished_jobs TO holdfast_enqueue;
GRANT SELECT(id) ON TABLE holdfast.finished_jobs TO holdfast_work;

-- Name: TABLE ready_jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.ready_jobs TO holdfast_read;
GRANT INSERT ON TABLE holdfast.ready_jobs TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ready_jobs TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ready_jobs TO holdfast_operate;

-- Name: COLUMN ready_jobs.id; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(id) ON TABLE holdfast.ready_jobs TO holdfast_enqueue;
GRANT SELECT(id) ON TABLE holdfast.ready_jobs TO holdfast_work;

-- Name: TABLE jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.jobs TO holdfast_read;
GRANT SELECT ON TABLE holdfast.jobs TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.jobs TO holdfast_operate;

-- Name: FUNCTION explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.explain_wait(p_job holdfast.jobs, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION extend(p_leases jsonb, p_lease interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.extend(p_leases jsonb, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.extend(p_leases jsonb, p_lease interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.extend(p_leases jsonb, p_lease interval) TO holdfast_operate;

-- Name: FUNCTION extend_slot(p_key text, p_slot uuid, p_for interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.extend_slot(p_key text, p_slot uuid, p_for interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.extend_slot(p_key text, p_slot uuid, p_for interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.extend_slot(p_key text, p_slot uuid, p_for interval) TO holdfast_operate;

-- Name: FUNCTION fill_key(p_queue text, p_key text, p_heads uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[]) TO holdfast_operate;

-- Name: FUNCTION find_job(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.find_job(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_operate;

-- Name: FUNCTION finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION full_tenants(p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.full_tenants(p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.full_tenants(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.full_tenants(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION get_email_queue_batch(p_batch_size integer, p_lease interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.get_email_queue_batch(p_batch_size integer, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.get_email_queue_batch(p_batch_size integer, p_lease interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.get_email_queue_batch(p_batch_size integer, p_lease interval) TO holdfast_operate;

-- Name: FUNCTION get_webhook_retry_batch(p_batch_size integer, p_lease interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.get_webhook_retry_batch(p_batch_size integer, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.get_webhook_retry_batch(p_batch_size integer, p_lease interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.get_webhook_retry_batch(p_batch_size integer, p_lease interval) TO holdfast_operate;

-- Name: FUNCTION give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid) TO holdfast_operate;

-- Name: FUNCTION grant_channels(p_prefix text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.grant_channels(p_prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.grant_channels(p_prefix text) TO holdfast_operate;

-- Name: FUNCTION grant_enqueue(p_role text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.grant_enqueue(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.grant_enqueue(p_role text) TO holdfast_operate;

-- Name: FUNCTION grant_functions(p_role text, p_names text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.grant_functions(p_role text, p_names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.grant_functions(p_role text, p_names text[]) TO holdfast_operate;

-- Name: FUNCTION grant_read(p_role text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.grant_read(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.grant_read(p_role text) TO holdfast_operate;

-- Name: FUNCTION grant_work(p_role text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.grant_work(p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.grant_work(p_role text) TO holdfast_operate;

-- Name: FUNCTION hand_over_alerts(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.hand_over_alerts() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.hand_over_alerts() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.hand_over_alerts() TO holdfast_operate;

-- Name: FUNCTION has_plain_jobs(p_queue text, p_mark holdfast.ready_marks); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.has_plain_jobs(p_queue text, p_mark holdfast.ready_marks) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.has_plain_jobs(p_queue text, p_mark holdfast.ready_marks) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.has_plain_jobs(p_queue text, p_mark holdfast.ready_marks) TO holdfast_operate;

-- Name: FUNCTION heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb) TO holdfast_operate;

-- Name: FUNCTION hold(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.hold(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.hold(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION id_of_batch(p_batch uuid, p_n bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_operate;

-- Name: FUNCTION is_decided(p_before xid8); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_decided(p_before xid8) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_decided(p_before xid8) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_decided(p_before xid8) TO holdfast_operate;

-- Name: FUNCTION is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) TO holdfast_operate;

-- Name: FUNCTION is_limited(p_policy holdfast.queues); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_limited(p_policy holdfast.queues) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_limited(p_policy holdfast.queues) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.is_limited(p_policy holdfast.queues) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_limited(p_policy holdfast.queues) TO holdfast_operate;

-- Name: FUNCTION is_paused(p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: TABLE schedules; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.schedules TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.schedules TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.schedules TO holdfast_operate;

-- Name: FUNCTION is_rhythm(p_schedule holdfast.schedules, p_cron text, p_every interval, p_timezone text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_rhythm(p_schedule holdfast.schedules, p_cron text, p_every interval, p_timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_rhythm(p_schedule holdfast.schedules, p_cron text, p_every interval, p_timezone text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_rhythm(p_schedule holdfast.schedules, p_cron text, p_every interval, p_timezone text) TO holdfast_operate;

-- Name: FUNCTION is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION is_too_much(p_breaker holdfast.breakers); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_too_much(p_breaker holdfast.breakers) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_too_much(p_breaker holdfast.breakers) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_too_much(p_breaker holdfast.breakers) TO holdfast_operate;

-- Name: FUNCTION job_complaint(p_job jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_complaint(p_job jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_complaint(p_job jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.job_complaint(p_job jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_complaint(p_job jsonb) TO holdfast_operate;

-- Name: FUNCTION job_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.job_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION job_of(r holdfast.dead_letters); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_of(r holdfast.dead_letters) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.dead_letters) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.dead_letters) TO holdfast_operate;

-- Name: FUNCTION job_of(r holdfast.deferred_jobs); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_of(r holdfast.deferred_jobs) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.deferred_jobs) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.deferred_jobs) TO holdfast_operate;

-- Name: FUNCTION job_of(r holdfast.leased_jobs); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_of(r holdfast.leased_jobs) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.leased_jobs) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.leased_jobs) TO holdfast_operate;

-- Name: FUNCTION job_of(r holdfast.ready_jobs); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_of(r holdfast.ready_jobs) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.ready_jobs) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_of(r holdfast.ready_jobs) TO holdfast_operate;

-- Name: FUNCTION job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text, p_supersede boolean, p_run_at timestamp with time zone, p_expires_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text, p_supersede boolean, p_run_at timestamp with time zone, p_expires_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text, p_supersede boolean, p_run_at timestamp with time zone, p_expires_at timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text, p_supersede boolean, p_run_at timestamp with time zone, p_expires_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text, p_supersede boolean, p_run_at timestamp with time zone, p_expires_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION job_show(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.job_show(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.job_show(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.job_show(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.job_show(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION judge_canary(p_replay holdfast.replays, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.judge_canary(p_replay holdfast.replays, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.judge_canary(p_replay holdfast.replays, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.judge_canary(p_replay holdfast.replays, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[]) TO holdfast_operate;

-- Name: FUNCTION keep_probes(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.keep_probes(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.keep_probes(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.keep_probes(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION key_of_letter(p_replay bigint, p_ordinal integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.key_of_letter(p_replay bigint, p_ordinal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.key_of_letter(p_replay bigint, p_ordinal integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.key_of_letter(p_replay bigint, p_ordinal integer) TO holdfast_operate;

-- Name: FUNCTION last_of_replay(p_replay bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.last_of_replay(p_replay bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.last_of_replay(p_replay bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.last_of_replay(p_replay bigint) TO holdfast_operate;

-- Name: FUNCTION leases_of_busy_keys(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.leases_of_busy_keys(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.leases_of_busy_keys(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.leases_of_busy_keys(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION leave_keys(p_keys jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.leave_keys(p_keys jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.leave_keys(p_keys jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.leave_keys(p_keys jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.leave_keys(p_keys jsonb) TO holdfast_operate;

-- Name: FUNCTION let_go(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.let_go(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.let_go(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.let_go(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION let_go_if_free(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.let_go_if_free(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.let_go_if_free(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.let_go_if_free(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION let_run(p_job holdfast.job, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) TO holdfast_operate;

-- Name: FUNCTION letters_to_revive(p_jobs jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.letters_to_revive(p_jobs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.letters_to_revive(p_jobs jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.letters_to_revive(p_jobs jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.letters_to_revive(p_jobs jsonb) TO holdfast_operate;

-- Name: FUNCTION limits_of(p_checks jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.limits_of(p_checks jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.limits_of(p_checks jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.limits_of(p_checks jsonb) TO holdfast_operate;

-- Name: FUNCTION lineage(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lineage(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lineage(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.lineage(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lineage(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION list_limit(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.list_limit(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.list_limit(p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.list_limit(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.list_limit(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION lock_keys(p_queue text, p_keys text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_keys(p_queue text, p_keys text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_keys(p_queue text, p_keys text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lock_keys(p_queue text, p_keys text[]) TO holdfast_operate;

-- Name: FUNCTION lock_keys_of_leases(p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION lock_rates(p_wishes holdfast.rate_wish[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_rates(p_wishes holdfast.rate_wish[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_rates(p_wishes holdfast.rate_wish[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lock_rates(p_wishes holdfast.rate_wish[]) TO holdfast_operate;

-- Name: FUNCTION look_over(p_job jsonb, p_ordinal bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_operate;

-- Name: FUNCTION maintain(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain() TO holdfast_operate;

-- Name: FUNCTION maintain_keyed(OUT rescued integer, OUT ticked integer, OUT replayed integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain_keyed(OUT rescued integer, OUT ticked integer, OUT replayed integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain_keyed(OUT rescued integer, OUT ticked integer, OUT replayed integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain_keyed(OUT rescued integer, OUT ticked integer, OUT replayed integer) TO holdfast_operate;

-- Name: FUNCTION maintain_partitions(p_days integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain_partitions(p_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain_partitions(p_days integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain_partitions(p_days integer) TO holdfast_operate;

-- Name: FUNCTION maintain_partitions_if_due(p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain_partitions_if_due(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain_partitions_if_due(p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain_partitions_if_due(p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION make_durable(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.make_durable() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.make_durable() TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.make_durable() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.make_durable() TO holdfast_operate;

-- Name: FUNCTION make_partition(p_table text, p_day date); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.make_partition(p_table text, p_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.make_partition(p_table text, p_day date) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.make_partition(p_table text, p_day date) TO holdfast_operate;

-- Name: FUNCTION mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) TO holdfast_operate;

-- Name: FUNCTION mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text) TO holdfast_operate;

-- Name: FUNCTION mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean, p_retry_after double precision) TO holdfast_operate;

-- Name: FUNCTION mark_webhook_processed(p_id uuid, p_claim_token uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.mark_webhook_processed(p_id uuid, p_claim_token uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.mark_webhook_processed(p_id uuid, p_claim_token uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.mark_webhook_processed(p_id uuid, p_claim_token uuid) TO holdfast_operate;

-- Name: FUNCTION moment_of(p_given text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.moment_of(p_given text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.moment_of(p_given text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.moment_of(p_given text) TO holdfast_operate;

-- Name: FUNCTION most_looked_through(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.most_looked_through() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.most_looked_through() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.most_looked_through() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.most_looked_through() TO holdfast_operate;

-- Name: FUNCTION move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION move_turn(p_queue text, p_tenant text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.move_turn(p_queue text, p_tenant text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.move_turn(p_queue text, p_tenant text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.move_turn(p_queue text, p_tenant text) TO holdfast_operate;

-- Name: FUNCTION nanoseconds(p_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION new_id(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.new_id() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.new_id() TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.new_id() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.new_id() TO holdfast_operate;

-- Name: FUNCTION next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION next_cron_day(p_field text[], p_from date); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_cron_day(p_field text[], p_from date) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_cron_day(p_field text[], p_from date) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.next_cron_day(p_field text[], p_from date) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_cron_day(p_field text[], p_from date) TO holdfast_operate;

-- Name: FUNCTION next_due(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_due(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_due(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_due(p_queue text) TO holdfast_operate;

-- Name: FUNCTION next_of_key(p_queue text, p_key text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text) TO holdfast_operate;

-- Name: FUNCTION next_of_replay(p_replay bigint, p_after integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_of_replay(p_replay bigint, p_after integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_of_replay(p_replay bigint, p_after integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_of_replay(p_replay bigint, p_after integer) TO holdfast_operate;

-- Name: FUNCTION next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint) TO holdfast_operate;

-- Name: FUNCTION next_tick_in(p_within interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_tick_in(p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_tick_in(p_within interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_tick_in(p_within interval) TO holdfast_operate;

-- Name: FUNCTION next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION operation_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.operation_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.operation_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.operation_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.operation_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION outcomes_by_breaker(p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.outcomes_by_breaker(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.outcomes_by_breaker(p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.outcomes_by_breaker(p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION pause_breaker(p_name text, p_who text, p_why text, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pause_breaker(p_name text, p_who text, p_why text, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pause_breaker(p_name text, p_who text, p_why text, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION pause_queue(p_queue text, p_who text, p_why text, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pause_queue(p_queue text, p_who text, p_why text, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pause_queue(p_queue text, p_who text, p_why text, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION pause_schedule(p_name text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pause_schedule(p_name text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pause_schedule(p_name text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION pauses_of(p_policy holdfast.queues, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pauses_of(p_policy holdfast.queues, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pauses_of(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.pauses_of(p_policy holdfast.queues, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) TO holdfast_operate;

-- Name: FUNCTION pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) TO holdfast_operate;

-- Name: FUNCTION pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]) TO holdfast_operate;

-- Name: FUNCTION plan_replay(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION policy_apart(p_queue text, p_policy jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.policy_apart(p_queue text, p_policy jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.policy_apart(p_queue text, p_policy jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.policy_apart(p_queue text, p_policy jsonb) TO holdfast_operate;

-- Name: FUNCTION process_email_queue(p_batch_size integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.process_email_queue(p_batch_size integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.process_email_queue(p_batch_size integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.process_email_queue(p_batch_size integer) TO holdfast_operate;

-- Name: FUNCTION promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION prune(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION prune_alerts(p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_alerts(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_alerts(p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_alerts(p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION prune_breakers(p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_breakers(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_breakers(p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_breakers(p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION prune_keys(p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_keys(p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_keys(p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_keys(p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION prune_letters(p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_letters(p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_letters(p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_letters(p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION prune_marks(p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_marks(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_marks(p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_marks(p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION prune_rates(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_rates(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_rates(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_rates(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION prune_replays(p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_replays(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_replays(p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_replays(p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION prune_ticks(p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.prune_ticks(p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.prune_ticks(p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.prune_ticks(p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION put_deferred(p_job holdfast.job, p_waits_for text, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) TO holdfast_operate;

-- Name: FUNCTION put_in_line(p_job holdfast.job, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text) TO holdfast_operate;

-- Name: FUNCTION put_off_letter(p_replay bigint, p_ordinal integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.put_off_letter(p_replay bigint, p_ordinal integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.put_off_letter(p_replay bigint, p_ordinal integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.put_off_letter(p_replay bigint, p_ordinal integer) TO holdfast_operate;

-- Name: FUNCTION put_ready(p_job holdfast.job); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.put_ready(p_job holdfast.job) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.put_ready(p_job holdfast.job) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.put_ready(p_job holdfast.job) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.put_ready(p_job holdfast.job) TO holdfast_operate;

-- Name: TABLE workers; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.workers TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.workers TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.workers TO holdfast_operate;

-- Name: TABLE queue_overview; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.queue_overview TO holdfast_read;
GRANT SELECT ON TABLE holdfast.queue_overview TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.queue_overview TO holdfast_operate;

-- Name: FUNCTION queue_list(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.queue_list(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.queue_list(p_queue text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.queue_list(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.queue_list(p_queue text) TO holdfast_operate;

-- Name: FUNCTION queue_policy(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.queue_policy(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.queue_policy(p_queue text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.queue_policy(p_queue text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.queue_policy(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.queue_policy(p_queue text) TO holdfast_operate;

-- Name: FUNCTION raise_alert(p_key text, p_text text, p_details jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb) TO holdfast_operate;

-- Name: FUNCTION raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) TO holdfast_operate;

-- Name: FUNCTION raise_not_dead(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.raise_not_dead(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.raise_not_dead(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer, p_cost integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer, p_cost integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer, p_cost integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer, p_cost integer) TO holdfast_operate;

-- Name: FUNCTION rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint) TO holdfast_operate;

-- Name: FUNCTION rate_check(p_keys text[], p_policies jsonb, p_cost integer, p_mode text, p_in_transaction boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_check(p_keys text[], p_policies jsonb, p_cost integer, p_mode text, p_in_transaction boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_check(p_keys text[], p_policies jsonb, p_cost integer, p_mode text, p_in_transaction boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_check(p_keys text[], p_policies jsonb, p_cost integer, p_mode text, p_in_transaction boolean) TO holdfast_operate;

-- Name: FUNCTION rate_check_many(p_checks jsonb, p_in_transaction boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_check_many(p_checks jsonb, p_in_transaction boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_check_many(p_checks jsonb, p_in_transaction boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_check_many(p_checks jsonb, p_in_transaction boolean) TO holdfast_operate;

-- Name: FUNCTION rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer) TO holdfast_operate;

-- Name: FUNCTION rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) TO holdfast_operate;

-- Name: FUNCTION rate_limit_list(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_limit_list(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_limit_list(p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.rate_limit_list(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_limit_list(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION rate_of_queue(p_policy holdfast.queues); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_of_queue(p_policy holdfast.queues) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_of_queue(p_policy holdfast.queues) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_of_queue(p_policy holdfast.queues) TO holdfast_operate;

-- Name: FUNCTION rate_worth(p_units integer, p_quota integer, p_period bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) TO holdfast_operate;

-- Name: FUNCTION read_full_at(p_wishes holdfast.rate_wish[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.read_full_at(p_wishes holdfast.rate_wish[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.read_full_at(p_wishes holdfast.rate_wish[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.read_full_at(p_wishes holdfast.rate_wish[]) TO holdfast_operate;

-- Name: FUNCTION read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) TO holdfast_operate;

-- Name: FUNCTION read_rate_checks(p_checks jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.read_rate_checks(p_checks jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.read_rate_checks(p_checks jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.read_rate_checks(p_checks jsonb) TO holdfast_operate;

-- Name: FUNCTION record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION record_held(p_held holdfast.deferred_jobs); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.record_held(p_held holdfast.deferred_jobs) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.record_held(p_held holdfast.deferred_jobs) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.record_held(p_held holdfast.deferred_jobs) TO holdfast_operate;

-- Name: FUNCTION record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer) TO holdfast_operate;

-- Name: FUNCTION refund_rate(p_policy holdfast.queues, p_units integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.refund_rate(p_policy holdfast.queues, p_units integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.refund_rate(p_policy holdfast.queues, p_units integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.refund_rate(p_policy holdfast.queues, p_units integer) TO holdfast_operate;

-- Name: FUNCTION refuse_known_id(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.refuse_known_id(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.refuse_known_id(p_id uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.refuse_known_id(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.refuse_known_id(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION refuse_transaction(p_in_transaction boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.refuse_transaction(p_in_transaction boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.refuse_transaction(p_in_transaction boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.refuse_transaction(p_in_transaction boolean) TO holdfast_operate;

-- Name: FUNCTION release(p_leases jsonb, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.release(p_leases jsonb, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.release(p_leases jsonb, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.release(p_leases jsonb, p_because text) TO holdfast_operate;

-- Name: FUNCTION release_slot(p_key text, p_slot uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.release_slot(p_key text, p_slot uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.release_slot(p_key text, p_slot uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.release_slot(p_key text, p_slot uuid) TO holdfast_operate;

-- Name: FUNCTION replaced_by(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replaced_by(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replaced_by(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replaced_by(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replaced_by(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION replay(p_id uuid, p_who text, p_why text, p_payload jsonb, p_run_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay(p_id uuid, p_who text, p_why text, p_payload jsonb, p_run_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay(p_id uuid, p_who text, p_why text, p_payload jsonb, p_run_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION replay_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_rate double precision, p_dry_run boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_rate double precision, p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer, p_rate double precision, p_dry_run boolean) TO holdfast_operate;

-- Name: FUNCTION replay_excluded(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_excluded(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_excluded(p_ids uuid[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_excluded(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_excluded(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION replay_item_list(p_id bigint, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION replay_list(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_list(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_list(p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_list(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_list(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION replay_numbered(p_id bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_numbered(p_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_numbered(p_id bigint) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_numbered(p_id bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_numbered(p_id bigint) TO holdfast_operate;

-- Name: FUNCTION replay_show(p_id bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_show(p_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_show(p_id bigint) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_show(p_id bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_show(p_id bigint) TO holdfast_operate;

-- Name: FUNCTION rescue(p_queue text, p_limit integer, p_from timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rescue(p_queue text, p_limit integer, p_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rescue(p_queue text, p_limit integer, p_from timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rescue(p_queue text, p_limit integer, p_from timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION reset_rate(p_key text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.reset_rate(p_key text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.reset_rate(p_key text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION resume_breaker(p_name text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.resume_breaker(p_name text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.resume_breaker(p_name text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION resume_queue(p_queue text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.resume_queue(p_queue text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.resume_queue(p_queue text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION resume_schedule(p_name text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.resume_schedule(p_name text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.resume_schedule(p_name text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION return_probe(p_name text, p_probe uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.return_probe(p_name text, p_probe uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.return_probe(p_name text, p_probe uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.return_probe(p_name text, p_probe uuid) TO holdfast_operate;

-- Name: FUNCTION revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION revive_if_dead(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.revive_if_dead(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.revive_if_dead(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.revive_if_dead(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION revive_letters(p_letters jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.revive_letters(p_letters jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.revive_letters(p_letters jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.revive_letters(p_letters jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.revive_letters(p_letters jsonb) TO holdfast_operate;

-- Name: FUNCTION room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION run_now(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.run_now(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.run_now(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION run_now_many(p_filter jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.run_now_many(p_filter jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.run_now_many(p_filter jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION run_replay(p_replay holdfast.replays, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.run_replay(p_replay holdfast.replays, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.run_replay(p_replay holdfast.replays, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.run_replay(p_replay holdfast.replays, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION run_schedule(p_name text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.run_schedule(p_name text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.run_schedule(p_name text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION say(p_rule text, p_because text, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION schedule_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.schedule_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.schedule_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.schedule_list() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.schedule_list() TO holdfast_operate;

-- Name: FUNCTION schedule_named(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.schedule_named(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.schedule_named(p_name text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.schedule_named(p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.schedule_named(p_name text) TO holdfast_operate;

-- Name: FUNCTION schedule_preview(p_name text, p_count integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.schedule_preview(p_name text, p_count integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.schedule_preview(p_name text, p_count integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.schedule_preview(p_name text, p_count integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.schedule_preview(p_name text, p_count integer) TO holdfast_operate;

-- Name: FUNCTION seconds_of(p_given text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.seconds_of(p_given text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.seconds_of(p_given text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.seconds_of(p_given text) TO holdfast_operate;

-- Name: FUNCTION select_dead_letters(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION set_breaker(p_name text, p_policy jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.set_breaker(p_name text, p_policy jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.set_breaker(p_name text, p_policy jsonb, p_who text, p_why text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.set_breaker(p_name text, p_policy jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION set_idle(p_worker text, p_queue text, p_for interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.set_idle(p_worker text, p_queue text, p_for interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.set_idle(p_worker text, p_queue text, p_for interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.set_idle(p_worker text, p_queue text, p_for interval) TO holdfast_operate;

-- Name: FUNCTION set_queue(p_queue text, p_policy jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.set_queue(p_queue text, p_policy jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.set_queue(p_queue text, p_policy jsonb, p_who text, p_why text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.set_queue(p_queue text, p_policy jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION set_schedule(p_name text, p_options jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.set_schedule(p_name text, p_options jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.set_schedule(p_name text, p_options jsonb, p_who text, p_why text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.set_schedule(p_name text, p_options jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION settle(p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle(p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle(p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]) TO holdfast_operate;

-- Name: FUNCTION settle_done(p_ids uuid[], p_tokens uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle_done(p_ids uuid[], p_tokens uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle_done(p_ids uuid[], p_tokens uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle_done(p_ids uuid[], p_tokens uuid[]) TO holdfast_operate;

-- Name: FUNCTION settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]) TO holdfast_operate;

-- Name: FUNCTION settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION sign_off(p_worker text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.sign_off(p_worker text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.sign_off(p_worker text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.sign_off(p_worker text) TO holdfast_operate;

-- Name: FUNCTION skip(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.skip(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.skip(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION snooze_for(p_after double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.snooze_for(p_after double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.snooze_for(p_after double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.snooze_for(p_after double precision) TO holdfast_operate;

-- Name: FUNCTION step_replays(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.step_replays(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.step_replays(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.step_replays(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION still_leased(p_leases jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.still_leased(p_leases jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.still_leased(p_leases jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.still_leased(p_leases jsonb) TO holdfast_operate;

-- Name: FUNCTION supersede(p_job holdfast.job, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION take_alerts(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_alerts(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_alerts(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_alerts(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION take_job(p_id uuid, p_leased boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_job(p_id uuid, p_leased boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_job(p_id uuid, p_leased boolean) TO holdfast_operate;

-- Name: FUNCTION take_keys_of(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_keys_of(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_keys_of(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_keys_of(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION take_ordering_keys(p_jobs jsonb, p_batch uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) TO holdfast_operate;

-- Name: FUNCTION take_slot(p_key text, p_slots integer, p_for interval, p_holder text, OUT slot uuid, OUT retry_after double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_slot(p_key text, p_slots integer, p_for interval, p_holder text, OUT slot uuid, OUT retry_after double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_slot(p_key text, p_slots integer, p_for interval, p_holder text, OUT slot uuid, OUT retry_after double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_slot(p_key text, p_slots integer, p_for interval, p_holder text, OUT slot uuid, OUT retry_after double precision) TO holdfast_operate;

-- Name: FUNCTION take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION take_waiting(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_waiting(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_waiting(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid, p_after double precision, p_because text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid, p_after double precision, p_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid, p_after double precision, p_because text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid, p_after double precision, p_because text) TO holdfast_operate;

-- Name: FUNCTION tell_breakers(p_outcomes jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.tell_breakers(p_outcomes jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.tell_breakers(p_outcomes jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.tell_breakers(p_outcomes jsonb) TO holdfast_operate;

-- Name: FUNCTION tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]) TO holdfast_operate;

-- Name: FUNCTION tick_schedules(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.tick_schedules(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.tick_schedules(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.tick_schedules(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION unhold(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.unhold(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.unhold(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION unhold_many(p_filter jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.unhold_many(p_filter jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.unhold_many(p_filter jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION unread_policy(p_policy jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb) TO holdfast_operate;

-- Name: FUNCTION waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint, p_full text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint, p_full text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint, p_full text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint, p_full text[]) TO holdfast_operate;

-- Name: FUNCTION wake(p_queues text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.wake(p_queues text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.wake(p_queues text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.wake(p_queues text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.wake(p_queues text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text) TO holdfast_operate;

-- Name: FUNCTION webhook_add_secret(p_owner text, p_reference text, p_who text, p_not_before timestamp with time zone, p_overlap interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_add_secret(p_owner text, p_reference text, p_who text, p_not_before timestamp with time zone, p_overlap interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_add_secret(p_owner text, p_reference text, p_who text, p_not_before timestamp with time zone, p_overlap interval) TO holdfast_operate;

-- Name: FUNCTION webhook_addressee(p_endpoint text, p_tenant text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) TO holdfast_operate;

-- Name: FUNCTION webhook_after(p_xact xid8, p_id uuid, p_source text, p_type text, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_after(p_xact xid8, p_id uuid, p_source text, p_type text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_after(p_xact xid8, p_id uuid, p_source text, p_type text, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_after(p_xact xid8, p_id uuid, p_source text, p_type text, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_after(p_xact xid8, p_id uuid, p_source text, p_type text, p_limit integer) TO holdfast_operate;

-- Name: TABLE webhook_events; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_events TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_events TO holdfast_work;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.webhook_events TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_events TO holdfast_operate;

-- Name: FUNCTION webhook_answering(p_event holdfast.webhook_events); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_answering(p_event holdfast.webhook_events) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_answering(p_event holdfast.webhook_events) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_answering(p_event holdfast.webhook_events) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_answering(p_event holdfast.webhook_events) TO holdfast_operate;

-- Name: FUNCTION webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_attempt_at(p_before text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_attempt_at(p_before text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_attempt_at(p_before text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_attempt_at(p_before text) TO holdfast_operate;

-- Name: FUNCTION webhook_attempt_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_attempt_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_attempt_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_attempt_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_bite(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_bite() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_bite() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_bite() TO holdfast_operate;

-- Name: FUNCTION webhook_cancel(p_job uuid, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_cancel(p_job uuid, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_cancel(p_job uuid, p_who text) TO holdfast_operate;

-- Name: FUNCTION webhook_check_deadlines(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_check_deadlines() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_check_deadlines() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_check_deadlines() TO holdfast_operate;

-- Name: TABLE webhook_endpoints; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_endpoints TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_endpoints TO holdfast_work;
GRANT SELECT ON TABLE holdfast.webhook_endpoints TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_endpoints TO holdfast_operate;

-- Name: FUNCTION webhook_check_endpoint(p_endpoint holdfast.webhook_endpoints); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_check_endpoint(p_endpoint holdfast.webhook_endpoints) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_check_endpoint(p_endpoint holdfast.webhook_endpoints) TO holdfast_operate;

-- Name: FUNCTION webhook_check_silence(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_check_silence() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_check_silence() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_check_silence() TO holdfast_operate;

-- Name: FUNCTION webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb) TO holdfast_operate;

-- Name: TABLE webhook_cursors; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_cursors TO holdfast_read;
GRANT SELECT ON TABLE holdfast.webhook_cursors TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_cursors TO holdfast_operate;

-- Name: FUNCTION webhook_cursor(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_cursor(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_cursor(p_name text) TO holdfast_operate;

-- Name: FUNCTION webhook_deadline_or_error(p_name text, p_deadline text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_deadline_or_error(p_name text, p_deadline text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_deadline_or_error(p_name text, p_deadline text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_deadline_or_error(p_name text, p_deadline text) TO holdfast_operate;

-- Name: FUNCTION webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean, p_url text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean, p_url text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean, p_url text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean, p_url text) TO holdfast_operate;

-- Name: FUNCTION webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_delivery_list(p_endpoint text, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_delivery_list(p_endpoint text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_delivery_list(p_endpoint text, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_delivery_list(p_endpoint text, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_described(p_event holdfast.webhook_events); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) TO holdfast_operate;

-- Name: FUNCTION webhook_due(p_mode text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_end(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_end() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_end() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_end() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_end() TO holdfast_operate;

-- Name: FUNCTION webhook_end_pauses(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_end_pauses() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_end_pauses() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_end_pauses() TO holdfast_operate;

-- Name: FUNCTION webhook_end_secret(p_id uuid, p_who text, p_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_end_secret(p_id uuid, p_who text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_end_secret(p_id uuid, p_who text, p_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_endpoint(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_endpoint(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint(p_name text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint(p_name text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint(p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint(p_name text) TO holdfast_operate;

-- Name: FUNCTION webhook_endpoint_counts(p_endpoints text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_endpoint_counts(p_endpoints text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_counts(p_endpoints text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_counts(p_endpoints text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_endpoint_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_endpoint_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_list() TO holdfast_operate;

-- Name: FUNCTION webhook_endpoint_page(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_endpoint_page(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_page(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_page(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_endpoint_to_change(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_endpoint_to_change(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_endpoint_to_change(p_name text) TO holdfast_operate;

-- Name: FUNCTION webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[], p_run_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[], p_run_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[], p_run_at timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[], p_run_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[], p_run_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_excerpt(p_body bytea); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_excerpt(p_body bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_excerpt(p_body bytea) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_excerpt(p_body bytea) TO holdfast_operate;

-- Name: FUNCTION webhook_find(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_find(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_find(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_find(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_find(p_text text) TO holdfast_operate;

-- Name: FUNCTION webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_go_on(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_go_on(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_go_on(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_go_on(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_grants(p_prefix text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_grants(p_prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_grants(p_prefix text) TO holdfast_operate;

-- Name: TABLE webhook_handlers; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_handlers TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_handlers TO holdfast_work;
GRANT SELECT ON TABLE holdfast.webhook_handlers TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_handlers TO holdfast_operate;

-- Name: FUNCTION webhook_handler_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_handler_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_handler_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_handler_list() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_handler_list() TO holdfast_operate;

-- Name: FUNCTION webhook_hide_secrets(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_hide_secrets(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_hide_secrets(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_hide_secrets(p_limit integer) TO holdfast_operate;

-- Name: TABLE webhook_keys; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_keys TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_keys TO holdfast_work;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.webhook_keys TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_keys TO holdfast_operate;

-- Name: FUNCTION webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_hold_mismatch(p_item jsonb, p_body bytea, p_key holdfast.webhook_keys, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_is_due(p_task text, p_every interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_is_due(p_task text, p_every interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_is_due(p_task text, p_every interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_is_due(p_task text, p_every interval) TO holdfast_operate;

-- Name: FUNCTION webhook_keep_handlers(p_app text, p_handlers jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_keep_handlers(p_app text, p_handlers jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_keep_handlers(p_app text, p_handlers jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_keep_handlers(p_app text, p_handlers jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_keeping(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_keeping() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_keeping() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_keeping() TO holdfast_operate;

-- Name: FUNCTION webhook_last_before(p_source text, p_moment timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_last_before(p_source text, p_moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_last_before(p_source text, p_moment timestamp with time zone) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_last_before(p_source text, p_moment timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_let_go(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_let_go(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_let_go(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_let_go(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_list(p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_load(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_load(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_load(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_load(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_load(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_load_many(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_load_many(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_load_many(p_ids uuid[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_load_many(p_ids uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_load_many(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION webhook_masked(p_document jsonb, p_path text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_masked(p_document jsonb, p_path text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_masked(p_document jsonb, p_path text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_masked(p_document jsonb, p_path text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text) TO holdfast_operate;

-- Name: FUNCTION webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_message_find(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_find(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_find(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_find(p_text text) TO holdfast_operate;

-- Name: FUNCTION webhook_message_jobs(p_jobs uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_jobs(p_jobs uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_jobs(p_jobs uuid[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_jobs(p_jobs uuid[]) TO holdfast_operate;

-- Name: FUNCTION webhook_message_list(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_list(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_list(p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_list(p_filter jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_message_show(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_show(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_show(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_show(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_message_wanted(p_filter jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_message_wanted(p_filter jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_message_wanted(p_filter jsonb) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_message_wanted(p_filter jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_messages_back(p_wanted jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_messages_back(p_wanted jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_messages_back(p_wanted jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_messages_back(p_wanted jsonb, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_messages_few(p_wanted jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_messages_few(p_wanted jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_messages_few(p_wanted jsonb) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_messages_few(p_wanted jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_missing(p_source text, p_account text, p_ids text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_missing(p_source text, p_account text, p_ids text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_missing(p_source text, p_account text, p_ids text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_moment(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_moment(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_moment(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_moment(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_moment(p_text text) TO holdfast_operate;

-- Name: FUNCTION webhook_move_cursor(p_name text, p_xact xid8, p_event uuid, p_place text, p_reached timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_move_cursor(p_name text, p_xact xid8, p_event uuid, p_place text, p_reached timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_move_cursor(p_name text, p_xact xid8, p_event uuid, p_place text, p_reached timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_note_environment(p_sources jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_note_environment(p_sources jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_note_environment(p_sources jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_note_environment(p_sources jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_number(p_xact xid8, p_latest xid8); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) TO holdfast_operate;

-- Name: FUNCTION webhook_numbered(p_xact xid8); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_numbered(p_xact xid8) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_numbered(p_xact xid8) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_numbered(p_xact xid8) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_numbered(p_xact xid8) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_numbered(p_xact xid8) TO holdfast_operate;

-- Name: FUNCTION webhook_ordering_key(p_kind text, p_account text, p_object_id text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) TO holdfast_operate;

-- Name: FUNCTION webhook_over(p_mode text, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_pause(p_source text, p_pattern text, p_who text, p_why text, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_pause(p_source text, p_pattern text, p_who text, p_why text, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_pause(p_source text, p_pattern text, p_who text, p_why text, p_until timestamp with time zone) TO holdfast_operate;

-- Name: TABLE webhook_pauses; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_pauses TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_pauses TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_pauses TO holdfast_operate;

-- Name: FUNCTION webhook_pause_key(p_pause holdfast.webhook_pauses); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_pause_key(p_pause holdfast.webhook_pauses) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_pause_key(p_pause holdfast.webhook_pauses) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_pause_key(p_pause holdfast.webhook_pauses) TO holdfast_operate;

-- Name: FUNCTION webhook_pause_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_pause_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_pause_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_pause_list() TO holdfast_operate;

-- Name: FUNCTION webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean) TO holdfast_operate;

-- Name: FUNCTION webhook_plain_url(p_url text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_plain_url(p_url text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_plain_url(p_url text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_plain_url(p_url text) TO holdfast_operate;

-- Name: FUNCTION webhook_plan_replay(p_filter jsonb, p_kinds text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_plan_replay(p_filter jsonb, p_kinds text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_plan_replay(p_filter jsonb, p_kinds text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_plan_replay(p_filter jsonb, p_kinds text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_provider_alerts(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_provider_alerts() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_provider_alerts() TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_provider_alerts() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_provider_alerts() TO holdfast_operate;

-- Name: FUNCTION webhook_provider_deadlines(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_provider_deadlines() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_provider_deadlines() TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_provider_deadlines() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_provider_deadlines() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_provider_deadlines() TO holdfast_operate;

-- Name: FUNCTION webhook_prune(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_messages(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb, p_scheme text, p_options jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb, p_scheme text, p_options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb, p_scheme text, p_options jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb, p_scheme text, p_options jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb, p_scheme text, p_options jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_receive_many(p_events jsonb, p_bodies bytea[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) TO holdfast_operate;

-- Name: FUNCTION webhook_recover(p_name text, p_since text, p_who text, p_why text, p_options jsonb, OUT failed integer, OUT missing integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_recover(p_name text, p_since text, p_who text, p_why text, p_options jsonb, OUT failed integer, OUT missing integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_recover(p_name text, p_since text, p_who text, p_why text, p_options jsonb, OUT failed integer, OUT missing integer) TO holdfast_operate;

-- Name: FUNCTION webhook_redact(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_redact(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_redact(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_redact(p_limit integer) TO holdfast_operate;

-- Name: TABLE webhook_sources; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_sources TO holdfast_read;
GRANT SELECT ON TABLE holdfast.webhook_sources TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_sources TO holdfast_operate;

-- Name: FUNCTION webhook_redact_source(p_source holdfast.webhook_sources, p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_redact_source(p_source holdfast.webhook_sources, p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_redact_source(p_source holdfast.webhook_sources, p_now timestamp with time zone, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_redact_source(p_source holdfast.webhook_sources, p_now timestamp with time zone, p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_redacted(p_body bytea, p_paths text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_redacted(p_body bytea, p_paths text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_redacted(p_body bytea, p_paths text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_redacted(p_body bytea, p_paths text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_redacted_headers(p_headers jsonb, p_names text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_redacted_headers(p_headers jsonb, p_names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_redacted_headers(p_headers jsonb, p_names text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_redacted_headers(p_headers jsonb, p_names text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_reference(p_event uuid, p_endpoint uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_refusal_list(p_days integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_refusal_list(p_days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_refusal_list(p_days integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_refusal_list(p_days integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_refusal_list(p_days integer) TO holdfast_operate;

-- Name: FUNCTION webhook_register(p_app text, p_handlers jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_register(p_app text, p_handlers jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_register(p_app text, p_handlers jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_register(p_app text, p_handlers jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_release(p_id uuid, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_release(p_id uuid, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_release(p_id uuid, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text) TO holdfast_operate;

-- Name: FUNCTION webhook_remove_source(p_name text, p_force boolean, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_remove_source(p_name text, p_force boolean, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_remove_source(p_name text, p_force boolean, p_who text) TO holdfast_operate;

-- Name: FUNCTION webhook_replay(p_filter jsonb, p_who text, p_why text, p_kinds text[], p_rate double precision, p_made integer, p_limit integer, p_from timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_replay(p_filter jsonb, p_who text, p_why text, p_kinds text[], p_rate double precision, p_made integer, p_limit integer, p_from timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_replay(p_filter jsonb, p_who text, p_why text, p_kinds text[], p_rate double precision, p_made integer, p_limit integer, p_from timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_replay_candidates(p_filter jsonb, p_kinds text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_replay_candidates(p_filter jsonb, p_kinds text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_replay_candidates(p_filter jsonb, p_kinds text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_replay_candidates(p_filter jsonb, p_kinds text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_resume(p_source text, p_pattern text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_resume(p_source text, p_pattern text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_resume(p_source text, p_pattern text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION webhook_says_the_same(p_one bytea, p_other bytea); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) TO holdfast_operate;

-- Name: FUNCTION webhook_secret_list(p_owner text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_secret_list(p_owner text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_secret_list(p_owner text) TO holdfast_operate;

-- Name: FUNCTION webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint text) TO holdfast_operate;

-- Name: FUNCTION webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_sent_secret(p_scheme text, p_settings jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_sent_secret(p_scheme text, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_sent_secret(p_scheme text, p_settings jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_sent_secret(p_scheme text, p_settings jsonb) TO holdfast_operate;

-- Name: FUNCTION webhook_set_endpoint(p_name text, p_changes jsonb, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_set_endpoint(p_name text, p_changes jsonb, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_set_endpoint(p_name text, p_changes jsonb, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION webhook_set_endpoint_state(p_name text, p_state text, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_set_endpoint_state(p_name text, p_state text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_set_endpoint_state(p_name text, p_state text, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION webhook_set_source(p_name text, p_changes jsonb, p_who text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_set_source(p_name text, p_changes jsonb, p_who text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_set_source(p_name text, p_changes jsonb, p_who text) TO holdfast_operate;

-- Name: FUNCTION webhook_show(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_show(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_show(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_show(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_show(p_id uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_source_book(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_source_book() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_source_book() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_source_book() TO holdfast_operate;

-- Name: FUNCTION webhook_sources_known(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_sources_known() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_sources_known() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_sources_known() TO holdfast_operate;

-- Name: FUNCTION webhook_sources_seen(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_sources_seen() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_sources_seen() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_sources_seen() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_sources_seen() TO holdfast_operate;

-- Name: FUNCTION webhook_states(p_jobs uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_states(p_jobs uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_states(p_jobs uuid[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_states(p_jobs uuid[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_states(p_jobs uuid[]) TO holdfast_operate;

-- Name: FUNCTION webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text) TO holdfast_operate;

-- Name: FUNCTION webhook_subject(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_subject(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_subject(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_subject(p_text text) TO holdfast_operate;

-- Name: FUNCTION webhook_tell_of_providers(p_events jsonb, p_batch uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) TO holdfast_operate;

-- Name: FUNCTION webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean) TO holdfast_operate;

-- Name: FUNCTION webhook_unsent(p_endpoint holdfast.webhook_endpoints, p_since timestamp with time zone, p_until timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_unsent(p_endpoint holdfast.webhook_endpoints, p_since timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_unsent(p_endpoint holdfast.webhook_endpoints, p_since timestamp with time zone, p_until timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION webhook_upkeep_step(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_upkeep_step() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_upkeep_step() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_upkeep_step() TO holdfast_operate;

-- Name: FUNCTION webhook_wanted(p_events jsonb, p_kinds text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_wants(p_pattern text, p_type text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) TO holdfast_operate;

-- Name: FUNCTION webhook_wants_any(p_pattern text, p_types text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) TO holdfast_operate;

-- Name: FUNCTION webhook_window(p_source text, p_until timestamp with time zone, p_size integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) TO holdfast_operate;

-- Name: FUNCTION widen_keys(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.widen_keys(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.widen_keys(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.widen_keys(p_queue text) TO holdfast_operate;

-- Name: FUNCTION wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) TO holdfast_operate;

-- Name: FUNCTION worker_list(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.worker_list() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.worker_list() TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.worker_list() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.worker_list() TO holdfast_operate;

-- Name: FUNCTION write_rates(p_wishes holdfast.rate_wish[], p_before bigint[], p_after bigint[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.write_rates(p_wishes holdfast.rate_wish[], p_before bigint[], p_after bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.write_rates(p_wishes holdfast.rate_wish[], p_before bigint[], p_after bigint[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.write_rates(p_wishes holdfast.rate_wish[], p_before bigint[], p_after bigint[]) TO holdfast_operate;

-- Name: FUNCTION zone_or_error(p_timezone text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.zone_or_error(p_timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.zone_or_error(p_timezone text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.zone_or_error(p_timezone text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.zone_or_error(p_timezone text) TO holdfast_operate;

-- Name: TABLE attempts; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.attempts TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.attempts TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.attempts TO holdfast_operate;

-- Name: TABLE attempts_default; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.attempts_default TO holdfast_read;
GRANT SELECT ON TABLE holdfast.attempts_default TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.attempts_default TO holdfast_operate;

-- Name: TABLE dead_letter_groups; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.dead_letter_groups TO holdfast_read;
GRANT SELECT ON TABLE holdfast.dead_letter_groups TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.dead_letter_groups TO holdfast_operate;

-- Name: TABLE dedupe_keys; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.dedupe_keys TO holdfast_read;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.dedupe_keys TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.dedupe_keys TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.dedupe_keys TO holdfast_operate;

-- Name: TABLE email_answers; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_answers TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_answers TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_answers TO holdfast_operate;

-- Name: TABLE email_attachments; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_attachments TO holdfast_read;
GRANT SELECT,INSERT,DELETE ON TABLE holdfast.email_attachments TO holdfast_work;
GRANT INSERT ON TABLE holdfast.email_attachments TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_attachments TO holdfast_operate;

-- Name: TABLE email_files; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_files TO holdfast_read;
GRANT SELECT,INSERT,DELETE ON TABLE holdfast.email_files TO holdfast_work;
GRANT INSERT ON TABLE holdfast.email_files TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_files TO holdfast_operate;

-- Name: COLUMN email_files.hash; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(hash) ON TABLE holdfast.email_files TO holdfast_enqueue;
GRANT SELECT(hash) ON TABLE holdfast.email_files TO holdfast_work;

-- Name: COLUMN email_files.created_at; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(created_at) ON TABLE holdfast.email_files TO holdfast_enqueue;
GRANT UPDATE(created_at) ON TABLE holdfast.email_files TO holdfast_work;

-- Name: TABLE email_keeping; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_keeping TO holdfast_read;
GRANT SELECT ON TABLE holdfast.email_keeping TO holdfast_work;
GRANT SELECT ON TABLE holdfast.email_keeping TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_keeping TO holdfast_operate;

-- Name: COLUMN email_keeping.ran_at; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(ran_at) ON TABLE holdfast.email_keeping TO holdfast_work;

-- Name: TABLE email_logins; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.email_logins TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_logins TO holdfast_operate;

-- Name: COLUMN email_logins.name; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(name) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.tenant; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(tenant) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.created_at; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(created_at) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.created_by; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(created_by) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.rotated_at; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(rotated_at) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.last_used_at; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(last_used_at) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.disabled_at; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(disabled_at) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.disabled_by; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(disabled_by) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: COLUMN email_logins.old_until; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT(old_until) ON TABLE holdfast.email_logins TO holdfast_read;

-- Name: TABLE email_looked_through; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_looked_through TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_looked_through TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_looked_through TO holdfast_operate;

-- Name: TABLE email_loose_files; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_loose_files TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_loose_files TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_loose_files TO holdfast_operate;

-- Name: TABLE email_recipients; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_recipients TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_recipients TO holdfast_work;
GRANT SELECT,INSERT ON TABLE holdfast.email_recipients TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_recipients TO holdfast_operate;

-- Name: COLUMN email_recipients.feedback; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(feedback) ON TABLE holdfast.email_recipients TO holdfast_enqueue;

-- Name: COLUMN email_recipients.feedback_at; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(feedback_at) ON TABLE holdfast.email_recipients TO holdfast_enqueue;

-- Name: TABLE email_queue; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_queue TO holdfast_read;
GRANT SELECT ON TABLE holdfast.email_queue TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_queue TO holdfast_operate;

-- Name: TABLE email_submissions; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_submissions TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_submissions TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_submissions TO holdfast_operate;

-- Name: TABLE email_templates; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.email_templates TO holdfast_read;
GRANT SELECT ON TABLE holdfast.email_templates TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.email_templates TO holdfast_operate;

-- Name: TABLE finished_jobs_default; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.finished_jobs_default TO holdfast_read;
GRANT SELECT ON TABLE holdfast.finished_jobs_default TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.finished_jobs_default TO holdfast_operate;

-- Name: TABLE idle_workers; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.idle_workers TO holdfast_read;
GRANT SELECT ON TABLE holdfast.idle_workers TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.idle_workers TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.idle_workers TO holdfast_operate;

-- Name: TABLE job_attempts; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.job_attempts TO holdfast_read;
GRANT SELECT ON TABLE holdfast.job_attempts TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.job_attempts TO holdfast_operate;

-- Name: TABLE migrations; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.migrations TO holdfast_read;
GRANT SELECT ON TABLE holdfast.migrations TO holdfast_enqueue;
GRANT SELECT ON TABLE holdfast.migrations TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.migrations TO holdfast_operate;

-- Name: TABLE operations; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.operations TO holdfast_read;
GRANT SELECT,INSERT ON TABLE holdfast.operations TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.operations TO holdfast_operate;

-- Name: TABLE ordering_keys; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.ordering_keys TO holdfast_read;
GRANT SELECT,INSERT,UPDATE ON TABLE holdfast.ordering_keys TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ordering_keys TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.ordering_keys TO holdfast_operate;

-- Name: TABLE rate_limits; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.rate_limits TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.rate_limits TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.rate_limits TO holdfast_operate;

-- Name: TABLE rate_limit_counters; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.rate_limit_counters TO holdfast_read;
GRANT SELECT ON TABLE holdfast.rate_limit_counters TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.rate_limit_counters TO holdfast_operate;

-- Name: TABLE rate_limits_durable; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.rate_limits_durable TO holdfast_read;
GRANT SELECT ON TABLE holdfast.rate_limits_durable TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.rate_limits_durable TO holdfast_operate;

-- Name: TABLE rate_limits_fast; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.rate_limits_fast TO holdfast_read;
GRANT SELECT ON TABLE holdfast.rate_limits_fast TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.rate_limits_fast TO holdfast_operate;

-- Name: SEQUENCE ready_jobs_seq_seq; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON SEQUENCE holdfast.ready_jobs_seq_seq TO holdfast_work;
GRANT SELECT ON SEQUENCE holdfast.ready_jobs_seq_seq TO holdfast_operate;

-- Name: TABLE replay_items; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.replay_items TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.replay_items TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.replay_items TO holdfast_operate;

-- Name: TABLE schedule_ticks; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.schedule_ticks TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.schedule_ticks TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.schedule_ticks TO holdfast_operate;

-- Name: TABLE slots; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.slots TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.slots TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.slots TO holdfast_operate;

-- Name: TABLE tenant_turns; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.tenant_turns TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.tenant_turns TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.tenant_turns TO holdfast_operate;

-- Name: TABLE webhook_deadlines; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_deadlines TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_deadlines TO holdfast_work;
GRANT INSERT ON TABLE holdfast.webhook_deadlines TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_deadlines TO holdfast_operate;

-- Name: TABLE webhook_deliveries; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_deliveries TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_deliveries TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_deliveries TO holdfast_operate;

-- Name: TABLE webhook_environment; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_environment TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_environment TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_environment TO holdfast_operate;

-- Name: TABLE webhook_handlers_seen; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_handlers_seen TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_handlers_seen TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_handlers_seen TO holdfast_operate;

-- Name: TABLE webhook_hidings; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_hidings TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_hidings TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_hidings TO holdfast_operate;

-- Name: TABLE webhook_latest; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_latest TO holdfast_read;
GRANT SELECT ON TABLE holdfast.webhook_latest TO holdfast_work;
GRANT SELECT ON TABLE holdfast.webhook_latest TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_latest TO holdfast_operate;

-- Name: TABLE webhook_messages; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_messages TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_messages TO holdfast_work;
GRANT SELECT,INSERT ON TABLE holdfast.webhook_messages TO holdfast_enqueue;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_messages TO holdfast_operate;

-- Name: COLUMN webhook_messages.jobs; Type: ACL; Schema: holdfast; Owner: -

GRANT UPDATE(jobs) ON TABLE holdfast.webhook_messages TO holdfast_enqueue;

-- Name: TABLE webhook_prunings; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_prunings TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_prunings TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_prunings TO holdfast_operate;

-- Name: TABLE webhook_redactions; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_redactions TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_redactions TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_redactions TO holdfast_operate;

-- Name: TABLE webhook_refusal_samples; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_refusal_samples TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_refusal_samples TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_refusal_samples TO holdfast_operate;

-- Name: TABLE webhook_refusals; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_refusals TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_refusals TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_refusals TO holdfast_operate;

-- Name: TABLE webhook_retry_queue; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_retry_queue TO holdfast_read;
GRANT SELECT ON TABLE holdfast.webhook_retry_queue TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_retry_queue TO holdfast_operate;

-- Name: TABLE webhook_secret_uses; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_secret_uses TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_secret_uses TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_secret_uses TO holdfast_operate;

-- Name: TABLE webhook_secrets; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_secrets TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_secrets TO holdfast_operate;

-- Name: TABLE webhook_upkeep; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.webhook_upkeep TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_upkeep TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.webhook_upkeep TO holdfast_operate;
