"""Cron: when is it time again?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2029, 1, 1, tzinfo=UTC)


def _next(queue, cron, after, zone="UTC"):
    return queue.one("select cron_next(%s, %s, %s)", cron, after, zone).astimezone(UTC)


def _times(queue, cron, after, count, zone="UTC"):
    found = []
    for _ in range(count):
        after = _next(queue, cron, after, zone)
        found.append(f"{after:%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("cron", "times"),
    [
        ("*/5 * * * *", ["01-01 12:05", "01-01 12:10", "01-01 12:15"]),
        ("30 3 * * mon-fri", ["01-02 03:30", "01-03 03:30", "01-04 03:30"]),
        ("0 9 1 * *", ["02-01 09:00", "03-01 09:00", "04-01 09:00"]),
        ("0 0 13 * fri", ["01-04 00:00", "01-11 00:00", "01-13 00:00"]),
        ("5,35 0-2/2 * * *", ["01-02 00:05", "01-02 00:35", "01-02 02:05"]),
        ("0 0 * * 7", ["01-06 00:00", "01-13 00:00", "01-20 00:00"]),
        ("@monthly", ["02-01 00:00", "03-01 00:00", "04-01 00:00"]),
        ("10-40/10 12 * jan *", ["01-01 12:10", "01-01 12:20", "01-01 12:30"]),
        ("0 0 29 feb *", ["02-29 00:00", "02-29 00:00", "02-29 00:00"]),
        ("50/5 * * * *", ["01-01 12:50", "01-01 12:55", "01-01 13:50"]),
    ],
)
def test_times(queue, cron, times):
    """The times that crontab(5) promises."""
    assert _times(queue, cron, "2030-01-01T12:00Z", 3) == times


@pytest.mark.parametrize(
    ("zone", "cron", "after", "times"),
    [
        # 2030-03-31: 02:00 becomes 03:00 in Berlin
        ("Europe/Berlin", "30 2 * * *", "2030-03-30T02:00Z", ["03-31 01:00", "04-01 00:30"]),
        ("Europe/Berlin", "*/30 * * * *", "2030-03-31T00:30Z", ["03-31 01:00", "03-31 01:30"]),
        # 2030-10-27: 03:00 becomes 02:00
        ("Europe/Berlin", "30 2 * * *", "2030-10-26T02:00Z", ["10-27 00:30", "10-28 01:30"]),
        ("Europe/Berlin", "*/30 * * * *", "2030-10-27T00:30Z", ["10-27 01:00", "10-27 01:30"]),
        ("America/New_York", "0 2 * * *", "2030-03-09T08:00Z", ["03-10 07:00", "03-11 06:00"]),
        ("Asia/Kolkata", "0 9 * * *", "2030-01-01T12:00Z", ["01-02 03:30", "01-03 03:30"]),
        # 2030-10-06: 02:00 becomes 02:30 on Lord Howe; 2030-04-07: 02:00 becomes 01:30
        ("Australia/Lord_Howe", "15 2 * * *", "2030-10-05T00:00Z", ["10-05 15:30", "10-06 15:15"]),
        ("Australia/Lord_Howe", "0 2 * * *", "2030-10-05T00:00Z", ["10-05 15:30", "10-06 15:00"]),
        ("Australia/Lord_Howe", "30 2 * * *", "2030-10-05T00:00Z", ["10-05 15:30", "10-06 15:30"]),
        ("Australia/Lord_Howe", "45 2 * * *", "2030-10-05T00:00Z", ["10-05 15:45", "10-06 15:45"]),
        ("Australia/Lord_Howe", "45 1 * * *", "2030-04-06T00:00Z", ["04-06 14:45", "04-07 15:15"]),
        ("Australia/Lord_Howe", "15 * * * *", "2030-10-05T14:30Z", ["10-05 14:45", "10-05 16:15"]),
        # 2030-09-29: 02:45 becomes 03:45 in Chatham
        ("Pacific/Chatham", "15 3 * * *", "2030-09-28T00:00Z", ["09-28 14:00", "09-29 13:30"]),
        # 2030-10-27: 03:00 becomes 01:00 at Troll
        ("Antarctica/Troll", "39 2 * * *", "2030-10-26T02:00Z", ["10-27 00:39", "10-28 02:39"]),
        # 2030-03-30: 23:00 becomes the midnight of the next day in Nuuk
        ("America/Nuuk", "30 23 * * *", "2030-03-30T02:00Z", ["03-31 01:00", "04-01 00:30"]),
        ("America/Nuuk", "30 23 30 3 *", "2030-03-30T02:00Z", ["03-31 01:00"]),
        ("America/Nuuk", "0 0 * * *", "2030-03-30T02:30Z", ["03-31 01:00", "04-01 01:00"]),
    ],
)
def test_when_clocks_are_changed(queue, zone, cron, after, times):
    """What does not exist runs right after the gap, what comes twice runs once."""
    assert _times(queue, cron, after, len(times), zone) == times


@pytest.mark.parametrize(
    ("cron", "after", "zone", "at"),
    [
        # */7 leaves the weekday open as * does, so that the day of the month must hold, too
        ("* * 3 1 */7", "2029-01-01T00:00Z", "UTC", "2038-01-03T00:00Z"),
        ("* * 3 1 */7", "2029-01-01T00:00Z", "America/New_York", "2038-01-03T05:00Z"),
        ("* * 3 1 */7", "2027-01-04T00:00Z", "UTC", "2038-01-03T00:00Z"),
        # 2100 is no leap year: twelve years, and for a 29 February forty
        ("0 0 3 3 */7", "2097-03-04T00:00Z", "UTC", "2109-03-03T00:00Z"),
        ("0 0 29 feb */7", "2088-03-01T00:00Z", "UTC", "2128-02-29T00:00Z"),
        ("0 0 29 feb */7", "2088-03-01T00:00Z", "Asia/Kolkata", "2128-02-28T18:30Z"),
    ],
)
def test_a_day_that_comes_once_in_many_years(queue, cron, after, zone, at):
    """A day of the month on a weekday is found, however long the calendar keeps it waiting."""
    assert _next(queue, cron, after, zone) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    ("zone", "cron", "after", "at"),
    [
        # 2030-11-03: 01:00 becomes 00:00 in Havana; 2030-03-10: 00:00 becomes 01:00
        ("America/Havana", "0 0 3 11 *", "2030-06-01T00:00Z", "2030-11-03T04:00Z"),
        ("America/Havana", "0 0 10 3 *", "2030-01-01T00:00Z", "2030-03-10T05:00Z"),
        ("America/Havana", "0 0 * * *", "2030-03-09T06:00Z", "2030-03-10T05:00Z"),
        ("America/Havana", "0 0 * * *", "2030-03-10T05:00Z", "2030-03-11T04:00Z"),
        ("Europe/Berlin", "30 2 * * *", "2030-03-31T00:59:30Z", "2030-03-31T01:00Z"),
    ],
)
def test_a_midnight_that_comes_twice_or_never(queue, zone, cron, after, at):
    """A day begins with its first midnight, or, if there is none, with its first moment."""
    assert _next(queue, cron, after, zone) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "cron",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
     "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *", "* * * foo *", "1,,2 * * * *",
     "0 0 30 feb *", "@sometimes", "-1 * * * *", "* * * * mon-", None, "1" * 10_000],
)  # fmt: skip
def test_what_is_no_cron_is_refused(queue, cron):
    """It says what is wrong, and does not search for ever."""
    assert queue.failure("select cron_next(%s, now())", cron).sqlstate == "JQ005"


@pytest.mark.parametrize("cron", ["0 9 L * *", "0 9 15W * *", "0 9 * * 5#3", "0 9 ? * 1"])
def test_what_other_crons_know_is_told_to_be_unknown(queue, cron):
    """Who comes from Quartz reads that L, W, # and ? are not known, and what is."""
    hint = queue.failure("select cron_next(%s, now())", cron).diag.message_hint
    assert "crontab(5)" in hint and "L, W, # and ?" in hint


