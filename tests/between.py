"""What stands between us and the server, and does what a bad network or a bad proxy does."""

import asyncio
import contextlib

from psycopg.conninfo import conninfo_to_dict


class Between:
    """Carries bytes to and from the server of a test, from where `there` says.

    With `cuts` it cuts a line when the rows have come, and no end of the answer; `freeze` leaves
    the lines of now open, and carries nothing on them any more.
    """

    def __init__(self, dsn):
        where = conninfo_to_dict(dsn)
        self._server = f"{where['host']}/.s.PGSQL.{where['port']}"
        self._writers = set()
        self._clients = set()
        self._frozen = set()
        self._freezes = False
        self.cuts = False

    async def __aenter__(self):
        self._listening = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._listening.sockets[0].getsockname()[1]
        self.there = {
            "host": "127.0.0.1", "port": port, "sslmode": "disable", "gssencmode": "disable",
        }  # fmt: skip
        return self

    async def __aexit__(self, *_):
        self._listening.close()
        for writer in self._writers:
            writer.close()

    def freeze(self, *, new_ones=False):
        """Nothing passes on the lines of now, nor on new ones if they are to freeze as well."""
        self._frozen |= self._writers
        self._freezes = new_ones

    def say(self, what):
        """Every client hears this, as if the server had said it."""
        for writer in self._clients:
            writer.write(what)

    def cut(self):
        """Every line ends, so that nobody waits for one that is frozen."""
        self._freezes = False
        for writer in self._writers:
            writer.close()

    async def _carry(self, reader, writer):
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        self._writers |= {writer, to_server}
        self._clients.add(writer)
        if self._freezes:
            self._frozen |= {writer, to_server}
        asking = asyncio.create_task(self._pass_on(reader, to_server))
        held = b""
        while more := await from_server.read(65_536):
            held += more
            if writer in self._frozen:
                continue
            if self.cuts and (rows := _until_complete(held)):
                writer.write(held[:rows])
                break
            if not self.cuts:
                writer.write(held)
                held = b""
        if writer not in self._frozen:
            writer.close()
        to_server.close()
        with contextlib.suppress(OSError):
            await asking

    async def _pass_on(self, reader, writer):
        while more := await reader.read(65_536):
            if writer not in self._frozen:
                writer.write(more)


def _until_complete(held):
    """Where CommandComplete ends, which comes before ReadyForQuery."""
    place = 0
    while place + 5 <= len(held):
        kind = held[place : place + 1]
        place += 1 + int.from_bytes(held[place + 1 : place + 5])
        if kind == b"C":
            return place
    return 0
