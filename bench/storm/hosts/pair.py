"""A server and its standby."""

import contextlib
from pathlib import Path
from signal import SIGKILL

from bench.storm.hosts.forwarder import Forwarder
from bench.storm.hosts.host import Host
from bench.storm.hosts.server import Server


class Pair(Host):
    """A server and its standby, each commit on both; the address leads to the first of them."""

    def __init__(self, folder: Path, version: str | None) -> None:
        super().__init__(folder, version)
        self.standby: Server | None = None
        self.forwarder = Forwarder(self.server.port)
        self._number = 0

    @property
    def url(self) -> str:
        """Where the present server is, for who looks on."""
        return self.address

    @property
    def address(self) -> str:
        """What the application is given."""
        return f"postgresql://holdfast@127.0.0.1:{self.forwarder.port}/holdfast"

    def begin(self) -> None:
        """Everything runs when this returns."""
        super().begin()
        # before the copy is made, which is to ask for a standby, too, when it is promoted
        self.server.ask("alter system set synchronous_standby_names = '*'")
        self.server.ask("select pg_reload_conf()")
        self.add_standby()

    def add_standby(self) -> None:
        """A copy of the present server that follows it."""
        self._number += 1
        standby = Server(self.folder / f"standby{self._number}", self.programs)
        self.server.run(
            "pg_basebackup", "-D", str(standby.cluster), "-h", "127.0.0.1", "-p",
            str(self.server.port), "-U", "holdfast", "-R", "-X", "stream", "-c", "fast",
        )  # fmt: skip
        standby.kept.keep()
        standby.until_up()
        self.standby = standby

    def promote(self) -> None:
        """The first one dies, the standby takes its place, and gets a standby of its own."""
        old, new = self.server, self.standby
        if new is None:
            return
        self.standby = None
        old.kept.wanted = False
        with contextlib.suppress(OSError):
            old.kept.signal(SIGKILL)
        self.forwarder.lead_to(0)
        if old.kept.process:
            old.kept.process.wait(30)
        new.kept.wanted = True
        new.until_up()
        new.ask("select pg_promote(true, 60)")
        self.server = new
        self.forwarder.lead_to(new.port)
        self.add_standby()
        old.throw_away()

    def keep(self) -> None:
        """Start again what has ended."""
        super().keep()
        if self.standby:
            self.standby.kept.keep()

    def end(self) -> None:
        """Stop everything."""
        if self.standby:
            self.standby.kept.end()
        super().end()
