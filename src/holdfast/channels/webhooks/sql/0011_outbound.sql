-- An id of a message is its tenant's own, and stands for what was sent under it: the endpoint, too.
alter table webhook_messages add column endpoint uuid;   -- the only one that was to get it
alter table webhook_messages drop constraint webhook_messages_message_id_key;
create unique index webhook_messages_known on webhook_messages (message_id, tenant)
  nulls not distinct;

-- When more of a source's events was last said to be private: what was redacted before that is redacted
-- again.
alter table webhook_sources add column redact_again timestamptz;
