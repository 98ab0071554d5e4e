"""A Postgres of its own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from bench.storm.hosts.kept import Kept, account, open_folder
from holdfast.database.server_account import server_account
from holdfast.database.server_programs import find_programs

POSTGRES = Path("/usr/lib/postgresql")
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
log_line_prefix = '%m [%p] '
"""
_READY_S = 60.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs_of(version: str | None, folder: Path) -> Path:
    """Debian's programs of that version, or those that the embedded server runs."""
    if version:
        return POSTGRES / version / "bin"
    return find_programs(None, server_account(folder)).folder


class Server:
    """A Postgres on a port of loopback, in `data`/postgres."""

    def __init__(self, data: Path, programs: Path, **environment: str) -> None:
        self.cluster = open_folder(data) / "postgres"
        self.port = free_port()
        self._data = data
        self._programs = programs
        self._environment = environment
        command = [str(programs / "postgres"), "-D", str(self.cluster), "-p", str(self.port)]
        command += ["-c", f"holdfast.data={data}"]  # what System.postmaster knows it by
        self.kept = Kept(command, data.parent / f"{data.name}.log", **environment)

    @property
    def url(self) -> str:
        """Its own address, past poolers and forwarders."""
        return f"postgresql://holdfast@127.0.0.1:{self.port}/holdfast"

    def make(self) -> None:
        """A new cluster with our database in it, running."""
        self.run("initdb", "-D", str(self.cluster), "--username", "holdfast", "--auth=trust",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")  # fmt: skip
        with (self.cluster / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        with (self.cluster / "pg_hba.conf").open("a") as who:
            who.write("host replication all 127.0.0.1/32 trust\n")
        self.kept.keep()
        self.until_up("postgres")
        self.ask("create database holdfast", database="postgres")

    def run(self, program: str, *words: str) -> None:
        """One of its programs, to its end. Raises CalledProcessError."""
        subprocess.run(
            [str(self._programs / program), *words], check=True, capture_output=True, cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath}, timeout=120, **account(),
        )  # fmt: skip

    def until_up(self, database: str = "holdfast") -> None:
        """Wait until it answers. Raises psycopg.Error."""
        until = time.monotonic() + _READY_S
        while True:
            self.kept.keep()
            try:
                self.ask("select 1", database=database)
            except psycopg.Error:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def ask(self, query: str, *, database: str = "holdfast") -> list[tuple[Any, ...]]:
        """The rows of a query on a connection of its own. Raises psycopg.Error."""
        url = f"postgresql://holdfast@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def throw_away(self) -> None:
        """Remove its files; it has ended."""
        shutil.rmtree(self.cluster, ignore_errors=True)
