"""Reading a Retry-After header in every shape it comes in."""

import math
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from holdfast.policy.retry_after import parse

NOW = datetime(1994, 11, 6, 8, 47, 37, tzinfo=UTC)
moments = st.datetimes(datetime(1000, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
text = st.text(alphabet=st.characters())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("  120\t", 120.0),
        ("007", 7.0),
        ("9999999999", 9_999_999_999.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 120.0),
        ("Sun, 6 Nov 1994 08:49:37 GMT", 120.0),
        ("sun, 06 nov 1994 08:49:37 gmt", 120.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 120.0),
        ("Sun Nov  6 08:49:37 1994", 120.0),
        ("Sun Nov 16 08:47:37 1994", 864_000.0),
        ("Sun, 06 Nov 1994 08:47:37 GMT", 0.0),
        ("Sat, 31 Dec 1994 23:59:60 GMT", 4_806_742.0),
        ("Wed, 32 Nov 1994 08:49:37 GMT", None),
        ("Wed, 31 Feb 1995 08:49:37 GMT", None),
        ("Wed, 01 Foo 1995 08:49:37 GMT", None),
        ("Sun, 06 Nov 1994 24:49:37 GMT", None),
        ("Sun, 06 Nov 1994 08:49:37 +0100", None),
        ("Sun, 06 Nov 1994 08:49:37", None),
        ("Sun, 06 Nov 0000 08:49:37 GMT", None),
        ("Sun, 06 Nov 1994 08:47:36 GMT", None),
        ("Tue, 01 Jan 1980 00:00:00 GMT", None),
        (None, None),
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("1e3", None),
        ("1_000", None),
        ("120, 60", None),
        ("120 s", None),
        ("soon", None),
        ("NaN", None),
        ("\u0661\u0662", None),
        ("1" + "0" * 400, None),
        ("9" * 100_000, None),
        ("12\x00", None),
        ("12\n", None),
    ],
)
def test_each_form_is_read(value, seconds):
    """Seconds and the three dates of RFC 9110 are read; the past and garbage are no wish."""
    assert parse(value, now=NOW) == seconds


@pytest.mark.parametrize(
    ("today", "digits", "year"),
    [(1994, "94", 1994), (1999, "01", 2001), (2026, "76", 2076), (2026, "77", None)],
)
def test_two_digit_years_mean_the_nearest(today, digits, year):
    """A year of two digits is at most fifty years ahead, and otherwise long past."""
    now = datetime(today, 1, 1, tzinfo=UTC)
    seconds = parse(f"Sunday, 02-Jan-{digits} 00:00:00 GMT", now=now)
    expected = year and (datetime(year, 1, 2, tzinfo=UTC) - now).total_seconds()
    assert seconds == expected


def test_the_answers_own_clock_cancels_skew():
    """With a Date header the wish is its distance from that date, however wrong our clock is."""
    value, date = "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:48:37 GMT"
    for now in (NOW, NOW + timedelta(days=3), NOW - timedelta(days=3)):
        assert parse(value, now=now, date=date) == 60.0
    assert parse(date, now=NOW, date=value) is None
    assert parse("30", now=NOW, date=date) == 30.0


@given(date=text)
def test_an_unreadable_date_falls_back_on_our_clock(date):
    """A Date header that says nothing changes nothing."""
    assert parse("Sun, 06 Nov 1994 08:49:37 GMT", now=NOW, date=date) == 120.0


@given(target=moments, now=moments)
def test_standard_dates_are_measured_exactly(target, now):
    """Any date that the standard library writes is read as its distance from now."""
    target = target.replace(microsecond=0)
    seconds = (target - now).total_seconds()
    value = format_datetime(target, usegmt=True)
    assert parse(value, now=now) == (seconds if seconds >= 0 else None)


def test_now_may_carry_any_zone():
    """The zone of our own clock does not shift the wish; without one it is read as UTC."""
    value = "Sun, 06 Nov 1994 08:49:37 GMT"
    assert parse(value, now=NOW.astimezone(timezone(timedelta(hours=-7)))) == 120.0
    assert parse(value, now=NOW.replace(tzinfo=None)) == 120.0


@given(
    value=st.one_of(
        st.none(),
        text,
        st.from_regex(r"[A-Za-z]{3,9},? ?[0-9A-Za-z -]{2,12} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9GMT]*"),
        st.integers().map(str),
    ),
    date=st.one_of(st.none(), text),
    now=st.datetimes(timezones=st.one_of(st.none(), st.timezones())),
)
@example(value="Sunday, 01-Jan-00 00:00:00 GMT", date=None, now=datetime(1, 1, 1, tzinfo=UTC))
@example(value="Sunday, 01-Jan-99 00:00:00 GMT", date=None, now=datetime.max.replace(tzinfo=UTC))
def test_any_text_gets_an_answer(value, date, now):
    """Whatever the header holds, the answer is None or a finite wait of zero or more."""
    seconds = parse(value, now=now, date=date)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
