"""Reads a Retry-After header: seconds, or one of the three dates of RFC 9110.

A date is measured against the response's own Date header when there is one, so that a clock that
is wrong on either side cancels out. Whatever cannot be read, or lies in the past, is no wish: the
caller then falls back on its own backoff.
"""

import re
from datetime import UTC, datetime

# Ten digits are three hundred years: more is no wish, and no database could add it to a timestamp.
_SECONDS = re.compile(r"[0-9]{1,10}")

_CLOCK = r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9]|60)"
_MONTH = r"(?P<month>[a-z]{3})"
_DATES = tuple(
    # By name and in ASCII: strptime reads month names in the language of the process.
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        # IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
        rf"[a-z]{{3}}, (?P<day>[0-9]{{1,2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_CLOCK} (?:GMT|UTC)",
        # RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
        rf"[a-z]{{6,9}}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_CLOCK} (?:GMT|UTC)",
        # asctime: Sun Nov  6 08:49:37 1994
        rf"[a-z]{{3}} {_MONTH} (?P<day>[ 0-9][0-9]) {_CLOCK} (?P<year>[0-9]{{4}})",
    )
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LAST_SECOND = 59
_HALF_CENTURY = 50


def parse(value: str | None, *, now: datetime, date: str | None = None) -> float | None:
    """Seconds to wait from now, or None when the header holds no usable wish. Never raises.

    Args:
        value: The Retry-After header as it came.
        now: The present time; without a zone it is read as UTC.
        date: The Date header of the same response, if any.
    """
    if value is None:
        return None
    text = value.strip(" \t")
    if _SECONDS.fullmatch(text):
        return float(text)
    present = now if now.tzinfo else now.replace(tzinfo=UTC)
    target = _instant(text, present)
    if target is None:
        return None
    answered = _instant(date.strip(" \t"), present) if date else None
    seconds = (target - (answered or present)).total_seconds()
    return seconds if seconds >= 0 else None


def _instant(text: str, present: datetime) -> datetime | None:
    found = next((match for form in _DATES if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    part = found.groupdict()
    try:
        return datetime(
            _whole_year(part["year"], present),
            _MONTHS.index(part["month"].lower()) + 1,
            int(part["day"]),
            int(part["hour"]),
            int(part["minute"]),
            min(int(part["second"]), _LAST_SECOND),  # a leap second has no datetime
            tzinfo=UTC,
        )
    except ValueError:  # no such month, no 31 February, no year 0
        return None


def _whole_year(digits: str, present: datetime) -> int:
    """Complete two digits to the year that is nearest, at most fifty years ahead."""
    year = int(digits)
    if len(digits) > len("94"):
        return year
    year += present.year - present.year % 100
    if year > present.year + _HALF_CENTURY:
        return year - 100
    return year + 100 if year <= present.year - _HALF_CENTURY else year
