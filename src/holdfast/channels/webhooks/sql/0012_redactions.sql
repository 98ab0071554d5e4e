-- How far the events of a source are redacted: what was received before `reached` is done. What came
-- after it is looked at by every pass; see webhook_redact_source.
create table webhook_redactions (
  source    text primary key,
  again     timestamptz,           -- the redact_again of the source that this is true for
  reached   timestamptz not null,
  seen      timestamptz,           -- where it may go once all transactions before seen_xact have ended:
  seen_xact xid8                   -- until then one of them may yet bring an event from before
);
