-- What became of addresses may belong to an attempt, also of those who work with psql alone.
drop function if exists email_record_all(uuid, text[], text, text);

-- What is sent again to somebody else has another link to unsubscribe, or none.
drop function if exists email_raw_again(bytea, text, text, timestamptz);
