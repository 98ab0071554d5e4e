"""The embedded server has an account of its own where root uses it, and is private."""

import os
import pwd
import shutil
from pathlib import Path

import psycopg
from tests.database.servers import (
    done_by,
    only_root,
    query,
)

from holdfast.database import server_programs
from holdfast.database.embedded import EmbeddedServer


@only_root
def test_ordinary_user(place, open_server):
    """An ordinary user's server runs as that user; root may join it, and shuts nobody out by it."""
    place.chmod(0o711)
    home = place / "home"
    home.mkdir(mode=0o700)
    shutil.chown(home, "nobody")

    def visit() -> int | None:
        visitor = EmbeddedServer(home / "data")
        visitor.ensure()
        return visitor.postmaster_pid

    pid = int(done_by("nobody", visit))
    assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    server = open_server(home / "data")
    server.ensure()
    assert server.postmaster_pid == pid
    server.release()
    assert server.postmaster_pid is None
    for lock in (home / "data").glob("*.lock"):
        lock.unlink()
    server.ensure()
    server.release()
    assert int(done_by("nobody", visit)) != pid


@only_root
def test_others_can_not_connect(place, made, open_server):
    """Another local account is stopped by the folder; the server's own account by the server."""
    url = open_server(made).ensure()
    place.chmod(0o711)
    server_account = pwd.getpwuid((made / "postgres").stat().st_uid).pw_name
    assert "Permission denied" in done_by("daemon", lambda: psycopg.connect(url))
    assert "Peer authentication failed" in done_by(server_account, lambda: psycopg.connect(url))


@only_root
def test_folder_of_another_account(place, made):
    """An account that may not use the data folder is told so."""
    place.chmod(0o711)
    answer = done_by("nobody", lambda: EmbeddedServer(made).ensure())
    assert "ConfigError" in answer and "run as the account" in answer


@only_root
def test_programs_out_of_reach(place, made, open_server, monkeypatch):
    """Programs in a folder that only root can enter are copied to where the server can run them."""
    installed = server_programs._installed_folder().parent
    closed = place / "closed" / installed.parent.name / installed.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, closed / part)
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    shutil.copytree(libraries, closed.parent.with_name(libraries.name))
    (place / "closed").chmod(0o700)
    (place / "copies").mkdir()
    place.chmod(0o711)
    monkeypatch.setattr(server_programs, "COPY_PLACES", (place / "missing", place / "copies"))
    for _ in range(2):
        server = open_server(made, binaries=closed / "bin")
        assert query(server.ensure(), "SELECT 1") == "1"
        server.release()
        assert len(list((place / "copies").iterdir())) == 1


@only_root
def test_restored_by_root(made, open_server):
    """A cluster that root brought back with root as its owner is given to the server again."""
    for folder, _, names in os.walk(made / "postgres"):
        for path in (Path(folder), *(Path(folder) / name for name in names)):
            os.chown(path, 0, 0)
    (made / "postgres").chmod(0o755)
    assert query(open_server(made).ensure(), "SELECT 1") == "1"
    assert (made / "postgres").stat().st_mode & 0o777 == 0o700
