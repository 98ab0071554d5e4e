-- The keys of a batch: its dedupe keys, its ordering keys, and those of the letters that it revives.
--
-- They are taken before its first job is written, each kind in one order, whoever it is. So two batches
-- with the same keys wait for each other in a row and not in a circle.

-- Takes the dedupe keys of a batch that are free. In one order, whoever it is: two batches with the
-- same keys then wait for each other in a row and not in a circle.
create or replace function take_dedupe_keys(p_jobs jsonb, p_batch uuid, p_now timestamptz)
returns void
language plpgsql
set search_path from current
as $$
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

-- Which job has the key: this one, or an earlier one. Who would have it revived is told which one that is
-- by now, if it was edited.
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
    return as_edited(v_holder);
  end if;
  return v_holder;
end
$$;

-- Takes the ordering keys of a batch, in one order too: the first job of a key that nobody has yet
-- becomes its head. A job whose dedupe key was taken by another one is none. A letter that is to be
-- revived only keeps others away from its key until it is there.
create or replace function take_ordering_keys(p_jobs jsonb, p_batch uuid) returns void
language plpgsql
set search_path from current
as $$
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

-- The dead letters that a batch asks back to life by their dedupe keys, in the order in which everybody
-- takes ordering keys, as objects that take_ordering_keys reads.
create or replace function letters_to_revive(p_jobs jsonb) returns jsonb
language plpgsql stable
set search_path from current
set enable_seqscan = off   -- planned while there were none, it would read all of them later
set jit = off
as $$
begin
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

-- They come back, those that are still dead. The keys of the others are left as they were.
create or replace function revive_letters(p_letters jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
  v_letter jsonb;
begin
  for v_letter in select jsonb_array_elements(p_letters) loop
    perform revive_if_dead((v_letter ->> 'id')::uuid);
  end loop;
  perform leave_keys(p_letters);
end
$$;

-- Takes the ordering keys of letters or held jobs that are about to come back, in the order in which
-- everybody takes many; also those that nobody has, for somebody may just be making them. Returns them.
create or replace function take_keys_of(p_ids uuid[]) returns jsonb
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there were none, it would read all letters later
set jit = off
as $$
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

-- Those of them for which nothing came back are nobody's again. A sender's role, which may take nothing
-- away, has none.
create or replace function leave_keys(p_keys jsonb) returns void
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there were few, it would read all keys later
set jit = off
as $$
declare
  v_key record;
begin
  for v_key in select * from jsonb_to_recordset(p_keys) as k(queue text, ordering_key text) loop
    delete from ordering_keys o
    where o.queue = v_key.queue and o.key = v_key.ordering_key and o.heads = '{}';
  end loop;
end
$$;
