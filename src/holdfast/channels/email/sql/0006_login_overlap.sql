-- The password before the last one may go on for a while, so that no program is refused meanwhile.

alter table email_logins
  add column old_hash text check (old_hash ~ '^scrypt(\$[0-9]+){3}(\$[A-Za-z0-9+/=]+){2}$'),
  add column old_until timestamptz,
  add check ((old_hash is null) = (old_until is null));

drop function if exists email_login_rotate(text, text);
drop function if exists email_login_list();
