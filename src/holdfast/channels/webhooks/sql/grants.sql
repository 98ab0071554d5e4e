-- What the roles may do here; see roles.sql of the engine.
create or replace function webhook_grants(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('grant select on webhook_handlers to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on webhook_keys, webhook_events to %I',
                 p_prefix || '_enqueue');
  execute format('grant insert on webhook_deadlines to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on alerts to %I', p_prefix || '_enqueue');
  perform grant_functions(p_prefix || '_enqueue', '{webhook_receive,webhook_receive_many,'
    'webhook_take_keys,webhook_make_jobs,webhook_receive_again,webhook_hold_mismatch,'
    'webhook_jobs,webhook_ordering_key,webhook_enqueue,webhook_wants,'
    'webhook_note_deadlines,raise_alert}');
  perform grant_functions(p_prefix || '_read',
    '{webhook_wants,webhook_list,webhook_show,webhook_states,webhook_load,webhook_find,webhook_after,'
    'webhook_handler_list,webhook_refusal_list}');
  execute format('grant select, insert, update, delete on webhook_handlers, webhook_keys, '
    'webhook_events, webhook_deadlines, webhook_refusals, webhook_refusal_samples, '
    'webhook_secret_uses to %I', p_prefix || '_work');
  perform grant_functions(p_prefix || '_work', '{webhook_receive,webhook_receive_many,'
    'webhook_take_keys,webhook_make_jobs,webhook_receive_again,webhook_hold_mismatch,webhook_jobs,'
    'webhook_ordering_key,webhook_enqueue,webhook_note_deadlines,webhook_wants,webhook_register,'
    'webhook_load,webhook_list,'
    'webhook_show,webhook_states,webhook_find,webhook_after,webhook_handler_list,'
    'webhook_source_book,webhook_count,webhook_refusal_list,get_webhook_retry_batch,'
    'mark_webhook_processed,mark_webhook_failed,calculate_webhook_retry_time}');
end
$$;
