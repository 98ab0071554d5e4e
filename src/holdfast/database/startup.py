"""From a data folder, in whatever state, to a server that answers; and back.

Called only by who holds the folder's `start.lock`, so nobody else starts or stops meanwhile. What
may still be there is a server in good health, one that is coming up because its starter was killed,
one whose postmaster was killed and whose other processes are still dying, or nothing but files.
"""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from holdfast.database.cluster import check_cluster, create_cluster, let_in, trouble
from holdfast.database.file_lock import FileLock
from holdfast.database.postmaster import Postmaster
from holdfast.database.server_account import ServerAccount, server_account
from holdfast.database.server_programs import Programs, find_programs
from holdfast.errors import DatabaseUnavailable

DATABASE = "holdfast"
_PATIENCE_SECONDS = 30.0  # without a sign of life
_ORPHAN_SECONDS = 1.0
_ANSWER_SECONDS = 10  # one that is frozen takes the connection and says nothing
_STOPPING = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0))  # fast; then at once, to be recovered
_POLL_SECONDS = 0.01
_LEAST_ROOM = 1 << 20  # bytes; with less it does not start
_FIRST_PAUSE, _PAUSE_GROWTH, _LONGEST_PAUSE = 0.05, 1.6, 2.0
_PASSING = ("pre-existing shared memory block", "already exists", "Address already in use")
_BEGUN = "starting PostgreSQL"
_NOT_YET = "the database system is"  # starting up, in recovery mode, shutting down


class Startup:
    """Brings the server of one data folder up and down."""

    def __init__(self, data: Path, postmaster: Postmaster, binaries: Path | None) -> None:
        self._data = data
        self._cluster = data / "postgres"
        self._life = data / "server.lock"
        self._postmaster = postmaster
        self._binaries = binaries

    def bring_up(self, say: Callable[[str], None]) -> None:
        """Return when the server answers and has our database in it."""
        if not self._postmaster.ready():
            account = server_account(self._cluster)
            programs = find_programs(self._binaries, account)
            crashed = (self._cluster / "postmaster.pid").exists()
            self._prepare(programs, account, say)
            say("recovering after a crash" if crashed else f"starting Postgres {programs.major}")
            self._start(programs, account)
        self._make_database()

    def bring_down(self) -> None:
        """Stop the server and return when all its processes are gone."""
        with FileLock(self._life) as life:
            for number, seconds in _STOPPING:
                if not self._postmaster.stop(number):
                    break
                if life.wait_alone(seconds):
                    self._postmaster.tidy_up()
                    break

    def _prepare(
        self, programs: Programs, account: ServerAccount, say: Callable[[str], None]
    ) -> None:
        if not self._cluster.exists() or not any(self._cluster.iterdir()):
            say("creating the database")
            create_cluster(self._cluster, programs, account)
        check_cluster(self._cluster, programs)
        if self._cluster.stat().st_uid != account.uid:  # root brought it back from a backup
            account.give(self._cluster)
        self._cluster.chmod(0o700)
        let_in(self._cluster, programs, account)

    def _start(self, programs: Programs, account: ServerAccount) -> None:
        """Start it whenever nothing of a former one lives, until one answers."""
        began = sign_of_life = looked = time.monotonic()
        pause, logged = _FIRST_PAUSE, None
        while not self._postmaster.ready():
            now = time.monotonic()
            if self._postmaster.status() == "starting":  # it replays its log; that may take long
                sign_of_life = now
            elif now > sign_of_life + _PATIENCE_SECONDS:
                raise self._too_late()
            elif now > looked + _ORPHAN_SECONDS:
                self._postmaster.end_orphans(account)
                looked = now
            with FileLock(self._life) as life:
                if life.try_alone():
                    if logged is not None:
                        self._check_passing(logged, last_try=now > began + _PATIENCE_SECONDS)
                        time.sleep(pause)
                        pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE)
                    logged = self._postmaster.spawn(programs, account, life)
            time.sleep(_POLL_SECONDS)

    def _check_passing(self, logged: int, *, last_try: bool) -> None:
        """Raise what the server died of, unless another try may do: a former one is in its way.

        Or it was killed: then it says nothing of the kind, having begun well or not at all.
        """
        said = self._postmaster.log_since(logged)
        if not said and shutil.disk_usage(self._data).free < _LEAST_ROOM:
            raise DatabaseUnavailable(
                f"the disk of the data folder {self._data} is full: Postgres could not even log"
                " what it died of."
            )
        killed = not said or (_BEGUN in said and "FATAL" not in said and "PANIC" not in said)
        if last_try or not (killed or any(passing in said for passing in _PASSING)):
            raise trouble("starting Postgres", said)

    def _too_late(self) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"Postgres in {self._cluster} did not come up within {_PATIENCE_SECONDS:.0f} s. Either"
            " processes of a former server are still there, or one runs where this process cannot"
            f" see it (another container?). It said last: {self._postmaster.log_since(0)}"
        )

    def _make_database(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._has_database(deadline):
            time.sleep(_POLL_SECONDS)

    def _has_database(self, deadline: float) -> bool:
        """Look for our database, make it if it is missing; False: ask again in a moment."""
        known = "SELECT FROM pg_database WHERE datname = %s"
        try:
            with psycopg.connect(
                self._postmaster.url("postgres"), autocommit=True, connect_timeout=_ANSWER_SECONDS
            ) as server:
                if server.execute(known, [DATABASE]).fetchone() is None:
                    server.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.errors.ConnectionTimeout:
            raise DatabaseUnavailable(
                f"Postgres in {self._cluster} takes connections and does not answer within"
                f" {_ANSWER_SECONDS} s. Is it frozen, or the machine too busy?"
            ) from None
        except psycopg.OperationalError as error:
            if _NOT_YET not in str(error) or time.monotonic() > deadline:
                raise trouble("connecting to the embedded Postgres", str(error)) from error
            return False
        return True
