"""Rules of the house for all SQL, the engine's and the channels', held by looking."""

import re
from pathlib import Path

import pytest

import holdfast

SOURCE = Path(holdfast.__file__).parent
ENGINE = SOURCE / "engine"

PURE = {
    "webhook_wants": "looks at its arguments only, once for each handler and event",
    "webhook_provider_deadlines": "a few constants, so that they can be inlined",
    "webhook_provider_alerts": "likewise",
    "webhook_reference": "builds a value of its arguments, once for each job",
    "webhook_due": "looks at its arguments only, once for each job",
    "webhook_over": "likewise",
    "webhook_number": "arithmetic, once for each arrival",
    "clock": "the one clock; reads a setting, names pg_catalog in full",
    "new_id": "calls pg_catalog only, once for each job",
    "id_of_batch": "arithmetic, once for each job of a batch",
    "batch_head": "likewise",
    "batch_tail": "likewise",
    "id_at": "likewise",
    "job_complaint": "looks at its argument only, once for each job",
    "make_durable": "calls pg_catalog only, in every call that writes",
    "is_paused": "looks at its arguments only, in every claim",
    "is_limited": "looks at its argument only, in every claim",
    "backoff": "arithmetic",
    "wished": "arithmetic",
    "rate_left": "arithmetic",
    "rate_worth": "arithmetic",
}
"""Functions without a search_path of their own: a pinned one costs, and is never inlined."""

DYNAMIC = {"apply_grants", "drop_partitions", "grant_functions", "make_partition"}
"""Functions that compose statements, besides those that grant: names of roles and of days."""


@pytest.fixture
def functions(sql):
    """Every function of the schema."""
    rows = sql.execute(
        "select p.proname, p.proconfig, p.prosecdef, p.prosrc, p.provolatile, l.lanname,"
        " has_function_privilege('public', p.oid, 'execute')"
        " from pg_proc p join pg_language l on l.oid = p.prolang"
        " where p.pronamespace = 'holdfast'::regnamespace order by 1"
    ).fetchall()
    assert len(rows) > 60
    return rows


def _code(source):
    """A function's text without comments and strings."""
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", source)


def test_every_function_pins_its_search_path(functions):
    """A function finds its tables whatever the caller's path is; pure ones need none."""
    pinned = "search_path=holdfast, pg_temp"
    loose = {name for name, config, *_ in functions if pinned not in (config or [])}
    assert loose == set(PURE)


def test_functions_run_with_the_rights_of_their_caller(functions):
    """SECURITY DEFINER is for what makes and drops partitions, and for what a sender supersedes."""
    assert {row[0] for row in functions if row[2]} == {"maintain_partitions", "supersede"}


def test_public_may_call_nothing(functions):
    """EXECUTE is granted to roles, never to PUBLIC."""
    assert [row[0] for row in functions if row[6]] == []


def test_who_forbids_the_planner_something_is_not_compiled(functions):
    """Before Postgres 18 a plan with something forbidden costs so much that it is compiled."""
    forbids = {row[0] for row in functions if "enable_" in " ".join(row[1] or [])}
    calm = {row[0] for row in functions if "jit=off" in (row[1] or [])}
    assert "claim" in forbids and forbids <= calm


def test_functions_are_short(functions):
    """No function is longer than a screen: sixty lines."""
    long = {row[0]: row[3].count("\n") for row in functions if row[3].count("\n") > 60}
    assert long == {}


def test_every_function_is_plain(functions):
    """Functions are written in sql or plpgsql, which every Postgres has."""
    assert {row[5] for row in functions} == {"sql", "plpgsql"}


def test_statements_are_static(functions):
    """No statement is composed at run time, but those about roles and partitions."""
    dynamic = {row[0] for row in functions if re.search(r"\bexecute\b", _code(row[3]))}
    granting = {name for name in dynamic if re.search(r"(^grant_|_grants$)", name)}
    assert dynamic - granting <= DYNAMIC


def test_there_are_no_triggers(sql):
    """What happens is written where it happens: no trigger, no rule."""
    triggers = sql.execute(
        "select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where c.relnamespace = 'holdfast'::regnamespace and not tgisinternal"
        " union all select rulename from pg_rules where schemaname = 'holdfast'"
    ).fetchall()
    assert triggers == []


def test_no_update_has_a_volatile_expression(functions):
    """Nothing random and no clock is evaluated inside an UPDATE: distributed schemas refuse it."""
    volatile = r"\b(random|gen_random_uuid|uuidv7|clock_timestamp|clock|new_id)\s*\("
    for name, _, _, source, *_ in functions:
        for update in re.findall(r"\bupdate\s+[a-z_]+[^;]*?\bset\b[^;]*;", _code(source)):
            assert not re.search(volatile, update), f"{name}: {update}"


@pytest.mark.parametrize("word", ["email", "webhook", "device", "stripe", "smtp"])
def test_the_queue_knows_nothing_of_what_it_carries(word):
    """The engine is domain-free, in SQL and in Python, in code and in comments."""
    found = [
        f"{file.relative_to(SOURCE)}:{number}: {line.strip()}"
        for file in sorted([*ENGINE.rglob("*.sql"), *ENGINE.rglob("*.py")])
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if word in line.lower()
    ]
    assert found == []


def test_tables_are_written_by_sql_functions_only():
    """No Python of ours writes a table; the ledger of the migrations is the one exception."""
    writes = re.compile(
        r"\b(insert\s+into|delete\s+from|merge\s+into|truncate\s+\w|update\s+\S+\s+set\b)",
        re.IGNORECASE,
    )
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if writes.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"database/migrate.py"}


def test_files_of_tables_make_tables_and_files_of_functions_do_not():
    """A table is made in a numbered file; whatever can be applied again is in the others."""
    for file in SOURCE.rglob("sql/*.sql"):
        text = re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8")).lower()
        if file.name[:1].isdigit():
            assert not re.search(r"\bcreate\s+(or\s+replace\s+)?(function|view)\b", text), file.name
        else:
            made = re.findall(r"\bcreate\s+(table|type|index)\s+(?!%i)\w+", text)
            assert not made, file.name


def test_who_looks_sees_no_secrets(sql):
    """A reader has no password's hash and no secret, sealed or by its place; a worker has both."""
    may = "select has_table_privilege('holdfast_' || %s, 'holdfast.' || %s, 'select')"
    for table in ("webhook_secrets", "email_logins"):
        rights = [sql.execute(may, [role, table]).fetchone()[0] for role in ("read", "work")]
        assert rights == [False, True], table
