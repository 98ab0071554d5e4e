"""`python -m bench.semantics`: what becomes of email in the bad moments, counted at the other side.

The cases in which django-post-office and django-mailer were measured, with our workers as processes
of their own, a Postgres that goes afterwards, and a mail server on loopback that notes what it has
taken by its Message-ID. Takes a minute.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.ground import Ground, Sizes, ground
from holdfast import Email
from holdfast.engine import queues
from holdfast.errors import InvalidInput

CONNECTIONS = 10
_REPLIES = {
    b"EHLO": "250-sink\r\n250-PIPELINING\r\n250 8BITMIME", b"MAIL": "250 ok", b"DATA": "354 go on",
    b"RSET": "250 ok", b"QUIT": "221 bye",
}  # fmt: skip


@dataclass
class Office:
    """A mail server: what it has taken, how long it takes, whom it refuses, whether it answers."""

    taken: Counter[bytes] = field(default_factory=Counter)
    delay_s: float = 0.0
    refused: tuple[bytes, ...] = ()
    answers: bool = True
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"220 sink\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    no = any(address in line for address in self.refused)
                    reply = "550 5.1.1 no such mailbox" if no else "250 ok"
                else:
                    reply = _REPLIES.get(verb, "500 what?")
                writer.write(f"{reply}\r\n".encode())
                if verb == b"DATA":
                    await self._message(await reader.readuntil(b"\r\n.\r\n"), writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _message(self, content: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.delay_s)
        self.taken[content.lower().partition(b"message-id:")[2].partition(b"\r\n")[0]] += 1
        if self.answers:
            writer.write(b"250 taken\r\n")

    @property
    def twice(self) -> int:
        """How many it has taken once too often."""
        return self.taken.total() - len(self.taken)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a case plays on."""

    ground: Ground
    office: Office

    async def one(self, query: str) -> Any:
        """The first column of the first row."""
        async with await self.ground.connection() as connection:
            await connection.execute("set search_path to holdfast")
            row = await (await connection.execute(query)).fetchone()
        return row and row[0]

    async def until(self, holds: Callable[[], Awaitable[bool]], within_s: float = 120) -> None:
        """Wait until something holds. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while not await holds():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def ended(self, count: int) -> None:
        """Wait until so many emails have come to an end, or to a person."""
        states = "select count(*) from jobs where state in ('done', 'dead', 'held')"

        async def enough() -> bool:
            return bool(await self.one(states) == count)

        await self.until(enough)

    async def fill(self, count: int) -> None:
        """Put emails into the queue."""
        await self.one(
            f"select count(*) from generate_series(1, {count}) n cross join lateral "
            "email_send('me@example.com', array['ann@example.com'], '<' || n || '@example.com>', "
            "'x', convert_to(E'Message-ID: <' || n || E'@example.com>\\r\\n\\r\\nHello\\r\\n', "
            "'UTF8'))"
        )

    async def policy(self, **policy: object) -> None:
        """Change that of the queue."""
        async with self.ground.holdfast() as hf:
            await hf.run(queues.set_queue("email", policy))

    @asynccontextmanager
    async def worker(self, options: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker as a process of its own."""
        url = f"smtp://127.0.0.1:{self.office.port}?connections={CONNECTIONS}{options}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "holdfast", "work", "--database-url", self.ground.url,
            "--queue", "email", stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"HOLDFAST_SMTP_URL": url},
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def killed(scene: Scene) -> str:
    """Kill -9 after some 555 of 1000 were taken."""
    await scene.policy(lease="2 s")
    await scene.fill(1000)

    async def half() -> bool:
        return scene.office.taken.total() >= 555

    async with scene.worker() as first:
        await scene.until(half)
        first.kill()
    async with scene.worker():
        await scene.ended(1000)
    return f"{scene.office.twice} twice, {1000 - len(scene.office.taken)} lost"


async def two_hosts(scene: Scene) -> str:
    """Two workers that know nothing of each other, 500 emails."""
    await scene.fill(500)
    async with scene.worker(), scene.worker():
        await scene.ended(500)
    return f"{scene.office.twice} twice"


