-- What can be said against jobs that are enqueued: each is told by its number, with what is wrong.

-- What can be said against the jobs before anything is written.
create or replace function check_jobs(p_jobs jsonb) returns void
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

-- The queue of a job in whose object there is more than the usual; or what is wrong with it.
create or replace function look_over(p_job jsonb, p_ordinal bigint) returns text
language plpgsql
set search_path from current
as $$
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

-- What is wrong with one job, or null. Not in SQL: it would be inlined, and the whole of it be made
-- ready for every enqueue, also for those that never come here.
create or replace function job_complaint(p_job jsonb) returns text
language plpgsql stable parallel safe as $$
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
