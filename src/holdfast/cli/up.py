"""holdfast up: everything, in one process tree.

This process starts the embedded Postgres and keeps it alive, and starts two more: `serve` (HTTP and
SMTP-in) and `work`. A child that dies is started again; when this process dies, however that
happens, the children see their pipe close and stop too. On a terminal it shows one live screen,
elsewhere plain log lines.
"""

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer
from rich.console import Console

from holdfast import log
from holdfast.cli.help import Verb
from holdfast.cli.options import App, AsJson, Data, DatabaseUrl, Http, Schema, Smtp
from holdfast.cli.process import (
    LISTENING_PIPE,
    PARENT_PIPE,
    address,
    listeners,
    load_app,
    must_be_free,
    named_by,
    on_stop,
)
from holdfast.cli.screen import Heard, Ours, Printed, Screen, listen
from holdfast.client import Holdfast, connect, core_settings
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError
from holdfast.installation import ensure_schema

_UP_RUNNING = log.Event(
    "up.running",
    logging.INFO,
    "Everything runs; where it is found.",
    http=str, smtp=str, database=str, app=str,
)  # fmt: skip
_UP_CHILD_DIED = log.Event(
    "up.child_died",
    logging.ERROR,
    "A child ended by itself; it is started again.",
    child=str,
    exit_code=int,
    again_in_s=float,
)
_UP_DATABASE_DOWN = log.Event(
    "up.database_down", logging.ERROR, "The database does not answer.", error=str
)
_UP_STOPPING = log.Event("up.stopping", logging.INFO, "The children are told to end.")
_UP_STARTING = log.Event(
    "up.starting", logging.INFO, "What is being done before the children start.", step=str
)
_QUICK_DEATH_S = 5.0
_BEGINS_WITHIN_S = 30.0  # on a busy machine, too
_LAST_WORDS_S = 1.0
_LOOK_S = 0.05
_WRONG_SETTINGS = 3  # an exit code of ours
_PAUSES_S = (0.2, 1.0, 2.0, 5.0, 10.0)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", cls=Verb, rich_help_panel="Run")(up)


