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
--                 for the queue's dedupe_retention; `dedupe_scope` keeps senders apart
--   revive        true: if the deduplicated job is a dead letter, replay it
--   replay_of     the job that this one is an edited replay of
--   id            for channels, whose own row has the same identity

-- One job; returns its id. select enqueue('default', 'welcome', '{"user": 7}', '{"priority": 1}')
create or replace function enqueue(
  p_queue text, p_kind text, p_payload jsonb default '{}', p_options jsonb default '{}'
) returns uuid
language plpgsql
set search_path from current
as $$
declare
  v_id uuid;
begin
  if jsonb_typeof(p_options) is distinct from 'object' then
    raise exception 'options is a JSON object, not %', coalesce(jsonb_typeof(p_options), 'null')
      using errcode = 'JQ005';
  end if;
  select e.id into v_id from enqueue_many(jsonb_build_array(
    p_options || jsonb_build_object('queue', p_queue, 'kind', p_kind, 'payload', p_payload))) e;
  return v_id;
end
$$;

-- Many jobs at once: a JSON array of the objects above. All or none. Returns one row per object,
-- numbered from 1; `duplicate` says that the dedupe key was known and the id is the earlier job's.
create or replace function enqueue_many(p_jobs jsonb)
returns table (ordinal bigint, id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
  v_about record := check_jobs(p_jobs);
begin
  perform make_durable();
  if v_about.special then
    perform take_dedupe_keys(p_jobs, v_about.batch, v_now);
    perform take_ordering_keys(p_jobs, v_about.batch);
    return query
      select e.ord, o.id, o.duplicate
      from jsonb_array_elements(p_jobs) with ordinality e(item, ord),
           lateral enqueue_one(jsonb_populate_record(null::job, e.item), e.item,
                               id_of_batch(v_about.batch, e.ord), v_now) o;
  elsif jsonb_array_length(p_jobs) = 1 then   -- as below, at a third of the cost
    perform put_new(p_jobs -> 0, v_about.batch, v_now);
    return query select 1::bigint, v_about.batch, false;
  else
    return query
      with item as materialized (
        select j.*, id_of_batch(v_about.batch, j.ord) as new_id
        from rows from (jsonb_to_recordset(p_jobs) as (
          queue text, kind text, payload jsonb, priority smallint, tenant text,
          expires_at timestamptz, replay_of uuid)) with ordinality as
          j(queue, kind, payload, priority, tenant, expires_at, replay_of, ord)
      ), written as (
        insert into ready_jobs (id, queue, kind, payload, priority, tenant, attempts, crashes,
                                deferrals, enqueued_at, run_at, expires_at, replay_of)
        select i.new_id, i.queue, i.kind, coalesce(i.payload, '{}'),
               coalesce(i.priority, 5::smallint), i.tenant, 0, 0, 0, v_now, v_now, i.expires_at,
               i.replay_of
        from item i
      )
      select i.ord, i.new_id, false from item i;
  end if;
  perform wake(v_about.queues);
end
$$;

-- One plain job.
create or replace function put_new(p_item jsonb, p_id uuid, p_now timestamptz) returns void
language plpgsql
set search_path from current
as $$
begin
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, attempts, crashes, deferrals,
                          enqueued_at, run_at, expires_at, replay_of)
  values (p_id, p_item ->> 'queue', p_item ->> 'kind',
          coalesce(nullif(p_item -> 'payload', 'null'), '{}'),
          coalesce((p_item ->> 'priority')::smallint, 5), p_item ->> 'tenant', 0, 0, 0, p_now, p_now,
          (p_item ->> 'expires_at')::timestamptz, (p_item ->> 'replay_of')::uuid);
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

-- Takes the dedupe keys of a batch that are free. In one order, whoever it is: two batches with the
-- same keys then wait for each other in a row and not in a circle.
create or replace function take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamptz)
returns void
language sql
set search_path from current
as $$
  insert into dedupe_keys (queue, scope, key, job_id, created_at)
  select e.item ->> 'queue', coalesce(e.item ->> 'dedupe_scope', ''), e.item ->> 'dedupe_key',
         coalesce((e.item ->> 'id')::uuid, id_of_batch(p_batch, e.ord)), p_now
  from jsonb_array_elements(p_jobs) with ordinality e(item, ord)
  where e.item ->> 'dedupe_key' is not null
  order by 1, 2, 3, e.ord
  on conflict do nothing
$$;

