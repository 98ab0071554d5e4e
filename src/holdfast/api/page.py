"""The page at /: alerts, dead letters and queues, in plain HTML that works in any browser.

When the database cannot be asked it says so, and shows the last answer with its age; a page that
goes blank in the incident is of no use. What it has never seen it says nothing about.
"""

import shlex
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from holdfast.channel import Services
from holdfast.database import Database, within
from holdfast.engine import alerts, views
from holdfast.errors import DatabaseUnavailable, HoldfastError

_MANY = 10_000
_MOST = 50  # rows of alerts, and of groups
_PATIENCE_S = 5.0  # then what was seen last is shown
_UNSTORED = "Nothing can be stored"
_REFRESH_S = 15  # time to select a command before the page is drawn anew
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A good answer."""

    alerts: _Rows
    queues: _Rows
    groups: _Rows
    at: float = field(default_factory=time.monotonic)
    said_at: datetime = field(default_factory=lambda: datetime.now(UTC))


def overview(services: Services) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint; it remembers the last good answer."""
    seen: _Seen | None = None

    async def endpoint(_request: Request) -> Response:
        nonlocal seen
        problem = ""
        try:
            seen = await _look(services.database)
            if why := await within(_PATIENCE_S, services.database.why_read_only()):
                problem = f"{_UNSTORED}: {why}."
        except HoldfastError as error:
            problem = _problem(error)
        return HTMLResponse(_page(seen, problem), headers=_HEADERS)

    return endpoint


async def _look(database: Database) -> _Seen:
    return _Seen(
        await within(_PATIENCE_S, database.run(alerts.alert_list(limit=_MOST))),
        await within(_PATIENCE_S, database.run(views.queue_list())),
        await within(_PATIENCE_S, database.run(views.dead_letter_groups({}, _MOST))),
    )


def _problem(error: HoldfastError) -> str:
    away = isinstance(error, DatabaseUnavailable)
    told = "The database does not answer" if away else "The database cannot be read"
    # nothing was to happen here: it was only looked
    why = str(error).removesuffix("; it may have happened")
    return f"{told}: {why}{'' if why.endswith(('.', '?')) else '.'}"


