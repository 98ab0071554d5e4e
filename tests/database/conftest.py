"""Embedded servers and their folders.

One cluster is made for most tests, because making one takes a second; run as root, its folder is
one that the server's own account cannot walk to.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from holdfast.database import Database
from holdfast.database.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A private folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="hf-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def creation(place: Path) -> tuple[Path, list[str]]:
    """A new data folder, of a name that needs care at every turn, and what was said meanwhile."""
    data = place / "new" / 'it\'s a "made" %41 dätä'
    said: list[str] = []
    server = EmbeddedServer(data)
    server.ensure(said.append)
    server.release()
    return data, said


@pytest.fixture(scope="session")
def made(creation: tuple[Path, list[str]]) -> Path:
    """A data folder with a cluster in it."""
    return creation[0]


@pytest.fixture
def open_server() -> Iterator[Callable[..., EmbeddedServer]]:
    """Servers that are surely stopped at the end."""
    opened: list[tuple[Path, EmbeddedServer]] = []

    def opener(data: Path, binaries: Path | None = None) -> EmbeddedServer:
        opened.append((data, EmbeddedServer(data, binaries=binaries)))
        return opened[-1][1]

    yield opener
    for data, server in opened:
        server.release()
        if data.exists():
            server._startup.bring_down()


@pytest.fixture
async def alone(dsn):
    """Opens a database of one connection, by way of another address if that is given."""
    opened = []

    def opening(**there):
        opened.append(Database(make_conninfo(dsn, **there), size=1))
        return opened[-1]

    yield opening
    for database in opened:
        await database.close()
