"""The pause between attempts, against the vectors that every language reads."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.policy.backoff import Backoff, wished

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "backoff.json").read_text())

seconds = st.floats(0, 1e12)
chances = st.floats(0, 1, exclude_max=True)
attempts = st.integers(-(2**31), 2**31 - 1)
backoffs = st.builds(
    Backoff,
    base=seconds,
    factor=st.floats(1, 1e6),
    cap=seconds,
    jitter=st.floats(0, 1),
)


@pytest.mark.parametrize("vector", VECTORS["delay"], ids=str)
def test_delay_agrees_with_the_vectors(vector):
    """The pause is the one that was computed by exact arithmetic, for every vector."""
    backoff = Backoff(vector["base"], vector["factor"], vector["cap"], vector["jitter"])
    delay = backoff.delay(vector["attempt"], vector["chance"])
    assert delay == pytest.approx(vector["delay"], rel=1e-9, abs=0)


@pytest.mark.parametrize("vector", VECTORS["wished"], ids=str)
def test_wished_agrees_with_the_vectors(vector):
    """A wish is granted as the vectors say, also where JSON can only spell it as a string."""
    delay = wished(float(vector["after"]), vector["own"], vector["cap"], vector["chance"])
    assert delay == pytest.approx(vector["delay"], rel=1e-9, abs=0)


def test_there_are_vectors_enough():
    """The vector file holds at least forty cases and reaches the extremes."""
    assert len(VECTORS["delay"]) >= 40
    assert max(vector["attempt"] for vector in VECTORS["delay"]) >= 10**9
    assert {str(vector["after"]) for vector in VECTORS["wished"]} >= {"NaN", "Infinity"}


@given(backoff=backoffs, attempt=attempts, chance=chances)
def test_delay_stays_within_its_bounds(backoff, attempt, chance):
    """No pause is below nothing, not a number, or above the cap by more than the jitter."""
    delay = backoff.delay(attempt, chance)
    assert math.isfinite(delay)
    assert 0 <= delay <= backoff.cap * (1 + backoff.jitter) * (1 + 1e-12)


@given(backoff=backoffs, attempt=attempts, chance=chances, other=chances)
def test_delay_grows_with_chance(backoff, attempt, chance, other):
    """More chance never means an earlier attempt."""
    low, high = sorted((chance, other))
    assert backoff.delay(attempt, low) <= backoff.delay(attempt, high)


@given(backoff=backoffs, chance=chances, attempt=st.integers(1, 2**31 - 2))
def test_delay_grows_with_the_attempt(backoff, chance, attempt):
    """The same chance never gives a later attempt a shorter pause."""
    assert backoff.delay(attempt, chance) <= backoff.delay(attempt + 1, chance)


def test_jitter_is_applied_after_the_cap():
    """Jobs that have reached the cap still spread out over half of it."""
    backoff = Backoff(base=1, factor=2, cap=60)
    spread = [backoff.delay(50, step / 8) for step in range(8)]
    assert spread[0] == 45
    assert all(later - sooner == pytest.approx(3.75) for sooner, later in pairwise(spread))


@given(after=seconds, own=seconds, cap=seconds, chance=chances)
def test_wished_only_adds(after, own, cap, chance):
    """A granted wish is never sooner than either side asked, and at most a tenth later."""
    due = max(own, min(after, cap))
    assert due <= wished(after, own, cap, chance) <= due * 1.1 * (1 + 1e-12)


@given(after=seconds, own=seconds, cap=seconds, chance=chances, other=chances)
def test_wished_grows_with_chance(after, own, cap, chance, other):
    """More chance never brings a wished pause forward."""
    low, high = sorted((chance, other))
    assert wished(after, own, cap, low) <= wished(after, own, cap, high)


@given(
    after=st.one_of(
        st.sampled_from([math.nan, math.inf, -math.inf]), st.floats(max_value=0, exclude_max=True)
    ),
    own=seconds,
    cap=seconds,
    chance=chances,
)
def test_impossible_wishes_are_ignored(after, own, cap, chance):
    """A wish that is negative or not finite leaves our own pause as it was."""
    assert wished(after, own, cap, chance) == own


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", -1.0),
        ("base", math.nan),
        ("factor", 0.5),
        ("factor", math.inf),
        ("cap", -0.1),
        ("cap", math.inf),
        ("jitter", -0.1),
        ("jitter", 1.5),
        ("jitter", math.nan),
    ],
)
def test_unusable_numbers_are_named(name, value):
    """A backoff that could not be computed is refused when it is made, by the number's name."""
    numbers = {"base": 1.0, "factor": 2.0, "cap": 60.0, "jitter": 0.25, name: value}
    with pytest.raises(ValueError, match=f"backoff {name} is"):
        Backoff(**numbers)
