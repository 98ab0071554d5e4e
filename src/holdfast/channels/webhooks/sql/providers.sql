-- What is known of providers beside how they sign: data, as a row for each fact.

-- What they do by themselves after a while, whether we are through or not. A handler without a deadline
-- of its own has this one, a forward as well: a person is told at half of it.
create or replace function webhook_provider_deadlines()
returns table (scheme text, event_type text, deadline interval)
language sql immutable parallel safe as $$
  values
    -- an hour after our 200 the draft is final and is charged:
    -- docs.stripe.com/invoicing/integration/workflow-transitions
    ('stripe', 'invoice.created', interval '1 hour')
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

-- Raises the alerts of a batch of arrivals; p_ids are null for those that are no news.
create or replace function webhook_tell_of_providers(p_events jsonb, p_ids uuid[]) returns void
language sql
set search_path from current
as $$
  select raise_alert(
    left(format('webhooks.provider:%s:%s', e.item ->> 'source', e.item ->> 'event_type'), 200),
    format('%s (event %s of %s)', a.says, p_ids[e.ord], e.item ->> 'source'),
    jsonb_build_object('event', p_ids[e.ord], 'source', e.item ->> 'source',
                       'event_type', e.item ->> 'event_type'))
  from jsonb_array_elements(p_events) with ordinality e(item, ord)
  join webhook_provider_alerts() a
    on a.scheme = e.item ->> 'scheme' and webhook_wants(a.pattern, e.item ->> 'event_type')
  where p_ids[e.ord] is not null
$$;
