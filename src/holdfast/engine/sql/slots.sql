-- Slots: so many at once, whoever they are and wherever they run.
--
-- A slot is taken for a time and given back; one whose holder died comes free when its time is over.
-- For connections to a provider, imports of one customer, anything a rate does not say. The jobs of a
-- queue need none: its max_running counts leases.

-- Takes a slot of a key, of which there are `p_slots`. Returns it, or nothing and the seconds until
-- the next one runs out at the latest.
create or replace function take_slot(
  p_key text, p_slots integer, p_for interval default '1 minute', p_holder text default null,
  out slot uuid, out retry_after double precision)
language plpgsql
set search_path from current
as $$
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

-- Keeps a slot for longer. False if it ran out and is gone: whoever has it now, it is not we.
create or replace function extend_slot(p_key text, p_slot uuid, p_for interval default '1 minute')
returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  update slots set until = greatest(until, v_now + least(p_for, interval '1 day'))
  where key = p_key and slot = p_slot and until > v_now;
  return found;
end
$$;

-- Gives a slot back. False if it had run out.
create or replace function release_slot(p_key text, p_slot uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
  v_until timestamptz;
begin
  delete from slots where key = p_key and slot = p_slot returning until into v_until;
  return coalesce(v_until > clock(), false);
end
$$;
