-- What became of addresses may belong to an attempt, also of those who work with psql alone.
drop function if exists email_record_all(uuid, text[], text, text);
