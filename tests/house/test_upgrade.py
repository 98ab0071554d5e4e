"""An upgrade: a database as an old version left it, full of work, becomes one of today.

`tests/golden/of_an_old_release.sql.gz` is a dump with all its rows and rights, made by the oldest
version from which an upgrade is promised: its tables are those of seven, five and one numbered
files. Work is there in every state.
"""

import difflib
import gzip
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from holdfast.database import migrate
from holdfast.installation import rooms

OLD = Path(__file__).parents[1] / "golden" / "of_an_old_release.sql.gz"
_AT = "select set_config('holdfast.now', ('2026-11-26 22:45+00'::timestamptz + %s)::text, false)"
_OPEN = """
    select id, kind from ready_jobs union all select id, kind from leased_jobs
    union all select id, kind from deferred_jobs where waits_for <> 'person'
"""


@pytest.fixture
def old(empty, dsn, golden):
    """The address of a database that an old version left; the roles are those of `dsn`."""
    place = empty()
    text = gzip.decompress(OLD.read_bytes())
    psql = [golden.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", place]
    run = subprocess.run(psql, input=text, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    return place


def test_an_upgrade_makes_what_an_installation_makes(old, dsn, golden):
    """An upgraded schema is that of a fresh one: no function, index or right is left or missing."""
    assert "engine/claim.sql" in migrate(old, rooms(), "holdfast")
    changes = difflib.unified_diff(
        _lines(golden, dsn), _lines(golden, old), "fresh", "upgraded", n=1
    )
    assert not (told := list(changes)), "\n".join(told[:100])
    assert migrate(old, rooms(), "holdfast") == []


def _lines(golden, dsn):
    """A check that went through a dump has fewer brackets, and says the same."""
    return [
        re.sub(r"[()]", "", line) if "CHECK" in line else line
        for line in golden.dump(dsn).splitlines()
    ]


def test_what_an_old_release_accepted_reaches_its_end(old):
    """After an upgrade all the work that was there is done once, and every promise of it holds."""
    with psycopg.connect(old, autocommit=True) as sql:
        sql.execute("set search_path to holdfast")
        sql.execute(_AT, [timedelta()])
        before = {row[0] for row in sql.execute(_OPEN).fetchall()}
        assert len(before) > 25
        migrate(old, rooms(), "holdfast")
        assert sql.execute("select * from audit()").fetchall() == []
        done = _drain(sql)
        assert sql.execute("select * from audit()").fetchall() == []
        assert len(done) == len(set(done))
        kinds = dict(sql.execute("select id, kind from finished_jobs").fetchall())
        assert before <= kinds.keys()
        assert [kinds[job] for job in done].count("in_order") == 4
        assert sql.execute("select state, replayed from replays").fetchall() == [("done", 3)]
        key = "select enqueue('q', 'again', '{}', '{\"dedupe_key\": \"once\"}')"
        assert kinds[sql.execute(key).fetchone()[0]] == "keyed"


def _drain(sql):
    """Do all that becomes due in a while; ticks of schedules apart."""
    sql.execute("select pause_schedule(name, 'test') from schedules")
    sql.execute("select webhook_set_endpoint_state('customer', 'enabled', 'ops')")
    done = []
    for minutes in range(1, 120, 2):
        sql.execute(_AT, [timedelta(minutes=minutes)])
        sql.execute("select * from maintain()")
        for (queue,) in sql.execute("select name from queues").fetchall():
            while ids := sql.execute(
                "with c as (select * from claim(%s, 100, 'new'))"
                " select array_agg(id), array_agg(claim_token) from c having count(*) > 0",
                [queue],
            ).fetchone():
                rows = sql.execute("select id, accepted from settle_done(%s, %s)", ids).fetchall()
                assert all(accepted for _, accepted in rows)
                done += ids[0]
    return done
