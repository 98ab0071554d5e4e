"""Clocks that can be set."""

from pathlib import Path

from bench.storm.hosts.host import Host


class Jumping(Host):
    """A server whose clock can be set, and a worker whose clock can be set, by libfaketime."""

    LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")

    def servers_environment(self) -> dict[str, str]:
        """A clock of its own."""
        return self._environment("server")

    def workers_environment(self) -> dict[str, str]:
        """A clock of its own."""
        return self._environment("worker")

    def _environment(self, whose: str) -> dict[str, str]:
        self.set_clock(whose, 0)
        return {
            "LD_PRELOAD": str(self.LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self._file(whose)),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }  # fmt: skip

    def _file(self, whose: str) -> Path:
        return self.folder / f"{whose}.clock"

    def set_clock(self, whose: str, seconds: int) -> None:
        """So many seconds ahead of the true time."""
        place = self._file(whose)
        fresh = place.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        fresh.chmod(0o644)
        fresh.replace(place)
