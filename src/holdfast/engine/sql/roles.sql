-- Who may do what. Four roles, named after the schema: <schema>_enqueue, _work, _operate, _read; each
-- includes the ones before it as the list below says. Nothing is granted to PUBLIC.
--
-- Functions run with the rights of their caller (SECURITY INVOKER), so a role has the table rights
-- that its functions need. Tables are nevertheless written by our functions only; a test holds our own
-- code to it. Who may not make roles grants to those that are there already; if one is missing, this
-- does nothing but revoke, and says so.
--
-- What a role may do is said anew each time, so that a right which an earlier release gave is gone.

create or replace function apply_grants() returns void
language plpgsql
set search_path from current
as $$
declare
  v_schema text := current_schema();
  v_role text;
begin
  execute format('revoke all on schema %I from public', v_schema);
  execute format('revoke all on all functions in schema %I from public', v_schema);
  if not (select rolcreaterole or rolsuper from pg_roles where rolname = current_user)
     and (select count(*) from pg_roles
          where rolname = any (array[v_schema || '_read', v_schema || '_enqueue',
                                     v_schema || '_work', v_schema || '_operate'])) < 4 then
    raise notice 'roles are not made: % may not create roles', current_user;
    return;
  end if;
  foreach v_role in array '{read,enqueue,work,operate}'::text[] loop
    begin
      if not exists (select from pg_roles where rolname = v_schema || '_' || v_role) then
        execute format('create role %I nologin', v_schema || '_' || v_role);
      end if;
    exception when duplicate_object or unique_violation then null;   -- made in another database
    end;
    execute format('grant usage on schema %I to %I', v_schema, v_schema || '_' || v_role);
    execute format('revoke all on all tables in schema %I from %I', v_schema,
                   v_schema || '_' || v_role);
    execute format('revoke all on all functions in schema %I from %I', v_schema,
                   v_schema || '_' || v_role);
  end loop;
  perform grant_read(v_schema || '_read');
  perform grant_enqueue(v_schema || '_enqueue');
  perform grant_work(v_schema || '_work');
  perform grant_channels(v_schema);
  execute format('grant select, insert, update, delete on all tables in schema %I to %I', v_schema,
                 v_schema || '_operate');
  execute format('grant select on sequence ready_jobs_seq_seq to %I', v_schema || '_operate');
  execute format('grant execute on all functions in schema %I to %I', v_schema,
                 v_schema || '_operate');
end
$$;

-- Each channel grants what is its own, in a function named <channel>_grants(prefix of the roles).
create or replace function grant_channels(p_prefix text) returns void
language plpgsql
set search_path from current
as $$
declare
  v_function regproc;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and p.proname like '%\_grants'
      and p.proname <> 'apply_grants'
    order by p.proname  -- an upgrade grants in the order of an installation
  loop
    execute format('select %s(%L)', v_function, p_prefix);
  end loop;
end
$$;

