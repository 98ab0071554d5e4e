"""Migrations: everything or nothing, once, whoever else is at it."""

import shutil
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.until import until

from holdfast.database import Room, lost_rights, migrate, newer, pending, script
from holdfast.database.migrate import RIGHTS
from holdfast.engine import ROOM
from holdfast.errors import ConfigError, DatabaseUnavailable, SchemaError
from holdfast.installation import rooms

CHECKS = (
    "select conrelid::regclass::text, pg_get_constraintdef(c.oid) from pg_constraint c"
    " join pg_class r on r.oid = conrelid and not r.relispartition"  # those are of a day
    " where connamespace = 'holdfast'::regnamespace and contype = 'c' order by 1, 2"
)


@pytest.fixture
def room(tmp_path):
    """A copy of the engine's files that a test may edit."""
    shutil.copytree(ROOM.folder, tmp_path / "sql")
    return Room("engine", tmp_path / "sql")


def test_a_second_run_has_nothing_to_do(empty):
    """The first run applies every file, the second none."""
    dsn = empty()
    every = pending(dsn, rooms(), "holdfast")
    assert len(every) > 15
    assert migrate(dsn, rooms(), "holdfast") == every
    assert pending(dsn, rooms(), "holdfast") == []
    assert migrate(dsn, rooms(), "holdfast") == []


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_text_is_refused(server, encoding):
    """Where a text would not fit, nothing is installed; it is said why, and what to make."""
    name = f"other_{encoding.lower()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"create database {name} encoding '{encoding}' locale 'C' template template0")
    dsn = make_conninfo(server, dbname=name)
    try:
        with pytest.raises(SchemaError, match=f"is {encoding}, not UTF8. Make one that can"):
            migrate(dsn, rooms(), "holdfast")
        assert len(pending(dsn, rooms(), "holdfast")) > 15
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"drop database {name} with (force)")


def test_how_a_role_reads_and_speaks_changes_no_schema(empty, sql, monkeypatch):
    """With backslashes as they once were, and in Latin-1, the same constraints are installed."""
    monkeypatch.setenv("PGCLIENTENCODING", "latin1")
    old = make_conninfo(empty(), options="-c standard_conforming_strings=off")
    assert migrate(old, rooms(), "holdfast")
    with psycopg.connect(old, client_encoding="utf8") as connection:
        connection.execute("set standard_conforming_strings = on")
        assert connection.execute(CHECKS).fetchall() == sql.execute(CHECKS).fetchall()


def test_an_edited_table_file_is_refused(empty, room):
    """A table file that was edited after it was applied is an error that says what to do."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    table, function = room.folder / "0001_tables.sql", room.folder / "explain.sql"
    table.write_text(table.read_text() + "\n-- one more thought\n")
    function.write_text(function.read_text() + "\n-- and another\n")
    with pytest.raises(SchemaError, match=r"engine/0001_tables\.sql was edited .* new numbered"):
        migrate(dsn, [room], "holdfast")
    table.write_text(table.read_text().removesuffix("\n-- one more thought\n"))
    assert pending(dsn, [room], "holdfast") == ["engine/explain.sql"]


def test_a_changed_function_file_is_applied_again_and_no_other(empty, room):
    """Only the function file whose text has changed is applied again, and its change holds."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    place = room.folder / "explain.sql"
    place.write_text(place.read_text().replace("waits for its turn", "stands in line"))
    assert migrate(dsn, [room], "holdfast") == ["engine/explain.sql"]
    with psycopg.connect(dsn) as connection:
        source = "select prosrc from pg_proc where proname = 'explain_wait'"
        assert "stands in line" in connection.execute(source).fetchone()[0]


