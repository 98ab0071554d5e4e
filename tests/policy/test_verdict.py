"""The six verdicts are plain values."""

import re
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Unknown, Verdict

SIX = [
    Delivered("sent"),
    Retry("busy", 3.0),
    Snooze("paused", 3.0),
    Hold("is it right?"),
    Dead("gone"),
    Unknown("silent"),
]


def test_there_are_exactly_six():
    """Whoever handles these six kinds has handled every verdict."""
    assert get_args(Verdict) == (Delivered, Retry, Snooze, Hold, Dead, Unknown)


@pytest.mark.parametrize("verdict", SIX, ids=repr)
def test_a_verdict_can_not_be_changed_after_it_was_given(verdict):
    """A verdict that was handed over stays as it was said."""
    field = next(iter(verdict.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(verdict, field, "other")


def test_verdicts_of_one_kind_and_content_are_equal():
    """Verdicts compare by what they say, and never across kinds."""
    assert Retry("busy", 3.0) == Retry("busy", 3.0)
    assert len(set(SIX)) == 6
    assert Retry("busy", 3.0) != Snooze("busy", 3.0)


@pytest.mark.parametrize("final", [Dead, Unknown])
def test_nothing_ends_without_a_reason(final):
    """Giving up, and not knowing, cannot be said without saying why."""
    with pytest.raises(TypeError, match="because"):
        final()


def test_success_and_patience_need_no_words():
    """A handler that has nothing to add may leave everything out."""
    assert Delivered().note == ""
    assert Retry().after is None
    assert (Snooze().after, Snooze().until) == (None, None)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda: Dead(KeyError("order")), "KeyError: 'order'"),
        (lambda: Retry(TimeoutError("no answer"), 3), "TimeoutError: no answer"),
        (lambda: Unknown(None), ""),
        (lambda: Hold(42), "42"),
    ],
)
def test_a_reason_may_be_anything(made, text):
    """Whatever is given as the reason, an exception above all, is told as text."""
    assert made().because == text
    assert Delivered({"id": 7}).note == "{'id': 7}"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Retry(60), "Retry(60): the reason comes first; a wait is Retry(after=…)"),
        (lambda: Snooze(timedelta(1)), "a wait is Snooze(after=…)"),
        (lambda: Retry("busy", "60"), "after='60' is not a number of seconds"),
        (lambda: Retry("busy", timedelta(1)), "its total_seconds()"),
        (lambda: Snooze("busy", float("inf")), "after=inf is no time"),
        (lambda: Snooze(until="tomorrow"), "until='tomorrow' is not a datetime"),
        (lambda: Snooze(until=datetime.now(UTC).replace(tzinfo=None)), "has no time zone"),
    ],
)
def test_a_wait_that_nobody_can_keep_is_said_at_once(made, said):
    """A wait of the wrong type, or in the wrong place, is an error where the handler says it."""
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        made()
