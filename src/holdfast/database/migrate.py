"""Bring a schema to the present.

A room (the engine, each channel) has a folder of SQL files of two kinds. Files that begin with a
number make and change tables: they run once, in order, and are never edited again. All others hold
functions and views as they are now: they are applied again whenever their text changes, or one of
these is gone. Everything happens in one transaction under one lock, so two starters cannot clash
and a killed one leaves nothing behind. The ledger is the table `migrations` in the schema itself.

A newer holdfast's schema is left as it is: it serves the release before, whose processes run on and
start anew while a new one is rolled out, and old functions in their place would break the new ones.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from holdfast.database.alone import take_tables, until_alone
from holdfast.database.session import READ_ONLY
from holdfast.database.translate import translate
from holdfast.errors import ConfigError, DatabaseUnavailable, SchemaError

_PATIENCE_S = 60.0
_MAKES = re.compile(r"^create or replace (?:function|view) (\w+)", re.MULTILINE)
_NAMES = """
    select proname from pg_proc where pronamespace = current_schema()::regnamespace
    union all
    select relname from pg_class where relnamespace = current_schema()::regnamespace
"""
_NO_RIGHT = "42501"
RIGHTS = "roles and rights"
"""As `migrate` names what it has done where only these were missing."""
# What a dump does not bring along, or was not let to; named only to who can give it back.
_LOST = """
    select wanted.name
    from pg_namespace n
    cross join unnest(%(roles)s::text[]) wanted(name)
    left join pg_roles r on r.rolname = wanted.name
    where n.nspname = %(schema)s and pg_has_role(n.nspowner, 'usage')
      and (r.oid is null or not has_schema_privilege(r.oid, n.oid, 'usage'))
      and ((select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
           or not exists (select from unnest(%(roles)s::text[]) name
                          where name not in (select rolname from pg_roles)))
"""
_IN_THE_WAY = (
    "42",
    "0A",
    "2B",
)  # something is there or is missing, is another, or needed by others
_VERSION = ("holdfast", "version")  # the line of the ledger that says who migrated last


@dataclass(frozen=True, slots=True)
class Room:
    """A part of holdfast that owns SQL: its name and the folder of its files."""

    name: str
    folder: Path

    def files(self) -> list[Path]:
        """Tables first, in their order; then views (functions take their rows); then functions."""
        return sorted(
            self.folder.glob("*.sql"),
            key=lambda f: (not _is_table_file(f), f.name != "views.sql", f.name),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One file that is to be applied."""

    room: str
    path: Path
    checksum: str

    @property
    def title(self) -> str:
        """As people name it: engine/claim.sql."""
        return f"{self.room}/{self.path.name}"

    def makes(self) -> set[str]:
        """Its functions and views, which somebody may have dropped by hand."""
        return set() if _is_table_file(self.path) else set(_MAKES.findall(self.text()))

    def text(self) -> str:
        """Its SQL."""
        return self.path.read_text(encoding="utf-8")


def migrate(
    dsn: str, rooms: Sequence[Room], schema: str, patience_s: float = _PATIENCE_S
) -> list[str]:
    """Apply what is missing or has changed; returns the titles of the files applied.

    Where nothing is, but a restore left its roles without their rights, those are given again.

    Raises:
        SchemaError: a table file was edited after it had been applied here, or something of
            another name or make is in the way.
        ConfigError: the role may not do it.
        DatabaseUnavailable: the server cannot be reached or is a standby, or tables stay in use.
    """
    try:
        return until_alone(dsn, schema, lambda: _migrate(dsn, rooms, schema), patience_s)
    except (psycopg.Error, OSError) as error:
        raise _explained(error, schema) from error


def _migrate(dsn: str, rooms: Sequence[Room], schema: str) -> list[str]:
    with _connect(dsn, "holdfast migrate") as connection:
        connection.execute(_preamble(schema))
        steps = _missing(connection, rooms)
        take_tables(connection, (step.text() for step in steps if _is_table_file(step.path)))
        for step in steps:
            _apply(connection, step)
        titles = [step.title for step in steps] or _rights(connection, rooms, schema)
        if titles:
            connection.execute(_epilogue())
        return titles


def _rights(connection: psycopg.Connection[Any], rooms: Sequence[Room], schema: str) -> list[str]:
    of_another = _newer(_applied(connection), rooms)  # which knows better what is to be granted
    return [RIGHTS] if not of_another and _lost(connection, schema) else []


def _lost(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    roles = [f"{schema}_{name}" for name in ("read", "enqueue", "work", "operate")]
    rows = connection.execute(_LOST, {"schema": schema, "roles": roles})
    return [row[0] for row in rows]


def _explained(error: Exception, schema: str) -> Exception:
    sqlstate = getattr(error, "sqlstate", None) or ""
    told = "; ".join([str(error).splitlines()[0], *getattr(error, "__notes__", [])])
    if sqlstate == _NO_RIGHT:
        return ConfigError(
            f"this database role may not migrate: {told}. Run it as the owner of the schema"
            f' "{schema}"; to make one: grant create on database'
        )
    if sqlstate == READ_ONLY:
        return DatabaseUnavailable(
            f"nothing may be written here: {told}. If this server is a standby, migrate on its"
            " primary; if not, see default_transaction_read_only"
        )
    if sqlstate[:2] in _IN_THE_WAY:
        return SchemaError(
            f"nothing was changed: {told}. What is in the way in the schema"
            f' "{schema}" is not of holdfast, or was changed by hand'
        )
    return translate(error)


def pending(dsn: str, rooms: Sequence[Room], schema: str) -> list[str]:
    """What `migrate` would apply now; changes nothing."""
    with _ledger(dsn, schema) as connection:
        if connection is None:
            return [step.title for step in _steps(rooms)]
        return [step.title for step in _missing(connection, rooms)]


def lost_rights(dsn: str, schema: str) -> list[str]:
    """Our roles that may not use the schema, as after a restore, if `migrate` can mend that."""
    with _ledger(dsn, schema) as connection:
        return _lost(connection, schema) if connection is not None else []


def newer(dsn: str, rooms: Sequence[Room], schema: str) -> str | None:
    """What shows that a newer holdfast made the schema: its version, or a file that is not ours."""
    with _ledger(dsn, schema) as connection:
        return _newer(_applied(connection), rooms) if connection is not None else None


@contextmanager
def _ledger(dsn: str, schema: str) -> Iterator[psycopg.Connection[Any] | None]:
    """A connection that reads it; None if there is no schema."""
    try:
        with _connect(dsn, "holdfast") as connection:
            place = connection.execute(
                "select to_regclass(%s)", [f'"{schema}".migrations']
            ).fetchone()
            if place is None or place[0] is None:
                yield None
            else:
                connection.execute(f'set local search_path to "{schema}", pg_temp')
                yield connection
    except (psycopg.Error, OSError) as error:
        raise translate(error) from error


def script(rooms: Sequence[Room], schema: str, titles: Sequence[str] | None = None) -> str:
    """All of it, or these files, as one SQL script for people who apply it with their own tool."""
    parts = ["begin;", _preamble(schema)]
    for step in [step for step in _steps(rooms) if titles is None or step.title in titles]:
        parts += [f"-- {step.title}", step.text(), f"{_note(step)};"]
    return "\n".join([*parts, _epilogue(), "commit;", ""])


def _connect(dsn: str, name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(dsn, connect_timeout=5, application_name=name, client_encoding="utf8")


def _missing(connection: psycopg.Connection[Any], rooms: Sequence[Room]) -> list[Step]:
    applied = _applied(connection)
    if _newer(applied, rooms):
        return []
    there = {row[0] for row in connection.execute(_NAMES)}
    steps = []
    for step in _steps(rooms):
        known = applied.get((step.room, step.path.name))
        if known == step.checksum and step.makes() <= there:
            continue
        if known is not None and _is_table_file(step.path):
            raise SchemaError(
                f"{step.title} was edited after it had been applied to this database. "
                "A table file never changes: put the change into a new numbered file"
            )
        steps.append(step)
    return steps


def _applied(connection: psycopg.Connection[Any]) -> dict[tuple[str, str], str]:
    rows = connection.execute("select room, file, checksum from migrations").fetchall()
    return {(room, file): checksum for room, file, checksum in rows}


def _newer(applied: Mapping[tuple[str, str], str], rooms: Sequence[Room]) -> str | None:
    theirs = applied.get(_VERSION, "")
    if _numbers(theirs) > _numbers(_ours()):
        return f"holdfast {theirs}"
    known = {(step.room, step.path.name) for step in _steps(rooms)}
    names = {room.name for room in rooms}
    for room, file in sorted(applied.keys() - known):
        if room in names and _is_table_file(Path(file)):
            return f"{room}/{file}"
    return None


def _ours() -> str:
    return version("holdfast")


def _numbers(release: str) -> list[int]:
    """1.10.0rc1 as 1, 10, 0: what is before a release is not told from it."""
    plain = re.match(r"[0-9.]*", release)
    return [int(number) for number in plain[0].split(".") if number] if plain else []


def _steps(rooms: Sequence[Room]) -> list[Step]:
    return [
        Step(room.name, path, hashlib.sha256(path.read_bytes()).hexdigest())
        for room in rooms
        for path in room.files()
    ]


def _apply(connection: psycopg.Connection[Any], step: Step) -> None:
    try:
        connection.execute(step.text())
        connection.execute(_note(step))
    except psycopg.Error as error:
        error.add_note(f"while applying {step.title}")
        raise


def _is_table_file(path: Path) -> bool:
    return path.name[:1].isdigit()


def _note(step: Step) -> str:
    return _noted(step.room, step.path.name, step.checksum)


def _noted(room: str, file: str, checksum: str) -> str:
    return (
        "insert into migrations (room, file, checksum, applied_at) "
        f"values ('{room}', '{file}', '{checksum}', clock_timestamp()) "
        "on conflict (room, file) do update "
        "set checksum = excluded.checksum, applied_at = excluded.applied_at"
    )


def _preamble(schema: str) -> str:
    return f"""
set local statement_timeout = 0;
set local lock_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout';
select pg_advisory_xact_lock(hashtext('holdfast.migrate {schema}'));
do $do$
begin
  if getdatabaseencoding() <> 'UTF8' then
    raise exception using errcode = 'JQ006',
      message = 'the encoding of this database is ' || getdatabaseencoding() || ', not UTF8',
      hint = 'Make one that can hold every text: create database name encoding ''UTF8''';
  end if;
  if to_regnamespace('"{schema}"') is null then   -- "if not exists" asks for the right all the same
    create schema "{schema}";
  end if;
end
$do$;
set local search_path to "{schema}", pg_temp;
set local standard_conforming_strings = on;
set local check_function_bodies = off;
set local client_min_messages = warning;
create table if not exists migrations (
  room text not null, file text not null, checksum text not null,
  applied_at timestamptz not null, primary key (room, file));
"""


def _epilogue() -> str:
    """Roles and grants follow what there is now; so do the partitions of the coming days.

    And who it was is noted.
    """
    noted = _noted(*_VERSION, _ours())
    return f"select apply_grants();\nselect maintain_partitions();\n{noted};"
