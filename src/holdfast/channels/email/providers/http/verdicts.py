"""What an answer of an HTTP API means, as tables that are read from the top.

First the provider's own table (by status, error code and words), then the one that holds for all.
Both are matched against "<status> <code> <words>". An outage is what every other message would meet
there, too: a refused key, a suspended account, a limit, a broken server; it uses no attempt where
the answer says nothing about this message. A server's 502 or 504 came from between us and it, after
the whole request had been sent: unknown.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from holdfast.policy import retry_after
from holdfast.policy.answers import CREDENTIALS_AFTER, LONGEST_WISH, RECONNECT_AFTER
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown, Verdict

QUOTA_AFTER: Final = 3600.0
_BUSY_AFTER: Final = 5.0
_SOON_S: Final = 1.0  # who says "too much, come again at once" has rounded
_EPOCH: Final = 1_000_000_000.0  # above it a number of seconds is a time, below it a while
_AGAIN: Final = re.compile(
    r"\btry again (?:after (\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} (?:GMT|UTC))"
    r"|in (\d{1,6}) seconds?\b)",
    re.IGNORECASE | re.ASCII,
)
_RESETS: Final = ("ratelimit-reset", "x-ratelimit-reset", "x-sib-ratelimit-reset")

Judge = Callable[[str, float | None], Verdict]
Rule = tuple[str, Judge]


def refused(answer: str, _after: float | None) -> Verdict:
    """This message, or these recipients, will never be taken."""
    return Dead(answer)


def unverified(answer: str, _after: float | None) -> Verdict:
    """The sender of this message is not set up; that can be mended, and other senders go on."""
    return Retry(f"the provider does not know this sender; set it up there: {answer}")


def credentials(answer: str, _after: float | None) -> Verdict:
    """Our key is wrong or may not send."""
    because = f"the provider refused our key, no attempt was used; correct it: {answer}"
    return Snooze(because, CREDENTIALS_AFTER, outage=True)


def account(answer: str, _after: float | None) -> Verdict:
    """The account, the domain or the address of the API is not in order."""
    because = f"the provider does not send for us now, no attempt was used: {answer}"
    return Snooze(because, CREDENTIALS_AFTER, outage=True)


def throttled(answer: str, after: float | None) -> Verdict:
    """Too many at once."""
    return Snooze(answer, RECONNECT_AFTER if after is None else max(after, _SOON_S), outage=True)


def quota(answer: str, after: float | None) -> Verdict:
    """Enough for today, or for this month."""
    return Snooze(answer, QUOTA_AFTER if after is None else max(after, _SOON_S), outage=True)


def busy(answer: str, after: float | None) -> Verdict:
    """The same request is being worked on; ask again with the same key."""
    return Snooze(answer, _BUSY_AFTER if after is None else after)


def down(answer: str, after: float | None) -> Verdict:
    """The provider is broken, and has not taken it."""
    return Retry(answer, after, outage=True)


def unknown(answer: str, _after: float | None) -> Verdict:
    """It may have been taken."""
    return Unknown(answer, outage=True)


def taken_otherwise(answer: str, _after: float | None) -> Verdict:
    """Something was taken under this key before."""
    return Unknown(answer)


def taken_before(answer: str, _after: float | None) -> Verdict:
    """This very request was taken before."""
    return Delivered(answer)


_ALL: Final[Sequence[Rule]] = (
    (r"3\d\d", account),  # redirects are not followed: the address of the API is wrong
    (r"40[13]", credentials),
    (r"402", quota),
    (r"40[45]", account),  # no such address: says nothing about the message
    (r"408", down),  # the server grew tired of waiting for the request
    (r"413", refused),
    (r"42[059]", throttled),  # 420 is nobody's standard
    (r"50[24]", unknown),
    (r"5\d\d", down),
)


def compiled(rules: Sequence[Rule]) -> Sequence[tuple[re.Pattern[str], Judge]]:
    """A provider's table, ready to be used; each form is matched from the start."""
    return tuple((re.compile(form, re.IGNORECASE | re.DOTALL), judge) for form, judge in rules)


_FOR_ALL: Final = compiled([(rf"(?:{form}) ", judge) for form, judge in _ALL])


def judged(
    table: Sequence[tuple[re.Pattern[str], Judge]], status: int, code: str, words: str | None,
    answer: str, after: float | None,
) -> Verdict:  # fmt: skip
    """The verdict on a refusal.

    Args:
        table: the provider's own rules.
        status: the HTTP status.
        code: the provider's own code or name of the error.
        words: what it says; None if this is not how the provider talks.
        answer: what will be shown, addresses masked.
        after: how long it asks us to wait, in seconds.
    """
    key = f"{status} {code} {words or ''}"
    for form, judge in (*table, *_FOR_ALL):
        if form.match(key):
            return judge(answer, after)
    if words is None:  # somebody between us and the provider said that
        return down(answer, after)
    return refused(answer, after)


def wish(headers: Mapping[str, str], words: str = "", *, now: datetime) -> float | None:
    """How long the answer asks us to wait, in seconds.

    Retry-After first; then the headers that say when a limit begins anew, as seconds or as a time;
    then what is said in words.
    """
    date = headers.get("date")
    after = retry_after.parse(headers.get("retry-after"), now=now, date=date)
    if after is None:
        resets = (_number(headers.get(name)) for name in _RESETS)
        after = next((number for number in resets if number is not None), None)
        if after is not None and after > _EPOCH:
            after -= (now if now.tzinfo else now.replace(tzinfo=UTC)).timestamp()
    if after is None and (said := _AGAIN.search(words)):
        after = retry_after.parse(said[1] or said[2], now=now, date=date)
    return None if after is None else min(max(after, 0.0), LONGEST_WISH)


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*([0-9]{1,12})(?:\.[0-9]{1,6})?\s*", text or "")
    return float(found[1]) if found else None
