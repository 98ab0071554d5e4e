-- What the roles may do with feedback, suppressions and erasure; see roles.sql of the engine. Operators
-- may call everything.
create or replace function email_feedback_grants(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  -- unsubscribing comes in by HTTP, where processes have this role
  execute format('grant select on email_keeping, email_suppressions to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant select on email_events, email_recipients to %I', p_prefix || '_enqueue');
  execute format('grant select (id, message_id) on emails to %I', p_prefix || '_enqueue');
  execute format('grant insert, update on email_suppressions, email_events to %I, %I',
                 p_prefix || '_enqueue', p_prefix || '_work');
  execute format('grant update (feedback, feedback_at) on email_recipients to %I',
                 p_prefix || '_enqueue');
  execute format('grant select, delete on email_events, email_recipients, emails to %I',
                 p_prefix || '_work');
  execute format('grant update (raw, size, body_gone_at, fingerprint) on emails to %I', p_prefix || '_work');
  execute format('grant select, insert, update, delete on email_looked_through to %I',
                 p_prefix || '_work');
  execute format('grant delete on email_suppressions to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_enqueue', '{email_unsubscribe,email_put_suppressions,'
    'email_known_as,email_address_hash,email_list_of,email_store_feedback,email_move_feedback,'
    'email_feedback_weight,email_of,email_suppressed,email_mask}');
  perform grant_functions(p_prefix || '_read', '{email_suppressed,email_suppression_list,'
    'email_address_hash,email_list_of,email_known_as,email_feedback_weight,email_keeping_now,'
    'email_find,email_named}');
  perform grant_functions(p_prefix || '_work', '{email_feedback,email_check_feedback,'
    'email_feedback_weight,email_of,email_store_feedback,email_move_feedback,email_heed_feedback,'
    'email_heed_found,email_is_heeded,email_is_dead_mailbox,email_suppress_refused,email_match_feedback,email_match_aged,email_suppressed,'
    'email_list_of,email_address_hash,email_known_as,email_put_suppressions,email_unsubscribe,'
    'email_suppression_list,email_upkeep_step,email_drop_bodies,email_forget,'
    'email_next_ended,email_look_on,email_ended_before,email_body_gone,email_take_out,'
    'email_keeping_now,email_left,'
    'email_mask}');
end
$$;
