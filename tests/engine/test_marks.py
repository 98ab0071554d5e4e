"""Marks: a claim begins where the ready jobs begin, and never behind one of them.

What a claim reads is counted by the server itself, so these tests speak of rows and not of time.
"""

import time
from datetime import timedelta

import psycopg
import pytest
from tests.reads import counted

STEP = 1000  # marks.sql moves in steps of so many jobs
SCANS = """
    select relname, pg_stat_get_xact_numscans(oid) from pg_class
    where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
      and relname ~ '^(ready|deferred|leased|finished|dead)_'
"""
WALKED = """
    select pg_stat_get_xact_tuples_returned('ready_jobs_claim'::regclass)
         + pg_stat_get_xact_tuples_returned('ready_jobs_tenant'::regclass)
         + pg_stat_get_xact_tuples_returned('ready_jobs_expiry'::regclass)
"""


def _fill(queue, count, **options):
    queue.run(
        "select from enqueue_many((select jsonb_agg(jsonb_build_object('queue', 'default', 'kind',"
        " 'n' || n) || %s) from generate_series(1, %s::integer) n))",
        psycopg.types.json.Jsonb(options),
        count,
    )


def _others_are_done(queue):
    """Wait for transactions of other tests on this server: a mark waits for them, too."""
    for _ in range(2000):
        if queue.one("select count(*) from pg_snapshot_xip(pg_current_snapshot())") == 0:
            return
        time.sleep(0.005)


def _drain(queue, count, second=0, batch=500, calm=True):
    """Claim and finish so many jobs, a second of the clock for each batch."""
    for n in range(count // batch):
        if calm:
            _others_are_done(queue)
        queue.at(second + n + 1)
        jobs = queue.claim(limit=batch)
        assert len(jobs) == batch
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
        ))  # fmt: skip


def _mark(queue, column="marks[6]"):
    return queue.one(
        f"select coalesce((select {column} from ready_marks order by number desc limit 1), 0)"
    )


@pytest.fixture
def old_snapshot(another):
    """A session somewhere else that holds a snapshot open, as a dump or a report does."""
    session = another()
    session.run("begin isolation level repeatable read")
    session.one("select count(*) from queues")
    yield session
    session.run("rollback")


@pytest.mark.parametrize("tenant", [{}, {"tenant": "acme"}], ids=["plain", "tenant"])
def test_a_claim_does_not_walk_over_what_was_claimed_before(queue, old_snapshot, tenant):
    """With an old snapshot open, a claim after 14 000 others still reads few index entries."""
    for lap in range(2):
        _fill(queue, 7000, **tenant)
        _drain(queue, 7000, second=100 * lap)
    _fill(queue, 20, **tenant)
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
    _fill(queue, 4 * STEP)
    _drain(queue, 4 * STEP)
    leases = "select pg_stat_get_xact_tuples_returned('leased_jobs_lease'::regclass)"
    with queue.transaction():
        queue.at(12)
        before = queue.one(leases)
        queue.run(f"select {look}")
        assert queue.one(leases) - before < 10


def test_a_commit_that_comes_late_is_found(queue, another):
    """A job whose place was drawn before the mark moved, and committed after, is not lost."""
    late = another()
    late.run("begin")
    late.enqueue(kind="late")
    _fill(queue, 3 * STEP)
    _drain(queue, 3 * STEP, calm=False)
    late.run("commit")
    (job,) = queue.claim()
    assert job.kind == "late"


def test_a_transaction_is_numbered_before_it_draws_a_place(queue):
    """That is what a mark stands on: a place in the order is never older than its transaction."""
    with queue.transaction():
        assert queue.one("select pg_current_xact_id_if_assigned()") is None
        queue.run("select make_durable()")
        assert queue.one("select pg_current_xact_id_if_assigned()") is not None


def test_the_mark_moves_on_once_the_late_one_is_over(queue, another):
    """A transaction that stays open stops the mark, and only as long as it is open."""
    late = another()
    _fill(queue, 5 * STEP)
    _drain(queue, STEP, calm=False)
    late.run("begin")
    late.enqueue(kind="late")
    _drain(queue, 2 * STEP, second=100, calm=False)
    stopped = _mark(queue)
    late.run("rollback")
    _drain(queue, 2 * STEP, second=200, calm=False)
    _fill(queue, 2 * STEP)
    _drain(queue, 2 * STEP, second=300, calm=False)
    assert _mark(queue) > stopped


def test_a_claim_that_is_rolled_back_leaves_its_jobs_above_the_mark(queue, another):
    """Jobs that a dying session had in its hands are handed out again."""
    _fill(queue, 4 * STEP)
    dying = another()
    dying.run("begin")
    taken = {job.id for job in dying.claim(limit=10)}
    _drain(queue, 3 * STEP + 500, calm=False)
    dying.run("rollback")
    queue.at(1000)
    assert taken <= {job.id for job in queue.claim(limit=4000)}


