-- Addresses: what can be one, and how it is written here.

-- Not whether it exists, and not all of RFC 5321: whether it can stand in an SMTP command, and in a
-- list with commas at a provider, and mean one address. What would divide it stands in quotes only.
create or replace function email_is_address(p_text text) returns boolean
language plpgsql immutable parallel safe
set search_path from current
as $$
declare
  v_plain constant text := '[^\x01-\x20\x7f<>()\[\]:;@\\,"]+';
  v_quoted constant text := '"([^\x01-\x20\x7f<>"\\]|\\[^\x01-\x20\x7f<>])+"';
  v_literal constant text := '\[[^\x01-\x20\x7f<>()\[\];@\\,"]+\]';
begin
  return octet_length(p_text) <= 320
    and p_text ~ format('^(%s|%s)@(%s|%s)$', v_plain, v_quoted, v_plain, v_literal);
end
$$;

-- What is said against an address; null if nothing is. Its domain has to be in ASCII by now.
create or replace function email_address_fault(p_address text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select case
    when not coalesce(email_is_address(p_address), false) then
      'is no address: one local@domain without spaces, line breaks or brackets'
    when substring(p_address from '[^@]*$') ~ '[^\x01-\x7f]' then
      'has a domain that cannot be put into ASCII here; write it in ASCII (xn--…)' end
$$;

-- The address with its domain in ASCII (IDNA), as it is looked up and goes out; as it is where that
-- cannot be told for certain: a label has more than letters, digits and hyphens.
create or replace function email_in_ascii(p_address text) returns text
language plpgsql immutable parallel safe
set search_path from current
as $$
declare
  v_domain text := substring(p_address from '[^@]*$');
  v_small text;
  v_plain text;
begin
  if coalesce(v_domain !~ '[^\x01-\x7f]'
              or v_domain ~ '[İẞ\u13A0-\u13FF\uAB70-\uABBF]', true) then   -- small, they differ
    return p_address;
  end if;
  -- A to Z by themselves: in a Turkish database a small I is another letter
  v_small := translate(normalize(v_domain, nfc), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                       'abcdefghijklmnopqrstuvwxyz');
  v_small := normalize(lower(v_small), nfc);
  if v_small <> normalize(v_small, nfkc) then   -- a sign that stands for another one
    return p_address;
  end if;
  select string_agg(l.ascii, '.' order by l.n) into v_plain
  from (
    select n, case when t ~ '[^\x01-\x7f]' then 'xn--' || email_punycode(t) else t end as ascii,
           t !~ '[^\x01-\x7f]' or t ~ '^[[:alnum:]-]+$' and t ~ '^[^-].*[^-]$|^[^-]$' as is_certain
    from regexp_split_to_table(v_small, '[.。]') with ordinality d(t, n)) l
  having bool_and(l.is_certain and length(l.ascii) <= 63);
  return coalesce(left(p_address, -length(v_domain)) || v_plain, p_address);
end
$$;

-- The addresses of an envelope so, in their order.
create or replace function email_all_in_ascii(p_addresses text[]) returns text[]
language sql immutable parallel safe
set search_path from current
as $$
  select array(select email_in_ascii(a) from unnest(p_addresses) with ordinality u(a, n) order by n)
$$;

-- As an address is compared: in small letters, the domain in ASCII.
create or replace function email_plain(p_address text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select lower(email_in_ascii(btrim(p_address)))
$$;

-- A label of a domain in Punycode (RFC 3492, 6.3), without the prefix.
create or replace function email_punycode(p_label text) returns text
language plpgsql immutable parallel safe
set search_path from current
as $$
declare
  v_points integer[] := array(
    select ascii(c) from regexp_split_to_table(p_label, '') with ordinality t(c, n) order by n);
  v_said text := regexp_replace(p_label, '[^\x01-\x7f]', '', 'g');
  v_basic integer := length(v_said);
  v_handled integer := v_basic;
  v_next integer := 128;
  v_before integer := 128;
  v_bias integer := 72;
  v_delta integer := 0;
  v_left integer;
  v_least integer;
  v_place integer;
  v_point integer;
begin
  if v_basic > 0 then
    v_said := v_said || '-';
  end if;
  while v_handled < cardinality(v_points) loop
    v_next := (select min(p) from unnest(v_points) p where p >= v_before);
    v_delta := v_delta + (v_next - v_before) * (v_handled + 1);
    foreach v_point in array v_points loop
      v_delta := v_delta + (v_point < v_next)::integer;
      continue when v_point <> v_next;
      v_left := v_delta;
      v_place := 36;
      loop
        v_least := greatest(1, least(26, v_place - v_bias));
        exit when v_left < v_least;
        v_said := v_said || email_punycode_digit(v_least + (v_left - v_least) % (36 - v_least));
        v_left := (v_left - v_least) / (36 - v_least);
        v_place := v_place + 36;
      end loop;
      v_said := v_said || email_punycode_digit(v_left);
      v_bias := email_punycode_bias(v_delta, v_handled + 1, v_handled = v_basic);
      v_delta := 0;
      v_handled := v_handled + 1;
    end loop;
    v_delta := v_delta + 1;
    v_before := v_next + 1;
  end loop;
  return v_said;
end
$$;

create or replace function email_punycode_digit(p_digit integer) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select substr('abcdefghijklmnopqrstuvwxyz0123456789', p_digit + 1, 1)
$$;

-- How the threshold moves (RFC 3492, 6.1).
create or replace function email_punycode_bias(p_delta integer, p_points integer, p_is_first boolean)
returns integer
language plpgsql immutable parallel safe
set search_path from current
as $$
declare
  v_delta integer := p_delta / case when p_is_first then 700 else 2 end;
  v_bias integer := 0;
begin
  v_delta := v_delta + v_delta / p_points;
  while v_delta > 455 loop
    v_delta := v_delta / 35;
    v_bias := v_bias + 36;
  end loop;
  return v_bias + 36 * v_delta / (v_delta + 38);
end
$$;
