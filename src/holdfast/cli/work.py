"""holdfast work: claim, handle, settle."""

import asyncio
import json
from typing import Annotated

import typer

from holdfast.cli.help import Verb
from holdfast.cli.options import App, AsJson, Data, DatabaseUrl, Schema
from holdfast.cli.process import keep_what_is_loaded, load_app, on_stop
from holdfast.client import Holdfast, core_settings
from holdfast.command import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("work", cls=Verb, rich_help_panel="Run")(work)


def work(
    app: App = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this queue; may be given several times."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Handle what is due now, then leave; for cron.")
    ] = False,
    batch: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=10_000, help="With --once: at most this many of each queue."
        ),
    ] = 50,
    grace: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=0, help="On a stop, how long running jobs may take to finish."
        ),
    ] = 20.0,
    database_url: DatabaseUrl = None,
    data: Data = None,
    schema: Schema = None,
    as_json: AsJson = False,
) -> None:
    """Work on the queues that your handlers name, and on email.

    Stops on SIGTERM and Ctrl-C: what runs may finish, what was only claimed is given back.
    """
    core = core_settings(database_url=database_url, data=data, schema_name=schema)
    from holdfast import log_output  # brings the console, which other commands do not need

    log_output.configure(core.log_level, show=core.shown_fields, component="work", as_json=as_json)
    hf = load_app(app, database_url=database_url, data=data, schema=schema)
    keep_what_is_loaded()
    if once:
        handled = asyncio.run(_once(hf, queue, batch))
        typer.echo(
            json.dumps({"handled": handled}) if as_json else f"{counted(handled, 'job')} handled"
        )
        return
    asyncio.run(_work(hf, queue, grace))


async def _work(hf: Holdfast, queues: list[str] | None, grace: float) -> None:
    worker = hf.worker(queues=queues, grace_s=grace)
    on_stop(worker.stop)
    try:
        await hf.prepare()
        await worker.run()
    finally:
        await hf.close()


async def _once(hf: Holdfast, queues: list[str] | None, batch: int) -> int:
    try:
        await hf.prepare()
        return await hf.worker(queues=queues).once(batch)
    finally:
        await hf.close()