def test_a_new_table_file_is_applied_after_the_old(empty, room):
    """A numbered file that is added later runs once."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    (room.folder / "0002_more.sql").write_text("create table more (n integer);")
    assert migrate(dsn, [room], "holdfast") == ["engine/0002_more.sql"]
    assert migrate(dsn, [room], "holdfast") == []


def test_a_broken_file_leaves_nothing_behind(empty, room):
    """When a file fails, nothing of the run is kept, and the error names the file."""
    dsn = empty()
    (room.folder / "zz_last.sql").write_text("select no_such_function_of_ours();")
    with pytest.raises(Exception, match="no_such_function_of_ours") as caught:
        migrate(dsn, [room], "holdfast")
    notes = [n for e in (caught.value, caught.value.__cause__) for n in getattr(e, "__notes__", [])]
    assert "while applying engine/zz_last.sql" in notes
    assert _schemas(dsn) == []


def _schemas(dsn):
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select nspname from pg_namespace where nspname = 'holdfast'")
        return rows.fetchall()


@contextmanager
def _held_up(dsn, statement, sessions, kill=False):
    """Run the block's work while a transaction has done `statement`, until all wait for it."""
    with psycopg.connect(dsn) as holder, psycopg.connect(dsn, autocommit=True) as watcher:
        holder.execute(statement)
        yield holder
        waiting = (
            "select count(*) from pg_stat_activity where application_name = 'holdfast migrate'"
            " and %s = any (pg_blocking_pids(pid))"
        )
        holding = [holder.info.backend_pid]
        until(lambda: watcher.execute(waiting, holding).fetchone()[0] >= sessions)
        if kill:
            watcher.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'holdfast migrate' and datname = current_database()"
            )


def test_two_migrators_at_once_both_succeed(empty):
    """Of two that start together one does the work, and the other finds it done."""
    dsn = empty()
    lock = "select pg_advisory_xact_lock(hashtext('holdfast.migrate holdfast'))"
    with ThreadPoolExecutor() as pool:
        with _held_up(dsn, lock, sessions=2):
            runs = [pool.submit(migrate, dsn, [ROOM], "holdfast") for _ in range(2)]
        done = sorted(len(run.result(60)) for run in runs)
    assert done == [0, len(ROOM.files())]


def test_two_databases_of_one_server_at_once(empty):
    """Roles belong to the server: two databases that make them at the same time both succeed."""
    one, other = empty(), empty()
    with ThreadPoolExecutor() as pool:
        try:
            with _held_up(one, "create role race_read nologin", sessions=1) as holder:
                run = pool.submit(migrate, other, [ROOM], "race")
            holder.close()
            assert len(run.result(60)) == len(ROOM.files())
        finally:
            with psycopg.connect(other, autocommit=True) as connection:
                connection.execute("drop schema if exists race cascade")
                for role in ("read", "enqueue", "work", "operate"):
                    connection.execute(f"drop role if exists race_{role}")


def test_an_owner_who_may_not_make_roles_grants_to_those_there(empty, dsn):
    """Whoever owns the schema migrates, and gives the roles that are there already their rights."""
    own, owner = empty(), f"owner_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(own, autocommit=True) as admin:
        admin.execute(f"create role {owner}")
        try:
            admin.execute(f"create schema holdfast authorization {owner}")
            migrate(make_conninfo(own, options=f"-c role={owner}"), rooms(), "holdfast")
            rights = (
                "select count(*) > 20 from pg_proc p where pronamespace = 'holdfast'::regnamespace"
                " and has_function_privilege(%s, oid, 'execute')"
            )
            for role in ("read", "enqueue", "work", "operate"):
                assert admin.execute(rights, [f"holdfast_{role}"]).fetchone()[0], role
        finally:
            admin.execute(f"drop owned by {owner} cascade")
            admin.execute(f"drop role {owner}")


def test_a_migrator_that_is_killed_leaves_nothing_behind(empty, room):
    """Whoever is killed on the way leaves an empty database, and the next run does it all."""
    dsn = empty()
    last = room.folder / "zz_last.sql"
    last.write_text("select pg_advisory_xact_lock(4242);")  # here it is held up
    with ThreadPoolExecutor() as pool:
        with _held_up(dsn, "select pg_advisory_xact_lock(4242)", sessions=1, kill=True) as holder:
            run = pool.submit(migrate, dsn, [room], "holdfast")
        holder.close()
        with pytest.raises(DatabaseUnavailable):
            run.result(60)
    assert _schemas(dsn) == []
    assert len(migrate(dsn, [room], "holdfast")) == len(room.files())


