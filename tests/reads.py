"""What a statement reads, counted by the server: rows of tables and entries of their indexes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

_READS = """
    select coalesce(i.indrelid, c.oid)::regclass::text,
           sum(pg_stat_get_xact_tuples_returned(c.oid))::integer
    from pg_class c left join pg_index i on i.indexrelid = c.oid
    where c.relnamespace = 'holdfast'::regnamespace and c.relkind in ('r', 'i')
    group by 1"""


@contextmanager
def counted(connection: psycopg.Connection) -> Iterator[Counter[str]]:
    """A transaction; after it the counter says how much of each table was read in it."""
    read: Counter[str] = Counter()
    with connection.transaction():
        before = dict(connection.execute(_READS).fetchall())
        yield read
        for table, count in connection.execute(_READS).fetchall():
            read[table] = count - before.get(table, 0)