def test_each_priority_has_its_mark(queue):
    """Old work that waits at a low priority does not hold back the mark of the others."""
    _fill(queue, 5, priority=9)
    _fill(queue, 4 * STEP)
    _drain(queue, 4 * STEP)
    assert _mark(queue) > STEP
    assert _mark(queue, "marks[10]") < _mark(queue)
    queue.at(1000)
    assert len(queue.claim()) == 5


def test_marks_of_a_table_that_was_begun_anew_are_forgotten(queue):
    """After TRUNCATE … RESTART IDENTITY old marks would hide every job; maintenance drops them."""
    _fill(queue, 3 * STEP)
    _drain(queue, 3 * STEP)
    queue.run("truncate ready_jobs restart identity")
    queue.enqueue()
    assert queue.claim() == []
    queue.run("select maintain()")
    assert len(queue.claim()) == 1


def test_passed_marks_are_pruned(queue):
    """Of each queue's marks the latest stays, whatever its age."""
    _fill(queue, 4 * STEP)
    _drain(queue, 4 * STEP)
    assert queue.one("select count(*) from ready_marks") > 1
    queue.at(1000)
    queue.run("select maintain()")
    assert queue.one("select count(*) from ready_marks") == 1


def test_nothing_is_marked_from_a_snapshot_that_stands_still(queue):
    """In a REPEATABLE READ transaction the present cannot be seen: no mark is made from it."""
    _fill(queue, 2 * STEP)
    queue.run("begin isolation level repeatable read")
    _drain(queue, 2 * STEP)
    queue.run("commit")
    assert queue.one("select count(*) from ready_marks") == 0


@pytest.mark.parametrize("analyzed", [False, True], ids=["fresh", "analyzed"])
def test_what_a_claim_reads_does_not_grow_with_the_tables(queue, analyzed):
    """Among thousands of ready, waiting and finished jobs a claim reads no table whole."""
    _fill(queue, 3000)
    _drain(queue, 3000)
    _fill(queue, 5000)
    _fill(queue, 3000, run_at="2031-01-01T00:00Z")
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
    _fill(queue, 5000)
    for n in range(10):
        queue.at(60 * n)
        verdict = "delivered" if what == "lease" or n > 4 else "retry"
        jobs = queue.claim(limit=1000)
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": verdict} for job in jobs
        ))  # fmt: skip
    _fill(queue, 4000)
    _drain(queue, 4000, second=1000)
    _fill(queue, 10)
    with queue.transaction():
        queue.at(2000)
        before = queue.one(walked)
        assert len(queue.claim()) == 10
        claimed = queue.one(walked)
        queue.run("select next_due('default')")
        assert max(claimed - before, queue.one(walked) - claimed) < 3 * STEP


@pytest.mark.parametrize("what", ["due", "lost", "expired"])
def test_what_time_brings_in_numbers_is_not_passed(queue, what):
    """A mark stays before what claims have not brought in yet, since each brings in some of it."""
    queue.policy(lease="5 s")
    named = {"due": "run_at", "expired": "expires_at"}
    times = {named[what]: "2030-01-01T12:00:05Z"} if what in named else {}
    _fill(queue, 4000 if what == "due" else 2000, **times)
    if what == "lost":
        queue.claim(limit=2000)
    _fill(queue, 4400)
    _drain(queue, 4400, second=10, batch=200)
    left = {
        "due": "select count(*) from deferred_jobs",
        "lost": "select count(*) from leased_jobs where lease_until <= clock()",
        "expired": "select count(*) from ready_jobs where expires_at <= clock()",
    }
    assert queue.one(left[what]) == 0
    latest = "select (mark_of('default')).number = max(number) and count(*) > 2 from ready_marks"
    assert queue.one(latest)


def test_maintenance_begins_at_the_marks_but_once_a_minute(queue, old_snapshot):
    """With an old snapshot open, it walks over what is over once a minute of whatever clock."""
    queue.policy(lease="1 s", retry_base="1 s", retry_cap="1 s", retry_jitter=0)
    _fill(queue, 3500, expires_at="2030-01-01T13:00Z")
    for n in range(3):
        queue.at(60 * n)
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered" if n else "retry"}
            for job in queue.claim(limit=STEP)
        ))  # fmt: skip
    queue.at(3700)
    queue.run("select maintain()")
    queue.policy(lease="1 day")
    _move_past(queue, 3600, begin=3800)
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


