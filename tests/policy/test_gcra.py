"""The arithmetic of rate limits, against the vectors that every language reads."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.policy.gcra import Quota

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "gcra.json").read_text())
quotas = st.builds(
    Quota, quota=st.integers(1, 10**6), per=st.floats(1, 1e6), burst=st.none() | st.integers(1, 300)
)


@pytest.mark.parametrize("v", VECTORS, ids=lambda v: v["story"])
def test_agrees_with_the_vectors(v):
    """What is left, and what a charge makes of it, is what was computed by hand."""
    quota = Quota(v["quota"], v["per"], v["burst"])
    assert quota.left(v["full_at"], v["now"]) == v["left"]
    assert quota.after(v["full_at"], v["units"], v["now"]) == v["after"]
    assert quota.wait_s(v["full_at"], v["units"], v["now"]) == pytest.approx(v["wait"])


@given(quotas, st.lists(st.integers(1, 50), max_size=50))
def test_a_burst_always_fits_and_no_more(quota, costs):
    """Units charged one by one at a moment add up to the burst exactly, whatever the rounding."""
    full_at, taken = 0, 0
    for cost in costs:
        fits = taken + cost <= quota.most
        assert (quota.left(full_at, 0) >= cost) == fits
        if fits:
            full_at, taken = quota.after(full_at, cost, 0), taken + cost


@given(quotas, st.integers(0, 10**6), st.integers(1, 10**6))
def test_waiting_as_told_is_enough(quota, used, cost):
    """Whoever waits for as long as was said is not refused again."""
    full_at = quota.after(0, min(used, quota.most), 0)
    wait = quota.wait_s(full_at, cost, 0)
    if wait is None:
        assert cost > quota.most
    else:
        assert quota.left(full_at, int(wait * 1e9) + 1) >= cost


@pytest.mark.parametrize("bad", [{"quota": 0}, {"per": 0}, {"burst": 0}, {"per": float("nan")},
                                 {"quota": 10**9, "per": 0.5}])  # fmt: skip
def test_what_is_out_of_range_is_refused(bad):
    """A limit that cannot be kept is an error where it is made."""
    with pytest.raises(ValueError, match=r"are 1 to|per is|per second"):
        Quota(**{"quota": 1, "per": 1.0, **bad})
