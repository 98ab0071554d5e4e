"""What the long-running commands share: load the application, obey signals, leave when orphaned."""

import asyncio
import errno
import gc
import importlib
import io
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from holdfast.channel import Server, Services, load
from holdfast.client import Holdfast, connect
from holdfast.errors import ConfigError

PARENT_PIPE = "_HOLDFAST_PARENT_PIPE"
LISTENING_PIPE = "_HOLDFAST_LISTENING_PIPE"


def load_app(
    app: str | None, *, database_url: str | None, data: Path | None, schema: str | None
) -> Holdfast:
    """The application's holdfast object, or a bare one. The database of the command line wins.

    Raises:
        ConfigError: the module or the attribute does not exist, or is no holdfast object.
    """
    if PARENT_PIPE in os.environ:
        sys.stdout, sys.stderr = _outlasting(sys.stdout), _outlasting(sys.stderr)
    if app is None:
        return connect(database_url, data=data, schema=schema)
    # The application connects by itself when it is imported: what was typed reaches it as settings.
    for name, value in (("DATABASE_URL", database_url), ("DATA", data), ("SCHEMA_NAME", schema)):
        if value is not None:
            os.environ[f"HOLDFAST_{name}"] = str(value)
    module_name, _, attribute = app.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module_name), attribute or "hf")
    except ModuleNotFoundError as error:
        if error.name and not module_name.startswith(error.name):
            raise
        raise ConfigError(
            f"--app {app}: there is no module {module_name!r} here; run it from the folder that "
            "has it, or install it"
        ) from None
    except AttributeError:
        raise ConfigError(
            f"--app {app}: {module_name} has no {attribute or 'hf'!r}; name the object that "
            "holdfast.connect() gave, as module:name"
        ) from None
    if not isinstance(found, Holdfast):
        raise ConfigError(f"--app {app}: that is a {type(found).__name__}, not a holdfast object")
    return found


class _Outlasting(io.FileIO):
    """Takes what is printed also when nobody reads it any more: no attempt fails of that."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _outlasting(stream: TextIO) -> TextIO:
    raw: Any = _Outlasting(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(raw, encoding=stream.encoding, errors=stream.errors, write_through=True)


def keep_what_is_loaded() -> None:
    """Tell the garbage collector that what was imported stays, and to look less often.

    Else it walks through all of it again and again: a tenth of a busy process's time, and pauses.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGTERM, on Ctrl-C, and when the process that started us is gone."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    pipe = os.environ.pop(PARENT_PIPE, "")
    if pipe.isdigit():
        # The other end is held by our parent alone: it reads as closed when the parent dies.
        loop.add_reader(int(pipe), _orphaned, int(pipe), stop)


def _orphaned(pipe: int, stop: Callable[[], None]) -> None:
    asyncio.get_running_loop().remove_reader(pipe)
    stop()


def tell_listening() -> None:
    """Tell the process that started us that our ports are open, if it asked for it."""
    pipe = os.environ.pop(LISTENING_PIPE, "")
    if pipe.isdigit():
        os.write(int(pipe), b".")
        os.close(int(pipe))


def listeners(services: Services) -> Iterator[Server]:
    """What the channels listen on."""
    for channel in load().values():
        if channel.servers is not None:
            yield from channel.servers(services)


def named_by(listener: str) -> str:
    """What chooses another address for it."""
    return "--smtp" if listener == "smtp" else f"HOLDFAST_{listener.upper()}_LISTEN"


def taken(where: str, error: OSError, named: str) -> ConfigError:
    """What to say where it cannot be listened on."""
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    asked = " Is another one running?" if error.errno == errno.EADDRINUSE else ""
    return ConfigError(
        f"{where} cannot be listened on: {why or error}.{asked} Choose another address with {named}"
    )


def must_be_free(where: str, named: str) -> None:
    """Look whether it can be listened on; whoever does it later may still find it taken.

    Raises:
        ConfigError: it cannot.
    """
    host, port = address(where, named)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as error:
            raise taken(where, error, named) from None


def address(text: str, name: str) -> tuple[str, int]:
    """host:port as its two parts.

    Raises:
        ConfigError: it is not of that form.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:  # noqa: PLR2004
        raise ConfigError(f"{name} {text!r}: host:port is asked for, such as 127.0.0.1:8025")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    return host in {"localhost", "::1"} or host.startswith("127.")
