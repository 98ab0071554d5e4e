-- Replays as lists: which there are, how one goes, and what became of each of its letters.

-- The replays, the latest first.
create or replace function replay_list(p_limit integer default 50) returns table (
  id bigint, state text, total integer, replayed integer, who text, why text,
  created_at timestamptz, ended_at timestamptz, rate double precision, note text, filter jsonb)
language sql stable
set search_path from current
as $$
  select r.id, r.state, r.total, r.replayed, r.who, r.why, r.created_at, r.ended_at, r.rate, r.note,
         r.filter
  from replays r order by r.id desc limit list_limit(p_limit)
$$;

-- One replay: how many of its letters met which end, and what became of those that came back (of the
-- first ten thousand).
create or replace function replay_show(p_id bigint) returns jsonb
language sql stable
set search_path from current
as $$
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

-- The letters of a replay, in their order. A filter has outcome (replayed, gone, excluded, cancelled or
-- waiting), state (what they are now; forgotten, if they were pruned) and after (an id: the page after it).
-- Which ones died again?
--   select * from replay_item_list(7, '{"outcome": "replayed", "state": "dead"}')
create or replace function replay_item_list(
  p_id bigint, p_filter jsonb default '{}', p_limit integer default 50
) returns table (job_id uuid, outcome text, state text, because text, at timestamptz)
language plpgsql stable
set search_path from current
set plan_cache_mode = force_custom_plan   -- so that the tables of other states are left out
set enable_seqscan = off   -- by the index, in order: of a million letters a page looks at its own
set enable_bitmapscan = off
set jit = off
as $$
declare
  v_outcome text := p_filter ->> 'outcome';
  v_state text := p_filter ->> 'state';
  v_after integer := 0;
begin
  perform check_filter(p_filter, '{outcome,state,after}');
  perform check_choice('outcome', v_outcome, '{replayed,gone,excluded,cancelled,waiting}');
  perform check_choice('state', v_state,
                       '{ready,leased,held,dead,done,cancelled,expired,forgotten}');
  if p_filter ->> 'after' is not null then
    select i.ordinal into v_after from replay_items i
    where i.replay = p_id and i.job_id = (p_filter ->> 'after')::uuid;
    if not found then
      raise exception 'replay % has no letter %', p_id, p_filter ->> 'after' using errcode = 'JQ001';
    end if;
  end if;
  return query
    select i.job_id, coalesce(i.outcome, 'waiting'), s.state, i.because, i.at
    from replay_items i
    cross join lateral (select (select j.state from jobs j where j.id = i.job_id
      and (coalesce(v_state, 'forgotten') = 'forgotten' or j.state = v_state)) as state offset 0) s
    where i.replay = p_id and i.ordinal > v_after
      and (v_outcome is null or coalesce(i.outcome, 'waiting') = v_outcome)
      and (v_state is null or coalesce(s.state, 'forgotten') = v_state)
    order by i.ordinal limit list_limit(p_limit);
end
$$;
