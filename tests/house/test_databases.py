"""What the tests stand on, tested once."""

import psycopg
from psycopg.conninfo import make_conninfo

ENQUEUE = "select holdfast.enqueue('default', 'kind', '{}', '{}')"


def test_a_test_gets_a_database_in_which_nobody_wrote(databases, server):
    """Who only reads leaves his to the next; not who writes, gives up writing, or stays."""
    given, opened = [databases.take()], []

    def is_used_again(statement, *ends):
        opened.append(psycopg.connect(make_conninfo(server, dbname=given[-1])))
        opened[-1].execute(statement)
        for end in ends:
            getattr(opened[-1], end)()
        databases.give_back(given[-1])
        given.append(databases.take())
        return given[-1] == given[-2]

    for reads in ("select from holdfast.jobs, holdfast.queues", "select from pg_class, pg_proc"):
        # the server's own housekeeping may be in between, but not each time
        assert any(is_used_again(reads, "commit", "close") for _ in range(20))
    assert not is_used_again(ENQUEUE, "rollback", "close")
    assert not is_used_again(ENQUEUE, "commit", "close")
    assert not is_used_again("select 1")
    databases.give_back(given[-1])
    opened[-1].close()
