-- Time and identity.

-- The one clock. Leases, due times and ages are measured by the database's clock only; a test sets
-- it for its session with `set holdfast.now = '2030-01-01 00:00+00'`.
-- Read it once into a variable: in a WHERE clause it would be evaluated per row.
create or replace function clock() returns timestamptz
language sql volatile parallel safe as $$
  select coalesce(nullif(pg_catalog.current_setting('holdfast.now', true), '')::timestamptz,
                  pg_catalog.clock_timestamp())
$$;

-- A new identity, ordered by time (UUID version 7, RFC 9562). Postgres 18 brings one; before it the
-- first 48 bits of a random UUID are replaced by the milliseconds, and the version is set.
do $do$
begin
  if current_setting('server_version_num')::integer >= 180000 then
    create or replace function new_id() returns uuid
    language sql volatile parallel safe as 'select pg_catalog.uuidv7()';
  else
    create or replace function new_id() returns uuid
    language sql volatile parallel safe as $$
      select pg_catalog.encode(
        pg_catalog.set_bit(pg_catalog.set_bit(
          pg_catalog.overlay(
            pg_catalog.uuid_send(pg_catalog.gen_random_uuid()),
            pg_catalog.substr(pg_catalog.int8send(
              (pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000)::bigint), 3),
            1, 6),
          52, 1), 53, 1), 'hex')::uuid
    $$;
  end if;
end
$do$;

-- The nth identity of a batch: the batch's own with its last 48 bits counted on. To draw each one
-- afresh would cost more than to store the job.
create or replace function id_of_batch(p_batch uuid, p_n bigint) returns uuid
language sql immutable parallel safe as $$
  select (pg_catalog.left(p_batch::text, 24) || pg_catalog.lpad(pg_catalog.to_hex(
    (('x' || pg_catalog.right(p_batch::text, 12))::bit(48)::bigint + p_n) & 281474976710655),
    12, '0'))::uuid
$$;

-- The same in steps, for who makes many of one batch: the two halves are taken apart once.
create or replace function batch_head(p_batch uuid) returns text
language sql immutable parallel safe as $$
  select pg_catalog.left(p_batch::text, 24)
$$;

create or replace function batch_tail(p_batch uuid) returns bigint
language sql immutable parallel safe as $$
  select ('x' || pg_catalog.right(p_batch::text, 12))::bit(48)::bigint
$$;

create or replace function id_at(p_head text, p_tail bigint, p_n bigint) returns uuid
language sql immutable parallel safe as $$
  select (p_head || pg_catalog.lpad(pg_catalog.to_hex((p_tail + p_n) & 281474976710655), 12, '0'))::uuid
$$;