@pytest.mark.parametrize("what", ["lease", "retry"])
def test_what_is_left_behind_a_mark_of_time_comes_back(queue, what):
    """A lease that ran out and a retry that is due come back, however far the marks have moved."""
    queue.policy(lease="2 minutes", retry_base="2 minutes", retry_jitter=0)
    first = queue.enqueue(kind="first")
    job = queue.claim_one()
    if what == "retry":
        queue.verdict(job, "retry")
    _fill(queue, 6000)
    for n in range(12):
        queue.at(10 * n)
        jobs = queue.claim(limit=500)
        assert first not in {job.id for job in jobs}
        queue.settle(*(
            {"id": job.id, "token": job.claim_token, "verdict": "delivered"} for job in jobs
        ))  # fmt: skip
    queue.at(121)
    assert first in {job.id for job in queue.claim(limit=500)}


@pytest.mark.parametrize("what", ["snoozed", "lost"])
def test_what_comes_back_after_it_expired_comes_back_now(queue, what):
    """Not in the past: what people read is when it came back."""
    late = queue.enqueue(expires_at=queue.at(10))
    queue.at(0)
    job = queue.claim_one()
    now = queue.at(1000)
    if what == "snoozed":
        queue.verdict(job, "snooze")
    else:
        queue.run("select rescue()")
    assert queue.job(late).run_at == now


def test_a_failure_after_the_job_expired_is_ended(queue):
    """A job that fails when it is over already is handed to nobody, and maintenance ends it."""
    queue.policy(lease="1 hour")
    late = queue.enqueue(expires_at=queue.at(100))
    queue.at(0)
    job = queue.claim_one()
    _fill(queue, 8 * STEP)
    _drain(queue, 8 * STEP, second=105)
    queue.at(200)
    assert queue.verdict(job, "retry") == (True, "ready")
    queue.enqueue()
    assert late not in {job.id for job in queue.claim()}
    queue.run("select maintain()")
    assert queue.state(late) == "expired"


def _move_past(queue, second, begin=1000):
    """Drain until the mark of what expires has passed a second of the clock."""
    passed = f"expired_from > '2030-01-01T12:00Z'::timestamptz + interval '{second} s'"
    for lap in range(10):
        _fill(queue, 2 * STEP)
        _drain(queue, 2 * STEP, second=begin + 100 * lap)
        if queue.one(f"select coalesce(bool_or({passed}), false) from ready_marks"):
            return
    pytest.fail("the mark does not move")


def test_what_has_expired_is_not_walked_over(queue, old_snapshot):
    """With an old snapshot open, thousands of jobs that expired long ago cost a claim little."""
    _fill(queue, 8000, expires_at="2030-01-01T12:01:00Z")
    queue.at(100)
    queue.run("select maintain()")
    assert queue.one("select count(*) from finished_jobs where state = 'expired'") == 8000
    _move_past(queue, 60)
    _fill(queue, 10)
    walked = "select pg_stat_get_xact_tuples_returned('ready_jobs_expiry'::regclass)"
    with queue.transaction():
        queue.at(3000)
        before = queue.one(walked)
        assert len(queue.claim()) == 10
        assert queue.one(walked) - before < STEP


def test_what_expires_behind_the_mark_is_not_run(queue):
    """A job that has expired when it comes is ended by maintenance, and handed to nobody."""
    _move_past(queue, 30, begin=100)
    late = queue.enqueue(kind="late", expires_at="2030-01-01T12:00:10Z")
    assert late not in {job.id for job in queue.claim()}
    queue.run("select maintain()")
    assert queue.state(late) == "expired"


def test_what_expires_after_the_mark_is_ended_by_a_claim(queue):
    """However far the mark has moved, a claim ends what expires next."""
    _fill(queue, 6000)
    last = queue.enqueue(kind="last", expires_at="2030-01-01T12:05:00Z", priority=9)
    _drain(queue, 6000)
    assert queue.state(last) == "ready"
    queue.at(301)
    assert queue.claim() == []
    assert queue.state(last) == "expired"


@pytest.mark.parametrize("quiet", ["fresh", "quiet"])
def test_what_a_batch_reads_does_not_grow_with_the_leases(queue, quiet):
    """Five are kept and settled by few looks, also with statistics of an hour without any."""
    _fill(queue, 3000)
    _drain(queue, 3000)
    if quiet == "quiet":
        queue.run("analyze leased_jobs")
    _fill(queue, 1000)
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
    _fill(queue, 3)
    queue.claim(limit=3)
    queue.run("analyze leased_jobs")
    _fill(queue, 1000)
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
    _fill(queue, 5000)
    _fill(queue, 3000, run_at="2031-01-01T00:00Z")
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
    _fill(queue, 1000)
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
    _fill(queue, 300, ordering_key="a")
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
