"""A publication for all tables: change data capture, or an upgrade by logical replication."""


def test_all_goes_on_under_a_publication_for_all_tables(sql):
    """No table refuses to change or delete rows because all tables are replicated logically."""
    sql.execute("select * from maintain_partitions(9)")
    sql.execute("set client_min_messages = error; create publication everything for all tables")
    tables = sql.execute(
        "select c.relname, min(a.attname) from pg_class c join pg_attribute a on attrelid = c.oid"
        " where relnamespace = 'holdfast'::regnamespace and relkind in ('r', 'p') and attnum > 0"
        " and not attisdropped and attidentity = '' group by 1"
    ).fetchall()
    assert len(tables) > 60
    for table, column in tables:
        sql.execute(f"update {table} set {column} = {column}")
        sql.execute(f"delete from {table}")


def test_a_new_day_begins_under_a_publication_for_all_tables(sql):
    """Where all tables are replicated, the upkeep of each day goes through."""
    sql.execute("set client_min_messages = error; create publication everything for all tables")
    sql.execute("select set_config('holdfast.now', (now() + interval '9 days')::text, false)")
    sql.execute("select * from maintain()")
    assert sql.execute("select * from audit()").fetchall() == []
