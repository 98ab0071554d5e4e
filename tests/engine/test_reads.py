"""What the calls read grows neither with what was there before, nor with what is beside it.

It is counted by the server itself, so these tests speak of rows and not of time.
"""

from datetime import timedelta

import psycopg
import pytest
from tests.engine.filled import STEP, drain, fill, move_past, others_are_done
from tests.reads import counted

SCANS = """
    select relname, pg_stat_get_xact_numscans(oid) from pg_class
    where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
      and relname ~ '^(ready|deferred|leased|finished|dead)_'
"""


PLANNED = "select next_due('default')"  # to plan is to look at the ends of an index, too
WALKED = """
    select pg_stat_get_xact_tuples_returned('ready_jobs_claim'::regclass)
         + pg_stat_get_xact_tuples_returned('ready_jobs_tenant'::regclass)
         + pg_stat_get_xact_tuples_returned('ready_jobs_expiry'::regclass)
"""


@pytest.mark.parametrize("tenant", [{}, {"tenant": "acme"}], ids=["plain", "tenant"])
def test_a_claim_does_not_walk_over_what_was_claimed_before(queue, old_snapshot, tenant):
    """With an old snapshot open, a claim after 14 000 others still reads few index entries."""
    for lap in range(2):
        fill(queue, 7000, **tenant)
        drain(queue, 7000, second=100 * lap)
    fill(queue, 20, **tenant)
    with queue.transaction():
        queue.at(300)
        before = queue.one(WALKED)
        assert len(queue.claim(limit=10)) == 10
        assert queue.one(WALKED) - before < (10 if tenant else 4) * STEP


@pytest.mark.parametrize(
    "look",
    [
        "next_due('default')",
        "move_mark(m, 'default', 1000000, clock()) from ready_marks m order by number desc limit 1",
    ],
)
def test_no_look_walks_over_leases_that_have_ended(queue, old_snapshot, look):
    """With an old snapshot open, the leases of settled jobs are passed over though they run on."""
    fill(queue, 4 * STEP)
    drain(queue, 4 * STEP)
    leases = "select pg_stat_get_xact_tuples_returned('leased_jobs_lease'::regclass)"
    queue.run(PLANNED)
    with queue.transaction():
        queue.at(12)
        before = queue.one(leases)
        queue.run(f"select {look}")
        assert queue.one(leases) - before < 10


@pytest.mark.parametrize("analyzed", [False, True], ids=["fresh", "analyzed"])
def test_what_a_claim_reads_does_not_grow_with_the_tables(queue, analyzed):
    """Among thousands of ready, waiting and finished jobs a claim reads no table whole."""
    fill(queue, 3000)
    drain(queue, 3000)
    fill(queue, 5000)
    fill(queue, 3000, run_at="2031-01-01T00:00Z")
    if analyzed:
        queue.run("analyze")
    queue.at(500)
    with queue.transaction():
        before, scans = queue.one(WALKED), dict(queue.all(SCANS))
        jobs = queue.claim(limit=10)
        assert queue.one(WALKED) - before < 4 * STEP
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
        ))  # fmt: skip
        queue.enqueue()
        queue.enqueue(dedupe_key="a")
        queue.enqueue(ordering_key="b")
        queue.run("select next_due('default')")
        assert dict(queue.all(SCANS)) == scans


def test_what_comes_next_is_read_from_an_index(queue):
    """Also where the statistics are of an hour in which nothing ran and nothing waited."""
    queue.run("vacuum (full, analyze) leased_jobs")
    queue.run("vacuum (full, analyze) deferred_jobs")
    with queue.transaction():
        scans = dict(queue.all(SCANS))
        queue.run("select next_due('default')")
        assert dict(queue.all(SCANS)) == scans


@pytest.mark.parametrize("what", ["lease", "retry"])
def test_what_ran_out_long_ago_is_not_walked_over(queue, old_snapshot, what):
    """With an old snapshot open, thousands of leases or retries that are over cost little."""
    queue.policy(lease="1 s", retry_base="1 s", retry_cap="1 s", retry_jitter=0)
    index = "leased_jobs_lease" if what == "lease" else "deferred_jobs_due"
    walked = f"select pg_stat_get_xact_tuples_returned('{index}'::regclass)"
    fill(queue, 5000)
    for n in range(10):
        others_are_done(queue)
        queue.at(60 * n)
        verdict = "delivered" if what == "lease" or n > 4 else "retry"
        jobs = queue.claim(limit=1000)
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": verdict} for job in jobs
        ))  # fmt: skip
    fill(queue, 4000)
    drain(queue, 4000, second=1000)
    fill(queue, 10)
    queue.run(PLANNED)
    with queue.transaction():
        queue.at(2000)
        before = queue.one(walked)
        assert len(queue.claim()) == 10
        claimed = queue.one(walked)
        queue.run("select next_due('default')")
        assert max(claimed - before, queue.one(walked) - claimed) < 3 * STEP