def _page(seen: _Seen | None, problem: str) -> str:
    parts = (_alerts(seen), _letters(seen), _queues(seen)) if seen else ()
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{_title(seen, problem)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{_REFRESH_S}"><style>{_STYLE}</style></head>
<body><header><h1>holdfast</h1><p>{_as_of(seen)}</p>
</header><main>{_banner(seen, problem)}{"".join(parts)}</main></body></html>"""


def _title(seen: _Seen | None, problem: str) -> str:
    """What a tab tells that is not looked at."""
    letters = sum(group["letters"] for group in seen.groups) if seen else 0
    told = ["nothing is stored" if problem.startswith(_UNSTORED) else "no database"]
    told = told if problem else []
    told += [_several(len(seen.alerts), "alert")] if seen and seen.alerts else []
    told += [_several(letters, "dead letter")] if letters else []
    return " · ".join([*told, "holdfast"])


def _as_of(seen: _Seen | None) -> str:
    if seen is None:
        return "nothing was seen yet"
    return f"as of {seen.said_at:%H:%M:%S} UTC, looks again every {_REFRESH_S} s"


def _banner(seen: _Seen | None, problem: str) -> str:
    if not problem:
        return ""
    age = "Nothing was seen yet, so nothing is shown." if seen is None else (
        f"What you see is {_long(time.monotonic() - seen.at)} old."
    )  # fmt: skip
    return f'<p class="banner" role="alert"><strong>{escape(problem)}</strong><br>{age}</p>'


def _alerts(seen: _Seen) -> str:
    if not seen.alerts:
        return "<h2>Alerts</h2><p>none open</p>"
    rows = [
        _row(
            escape(alert["key"]),
            ("what is wrong", "text", escape(alert["text"])),
            ("last", "", _ago(alert["last_at"], seen)),
            ("times", "", _count(alert["times"])),
            ("when it is seen to", "text", _command("alerts clear", alert["key"])),
        )
        for alert in seen.alerts
    ]
    return _table("Alerts", "alert", rows, "alerts list --limit 1000", seen.alerts)


def _queues(seen: _Seen) -> str:
    if not seen.queues:
        return "<h2>Queues</h2><p>none yet</p>"
    columns = ("ready", "leased", "scheduled", "blocked", "held", "dead")
    rows = [
        _row(
            escape(queue["queue"]) + _paused(queue),
            *((c, c if queue[c] else "none", _count(queue[c])) for c in columns),
            ("workers", _unserved(queue), _count(queue["workers"])),
        )
        for queue in seen.queues
    ]
    return _table("Queues", "queue", rows) + _held(seen)


def _held(seen: _Seen) -> str:
    """Nobody comes to them by himself; the page is where a person learns of it."""
    if not any(queue["held"] for queue in seen.queues):
        return ""
    listed = _command("jobs list --state", "held")
    return f"<p>held jobs wait for a person: {listed} says why</p>"


def _unserved(queue: dict[str, Any]) -> str:
    """Nobody is missed where nothing waits."""
    if queue["workers"]:
        return ""
    return "dead" if queue["ready"] or queue["blocked"] else "none"


def _paused(queue: dict[str, Any]) -> str:
    if not queue["paused"]:
        return ""
    why = f": {queue['paused_why']}" if queue["paused_why"] else ""
    return f'<small class="paused">paused by {escape(str(queue["paused_by"]) + why)}</small>'


def _letters(seen: _Seen) -> str:
    if not seen.groups:
        well = "" if _held(seen) else ": what was acknowledged is done or on its way"
        return f"<h2>Dead letters</h2><p>none{well}</p>"
    rows = [
        _row(
            escape(group["queue"]),
            ("kind", "text", escape(group["kind"])),
            ("letters", "dead", _count(group["letters"])),
            ("last", "", _ago(group["last_died"], seen)),
            ("latest error", "text", escape(group["latest_error"] or "")),
            ("when it is mended", "text",
             _command("dead-letters replay --group", group["fingerprint"])),
        )
        for group in seen.groups
    ]  # fmt: skip
    return _table("Dead letters", "queue", rows, "dead-letters groups --limit 1000", seen.groups)


# ---------------------------------------------------------------- tables

_Cell = tuple[str, str, str]  # its column, its class, its HTML


def _row(name: str, *cells: _Cell) -> tuple[str, Sequence[_Cell]]:
    return name, cells


def _table(
    title: str,
    first: str,
    rows: Sequence[tuple[str, Sequence[_Cell]]],
    command: str = "",
    listed: _Rows | None = None,
) -> str:
    """A table with a heading; `command` lists what does not fit into it."""
    heads = [first, *(column for column, *_ in rows[0][1])]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(
            f'<td class="{kind}" data-of="{column}">{value}</td>' for column, kind, value in cells
        )
        + "</tr>"
        for name, cells in rows
    )
    more = (
        f"<p>and more: <code>holdfast {command}</code></p>"
        if listed and len(listed) >= _MOST
        else ""
    )
    return (
        f'<h2 id="{_slug(title)}">{title}</h2>'
        f'<table aria-labelledby="{_slug(title)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{more}"
    )


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def _command(words: str, argument: str) -> str:
    """What can be pasted into a shell, whoever has chosen the argument."""
    return f"<code>holdfast {words} {escape(shlex.quote(argument))}</code>"


def _count(number: int) -> str:
    return f"over {_MANY:,}" if number > _MANY else f"{number:,}"


def _several(number: int, thing: str) -> str:
    return f"{_count(number)} {thing}" + ("" if number == 1 else "s")


def _ago(then: datetime, seen: _Seen) -> str:
    """How long before it was looked."""
    long = _long(max((seen.said_at - then).total_seconds(), 0))
    iso = then.astimezone(UTC).isoformat(timespec="seconds")
    return f'<time datetime="{iso}" title="{iso}">{long} ago</time>'


def _long(seconds: float) -> str:
    size, unit = next(((s, u) for s, u in _UNITS if seconds >= s), (1, "s"))
    return f"{int(seconds // size)} {unit}"


_STYLE = """
:root{color-scheme:light dark;--line:#8886;--faint:#5f5f5f;--bad:#b3261e;--warn:#8a5200}
@media(prefers-color-scheme:dark){:root{--faint:#a6a6a6;--bad:#ff8a80;--warn:#e8b65a}}
body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:0 auto;padding:1.5rem}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap;
border-bottom:1px solid var(--line)}
h1{font-size:1.3rem;margin:.3rem 0}header p{color:var(--faint);margin:0}
h2{font-size:1rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem 1rem .35rem 0;
border-bottom:1px solid var(--line);vertical-align:top}thead th{color:var(--faint);font-weight:400}
td{font-variant-numeric:tabular-nums}time{white-space:nowrap}
.text,tbody th,.banner{overflow-wrap:anywhere}.text,tbody th{min-width:7rem}
.none{color:var(--faint)}.dead{color:var(--bad);font-weight:600}
.paused{display:block;color:var(--warn);font-weight:400}
code{font-size:.85em;user-select:all;-webkit-user-select:all;overflow-wrap:anywhere}
.banner{border:1px solid var(--bad);border-left-width:.4rem;padding:.6rem 1rem;border-radius:.3rem}
@media(max-width:44rem){body{padding:1rem}thead{display:none}table,tbody{display:block}
tr{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
th,td{border:0;padding:0}tbody th,.text{flex:0 0 100%}.none{display:none}
td::before{content:attr(data-of) " ";color:var(--faint);font-weight:400}}
"""
