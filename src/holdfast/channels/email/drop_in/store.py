"""Finished bytes and an envelope, stored as they are; and the database of this process."""

import atexit
import os
import re
import threading
from collections.abc import Iterable, Mapping
from email.utils import getaddresses
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.channels.email.smtp_in.arrival import complete
from holdfast.channels.email.smtp_in.intake import Arrival
from holdfast.channels.email.store import store
from holdfast.database import Call, Database
from holdfast.engine.model import Receipt
from holdfast.installation import ensure_schema
from holdfast.settings import CoreSettings, read

_LONE_END = re.compile(rb"\r\n|\r|\n")
_opening = threading.Lock()


def store_bytes(
    raw: bytes, sender: str, recipients: Iterable[str], *, source: str = "drop-in", **options: Any
) -> Call[Receipt]:
    """Store a finished message with its job: hf.run(store_bytes(…)), or with using=connection.

    Args:
        raw: headers and body, at most 25 MiB. It is sent as it is, but for line ends, which become
            CR LF, a Message-ID and a Date, which are put before it if they are missing, and Bcc,
            which is taken out of its headers.
        sender: of the envelope, an address alone; "" for a bounce.
        recipients: of the envelope, addresses alone. The headers are not looked at: who is to get
            a blind copy is named here and only here.
        source: where it came from, for people who look at it.
        options: those of the SQL function `email_send`: tenant, tags, metadata, priority, run_at,
            expires_at, dedupe_key, …

    Raises (when run):
        InvalidInput: it cannot be sent as it is; nothing was stored.
    """
    message, settled = arrival(raw, sender, recipients, {"source": source, **options})
    return store(message, settled)


def arrival(
    raw: bytes, sender: str, recipients: Iterable[str], options: Mapping[str, Any]
) -> Arrival:
    """The same as a value; options that are None are left out."""
    message = complete(_LONE_END.sub(b"\r\n", raw), sender, tuple(recipients))
    return Arrival(message, {name: value for name, value in options.items() if value is not None})


def address_of(text: str) -> str:
    """As smtplib reads it: with a name or without; what holds several is none."""
    found = getaddresses([text])
    return (found[0][1] if len(found) == 1 else "") or text.strip()


def database() -> Database:
    """The database that the settings name, ready; one for each process, also after a fork.

    Raises:
        SchemaError: `holdfast migrate` has to be run first.
        DatabaseUnavailable: it cannot be reached.
    """
    core = read(CoreSettings)
    with _opening:
        return _opened(os.getpid(), core.database_url, core.data, core.schema_name)


@cache
def _opened(_process: int, url: str | None, data: Path, schema: str) -> Database:
    opened = Database(url, data=data, schema=schema)
    ensure_schema(opened)
    atexit.register(opened.close_sync)
    return opened
