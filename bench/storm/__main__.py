"""`python -m bench.storm`: hurt the real thing for some minutes, and hold it to its promise."""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from rich.console import Console

from bench.storm import kinds, ledger
from bench.storm.checks import CHECKS, Evidence, Found
from bench.storm.hurts import Plan
from bench.storm.hurts_of_hosts import ALL
from bench.storm.mail_api import MailApi
from bench.storm.people import People
from bench.storm.report import MOST_SHOWN, report
from bench.storm.senders import Mailer, Stripe
from bench.storm.sinks import Endpoint, Office, opened
from bench.storm.system import FORWARD_SECRET, HERE, System

_UNFINISHED = """
    select queue || ' ' || state || coalesce(' for ' || waits_for, ''), count(*) from (
      select queue, 'ready' as state, null as waits_for from ready_jobs
      union all select queue, 'leased', null from leased_jobs
      union all select queue, 'deferred', waits_for from deferred_jobs
      union all select 'replay ' || id, state, null from replays where ended_at is null
    ) j group by 1 order by 2 desc"""


@dataclass
class Storm:
    """One run."""

    arguments: argparse.Namespace
    folder: Path
    office: Office = field(init=False)
    endpoint: Endpoint = field(init=False)
    api: MailApi = field(init=False)
    system: System = field(init=False)
    plan: Plan = field(init=False)
    stripe: Stripe = field(init=False)
    mailer: Mailer = field(init=False)
    people: People = field(init=False)
    watching: asyncio.Task[None] | None = None
    evidence: Evidence | None = None
    found: dict[str, list[Found]] = field(default_factory=dict)
    phase: str = "starting"
    left: str = "?"
    rested_s: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.office = Office(self._chance("office"))
        self.endpoint = Endpoint(self._chance("endpoint"), FORWARD_SECRET)
        self.api = MailApi(self._chance("api"))

    def _chance(self, what: str) -> random.Random:
        return random.Random(f"{what} {self.arguments.seed}")

    async def run(self) -> None:
        """All of it; what was found is in `found`."""
        answers = {"/hook": self.endpoint.answer, "/emails": self.api.answer,
                   "/email": self.api.answer}  # fmt: skip
        async with contextlib.AsyncExitStack() as stack:
            mail_port, hook_port = await stack.enter_async_context(opened(self.office, answers))
            stack.enter_context(kinds.disk_of(self.arguments, self.folder))
            host = kinds.host_of(self.arguments, self.folder)
            self.system = System(self.folder, mail_port, hook_port, self.api.url(hook_port), host)
            rate = self.arguments.rate
            self.plan = Plan(
                self.system, self._chance("plan"), tuple(self.arguments.only or ()),
                self.arguments.seed % 3 > 0, kinds.hurts_of(self.arguments),
            )  # fmt: skip
            self.stripe = Stripe(self.system.http, self._chance("stripe"), rate)
            self.mailer = Mailer(self.system.smtp, self._chance("mailer"), rate / 6)
            self.people = People(self.system, self._chance("people"))
            kinds.fill_in(self.arguments, self.stripe, self.mailer)
            showing = asyncio.create_task(self._show())
            try:
                await self._blow()
                self.phase = "checking"
                await asyncio.to_thread(self._check)
            finally:
                self.phase = "stopping"
                await self._end()
                showing.cancel()

    async def _blow(self) -> None:
        await self._begin_host()
        self.system.start()
        await self.system.until_ready()
        await asyncio.to_thread(self.system.settle_in, self.arguments.disk)
        await asyncio.to_thread(kinds.settle_in, self.arguments, self.system)
        client = await self._client()
        stop = asyncio.Event()
        asking = [
            asyncio.create_task(self.stripe.run(stop)), asyncio.create_task(self.mailer.run(stop)),
            asyncio.create_task(self.people.run(stop)),
        ]  # fmt: skip
        self.phase = "storm"
        try:
            await self.plan.run(time.monotonic() + 60 * self.arguments.minutes)
            self.phase = "calm"
            self.office.calm = self.endpoint.calm = self.api.calm = True
            stop.set()
            client.send_signal(signal.SIGTERM)
            await self._rested([*asking, asyncio.create_task(client.wait())])
            if client.returncode:
                self._add("the client ends well", f"it ended with {client.returncode}")
        finally:
            with contextlib.suppress(ProcessLookupError):
                client.kill()

    async def _begin_host(self) -> None:
        """The database of others, with our schema in it; it is watched until the end."""
        host = self.system.host
        if host is not None:
            await asyncio.to_thread(host.begin)
            await asyncio.to_thread(self.system.command, "migrate")
            self.watching = asyncio.create_task(host.watch())

    async def _client(self) -> asyncio.subprocess.Process:
        """With an even seed it shares the embedded server, with an odd one it has an address."""
        address = self.system.host.address if self.system.host else self.system.url
        environment = self.system.environment | {"HOLDFAST_DATABASE_URL": address}
        if self.arguments.seed % 2 == 0:
            environment = self.system.environment
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.storm.client", "--url", address,
            "--ledger", str(self.folder / "ledger"), "--seed", str(self.arguments.seed),
            "--rate", str(self.arguments.rate / 2), cwd=HERE, env=environment,
            stdout=self.system.log, stderr=self.system.log,
        )  # fmt: skip

    async def _rested(self, asking: list[asyncio.Task[object]]) -> None:
        """Wait until nobody asks any more and no job is unfinished."""
        began = time.monotonic()
        until = began + self.arguments.rest
        _, late = await asyncio.wait(asking, timeout=self.arguments.rest)
        if late:
            self._add("who asks is answered in the end", f"{len(late)} of 4 still ask")
            for task in late:
                task.cancel()
        while self.left and time.monotonic() < until:
            with contextlib.suppress(psycopg.Error):
                await asyncio.to_thread(self.people.let_go)
                rows = await asyncio.to_thread(self.system.ask, _UNFINISHED)
                self.left = ", ".join(f"{count} {what}" for what, count in rows)
            await asyncio.sleep(0.5)
        self.rested_s = time.monotonic() - began
        if self.left:
            self._add("nothing is stuck", f"after {self.rested_s:.0f} s of calm: {self.left}")

    def _add(self, promise: str, what: str, job: str = "") -> None:
        self.found.setdefault(promise, []).append((what, job))

    # ---------------------------------------------------------------- the end

    def _check(self) -> None:
        kinds.forgive(self.arguments, self.endpoint)
        self.evidence = Evidence(
            self.system, ledger.read(self.system), self.stripe, self.mailer, self.office,
            self.endpoint, ledger.lines(self.folder / "ledger"), self.plan.done, self.people,
            self.api,
        )  # fmt: skip
        for check in CHECKS:
            for what, job in check(self.evidence):
                told = ledger.told(self.system, job) if job and self._is_new(check.__doc__) else ""
                self._add(str(check.__doc__).split("\n")[0], what, told)

    def _is_new(self, promise: str | None) -> bool:
        return len(self.found.get(str(promise), ())) < MOST_SHOWN

    async def _end(self) -> None:
        for name, stop in (("worker", self.system.stop_second), ("up", self.system.stop)):
            code = await asyncio.to_thread(stop)
            if code != 0:
                self._add("who is asked to stop ends with 0", f"{name} ended with {code}")
        if self.system.host is not None:
            if self.watching is not None:
                self.watching.cancel()
            await asyncio.to_thread(self.system.host.end)
        for _ in range(50):
            if not (left := self.system.left()):
                return
            await asyncio.sleep(0.1)
        for pid, command in left.items():
            self._add("no process is left", f"{pid} {command}")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    # ---------------------------------------------------------------- what is shown

    def _line(self) -> str:
        seconds = int(time.monotonic() - self.began)
        last = self.plan.done[-1][1] if self.plan.done else "nothing yet"
        return (
            f"storm {seconds // 60}:{seconds % 60:02} {self.phase}  "
            f"webhooks {self.stripe.acknowledged}/{len(self.stripe.events)}  "
            f"mails {self.mailer.acknowledged}/{len(self.mailer.mails)}  "
            f"out {len(self.office.copies)}+{len(self.api.copies)}+{len(self.endpoint.arrivals)}  "
            f"hurt {len(self.plan.done)}, last: {last}"
            f"{f'  left: {self.left}' if self.phase == 'calm' else ''}"
        )

    async def _show(self) -> None:
        live = sys.stderr.isatty()
        while True:
            text = f"\r\x1b[K{self._line()[: shutil.get_terminal_size().columns - 1]}"
            print(text if live else self._line(), end="" if live else "\n", file=sys.stderr)
            sys.stderr.flush()
            await asyncio.sleep(0.5 if live else 15)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3, help="of being hurt")
    parser.add_argument("--rest", type=float, default=90, help="seconds to come to rest")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20, help="webhooks a second")
    parser.add_argument("--disk", type=float, default=8, help="milliseconds added to each flush")
    parser.add_argument("--only", action="append", choices=list(ALL), help="hurt so alone")
    parser.add_argument("--keep", action="store_true", help="keep the folder, also if all is well")
    kinds.add_options(parser)
    arguments = parser.parse_args()
    if refusal := kinds.refusal(arguments):
        return kinds.complain(refusal)
    folder = Path(tempfile.mkdtemp(prefix="holdfast-storm-"))
    storm = Storm(arguments, folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it takes its processes with it
    asyncio.run(storm.run())
    report(storm, Console(width=None if sys.stdout.isatty() else 140))
    if storm.found or arguments.keep:
        print(f"\nits log, ledger and database: {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if storm.found else 0


if __name__ == "__main__":
    sys.exit(main())