def test_an_unknown_zone_is_refused(queue):
    """With the name that was given."""
    error = queue.failure("select cron_next('* * * * *', now(), 'Mars/Olympus')")
    assert (error.sqlstate, "Mars/Olympus" in str(error)) == ("JQ005", True)


def _part(low, high):
    values = st.integers(low, high)
    ranges = st.tuples(values, values).map(lambda p: f"{min(p)}-{max(p)}")
    stepped = st.tuples(st.one_of(st.just("*"), ranges), st.integers(1, 20)).map(
        lambda p: f"{p[0]}/{p[1]}"
    )
    return st.one_of(st.just("*"), values.map(str), ranges, stepped)


def _field(low, high):
    return st.lists(_part(low, high), min_size=1, max_size=3).map(",".join)


def _named(field, value, low, high):
    """Whether a field of a cron line names the value: the plain reading, minute by minute."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, last = (low, high) if span == "*" else (span.split("-")[0], span.split("-")[-1])
        if value in range(int(first), int(last) + 1, int(step or 1)):
            return True
    return False


@settings(max_examples=40)
@given(
    st.tuples(_field(0, 59), _field(0, 23), _field(1, 28), _field(1, 12), _field(0, 6)),
    st.integers(0, 2 * 365 * 1440).map(lambda n: START + timedelta(minutes=n, seconds=n % 60)),
)
def test_agrees_with_a_search_minute_by_minute(queue, fields, after):
    """The next time is the first minute that all fields name, for whatever fields."""
    minute, hour, day, month, weekday = fields
    at = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while True:
        days = _named(day, at.day, 1, 31), _named(weekday, at.isoweekday() % 7, 0, 7)
        either = any(days) if not (day[0] == "*" or weekday[0] == "*") else all(days)
        if not (either and _named(month, at.month, 1, 12)):
            at = at.replace(hour=0, minute=0) + timedelta(days=1)
        elif not _named(hour, at.hour, 0, 23):
            at = at.replace(minute=0) + timedelta(hours=1)
        elif not _named(minute, at.minute, 0, 59):
            at += timedelta(minutes=1)
        else:
            break
    assert _next(queue, " ".join(fields), after) == at
