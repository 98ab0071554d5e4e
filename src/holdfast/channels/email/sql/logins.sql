-- Logins of SMTP-in: add, list, rotate, disable; and what a server asks when somebody logs in.

-- A new one. A name that is taken, also by a disabled login, is refused: whoever has it could be meant.
create or replace function email_login_add(
  p_name text, p_password_hash text, p_tenant text, p_by text
) returns void
language plpgsql
set search_path from current
as $$
begin
  perform make_durable();
  if coalesce(p_name, '') !~ '^[A-Za-z0-9._@+-]{1,200}$' then
    raise exception 'the name of a login is 1 to 200 of A-Z, a-z, 0-9 and . _ @ + -'
      using errcode = 'JQ005';
  end if;
  insert into email_logins (name, password_hash, tenant, created_at, created_by)
  values (p_name, p_password_hash, p_tenant, clock(), p_by)
  on conflict (name) do nothing;
  if not found then
    raise exception 'there is a login "%" already', p_name using errcode = 'JQ005',
      hint = 'give it a new password with: holdfast email logins rotate';
  end if;
end
$$;

-- Another password; the one before goes on for p_overlap. A disabled login may log in again, by the
-- new password alone.
create or replace function email_login_rotate(
  p_name text, p_password_hash text, p_overlap interval default '0'
) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform make_durable();
  if p_overlap is null or p_overlap < interval '0' or p_overlap > interval '90 days' then
    raise exception 'the overlap is 0 to 90 days' using errcode = 'JQ005';
  end if;
  update email_logins l
  set password_hash = p_password_hash, rotated_at = v_now, disabled_at = null, disabled_by = null,
      (old_hash, old_until) = (
        select l.password_hash, v_now + p_overlap
        where p_overlap > interval '0' and l.disabled_at is null)
  where l.name = p_name;
  if not found then
    raise exception 'no login "%"', left(p_name, 200) using errcode = 'JQ001',
      hint = 'see: holdfast email logins list';
  end if;
end
$$;

-- From now on it cannot log in. Connections that are logged in stay so until they end.
create or replace function email_login_disable(p_name text, p_by text) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  perform make_durable();
  update email_logins l
  set disabled_at = coalesce(l.disabled_at, v_now), disabled_by = coalesce(l.disabled_by, p_by)
  where l.name = p_name;
  if not found then
    raise exception 'no login "%"', left(p_name, 200) using errcode = 'JQ001',
      hint = 'see: holdfast email logins list';
  end if;
end
$$;

-- All of them, without what could be told of their passwords.
create or replace function email_login_list()
returns table (
  name text, tenant text, created_at timestamptz, created_by text, rotated_at timestamptz,
  old_until timestamptz, last_used_at timestamptz, disabled_at timestamptz, disabled_by text)
language sql stable
set search_path from current
as $$
  select l.name, l.tenant, l.created_at, l.created_by, l.rotated_at,
         case when l.old_until > clock() then l.old_until end, l.last_used_at, l.disabled_at,
         l.disabled_by
  from email_logins l order by l.name
$$;

-- The one that is logging in, a row for each password that is good; none if it is disabled.
create or replace function email_login(p_name text)
returns table (password_hash text, tenant text)
language sql stable
set search_path from current
as $$
  select p.hash, l.tenant
  from email_logins l
    cross join lateral (
      values (l.password_hash, 1), (case when l.old_until > clock() then l.old_hash end, 2)
    ) p (hash, place)
  where l.name = p_name and l.disabled_at is null and p.hash is not null
  order by p.place
$$;

-- It logged in. Written every ten minutes at most.
create or replace function email_login_used(p_name text) returns void
language plpgsql
set search_path from current
as $$
declare
  v_now timestamptz := clock();
begin
  update email_logins l set last_used_at = v_now
  where l.name = p_name
    and (l.last_used_at is null or l.last_used_at < v_now - interval '10 minutes');
end
$$;
