"""How moments are written on a command line."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from holdfast.options import future, past
from holdfast.policy.duration import duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15 min", 900), ("2h", 7200), ("1h30m", 5400), ("3d", 259_200), ("1.5h", 5400)],
)
def test_a_duration_is_a_number_and_a_unit(text, seconds):
    """Also with a space, a longer unit, or several in a row."""
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["5 months", "2mo", "1 hedgehog", "h", "", "1h 2", "-1h"])
def test_another_word_is_no_unit(text):
    """A month is not taken for a minute: what is no unit makes no duration."""
    assert duration(text) is None


def test_a_duration_is_before_or_after_now():
    """--since looks back, --until of a pause looks ahead."""
    before = datetime.now(UTC)
    earlier, later = past("1h"), future("1h")
    after = datetime.now(UTC)
    assert before - timedelta(hours=1) <= earlier <= after - timedelta(hours=1)
    assert before + timedelta(hours=1) <= later <= after + timedelta(hours=1)


def test_a_time_without_a_zone_is_utc():
    """As all times are that we print."""
    assert past("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
    assert past("2026-03-01T14:30Z") == past("2026-03-01 15:30+01:00")


@given(st.text())
def test_anything_else_is_wrong_usage(text):
    """Never another error, whatever is typed."""
    with contextlib.suppress(typer.BadParameter):
        assert past(text).tzinfo is not None


@pytest.mark.parametrize("text", ["999999999w", "soon", "", "2026-13-01", "-1h"])
def test_moments_that_are_none(text):
    """Out of range is refused as well as nonsense."""
    with pytest.raises(typer.BadParameter):
        past(text)
