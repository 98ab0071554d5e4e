"""holdfast serve: the HTTP API and what else the channels listen on, without a worker."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Sequence
from typing import Any

import typer

from holdfast import log
from holdfast.all_channels import announcements, connect_hearings, keeping
from holdfast.channel import Server
from holdfast.cli.help import Verb
from holdfast.cli.options import App, AsJson, Data, DatabaseUrl, Http, Schema, Smtp
from holdfast.cli.process import (
    address,
    is_loopback,
    keep_what_is_loaded,
    listeners,
    load_app,
    named_by,
    on_stop,
    taken,
    tell_listening,
)
from holdfast.client import Holdfast, core_settings
from holdfast.database import Call
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError

_KEEP_EVERY_S = 5.0
_SERVE_LISTENING = log.Event(
    "serve.listening", logging.INFO, "A port is open.", on=str, address=str
)
_SERVE_DATABASE_DOWN = log.Event(
    "serve.database_down",
    logging.WARNING,
    "The database does not answer; requests are told to come again.",
    error=str,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", cls=Verb, rich_help_panel="Run")(serve)


def serve(
    http: Http = None,
    smtp: Smtp = None,
    app: App = None,
    database_url: DatabaseUrl = None,
    data: Data = None,
    schema: Schema = None,
    as_json: AsJson = False,
) -> None:
    """Serve HTTP (webhooks, health) and SMTP-in; run `holdfast work` beside it."""
    if smtp is not None:
        os.environ["HOLDFAST_SMTP_LISTEN"] = smtp
    core = core_settings(database_url=database_url, data=data, schema_name=schema, http=http)
    from holdfast import log_output  # brings the console, which other commands do not need

    log_output.configure(core.log_level, show=core.shown_fields, component="serve", as_json=as_json)
    hf = load_app(app, database_url=database_url, data=data, schema=schema)
    asyncio.run(_serve(hf, core.http, core.http_connections))


async def _serve(hf: Holdfast, http: str, connections: int) -> None:
    from holdfast.api import build, listen, server

    host, port = address(http, "--http")
    serving = server(build(hf.services, public=not is_loopback(host)), connections)

    def stop() -> None:
        serving.should_exit = True

    on_stop(stop)
    keep_what_is_loaded()
    listening = listen(host, port)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(hf.close)
        saying = asyncio.create_task(_keep(hf, told=await _prepare(hf)))
        stack.callback(saying.cancel)
        for listener in listeners(hf.services):
            await _open(listener, stack)
            _SERVE_LISTENING(on=listener.name, address=listener.address)
        _SERVE_LISTENING(on="http", address=http)
        tell_listening()
        await serving.serve([listening])


async def _open(listener: Server, stack: contextlib.AsyncExitStack) -> None:
    try:
        await stack.enter_async_context(listener.open(listener.address))
    except OSError as error:
        raise taken(listener.address, error, named_by(listener.name)) from None


async def _prepare(hf: Holdfast) -> bool:
    """Whether it is told what we have; if the database is down, we answer 503 until it is back."""
    connect_hearings(hf.services)
    try:
        await hf.prepare()
        await _say(hf, announcements(hf.services))
    except DatabaseUnavailable as error:
        _SERVE_DATABASE_DOWN(error=str(error))
        return False
    return True


async def _say(hf: Holdfast, calls: Sequence[Call[Any]]) -> None:
    registry = hf.services.registry
    try:
        for call in calls:
            await hf.services.database.run(call)
    except ConfigError:
        if any(registry.is_own(handler.kind) for handler in registry.all()):
            raise  # without handlers a role that may only take in is enough: workers say the rest


async def _keep(hf: Holdfast, *, told: bool) -> None:
    """What was not told at the start is told later; and that it is still there, now and then."""
    while True:
        await asyncio.sleep(_KEEP_EVERY_S)
        try:
            await _say(hf, keeping(hf.services) if told else announcements(hf.services))
            told = True
        except HoldfastError as error:
            _SERVE_DATABASE_DOWN(error=str(error))
