-- What the roles may do here; see roles.sql of the engine.
create or replace function webhook_grants(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('revoke all on webhook_secrets from %I', p_prefix || '_read');
  execute format('grant select on webhook_secrets to %I', p_prefix || '_work');
  execute format('grant select on webhook_handlers, webhook_endpoints to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update (jobs) on webhook_messages to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on webhook_keys, webhook_events to %I',
                 p_prefix || '_enqueue');
  execute format('grant insert on webhook_deadlines to %I', p_prefix || '_enqueue');
  execute format('grant select on webhook_latest to %I', p_prefix || '_enqueue');
  execute format('grant select, insert, update on alerts to %I', p_prefix || '_enqueue');
  perform grant_functions(p_prefix || '_enqueue',
    '{webhook_receive,webhook_receive_many,webhook_receive_known,webhook_wanted,'
    'webhook_number,webhook_numbered,'
    'webhook_reference,webhook_due,webhook_over,webhook_described,'
    'webhook_receive_again,webhook_hold_mismatch,webhook_answering,webhook_ask_again,'
    'webhook_provider_deadlines,webhook_provider_alerts,webhook_tell_of_providers,'
    'webhook_ordering_key,webhook_enqueue,webhook_wants,webhook_wants_any,webhook_note_deadlines,'
    'webhook_send,webhook_sent,webhook_says_the_same,webhook_endpoint,webhook_addressee,raise_alert}');
  perform grant_functions(p_prefix || '_read',
    '{webhook_wants,webhook_wants_any,webhook_list,webhook_list_between,webhook_window,webhook_show,webhook_states,webhook_load,'
    'webhook_load_many,webhook_id_or_null,webhook_find,webhook_after,webhook_handler_list,webhook_refusal_list,webhook_endpoint,'
    'webhook_sources_seen,webhook_sources_known,webhook_pause_list,webhook_paused,webhook_endpoint_counts,webhook_endpoint_list,webhook_endpoint_page,webhook_delivery_list,webhook_plain_url,webhook_attempt_list,'
    'webhook_attempt_at,webhook_subject,webhook_message_at,webhook_end,webhook_number,webhook_numbered,'
    'webhook_message_list,webhook_message_wanted,webhook_message_values,webhook_messages_few,'
    'webhook_messages_back,webhook_message_rows,webhook_message_jobs,webhook_message_find,webhook_message_show,webhook_excerpt,'
    'webhook_moment,webhook_plan_replay,webhook_replay_candidates,webhook_last_before,'
    'webhook_wanted,webhook_described,webhook_provider_deadlines,webhook_ordering_key}');
  execute format('grant select, insert, update, delete on webhook_handlers, '
    'webhook_handlers_seen, webhook_keys, '
    'webhook_events, webhook_deadlines, webhook_refusals, webhook_refusal_samples, '
    'webhook_secret_uses, webhook_endpoints, webhook_messages, webhook_deliveries, '
    'webhook_environment, webhook_redactions, webhook_hidings, webhook_prunings, webhook_pauses to %I',
    p_prefix || '_work');
  perform grant_functions(p_prefix || '_work',
    '{webhook_receive,webhook_receive_many,webhook_receive_known,webhook_wanted,'
    'webhook_number,webhook_numbered,'
    'webhook_reference,webhook_due,webhook_over,webhook_described,'
    'webhook_receive_again,webhook_hold_mismatch,webhook_answering,'
    'webhook_ask_again,webhook_provider_deadlines,webhook_provider_alerts,'
    'webhook_tell_of_providers,webhook_ordering_key,webhook_enqueue,webhook_note_deadlines,'
    'webhook_wants,webhook_wants_any,webhook_register,webhook_deadline_or_error,webhook_keep_handlers,'
    'webhook_see_handlers,webhook_forget_handlers,webhook_load,webhook_load_many,webhook_list,webhook_list_between,webhook_window,'
    'webhook_show,webhook_states,webhook_find,webhook_after,webhook_end,webhook_handler_list,webhook_delivery,'
    'webhook_delivered,webhook_stop_endpoint,webhook_prune_messages,webhook_prune_sent,webhook_send,webhook_sent,'
    'webhook_says_the_same,webhook_endpoint,webhook_addressee,webhook_let_go,let_go,let_go_if_free,'
    'webhook_go_on,webhook_end_pauses,webhook_paused,webhook_pause_key,webhook_upkeep_step,webhook_prune,webhook_prune_source,webhook_prune_bite,webhook_forget_deadlines,'
    'webhook_prune_keys,webhook_prune_old_keys,webhook_follow_edits,webhook_id_or_null,'
    'webhook_sources_seen,webhook_redact,'
    'webhook_redacted,webhook_masked,webhook_redacted_headers,webhook_check_deadlines,'
    'webhook_masked_headers,webhook_bite,webhook_redact_source,webhook_unredacted,webhook_hide_secrets,webhook_sent_secret,'
    'webhook_check_silence,webhook_check_held,webhook_sources_held,webhook_keeping,webhook_note_environment,webhook_source_book,'
    'webhook_count,webhook_moment,webhook_refusal_list,get_webhook_retry_batch,mark_webhook_processed,'
    'mark_webhook_failed,calculate_webhook_retry_time}');
end
$$;
