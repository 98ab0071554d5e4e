-- An arrival is stored by one statement; what was its steps is no longer needed.

drop function if exists webhook_take_keys(jsonb, bytea[], timestamptz);
drop function if exists webhook_make_jobs(jsonb, uuid[], timestamptz);
drop function if exists webhook_jobs(jsonb, uuid[], timestamptz, text[]);
drop function if exists webhook_tell_of_providers(jsonb, uuid[]);

-- To compress a body of two kilobytes the old way costs as much as all the rest of storing it. Where the
-- server knows a quick way it takes that one; elsewhere what fits into a page is left as it came.
do $do$
begin
  if exists (select from pg_catalog.pg_settings
             where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
    alter table webhook_events alter column body set compression lz4;
  else
    alter table webhook_events set (toast_tuple_target = 8160);
  end if;
end
$do$;
