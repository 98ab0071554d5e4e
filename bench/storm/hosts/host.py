"""A server with nothing before it, and what every host has."""

import asyncio
import contextlib
from pathlib import Path

from bench.storm.hosts.server import Server, programs_of


class Host:
    """A server with nothing before it."""

    def __init__(self, folder: Path, version: str | None) -> None:
        self.folder = folder
        self.programs = programs_of(version, folder)
        self.server = Server(folder / "data", self.programs, **self.servers_environment())

    def servers_environment(self) -> dict[str, str]:
        """What the server's processes are started with."""
        return {}

    @property
    def url(self) -> str:
        """The server's own address, for who looks on."""
        return self.server.url

    @property
    def address(self) -> str:
        """What the application is given."""
        return self.url

    def workers_environment(self) -> dict[str, str]:
        """What the second worker has beside the others' environment."""
        return {}

    def begin(self) -> None:
        """Everything runs when this returns."""
        self.server.make()

    def keep(self) -> None:
        """Start again what has ended."""
        self.server.kept.keep()

    async def watch(self) -> None:
        """Keep it until cancelled."""
        while True:
            with contextlib.suppress(OSError):
                self.keep()
            await asyncio.sleep(0.3)

    def end(self) -> None:
        """Stop everything."""
        self.server.kept.end()
