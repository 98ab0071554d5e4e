-- Queues: make one, change its policy, pause it, resume it.

-- The policy of a queue; an unknown name is an error that lists what there is, and says how everybody
-- makes one.
create or replace function queue_policy(p_queue text) returns queues
language plpgsql stable
set search_path from current
as $$
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

-- Makes a queue if there is none of that name, and leaves an existing one as it is: what an operator
-- has changed stays changed. `p_policy` holds policy columns by name, for example
-- '{"max_attempts": 5, "retry_base": "30 s"}'. True if it was made.
create or replace function create_queue(p_queue text, p_policy jsonb default '{}') returns boolean
language plpgsql
set search_path from current
as $$
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
$$;

-- Changes the policy of a queue; columns that are not named stay as they are. Who and why are on
-- record, with what it was before; a change that changes nothing is none.
create or replace function set_queue(
  p_queue text, p_policy jsonb, p_who text default null, p_why text default null
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_changed jsonb := change_policy(p_queue, p_policy);
begin
  if v_changed <> '{}' then
    perform record_operation('set', coalesce(p_who, session_user), p_why,
                             jsonb_build_object('queue', p_queue, 'changed', v_changed), 1);
  end if;
end
$$;

-- What of a policy is another one in the queue as it is, as change_policy would return it.
create or replace function policy_apart(p_queue text, p_policy jsonb) returns jsonb
language plpgsql stable
set search_path from current
as $$
declare
  v_there queues := queue_policy(p_queue);
begin
  return differences(to_jsonb(v_there), to_jsonb(jsonb_populate_record(v_there, p_policy)));
end
$$;

-- Returns what has changed.
create or replace function change_policy(p_queue text, p_policy jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
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
    raise exception '%', unread_policy(p_policy, v_old) using errcode = 'JQ005';
  when check_violation then
    get stacked diagnostics v_rule = constraint_name;
    raise exception 'a queue has to obey %', rule_of('queues', v_rule) using errcode = 'JQ005';
  when not_null_violation then
    get stacked diagnostics v_rule = column_name;
    raise exception '% cannot be taken away, only changed', v_rule using errcode = 'JQ005';
end
$$;

-- What a row of a table has to obey.
create or replace function rule_of(p_table regclass, p_name text) returns text
language sql stable
set search_path from current
as $$
  select regexp_replace(pg_get_constraintdef(c.oid, true), '^CHECK \((.*)\)$', '\1')
  from pg_constraint c where c.conrelid = p_table and c.conname = p_name
$$;

-- Which value of a policy is none for its column, in words, and what it is now.
create or replace function unread_policy(p_policy jsonb, p_row anyelement) returns text
language plpgsql stable
set search_path from current
as $$
declare
  v record;
begin
  for v in select key, value from jsonb_each(p_policy) order by key loop
    begin
      perform jsonb_populate_record(p_row, jsonb_build_object(v.key, v.value));
    exception when data_exception then
      return format('%s: %s', v.key, sqlerrm)
        || coalesce('; it is ' || (to_jsonb(p_row) ->> v.key) || ' now', '');
    end;
  end loop;
end
$$;

-- What is another in a row that was changed: {"max_attempts": {"from": 8, "to": 5}}.
create or replace function differences(p_old jsonb, p_new jsonb) returns jsonb
language sql immutable
set search_path from current
as $$
  select coalesce(jsonb_object_agg(n.key, jsonb_build_object('from', o.value, 'to', n.value)), '{}')
  from jsonb_each(p_new) n join jsonb_each(p_old) o on o.key = n.key
  where n.value <> o.value
$$;

-- True while nothing may be claimed from the queue.
create or replace function is_paused(p_policy queues, p_now timestamptz) returns boolean
language sql immutable
as $$
  select p_policy.paused_at is not null
     and (p_policy.paused_until is null or p_policy.paused_until > p_now)
$$;

-- A pause that would be over before it begins stops nothing, and whoever asks for it believes it does.
create or replace function check_until(p_until timestamptz, p_now timestamptz) returns void
language plpgsql immutable
set search_path from current
as $$
begin
  if p_until <= p_now then
    raise exception 'a pause until % is over already; give a time to come, or none', p_until
      using errcode = 'JQ005';
  end if;
end
$$;

-- Stops claims from the queue: jobs go on arriving and wait. Running ones finish.
create or replace function pause_queue(
  p_queue text, p_who text, p_why text default null, p_until timestamptz default null
) returns void
language plpgsql
set search_path from current
as $$
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

-- Lets claims go on, whoever paused the queue; the workers are woken.
create or replace function resume_queue(p_queue text, p_who text, p_why text default null) returns void
language plpgsql
set search_path from current
as $$
begin
  perform queue_policy(p_queue);
  update queues set paused_at = null, paused_by = null, paused_why = null, paused_until = null
  where name = p_queue;
  perform record_operation('resume', p_who, p_why, jsonb_build_object('queue', p_queue), 1);
  perform wake(array[p_queue]);
end
$$;

-- What a person did, for those who ask later.
create or replace function record_operation(
  p_action text, p_who text, p_why text, p_filter jsonb, p_affected integer
) returns void
language plpgsql
set search_path from current
as $$
begin
  if coalesce(btrim(p_who), '') = '' then
    raise exception 'who does this? give a name' using errcode = 'JQ005';
  end if;
  perform make_durable();
  insert into operations (action, who, why, filter, affected, at)
  values (p_action, p_who, p_why, p_filter, p_affected, clock());
end
$$;
