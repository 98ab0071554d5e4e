"""The page at /: queues and dead letters, in plain HTML that works in any browser.

When the database can not be asked it says so, and shows the last answer with its age; a page that
goes blank in the incident is of no use.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from holdfast.channel import Services
from holdfast.database import within
from holdfast.engine import views
from holdfast.errors import HoldfastError

_MANY = 10_000
_PATIENCE_S = 5.0  # then what was seen last is shown
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@dataclass(slots=True)
class _Seen:
    """The last good answer."""

    queues: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    at: float | None = None


def overview(services: Services) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint; it remembers the last good answer."""
    seen = _Seen()
    database = services.database

    async def endpoint(_request: Request) -> Response:
        problem = ""
        try:
            seen.queues = await within(_PATIENCE_S, database.run(views.queue_list()))
            seen.groups = await within(_PATIENCE_S, database.run(views.dead_letter_groups({})))
            seen.at = time.monotonic()
        except HoldfastError as error:
            problem = str(error)
        return HTMLResponse(_page(seen, problem), headers=_HEADERS)

    return endpoint


def _page(seen: _Seen, problem: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>holdfast</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><style>{_STYLE}</style></head>
<body><header><h1>holdfast</h1><p>stored before acknowledged, retried until done or visibly dead</p>
</header><main>{_banner(seen, problem)}{_queues(seen)}{_letters(seen)}</main></body></html>"""


def _banner(seen: _Seen, problem: str) -> str:
    if not problem:
        return ""
    age = "nothing was seen yet" if seen.at is None else (
        f"what you see is {time.monotonic() - seen.at:.0f} s old"
    )  # fmt: skip
    text = f"The database does not answer; {age}.<br>{escape(problem)}"
    return f'<p class="banner" role="alert">{text}</p>'


def _queues(seen: _Seen) -> str:
    if not seen.queues:
        return "<h2>Queues</h2><p>none yet</p>"
    columns = ("ready", "leased", "scheduled", "blocked", "held", "dead")
    head = "".join(f"<th>{c}</th>" for c in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(q["queue"])}{_paused(q)}</th>'
        + "".join(f'<td class="{c if q[c] else "none"}">{_count(q[c])}</td>' for c in columns)
        + f'<td class="{"none" if q["workers"] else "dead"}">{q["workers"]}</td></tr>'
        for q in seen.queues
    )
    return (
        f"<h2>Queues</h2><table><thead><tr><th>queue</th>{head}<th>workers</th></tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _paused(queue: dict[str, Any]) -> str:
    if not queue["paused"]:
        return ""
    why = f": {queue['paused_why']}" if queue["paused_why"] else ""
    return f'<small class="paused">paused by {escape(str(queue["paused_by"]) + why)}</small>'


def _letters(seen: _Seen) -> str:
    if not seen.groups:
        return "<h2>Dead letters</h2><p>none: what was acknowledged is done or on its way</p>"
    rows = "".join(
        f"<tr><th scope='row'>{escape(g['queue'])}</th><td>{escape(g['kind'])}</td>"
        f'<td class="dead">{_count(g["letters"])}</td><td>{escape(g["latest_error"])}</td>'
        "<td><code>holdfast dead-letters replay "
        f"--group {escape(g['fingerprint'])}</code></td></tr>"
        for g in seen.groups
    )
    return (
        "<h2>Dead letters</h2><table><thead><tr><th>queue</th><th>kind</th><th>letters</th>"
        f"<th>latest error</th><th>when it is mended</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _count(number: int) -> str:
    return f"over {_MANY:,}" if number > _MANY else f"{number:,}"


_STYLE = """
:root{color-scheme:light dark;--line:#8884;--faint:#888;--bad:#c2362b;--warn:#b06a00}
body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:0 auto;padding:1.5rem}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap;
border-bottom:1px solid var(--line)}
h1{font-size:1.3rem;margin:.3rem 0}header p{color:var(--faint);margin:0}
h2{font-size:1rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem .35rem 0;
border-bottom:1px solid var(--line);vertical-align:top}thead th{color:var(--faint);font-weight:400}
td{font-variant-numeric:tabular-nums}
.none{color:var(--faint)}.dead{color:var(--bad);font-weight:600}
.paused{display:block;color:var(--warn);font-weight:400}code{font-size:.85em}
.banner{border:1px solid var(--bad);border-left-width:.4rem;padding:.6rem 1rem;border-radius:.3rem}
"""
