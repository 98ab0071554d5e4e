-- Enqueue: a promise to do something, written in the caller's own transaction.
--
-- Rolled back with it, committed with it. Whoever was told "enqueued" has it on disk: a session that
-- runs with synchronous_commit = off is lifted to `on` for this transaction.
--
-- One job is a JSON object with `queue` and `kind`, and any of:
--   payload       what the handler is given; small (at most 1 MiB), null becomes {}
--   run_at        not before; a time in the future makes the job wait apart from the ready ones
--   expires_at    not after; a job that is claimed later ends as `expired`, unrun
--   priority      0 first to 9 last, 5 if not given
--   tenant        whose it is
--   ordering_key  jobs of one queue and key run one after the other, in this order
--   supersede     true: cancel the earlier jobs of the ordering key that have not begun
--   dedupe_key    the same key again gives the same job back and has no second effect,
--                 until that has ended and the queue's dedupe_retention is over, however it ended:
--                 who repeats what was cancelled does not undo that; `dedupe_scope` keeps senders apart
--   revive        true: if the deduplicated job is a dead letter, replay it; of one that was edited, what
--                 the edited replay made of it
--   replay_of     the job that this one is an edited replay of
--   id            for channels, whose own row has the same identity

-- One job; returns its id. select enqueue('default', 'welcome', '{"user": 7}', '{"priority": 1}')
--
-- Most jobs are nothing but a small payload. They are one expression and one statement of values: a
-- statement that selects what it inserts is made ready twice, and each further one, or a call of a
-- function that pins its search_path, costs as much as a look at an index. Up to 2000 bytes a payload
-- cannot be too large, however well it is compressed.
create or replace function enqueue(
  p_queue text, p_kind text, p_payload jsonb default '{}', p_options jsonb default '{}'
) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_id uuid;
  v_awaited boolean;
begin
  if p_kind <> '' and length(p_kind) <= 200 and pg_column_size(p_payload) <= 2000 and p_options = '{}'
     and make_durable()
  then
    insert into ready_jobs (id, queue, kind, payload, priority, attempts, crashes, deferrals,
                            enqueued_at, run_at)
    values (new_id(),
            coalesce((select q.name from queues q where q.name = p_queue), (queue_policy(p_queue)).name),
            p_kind, coalesce(nullif(p_payload, 'null'), '{}'), 5, 0, 0, 0, v_now, v_now)
    returning id, exists (
      select from idle_workers i
      where i.queue = p_queue collate "C" and i.until > statement_timestamp())
    into v_id, v_awaited;
    if v_awaited then
      perform wake(array[p_queue]);
    end if;
    return v_id;
  end if;
  if jsonb_typeof(p_options) is distinct from 'object' then
    raise exception 'options is a JSON object, not %', coalesce(jsonb_typeof(p_options), 'null')
      using errcode = 'JQ005';
  end if;
  return id from enqueue_many(jsonb_build_array(
    p_options || jsonb_build_object('queue', p_queue, 'kind', p_kind, 'payload', p_payload)));
end
$$;

-- Many jobs at once: a JSON array of the objects above. All or none. Returns one row per object,
-- numbered from 1; `duplicate` says that the dedupe key was known and the id is the earlier job's.
create or replace function enqueue_many(p_jobs jsonb)
returns table (ordinal bigint, id uuid, duplicate boolean)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
set enable_seqscan = off     -- and planned while the tables were empty, it would read all of them later
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_now timestamptz := clock();
  v_batch uuid;
  v_deduped boolean;
  v_ordered boolean;
  v_revives boolean;
  v_letters jsonb := '[]';
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
  select bool_or(e ->> 'dedupe_key' is not null), bool_or(e ->> 'ordering_key' is not null),
         bool_or((e ->> 'revive')::boolean)
  into v_deduped, v_ordered, v_revives from jsonb_array_elements(p_jobs) e;
  if v_deduped then
    perform take_dedupe_keys(p_jobs, v_batch, v_now);
  end if;
  if v_revives then   -- a sender's role may not even look for letters
    v_letters := letters_to_revive(p_jobs);
  end if;
  if v_ordered or v_revives then
    perform take_ordering_keys(p_jobs || v_letters, v_batch);
  end if;
  if v_revives then
    perform revive_letters(v_letters);
  end if;
  return query
    select e.ord, o.id, o.duplicate
    from jsonb_array_elements(p_jobs) with ordinality e(item, ord),
         lateral enqueue_one(jsonb_populate_record(null::job, e.item), e.item,
                             id_of_batch(v_batch, e.ord), v_now) o;
  perform wake(array(select distinct e ->> 'queue' from jsonb_array_elements(p_jobs) e));
end
$$;

-- Many jobs that need no more than to be written down: none has a dedupe_key, ordering_key, run_at or
-- id. All or none. Returns an identity for the batch; the nth job has the id id_of_batch(batch, n).
--
-- Each job is looked at while it is written, in one pass: what is plainly in order passes by an
-- expression, only the others are looked over by a function, which says what is wrong with one.
create or replace function enqueue_plain(p_jobs jsonb) returns uuid
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
as $$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
  v_head text := batch_head(v_batch);
  v_tail bigint := batch_tail(v_batch);
begin
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, attempts, crashes, deferrals,
                          enqueued_at, run_at, expires_at, replay_of)
  select id_at(v_head, v_tail, j.ord),
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
  if exists (select from idle_workers where until > statement_timestamp()) then
    perform wake(array(select distinct e ->> 'queue' from jsonb_array_elements(p_jobs) e));
  end if;
  return v_batch;
end
$$;