def test_maintenance_begins_at_the_marks_but_once_a_minute(queue, old_snapshot):
    """With an old snapshot open, it walks over what is over once a minute of whatever clock."""
    queue.policy(lease="1 s", retry_base="1 s", retry_cap="1 s", retry_jitter=0)
    fill(queue, 3500, expires_at="2030-01-01T13:00Z")
    for n in range(3):
        queue.at(60 * n)
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered" if n else "retry"}
            for job in queue.claim(limit=STEP)
        ))  # fmt: skip
    queue.at(3700)
    queue.run("select maintain()")
    queue.policy(lease="1 day")
    move_past(queue, 3600, begin=3800)
    read = {}
    for second in (5800, 5859, 5860, 5700):
        queue.at(second)
        with counted(queue.connection) as read[second]:
            queue.run("select maintain()")
    for table in ("leased_jobs", "deferred_jobs", "ready_jobs"):
        assert read[5859][table] < 10, table
    assert min(read[second]["leased_jobs"] for second in (5800, 5860, 5700)) >= STEP
    for second in (3650, 3655):  # what comes below the mark of a clock that was set back
        queue.enqueue(run_at=queue.at(second) + timedelta(seconds=1))
        queue.at(second + 2)
        assert queue.one("select promoted from maintain()") == 1
    late = queue.at(3660)
    queue.enqueue(expires_at=late - timedelta(seconds=2))
    queue.run("update ready_marks set due_from = %s, leased_from = %s, expired_from = %s",
              late, late, late - timedelta(seconds=3))  # fmt: skip
    queue.at(3661)
    assert queue.one("select expired from maintain()") == 1


def test_what_has_expired_is_not_walked_over(queue, old_snapshot):
    """With an old snapshot open, thousands of jobs that expired long ago cost a claim little."""
    fill(queue, 8000, expires_at="2030-01-01T12:01:00Z")
    queue.at(100)
    queue.run("select maintain()")
    assert queue.one("select count(*) from finished_jobs where state = 'expired'") == 8000
    move_past(queue, 60)
    fill(queue, 10)
    walked = "select pg_stat_get_xact_tuples_returned('ready_jobs_expiry'::regclass)"
    with queue.transaction():
        queue.at(3000)
        before = queue.one(walked)
        assert len(queue.claim()) == 10
        assert queue.one(walked) - before < STEP


@pytest.mark.parametrize("quiet", ["fresh", "quiet"])
def test_what_a_batch_reads_does_not_grow_with_the_leases(queue, quiet):
    """Five are kept and settled by few looks, also with statistics of an hour without any."""
    fill(queue, 3000)
    drain(queue, 3000)
    if quiet == "quiet":
        queue.run("analyze leased_jobs")
    fill(queue, 1000)
    queue.at(500)
    jobs = queue.claim(limit=1000)
    reads = """
        select coalesce(sum(pg_stat_get_xact_tuples_returned(indexrelid)), 0)
             + pg_stat_get_xact_tuples_returned('leased_jobs'::regclass)
        from pg_index where indrelid = 'leased_jobs'::regclass"""
    ids, tokens = [job.id for job in jobs[:5]], [job.claim_token for job in jobs[:5]]
    leases = [{"id": str(job.id), "token": str(job.claim_token)} for job in jobs[:5]]
    with queue.transaction():
        before = queue.one(reads)
        queue.run("select * from extend(%s)", psycopg.types.json.Jsonb(leases))
        kept = queue.one(reads)
        assert kept - before <= 30
        queue.run("select * from settle_done(%s::uuid[], %s::uuid[])", ids, tokens)
        assert queue.one(reads) - kept <= 20
    assert queue.one("select count(*) from finished_jobs") == 3005


