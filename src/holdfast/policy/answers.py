"""What an HTTP status or an SMTP reply means for the job that asked.

Two tables, read from the top; the first line that fits decides. The other side's own words travel
along in `because`, cleaned, so that a dead letter says what was answered.

Snooze costs no attempt. It is for answers that speak of the connection, the rate or our own
credentials, and not of this piece of work.
An outage is what every other piece of work would meet there, too.
"""

import math
import re
from collections.abc import Callable
from http import HTTPStatus

from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Verdict

# An endpoint may ask for patience, but not park a job for years.
LONGEST_WISH = 86_400.0
SHORTEST_WISH = 1.0  # what costs no attempt would come a hundred times a second
RECONNECT_AFTER = 60.0
CREDENTIALS_AFTER = 300.0
FULL_AFTER = 14_400.0  # people clear a mailbox in hours, not in minutes

_LONGEST_BECAUSE = 300
_LARGEST_CODE = 999
_TAKEN = range(200, 300)

_Judge = Callable[[str, float | None], Verdict]


def _delivered(answer: str, _after: float | None) -> Verdict:
    return Delivered(answer)


def _retry(answer: str, after: float | None) -> Verdict:
    return Retry(answer, after)


def _down(answer: str, after: float | None) -> Verdict:
    return Retry(answer, after, outage=True)


def _throttled(answer: str, after: float | None) -> Verdict:
    if after is None:
        return Retry(answer, outage=True)
    return Snooze(answer, max(after, SHORTEST_WISH), outage=True)


def _dead(answer: str, _after: float | None) -> Verdict:
    return Dead(answer)


def _redirected(answer: str, _after: float | None) -> Verdict:
    return Dead(_trimmed(f"redirects are not followed; use the final address: {answer}"))


def _disconnected(answer: str, _after: float | None) -> Verdict:
    return Snooze(answer, RECONNECT_AFTER, outage=True)


def _full(answer: str, _after: float | None) -> Verdict:
    return Retry(answer, FULL_AFTER)


def _crowded(answer: str, _after: float | None) -> Verdict:
    return Snooze(answer)


def _credentials_refused(answer: str, _after: float | None) -> Verdict:
    because = f"the server refused our credentials, no attempt was used; correct them: {answer}"
    return Snooze(_trimmed(because), CREDENTIALS_AFTER, outage=True)


_HTTP: tuple[tuple[range, _Judge], ...] = (
    (range(200, 300), _delivered),
    (range(300, 400), _redirected),
    (range(408, 409), _down),  # the server grew tired of waiting
    (range(425, 426), _retry),  # too early: sent before the handshake was complete
    (range(429, 430), _throttled),
    (range(400, 500), _dead),
    (range(500, 600), _down),
)

# Matched against "<code> <enhanced code>", or "<code> -" when the reply carries no enhanced code.
_SMTP: tuple[tuple[re.Pattern[str], _Judge], ...] = tuple(
    (re.compile(form), judge)
    for form, judge in (
        # The connection was closed, whatever else is said: the mail did not fail.
        (r"421 .*", _disconnected),
        # Throttled, or login and TLS are out of order for a moment; some say it without 4.7.x.
        (r"454 (4\.7\.\d+|-)", _disconnected),
        # Authentication required, too weak, refused, wants encryption: our configuration.
        (r"53[0458] .*", _credentials_refused),
        # Too many recipients in one message: it says nothing of this one.
        (r"4\d\d 4\.5\.3", _crowded),
        (r"4\d\d 4\.2\.2", _full),
        (r"[45]\d\d 4\..*", _retry),
        (r"[45]\d\d 5\..*", _dead),
        (r"4\d\d .*", _retry),
        (r"5\d\d .*", _dead),
    )
)

# Only where servers put it, first in the text or as (#5.1.1): anywhere else three numbers with
# dots may be a software version or part of an address.
_ENHANCED = re.compile(r"(?:\A\s*(?:[0-9]{3}[ -])?#?|\(#)([45]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")


def from_http(status: int, *, retry_after: float | None = None) -> Verdict:
    """Judge an HTTP status; any integer gets a verdict.

    Args:
        status: The status code of the final answer.
        retry_after: The answer's Retry-After in seconds, as `retry_after.parse` reads it.
    """
    after = _granted(retry_after)
    answer = f"HTTP {_shown(status)} {_phrase(status)}".rstrip()
    judge = next((judge for statuses, judge in _HTTP if status in statuses), _retry)
    return judge(answer, after)


def from_smtp(code: int, text: str) -> Verdict:
    """Judge an SMTP reply; any integer with any text gets a verdict.

    Between "later" and "never" the enhanced code (RFC 3463) decides before the basic one, because
    relays map it through while they choose the basic code loosely.
    """
    if code in _TAKEN:  # the basic code alone says whether the server has taken the mail
        return Delivered(_trimmed(f"{code} {text}"))
    found = _ENHANCED.search(text)
    key = f"{_shown(code)} {found[1] if found else '-'}"
    judge = next((judge for form, judge in _SMTP if form.fullmatch(key)), _retry)
    return judge(_trimmed(f"{_shown(code)} {text}"), None)


def _granted(wish: float | None) -> float | None:
    if wish is None or not math.isfinite(wish) or wish < 0:
        return None
    return min(wish, LONGEST_WISH)


def _shown(code: int) -> str:
    return str(code) if 0 <= code <= _LARGEST_CODE else "???"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _trimmed(text: str) -> str:
    """One line of printable characters, short enough to be shown in a list."""
    printable = text[: 4 * _LONGEST_BECAUSE]
    if not printable.isprintable():
        printable = "".join(c if c.isprintable() else " " for c in printable)
    return " ".join(printable.split())[:_LONGEST_BECAUSE].rstrip()
