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
    AS 27 lines, ebd789e58448b55f;

-- Name: admitted_in(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.admitted_in(p_policy holdfast.queues) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 6a629c4d47243c6c;

-- Name: advance_key(text, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.advance_key(p_queue text, p_key text, p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, f4958b098103bf3f;

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
    AS 20 lines, b62a14e81898287c;

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
    AS 3 lines, 974582cb0834ff82;

-- Name: apply_grants(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.apply_grants() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 37 lines, a4a550b188e04486;

-- Name: as_edited(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.as_edited(p_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 764359fb14bcdf74;

-- Name: ask_breaker(text, uuid, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.ask_breaker(p_name text, p_probe uuid DEFAULT NULL::uuid, p_probe_for interval DEFAULT '00:01:00'::interval, OUT admitted boolean, OUT probe uuid, OUT retry_after double precision, OUT because text) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 29 lines, aedc1cd22cf145e3;

-- Name: attempt_history(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.attempt_history(p_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 7 lines, 9f9fb277bb39d276;

-- Name: audit(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.audit() RETURNS TABLE(invariant text, job_id uuid, detail text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 35 lines, 73c82d826810df7f;

-- Name: backoff(integer, double precision, double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.backoff(p_attempt integer, p_base double precision, p_factor double precision, p_cap double precision, p_jitter double precision, p_chance double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 8 lines, 8c2af4aac7e36dde;

-- Name: batch_head(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.batch_head(p_batch uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, 2e8999b94ca05fbb;

-- Name: batch_tail(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.batch_tail(p_batch uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, 5a63b6e9ad047aec;

-- Name: become_head(text, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.become_head(p_queue text, p_key text, p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 29503646a77f5df9;

-- Name: beginning_of(date, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.beginning_of(p_day date, p_timezone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 4674e07fa9f8580e;

-- Name: blocked_key_list(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.blocked_key_list(p_queue text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS TABLE(queue text, key text, waiting bigint, head uuid, head_state text, head_attempts integer, head_run_at timestamp with time zone, because text, since timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 70447298f2b616a7;

-- Name: breaker_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_list() RETURNS TABLE(name text, state text, because text, open_until timestamp with time zone, successes bigint, failures bigint, openings integer, failure_rate double precision, minimum integer, per interval, queues text[])
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, f6d3f5fa80771aba;

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
    AS 12 lines, 3d7e7e9e09ef0be7;

-- Name: breaker_of_queue(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_of_queue(p_queue text, OUT is_open boolean, OUT probe uuid) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 1094b05978d10f56;

-- Name: breaker_state(holdfast.breakers, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.breaker_state(p_breaker holdfast.breakers, p_now timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, b4f98ec44df022fa;

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
    AS 21 lines, f01ec398f286547c;

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
    AS 13 lines, 89440f03315407cd;

-- Name: calculate_email_retry_time(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.calculate_email_retry_time(p_attempt integer) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, f4d0963fa5adfb14;

-- Name: calculate_webhook_retry_time(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.calculate_webhook_retry_time(p_attempt integer) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 862ede16df03635a;

-- Name: cancel(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cancel(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, e34ed3df1244649e;

-- Name: cancel_many(jsonb, text, text, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cancel_many(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_limit integer DEFAULT 10000, p_dry_run boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 5af82545dbf0f185;

-- Name: cancel_replay(bigint, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 6a2e7062b911bfc2;

-- Name: change_policy(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 44 lines, 5279b9e5fc2fdc4a;

-- Name: check_choice(text, text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_choice(p_what text, p_value text, p_known text[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 301ba267b3c5ede6;

-- Name: check_filter(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_filter(p_filter jsonb, p_known text[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 5b386821682871e5;

-- Name: check_jobs(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_jobs(p_jobs jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 665ff2a283201ac7;

-- Name: check_schedule(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_schedule(p_name text, p_options jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 3531919b3ce5a072;

-- Name: check_until(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.check_until(p_until timestamp with time zone, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, d9c9095025cf131f;

-- Name: checkup(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.checkup() RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 31 lines, 04feef36523fbd3e;

-- Name: claim(text, integer, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.claim(p_queue text, p_limit integer DEFAULT NULL::integer, p_worker text DEFAULT NULL::text, p_lease interval DEFAULT NULL::interval) RETURNS TABLE(id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text, enqueued_at timestamp with time zone, expires_at timestamp with time zone, deferrals integer, claim_token uuid, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 50 lines, aedf4b057cd03bf0;

-- Name: claim_job(uuid, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.claim_job(p_id uuid, p_worker text DEFAULT NULL::text, p_lease interval DEFAULT NULL::interval) RETURNS TABLE(id uuid, kind text, payload jsonb, attempt integer, tenant text, ordering_key text, enqueued_at timestamp with time zone, expires_at timestamp with time zone, deferrals integer, claim_token uuid, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 33 lines, a9e89949ee85cf14;

-- Name: clear_alert(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.clear_alert(p_key text, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, fa2a1d6eb75256d1;

-- Name: clock(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.clock() RETURNS timestamp with time zone
    LANGUAGE sql PARALLEL SAFE
    AS 3 lines, 5299b9fc84b0a075;

-- Name: close_breaker(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.close_breaker(p_name text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 1477f54243928991;

-- Name: count_group(text, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.count_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, bee1540377ed91ed;

-- Name: count_results(holdfast.breakers, integer, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.count_results(p_breaker holdfast.breakers, p_successes integer, p_failures integer, p_now timestamp with time zone) RETURNS holdfast.breakers
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 20 lines, 2616e37e14ed72c1;

-- Name: create_queue(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.create_queue(p_queue text, p_policy jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, b8aa4aefc09eefca;

-- Name: create_replay(jsonb, text, text, double precision, boolean, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.create_replay(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_rate double precision DEFAULT NULL::double precision, p_canary boolean DEFAULT false, p_limit integer DEFAULT 1000000) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 35 lines, ddb321ce39e785d8;

-- Name: cron_field(text, integer, integer, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_field(p_field text, p_low integer, p_high integer, p_names text[]) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 04a7197e52a1111c;

-- Name: cron_fields(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_fields(p_cron text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, e43c2f425fc1b491;

-- Name: cron_next(text, timestamp with time zone, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_next(p_cron text, p_after timestamp with time zone, p_timezone text DEFAULT 'UTC'::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 39 lines, 3f065507358af5d3;

-- Name: cron_value(text, integer, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.cron_value(p_text text, p_low integer, p_names text[]) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 8bdb11a5bf915584;

-- Name: dead_letter_group_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_group_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(fingerprint text, letters bigint, queue text, kind text, last_died timestamp with time zone, latest_error text, reasons text[], first_died timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 10ca6777ea94c307;

-- Name: dead_letter_groups_at_hand(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_groups_at_hand(p_queue text) RETURNS TABLE(queue text, fingerprint text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 182f7afa819fcaf7;

-- Name: dead_letter_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.dead_letter_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, queue text, kind text, died_at timestamp with time zone, reason text, error text, attempts integer, fingerprint text, tenant text, ordering_key text, crashes integer, enqueued_at timestamp with time zone, replay_of uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'on'
    SET jit TO 'off'
    AS 44 lines, 7546b05540c0fd93;

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
    AS 13 lines, 1a83238d0fdde4cd;

-- Name: delete_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.delete_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, a926fcc125b560f2;

-- Name: differences(jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.differences(p_old jsonb, p_new jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, c88cee53c8ea4e78;

-- Name: discard_dead_letters(jsonb, text, text, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.discard_dead_letters(p_filter jsonb, p_who text, p_why text, p_limit integer DEFAULT 10000, p_dry_run boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, 5c8481ac0337d543;

-- Name: drop_partitions(text, timestamp without time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.drop_partitions(p_table text, p_before timestamp without time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 7179bac75af645ec;

-- Name: edge_of_group(text, text, text, timestamp with time zone, timestamp with time zone, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.edge_of_group(p_queue text, p_fingerprint text, p_tenant text, p_since timestamp with time zone, p_until timestamp with time zone, p_latest boolean) RETURNS TABLE(kind text, died_at timestamp with time zone, error text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, d6195ae0af583b23;

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
    AS 19 lines, 1a1a6456a415532f;

-- Name: email_address_fault(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_fault(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, bec9706fee660678;

-- Name: email_address_hash(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_hash(p_address text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 7922ead373eca624;

-- Name: email_address_pattern(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_address_pattern(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 41eb62cd7244fb7e;

-- Name: email_admit(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_admit(p_messages jsonb) RETURNS TABLE(ordinality bigint, retry_after double precision, scope text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 33 lines, 7d6b2d83c130d7c7;

-- Name: email_admitted(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_admitted(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 42adfaf3c7d9d36f;

-- Name: email_again(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_again(p_id uuid) RETURNS TABLE(message_id text, list text, tenant text)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 00c9e110cd331997;

-- Name: email_all_in_ascii(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_all_in_ascii(p_addresses text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, c46b95fbcc77d476;

-- Name: email_answers_between(uuid, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_answers_between(p_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 8acdb63ff6990a54;

-- Name: email_base64(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_base64(p_data bytea) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 0971a0fc644e1aeb;

-- Name: email_body_gone(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_body_gone() RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 2221361281d0fc80;

-- Name: email_bytes(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_bytes(p_id uuid) RETURNS bytea
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, d5dd198dd35b2f20;

-- Name: email_cancel(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_cancel(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS TABLE(state text, delivered integer, pending integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 2c171aae14ba833d;

-- Name: email_check(text, text[], text, text, bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 29 lines, d5a67b2a9a4e64b0;

-- Name: email_check_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_feedback(p_provider text, p_events jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, 1b3db2f7ae6682b8;

-- Name: email_check_files(integer, integer[], bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_files(p_size integer, p_places integer[], p_files bytea[]) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 7ffffe29cd986848;

-- Name: email_check_options(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_options(p_options jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 35 lines, bebf4346dd6d9b80;

-- Name: email_check_same(uuid, text, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_same(p_id uuid, p_sender text, p_recipients text[], p_subject text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 15955c1a2c2e98d4;

-- Name: email_check_suppressions(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_check_suppressions(p_entries jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 27 lines, e071827d9ad9b0b5;

-- Name: email_detach(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_detach(p_ids uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, a49d84323f5991c6;

-- Name: email_doubts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_doubts() RETURNS TABLE(id uuid, provider text, at timestamp with time zone, state text, because text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 0f3e6ed11dc99271;

-- Name: email_drop_bodies(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_drop_bodies(p_limit integer DEFAULT 200) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 71d722d01302ff53;

-- Name: email_ended_before(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_ended_before(p_id uuid, p_moment timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 62749401d053d474;

-- Name: email_enqueue(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_enqueue(p_options jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 5fafe03f8caa6fee;

-- Name: email_erase(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase(p_address text, p_by text, p_why text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 45 lines, 036a57bb092a773d;

-- Name: email_erase_emails(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_emails(p_address text, p_alone uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 6272aa2c3cdb332e;

-- Name: email_erase_feedback(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_feedback(p_address text, p_hash text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 67fdf15aa264e9f8;

-- Name: email_erase_shared(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_shared(p_address text, p_shared uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, e6a285323f4de2de;

-- Name: email_erase_words(text, uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_erase_words(p_address text, p_ids uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, a2b65414d8779cf9;

-- Name: email_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback(p_provider text, p_events jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 10 lines, 8ff947dfd527c368;

-- Name: email_feedback_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 32 lines, 53d39652dab0ed37;

-- Name: email_feedback_weight(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_feedback_weight(p_kind text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 54cb6a0312c25eb1;

-- Name: email_files_prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_files_prune(p_limit integer DEFAULT 100) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 20 lines, f66089a4a3c99f56;

-- Name: email_filter(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_filter(p_filter jsonb, OUT state text, OUT tenant text, OUT tag text, OUT source text, OUT subject text, OUT message_id text, OUT before uuid) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 00f0d508bb002f98;

-- Name: email_find(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_find(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, created_at timestamp with time zone, status text, sender text, recipients text[], subject text, attempts integer, last_error text, next_attempt_at timestamp with time zone, source text, size integer, tenant text, tags text[])
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, b34ba61d8ce4e77a;

-- Name: email_fingerprint(text, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fingerprint(p_sender text, p_recipients text[], p_subject text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 6062ece50e993d8e;

-- Name: email_finish(uuid[], uuid[], uuid[], text[], text[], integer[], text[], text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_finish(p_ids uuid[], p_tokens uuid[], p_emails uuid[], p_addresses text[], p_status text[], p_codes integer[], p_answers text[], p_providers text[], p_provider_ids text[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS 14 lines, a228a5749875dbfb;

-- Name: email_fits(holdfast.emails, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fits(p_email holdfast.emails, p_filter jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 3a8bb126c422aa95;

-- Name: email_fitting(jsonb, uuid[], integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_fitting(p_filter jsonb, p_some uuid[], p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 22 lines, 9ecc239a004b8d63;

-- Name: email_forget(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_forget(p_limit integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 20 lines, 2214e7223b858169;

-- Name: email_found_back(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_back(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, f2bd3a2a404b6df9;

-- Name: email_found_by_address(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_by_address(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 12 lines, 962dfff1ee3abc3d;

-- Name: email_found_few(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_found_few(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 29 lines, f2cf624231e79388;

-- Name: email_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 48 lines, 4cdf8096ec331f4e;

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
    AS 18 lines, 41c2546340a3abf4;

-- Name: email_heed_found(holdfast.email_events[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_heed_found(p_events holdfast.email_events[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 1e1981b0296c47ee;

-- Name: email_in_ascii(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_in_ascii(p_address text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 936ff858a99b2859;

-- Name: email_is_address(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_address(p_text text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 8aff868a8a3d78b8;

-- Name: email_is_dead_mailbox(text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_dead_mailbox(p_code text, p_says boolean DEFAULT false) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, c65b8e46c29a7d02;

-- Name: email_is_heeded(holdfast.email_events); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_is_heeded(p_event holdfast.email_events) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, eb1f9da95d4ee639;

-- Name: email_keep(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keep(p_settings jsonb, p_by text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 09083348e6ee432d;

-- Name: email_keep_file(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keep_file(p_data bytea) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, d76acd9fe08e00be;

-- Name: email_keeping_now(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_keeping_now(OUT bodies interval, OUT metadata interval, OUT bounces interval) RETURNS record
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, dac3d69794c01fa2;

-- Name: email_known_as(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_known_as(p_address text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, f0559fc56dbafff7;

-- Name: email_left(uuid, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_left(p_id uuid, p_attempt integer, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 24 lines, 43d7a3fdbd6241be;

-- Name: email_list(integer, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_list(p_limit integer DEFAULT 50, p_state text DEFAULT NULL::text) RETURNS TABLE(id uuid, created_at timestamp with time zone, status text, sender text, recipients text[], subject text, attempts integer, last_error text, next_attempt_at timestamp with time zone, source text, size integer)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 9e8c14c1b0c777a7;

-- Name: email_list_of(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_list_of(p_tags text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, f538070db735a89b;

-- Name: email_load(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_load(p_ids uuid[]) RETURNS TABLE(id uuid, message_id text, sender text, raw bytea, tenant text, pending text[], refusals text[], on_unknown text, is_own_rule boolean, is_old boolean, doubt text, doubt_s double precision, is_asked boolean, doubted text[], had text[], expires_s double precision, suppressed text[], reported text[], is_gone boolean)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS 40 lines, 6ea744f21bef53ff;

-- Name: email_login(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login(p_name text) RETURNS TABLE(password_hash text, tenant text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, f838b210a9b9733a;

-- Name: email_login_add(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_add(p_name text, p_password_hash text, p_tenant text, p_by text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, ff62a854a8b00779;

-- Name: email_login_disable(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_disable(p_name text, p_by text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 2a33c937251133c9;

-- Name: email_login_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_list() RETURNS TABLE(name text, tenant text, created_at timestamp with time zone, created_by text, rotated_at timestamp with time zone, old_until timestamp with time zone, last_used_at timestamp with time zone, disabled_at timestamp with time zone, disabled_by text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 6ce9c933e886fc8f;

-- Name: email_login_rotate(text, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_rotate(p_name text, p_password_hash text, p_overlap interval DEFAULT '00:00:00'::interval) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 4c55c303f305eae1;

-- Name: email_login_used(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_login_used(p_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, e9002f531dd9bf9a;

-- Name: email_look_on(text, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_look_on(p_task text, p_before timestamp with time zone, p_at timestamp with time zone, p_email uuid, p_limit integer, OUT looked uuid[], OUT ended uuid[], OUT last_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 21 lines, 48fd476d9d1790eb;

-- Name: email_mark(uuid, uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mark(p_id uuid, p_claim_token uuid, p_said jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 41a00cb50edc388d;

-- Name: email_mask(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 91ba29297d2e1c57;

-- Name: email_mask_base64(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_base64(p_text text, p_pattern text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 20 lines, c551714cd26e75d0;

-- Name: email_mask_bytes(bytea, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_bytes(p_raw bytea, p_address text) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 4c6f16abcd8c32d2;

-- Name: email_mask_names(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_mask_names(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 4249e2b5b5e49dd8;

-- Name: email_match_aged(integer, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_match_aged(p_age integer, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 38 lines, ad33750121afda3a;

-- Name: email_match_feedback(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_match_feedback(p_limit integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, aeef25d68b293236;

-- Name: email_move_feedback(holdfast.email_events[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_move_feedback(p_events holdfast.email_events[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 241d9e6bcb5b9799;

-- Name: email_named(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_named(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 34 lines, ba5fdb2d17b55238;

-- Name: email_next_back(text, text, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_next_back(p_way text, p_along text, p_before uuid, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 13 lines, ebdd4e8757055fa4;

-- Name: email_next_ended(text, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_next_ended(p_task text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, 43c1ee2ad219c232;

-- Name: email_of(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_of(p_message_id text, p_provider_message_id text, p_address text) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 3c47a77c5dbdfd0e;

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
    AS 3 lines, a917b86546d0f19a;

-- Name: email_pace_policy(double precision, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_pace_policy(p_pace double precision, p_cost integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, add270379cd09484;

-- Name: email_paced(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_paced() RETURNS TABLE(scope text, per_second double precision, ceiling double precision, changed_at timestamp with time zone, because text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, e1a41cf01f7e6164;

-- Name: email_pending(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_pending(p_id uuid, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 1749b871d5153410;

-- Name: email_plain(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_plain(p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, a54ec273faee0eaf;

-- Name: email_punycode(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode(p_label text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 44 lines, 6cceaf56cdaa676c;

-- Name: email_punycode_bias(integer, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, a83fa277470b6041;

-- Name: email_punycode_digit(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_punycode_digit(p_digit integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 420aee826c52b25b;

-- Name: email_put_suppressions(jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_put_suppressions(p_entries jsonb, p_by text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 61180c5c2bf71798;

-- Name: email_raw_again(bytea, text, text, timestamp with time zone, text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_raw_again(p_raw bytea, p_old_id text, p_new_id text, p_now timestamp with time zone, p_link text DEFAULT NULL::text, p_for_others boolean DEFAULT false) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, f9b2584495b81ef3;

-- Name: email_receive_many(jsonb, bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_receive_many(p_emails jsonb, p_raws bytea[]) RETURNS TABLE(ordinal bigint, id uuid)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 2f9af5a2ce10f42a;

-- Name: email_record(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_record(p_results jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 51 lines, 3ad30094317a18d0;

-- Name: email_record_all(uuid, text[], text, text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_record_all(p_id uuid, p_addresses text[], p_status text, p_answer text, p_attempt integer DEFAULT NULL::integer) RETURNS integer
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 60192b2c87628486;

-- Name: email_refusals(uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_refusals(p_id uuid, p_enqueued_at timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, db4b69004a547958;

-- Name: email_reschedule(uuid, timestamp with time zone, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_reschedule(p_id uuid, p_at timestamp with time zone, p_who text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, 09f5edde3f6d5af6;

-- Name: email_resend(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_resend(p_id uuid, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 39 lines, ac5483deb9700e94;

-- Name: email_send(text, text[], text, text, bytea, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_send(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 149443a95350382d;

-- Name: email_send_files(text, text[], text, text, bytea, integer[], bytea[], jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_send_files(p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_places integer[], p_files bytea[], p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 27 lines, 22893330c00f25fe;

-- Name: email_set_pace(text, double precision, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_set_pace(p_scope text, p_ceiling double precision, p_keep_learned boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, fc49b2733035c284;

-- Name: email_settle_moot(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_settle_moot(p_id uuid, p_claim_token uuid, p_enqueued_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 4d6919d563cbe4eb;

-- Name: email_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_show(p_id uuid) RETURNS TABLE(email jsonb, recipients jsonb, attempts jsonb, raw bytea)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 69971088204f8205;

-- Name: email_slow_down(text, double precision, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_slow_down(p_scope text, p_observed double precision, p_because text) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 1a14095821ea0dcf;

-- Name: email_store(uuid, text, text[], text, text, bytea, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_store(p_id uuid, p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea, p_options jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 83affdf3a714af15;

-- Name: email_store_feedback(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_store_feedback(p_provider text, p_events jsonb) RETURNS holdfast.email_events[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, 51e915080eb900f8;

-- Name: email_submit(uuid[], text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_submit(p_ids uuid[], p_providers text[], p_addresses text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 95f783eedd257788;

-- Name: email_suppress(text, text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress(p_address text, p_by text, p_why text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, a6cfa3a5bdeacae3;

-- Name: email_suppress_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress_many(p_entries jsonb, p_by text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 20 lines, 3ef6a108bc9e49e5;

-- Name: email_suppress_refused(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppress_refused(p_id uuid, p_results jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, c54144dcd8262c1a;

-- Name: email_suppressed(text, text[], text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_suppressed(p_tenant text, p_addresses text[], p_tags text[] DEFAULT '{}'::text[]) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, e9e76f07b4b89b5d;

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
    AS 13 lines, cba99ba202886985;

-- Name: email_take_job(uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_take_job(p_id uuid, p_what text) RETURNS holdfast.job
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, 2ad8c5a985ebcf7d;

-- Name: email_take_out(uuid[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_take_out(p_ids uuid[], p_now timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 1b662f2acfdf7d03;

-- Name: email_template_delete(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_delete(p_name text, p_locale text, p_who text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, eb27243f30b3d5af;

-- Name: email_template_list(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_list(p_name text DEFAULT NULL::text) RETURNS TABLE(name text, locale text, part text, source text, updated_at timestamp with time zone, updated_by text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, c2c563428dcf8552;

-- Name: email_template_put(text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_template_put(p_name text, p_locale text, p_part text, p_source text, p_who text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 3420236a1a6a8150;

-- Name: email_to_resend(uuid, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_to_resend(p_id uuid, p_options jsonb) RETURNS holdfast.emails
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, 9b8bba1175ebd688;

-- Name: email_unsubscribe(text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_unsubscribe(p_tenant text, p_address text, p_list text, p_message_id text, p_event text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, cde6bb4b776d76d7;

-- Name: email_unsuppress(text, text, text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_unsuppress(p_address text, p_by text, p_why text DEFAULT NULL::text, p_tenant text DEFAULT NULL::text, p_reason text DEFAULT NULL::text, p_list text DEFAULT NULL::text) RETURNS TABLE(removed integer, remaining integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, b82e6fc983e7a769;

-- Name: email_upkeep_step(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_upkeep_step() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 09eab51b50d206b2;

-- Name: email_without_address(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.email_without_address(p_text text, p_address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 286a970878c197ee;

-- Name: enqueue(text, text, jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue(p_queue text, p_kind text, p_payload jsonb DEFAULT '{}'::jsonb, p_options jsonb DEFAULT '{}'::jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, 81a6d9d0c871f45d;

-- Name: enqueue_columns(text[], text[], jsonb[], text[], text[], boolean[], timestamp with time zone[], timestamp with time zone[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_columns(p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[], p_ordering_keys text[] DEFAULT NULL::text[], p_supersede boolean[] DEFAULT NULL::boolean[], p_run_at timestamp with time zone[] DEFAULT NULL::timestamp with time zone[], p_expires_at timestamp with time zone[] DEFAULT NULL::timestamp with time zone[]) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS 33 lines, a379b274356119e5;

-- Name: enqueue_many(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_many(p_jobs jsonb) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 43 lines, 738fad4859d0ff7f;

-- Name: enqueue_one(holdfast.job, jsonb, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_one(p_job holdfast.job, p_item jsonb, p_id uuid, p_now timestamp with time zone) RETURNS TABLE(id uuid, duplicate boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 34 lines, 48d0fea9cf4e62dc;

-- Name: enqueue_payloads(text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 29 lines, f6b50b235460c77b;

-- Name: enqueue_plain(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.enqueue_plain(p_jobs jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS 30 lines, 2337c91ddd2eaa88;

-- Name: error_fingerprint(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.error_fingerprint(p_kind text, p_error text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 04ef79a4117c469a;

-- Name: every_or_error(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.every_or_error(p_every text) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 3ef942f2ca79d393;

-- Name: expire(text, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.expire(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 32 lines, 470a2b95ccbd5c09;

-- Name: explain(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.explain(p_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 218347b973679aff;

-- Name: explain_limit(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.explain_limit(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 31 lines, 859d2ccb5db5a2e5;

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
    AS 44 lines, 0f4dfdf29899a505;

-- Name: extend(jsonb, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.extend(p_leases jsonb, p_lease interval DEFAULT NULL::interval) RETURNS SETOF uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 20 lines, abaa7d04e16f339c;

-- Name: extend_slot(text, uuid, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.extend_slot(p_key text, p_slot uuid, p_for interval DEFAULT '00:01:00'::interval) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 650be67f10538689;

-- Name: fill_key(text, text, uuid[], bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, 06d009a806d7eed9;

-- Name: find_job(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.find_job(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 33 lines, 07da4ff09d7ec541;

-- Name: finish(holdfast.job, text, text, timestamp with time zone, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text DEFAULT NULL::text, p_claimed_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, e597be6e09751aa7;

-- Name: forget_breaker(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.forget_breaker(p_name text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 54b09f0421691e38;

-- Name: full_tenants(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.full_tenants(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 0f6eee895425fc13;

-- Name: get_email_queue_batch(integer, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.get_email_queue_batch(p_batch_size integer DEFAULT 50, p_lease interval DEFAULT '00:10:00'::interval) RETURNS TABLE(id uuid, claim_token uuid, attempt integer, sender text, recipients text[], subject text, message_id text, raw bytea, tenant text, metadata jsonb, enqueued_at timestamp with time zone, expires_at timestamp with time zone, lease_until timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, b58dce18423dbec4;

-- Name: get_webhook_retry_batch(integer, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.get_webhook_retry_batch(p_batch_size integer DEFAULT 50, p_lease interval DEFAULT '00:10:00'::interval) RETURNS TABLE(id uuid, claim_token uuid, attempt integer, handler text, event uuid, source text, event_id text, event_type text, body bytea, headers jsonb, received_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 20 lines, e53a0a3ddc02f7ea;

-- Name: give_back(holdfast.queues, integer, integer, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.give_back(p_policy holdfast.queues, p_admitted integer, p_picked integer, p_token uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 84f53525d94af261;

-- Name: grant_channels(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_channels(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, aca88c3b67caa6aa;

-- Name: grant_enqueue(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_enqueue(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 5b7fa0dd2600e9f7;

-- Name: grant_functions(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_functions(p_role text, p_names text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, c6c4c1cf64d1fe81;

-- Name: grant_read(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_read(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 25fcf2ebf6b6ffc5;

-- Name: grant_work(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.grant_work(p_role text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 29 lines, c82e69cec96065af;

-- Name: hand_over_alerts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.hand_over_alerts() RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 2c954c28597a1e6c;

-- Name: has_plain_jobs(text, holdfast.ready_marks); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.has_plain_jobs(p_queue text, p_mark holdfast.ready_marks) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 1fd075d3f5bfc4b1;

-- Name: heartbeat(text, text[], text, integer, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.heartbeat(p_worker text, p_queues text[], p_host text, p_pid integer, p_leases jsonb DEFAULT '[]'::jsonb) RETURNS SETOF uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 878739e49e6b186e;

-- Name: hold(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.hold(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, d4fb72e12d3b92ae;

-- Name: holder_of_dedupe_key(holdfast.job, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.holder_of_dedupe_key(p_job holdfast.job, p_item jsonb, p_now timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 7c26ee1fa3b27848;

-- Name: id_at(text, bigint, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.id_at(p_head text, p_tail bigint, p_n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, 0b8fc1935b875fcd;

-- Name: id_of_batch(uuid, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 4 lines, f2349043ce37eef6;

-- Name: is_decided(xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_decided(p_before xid8) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 21e188dbc31fd8b1;

-- Name: is_due(text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_due(p_task text, p_every interval) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 7aeb369c3ef393a2;

-- Name: is_left_out(text[], timestamp without time zone, timestamp without time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_left_out(p_field text[], p_before timestamp without time zone, p_after timestamp without time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, b2872582355e5b3d;

-- Name: is_limited(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_limited(p_policy holdfast.queues) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS 3 lines, d6d0247bffa87293;

-- Name: is_paused(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_paused(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS 3 lines, 99c6290edae0e221;

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
    AS 3 lines, bf2d866977f8055c;

-- Name: is_tenant_full(text, holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_tenant_full(p_tenant text, p_policy holdfast.queues, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, d8063faed60d8175;

-- Name: is_too_much(holdfast.breakers); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.is_too_much(p_breaker holdfast.breakers) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, feee49875eb29046;

-- Name: job_complaint(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_complaint(p_job jsonb) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS 33 lines, 169f201fd1669ce9;

-- Name: job_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, state text, queue text, kind text, attempts integer, enqueued_at timestamp with time zone, run_at timestamp with time zone, because text, waits_for text, tenant text, ordering_key text, priority smallint, crashes integer, deferrals integer, expires_at timestamp with time zone, worker text, lease_until timestamp with time zone, ended_at timestamp with time zone, replay_of uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 38 lines, fc4308d26098e1e0;

-- Name: job_of(holdfast.dead_letters); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.dead_letters) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 62bfb8406bf7034e;

-- Name: job_of(holdfast.deferred_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.deferred_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 62bfb8406bf7034e;

-- Name: job_of(holdfast.leased_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.leased_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 62bfb8406bf7034e;

-- Name: job_of(holdfast.ready_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of(r holdfast.ready_jobs) RETURNS holdfast.job
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 62bfb8406bf7034e;

-- Name: job_of_columns(text, text, jsonb, text, text, boolean, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_of_columns(p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text DEFAULT NULL::text, p_supersede boolean DEFAULT NULL::boolean, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, b2e5eec10fc3940a;

-- Name: job_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.job_show(p_id uuid) RETURNS TABLE(id uuid, state text, queue text, kind text, attempts integer, crashes integer, deferrals integer, priority smallint, tenant text, ordering_key text, enqueued_at timestamp with time zone, run_at timestamp with time zone, expires_at timestamp with time zone, waits_for text, because text, worker text, lease_until timestamp with time zone, ended_at timestamp with time zone, replay_of uuid, payload jsonb, timeline jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 0ac165fdb09b2016;

-- Name: judge_canary(holdfast.replays, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.judge_canary(p_replay holdfast.replays, p_limit integer) RETURNS holdfast.replays
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 43 lines, 5f93761d80e01f3a;

-- Name: judge_rates(holdfast.rate_wish[], bigint[], bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[], OUT changes boolean) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 36 lines, b0710c48fb1877bb;

-- Name: keep_probes(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.keep_probes(p_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, ae3064ec96eef7d9;

-- Name: key_of_letter(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.key_of_letter(p_replay bigint, p_ordinal integer) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 5 lines, 7c345919d70b41cf;

-- Name: last_of_replay(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.last_of_replay(p_replay bigint) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 4 lines, 44771da7eefbbe3a;

-- Name: leases_of_busy_keys(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.leases_of_busy_keys(p_ids uuid[]) RETURNS uuid[]
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 14 lines, b5d4b4848d5ae380;

-- Name: leave_keys(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.leave_keys(p_keys jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 9 lines, 545a1d5902516555;

-- Name: let_go(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_go(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, c822622daf624d5a;

-- Name: let_go_if_free(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_go_if_free(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '1ms'
    AS 5 lines, eee2477a3bb63771;

-- Name: let_run(holdfast.job, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.let_run(p_job holdfast.job, p_because text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, a839ecab3213a914;

-- Name: letters_to_revive(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.letters_to_revive(p_jobs jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 13 lines, 01efed4729ca6088;

-- Name: limits_in(holdfast.rate_wish[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.limits_in(p_wishes holdfast.rate_wish[]) RETURNS holdfast.rate_wish[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 6753f283bfe163a7;

-- Name: limits_of(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.limits_of(p_checks jsonb) RETURNS TABLE(number bigint, key text, asked jsonb, policy jsonb, keys integer)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 49b516efe803aa39;

-- Name: lineage(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lineage(p_id uuid) RETURNS TABLE(id uuid, state text, because text, enqueued_at timestamp with time zone, ended_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 7bb58278e2dab547;

-- Name: list_limit(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.list_limit(p_limit integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 236419c44802a097;

-- Name: lock_keys(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_keys(p_queue text, p_keys text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 8bd814f7fd313f07;

-- Name: lock_keys_of(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_keys_of(p_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 90fcf6ad7bc1f723;

-- Name: lock_keys_of_leases(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 16 lines, 84808179da297aab;

-- Name: lock_rates(holdfast.rate_wish[], bigint[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.lock_rates(p_limits holdfast.rate_wish[], p_full_at bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 29 lines, c18dfcaea478d344;

-- Name: look_over(jsonb, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, c176e3903050bd80;

-- Name: maintain(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain() RETURNS TABLE(promoted integer, rescued integer, expired integer, pruned integer, ticked integer, replayed integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, e30364b99e493d55;

-- Name: maintain_keyed(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_keyed(p_from timestamp with time zone, OUT rescued integer, OUT ticked integer, OUT replayed integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS 9 lines, b0d6dc42e0df0c65;

-- Name: maintain_partitions(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_partitions(p_days integer DEFAULT 3) RETURNS TABLE(made integer, dropped integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS 23 lines, 06749d0f3a8c9d9a;

-- Name: maintain_partitions_if_due(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.maintain_partitions_if_due(p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, e01090684da144aa;

-- Name: make_durable(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.make_durable() RETURNS boolean
    LANGUAGE sql
    AS 7 lines, c03c88e41e715c99;

-- Name: make_partition(text, date); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.make_partition(p_table text, p_day date) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 4f18a662f0d3b9d8;

-- Name: mark_email_failed(uuid, uuid, text, boolean, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_email_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean DEFAULT false, p_retry_after double precision DEFAULT NULL::double precision) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, c722fc8b7fc768dc;

-- Name: mark_email_sent(uuid, uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_email_sent(p_id uuid, p_claim_token uuid, p_provider_message_id text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, a3c32612e9c42e1d;

-- Name: mark_of(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_of(p_queue text) RETURNS holdfast.ready_marks
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 84b962c3e5be3894;

-- Name: mark_webhook_failed(uuid, uuid, text, boolean, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_webhook_failed(p_id uuid, p_claim_token uuid, p_error text, p_permanent boolean DEFAULT false, p_retry_after double precision DEFAULT NULL::double precision) RETURNS text
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 7d04d19bce1fe96b;

-- Name: mark_webhook_processed(uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.mark_webhook_processed(p_id uuid, p_claim_token uuid) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 8e8d8d99fb004b2d;

-- Name: moment_of(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.moment_of(p_given text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 159502e3b8cabc10;

-- Name: most_looked_through(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.most_looked_through() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, ed2d8957be62e40a;

-- Name: move_mark(holdfast.ready_marks, text, bigint, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.move_mark(p_mark holdfast.ready_marks, p_queue text, p_seen bigint, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 42 lines, 3daa44e6e9847ea2;

-- Name: move_turn(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.move_turn(p_queue text, p_tenant text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 2fd88c80dc585cfb;

-- Name: nanoseconds(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.nanoseconds(p_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, bc67d8bd8bbc38df;

-- Name: new_id(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.new_id() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS 0 lines, 64008301ad8b54c7;

-- Name: next_attempt_at(holdfast.queues, integer, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_attempt_at(p_policy holdfast.queues, p_attempt integer, p_after double precision, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, e7969d7638adc107;

-- Name: next_cron_day(text[], date); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_cron_day(p_field text[], p_from date) RETURNS date
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, cc9f995310eaf2d6;

-- Name: next_due(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_due(p_queue text) RETURNS double precision
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 17 lines, 1ed85bdcee70fe80;

-- Name: next_of_key(text, text, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_of_key(p_queue text, p_key text, p_passed bigint) RETURNS holdfast.deferred_jobs
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 32 lines, ce12bfe347fe8c15;

-- Name: next_of_replay(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_of_replay(p_replay bigint, p_after integer) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 6 lines, fa1e610f706e7902;

-- Name: next_tenant_mark(text, bigint, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tenant_mark(p_queue text, p_mark bigint, p_bound bigint) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 6ab036e7aa9548db;

-- Name: next_tick_in(interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tick_in(p_within interval) RETURNS double precision
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 22d7335b43081725;

-- Name: next_tick_of(text, interval, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.next_tick_of(p_cron text, p_every interval, p_timezone text, p_from timestamp with time zone, p_after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 955be65a5a533548;

-- Name: open_breaker(holdfast.breakers, double precision, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.open_breaker(p_breaker holdfast.breakers, p_after double precision, p_because text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 43e1a364c780a3cc;

-- Name: operation_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.operation_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id bigint, at timestamp with time zone, who text, action text, affected integer, why text, filter jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS 16 lines, 441e9e628bf31a75;

-- Name: outcomes_by_breaker(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.outcomes_by_breaker(p_results jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 6598a55117fc219b;

-- Name: pause_breaker(text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_breaker(p_name text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 2968f27aa7dbc5f2;

-- Name: pause_queue(text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_queue(p_queue text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 5c5821706f9225a6;

-- Name: pause_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pause_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 1142478b6f0c260f;

-- Name: pauses_of(holdfast.queues, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pauses_of(p_policy holdfast.queues, p_now timestamp with time zone) RETURNS TABLE(since timestamp with time zone, until timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 12 lines, c551be7dcf385e66;

-- Name: pick(holdfast.queues, integer, holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, 0424c4e047cddce7;

-- Name: pick_in_turn(holdfast.queues, integer, holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_in_turn(p_policy holdfast.queues, p_limit integer, p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 08b84e8354351957;

-- Name: pick_of_tenant(text, text, integer, tid[], holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_of_tenant(p_queue text, p_tenant text, p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone) RETURNS TABLE(place tid, priority smallint, seq bigint, rank bigint)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, 82154339ce5aad4c;

-- Name: pick_round(text, text[], integer[], integer, tid[], holdfast.ready_marks, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.pick_round(p_queue text, p_tenants text[], p_room integer[], p_limit integer, p_except tid[], p_mark holdfast.ready_marks, p_now timestamp with time zone, OUT places tid[], OUT seen bigint, OUT tenants text[], OUT room integer[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, ce09f7abf28630ac;

-- Name: plan_replay(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.plan_replay(p_filter jsonb, p_limit integer DEFAULT 1000000) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 766d7cdb3d0cfc11;

-- Name: policy_apart(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.policy_apart(p_queue text, p_policy jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 8f7b5a4fcaa07c95;

-- Name: process_email_queue(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.process_email_queue(p_batch_size integer DEFAULT 50) RETURNS TABLE(batch integer, emails integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, 280e4abdb8952bb4;

-- Name: promote_due(text, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.promote_due(p_queue text, p_limit integer, p_now timestamp with time zone, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 22 lines, 63ef3c4563f9a97a;

-- Name: prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune(p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, ee76dcf71e3658a0;

-- Name: prune_alerts(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_alerts(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 8 lines, b28c1dabd89bf457;

-- Name: prune_breakers(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_breakers(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 0261806c138c8cbf;

-- Name: prune_keys(timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_keys(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 22 lines, 530d7175bd3d6b5b;

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
    AS 15 lines, a0eddf03f7edb013;

-- Name: prune_marks(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_marks(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 9cac5f19fd0961a5;

-- Name: prune_rates(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_rates(p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, e4bad275f2f32e84;

-- Name: prune_replays(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_replays(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, f161d784d4033fa5;

-- Name: prune_ticks(timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.prune_ticks(p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, df82311b4d7d4b6f;

-- Name: put_deferred(holdfast.job, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_deferred(p_job holdfast.job, p_waits_for text, p_because text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, bba059206f58bd5c;

-- Name: put_in_line(holdfast.job, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_in_line(p_job holdfast.job, p_because text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, d3e96c3f07307688;

-- Name: put_off_letter(bigint, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_off_letter(p_replay bigint, p_ordinal integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 7 lines, 9f1cdf41f21fa56a;

-- Name: put_ready(holdfast.job); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.put_ready(p_job holdfast.job) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 30b43562051700aa;

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
    AS 2 lines, fe39206d0e856b41;

-- Name: queue_policy(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.queue_policy(p_queue text) RETURNS holdfast.queues
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 35f36e6dd319a642;

-- Name: raise_alert(text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_alert(p_key text, p_text text, p_details jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 4e19312988305a9c;

-- Name: raise_goes_on(text, bigint, integer, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_goes_on(p_what text, p_looked bigint, p_found integer, p_also text, p_from text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, a77e8c55c5db7efc;

-- Name: raise_no_job(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_no_job(p_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, cfad0a8860f82aa4;

-- Name: raise_not_dead(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.raise_not_dead(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 9a3802c448e69718;

-- Name: rate_allowed(text, integer, interval, integer, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_allowed(p_key text, p_quota integer, p_per interval, p_burst integer DEFAULT NULL::integer, p_cost integer DEFAULT 1) RETURNS boolean
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, aa360a896059777b;

-- Name: rate_answer_of(holdfast.rate_wish, bigint, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_answer_of(p_wish holdfast.rate_wish, p_full_at bigint, p_grant integer, p_now bigint) RETURNS holdfast.rate_answer
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 7aea9c69326d8069;

-- Name: rate_check(text[], jsonb, integer, text, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_check(p_keys text[], p_policies jsonb, p_cost integer DEFAULT 1, p_mode text DEFAULT 'charge'::text, p_in_transaction boolean DEFAULT false) RETURNS SETOF holdfast.rate_answer
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 22cbbcafe72a8ebe;

-- Name: rate_check_many(jsonb, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_check_many(p_checks jsonb, p_in_transaction boolean DEFAULT false) RETURNS SETOF holdfast.rate_answer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 17 lines, f9c8b76b7fbee9de;

-- Name: rate_complaint(text, jsonb, jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_complaint(p_key text, p_policy jsonb, p_check jsonb, p_keys integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 28 lines, be4b23d83484c164;

-- Name: rate_left(bigint, integer, bigint, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_left(p_full_at bigint, p_quota integer, p_period bigint, p_burst integer, p_now bigint) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS 8 lines, 62dcdeb9ec183c9a;

-- Name: rate_limit_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_limit_list(p_limit integer DEFAULT 50) RETURNS TABLE(key text, policy text, remaining integer, quota integer, per double precision, burst integer, full_at timestamp with time zone, durable boolean)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, fa448335e72b5ae6;

-- Name: rate_of_queue(holdfast.queues); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_of_queue(p_policy holdfast.queues) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 3cea4254dc3e2634;

-- Name: rate_worth(integer, integer, bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rate_worth(p_units integer, p_quota integer, p_period bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, d031c3f411494075;

-- Name: read_full_at(holdfast.rate_wish[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_full_at(p_limits holdfast.rate_wish[]) RETURNS bigint[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, e29272c596c7d180;

-- Name: read_interval(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_interval(p_text text) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 35cb6cf41f144303;

-- Name: read_job_filter(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_job_filter(p_filter jsonb, OUT queue text, OUT state text, OUT kind text, OUT tenant text, OUT before uuid, OUT states text[], OUT ended text[]) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 8dfa2b0d92e77d01;

-- Name: read_rate_checks(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.read_rate_checks(p_checks jsonb) RETURNS holdfast.rate_wish[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 5947b581eebfafde;

-- Name: record_attempt(holdfast.leased_jobs, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_attempt(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_now timestamp with time zone, p_next timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 7ca449ce9991e1bf;

-- Name: record_held(holdfast.deferred_jobs); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_held(p_held holdfast.deferred_jobs) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 2af77706306d3257;

-- Name: record_late(uuid, uuid, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_late(p_id uuid, p_token uuid, p_verdict text, p_because text, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 4c190d5670629c9a;

-- Name: record_operation(text, text, text, jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.record_operation(p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 0629e41e87f9ba61;

-- Name: refund_rate(holdfast.queues, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refund_rate(p_policy holdfast.queues, p_units integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 68b9adbc8ac4f136;

-- Name: refuse_known_id(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refuse_known_id(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, b2937194402c1bc7;

-- Name: refuse_transaction(boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.refuse_transaction(p_in_transaction boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 60b368ec83c355c1;

-- Name: release(jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.release(p_leases jsonb, p_because text DEFAULT 'released'::text) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 14 lines, 333dff5d1e1563e3;

-- Name: release_slot(text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.release_slot(p_key text, p_slot uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 57964a9b62d21093;

-- Name: replaced_by(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replaced_by(p_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 6 lines, de46868338dbc319;

-- Name: replay(uuid, text, text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay(p_id uuid, p_who text, p_why text DEFAULT NULL::text, p_payload jsonb DEFAULT NULL::jsonb, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, a9239407bbb4d166;

-- Name: replay_dead_letters(jsonb, text, text, integer, double precision, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_dead_letters(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_limit integer DEFAULT 10000, p_rate double precision DEFAULT NULL::double precision, p_dry_run boolean DEFAULT false) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, d3976970cdc94e71;

-- Name: replay_excluded(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_excluded(p_ids uuid[]) RETURNS TABLE(id uuid, queue text, fingerprint text, excluded text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 7 lines, b2ee08d6033852f5;

-- Name: replay_item_list(bigint, jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_item_list(p_id bigint, p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(job_id uuid, outcome text, state text, because text, at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 27 lines, faaac09feb38f2cc;

-- Name: replay_letter(bigint, integer, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_letter(p_replay bigint, p_ordinal integer, p_run_at timestamp with time zone, p_now timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '1ms'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 28 lines, 1fd7d447cd0161ef;

-- Name: replay_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_list(p_limit integer DEFAULT 50) RETURNS TABLE(id bigint, state text, total integer, replayed integer, who text, why text, created_at timestamp with time zone, ended_at timestamp with time zone, rate double precision, note text, filter jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 0fb43766de77a963;

-- Name: replay_numbered(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_numbered(p_id bigint) RETURNS holdfast.replays
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 18c780922829ed62;

-- Name: replay_show(bigint); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.replay_show(p_id bigint) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, e38e9238aaad5e0f;

-- Name: rescue(text, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rescue(p_queue text DEFAULT NULL::text, p_limit integer DEFAULT 1000, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 27 lines, 61e62bf9d1f25807;

-- Name: rescue_one(holdfast.leased_jobs, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rescue_one(p_lease holdfast.leased_jobs, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, def3cf2af15cc95a;

-- Name: reset_rate(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.reset_rate(p_key text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, ada131a63bcfa8db;

-- Name: resume_breaker(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_breaker(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, f15dbd5430c3933d;

-- Name: resume_queue(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_queue(p_queue text, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 555803f6e2a52370;

-- Name: resume_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.resume_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 5115686b0f786bcd;

-- Name: retry(holdfast.leased_jobs, text, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.retry(p_lease holdfast.leased_jobs, p_outcome text, p_because text, p_after double precision, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 80cc1bcd95d86b8a;

-- Name: return_probe(text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.return_probe(p_name text, p_probe uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 65f654a8b22704d6;

-- Name: revive(holdfast.dead_letters, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive(p_letter holdfast.dead_letters, p_run_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 2cd2bff1f884d2b2;

-- Name: revive_if_dead(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive_if_dead(p_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 5d6115d34c2d1e42;

-- Name: revive_letters(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.revive_letters(p_letters jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, d48b2ef0f9e4106d;

-- Name: room_of_tenants(holdfast.queues, text[], integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.room_of_tenants(p_policy holdfast.queues, p_tenants text[], p_limit integer, p_now timestamp with time zone) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 1f4e8870e33a2037;

-- Name: rule_of(regclass, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.rule_of(p_table regclass, p_name text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 91db7426de2046ef;

-- Name: run_now(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_now(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 77cd33620a64c24d;

-- Name: run_now_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_now_many(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 8cc1cf07fc19cbbf;

-- Name: run_replay(holdfast.replays, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_replay(p_replay holdfast.replays, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 30 lines, ff008f93d6ba2148;

-- Name: run_schedule(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.run_schedule(p_name text, p_who text, p_why text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 10e8e63bea1080a1;

-- Name: say(text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.say(p_rule text, p_because text, p_until timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 87c885978c967d8b;

-- Name: schedule_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_list() RETURNS TABLE(name text, rhythm text, queue text, kind text, next_at timestamp with time zone, last_at timestamp with time zone, paused_by text, last_error text, timezone text, catch_up text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, c7fbec2697d0cb87;

-- Name: schedule_named(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_named(p_name text) RETURNS holdfast.schedules
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 285732d33c626fce;

-- Name: schedule_preview(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.schedule_preview(p_name text, p_count integer DEFAULT 5) RETURNS SETOF timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, b9e289c14146715c;

-- Name: seconds_of(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.seconds_of(p_given text) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 26461d3ab289814b;

-- Name: select_dead_letters(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.select_dead_letters(p_filter jsonb, p_limit integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, fdcb78490422090d;

-- Name: select_waiting(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.select_waiting(p_filter jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 7475cbcfec0849bb;

-- Name: set_aside(holdfast.leased_jobs, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_aside(p_lease holdfast.leased_jobs, p_because text, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, e74a1eba68945aec;

-- Name: set_breaker(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_breaker(p_name text, p_policy jsonb DEFAULT '{}'::jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 36 lines, 2d27a8b66d9ef7e0;

-- Name: set_idle(text, text, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_idle(p_worker text, p_queue text, p_for interval) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, b1e3f4bccd78ceac;

-- Name: set_queue(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_queue(p_queue text, p_policy jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, ea1ac7cd6ef1bac1;

-- Name: set_schedule(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.set_schedule(p_name text, p_options jsonb, p_who text DEFAULT NULL::text, p_why text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 37 lines, 7a2a7a6ad1030675;

-- Name: settle(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle(p_results jsonb) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 29 lines, 6fdeaa3da1cae77c;

-- Name: settle_delivered(uuid[], uuid[], text[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_delivered(p_ids uuid[], p_tokens uuid[], p_notes text[], p_now timestamp with time zone, OUT ids uuid[], OUT tokens uuid[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_nestloop TO 'off'
    SET jit TO 'off'
    AS 26 lines, e2ca3e09b1ed1966;

-- Name: settle_done(uuid[], uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_done(p_ids uuid[], p_tokens uuid[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 24 lines, af152cd8a73d761d;

-- Name: settle_one(uuid, uuid, text, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_one(p_id uuid, p_token uuid, p_verdict text, p_because text, p_after double precision, p_until timestamp with time zone) RETURNS TABLE(accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 30 lines, 8656ac993ae5312c;

-- Name: settle_others(jsonb, uuid[], uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_others(p_results jsonb, p_done uuid[], p_tokens uuid[]) RETURNS TABLE(id uuid, accepted boolean, state text)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 51b90b5aeb3492f7;

-- Name: settle_unknown(holdfast.leased_jobs, text, double precision, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.settle_unknown(p_lease holdfast.leased_jobs, p_because text, p_after double precision, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 54ceb62f51368550;

-- Name: sign_off(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.sign_off(p_worker text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 12f076b09c1afb6e;

-- Name: skip(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.skip(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 5188666f9d4c866c;

-- Name: snooze(holdfast.leased_jobs, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.snooze(p_lease holdfast.leased_jobs, p_because text, p_until timestamp with time zone, p_now timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 2795a69f01fccc24;

-- Name: snooze_for(double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.snooze_for(p_after double precision) RETURNS interval
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 8bd8624f66673e8e;

-- Name: step_replays(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.step_replays(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS 20 lines, b29bc818aaf8f2fa;

-- Name: still_leased(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.still_leased(p_leases jsonb) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 8 lines, dd3daee5c4938a8f;

-- Name: supersede(holdfast.job, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.supersede(p_job holdfast.job, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, 81a95a5468bfca98;

-- Name: take_alerts(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_alerts(p_limit integer DEFAULT 100) RETURNS SETOF holdfast.alerts
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 088822c2d0dfafff;

-- Name: take_all_waiting(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_all_waiting(p_ids uuid[]) RETURNS holdfast.job[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 22 lines, 9843d4d83d94bbdb;

-- Name: take_dedupe_keys(jsonb, uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, b53507d2531fba86;

-- Name: take_job(uuid, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_job(p_id uuid, p_leased boolean) RETURNS TABLE(job holdfast.job, lease holdfast.leased_jobs)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 37 lines, 823d16af73ced179;

-- Name: take_keys_of(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_keys_of(p_ids uuid[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 18 lines, 89e4795fd1f152eb;

-- Name: take_ordering_keys(jsonb, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_ordering_keys(p_jobs jsonb, p_batch uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 2e04edb713a2cfe3;

-- Name: take_slot(text, integer, interval, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_slot(p_key text, p_slots integer, p_for interval DEFAULT '00:01:00'::interval, p_holder text DEFAULT NULL::text, OUT slot uuid, OUT retry_after double precision) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, f3fc7a81a141a6af;

-- Name: take_ticks(holdfast.schedules, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_ticks(p_schedule holdfast.schedules, p_now timestamp with time zone) RETURNS TABLE(tick timestamp with time zone, job_id uuid)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 28 lines, 909347d78d4be9f6;

-- Name: take_waiting(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.take_waiting(p_id uuid) RETURNS holdfast.job
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, d25d4e2c6c8ae3ca;

-- Name: tell_breaker(text, integer, integer, uuid, double precision, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tell_breaker(p_name text, p_successes integer, p_failures integer, p_probe uuid DEFAULT NULL::uuid, p_after double precision DEFAULT NULL::double precision, p_because text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 35 lines, 25ff88b2f1002d55;

-- Name: tell_breakers(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tell_breakers(p_outcomes jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 64fcb7c3b44efeae;

-- Name: tenants_in_turn(text, integer, holdfast.ready_marks, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tenants_in_turn(p_queue text, p_limit integer, p_mark holdfast.ready_marks, p_full text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 20 lines, 51b001acee5a0f35;

-- Name: tick_schedules(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.tick_schedules(p_limit integer DEFAULT 100) RETURNS TABLE(schedule text, tick timestamp with time zone, job_id uuid)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET lock_timeout TO '100ms'
    AS 26 lines, a090fd400e34d0d0;

-- Name: time_stopped(uuid, holdfast.queues, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.time_stopped(p_id uuid, p_policy holdfast.queues, p_since timestamp with time zone, p_now timestamp with time zone) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 11 lines, 1256797c35f04e04;

-- Name: unhold(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unhold(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, cc3e9ae581e2d8b3;

-- Name: unhold_many(jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unhold_many(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, b24cae35faa0f3b4;

-- Name: unread_policy(jsonb, anyelement); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.unread_policy(p_policy jsonb, p_row anyelement) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 627a9f9c90a63af8;

-- Name: waiting_tenants(text, text, integer, bigint, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.waiting_tenants(p_queue text, p_after text, p_limit integer, p_low bigint DEFAULT 0, p_full text[] DEFAULT '{}'::text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, 45c1e9523b049c81;

-- Name: wake(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.wake(p_queues text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 147dd60c9f07e894;

-- Name: webhook_add_endpoint(text, jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_add_endpoint(p_name text, p_endpoint jsonb, p_who text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 33 lines, fc3a19a34a1c39b7;

-- Name: webhook_add_secret(text, text, text, timestamp with time zone, interval); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_add_secret(p_owner text, p_reference text, p_who text, p_not_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_overlap interval DEFAULT NULL::interval) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, ea833525e2734bb6;

-- Name: webhook_addressee(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_addressee(p_endpoint text, p_tenant text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, aee5d9fd25d924ad;

-- Name: webhook_after(xid8, uuid, text, text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_after(p_xact xid8 DEFAULT '0'::xid8, p_id uuid DEFAULT NULL::uuid, p_source text DEFAULT NULL::text, p_type text DEFAULT NULL::text, p_limit integer DEFAULT 100) RETURNS TABLE(xact xid8, id uuid, source text, event_id text, event_type text, object_id text, received_at timestamp with time zone, body bytea, headers jsonb, scheme text, held_why text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, e17e4f497a899b2a;

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
    AS 5 lines, 053b9f5ad6c18384;

-- Name: webhook_ask_again(holdfast.webhook_events, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_ask_again(p_event holdfast.webhook_events, p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, ef6e4db094fbd2a7;

-- Name: webhook_attempt_at(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_attempt_at(p_before text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 0f2dbfce5d5fe167;

-- Name: webhook_attempt_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_attempt_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(at timestamp with time zone, endpoint text, type text, status integer, outcome text, attempt integer, duration_ms integer, because text, answer text, message_id text, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS 33 lines, b3c6479d8ed9ea1f;

-- Name: webhook_bite(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_bite() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, ef2335376e5d46a0;

-- Name: webhook_cancel(uuid, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_cancel(p_job uuid, p_who text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 998b54b855474c3d;

-- Name: webhook_check_deadlines(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_deadlines() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 39 lines, 716aece91de1699a;

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
    AS 15 lines, 39bbc2536f8d051e;

-- Name: webhook_check_held(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_held() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 24 lines, 1181847bea779901;

-- Name: webhook_check_silence(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_check_silence() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 31 lines, db61c09025152c37;

-- Name: webhook_count(jsonb, jsonb, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_count(p_refusals jsonb, p_samples jsonb, p_used jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 978cf8dcf802b5b9;

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
    AS 2 lines, d3a15551664f53ba;

-- Name: webhook_deadline_or_error(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_deadline_or_error(p_name text, p_deadline text) RETURNS interval
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 7885a843c237df54;

-- Name: webhook_delivered(uuid, uuid, uuid, integer, integer, text, text, integer, text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivered(p_endpoint uuid, p_subject uuid, p_job uuid, p_attempt integer, p_status integer, p_outcome text, p_because text, p_duration_ms integer, p_answer text, p_again boolean DEFAULT false, p_url text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 36 lines, 9c373171938e25b0;

-- Name: webhook_delivery(uuid, uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivery(p_endpoint uuid, p_event uuid, p_message uuid) RETURNS TABLE(endpoint jsonb, secrets jsonb, message_id text, type text, body bytea, headers jsonb, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 20 lines, 3140ff42bd53be9b;

-- Name: webhook_delivery_list(text, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_delivery_list(p_endpoint text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS TABLE(at timestamp with time zone, endpoint text, status integer, outcome text, attempt integer, duration_ms integer, because text, subject uuid, job uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, e7617eb3744aa5b7;

-- Name: webhook_described(holdfast.webhook_events); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_described(p_event holdfast.webhook_events) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 29c25a0cd325eeb9;

-- Name: webhook_due(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_due(p_mode text, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, 9ac58331ca00398c;

-- Name: webhook_end(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end() RETURNS TABLE(xact xid8, id uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 3c810a74e4d6e49c;

-- Name: webhook_end_pauses(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end_pauses() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 5c541c3f00b7274f;

-- Name: webhook_end_secret(uuid, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_end_secret(p_id uuid, p_who text, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, 562a4123b389f43e;

-- Name: webhook_endpoint(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint(p_name text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 321e3eb79f136a0b;

-- Name: webhook_endpoint_counts(text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_counts(p_endpoints text[]) RETURNS TABLE(endpoint text, waiting bigint, held bigint, dead bigint)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS 19 lines, 5c637b0cdd22a05b;

-- Name: webhook_endpoint_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_list() RETURNS TABLE(name text, purpose text, state text, url text, patterns text[], source text, tenant text, last_success_at timestamp with time zone, failures integer, waiting bigint, held bigint, dead bigint, state_why text, id uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 4c116bcce0fabe13;

-- Name: webhook_endpoint_page(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_page(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(name text, purpose text, state text, url text, patterns text[], source text, tenant text, last_success_at timestamp with time zone, failures integer, waiting bigint, held bigint, dead bigint, state_why text, id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, d20a43f39f25eb09;

-- Name: webhook_endpoint_to_change(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_endpoint_to_change(p_name text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 0d0d6d1938420068;

-- Name: webhook_enqueue(holdfast.webhook_events, timestamp with time zone, text[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_enqueue(p_event holdfast.webhook_events, p_now timestamp with time zone, p_kinds text[] DEFAULT NULL::text[], p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 26 lines, e7711c0b0fa1c94e;

-- Name: webhook_excerpt(bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_excerpt(p_body bytea) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, b62aed87cf7761f1;

-- Name: webhook_find(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_find(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 34 lines, f91fb47432d338cb;

-- Name: webhook_follow_edits(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_follow_edits() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 23 lines, 4d558b69204363da;

-- Name: webhook_forget_deadlines(timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_forget_deadlines(p_before timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 12 lines, 81c30f93b0f566f7;

-- Name: webhook_forget_handlers(text, jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_forget_handlers(p_app text, p_handlers jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 16 lines, 9748369c1b1a270f;

-- Name: webhook_go_on(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_go_on(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 22 lines, ba119572c40c98e6;

-- Name: webhook_grants(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_grants(p_prefix text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 55 lines, 04cd357275ca0216;

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
    AS 2 lines, 22c1d510c6b95db8;

-- Name: webhook_hide_secrets(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_hide_secrets(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 28 lines, 845cbbe3befad123;

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
    AS 32 lines, 09972cb4dbcfb5f1;

-- Name: webhook_id_or_null(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_id_or_null(p_text text) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 423c6ad233bcf7ba;

-- Name: webhook_keep_handlers(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_keep_handlers(p_app text, p_handlers jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 539756deaa6c265b;

-- Name: webhook_keeping(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_keeping() RETURNS TABLE(name text, retention interval, silence double precision)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 2862ffbe0eb97305;

-- Name: webhook_last_before(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_last_before(p_source text, p_moment timestamp with time zone) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 9 lines, 47fe72c48b6dc35c;

-- Name: webhook_let_go(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_let_go(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 31 lines, b58a716ade938cd6;

-- Name: webhook_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, received_at timestamp with time zone, source text, event_type text, event_id text, states text, redeliveries integer, size integer, object_id text, held_why text, via text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 36 lines, 6883f479622c7d87;

-- Name: webhook_list_between(jsonb, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_list_between(p_filter jsonb, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer) RETURNS TABLE(id uuid, received_at timestamp with time zone, source text, event_type text, event_id text, states text, redeliveries integer, size integer, object_id text, held_why text, via text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'on'
    SET jit TO 'off'
    AS 35 lines, f90b4eb87296982d;

-- Name: webhook_load(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_load(p_id uuid) RETURNS TABLE(id uuid, source text, account text, event_id text, event_type text, object_id text, livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text, via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamp with time zone, redacted_at timestamp with time zone, newer boolean, url text, event_types text[], paused text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 76eccf585614a3b4;

-- Name: webhook_load_many(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_load_many(p_ids uuid[]) RETURNS TABLE(id uuid, source text, account text, event_id text, event_type text, object_id text, livemode boolean, created bigint, body bytea, headers jsonb, scheme text, verified_by text, via text, held_why text, body_sha256 bytea, jobs uuid[], received_at timestamp with time zone, redacted_at timestamp with time zone, newer boolean, url text, event_types text[], paused text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 19 lines, 902ae4830be224be;

-- Name: webhook_masked(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_masked(p_document jsonb, p_path text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 19 lines, 8dcefab7a372c5fa;

-- Name: webhook_masked_headers(jsonb, text[], text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_masked_headers(p_headers jsonb, p_names text[], p_mask text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, e32b4ec4d84e4fb4;

-- Name: webhook_message_at(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_at(p_before text, OUT at timestamp with time zone, OUT id uuid, OUT job uuid) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, a357a726c7aec4ae;

-- Name: webhook_message_find(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_find(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 9c3208108828efed;

-- Name: webhook_message_jobs(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_jobs(p_jobs uuid[]) RETURNS TABLE(job uuid, tenant text, state text, attempts integer, run_at timestamp with time zone, because text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, c501ea354523efd6;

-- Name: webhook_message_list(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_list(p_filter jsonb DEFAULT '{}'::jsonb, p_limit integer DEFAULT 50) RETURNS TABLE(created_at timestamp with time zone, message_id text, type text, tenant text, endpoint text, state text, attempts integer, because text, id uuid, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 34 lines, e9e20881e86e6b4b;

-- Name: webhook_message_rows(jsonb, uuid[], integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_rows(p_wanted jsonb, p_some uuid[], p_limit integer) RETURNS TABLE(created_at timestamp with time zone, message_id text, type text, tenant text, endpoint text, state text, attempts integer, because text, id uuid, job uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 31 lines, d174bb3778cf6440;

-- Name: webhook_message_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_show(p_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 21 lines, 2e314646c52ed1dd;

-- Name: webhook_message_values(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_values(p_wanted jsonb, OUT endpoint uuid, OUT owner text, OUT tenant text, OUT type text, OUT state text, OUT since timestamp with time zone, OUT until timestamp with time zone, OUT at timestamp with time zone, OUT id uuid, OUT job uuid, OUT after uuid) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, d29a5350a6ab4c41;

-- Name: webhook_message_wanted(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_message_wanted(p_filter jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 17 lines, ed8263e8366ee258;

-- Name: webhook_messages_back(jsonb, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_messages_back(p_wanted jsonb, p_limit integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 35 lines, ac6d254c8da608af;

-- Name: webhook_messages_few(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_messages_few(p_wanted jsonb) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 17 lines, 40cd77be5186a37e;

-- Name: webhook_missing(text, text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_missing(p_source text, p_account text, p_ids text[]) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 7b38a0c0d244fb1d;

-- Name: webhook_moment(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_moment(p_text text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS 7 lines, 839acf24efd21255;

-- Name: webhook_move_cursor(text, xid8, uuid, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_move_cursor(p_name text, p_xact xid8 DEFAULT '0'::xid8, p_event uuid DEFAULT NULL::uuid, p_place text DEFAULT NULL::text, p_reached timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, 51f82780816cba7f;

-- Name: webhook_note_deadlines(uuid[], uuid[], interval[], timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_note_deadlines(p_jobs uuid[], p_events uuid[], p_deadlines interval[], p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 1e3ef8df7640ba0e;

-- Name: webhook_note_environment(jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_note_environment(p_sources jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, 5b15f8f947b96b6f;

-- Name: webhook_number(xid8, xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_number(p_xact xid8, p_latest xid8) RETURNS xid8
    LANGUAGE sql STABLE
    AS 8 lines, ae7bad58d345af7f;

-- Name: webhook_numbered(xid8); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_numbered(p_xact xid8) RETURNS xid8
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 4 lines, 0ff8e94fa48cd101;

-- Name: webhook_ordering_key(text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_ordering_key(p_kind text, p_account text, p_object_id text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 08f42a8e3072f829;

-- Name: webhook_over(text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_over(p_mode text, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 2 lines, a1a0c5a171bf3488;

-- Name: webhook_pause(text, text, text, text, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_pause(p_source text, p_pattern text, p_who text, p_why text DEFAULT NULL::text, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 24 lines, e130d4e84c5948af;

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
    AS 2 lines, e94a93956752196c;

-- Name: webhook_pause_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_pause_list() RETURNS SETOF holdfast.webhook_pauses
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 0716afcbc74393fe;

-- Name: webhook_paused(holdfast.webhook_pauses, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_paused(p_pause holdfast.webhook_pauses, p_beginning boolean DEFAULT false) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 164bc161021b21d4;

-- Name: webhook_plain_url(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_plain_url(p_url text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 102acf554c08ce09;

-- Name: webhook_plan_replay(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_plan_replay(p_filter jsonb, p_kinds text[] DEFAULT NULL::text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, ab9362f160b9a242;

-- Name: webhook_provider_alerts(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_provider_alerts() RETURNS TABLE(scheme text, pattern text, says text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 6 lines, a8ebe782689fa3c0;

-- Name: webhook_provider_deadlines(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_provider_deadlines() RETURNS TABLE(scheme text, event_type text, deadline interval)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 6 lines, f19b3127d6aa3e52;

-- Name: webhook_prune(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 18 lines, 02ab87ed92ad6dfc;

-- Name: webhook_prune_bite(text, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_bite(p_source text, p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 30 lines, 140a27b1b57cca25;

-- Name: webhook_prune_keys(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_keys(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 0dd14d3ee427c6d3;

-- Name: webhook_prune_messages(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_messages(p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, a5f6f0d9316e7c13;

-- Name: webhook_prune_old_keys(timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_old_keys(p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 25 lines, 2ab3fa78a2d0e7dd;

-- Name: webhook_prune_sent(timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_sent(p_before timestamp with time zone, p_at timestamp with time zone, p_message uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 20 lines, 3176033bd218df57;

-- Name: webhook_prune_source(text, timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_prune_source(p_source text, p_before timestamp with time zone, p_now timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 31 lines, 15d8d7df52ee4d7d;

-- Name: webhook_receive(text, text, text, text, text, boolean, bytea, jsonb, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive(p_source text, p_event_id text, p_event_type text, p_object_id text, p_account text, p_livemode boolean, p_body bytea, p_headers jsonb DEFAULT '[]'::jsonb, p_scheme text DEFAULT 'none'::text, p_options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(id uuid, duplicate boolean, jobs integer)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, 05b56580b4173ace;

-- Name: webhook_receive_again(jsonb, bytea, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_again(p_item jsonb, p_body bytea, p_now timestamp with time zone, OUT event uuid, OUT held boolean, OUT jobs jsonb) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 41 lines, 850ad605041ec651;

-- Name: webhook_receive_known(jsonb, bytea[], uuid, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_known(p_events jsonb, p_bodies bytea[], p_batch uuid, p_now timestamp with time zone) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET jit TO 'off'
    AS 11 lines, ffb00224b5bb8ae2;

-- Name: webhook_receive_many(jsonb, bytea[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_receive_many(p_events jsonb, p_bodies bytea[]) RETURNS TABLE(ordinal bigint, id uuid, duplicate boolean, held boolean, jobs jsonb)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 60 lines, 5c5e8f1317827a7a;

-- Name: webhook_recover(text, text, text, text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_recover(p_name text, p_since text, p_who text, p_why text DEFAULT NULL::text, p_options jsonb DEFAULT '{}'::jsonb, OUT failed integer, OUT missing integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 41 lines, dbadf615a1dcb6e7;

-- Name: webhook_redact(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redact(p_limit integer DEFAULT holdfast.webhook_bite()) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 14 lines, 4a82ac5a0f91102b;

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
    AS 41 lines, a9451d54a7f80ca0;

-- Name: webhook_redacted(bytea, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redacted(p_body bytea, p_paths text[]) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 91e26d627462676f;

-- Name: webhook_redacted_headers(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_redacted_headers(p_headers jsonb, p_names text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, 0186b2fcde9be019;

-- Name: webhook_reference(uuid, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_reference(p_event uuid, p_endpoint uuid) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 3 lines, 166eeac4a6502965;

-- Name: webhook_refusal_list(integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_refusal_list(p_days integer DEFAULT 7) RETURNS TABLE(source text, reason text, count numeric, last_at timestamp with time zone, latest text)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, f9ef8f353eb33d82;

-- Name: webhook_register(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_register(p_app text, p_handlers jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 24 lines, 8f980894face2b8f;

-- Name: webhook_release(uuid, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_release(p_id uuid, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 91588d173cb7e164;

-- Name: webhook_remove_endpoint(text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_remove_endpoint(p_name text, p_cancel boolean, p_who text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, ebcc87f004ac4bed;

-- Name: webhook_remove_source(text, boolean, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_remove_source(p_name text, p_force boolean, p_who text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 9a4d41f48d669e47;

-- Name: webhook_replay(jsonb, text, text, text[], double precision, integer, integer, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_replay(p_filter jsonb, p_who text, p_why text DEFAULT NULL::text, p_kinds text[] DEFAULT NULL::text[], p_rate double precision DEFAULT NULL::double precision, p_made integer DEFAULT 0, p_limit integer DEFAULT 500, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(event uuid, jobs uuid[])
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 23 lines, afa84b383f53de2a;

-- Name: webhook_replay_candidates(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_replay_candidates(p_filter jsonb, p_kinds text[]) RETURNS TABLE(id uuid, why text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET cursor_tuple_fraction TO '0.001'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 52 lines, 37d37335c0a1d0e2;

-- Name: webhook_resume(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_resume(p_source text, p_pattern text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 24 lines, 39e405d4fdac5ec2;

-- Name: webhook_says_the_same(bytea, bytea); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_says_the_same(p_one bytea, p_other bytea) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, 11abf2316b1631a9;

-- Name: webhook_secret_list(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_secret_list(p_owner text) RETURNS TABLE(id text, reference text, not_before timestamp with time zone, not_after timestamp with time zone, created_at timestamp with time zone, last_used_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 10 lines, f14f12a0d43d4397;

-- Name: webhook_see_handlers(jsonb, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_see_handlers(p_handlers jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 5 lines, 893bf27db889dce3;

-- Name: webhook_send(text, text, bytea, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_send(p_message_id text, p_type text, p_body bytea, p_tenant text DEFAULT NULL::text, p_endpoint text DEFAULT NULL::text) RETURNS TABLE(id uuid, duplicate boolean, jobs integer)
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 36 lines, ea7aa8258a826c4d;

-- Name: webhook_sent(text, text, bytea, text, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sent(p_message_id text, p_type text, p_body bytea, p_tenant text, p_endpoint uuid) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 16 lines, 8d27aedb87a1b4fb;

-- Name: webhook_sent_secret(text, jsonb); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sent_secret(p_scheme text, p_settings jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, c99ed4cc55e648ca;

-- Name: webhook_set_endpoint(text, jsonb, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_endpoint(p_name text, p_changes jsonb, p_who text, p_why text DEFAULT NULL::text) RETURNS holdfast.webhook_endpoints
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 36 lines, a73730c77542c09a;

-- Name: webhook_set_endpoint_state(text, text, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_endpoint_state(p_name text, p_state text, p_who text, p_why text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 18 lines, 1565a995652059e2;

-- Name: webhook_set_source(text, jsonb, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_set_source(p_name text, p_changes jsonb, p_who text) RETURNS holdfast.webhook_sources
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 38 lines, 0026befcb18ad034;

-- Name: webhook_show(uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_show(p_id uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 13 lines, 9699f21f05f46b1b;

-- Name: webhook_source_book(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_source_book() RETURNS TABLE(source jsonb, secrets jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 6ef2d9b01c95e757;

-- Name: webhook_sources_held(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sources_held() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS 12 lines, f5b6470b104d0161;

-- Name: webhook_sources_known(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sources_known() RETURNS TABLE(source jsonb, secrets jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 3 lines, 9963581c378480ca;

-- Name: webhook_sources_seen(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_sources_seen() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 7e5c5ae039bc7476;

-- Name: webhook_states(uuid[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_states(p_jobs uuid[]) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 6 lines, b84f75633fe4cbb1;

-- Name: webhook_stop_endpoint(holdfast.webhook_endpoints, text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_stop_endpoint(p_endpoint holdfast.webhook_endpoints, p_state text, p_why text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 15 lines, 5739eb74dc4223be;

-- Name: webhook_subject(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_subject(p_text text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 9 lines, 5bcde4371aba85f9;

-- Name: webhook_tell_of_providers(jsonb, uuid); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_tell_of_providers(p_events jsonb, p_batch uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 8 lines, db9bac60c5a4748f;

-- Name: webhook_unredacted(holdfast.webhook_sources, timestamp with time zone, timestamp with time zone, integer, boolean); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_unredacted(p_source holdfast.webhook_sources, p_from timestamp with time zone, p_until timestamp with time zone, p_limit integer, p_lock boolean DEFAULT true) RETURNS SETOF holdfast.webhook_events
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 16 lines, 34be669c2a1966e6;

-- Name: webhook_unsent(holdfast.webhook_endpoints, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_unsent(p_endpoint holdfast.webhook_endpoints, p_since timestamp with time zone, p_until timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 12 lines, 2590e153947884c4;

-- Name: webhook_upkeep_step(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_upkeep_step() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 25 lines, 38d39375fee1465f;

-- Name: webhook_wanted(jsonb, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wanted(p_events jsonb, p_kinds text[] DEFAULT NULL::text[]) RETURNS TABLE(ord bigint, kind text, mode text, queue text, tenant text, endpoint uuid, ordering_key text, supersede boolean, deadline interval)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 34 lines, be8342cd8ccc6216;

-- Name: webhook_wants(text, text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wants(p_pattern text, p_type text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 4 lines, 95fdf3396c6dd82c;

-- Name: webhook_wants_any(text, text[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_wants_any(p_pattern text, p_types text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 2 lines, b2cf30dbf7d4849b;

-- Name: webhook_window(text, timestamp with time zone, integer); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.webhook_window(p_source text, p_until timestamp with time zone, p_size integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
    AS 11 lines, 30dea2ca6a8747c7;

-- Name: widen_keys(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.widen_keys(p_queue text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS 11 lines, 658cb3da26b6667f;

-- Name: wished(double precision, double precision, double precision, double precision); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.wished(p_after double precision, p_own double precision, p_cap double precision, p_chance double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS 7 lines, 8d929f6b56de981e;

-- Name: worker_list(); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.worker_list() RETURNS TABLE(worker text, alive boolean, running integer, queues text[], seen_at timestamp with time zone, started_at timestamp with time zone, host text, pid integer)
    LANGUAGE sql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 4 lines, 67d46e30bd68ec4f;

-- Name: write_rates(holdfast.rate_wish[], bigint[], bigint[]); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.write_rates(p_limits holdfast.rate_wish[], p_before bigint[], p_after bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'holdfast', 'pg_temp'
    AS 11 lines, e1d8184ea15f8f10;

-- Name: zone_or_error(text); Type: FUNCTION; Schema: holdfast; Owner: -

CREATE FUNCTION holdfast.zone_or_error(p_timezone text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'holdfast', 'pg_temp'
    AS 7 lines, cedbb47e2f1e8c0a;

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
    heads uuid[] NOT NULL,
    passed bigint DEFAULT 0 NOT NULL
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

-- Name: upkeep; Type: TABLE; Schema: holdfast; Owner: -

CREATE TABLE holdfast.upkeep (
    task text NOT NULL,
    ran_at timestamp with time zone NOT NULL
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

-- Name: upkeep upkeep_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.upkeep
    ADD CONSTRAINT upkeep_pkey PRIMARY KEY (task);

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

-- Name: workers workers_pkey; Type: CONSTRAINT; Schema: holdfast; Owner: -

ALTER TABLE ONLY holdfast.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (worker);

-- Name: alerts_cleared; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX alerts_cleared ON holdfast.alerts USING btree (cleared_at) WHERE (cleared_at IS NOT NULL);

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

-- Name: idle_workers_queue; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX idle_workers_queue ON holdfast.idle_workers USING btree (queue COLLATE "C", until);

-- Name: idle_workers_until; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX idle_workers_until ON holdfast.idle_workers USING btree (until);

-- Name: leased_jobs_lease; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX leased_jobs_lease ON holdfast.leased_jobs USING btree (queue COLLATE "C", lease_until);

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

-- Name: webhook_deadlines_told; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_deadlines_told ON holdfast.webhook_deadlines USING btree (due_at) WHERE told;

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

-- Name: webhook_events_unseen; Type: INDEX; Schema: holdfast; Owner: -

CREATE INDEX webhook_events_unseen ON holdfast.webhook_events USING btree (source, received_at) WHERE ((held_why IS NOT NULL) AND (held_why !~~ 'its id is that of %'::text));

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

-- Name: FUNCTION batch_head(p_batch uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.batch_head(p_batch uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.batch_head(p_batch uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.batch_head(p_batch uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.batch_head(p_batch uuid) TO holdfast_operate;

-- Name: FUNCTION batch_tail(p_batch uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.batch_tail(p_batch uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.batch_tail(p_batch uuid) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.batch_tail(p_batch uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.batch_tail(p_batch uuid) TO holdfast_operate;

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

-- Name: FUNCTION cancel_many(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cancel_many(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cancel_many(p_filter jsonb, p_who text, p_why text, p_limit integer, p_dry_run boolean) TO holdfast_operate;

-- Name: FUNCTION cancel_replay(p_id bigint, p_who text, p_why text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.cancel_replay(p_id bigint, p_who text, p_why text) TO holdfast_operate;

-- Name: FUNCTION change_policy(p_queue text, p_policy jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.change_policy(p_queue text, p_policy jsonb) TO holdfast_operate;

-- Name: FUNCTION check_choice(p_what text, p_value text, p_known text[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.check_choice(p_what text, p_value text, p_known text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.check_choice(p_what text, p_value text, p_known text[]) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.check_choice(p_what text, p_value text, p_known text[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.check_choice(p_what text, p_value text, p_known text[]) TO holdfast_operate;

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

-- Name: FUNCTION email_named(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.email_named(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.email_named(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.email_named(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.email_named(p_text text) TO holdfast_operate;

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

-- Name: FUNCTION fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.fill_key(p_queue text, p_key text, p_heads uuid[], p_passed bigint) TO holdfast_operate;

-- Name: FUNCTION find_job(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.find_job(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.find_job(p_text text) TO holdfast_operate;

-- Name: FUNCTION finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.finish(p_job holdfast.job, p_state text, p_note text, p_now timestamp with time zone, p_worker text, p_claimed_at timestamp with time zone) TO holdfast_operate;

-- Name: FUNCTION forget_breaker(p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.forget_breaker(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.forget_breaker(p_name text) TO holdfast_operate;

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

-- Name: FUNCTION id_at(p_head text, p_tail bigint, p_n bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.id_at(p_head text, p_tail bigint, p_n bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.id_at(p_head text, p_tail bigint, p_n bigint) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.id_at(p_head text, p_tail bigint, p_n bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.id_at(p_head text, p_tail bigint, p_n bigint) TO holdfast_operate;

-- Name: FUNCTION id_of_batch(p_batch uuid, p_n bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.id_of_batch(p_batch uuid, p_n bigint) TO holdfast_operate;

-- Name: FUNCTION is_decided(p_before xid8); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_decided(p_before xid8) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_decided(p_before xid8) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_decided(p_before xid8) TO holdfast_operate;

-- Name: FUNCTION is_due(p_task text, p_every interval); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.is_due(p_task text, p_every interval) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.is_due(p_task text, p_every interval) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.is_due(p_task text, p_every interval) TO holdfast_operate;

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

-- Name: FUNCTION judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[], OUT changes boolean); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[], OUT changes boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[], OUT changes boolean) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.judge_rates(p_wishes holdfast.rate_wish[], p_full_at bigint[], p_now bigint, OUT answers holdfast.rate_answer[], OUT after bigint[], OUT changes boolean) TO holdfast_operate;

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

-- Name: FUNCTION limits_in(p_wishes holdfast.rate_wish[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.limits_in(p_wishes holdfast.rate_wish[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.limits_in(p_wishes holdfast.rate_wish[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.limits_in(p_wishes holdfast.rate_wish[]) TO holdfast_operate;

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

-- Name: FUNCTION lock_keys_of(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_keys_of(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_keys_of(p_ids uuid[]) TO holdfast_operate;

-- Name: FUNCTION lock_keys_of_leases(p_results jsonb); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lock_keys_of_leases(p_results jsonb) TO holdfast_operate;

-- Name: FUNCTION lock_rates(p_limits holdfast.rate_wish[], p_full_at bigint[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.lock_rates(p_limits holdfast.rate_wish[], p_full_at bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.lock_rates(p_limits holdfast.rate_wish[], p_full_at bigint[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.lock_rates(p_limits holdfast.rate_wish[], p_full_at bigint[]) TO holdfast_operate;

-- Name: FUNCTION look_over(p_job jsonb, p_ordinal bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_enqueue;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.look_over(p_job jsonb, p_ordinal bigint) TO holdfast_operate;

-- Name: FUNCTION maintain(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain() TO holdfast_operate;

-- Name: FUNCTION maintain_keyed(p_from timestamp with time zone, OUT rescued integer, OUT ticked integer, OUT replayed integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.maintain_keyed(p_from timestamp with time zone, OUT rescued integer, OUT ticked integer, OUT replayed integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.maintain_keyed(p_from timestamp with time zone, OUT rescued integer, OUT ticked integer, OUT replayed integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.maintain_keyed(p_from timestamp with time zone, OUT rescued integer, OUT ticked integer, OUT replayed integer) TO holdfast_operate;

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

-- Name: FUNCTION mark_of(p_queue text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.mark_of(p_queue text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.mark_of(p_queue text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.mark_of(p_queue text) TO holdfast_operate;

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

-- Name: FUNCTION next_of_key(p_queue text, p_key text, p_passed bigint); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text, p_passed bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text, p_passed bigint) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.next_of_key(p_queue text, p_key text, p_passed bigint) TO holdfast_operate;

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

-- Name: FUNCTION raise_no_job(p_id uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.raise_no_job(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.raise_no_job(p_id uuid) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.raise_no_job(p_id uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.raise_no_job(p_id uuid) TO holdfast_operate;

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

-- Name: FUNCTION read_full_at(p_limits holdfast.rate_wish[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.read_full_at(p_limits holdfast.rate_wish[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.read_full_at(p_limits holdfast.rate_wish[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.read_full_at(p_limits holdfast.rate_wish[]) TO holdfast_operate;

-- Name: FUNCTION read_interval(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.read_interval(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.read_interval(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.read_interval(p_text text) TO holdfast_operate;

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

-- Name: FUNCTION replay_item_list(p_id bigint, p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_filter jsonb, p_limit integer) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_filter jsonb, p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.replay_item_list(p_id bigint, p_filter jsonb, p_limit integer) TO holdfast_operate;

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

-- Name: FUNCTION rule_of(p_table regclass, p_name text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.rule_of(p_table regclass, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.rule_of(p_table regclass, p_name text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.rule_of(p_table regclass, p_name text) TO holdfast_operate;

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

-- Name: FUNCTION select_waiting(p_filter jsonb, p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.select_waiting(p_filter jsonb, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.select_waiting(p_filter jsonb, p_limit integer) TO holdfast_operate;

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

-- Name: FUNCTION take_all_waiting(p_ids uuid[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.take_all_waiting(p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.take_all_waiting(p_ids uuid[]) TO holdfast_operate;

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

-- Name: FUNCTION unread_policy(p_policy jsonb, p_row anyelement); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb, p_row anyelement) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb, p_row anyelement) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.unread_policy(p_policy jsonb, p_row anyelement) TO holdfast_operate;

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

-- Name: FUNCTION webhook_check_held(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_check_held() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_check_held() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_check_held() TO holdfast_operate;

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

-- Name: FUNCTION webhook_follow_edits(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_follow_edits() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_follow_edits() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_follow_edits() TO holdfast_operate;

-- Name: FUNCTION webhook_forget_deadlines(p_before timestamp with time zone); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_forget_deadlines(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_forget_deadlines(p_before timestamp with time zone) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_forget_deadlines(p_before timestamp with time zone) TO holdfast_operate;

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

-- Name: FUNCTION webhook_id_or_null(p_text text); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_id_or_null(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_id_or_null(p_text text) TO holdfast_read;
GRANT ALL ON FUNCTION holdfast.webhook_id_or_null(p_text text) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_id_or_null(p_text text) TO holdfast_operate;

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

-- Name: FUNCTION webhook_prune_keys(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_keys(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_keys(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_keys(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_messages(p_limit integer); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_messages(p_limit integer) TO holdfast_operate;

-- Name: FUNCTION webhook_prune_old_keys(p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_prune_old_keys(p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_prune_old_keys(p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_prune_old_keys(p_before timestamp with time zone, p_at timestamp with time zone, p_event uuid, p_limit integer, OUT looked integer, OUT gone integer, OUT last_at timestamp with time zone, OUT last uuid) TO holdfast_operate;

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

-- Name: FUNCTION webhook_sources_held(); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.webhook_sources_held() FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.webhook_sources_held() TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.webhook_sources_held() TO holdfast_operate;

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

-- Name: FUNCTION write_rates(p_limits holdfast.rate_wish[], p_before bigint[], p_after bigint[]); Type: ACL; Schema: holdfast; Owner: -

REVOKE ALL ON FUNCTION holdfast.write_rates(p_limits holdfast.rate_wish[], p_before bigint[], p_after bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION holdfast.write_rates(p_limits holdfast.rate_wish[], p_before bigint[], p_after bigint[]) TO holdfast_work;
GRANT ALL ON FUNCTION holdfast.write_rates(p_limits holdfast.rate_wish[], p_before bigint[], p_after bigint[]) TO holdfast_operate;

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

-- Name: TABLE upkeep; Type: ACL; Schema: holdfast; Owner: -

GRANT SELECT ON TABLE holdfast.upkeep TO holdfast_read;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.upkeep TO holdfast_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE holdfast.upkeep TO holdfast_operate;

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
