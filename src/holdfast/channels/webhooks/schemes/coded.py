"""A body that its sender has compressed, as it was before. Never raises.

It is signed, stored and passed on as it came: this is for reading what it says, and only after it
was verified, since a few bytes of a stranger can be made into very many.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from holdfast.channels.webhooks.schemes.scheme import Delivery

_MOST_BYTES: Final = 26_214_400  # what the largest body may have that is not compressed
_ANY_HEADER: Final = zlib.MAX_WBITS | 32
_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})


def plain(delivery: Delivery) -> Delivery:
    """The delivery with its body read; as it is, if that is not compressed or cannot be read."""
    named = [v.strip().lower() for n, v in delivery.headers if n.lower() == "content-encoding"]
    if len(named) != 1 or named[0] not in _CODINGS:
        return delivery
    body = _read(delivery.body)
    return delivery if body is None else replace(delivery, body=body)


def plain_body(headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """Likewise of a stored event."""
    return plain(Delivery("POST", "", headers, body)).body


def _read(body: bytes) -> bytes | None:
    reading = zlib.decompressobj(_ANY_HEADER)
    try:
        read = reading.decompress(body, _MOST_BYTES)
    except zlib.error:
        return None
    return read if reading.eof else None
