-- A publication for all tables (change data capture, an upgrade by logical replication) refuses to delete
-- or update rows of a table that has no key. These have none: their rows stand for themselves as a whole.
-- It costs nothing until a row is deleted; what is old goes with its partition.

do $do$
declare
  v_table regclass;
begin
  for v_table in
    select t.relid from unnest('{finished_jobs,attempts}'::text[]) p(name)
    cross join lateral pg_partition_tree(p.name::regclass) t
  loop
    execute format('alter table %s replica identity full', v_table);
  end loop;
end
$do$;
