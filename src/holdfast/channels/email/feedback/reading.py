"""What the readers of all providers need: JSON, moments, codes, and words fit to be kept."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from holdfast.channels.email.address import mask
from holdfast.channels.email.feedback.feedback import Feedback, PartlyRead, is_dead_mailbox

Headers = Sequence[tuple[str, str]]

_CODE: Final = re.compile(r"(?<![0-9.])[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
_MESSAGE_ID: Final = re.compile(r"<?([^\s<>]{1,400}@[^\s<>]{1,400})>?")
_LIVING: Final = re.compile(r"[24]\..*|5\.[367]\..*|5\.2\.[234]")
_MILLISECONDS: Final = 100_000_000_000.0  # a number above it counts milliseconds
_LONGEST: Final = 500
_LONGEST_ADDRESS: Final = 320


def document(body: bytes) -> Any:
    """The JSON of a report.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("the report is no JSON") from None


def mapping(found: Any, what: str) -> Mapping[str, Any]:
    """The value, if it is a JSON object.

    Raises:
        ValueError: it is not; the message says what was to be one.
    """
    if not isinstance(found, Mapping):
        raise ValueError(f"{what} is no JSON object")  # noqa: TRY004  what is wrong is the report
    return found


def each(events: Sequence[Any], read: Callable[[Any], Feedback | None]) -> list[Feedback]:
    """The reports in a batch: one that cannot be read does not cost the others.

    Raises:
        PartlyRead: some cannot be read.
        ValueError: none can.
    """
    found, wrong = [], []
    for event in events:
        try:
            report = read(event)
        except ValueError as error:
            wrong.append(str(error))
            continue
        if report is not None:
            found.append(report)
    if wrong and len(wrong) == len(events):
        raise ValueError(wrong[0])
    if wrong:
        raise PartlyRead(found, len(wrong), wrong[0])
    return found


def text(found: Any, *path: str) -> str:
    """The text or number at a path of names; empty if there is none."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).replace("\x00", "")  # which Postgres has no place for


def texts(found: Any, *path: str) -> str:
    """The text at a path of names, or the texts of a list there, one after the other."""
    *parents, name = path
    for parent in parents:
        found = found.get(parent) if isinstance(found, Mapping) else None
    listed = found.get(name) if isinstance(found, Mapping) else None
    each = listed if isinstance(listed, list) else [listed]
    return " ".join(filter(None, (text({name: one}, name) for one in each)))


def address(found: Any, *path: str) -> str:
    """The address at a path of names, without the name before it.

    Raises:
        ValueError: there is none.
    """
    shown = text(found, *path)
    spec = shown.rpartition("<")[2].partition(">")[0].strip()
    fits = len(spec) <= _LONGEST_ADDRESS and spec.isprintable()
    if "@" not in spec or " " in spec or not fits:
        raise ValueError(f"{'.'.join(path)} holds no address")
    return spec


def moment(*found: str) -> datetime:
    """The first of these that is a time: as ISO 8601, or in seconds or milliseconds since 1970.

    Raises:
        ValueError: none is.
    """
    for shown in filter(None, found):
        try:
            number = float(shown)
        except ValueError:
            number = -1.0
        try:
            if number > 0:
                seconds = number / 1000 if number > _MILLISECONDS else number
                return datetime.fromtimestamp(seconds, UTC)
            parsed = datetime.fromisoformat(shown)
        except (ValueError, OverflowError, OSError):
            continue
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    raise ValueError("it has no time that can be read")


def code(*found: str) -> str | None:
    """The most telling enhanced status code (RFC 3463) in these texts; of two alike the first.

    x.0.0 says nothing, x.3.0 little, beside one with a detail. Give the server's own words first:
    what a provider makes of them may be coarser.
    """
    codes = [match[0] for shown in found for match in _CODE.finditer(shown[:4000])]
    return max(codes, key=_telling, default=None)


def _telling(status: str) -> int:
    _, subject, detail = status.split(".")
    return (int(subject) > 0) + (int(subject) > 0 and int(detail) > 0)


def is_gone(status: str | None, *, permanent: bool) -> bool:
    """Whether the mailbox is gone: by the code, or because the provider says it is permanent.

    A code that speaks of policy, content, the network or a full mailbox wins over the provider's
    word: that mailbox lives.
    """
    if is_dead_mailbox(status):
        return True
    return permanent and not (status and _LIVING.fullmatch(status))


def message_id(shown: str) -> str | None:
    """A Message-ID with its brackets."""
    found = _MESSAGE_ID.fullmatch(shown.strip())
    return f"<{found[1]}>" if found else None


def identity(*parts: str) -> str:
    """What tells a report from others, if the provider gives it no id."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def words(*found: str) -> str:
    """The first of these that says something, in one line, with addresses masked."""
    shown = next((said for said in found if said.strip()), "")[:4000]
    printable = "".join(c if c.isprintable() else " " for c in shown)
    return mask(" ".join(printable.split()))[:_LONGEST]


def header(headers: Headers, name: str) -> str:
    """The first header of that name, whatever its case; empty if there is none."""
    return next((value for key, value in headers if key.lower() == name.lower()), "")
