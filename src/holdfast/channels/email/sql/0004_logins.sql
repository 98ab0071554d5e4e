-- Who may send mail by SMTP-in from other machines, and whose mail it then is.
--
-- A password is never stored, only what hashlib.scrypt makes of it, with its parameters:
-- scrypt$16384$8$1$<salt>$<hash>. A login is disabled and not deleted: its emails name it.

create table email_logins (
  name          text primary key check (name ~ '^[A-Za-z0-9._@+-]{1,200}$'),
  password_hash text not null check (password_hash ~ '^scrypt(\$[0-9]+){3}(\$[A-Za-z0-9+/=]+){2}$'),
  tenant        text check (length(tenant) between 1 and 200),
  created_at    timestamptz not null,
  created_by    text not null,
  rotated_at    timestamptz,      -- when the password was last changed
  last_used_at  timestamptz,      -- to ten minutes
  disabled_at   timestamptz,
  disabled_by   text
);
