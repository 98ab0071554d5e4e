"""Bring a schema to the present.

A room (the engine, each channel) has a folder of SQL files of two kinds. Files that begin with a
number make and change tables: they run once, in order, and are never edited again. All others hold
functions and views as they are now: they are applied again whenever their text changes. Everything
happens in one transaction under one lock, so two starters cannot clash and a killed one leaves
nothing behind. The ledger is the table `migrations` in the schema itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from holdfast.database.translate import translate
from holdfast.errors import SchemaError


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


def migrate(dsn: str, rooms: Sequence[Room], schema: str) -> list[str]:
    """Apply what is missing or has changed; returns the titles of the files applied.

    Raises:
        SchemaError: a table file was edited after it had been applied here.
        DatabaseUnavailable: the server cannot be reached.
    """
    try:
        with _connect(dsn, "holdfast migrate") as connection:
            connection.execute(_preamble(schema))
            steps = _missing(connection, rooms)
            for step in steps:
                _apply(connection, step)
            if steps:
                connection.execute(_epilogue())
            return [step.title for step in steps]
    except (psycopg.Error, OSError) as error:
        raise translate(error) from error


def pending(dsn: str, rooms: Sequence[Room], schema: str) -> list[str]:
    """What `migrate` would apply now; changes nothing."""
    try:
        with _connect(dsn, "holdfast") as connection:
            ledger = connection.execute(
                "select to_regclass(%s)", [f'"{schema}".migrations']
            ).fetchone()
            if ledger is None or ledger[0] is None:
                return [step.title for step in _steps(rooms)]
            connection.execute(f'set local search_path to "{schema}", pg_temp')
            return [step.title for step in _missing(connection, rooms)]
    except (psycopg.Error, OSError) as error:
        raise translate(error) from error


def script(rooms: Sequence[Room], schema: str) -> str:
    """All of it as one SQL script, for people who apply it with a tool of their own."""
    parts = ["begin;", _preamble(schema)]
    for step in _steps(rooms):
        parts += [f"-- {step.title}", step.path.read_text(encoding="utf-8"), f"{_note(step)};"]
    return "\n".join([*parts, _epilogue(), "commit;", ""])


def _connect(dsn: str, name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(dsn, connect_timeout=5, application_name=name, client_encoding="utf8")


def _missing(connection: psycopg.Connection[Any], rooms: Sequence[Room]) -> list[Step]:
    rows = connection.execute("select room, file, checksum from migrations").fetchall()
    applied = {(room, file): checksum for room, file, checksum in rows}
    steps = []
    for step in _steps(rooms):
        known = applied.get((step.room, step.path.name))
        if known == step.checksum:
            continue
        if known is not None and _is_table_file(step.path):
            raise SchemaError(
                f"{step.title} was edited after it had been applied to this database. "
                "A table file never changes: put the change into a new numbered file"
            )
        steps.append(step)
    return steps


def _steps(rooms: Sequence[Room]) -> list[Step]:
    return [
        Step(room.name, path, hashlib.sha256(path.read_bytes()).hexdigest())
        for room in rooms
        for path in room.files()
    ]


def _apply(connection: psycopg.Connection[Any], step: Step) -> None:
    try:
        connection.execute(step.path.read_text(encoding="utf-8"))
        connection.execute(_note(step))
    except psycopg.Error as error:
        error.add_note(f"while applying {step.title}")
        raise


def _is_table_file(path: Path) -> bool:
    return path.name[:1].isdigit()


def _note(step: Step) -> str:
    return (
        "insert into migrations (room, file, checksum, applied_at) "
        f"values ('{step.room}', '{step.path.name}', '{step.checksum}', clock_timestamp()) "
        "on conflict (room, file) do update "
        "set checksum = excluded.checksum, applied_at = excluded.applied_at"
    )


def _preamble(schema: str) -> str:
    return f"""
select pg_advisory_xact_lock(hashtext('holdfast.migrate {schema}'));
do $$
begin
  if getdatabaseencoding() <> 'UTF8' then
    raise exception using errcode = 'JQ006',
      message = 'the encoding of this database is ' || getdatabaseencoding() || ', not UTF8',
      hint = 'Make one that can hold every text: create database name encoding ''UTF8''';
  end if;
end
$$;
create schema if not exists "{schema}";
set local search_path to "{schema}", pg_temp;
set local standard_conforming_strings = on;
set local check_function_bodies = off;
set local client_min_messages = warning;
create table if not exists migrations (
  room text not null, file text not null, checksum text not null,
  applied_at timestamptz not null, primary key (room, file));
"""


def _epilogue() -> str:
    """Roles and grants follow what there is now; so do the partitions of the coming days."""
    return "select apply_grants();\nselect maintain_partitions();"
