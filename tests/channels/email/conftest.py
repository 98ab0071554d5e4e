"""The other side: mail servers that are real, and one that does what a script tells it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr
from tests.channels.email.clerk import Clerk

from holdfast.channel import Registry, Services
from holdfast.channels.email.message import send
from holdfast.channels.email.providers.capture import Capture
from holdfast.channels.email.providers.smtp.provider import Smtp
from holdfast.channels.email.providers.smtp.server import smtp_server
from holdfast.channels.email.roster import Roster, entry
from holdfast.channels.email.send import Delivery
from holdfast.channels.email.store import Rendered, store
from holdfast.engine import jobs, queues
from holdfast.errors import Postponed
from holdfast.policy.verdict import Delivered, Settled, Snooze
from holdfast.settings import CoreSettings

CERTIFICATES = Path(__file__).parents[2] / "samples" / "tls"
HANG = "hang"  # say nothing, for ever
DROP = "drop"  # close the connection
QUIET = "quiet"  # say nothing, and go on
STEPS = {
    "EHLO": "250 Ok",
    "MAIL": "250 Ok",
    "RCPT": "250 Ok",
    "DATA": "354 Go on",
    "RSET": "250 Ok",
    "QUIT": "221 Bye",
}


@dataclass(frozen=True)
class Message:
    """What a server was given."""

    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class PostOffice:
    """A server by aiosmtpd. `answers` to RCPT (by address) and to the message, used up in order."""

    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    messages: list[Message] = field(default_factory=list)
    seen: list[Message] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.answers[address]:
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 Ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        message = Message(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content)
        self.seen.append(message)
        if self.answers["DATA"]:
            return self.answers["DATA"].pop(0)
        self.messages.append(message)
        return "250 2.0.0 Ok: queued as ABC"

    def url(self, options: str = "", user: str = "", scheme: str = "smtp") -> str:
        return f"{scheme}://{user}127.0.0.1:{self.port}{options}"


@dataclass
class Script:
    """A server that speaks just enough SMTP, and at each step does what it is told.

    `plan` has for each step (connect, EHLO, MAIL, RCPT, DATA, message, dot) what happens instead of
    the usual answer: a reply, HANG or DROP. `lines` is every command as it came over the wire.
    """

    plan: dict[str, list[str]] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    hangs: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def url(self, options: str = "") -> str:
        return f"smtp://127.0.0.1:{self.port}{options}"

    def hang_up(self) -> None:
        """Close every connection, as a server does that has waited for long enough."""
        for writer in self.writers:
            writer.close()

    async def serve(self, reader, writer):
        self.connections += 1
        self.writers.append(writer)
        try:
            await self._talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    async def _talk(self, reader, writer):
        if not await self._step("connect", "220 script", writer):
            return
        while line := await reader.readline():
            self.lines.append(line)
            step = line[:4].decode("ascii", "replace").upper()
            refuses = "".join(self.plan.get(step, [])[:1]).startswith(("4", "5"))
            if not await self._step(step, STEPS.get(step, "500 What?"), writer) or step == "QUIT":
                return
            if step == "DATA" and not refuses and not await self._message(reader, writer):
                return

    async def _message(self, reader, writer):
        if self.plan.get("message"):
            await reader.read(1000)
            return await self._step("message", "", writer)
        content = b""
        while not (b"\r\n" + content[-5:]).endswith(b"\r\n.\r\n"):
            if not (chunk := await reader.read(65536)):
                return False
            content += chunk
        self.contents.append(content)
        return await self._step("dot", "250 2.0.0 Ok", writer)

    async def _step(self, step, usual, writer):
        planned = self.plan.get(step, [])
        what = planned.pop(0) if planned else usual
        if what == DROP:
            return False
        if what == HANG:
            self.hangs += 1
            await asyncio.Event().wait()
        if what == QUIET:
            return True
        writer.write(what.encode() + b"\r\n")
        await writer.drain()
        return True


@pytest.fixture
def services(database):
    """What a command gets."""
    return Services(database, CoreSettings(), Registry())


@pytest.fixture
async def _running():
    async with AsyncExitStack() as stack:
        yield stack


async def _start(running, target, factory=None, **options):
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task] = set()

    def serve(reader, writer):
        task = asyncio.create_task(target.serve(reader, writer))
        tasks.add(task)

    if factory is None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
    else:
        server = await loop.create_server(factory, "127.0.0.1", 0, **options)
    target.port = server.sockets[0].getsockname()[1]

    async def stop():
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    running.push_async_callback(stop)


@pytest.fixture
def post_office(_running):
    """Starts a server by aiosmtpd; takes the options of its SMTP class."""

    async def start(ssl=None, **options) -> PostOffice:
        office = PostOffice()
        defaults = {"hostname": "test", "enable_SMTPUTF8": True, "loop": asyncio.get_running_loop()}
        implicit = {"ssl": ssl} if ssl else {}
        await _start(_running, office, lambda: SMTP(office, **{**defaults, **options}), **implicit)
        return office

    return start


@pytest.fixture
def script(_running):
    """Starts a server that follows a plan, such as dot=["drop"]."""

    async def start(**plan: list[str]) -> Script:
        scripted = Script(plan)
        await _start(_running, scripted)
        return scripted

    return start


@pytest.fixture
def clerk(_running):
    """Starts a server that does what each message asks for."""

    async def start(**how) -> Clerk:
        started = Clerk(**how)
        await _start(_running, started)
        return started

    return start


@asynccontextmanager
async def smtp_server_of(scripted: Script):
    """A scripted server and the provider that talks to it, where no fixture can be."""
    async with AsyncExitStack() as running:
        await _start(running, scripted)
        provider = Smtp(smtp_server(SecretStr(scripted.url())))
        yield provider
        await provider.close()


@pytest.fixture
def smtp():
    """The provider for a URL: `smtp(office.url("?timeout=1"))`."""
    return lambda url: Smtp(smtp_server(SecretStr(url)))


@pytest.fixture
def out_of_patience(later, eventually):
    """Awaits an attempt at a server that hangs: once it does, the client's time passes."""

    async def awaiting(server, attempt, seconds=31):
        before = server.hangs
        running = asyncio.create_task(attempt)
        await eventually(lambda: server.hangs > before or running.done())
        if not running.done():
            await later(seconds)
        return await running

    return awaiting


