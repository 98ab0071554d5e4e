"""`holdfast dead-letters edit`: a dead letter comes back as a new job with another payload.

What a person has typed is not lost: unless it was replayed, it is kept in a file that is named.
"""

import difflib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.text import Text

from holdfast.channel import Services
from holdfast.cli.editor import open_editor, private_file
from holdfast.cli.options import JobId, Yes, named_job
from holdfast.cli.terminal import confirmed, margin, remark
from holdfast.cli.values import clean
from holdfast.command import Note, person
from holdfast.engine import dead_letters
from holdfast.errors import InvalidInput
from holdfast.options import Who, Why

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


async def edit(
    services: Services,
    job_id: JobId,
    *,
    payload: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="The new payload, without an editor; - reads it from stdin."
        ),
    ] = None,
    yes: Yes = False,
    why: Why = None,
    who: Who = None,
) -> Note:
    """Change what a dead letter carries and replay it, as a new job that names it as its origin.

    Opens the payload in $VISUAL or $EDITOR. Nothing is replayed if it is not changed, if the editor
    fails or if it is no JSON; what you typed is kept in a file then. The letter itself stays in the
    history, as cancelled.
    """
    given = None if payload is None else _read(payload)
    found = await named_job(services, job_id)
    old = await services.database.run(dead_letters.payload_text(found))
    if given is not None:
        return await _replay(services, found, old, given, why, who, ask=False)
    path = private_file(old + "\n", f"dead-letter-{found}")
    with _kept(path, old, found):
        await open_editor(path)
        text = path.read_bytes().decode("utf-8", "replace")
        return await _replay(services, found, old, text, why, who, ask=not yes)


async def _replay(
    services: Services, found: UUID, old: str, text: str, why: str | None, who: str | None, *,
    ask: bool,
) -> Note:  # fmt: skip
    data = {"id": found, "replayed_as": None, "diff": ""}
    if not text.strip():
        return Note("nothing was replayed: the text is empty", data, failed=True)
    if _meaning(text) == _meaning(old):
        return Note("nothing was replayed: the payload is as it was", data, failed=True)
    lines = list(_diff(old, text))
    data["diff"] = "\n".join(lines)
    for line in lines:
        margin().print(Text(clean(line, lines=True), _COLOURS.get(line[:1], "")), soft_wrap=True)
    if ask and not confirmed("Replay it with this payload?"):
        raise InvalidInput("nothing was replayed")
    new = await services.database.run(dead_letters.replay_edited(found, text, person(who), why))
    return Note(f"{found} is replayed as {new}", data | {"replayed_as": new})


@contextmanager
def _kept(path: Path, old: str, found: UUID) -> Iterator[None]:
    """The file goes when all went well; if not, and if somebody has typed in it, it stays."""
    try:
        yield
    except BaseException:
        if path.exists() and path.read_bytes().strip() != old.encode().strip():
            again = f"holdfast dead-letters edit {found} --payload {path}"
            remark(Text(f"what you typed is kept in {path}; when it is mended: {again}"))
            raise
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


def _read(payload: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if payload == "-" else Path(payload).read_bytes()
        return raw.decode("utf-8")
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"--payload {payload}: {error}") from None


def _meaning(text: str) -> Any:
    """The JSON, to be compared: numbers as they are written, since 1 is not true and not 1.0."""
    return _parsed(text, lambda number: ("number", number))


def _parsed(text: str, number: Any = None) -> Any:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    try:
        return json.loads(text, parse_float=number, parse_int=number, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"the payload is no JSON, nothing was replayed: {error}") from None


def _diff(old: str, new: str) -> Iterator[str]:
    before, after = (
        json.dumps(_parsed(text), indent=2, ensure_ascii=False, sort_keys=True).split("\n")
        for text in (old, new)
    )
    yield from difflib.unified_diff(before, after, "dead letter", "replay", lineterm="")
