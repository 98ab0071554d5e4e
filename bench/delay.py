"""A proxy that delays what it passes on: `python -m bench.delay PORT MILLISECONDS`.

Listens on a free port of this machine, says which, and ends with its standard input.
"""

import asyncio
import sys


class Half(asyncio.Protocol):
    """One direction."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self.other: Half | None = None
        self.transport: asyncio.Transport | None = None
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        for data in self._early:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Pass it on, later."""
        if self.other is not None:
            asyncio.get_running_loop().call_later(self._delay_s, self.other.send, data)

    def send(self, data: bytes) -> None:
        """What the other side said."""
        if self.transport is None:
            self._early.append(data)
        else:
            self.transport.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        """Closed: close the other one after what is on its way."""
        if self.other is not None and self.other.transport is not None:
            asyncio.get_running_loop().call_later(self._delay_s, self.other.transport.close)


async def main(port: int, delay_s: float) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    connecting: set[asyncio.Task[object]] = set()

    def accept() -> Half:
        near, far = Half(delay_s), Half(delay_s)
        near.other, far.other = far, near
        task = loop.create_task(loop.create_connection(lambda: far, "127.0.0.1", port))
        connecting.add(task)
        task.add_done_callback(connecting.discard)
        return near

    server = await loop.create_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 2000))