@pytest.fixture
def certificates() -> Path:
    """The folder with localhost.pem (and its key) and stranger.pem."""
    return CERTIFICATES


@dataclass
class Post:
    """Emails through the queue without a worker: send, and make one attempt at what is due."""

    database: object
    sql: object

    def later(self):
        """What waits for its time is due."""
        self.sql.execute("update deferred_jobs set run_at = clock() where waits_for = 'time'")

    async def send(self, email):
        return (await self.database.run(send(email))).id

    async def send_bytes(self, raw):
        message = Rendered("me@example.com", ("ann@example.com",), "<1@example.com>", None, raw)
        return (await self.database.run(store(message, {}))).id

    def delivery(self, provider) -> Delivery:
        """As a worker has it with one provider."""
        return Delivery(self.database, Roster([entry("test", provider, self.database)]))

    async def attempt(self, provider=None, delivery=None) -> Sequence[tuple[object, str]]:
        """Verdict and new state of each email that was due."""
        done = []
        for job in await self.database.run(jobs.claim("email", None, "test")):
            delivery = delivery or self.delivery(provider or Capture())
            try:
                verdict = await delivery.run(job)
            except Postponed as error:  # as `attempt.py` judges it
                verdict = Snooze(str(error), error.retry_after)
            if isinstance(verdict, Settled):
                explained = await self.database.run(jobs.explain(job.id))
                done.append((Delivered(verdict.note), explained["state"]))
                continue
            settled = await self.database.run(jobs.settle([(job.id, job.claim_token, verdict)]))
            done.append((verdict, settled[0].state))
        return done


@pytest.fixture
async def post(database, sql):
    """The email queue, with retries that are due at once."""
    await database.run(queues.set_queue("email", {"retry_base": "0 s", "retry_jitter": 0}))
    return Post(database, sql)
