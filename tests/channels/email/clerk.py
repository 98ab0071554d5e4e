"""A mail server that hears what is said behind a message, and does what a message asks for."""

import asyncio
from dataclasses import dataclass, field

from tests.until import turns

GONE, BUSY = "550 5.1.1 no such user", "450 4.2.1 come again"
CROWDED = "452 4.5.3 Too many recipients"
REFUSED, SPAM = "554 5.7.1 not this one", "550 5.7.1 no mail from you"


@dataclass
class Clerk:
    """Takes every message, by who it is for, in `got`.

    A recipient that begins with gone or busy, a sender with bad, is refused. `Do:` in a message:
    refuse; wait, for `go`; no, yes: answer it once more; hang-up, without an answer; goodbye, close
    after it. A `deaf` one forgets what came while it looked at a message; `most` share one; a
    connection has so many as it `takes`, and a `full` one takes no further connection.
    """

    deaf: bool = False
    most: int = 100
    takes: int = 1000
    full: bool = False
    got: list[str] = field(default_factory=list)
    readers: list[asyncio.StreamReader] = field(default_factory=list)
    waiting: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def connections(self) -> int:
        """So many were opened."""
        return len(self.readers)

    def heard(self, reader: int = 0) -> bytes:
        """What has come on a connection and was not looked at yet."""
        return bytes(self.readers[reader]._buffer)

    def url(self, options: str = "") -> str:
        return f"smtp://127.0.0.1:{self.port}{options}"

    async def serve(self, reader, writer):
        self.readers.append(reader)
        reader.taken = 0
        writer.write(b"421 too many connections\r\n" if self.full else b"220 clerk\r\n")
        try:
            while (line := await reader.readline()) and await self._line(line, reader, writer):
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _line(self, line, reader, writer):
        verb, _, rest = line.decode().partition(" ")
        address = rest.partition("<")[2].partition(">")[0]
        match verb.strip():
            case "EHLO":
                reply = "250-clerk\r\n250 PIPELINING"
            case "MAIL" if reader.taken >= self.takes:
                reader.to, reader.named = [], False
                reply = "452 4.5.3 Too many messages sent"
            case "MAIL":
                reader.to, reader.named = [], not address.startswith("bad")
                reply = "250 Ok" if reader.named else SPAM
            case "RCPT":
                known = {"gone": GONE, "busy": BUSY}
                reply = known.get(address[:4], "250 Ok") if reader.named else "503 MAIL first"
                if reply == "250 Ok" and len(reader.to) >= self.most:
                    reply = CROWDED
                elif reply == "250 Ok":
                    reader.to.append(address)
            case "DATA" if reader.to:
                writer.write(b"354 Go on\r\n")
                return await self._message(reader, writer)
            case "DATA":
                reply = "554 no valid recipients"
            case _:
                reply = "500 What?"
        writer.write(f"{reply}\r\n".encode())
        return True

    async def _message(self, reader, writer):
        content = b"\r\n"
        while not content.endswith(b"\r\n.\r\n"):
            content += await reader.readuntil(b"\n")
        do = content.partition(b"Do: ")[2].partition(b"\r\n")[0].decode()
        if do == "wait":
            self.waiting += 1
            await self.go.wait()
        if do == "hang-up":
            return False
        if self.deaf:
            reader._buffer.clear()
        if do == "refuse":
            writer.write(f"{REFUSED}\r\n".encode())
            return True
        reader.taken += 1
        self.got += reader.to
        writer.write(b"250 2.0.0 Ok\r\n")
        if do == "wait":
            await turns()  # what comes next is answered later
        if do in {"yes", "no"}:
            writer.write(f"{'250 2.0.0 Ok' if do == 'yes' else REFUSED}\r\n".encode())
        return do != "goodbye"