def up(
    app: App = None,
    http: Http = None,
    smtp: Smtp = None,
    data: Data = None,
    database_url: DatabaseUrl = None,
    schema: Schema = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Log lines instead of the live screen.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start everything: Postgres, HTTP, SMTP-in and a worker. Ctrl-C stops it."""
    environment = {
        "HOLDFAST_SMTP_LISTEN": smtp,
        "HOLDFAST_HTTP": http,
        "HOLDFAST_APP": app,
        "HOLDFAST_DATA": str(data) if data else None,
        "HOLDFAST_DATABASE_URL": database_url,
        "HOLDFAST_SCHEMA_NAME": schema,
    }
    os.environ.update({name: value for name, value in environment.items() if value})
    core = core_settings()
    address(core.http, "--http")
    live = sys.stderr.isatty() and not plain and not as_json
    from holdfast import log_output  # brings the console, which other commands do not need

    log_output.configure(
        "WARNING" if live else core.log_level,
        show=core.shown_fields,
        component="up",
        as_json=as_json,
    )
    own = Heard("up")
    if live:
        logging.getLogger().handlers[:] = [Ours(own, log_output.formatter("up"))]
    # a mistake in the app, or a port that is taken, shows now
    hf = load_app(core.app, database_url=None, data=None, schema=None)
    must_be_free(core.http, "--http")
    for listener in listeners(hf.services):
        must_be_free(listener.address, named_by(listener.name))
    asyncio.run(Supervisor(live, as_json, own).run())


@dataclass(slots=True)
class Child:
    """One of our processes, and what was heard of it where there is a screen to show it on."""

    name: str
    command: Sequence[str]
    process: asyncio.subprocess.Process | None = None
    restarts: int = 0
    logged: Heard = field(init=False)
    printed: Printed = field(init=False)

    def __post_init__(self) -> None:
        self.logged, self.printed = Heard(self.name), Printed(self.name)


class Supervisor:
    """Keeps the server and the children alive until it is stopped."""

    def __init__(self, live: bool, as_json: bool, own: Heard) -> None:
        flags = ["--json"] if as_json else []
        self._live = live
        self._own = own
        self._stop = asyncio.Event()
        self._core = core_settings()
        self._wrong: Child | None = None
        self._children = [
            Child(name, [sys.executable, "-m", "holdfast", name, *flags])
            for name in ("serve", "work")
        ]

    async def run(self) -> None:
        """Start, watch, stop."""
        console = Console(stderr=True)
        on_stop(self._stop.set)
        with console.status("starting", spinner="dots") if self._live else contextlib.nullcontext():
            hf = connect(progress=lambda phrase: _UP_STARTING(step=phrase))
            await asyncio.to_thread(_prepare, hf)
        reading, writing = os.pipe()
        listening, telling = os.pipe()
        pipes = {
            "serve": {PARENT_PIPE: reading, LISTENING_PIPE: telling},
            "work": {PARENT_PIPE: reading},
        }
        try:
            async with asyncio.TaskGroup() as group:
                watching = [group.create_task(self._keep(c, pipes[c.name])) for c in self._children]
                watching.append(group.create_task(self._keep_database(hf)))
                heard = [one for c in self._children for one in (c.logged, c.printed)]
                screen = Screen(hf, [self._own, *heard], self._core, console)
                telling_of_it = screen.run() if self._live else self._announce(listening)
                watching.append(group.create_task(telling_of_it))
                await self._stop.wait()
                _UP_STOPPING()
                await self._stop_children()
                for task in watching:
                    task.cancel()
        finally:
            for pipe in (reading, writing, listening, telling):
                os.close(pipe)
            await hf.close()
        if self._wrong is not None:
            *_, said = ["see above", *self._wrong.logged.lines]
            said = said.removeprefix("error: ")
            raise ConfigError(f"{self._wrong.name} cannot begin with these settings: {said}")
        if self._live:
            console.print("holdfast stopped; everything it acknowledged is stored.")

    async def _announce(self, heard: int) -> None:
        """Say where things are once our own server has opened its ports there."""
        listening = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(heard, listening.set)
        try:
            await listening.wait()
        finally:
            loop.remove_reader(heard)
        where = self._core.database_url and "the given Postgres"
        _UP_RUNNING(
            http=f"http://{self._core.http}",
            smtp=os.environ.get("HOLDFAST_SMTP_LISTEN", "127.0.0.1:1025"),
            database=where or f"embedded, in {self._core.data}",
            app=self._core.app or "none (email and webhooks are stored; name it with --app)",
        )

    async def _keep(self, child: Child, pipes: Mapping[str, int]) -> None:
        deaths = 0
        while not self._stop.is_set():
            began = time.monotonic()
            child.process = process = await asyncio.create_subprocess_exec(
                *child.command,
                env={
                    **os.environ,
                    **{name: str(pipe) for name, pipe in pipes.items()},
                    **({"PYTHONUNBUFFERED": "1"} if self._live else {}),
                },
                pass_fds=[*pipes.values()],
                start_new_session=True,  # Ctrl-C of the terminal is for us; we pass it on
                stdout=asyncio.subprocess.PIPE if self._live else None,
                stderr=asyncio.subprocess.PIPE if self._live else None,
            )
            hearing = [
                asyncio.create_task(listen(process.stderr, child.logged)),
                asyncio.create_task(listen(process.stdout, child.printed)),
            ]
            code = await _end(process)
            # not cancelled: a program of a handler may go on, and waits for its pipe to be read
            await asyncio.wait(hearing, timeout=_LAST_WORDS_S)
            if self._stop.is_set():
                return
            lived_s = time.monotonic() - began
            if code == _WRONG_SETTINGS and lived_s < _BEGINS_WITHIN_S and not child.restarts:
                self._wrong = child  # to start it again would change nothing
                self._stop.set()
                return
            deaths = deaths + 1 if lived_s < _QUICK_DEATH_S else 0
            child.restarts += 1
            pause = _PAUSES_S[min(deaths, len(_PAUSES_S) - 1)]
            _UP_CHILD_DIED(child=child.name, exit_code=code, again_in_s=pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()

    async def _keep_database(self, hf: Holdfast) -> None:
        server = hf.services.database.embedded
        while server is not None:
            try:
                await asyncio.to_thread(server.ensure)
            except HoldfastError as error:
                _UP_DATABASE_DOWN(error=str(error))
            await asyncio.sleep(0.5)

    async def _stop_children(self) -> None:
        alive = [c.process for c in self._children if c.process and c.process.returncode is None]
        for process in alive:
            process.terminate()
        waiting = [asyncio.create_task(_end(process)) for process in alive]
        if waiting:
            await asyncio.wait(waiting, timeout=30)
        for process in alive:
            if process.returncode is None:
                process.kill()


async def _end(process: asyncio.subprocess.Process) -> int:
    """Its exit code; `wait()` waits also for a program of a handler, which has the same pipes."""
    while (code := process.returncode) is None:  # noqa: ASYNC110 (nothing tells it)
        await asyncio.sleep(_LOOK_S)
    return code


def _prepare(hf: Holdfast) -> None:
    """The schema is made on the embedded server; another one that is down is waited for."""
    try:
        ensure_schema(hf.services.database)
    except DatabaseUnavailable as error:
        if hf.services.database.embedded is not None:
            raise
        _UP_DATABASE_DOWN(error=str(error))