async def slow(scene: Scene) -> str:
    """An attempt may take 5 s, the server takes half a second for each of 100."""
    await scene.policy(timeout="5 s", lease="6 s")
    scene.office.delay_s = 0.5
    await scene.fill(100)
    async with scene.worker():
        await scene.ended(100)
    return f"{scene.office.twice} of 100 twice"


async def silent(scene: Scene) -> str:
    """The server takes three emails and never says so."""
    scene.office.answers = False
    await scene.policy(on_unknown="hold")
    await scene.fill(3)
    async with scene.worker("&timeout=1&dot=1"):
        await scene.ended(3)
    held = await scene.one("select count(*) from jobs where state = 'held'")
    return f"{scene.office.twice} of 3 twice with on_unknown=hold: {held} held, to be looked at"


async def permanent(scene: Scene) -> str:
    """550 5.1.1 to RCPT."""
    scene.office.refused = (b"ann@example.com",)
    await scene.fill(1)
    async with scene.worker():
        await scene.ended(1)
    state = await scene.one("select state || ' after ' || attempts || ' attempt' from jobs")
    listed = await scene.one("select count(*) from email_suppressions")
    return f"{state}; {'its address' if listed else 'nothing'} is suppressed from then on"


async def partial(scene: Scene) -> str:
    """One of two recipients is refused."""
    scene.office.refused = (b"ben@example.com",)
    async with scene.ground.holdfast() as hf:
        await hf.send(
            Email(to=["ann@example.com", "ben@example.com"], subject="x", text="x",
                  sender="me@example.com")
        )  # fmt: skip
    async with scene.worker():
        await scene.ended(1)
    found = await scene.one(
        "select string_agg(split_part(address, '@', 1) || ' ' || status, ', ' order by address) "
        "from email_recipients"
    )
    letter = await scene.one("select because from jobs where state = 'dead'")
    return f"{found}; dead letter: {letter}"


async def newline(scene: Scene) -> str:
    """A subject with a newline, and five other emails after it."""
    async with scene.ground.holdfast() as hf:
        try:
            await hf.send(
                Email(to="a@example.com", subject="a\nb", text="x", sender="me@example.com")
            )
            said = "accepted"
        except InvalidInput:
            said = "refused at once"
    await scene.fill(5)
    async with scene.worker():
        await scene.ended(5)
    return f"{said}; {scene.office.taken.total()} of 5 later ones sent"


CASES: dict[Callable[[Scene], Awaitable[str]], tuple[str, str]] = {
    killed: ("55 twice (batch 100), 559 (batch 1000)", "1 twice"),
    two_hosts: ("500 twice", "0 of 200 twice"),
    slow: ("5 of 100 twice", "no such deadline"),
    silent: ("3 of 3 twice; without a timeout it hangs", "not measured"),
    permanent: ("5 attempts", "tried again without end"),
    partial: ("marked sent, no trace", "marked sent, no trace"),
    newline: ("accepted, fails alone", "0 of 5 later ones sent"),
}
"""What was found of django-post-office 3.12 and django-mailer 2.3.2."""


async def _play(server: Ground, case: Callable[[Scene], Awaitable[str]]) -> str:
    await server.clear()
    office = Office()
    listening = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    office.port = listening.sockets[0].getsockname()[1]
    scene = Scene(server, office)
    await scene.one("delete from email_suppressions returning 1")
    await scene.policy(lease="1 minute", timeout="5 minutes", on_unknown="resend")
    try:
        return await case(scene)
    finally:
        listening.close()


async def main(as_json: bool) -> None:
    """Play all cases and print what was found."""
    found: dict[str, tuple[str, str, str]] = {}
    with ground(Sizes()) as server:
        for case, peers in CASES.items():
            name = (case.__doc__ or "").rstrip(".")
            print(f"semantics: {name}", file=sys.stderr)
            found[name] = (await _play(server, case), *peers)
    if as_json:
        print(json.dumps(found))
        return
    table = Table("", "holdfast", "django-post-office", "django-mailer", show_lines=True)
    for name, said in found.items():
        table.add_row(name, *said)
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="an object instead of the table")
    asyncio.run(main(parser.parse_args().json))
