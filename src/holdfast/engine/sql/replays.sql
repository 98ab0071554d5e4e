-- Replays: what a person does after the cause was mended, with a way to look and to stop.
--
--   plan_replay    what it would be: how many, which of them not, of which queues and groups
--   create_replay  fixes the letters; from then on it goes on by itself
--   step_replays   anybody calls it at any time (maintain does): as many as the rate allows
--   cancel_replay  the rest stays dead
--
-- With a canary, one letter goes first and the others wait for its result: done lets them go, anything
-- else stops the replay, and they stay dead.

-- What a replay would do. Reads only.
create or replace function plan_replay(p_filter jsonb, p_limit integer default 1000000) returns jsonb
language plpgsql stable
set search_path from current
as $$
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

-- Why letters are left out of a replay, or null: of all at once, since each call costs more than a look.
create or replace function replay_excluded(p_ids uuid[])
returns table (id uuid, queue text, fingerprint text, excluded text)
language sql stable
set search_path from current
set enable_seqscan = off   -- with a plan of quieter times it would read all items for each
set jit = off
as $$
  select d.id, d.queue, d.fingerprint, case
    when exists (select from replay_items i where i.job_id = d.id and i.outcome is null) then
      'it is in another replay'
    when not exists (select from queues q where q.name = d.queue) then 'its queue is gone'
  end
  from dead_letters d where d.id = any (p_ids)
$$;

-- Fixes the letters that the filter names now; later ones are not part of it. Returns its number.
create or replace function create_replay(
  p_filter jsonb, p_who text, p_why text default null, p_rate double precision default null,
  p_canary boolean default false, p_limit integer default 1000000
) returns bigint
language plpgsql
set search_path from current
as $$
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

-- Moves every open replay on by what its rate allows. Returns how many letters came back to life. A
-- letter that somebody has just now, or its ordering key, is put off and holds up no others.
create or replace function step_replays(p_limit integer default 1000) returns integer
language plpgsql
set search_path from current
set lock_timeout = '100ms'
as $$
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

-- The one that goes first: sends it, or looks what became of it. So many may be busy before it in one call.
create or replace function judge_canary(p_replay replays, p_limit integer) returns replays
language plpgsql
set search_path from current
set enable_seqscan = off   -- with a plan of quieter times it would read the letters of all replays
set jit = off
as $$
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

-- As many as the rate allows until five seconds from now, each due at its own moment: between two
-- calls the rate holds. When nobody has called for longer, the time that passed is not made up for.
create or replace function run_replay(p_replay replays, p_limit integer) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off   -- with a plan of quieter times it would read all letters for each
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
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

-- The place of the next letter of a replay; null if none is left. They go in their order: those up to
-- p_after have gone, and what an old snapshot keeps of them is passed over.
create or replace function next_of_replay(p_replay bigint, p_after integer) returns integer
language plpgsql stable
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
begin
  return (select ordinal from replay_items
          where replay = p_replay and outcome is null and ordinal > p_after
          order by ordinal limit 1);
end
$$;

-- The last place of a replay; null if it has none. Not max(): planned while there were few, it would read all.
create or replace function last_of_replay(p_replay bigint) returns integer
language plpgsql stable
set search_path from current
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
begin
  return (select ordinal from replay_items where replay = p_replay order by ordinal desc limit 1);
end
$$;

-- The next letter of a replay comes back to life, or is put off: somebody has it just now, or its ordering
-- key; or one of the key was put off before it and still waits, for those of a key go in their order.
create or replace function advance_replay(
  inout r replays, p_ordinal integer, p_run_at timestamptz, p_now timestamptz, out job_id uuid)
language plpgsql
set search_path from current
set enable_seqscan = off   -- planned while there were few, it would read all letters for each
set jit = off
as $$
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
exception when lock_not_available then
  v_key := key_of_letter(r.id, p_ordinal);
  v_place := put_off_letter(r.id, p_ordinal);
  if v_key is not null then
    r.put_off := r.put_off || jsonb_build_object(v_key, v_place);
  end if;
end
$$;

-- The queue and the ordering key of a letter of a replay; null if it has none, or is gone.
create or replace function key_of_letter(p_replay bigint, p_ordinal integer) returns text
language plpgsql stable
set search_path from current
set enable_seqscan = off
set jit = off
as $$
begin
  return (select queue || chr(31) || ordering_key from dead_letters where id = (
            select job_id from replay_items where replay = p_replay and ordinal = p_ordinal));
end
$$;

-- A letter goes behind all others of its replay. Returns its place.
create or replace function put_off_letter(p_replay bigint, p_ordinal integer) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off
set jit = off
as $$
declare
  v_place integer := last_of_replay(p_replay) + 1;
begin
  update replay_items set ordinal = v_place where replay = p_replay and ordinal = p_ordinal;
  return v_place;
end
$$;

-- A letter of a replay comes back to life; null if it was gone. It waits for nobody while it has the keys
-- of others: what is busy is an error, lock_not_available.
create or replace function replay_letter(
  p_replay bigint, p_ordinal integer, p_run_at timestamptz, p_now timestamptz) returns uuid
language plpgsql
set search_path from current
set lock_timeout = '1ms'   -- there is no nowait for a key that somebody is just making
set enable_seqscan = off   -- with a plan of quieter times it would read all letters for each
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
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

-- Ends a replay; what has not come back to life stays dead. Returns how many those are.
create or replace function cancel_replay(p_id bigint, p_who text, p_why text default null)
returns integer
language plpgsql
set search_path from current
as $$
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

create or replace function replay_numbered(p_id bigint) returns replays
language plpgsql stable
set search_path from current
as $$
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

-- Forgets replays that ended more than ninety days ago.
create or replace function prune_replays(p_now timestamptz) returns integer
language plpgsql
set search_path from current
as $$
declare
  v_gone integer;
begin
  delete from replays where ended_at < p_now - interval '90 days';
  get diagnostics v_gone = row_count;
  return v_gone;
end
$$;
