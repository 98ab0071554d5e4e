-- What the variables of some process say about keeping the events of a source that stands in the
-- environment: the workers, which see to it, need not have them.
create table webhook_environment (
  name      text primary key,
  retention interval check (retention >= '1 hour' and retention <= '36500 days'),
  silence   double precision check (silence = 0 or silence >= 1),   -- 0: no alert
  told_at   timestamptz not null
);
