-- What is known of providers beside how they sign: data, as a row for each fact.

-- What they do by themselves after a while, whether we are through or not. A handler without a deadline
-- of its own has this one, a forward as well: a person is told at half of it.
create or replace function webhook_provider_deadlines()
returns table (scheme text, event_type text, deadline interval)
language sql immutable parallel safe as $$
  values
    -- an hour after our 200 the draft is final and is charged:
    -- docs.stripe.com/invoicing/integration/workflow-transitions
    ('stripe', 'invoice.created', interval '1 hour'),
    ('stripe', 'v1.invoice.created', interval '1 hour')   -- the thin event of it
$$;

-- What they say of themselves that a person has to hear, even if no handler asks for it.
create or replace function webhook_provider_alerts()
returns table (scheme text, pattern text, says text)
language sql immutable parallel safe as $$
  values
    -- docs.stripe.com/webhooks/handle-irrecoverable-events
    ('stripe', 'v2.core.health.event_generation_failure.*',
     'Stripe could not make some events. They will not come, and are in no list: compare the objects '
     'that you keep with those at Stripe')
$$;

-- Raises the alerts of those arrivals of a batch that are news.
create or replace function webhook_tell_of_providers(p_events jsonb, p_batch uuid) returns void
language sql
set search_path from current
as $$
  select raise_alert(
    left(format('webhooks.provider:%s:%s', v.source, v.event_type), 200),
    format('%s (event %s of %s)', a.says, v.id, v.source),
    jsonb_build_object('event', v.id, 'source', v.source, 'event_type', v.event_type))
  from jsonb_array_elements(p_events) with ordinality e(item, ord)
  join webhook_events v on v.id = id_of_batch(p_batch, e.ord)
  join webhook_provider_alerts() a on a.scheme = v.scheme and webhook_wants(a.pattern, v.event_type)
$$;

-- The header in which a sender of that scheme has the secret itself; null if none has. That of the
-- scheme `generic` is told by the settings of its source.
create or replace function webhook_sent_secret(p_scheme text, p_settings jsonb) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select case
    when p_scheme = 'gitlab' then 'X-Gitlab-Token'
    when p_scheme in ('basic', 'postmark') then 'Authorization'
    when p_scheme = 'generic' and p_settings ->> 'algorithm' = 'equals'
      then coalesce(p_settings ->> 'header', 'X-Signature') end
$$;
