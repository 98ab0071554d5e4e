"""A server behind a pooler."""

import shutil
from pathlib import Path

import psycopg

from bench.storm.hosts.host import Host
from bench.storm.hosts.kept import Kept, open_folder
from bench.storm.hosts.server import free_port


class Pooled(Host):
    """A server behind Debian's PgBouncer in transaction mode."""

    def __init__(self, folder: Path, version: str | None) -> None:
        super().__init__(folder, version)
        self._port = free_port()
        place = open_folder(folder / "pooler")
        config = place / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host=127.0.0.1 port={self.server.port} user=holdfast\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self._port}\n"
            "unix_socket_dir =\nauth_type = any\nadmin_users = holdfast\npool_mode = transaction\n"
            "default_pool_size = 20\nmax_client_conn = 300\nserver_login_retry = 1\n"
        )
        config.chmod(0o644)
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self.pooler = Kept([program, str(config)], folder / "pooler.log")

    @property
    def address(self) -> str:
        """What the application is given."""
        options = "sslmode=disable&gssencmode=disable"
        return f"postgresql://holdfast@127.0.0.1:{self._port}/holdfast?{options}"

    def begin(self) -> None:
        """Everything runs when this returns."""
        super().begin()
        self.pooler.keep()

    def keep(self) -> None:
        """Start again what has ended."""
        super().keep()
        self.pooler.keep()

    def end(self) -> None:
        """Stop everything."""
        self.pooler.end()
        super().end()

    def command(self, words: str) -> None:
        """Say it to its admin console. Raises psycopg.Error."""
        url = self.address.replace("/holdfast?", "/pgbouncer?")
        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.pgconn.exec_(words.encode())  # the console knows no other protocol
