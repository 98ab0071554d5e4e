"""Email: how fast a stored email goes out, against Postfix's own load generator.

The server is Postfix's smtp-sink, which throws away what it takes; the floor is its smtp-source
with as many connections as we have. At 20 ms of round trip it is aiosmtplib, the client that most
would use, with connections that stay open.
"""

import asyncio
import os
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.ground import Ground, as_the_command_works
from bench.meter import Meter, Sample

CONNECTIONS = 10
BODY = 2_000
RTT_MS = 20
_ADDRESS = "ann@example.com"
_FILL = """
    select holdfast.email_send('me@example.com', array['ann@example.com'],
      '<' || n || '@example.com>', 'Bench',
      convert_to(E'From: me@example.com\\r\\nTo: ann@example.com\\r\\nSubject: Bench\\r\\n'
        || 'Message-ID: <' || n || E'@example.com>\\r\\n\\r\\n'
        || repeat('All work and no play makes a dull mail. ' || E'\\r\\n', %s), 'UTF8'))
    from generate_series(1, %s) n"""


def missing() -> str | None:
    """Why these rows cannot be measured here, if they cannot."""
    if _program("smtp-sink") and _program("smtp-source"):
        return None
    return "smtp-sink and smtp-source are not here; Debian's package postfix brings them"


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """A server that takes everything and keeps nothing; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rights = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to run as root
    process = await asyncio.create_subprocess_exec(
        str(_program("smtp-sink")), *rights, f"127.0.0.1:{port}", "1000",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                break
        yield port
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def far_away(port: int) -> AsyncIterator[int]:
    """The same server behind 20 ms of round trip."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.delay", str(port), str(RTT_MS),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def source(ground: Ground) -> Sample:
    """Postfix's own: ten connections that stay open, nothing stored anywhere."""
    count = ground.sizes.emails * 2
    async with sink() as port:
        with Meter(ground.postmaster) as meter:
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                str(_program("smtp-source")), "-d", "-s", str(CONNECTIONS), "-m", str(count),
                "-l", str(BODY), "-f", "me@example.com", "-t", _ADDRESS, f"127.0.0.1:{port}",
            )  # fmt: skip
            await process.wait()
            took = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"smtp-source ended with {process.returncode}")
    return meter.sample(count / took, count)


async def drained(ground: Ground, *, far: bool) -> Sample:
    """One worker sends what is stored, until everybody has it and it is recorded."""
    count = ground.sizes.emails_far if far else ground.sizes.emails
    async with await ground.connection() as connection, sink() as near, far_away(near) as away:
        await connection.execute(_FILL, [BODY // 42, count])
        os.environ["HOLDFAST_SMTP_URL"] = f"smtp://127.0.0.1:{away if far else near}"
        try:
            async with ground.holdfast() as hf:
                with as_the_command_works(), Meter(ground.postmaster) as meter:
                    handled = await hf.work(until_idle=True)
        finally:
            del os.environ["HOLDFAST_SMTP_URL"]
        found = await (
            await connection.execute(
                "select count(*) from holdfast.email_recipients where status = 'delivered'"
            )
        ).fetchone()
    if found != (count,):
        raise RuntimeError(f"{found} of {count} emails are delivered, {handled} were handled")
    return meter.rate(count)


async def by_aiosmtplib(ground: Ground) -> Sample:
    """The usual client: as many connections, each reused, nothing stored."""
    from aiosmtplib import SMTP

    count = ground.sizes.emails_far
    body = b"Subject: Bench\r\n\r\n" + b"x" * 70 + b"\r\n" * (BODY // 72)

    async def send(port: int, messages: int) -> None:
        client = SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for _ in range(messages):
            await client.sendmail("me@example.com", [_ADDRESS], body)
        client.close()

    async with sink() as near, far_away(near) as port:
        with Meter(ground.postmaster) as meter:
            await asyncio.gather(*(send(port, count // CONNECTIONS) for _ in range(CONNECTIONS)))
    return meter.rate(count // CONNECTIONS * CONNECTIONS)