-- Takes the ordering keys of a batch, in one order too: the first job of a key that nobody has yet
-- becomes its head. A job whose dedupe key was taken by another one is none.
create or replace function take_ordering_keys(p_jobs jsonb, p_batch uuid) returns void
language sql
set search_path from current
as $$
  insert into ordering_keys as o (queue, key, heads)
  select distinct on (j.queue, j.key) j.queue, j.key, array[j.id]
  from (select e.item ->> 'queue' as queue, e.item ->> 'ordering_key' as key, e.ord, e.item,
               coalesce((e.item ->> 'id')::uuid, id_of_batch(p_batch, e.ord)) as id
        from jsonb_array_elements(p_jobs) with ordinality e(item, ord)) j
  where j.key is not null and not exists (
    select from dedupe_keys d
    where d.queue = j.queue and d.scope = coalesce(j.item ->> 'dedupe_scope', '')
      and d.key = j.item ->> 'dedupe_key' and d.job_id <> j.id)
  order by j.queue, j.key, j.ord
  on conflict (queue, key) do update set heads = o.heads
$$;

-- Which job has the key: this one, or an earlier one, which is revived if that was asked for.
create or replace function holder_of_dedupe_key(p_job job, p_item jsonb, p_now timestamptz)
returns uuid
language plpgsql
set search_path from current
as $$
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
    perform revive_if_dead(v_holder);
  end if;
  return v_holder;
end
$$;

-- An identity that was given must be a new one, wherever its job may be.
create or replace function refuse_known_id(p_id uuid) returns void
language plpgsql
set search_path from current
as $$
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

-- What can be said against the jobs before anything is written; and, from the same look: on which
-- queues they go, whether one of them needs more than to be written down, and an identity for them.
create or replace function check_jobs(
  p_jobs jsonb, out queues text[], out special boolean, out batch uuid)
language plpgsql
set search_path from current
as $$
declare
  v_bad bigint;
begin
  if jsonb_typeof(p_jobs) is distinct from 'array' then
    raise exception 'jobs is a JSON array of objects, not %', coalesce(jsonb_typeof(p_jobs), 'null')
      using errcode = 'JQ005';
  end if;
  batch := new_id();
  if jsonb_array_length(p_jobs) = 1 then
    v_bad := case when job_complaint(p_jobs -> 0) is not null then 1 end;
    queues := array[case when v_bad is null then p_jobs -> 0 ->> 'queue' end];
    special := p_jobs -> 0 ?| '{dedupe_key,ordering_key,run_at,id}';
  else
    select array_agg(g.queue), bool_or(g.special), min(g.bad) into queues, special, v_bad
    from (
      select e ->> 'queue' as queue,
             bool_or(e ?| '{dedupe_key,ordering_key,run_at,id}') as special,
             min(ord) filter (where job_complaint(e) is not null) as bad
      from jsonb_array_elements(p_jobs) with ordinality a(e, ord)
      group by e ->> 'queue') g;
  end if;
  if v_bad is not null then
    raise exception 'job %: %', v_bad, job_complaint(p_jobs -> (v_bad - 1)::integer)
      using errcode = 'JQ005';
  end if;
  if not queues <@ array(select name from queues) or array_position(queues, null) is not null then
    perform queue_policy(u) from unnest(queues) u;
  end if;
end
$$;

-- What is wrong with one job, or null.
create or replace function job_complaint(p_job jsonb) returns text
language sql stable parallel safe as $$
  select case
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
  end
$$;

-- Acknowledged means on disk, also for sessions that were told to care less.
--
-- And the transaction gets its number before it draws the first `seq` of a ready job: a claim's mark
-- may pass a seq that nobody has, once all transactions are over that were numbered before.
create or replace function make_durable() returns void
language plpgsql
set search_path from current
as $$
begin
  perform pg_current_xact_id();
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
end
$$;

create or replace function put_ready(p_job job) returns void
language sql
set search_path from current
as $$
  insert into ready_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts, crashes,
                          deferrals, enqueued_at, run_at, expires_at, replay_of)
  select (p_job).*
$$;

create or replace function put_deferred(p_job job, p_waits_for text, p_because text) returns void
language sql
set search_path from current
as $$
  insert into deferred_jobs (id, queue, kind, payload, priority, tenant, ordering_key, attempts,
                             crashes, deferrals, enqueued_at, run_at, expires_at, replay_of,
                             waits_for, because)
  select (p_job).*, p_waits_for, p_because
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
  if exists (select from idle_workers where queue = any (p_queues) and until > v_now) then
    perform pg_notify(current_schema() || '_wake', i.queue)
    from (select distinct queue from idle_workers
          where queue = any (p_queues) and until > v_now) i;
  end if;
end
$$;
