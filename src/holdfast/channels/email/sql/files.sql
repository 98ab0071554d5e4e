-- Large attachments: stored once, left out of the messages that carry them, put in again when sent.
--
-- A file that an email has lost, and nobody uses, is deleted by `email_files_prune`. A sender holds the row of a file that it
-- is about to use (for key share, so that senders do not wait for each other), and the prune takes
-- only rows that nobody holds, and looks again whether they are used once it has them.

-- As `email_send`, for a message whose large attachments are left out: p_places[n] says before which
-- byte of p_raw (from 0, ascending) the base64 of p_files[n] belongs.
create or replace function email_send_files(
  p_sender text, p_recipients text[], p_message_id text, p_subject text, p_raw bytea,
  p_places integer[], p_files bytea[], p_options jsonb default '{}'
) returns table (id uuid, duplicate boolean)
language plpgsql
set search_path from current
as $$
declare
  v_size bigint;
begin
  p_sender := email_in_ascii(p_sender);
  p_recipients := email_all_in_ascii(p_recipients);
  perform email_check(p_sender, p_recipients, p_message_id, p_subject, p_raw);
  perform email_check_options(p_options);
  v_size := octet_length(p_raw) + email_check_files(octet_length(p_raw), p_places, p_files);
  if v_size > 26214400 then
    raise exception 'email: the message has % bytes; at most 26214400 (25 MiB) are taken', v_size
      using errcode = 'JQ005';
  end if;
  select e.id, e.duplicate into email_send_files.id, email_send_files.duplicate
  from email_enqueue(p_options) e;
  if not email_send_files.duplicate then
    perform email_store(email_send_files.id, p_sender, p_recipients, p_message_id, p_subject, p_raw,
                        p_options || jsonb_build_object('size', v_size));
    perform email_keep_file(f.data) from unnest(p_files) f(data);
    insert into email_attachments (email_id, position, place, hash)
    select email_send_files.id, f.position, f.place, sha256(f.data)
    from unnest(p_places, p_files) with ordinality f(place, data, position);
  else
    perform email_check_same(email_send_files.id, p_sender, p_recipients, p_subject);
  end if;
  return next;
end
$$;

-- What can be said against the files of a message; how many bytes they are in base64.
create or replace function email_check_files(p_size integer, p_places integer[], p_files bytea[])
returns bigint
language plpgsql immutable
set search_path from current
as $$
declare
  v_bad text;
begin
  v_bad := case
    when coalesce(cardinality(p_files), 0) not between 1 and 100 then 'files are 1 to 100'
    when cardinality(p_places) is distinct from cardinality(p_files) then
      'each file has a place, and each place a file'
    when array_position(p_files, null) is not null then 'a file is null'
    when array_position(p_places, null) is not null
      or p_places <> array(select p from unnest(p_places) p order by p)
      or p_places[1] < 0 or p_places[cardinality(p_places)] > p_size then
      'places are bytes of the message, in ascending order'
  end;
  if v_bad is not null then
    raise exception 'email: %', v_bad using errcode = 'JQ005';
  end if;
  return (select sum(octet_length(email_base64(f.data))) from unnest(p_files) f(data));
end
$$;

-- Stores a file that is not there yet, and keeps it from being deleted until the end of the
-- transaction.
create or replace function email_keep_file(p_data bytea) returns void
language plpgsql
set search_path from current
as $$
declare
  v_hash bytea := sha256(p_data);
  v_now timestamptz := clock();
begin
  loop
    insert into email_files (hash, data, size, created_at)
    values (v_hash, p_data, octet_length(p_data), v_now)
    on conflict (hash) do nothing;
    perform from email_files f where f.hash = v_hash for key share;
    exit when found;     -- else it was deleted between the two
  end loop;
end
$$;

-- As it stands in a message: lines of 76 characters with CR LF between them, nothing after the last.
create or replace function email_base64(p_data bytea) returns text
language sql immutable parallel safe
set search_path from current
as $$
  select replace(rtrim(encode(p_data, 'base64'), E'\n'), E'\n', E'\r\n')
$$;

-- The whole message, as it is sent. Null: there is no such email.
create or replace function email_bytes(p_id uuid) returns bytea
language plpgsql stable
set search_path from current
as $$
declare
  v_raw bytea;
  v_size integer;
  v_whole bytea;
begin
  select e.raw, e.size into v_raw, v_size from emails e where e.id = p_id;
  if v_size = octet_length(v_raw) then
    return v_raw;
  end if;
  select string_agg(substring(v_raw from p.start + 1 for p.place - p.start)
                    || convert_to(email_base64(f.data), 'SQL_ASCII'), '' order by p.position)
         || substring(v_raw from max(p.place) + 1)
  into v_whole
  from (select a.position, a.place, a.hash,
               coalesce(lag(a.place) over (order by a.position), 0) as start
        from email_attachments a where a.email_id = p_id) p
       join email_files f on f.hash = p.hash;
  if octet_length(v_whole) is distinct from v_size then
    raise exception 'email %: a file of it is not there any more', p_id using errcode = 'JQ001';
  end if;
  return v_whole;
end
$$;

-- These emails have no files any more. What they had is looked at later: others may have it too.
create or replace function email_detach(p_ids uuid[]) returns void
language sql
set search_path from current
as $$
  with gone as (
    delete from email_attachments where email_id = any (p_ids) returning hash
  )
  insert into email_loose_files (hash) select distinct g.hash from gone g
$$;

-- Looks at up to so many of the files that emails have lost, and deletes those that no email has any
-- more. Returns how many were looked at: what a sender is about to use is left for the next time.
create or replace function email_files_prune(p_limit integer default 100) returns integer
language plpgsql
set search_path from current
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_ids bigint[];
  v_hashes bytea[];
  v_found bytea[];
begin
  select array_agg(l.id), array_agg(l.hash) into v_ids, v_hashes
  from (select * from email_loose_files order by id limit greatest(p_limit, 0)
        for update skip locked) l;
  v_found := array(
    select f.hash from email_files f where f.hash = any (v_hashes) for update skip locked);
  -- another statement, which sees what senders have committed before we had the rows
  delete from email_files f
  where f.hash = any (v_found)
    and (select count(*) from (select from email_attachments a where a.hash = f.hash limit 1) u) = 0;
  delete from email_loose_files l
  where l.id = any (v_ids)
    and (l.hash = any (v_found) or not exists (select from email_files f where f.hash = l.hash));
  return coalesce(cardinality(v_found), 0);
end
$$;