-- Looks at everything, changes nothing. What a channel keeps of secrets it takes out again in its grants.
create or replace function grant_read(p_role text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('grant select on all tables in schema %I to %I', current_schema(), p_role);
  perform grant_functions(p_role, '{clock,explain,explain_wait,say,attempt_history,audit,queue_policy,'
    'is_paused,select_dead_letters,job_list,job_show,raise_no_job,find_job,dead_letter_list,'
    'dead_letter_group_list,dead_letter_groups_at_hand,edge_of_group,count_group,dead_letter_show,queue_list,worker_list,checkup,list_limit,most_looked_through,raise_goes_on,read_job_filter,check_filter,check_choice,'
    'is_limited,explain_limit,is_tenant_full,breaker_list,breaker_named,breaker_state,blocked_key_list,rate_limit_list,'
    'rate_left,rate_worth,nanoseconds,schedule_list,schedule_preview,schedule_named,next_tick_of,cron_next,'
    'cron_fields,cron_field,cron_value,next_cron_day,beginning_of,is_left_out,zone_or_error,'
    'plan_replay,replay_excluded,replay_list,replay_show,replay_item_list,replay_numbered,alert_list,'
    'operation_list,lineage,replaced_by,breaker_of_queue}');
end
$$;

-- Makes jobs, and cannot see what others made.
create or replace function grant_enqueue(p_role text) returns void
language plpgsql
set search_path from current
as $$
begin
  execute format('grant select on migrations, queues, idle_workers to %I', p_role);
  execute format('grant select, insert, update on dedupe_keys, ordering_keys to %I', p_role);
  execute format('grant insert on ready_jobs, deferred_jobs to %I', p_role);
  execute format('grant select (id) on ready_jobs, leased_jobs, deferred_jobs, dead_letters, '
    'finished_jobs to %I', p_role);
  perform grant_functions(p_role, '{clock,new_id,enqueue,enqueue_many,enqueue_plain,enqueue_payloads,enqueue_columns,job_of_columns,look_over,enqueue_one,job_complaint,id_of_batch,batch_head,batch_tail,id_at,'
    'take_dedupe_keys,take_ordering_keys,letters_to_revive,revive_letters,leave_keys,holder_of_dedupe_key,refuse_known_id,check_jobs,make_durable,put_ready,put_deferred,'
    'put_in_line,let_run,become_head,supersede,wake,queue_policy}');
end
$$;

-- Claims and settles, and makes jobs.
create or replace function grant_work(p_role text) returns void
language plpgsql
set search_path from current
as $$
begin
  perform grant_read(p_role);
  perform grant_enqueue(p_role);
  execute format('grant select, insert, update, delete on ready_jobs, leased_jobs, deferred_jobs, '
    'dead_letters, finished_jobs, attempts, dedupe_keys, ordering_keys, workers, idle_workers to %I',
    p_role);
  execute format('grant select, insert, update, delete on ready_marks, tenant_turns, rate_limits, '
    'slots, breakers, schedules, schedule_ticks, replays, replay_items, alerts, upkeep '
    'to %I', p_role);
  execute format('grant select on sequence ready_jobs_seq_seq to %I', p_role);
  execute format('grant insert on operations to %I', p_role);
  execute format('grant insert, update on queues to %I', p_role);
  perform grant_functions(p_role, '{claim,promote_due,expire,rescue,leases_of_busy_keys,rescue_one,extend,still_leased,release,heartbeat,'
    'set_idle,sign_off,settle,settle_done,settle_delivered,settle_one,retry,snooze,snooze_for,seconds_of,moment_of,settle_unknown,finish,'
    'record_attempt,record_late,record_held,time_stopped,pauses_of,bury,error_fingerprint,advance_key,fill_key,widen_keys,job_of,next_attempt_at,backoff,'
    'wished,maintain,is_due,mark_of,maintain_keyed,prune,prune_keys,prune_letters,maintain_partitions,maintain_partitions_if_due,make_partition,create_queue,'
    'set_queue,change_policy,unread_policy,rule_of,policy_apart,differences,revive_if_dead,as_edited,revive,record_operation,'
    'bring_in,pick,pick_in_turn,pick_round,pick_of_tenant,tenants_in_turn,move_turn,has_plain_jobs,'
    'waiting_tenants,full_tenants,room_of_tenants,admit,give_back,refund_rate,rate_of_queue,move_mark,'
    'is_decided,next_tenant_mark,prune_marks,settle_others,next_of_key,'
    'rate_check,rate_check_many,rate_allowed,read_rate_checks,limits_of,limits_in,rate_complaint,read_full_at,lock_rates,'
    'judge_rates,rate_answer_of,write_rates,refuse_transaction,prune_rates,take_slot,extend_slot,'
    'release_slot,set_breaker,ask_breaker,tell_breaker,outcomes_by_breaker,tell_breakers,'
    'prune_breakers,count_results,is_too_much,open_breaker,close_breaker,return_probe,keep_probes,'
    'set_schedule,is_rhythm,check_schedule,every_or_error,read_interval,tick_schedules,next_tick_in,take_ticks,prune_ticks,'
    'step_replays,judge_canary,run_replay,take_keys_of,lock_keys,lock_keys_of_leases,advance_replay,key_of_letter,put_off_letter,next_of_replay,last_of_replay,replay_letter,prune_replays,'
    'set_aside,claim_job,next_due,admitted_in,raise_alert,hand_over_alerts,clear_alert,take_alerts,prune_alerts}');
end
$$;

create or replace function grant_functions(p_role text, p_names text[]) returns void
language plpgsql
set search_path from current
as $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p where p.pronamespace = current_schema()::regnamespace
      and p.proname = any (p_names)
  loop
    execute format('grant execute on function %s to %I', v_function, p_role);
  end loop;
end
$$;