def test_the_script_does_the_same(empty, dsn, golden):
    """What `script()` writes, applied by psql, makes the same schema as a migration."""
    own = empty()
    text = script(rooms(), "holdfast")
    psql = [golden.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", own]
    run = subprocess.run(psql, input=text, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert golden.dump(own) == golden.dump(dsn)
    assert pending(own, rooms(), "holdfast") == []


def test_the_script_of_what_is_pending_upgrades(empty, room, golden):
    """What is pending, written as a script and applied by psql, leaves nothing pending."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    (room.folder / "0999_more.sql").write_text("create table more (n integer);")
    text = script([room], "holdfast", pending(dsn, [room], "holdfast"))
    psql = [golden.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", dsn]
    run = subprocess.run(psql, input=text, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert pending(dsn, [room], "holdfast") == []


def test_an_older_holdfast_leaves_a_newer_schema_as_it_is(empty, room):
    """Where a newer version has migrated, an older one applies nothing, and says what is newer."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    place = room.folder / "explain.sql"
    place.write_text(place.read_text() + "\n-- as it was\n")
    assert pending(dsn, [room], "holdfast") == ["engine/explain.sql"]
    assert newer(dsn, [room], "holdfast") is None
    with psycopg.connect(dsn, autocommit=True) as connection:
        noted = "update holdfast.migrations set checksum = %s where file = 'version'"
        connection.execute(noted, ["999.10.2"])
        connection.execute("revoke usage on schema holdfast from holdfast_read")  # not ours to give
    assert pending(dsn, [room], "holdfast") == []
    assert migrate(dsn, [room], "holdfast") == []
    assert newer(dsn, [room], "holdfast") == "holdfast 999.10.2"


def test_a_numbered_file_that_is_not_ours_is_of_a_newer_holdfast(empty, room):
    """Code of last week does not put its functions over those of today, release or not."""
    dsn = empty()
    added, place = room.folder / "0999_more.sql", room.folder / "explain.sql"
    added.write_text("create table more (n integer);")
    migrate(dsn, [room], "holdfast")
    added.unlink()
    place.write_text(place.read_text() + "\n-- as it was\n")
    assert migrate(dsn, [room], "holdfast") == []
    assert newer(dsn, [room], "holdfast") == "engine/0999_more.sql"


def _migrate_while(dsn, room, holder, seconds):
    """Begin to migrate; once it waits for the table of the holder, return what it does."""
    pool = ThreadPoolExecutor()
    run = pool.submit(migrate, dsn, [room], "holdfast", patience_s=seconds)
    pool.shutdown(wait=False)
    waiting = "select 1 from pg_stat_activity where %s = any (pg_blocking_pids(pid))"
    with psycopg.connect(dsn, autocommit=True) as watcher:
        holding = [holder.info.backend_pid]
        until(lambda: run.done() or watcher.execute(waiting, holding).fetchone())
    return run


def test_whoever_works_is_not_hurt_by_a_migration(empty, room):
    """One who holds a table and wants the next gets it: a migration lets go, and comes again."""
    dsn = make_conninfo(empty(), options="-c deadlock_timeout=1h")
    migrate(dsn, [room], "holdfast")
    (room.folder / "0999_two.sql").write_text(
        "alter table alerts add column x integer; alter table workers add column x integer;"
    )
    with psycopg.connect(dsn, autocommit=False) as holder:
        holder.execute("set deadlock_timeout = '20s'; select from holdfast.workers")
        run = _migrate_while(dsn, room, holder, 30)
        holder.execute("select from holdfast.alerts")  # it is the migration that gives way
        holder.commit()
    assert run.result(60) == ["engine/0999_two.sql"]


def test_a_migration_says_who_is_in_its_way(empty, room):
    """Where a table stays in use nothing is changed, and the error names who has it."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    (room.folder / "0999_two.sql").write_text("alter table workers add column x integer;")
    with psycopg.connect(dsn, application_name="a long report") as holder:
        holder.execute("select from holdfast.workers")
        run = _migrate_while(dsn, room, holder, 0)
        with pytest.raises(DatabaseUnavailable, match=r"in use; process \d+ \(a long report\)"):
            run.result(60)
    assert migrate(dsn, [room], "holdfast") == ["engine/0999_two.sql"]


def test_a_file_that_changes_rows_alone_waits_for_no_reader(empty, room):
    """Only tables that are made otherwise are taken; where rows change, others may read them."""
    dsn = empty()
    migrate(dsn, [room], "holdfast")
    (room.folder / "0999_two.sql").write_text("update workers set queues = '{}';")
    with psycopg.connect(dsn) as holder:
        holder.execute("select from holdfast.workers")
        assert migrate(dsn, [room], "holdfast", patience_s=0) == ["engine/0999_two.sql"]


def test_limits_of_the_role_do_not_end_a_migration(empty, room):
    """A role's own timeouts, fit for an application, are not for a migration."""
    (room.folder / "zz_last.sql").write_text("select pg_sleep(0.3);")
    limits = "-c statement_timeout=250ms -c transaction_timeout=400ms"
    dsn = make_conninfo(empty(), options=limits)
    assert len(migrate(dsn, [room], "holdfast")) == len(room.files())


def test_what_is_in_the_way_of_a_migration_is_told(empty):
    """A table of somebody else, or a role without rights, is an error in words."""
    dsn = empty()
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("create schema ours; create table ours.queues (n integer)")
        with pytest.raises(SchemaError, match='"queues" already exists; while applying engine/00'):
            migrate(dsn, [ROOM], "ours")
        role = f"nobody_{uuid.uuid4().hex[:12]}"
        admin.execute(f"create role {role}")
        try:
            standby = make_conninfo(dsn, options="-c default_transaction_read_only=on")
            with pytest.raises(DatabaseUnavailable, match="is a standby, migrate on its primary"):
                migrate(standby, [ROOM], "other")
            with pytest.raises(ConfigError, match=r"may not migrate: permission .* as the owner"):
                migrate(make_conninfo(dsn, options=f"-c role={role}"), [ROOM], "other")
        finally:
            admin.execute(f"drop role {role}")


def test_roles_that_a_restore_left_behind_are_made_again(empty):
    """A dump has no roles: where they or their rights are missing, a migration gives them."""
    dsn, kinds = empty(), ("read", "enqueue", "work", "operate")
    migrate(dsn, [ROOM], "moved")
    may = "select count(*) filter (where has_schema_privilege('moved_' || kind, 'moved', 'usage'))"
    with psycopg.connect(dsn, autocommit=True) as admin:
        try:
            admin.execute("drop owned by moved_read; drop role moved_read")
            admin.execute("revoke all on schema moved from moved_work")
            assert sorted(lost_rights(dsn, "moved")) == ["moved_read", "moved_work"]
            assert pending(dsn, [ROOM], "moved") == []
            assert migrate(dsn, [ROOM], "moved") == [RIGHTS]
            assert lost_rights(dsn, "moved") == migrate(dsn, [ROOM], "moved") == []
            assert admin.execute(f"{may} from unnest(%s::text[]) kind", [[*kinds]]).fetchone() == (
                4,
            )
        finally:
            for kind in kinds:
                admin.execute(f"drop owned by moved_{kind}; drop role moved_{kind}")


def test_what_was_dropped_by_hand_is_made_again(empty, golden, dsn):
    """A function or view that is gone counts as not applied, and the next migration makes it."""
    own = empty()
    migrate(own, rooms(), "holdfast")
    with psycopg.connect(own, autocommit=True) as admin:
        admin.execute("drop function holdfast.settle(jsonb); drop view holdfast.email_queue")
    assert pending(own, rooms(), "holdfast") == ["engine/settle.sql", "email/views.sql"]
    migrate(own, rooms(), "holdfast")
    assert golden.dump(own) == golden.dump(dsn)
