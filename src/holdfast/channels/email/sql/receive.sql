-- Emails that come in by SMTP, those of many connections in one transaction, all or none.
--
--   p_emails   a JSON array of {"sender", "recipients", "message_id", "subject", "options"}, each as the
--              argument of `email_send` of that name
--   p_raws     their bytes, in the same order
--
-- Returns a row for each, numbered from 1.
create or replace function email_receive_many(p_emails jsonb, p_raws bytea[])
returns table (ordinal bigint, id uuid)
language sql
set search_path from current
as $$
  select m.n, s.id
  from rows from (jsonb_array_elements(p_emails), unnest(p_raws)) with ordinality m(email, raw, n),
       lateral email_send(m.email ->> 'sender',
                          array(select jsonb_array_elements_text(m.email -> 'recipients')),
                          m.email ->> 'message_id', m.email ->> 'subject', m.raw,
                          m.email -> 'options') s
$$;