def test_to_keep_a_few_leases_reads_few_whatever_was_counted(queue):
    """Five of a thousand are kept by few looks, with statistics of a moment with hardly any."""
    fill(queue, 3)
    queue.claim(limit=3)
    queue.run("analyze leased_jobs")
    fill(queue, 1000)
    queue.at(500)
    jobs = queue.claim(limit=1000)
    queue.run("update pg_class set reltuples = 3, relpages = 1 where oid = 'leased_jobs'::regclass")
    leases = [{"id": str(job.id), "token": str(job.claim_token)} for job in jobs[:5]]
    reads = """
        select coalesce(sum(pg_stat_get_xact_tuples_returned(indexrelid)), 0)
             + pg_stat_get_xact_tuples_returned('leased_jobs'::regclass)
        from pg_index where indrelid = 'leased_jobs'::regclass"""
    with queue.transaction():
        before = queue.one(reads)
        queue.run("select * from extend(%s)", psycopg.types.json.Jsonb(leases))
        assert queue.one(reads) - before <= 30


def test_a_plan_that_was_made_when_all_was_empty_stays_good(queue):
    """Statements are planned once a session: what they read does not grow with what comes later."""
    for n in range(7):
        queue.at(n)
        assert queue.claim(limit=10) == []
        queue.run("select * from settle_done(array[new_id()], array[new_id()])")
    fill(queue, 5000)
    fill(queue, 3000, run_at="2031-01-01T00:00Z")
    taken = queue.claim(limit=2000)
    with queue.transaction():
        before, scans = queue.one(WALKED), dict(queue.all(SCANS))
        jobs = queue.claim(limit=10)
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"}
            for job in [*jobs, *taken[:10]]
        ))  # fmt: skip
        queue.enqueue(dedupe_key="a", ordering_key="b")
        assert queue.one(WALKED) - before < 4 * STEP
        assert dict(queue.all(SCANS)) == scans
    assert len(jobs) == 10


def test_a_limited_queue_counts_its_own_leases(queue):
    """How many run of a queue, and of its tenants, is counted without the leases of others."""
    fill(queue, 1000)
    assert len(queue.claim(limit=1000)) == 1000
    queue.run("select create_queue('few', '{\"max_running\": 5, \"max_running_per_tenant\": 2}')")
    queue.enqueue(queue="few", tenant="acme")
    with counted(queue.connection) as read:
        assert len(queue.claim("few")) == 1
        queue.run("select move_mark(null, 'few', 1000, clock()), next_due('few'), rescue('few')")
    assert read["leased_jobs"] < 10


@pytest.mark.parametrize(
    "call", ["enqueue('default', 'x')", "enqueue_payloads('default', 'x', '[1]')"]
)
def test_who_woke_before_is_not_walked_over(queue, old_snapshot, call):
    """With an old snapshot open, an enqueue does not look at all that slept in the last hours."""
    queue.run(
        "select set_idle('w', 'default', t::interval)"
        " from generate_series(1, 500), (values ('-1 s'), (null)) v(t)"
    )
    with counted(queue.connection) as read:
        queue.run(f"select {call}")
    assert read["idle_workers"] < 10


def test_a_long_line_is_not_walked_over_for_each(queue, old_snapshot):
    """With an old snapshot open, all behind an ordering key move up like the first, in order."""
    fill(queue, 300, ordering_key="a")
    queue.run("select hold(id, 'ann') from (table deferred_jobs order by position limit 100) d")
    queue.run("select unhold_many('{}', 'ann')")
    for _ in range(200):
        queue.verdict(queue.claim_one(), "delivered")
    job = queue.claim_one()
    with counted(queue.connection) as read:
        queue.verdict(job, "delivered")
    assert read["deferred_jobs"] < 20
    for n in range(202, 301):
        job = queue.claim_one()
        assert job.kind == f"n{n}"
        queue.verdict(job, "delivered")
    assert queue.claim() == []


def test_a_job_takes_only_the_kinds_of_keys_that_it_has(queue):
    """A dedupe key costs no look for ordering keys, a time none for any key, and none a letter."""
    calls = """
        select proname, coalesce(pg_stat_get_xact_function_calls(oid), 0) from pg_proc
        where proname in ('take_dedupe_keys', 'take_ordering_keys', 'letters_to_revive',
                          'revive_letters') and pronamespace = 'holdfast'::regnamespace"""
    queue.run("set track_functions = 'all'")
    for option, expected in (
        ({"run_at": "2031-01-01T00:00Z"}, []),
        ({"dedupe_key": "a"}, ["take_dedupe_keys"]),
        ({"ordering_key": "a"}, ["take_ordering_keys"]),
    ):
        with queue.transaction():
            before = dict(queue.all(calls))
            queue.enqueue(**option)
            after = dict(queue.all(calls))
        assert [name for name, count in after.items() if count > before[name]] == expected
