-- An address is taken out of the bytes of a message, however it stands in them: in plain text, in
-- quoted-printable, in a URL or in HTML, or in base64, which is decoded, looked into and encoded again.
-- Bytes are looked at as Latin 1, where each byte is a character.

-- The bytes without the address. With a NUL in them they are no message; then they go altogether.
create or replace function email_mask_bytes(p_raw bytea, p_address text) returns bytea
language plpgsql immutable
set search_path from current
as $$
declare
  v_pattern text := email_address_pattern(p_address);
  v_text text;
  v_block text;
  v_masked text;
begin
  if position('\x00'::bytea in p_raw) > 0 then
    return email_body_gone();
  end if;
  v_text := convert_from(p_raw, 'LATIN1');
  for v_block in   -- the parts in base64, and the words in headers
    select m.found[1] from regexp_matches(v_text,
      '\ncontent-transfer-encoding:[ \t]*base64[ \t]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([a-z0-9+/=\r\n]+)',
      'gi') m(found)
    union
    select m.found[1] from regexp_matches(v_text, '=\?[^?\s]+\?b\?([a-z0-9+/=]+)\?=', 'gi') m(found)
  loop
    v_masked := email_mask_base64(v_block, v_pattern);
    if v_masked <> v_block then
      v_text := replace(v_text, v_block, v_masked);
    end if;
  end loop;
  return convert_to(email_mask_names(regexp_replace(v_text, v_pattern, '\1erased', 'gi')), 'LATIN1');
end
$$;

-- Some base64 without what the pattern finds; as it was if that is not in it, or if it is no base64.
create or replace function email_mask_base64(p_text text, p_pattern text) returns text
language plpgsql immutable
set search_path from current
as $$
declare
  v_data bytea;
  v_is_text boolean;
  v_text text;
  v_masked text;
begin
  v_data := decode(regexp_replace(p_text, '\s', '', 'g'), 'base64');
  v_is_text := position('\x00'::bytea in v_data) = 0;
  v_text := case when v_is_text then convert_from(v_data, 'LATIN1') else encode(v_data, 'escape') end;
  v_masked := regexp_replace(v_text, p_pattern, '\1erased', 'gi');
  if v_masked = v_text then
    return p_text;
  end if;
  return email_base64(case when v_is_text then convert_to(v_masked, 'LATIN1')
                           else decode(v_masked, 'escape') end)
      || substring(p_text from '[\r\n]*$');
exception when data_exception then
  return p_text;
end
$$;

-- The name that stands before an erased address in the headers goes with it.
create or replace function email_mask_names(p_text text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select regexp_replace(substring(p_text for h.until),
           '[ \t]*("[^"]*"|(?:[^<>,:;"\r\n]|\r?\n[ \t])+)\s*<erased>', ' <erased>', 'g')
      || substring(p_text from h.until + 1)
  from (select coalesce(nullif(position(E'\r\n\r\n' in p_text), 0),
                        nullif(position(E'\n\n' in p_text), 0), length(p_text))) h(until)
$$;

-- The address as a regular expression, behind what stands before it: in URLs, HTML and quoted-printable
-- some characters are written as numbers, and in the last a line may end between any two of them. It
-- does not look behind itself: for that Postgres goes back to the beginning of the text, each time.
create or replace function email_address_pattern(p_address text) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select '(^|[^[:alnum:]._%+-]|[%=][0-9a-f]{2}|\\[0-7]{3})'
      || string_agg(case
           when c ~ '[a-z0-9]' then c
           when c = '@' then '(?:@|[%=]40|&#0*64;|&#x0*40;|&commat;)'
           when ascii(c) < 128 then format('(?:\%s|[%%=]%s|&#0*%s;)', c, to_hex(ascii(c)), ascii(c))
           else format('(?:%s|[%%=]%s)', c, to_hex(ascii(c))) end,
         '(?:=\r?\n)?' order by n)
      || '(?![[:alnum:]-]|\.[[:alnum:]])'
  from regexp_split_to_table(convert_from(convert_to(lower(p_address), 'UTF8'), 'LATIN1'), '')
         with ordinality a(c, n)
$$;
