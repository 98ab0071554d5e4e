"""A request to a server of ours, as a sender would make it."""

import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from holdfast.errors import InvalidInput

_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  where it listens, not we
_TIMEOUT_S: Final = 30
_NOT_HERE: Final = (404, 405)


def address_of(source: str, to: str | None, listens: str) -> str:
    """Where a source posts to: `to`, or where the server of these settings listens.

    A host alone is a server of ours, which has the sources below /webhooks/; a URL with a path is
    meant as it is.

    Raises:
        InvalidInput: it is no address.
    """
    text = (to or listens).strip()
    given = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in {"http", "https"}:
        raise InvalidInput(
            f"{'--to' if to else 'HOLDFAST_HTTP'} {text}: an address such as 127.0.0.1:8025 or "
            "https://hooks.example.com is asked for"
        )
    if parts.path not in {"", "/"}:
        return given
    place = parts.netloc
    if not to and host in _ANYWHERE:
        place = f"{_ANYWHERE[host]}:{port}"
    return f"{parts.scheme}://{place}/webhooks/{source}"


def post(to: str, body: bytes, headers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Post it; the status and the beginning of the answer.

    Raises:
        InvalidInput: nobody answers there.
    """
    request = urllib.request.Request(  # noqa: S310  the scheme of the URL was checked
        to, body, dict(headers)
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            return answer.status, answer.read(4096).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(4096).decode("utf-8", "replace")
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise InvalidInput(
            f"{to} cannot be reached: {reason}. Is `holdfast up` running, and there? "
            "If not: --to, or HOLDFAST_HTTP"
        ) from None


def told(to: str, status: int, answer: str) -> str:
    """What was answered; and where to look if it was not holdfast that did."""
    said = f"{to} answered {status}: {answer}"
    if status in _NOT_HERE and '"error"' not in answer:
        said += (
            "\nThat is no answer of holdfast's. If an application has mounted it below a path: "
            "--to http://HOST:PORT/PATH/webhooks/SOURCE"
        )
    return said