-- Many jobs of one kind, as an array of their payloads. All or none. Returns an identity for the batch;
-- the nth job has the id id_of_batch(batch, n).
-- select enqueue_payloads('default', 'welcome', '[{"user": 7}, {"user": 8}]')
create or replace function enqueue_payloads(p_queue text, p_kind text, p_payloads jsonb)
returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
  v_head text := batch_head(v_batch);
  v_tail bigint := batch_tail(v_batch);
begin
  if (p_kind <> '' and length(p_kind) <= 200 and p_payloads is not null) is not true then
    perform check_jobs(case when p_payloads is not null then
      jsonb_build_array(jsonb_build_object('queue', p_queue, 'kind', p_kind)) end);
  end if;
  insert into ready_jobs (id, queue, kind, payload, priority, attempts, crashes, deferrals,
                          enqueued_at, run_at)
  select id_at(v_head, v_tail, j.ord),
         coalesce((select q.name from queues q where q.name = p_queue), (queue_policy(p_queue)).name),
         p_kind,
         case when pg_column_size(e) <= 1048576 then coalesce(nullif(e, 'null'), '{}')
           else to_jsonb(look_over(jsonb_build_object('queue', p_queue, 'kind', p_kind, 'payload', e),
                                   j.ord)) end,
         5, 0, 0, 0, v_now, v_now
  from jsonb_array_elements(p_payloads) with ordinality j(e, ord);
  if exists (
    select from idle_workers i
    where i.queue = p_queue collate "C" and i.until > statement_timestamp())
  then
    perform wake(array[p_queue]);
  end if;
  return v_batch;
end
$$;

-- Many jobs as columns, for a channel that makes them in a statement of its own: nothing is put into
-- JSON and taken out of it again. All or none; each array has one element for each job. Returns an
-- identity for the batch; the nth job has the id id_of_batch(batch, n).
create or replace function enqueue_columns(
  p_queues text[], p_kinds text[], p_payloads jsonb[], p_tenants text[],
  p_ordering_keys text[] default null, p_supersede boolean[] default null,
  p_run_at timestamptz[] default null, p_expires_at timestamptz[] default null) returns uuid
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan   -- to plan anew costs more than most calls do
as $$
declare
  v_now timestamptz := clock();
  v_batch uuid := case when make_durable() then new_id() end;
  v_head text := batch_head(v_batch);
  v_tail bigint := batch_tail(v_batch);
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
  select id_at(v_head, v_tail, j.n),
         case when length(j.kind) between 1 and 200 and pg_column_size(j.payload) <= 2000
                and (length(j.tenant) between 1 and 200) is not false
                and j.queue in (select name from queues)
           then j.queue
           else look_over(job_of_columns(j.queue, j.kind, j.payload, j.tenant), j.n) end,
         j.kind, coalesce(nullif(j.payload, 'null'), '{}'), 5, j.tenant, 0, 0, 0, v_now, v_now,
         j.expires_at
  from unnest(p_queues, p_kinds, p_payloads, p_tenants, p_expires_at) with ordinality
    j(queue, kind, payload, tenant, expires_at, n);
  if exists (select from idle_workers where until > statement_timestamp()) then
    perform wake(array(select distinct q from unnest(p_queues) q));
  end if;
  return v_batch;
end
$$;

-- A job as enqueue_many has it.
create or replace function job_of_columns(
  p_queue text, p_kind text, p_payload jsonb, p_tenant text, p_ordering_key text default null,
  p_supersede boolean default null, p_run_at timestamptz default null,
  p_expires_at timestamptz default null) returns jsonb
language plpgsql stable
set search_path from current
as $$
begin
  return jsonb_build_object('payload', p_payload) || jsonb_strip_nulls(jsonb_build_object(
    'queue', p_queue, 'kind', p_kind, 'tenant', p_tenant, 'ordering_key', p_ordering_key,
    'supersede', p_supersede, 'run_at', p_run_at, 'expires_at', p_expires_at));
end
$$;

-- One job that needs a look around: its dedupe key, its ordering key, its time.
create or replace function enqueue_one(p_job job, p_item jsonb, p_id uuid, p_now timestamptz)
returns table (id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
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

-- Acknowledged means on disk, also for sessions that were told to care less.
--
-- And the transaction gets its number before it draws the first `seq` of a ready job: a claim's mark
-- may pass a seq that nobody has, once all transactions are over that were numbered before.
create or replace function make_durable() returns boolean
language sql volatile parallel unsafe as $$
  select case
    when pg_catalog.pg_current_xact_id() is not null
         and pg_catalog.current_setting('synchronous_commit') = 'off'
    then pg_catalog.set_config('synchronous_commit', 'on', true) = 'on'
    else true
  end
$$;

create or replace function put_ready(p_job job) returns void
language plpgsql
set search_path from current
as $$
begin
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes,
                          deferrals, enqueued_at, run_at, expires_at, replay_of)
  select (p_job).*;
end
$$;

create or replace function put_deferred(p_job job, p_waits_for text, p_because text) returns void
language plpgsql
set search_path from current
as $$
begin
  insert into deferred_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts,
                             crashes, deferrals, enqueued_at, run_at, expires_at, replay_of,
                             waits_for, because, held_at)
  select (p_job).*, p_waits_for, p_because, case p_waits_for when 'person' then clock() end;
end
$$;

-- Tells idle workers that there is work. A NOTIFY inside a transaction makes all commits of the
-- server wait for each other (a quarter of the rate, measured), so it is sent only while somebody
-- really sleeps; whoever is busy finds the work with the next claim.
create or replace function wake(p_queues text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  if exists (
    select from idle_workers where queue = any (p_queues collate "C") and until > v_now)
  then
    perform pg_notify(current_schema() || '_wake', i.queue)
    from (select distinct queue from idle_workers
          where queue = any (p_queues collate "C") and until > v_now) i;
  end if;
end
$$;
