-- Turns and settings that take more than they did: functions whose arguments or results are others are
-- made anew, one is no longer needed.
drop function if exists pick_round(
  text, text[], integer[], integer, integer, tid[], ready_marks, timestamptz);
drop function if exists tenants_in_turn(text, integer, ready_marks);
drop function if exists waiting_tenants(text, text, integer, bigint);
drop function if exists room_left(integer[], text[], tid[]);
