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

-- Takes the ordering keys of a batch, in one order too: the first job of a key that nobody has yet
-- becomes its head. A job whose dedupe key was taken by another one is none.
create or replace function take_ordering_keys(p_jobs jsonb, p_batch uuid) returns void
language plpgsql
set search_path from current
as $$
begin
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
  on conflict (queue, key) do update set heads = o.heads;
end
$$;
