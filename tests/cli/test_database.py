"""holdfast migrate, doctor and version; and which database a command works on."""

import uuid

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from holdfast.cli.diagnosis import room


@pytest.fixture
def encoding():
    """How the empty database is made."""
    return ""


@pytest.fixture
def empty(server, encoding):
    """A database without holdfast."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'create database "{name}" template template0 {encoding}')
        yield make_conninfo(server, dbname=name)
        admin.execute(f'drop database "{name}" with (force)')


def test_a_server_of_yours_is_migrated_when_you_say_so(run, empty):
    """Without its schema every command but migrate refuses; then there is nothing left to apply."""
    url = {"HOLDFAST_DATABASE_URL": empty}
    refused = run("queues", "list", **url)
    assert refused.code == 3
    assert "has no holdfast in a schema 'holdfast'. Make it: holdfast migrate" in refused.err

    pending = run("migrate", "--pending", "--json", **url).json["pending"]
    assert pending[0] == "engine/0001_tables.sql"
    assert run("migrate", "--json", **url).json["applied"] == pending
    assert run("migrate", **url).out == "the schema is up to date\n"
    assert run("queues", "list", **url).code == 0

    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("delete from holdfast.migrations where file = 'claim.sql'")
    refused = run("queues", "list", **url)
    assert "engine/claim.sql is not applied. Bring it up to date: holdfast migrate" in refused.err


def test_an_older_process_works_on_a_newer_schema(run, sql, dsn):
    """In a deploy an old process can start anew: a newer schema serves it, and it is told of it."""
    url = {"HOLDFAST_DATABASE_URL": dsn}
    sql.execute("update migrations set checksum = '999.0' where file = 'version'")
    sql.execute("update migrations set checksum = 'another' where file = 'claim.sql'")
    assert run("queues", "list", **url).code == 0
    told = "is of a newer holdfast (holdfast 999.0)"
    assert run("migrate", **url).out == f"the schema {told} and stays as it is\n"
    assert told in run("doctor", **url).out


def test_a_role_without_rights_is_told_which_to_ask_for(run, sql, dsn):
    """Who may not do something is told by which roles it is granted, and that it is a setting."""
    role = f"test_{uuid.uuid4().hex[:12]}"
    sql.execute(f'create role "{role}" login')
    refused = run("queues", "list", HOLDFAST_DATABASE_URL=make_conninfo(dsn, user=role))
    sql.execute(f'drop role "{role}"')
    assert refused.code == 3
    assert "permission denied for schema" in refused.err and "holdfast_read" in refused.err


def test_the_printed_script_is_the_migration(run, empty):
    """`migrate --print` needs no database, prints SQL only, and applied by hand it is complete."""
    script = run("migrate", "--print", "--schema", "elsewhere").out
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(script)
    url = {"HOLDFAST_DATABASE_URL": empty}
    assert run("migrate", "--pending", "--schema", "elsewhere", "--json", **url).json == {
        "pending": []
    }
    listed = run("queues", "list", "--json", **url, HOLDFAST_SCHEMA_NAME="elsewhere").json
    assert [queue["dead"] for queue in listed] == [0] * len(listed)


def test_the_printed_script_of_what_is_pending_is_the_upgrade(run, sql, dsn):
    """`migrate --print --pending` is the SQL that is missing here, and brings it up to date."""
    sql.execute("delete from migrations where file = 'explain.sql'")
    url = {"HOLDFAST_DATABASE_URL": dsn}
    script = run("migrate", "--print", "--pending", **url).out
    assert "function explain(" in script and "create table queues" not in script
    sql.execute(script)
    assert run("migrate", "--pending", "--json", **url).json == {"pending": []}


def test_the_embedded_server_is_made_by_the_first_command(run, tmp_path):
    """`--data` starts it, migrates it, and goes before a URL in the environment."""
    folder = tmp_path / "with a space"
    listed = run(
        "queues", "list", "--json", "--data", str(folder), HOLDFAST_DATABASE_URL="host=/nowhere"
    )
    assert listed.code == 0, listed.err
    assert "default" in [queue["queue"] for queue in listed.json]
    assert (folder / "postgres").is_dir()


def test_doctor_is_content_with_a_healthy_installation(cli):
    """All checks pass, and the exit code says so."""
    done = cli("doctor", "--json")
    assert (done.code, done.json["ok"]) == (0, True)
    found = {check["name"]: check["status"] for check in done.json["checks"]}
    assert found["server"] == found["schema"] == found["invariants"] == "ok"


def test_doctor_says_what_is_wrong_and_what_to_do(cli, enqueue, settle, sql):
    """Due jobs that nobody serves, an overdue lease, a broken invariant: each is exit code 1."""
    enqueue("welcome")
    settle("dead", "boom")
    enqueue("welcome", 2)
    sql.execute("select * from claim('default', 1, 'gone', '1 s')")
    sql.execute("update leased_jobs set lease_until = clock() - interval '1 hour'")
    sql.execute("update ready_jobs set attempts = -1")
    sql.execute(
        "select heartbeat(name, '{}', 'elsewhere', 7)"
        " from (values ('up'), ('gone'), ('long gone')) v(name)"
    )
    sql.execute("update workers set seen_at = clock() - interval '40 s' where worker = 'gone'")
    sql.execute("update workers set seen_at = clock() - interval '50 min' where worker like 'l%'")

    done = cli("doctor")

    assert done.code == 1
    assert "✗ jobs are due and no worker serves: default" in done.out
    told = " ".join(done.out.split())
    assert "! 2 workers killed, frozen or cut off: gone for 4" in told
    assert "s, long gone for 50 min" in told
    assert "✗ 1 lease ran out" in done.out
    assert "✗ 2 violations of the invariants" in done.out
    assert "counters are not negative" in done.out
    assert "! 1 dead letter\n    holdfast dead-letters groups" in done.out


def test_doctor_finds_what_a_restore_left_behind_and_who_may_not_write(run, sql, dsn):
    """Roles without rights, and transactions that may only read, are found and can be mended."""
    sql.execute("revoke all on schema holdfast from holdfast_work")
    url = {
        "HOLDFAST_DATABASE_URL": make_conninfo(dsn, options="-c default_transaction_read_only=1")
    }
    done = run("doctor", **url)
    assert done.code == 1
    assert "✗ transactions are read-only by default" in done.out
    assert "! without rights on the schema, as after a restore: holdfast_work" in done.out
    url = {"HOLDFAST_DATABASE_URL": dsn}
    assert run("migrate", "--pending", **url).out == "to be applied: roles and rights\n"
    assert run("migrate", **url).out == "applied: roles and rights\n"


@pytest.mark.parametrize("encoding", ["encoding 'SQL_ASCII' locale 'C'"])
def test_doctor_tells_of_a_database_that_cannot_hold_every_text(run, empty):
    """A dump that was restored into a database of another encoding than UTF8 is told of."""
    done = run("doctor", HOLDFAST_DATABASE_URL=empty)
    assert done.code == 1
    assert "✗ the encoding of this database is SQL_ASCII, not UTF8\n    Move it" in done.out


def test_doctor_tells_of_a_disk_that_is_full():
    """Where next to nothing is left on the disk of the embedded server, something is wrong."""
    assert room(10**9).fine and room(0).fine is False


def test_doctor_does_not_wait_for_ever(cli):
    """Invariants that take longer than one is willing to wait are no failure, and are named."""
    done = cli("doctor", "--patience", "0", "--json")
    [check] = [check for check in done.json["checks"] if check["name"] == "invariants"]
    assert (done.code, check["status"]) == (0, "notice")


def test_no_database_is_exit_code_4_and_doctor_says_so_at_once(run):
    """One line on stderr, no traceback; for doctor it is a finding like any other."""
    url = {"HOLDFAST_DATABASE_URL": "postgresql://127.0.0.1:1/nothing"}
    done = run("queues", "list", **url)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("error: Postgres cannot be reached")
    assert "Traceback" not in done.err

    checked = run("doctor", **url)
    assert checked.code == 1
    assert "✗ Postgres cannot be reached" in checked.out
    assert "refused. Is the server running" in " ".join(checked.out.split())


def test_what_is_no_address_of_postgres_is_told_with_an_example(run):
    """An address of another kind of database is a matter of configuration, and one line."""
    done = run("queues", "list", HOLDFAST_DATABASE_URL="mysql://a/b")
    assert done.code == 3
    assert "It looks like postgresql://host:5432/database" in " ".join(done.err.split())


def test_the_version_needs_no_database(run):
    """It is printed without starting anything."""
    assert run("version").out.startswith("holdfast 0.")
    assert set(run("version", "--json").json) == {"holdfast", "python"}
