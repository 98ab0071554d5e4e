"""A real PgBouncer before the test's database."""

import os
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.serving import free_port

from holdfast.client import connect

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


class _Relay(socketserver.ThreadingTCPServer):
    """A port that leads to the server's socket, which lets in nobody but ourselves."""

    daemon_threads = True

    def __init__(self, path):
        super().__init__(("127.0.0.1", 0), _Pumping)
        self.path = path


class _Pumping(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server.path)
            back = threading.Thread(target=_pump, args=(server, self.request), daemon=True)
            back.start()
            _pump(self.request, server)
            back.join()


def _pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def pooler(dsn):
    """`pooler("transaction")`: the address of the database through a PgBouncer of that mode."""
    if PGBOUNCER is None:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    behind = conninfo_to_dict(dsn)
    with psycopg.connect(dsn) as connection:
        host, user = connection.info.host, connection.info.user
        path = f"{host}/.s.PGSQL.{connection.info.port}"
    relay = _Relay(path)
    threading.Thread(target=relay.serve_forever, daemon=True).start()
    behind.update(host="127.0.0.1", port=str(relay.server_address[1]), user=user)
    started = []
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))  # pytest's own is closed to other accounts
    folder.chmod(0o755)

    def starting(mode: str) -> str:
        port = free_port()
        config = folder / f"{mode}.ini"
        config.write_text(
            "[databases]\n"
            f"* = host='{behind['host']}' port={behind['port']} user={behind['user']}\n"
            "[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = any\npool_mode = {mode}\ndefault_pool_size = 4\nmax_client_conn = 100\n"
        )
        log = folder / f"{mode}.log"
        options = {"user": "postgres"} if os.geteuid() == 0 else {}
        started.append(
            subprocess.Popen([PGBOUNCER, str(config)], stderr=log.open("wb"), cwd="/", **options)
        )
        address = make_conninfo(
            host="127.0.0.1", port=port, dbname=behind["dbname"], user=behind["user"],
            sslmode="disable", gssencmode="disable",
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(address, connect_timeout=20).close()
            except psycopg.OperationalError as error:
                if started[-1].poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"pgbouncer did not start: {error} {log.read_text()}")
            else:
                return address

    yield starting
    for process in started:
        process.terminate()
        process.wait(60)
    relay.shutdown()
    relay.server_close()
    shutil.rmtree(folder)


@pytest.fixture
async def pooled(pooler):
    """An application's holdfast object, through a pooler in transaction mode."""
    opened = connect(pooler("transaction"))
    yield opened
    await opened.close()
