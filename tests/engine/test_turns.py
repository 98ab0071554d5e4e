"""Turns: one tenant that floods a queue does not make the others wait."""

from collections import Counter

import pytest


def _flood(queue, count, tenant, **options):
    queue.enqueue_many(
        *({"queue": "default", "kind": f"{tenant}{n}", "tenant": tenant, **options}
          for n in range(count))
    )  # fmt: skip


def _tenants(jobs):
    return Counter(job.tenant for job in jobs)


def _finish(queue, jobs):
    queue.settle(*(
        {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
    ))  # fmt: skip


def test_each_tenant_gets_its_share(queue):
    """However much one has queued before, a claim is shared out equally."""
    _flood(queue, 300, "flood")
    for tenant in ("a", "b", "c"):
        _flood(queue, 50, tenant)
    assert _tenants(queue.claim(limit=40)) == {"flood": 10, "a": 10, "b": 10, "c": 10}


def test_what_others_do_not_use_goes_to_who_has_more(queue):
    """A claim is full as long as anybody has jobs."""
    _flood(queue, 100, "flood")
    _flood(queue, 2, "a")
    assert _tenants(queue.claim(limit=40)) == {"flood": 38, "a": 2}


@pytest.mark.parametrize("flooded", [False, True])
def test_a_small_tenant_waits_as_long_with_a_flood_as_without(queue, flooded):
    """Each job of a small tenant is in the claim after it came, flood or not."""
    if flooded:
        _flood(queue, 1000, "flood")
    for n in range(10):
        queue.enqueue(kind=f"small {n}", tenant="small")
        jobs = queue.claim(limit=4)
        assert f"small {n}" in {job.kind for job in jobs}
        _finish(queue, jobs)


def test_jobs_without_a_tenant_share_as_one(queue):
    """They neither wait behind a flood nor are one."""
    _flood(queue, 100, "flood")
    for _ in range(100):
        queue.enqueue()
    assert _tenants(queue.claim(limit=10)) == {"flood": 5, None: 5}


def test_one_job_at_a_time_goes_round(queue):
    """A claim of one job serves another tenant each time, and those without one, too."""
    for tenant in ("a", "b", "c"):
        _flood(queue, 20, tenant)
    for _ in range(20):
        queue.enqueue()
    served = _tenants(queue.claim(limit=1)[0] for _ in range(40))
    assert served == {"a": 10, "b": 10, "c": 10, None: 10}


def test_more_tenants_than_a_claim_can_serve(queue):
    """Fifty tenants and ten jobs a claim: after five claims everybody was served once."""
    for n in range(50):
        _flood(queue, 3, f"tenant {n}")
    served = Counter()
    for _ in range(5):
        served += _tenants(queue.claim(limit=10))
    assert set(served.values()) == {1}
    assert len(served) == 50


def test_urgent_jobs_come_first_whoever_has_them(queue):
    """Priority goes before the turn, and before the tenant's own that came earlier."""
    _flood(queue, 10, "a", priority=5)
    _flood(queue, 10, "b", priority=1)
    jobs = queue.claim(limit=10)
    assert [job.kind[0] for job in jobs] == ["b"] * 5 + ["a"] * 5
    _flood(queue, 1, "a", priority=0)
    assert [job.kind for job in queue.claim(limit=2)] == ["a0", "b5"]


def test_a_tenants_own_jobs_stay_in_order(queue):
    """Within a tenant the order is that of arrival."""
    _flood(queue, 30, "a")
    _flood(queue, 30, "b")
    jobs = queue.claim(limit=20)
    for tenant in "ab":
        mine = [job.kind for job in jobs if job.tenant == tenant]
        assert mine == [f"{tenant}{n}" for n in range(10)]


def test_claims_at_the_same_time_share_out_different_jobs(queue, another):
    """A second claim passes over what the first has in its hands, and is full."""
    _flood(queue, 100, "flood")
    _flood(queue, 4, "a")
    first, second = another(), another()
    first.run("begin")
    mine = first.claim(limit=20)
    others = second.claim(limit=20)
    first.run("commit")
    assert len(mine) == len(others) == 20
    assert not {job.id for job in mine} & {job.id for job in others}


def test_a_tenant_may_run_so_many_at_once(queue):
    """max_running_per_tenant holds over claims; nobody else is stopped by it."""
    queue.policy(max_running_per_tenant=3)
    _flood(queue, 20, "flood")
    _flood(queue, 2, "a")
    queue.enqueue()
    jobs = queue.claim(limit=20)
    assert _tenants(jobs) == {"flood": 3, "a": 2, None: 1}
    assert queue.claim() == []
    _finish(queue, [job for job in jobs if job.kind == "flood0"])
    (more,) = queue.claim()
    assert more.kind == "flood3"


def test_no_tenant_is_an_empty_name(queue):
    """An empty tenant is refused: it would have no place among the turns."""
    error = queue.failure("select enqueue('default', 'k', '{}', '{\"tenant\": \"\"}')")
    assert error.sqlstate == "JQ005"


@pytest.mark.parametrize("limit", [3, 4, 5, 7])
def test_a_claim_that_can_not_be_shared_out_evenly_leaves_nobody_out(queue, limit):
    """With as many jobs as tenants or more, each tenant is in the claim, and none has two more."""
    for tenant in ("a", "b", "c"):
        _flood(queue, 10, tenant)
    counts = _tenants(queue.claim(limit=limit))
    assert len(counts) == 3
    assert max(counts.values()) - min(counts.values()) <= 1


def test_what_a_small_tenant_leaves_is_shared_out_as_well(queue):
    """Those who have more get as much of it one as the other."""
    _flood(queue, 2, "a")
    for tenant in ("b", "c"):
        _flood(queue, 100, tenant)
    assert _tenants(queue.claim(limit=40)) == {"a": 2, "b": 19, "c": 19}


def test_a_tenant_that_may_not_run_more_takes_no_place(queue):
    """A claim finds who may run, also behind tenants that are full; it does not come back empty."""
    queue.policy(max_running_per_tenant=1)
    for tenant in ("a", "b"):
        _flood(queue, 5, tenant)
    assert _tenants(queue.claim(limit=10)) == {"a": 1, "b": 1}
    _flood(queue, 5, "c")
    assert _tenants(queue.claim(limit=1)) == {"c": 1}


def test_a_turn_whose_jobs_others_take_passes_on(queue, another):
    """A claim of one whose turn is a tenant's that has nothing to give takes from the next one."""
    _flood(queue, 1, "a")
    _flood(queue, 2, "b")
    other = another()
    with other.transaction():
        other.run("select from ready_jobs where tenant = 'a' for update")
        assert _tenants(queue.claim(limit=1)) == {"b": 1}
    assert _tenants(queue.claim(limit=5)) == {"a": 1, "b": 1}
