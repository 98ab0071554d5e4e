"""Ordering keys: jobs of one queue and key run one after the other, in the order of the commits."""

from datetime import timedelta

import pytest


def _line(queue, *names, **options):
    return {name: queue.enqueue(kind=name, ordering_key="line", **options) for name in names}


def _kinds(jobs):
    return [job.kind for job in jobs]


def test_one_after_the_other(queue):
    """Only the first of a key is handed out; the next one when it is done."""
    _line(queue, "a", "b", "c")
    for name in "abc":
        (job,) = queue.claim()
        assert (job.kind, job.ordering_key) == (name, "line")
        assert queue.claim() == []
        queue.verdict(job, "delivered")
    assert queue.all("select * from ordering_keys") == []


def test_keys_and_queues_do_not_wait_for_each_other(queue):
    """Another key, the same key in another queue, and jobs without one, run at the same time."""
    queue.policy("other")
    queue.enqueue(ordering_key="a")
    queue.enqueue(ordering_key="b")
    queue.enqueue()
    queue.enqueue("other", ordering_key="a")
    assert len(queue.claim()) == 3
    assert len(queue.claim("other")) == 1


@pytest.mark.parametrize("how", ["retry", "snooze", "lost", "unknown", "released"])
def test_a_head_that_comes_back_stays_the_head(queue, how):
    """A job that is retried, snoozed, rescued or released goes before those that came after it."""
    queue.policy(lease="10 seconds", retry_jitter=0, on_unknown="resend")
    _line(queue, "a", "b")
    (job,) = queue.claim()
    if how == "lost":
        queue.at(10)
    elif how == "released":
        queue.run(
            "select release(jsonb_build_array(jsonb_build_object('id', %s::uuid, 'token',"
            " %s::uuid)))",
            job.id,
            job.claim_token,
        )
    else:
        queue.verdict(job, how, after=10)
        assert queue.claim() == []
        queue.at(60)
    (again,) = queue.claim()
    assert again.kind == "a"
    queue.verdict(again, "delivered")
    assert _kinds(queue.claim()) == ["b"]


@pytest.mark.parametrize(
    "how", ["dead", "cancelled", "expired", "exhausted", "poison", "discarded"]
)
def test_the_end_of_the_head_moves_the_line_up(queue, how):
    """However the first of a key ends, the next one may run."""
    queue.policy(lease="10 seconds", max_attempts=1 if how == "exhausted" else 8, max_crashes=1)
    expires = {"expires_at": queue.at(0) + timedelta(seconds=5)} if how == "expired" else {}
    head = queue.enqueue(kind="a", ordering_key="line", **expires)
    _line(queue, "b", "c")
    if how == "expired":
        queue.at(5)
    elif how == "cancelled":
        queue.run("select cancel(%s, 'ann')", head)
    else:
        job = queue.claim_one()
        if how == "poison":
            queue.at(10)
            queue.run("select rescue()")
        else:
            queue.verdict(job, "retry" if how == "exhausted" else "dead")
        if how == "discarded":
            queue.run("select discard_dead_letters('{}', 'ann', 'gone')")
    queue.claim()
    assert _kinds(queue.all("select * from leased_jobs")) == ["b"]


def test_a_cancelled_one_in_the_line_leaves_the_line(queue):
    """A job that waits in a line can be cancelled; the head and the others are not moved."""
    ids = _line(queue, "a", "b", "c")
    queue.run("select cancel(%s, 'ann')", ids["b"])
    (job,) = queue.claim()
    queue.verdict(job, "delivered")
    assert _kinds(queue.claim()) == ["c"]


def test_a_head_in_the_future_holds_the_line(queue):
    """A head that is due later keeps its place: the others wait for it."""
    queue.enqueue(kind="a", ordering_key="line", run_at=queue.at(0) + timedelta(seconds=60))
    _line(queue, "b")
    assert queue.claim() == []
    queue.at(60)
    (job,) = queue.claim()
    assert job.kind == "a"
    queue.verdict(job, "delivered")
    assert _kinds(queue.claim()) == ["b"]


def test_one_in_the_line_that_is_due_later_waits_for_its_time(queue):
    """When its turn comes before its time, a job waits for its time and holds the line."""
    _line(queue, "a")
    queue.enqueue(kind="b", ordering_key="line", run_at=queue.at(0) + timedelta(seconds=60))
    _line(queue, "c")
    queue.verdict(queue.claim_one(), "delivered")
    assert queue.claim() == []
    queue.at(60)
    assert _kinds(queue.claim()) == ["b"]


def test_priority_does_not_overtake_in_a_line(queue):
    """Within one key the order of the commits counts, whatever the priority."""
    queue.enqueue(kind="a", ordering_key="line", priority=9)
    queue.enqueue(kind="b", ordering_key="line", priority=0)
    assert _kinds(queue.claim()) == ["a"]


def test_the_order_is_that_of_the_commits(queue, another, background):
    """A sender waits for the open transaction that has the key before it, and comes after it."""
    others = [another(), another()]
    with queue.transaction():
        _line(queue, "a")
        waiting = [
            background(other, _line, other, name) for other, name in zip(others, "bc", strict=True)
        ]
        assert not any(future.done() for future in waiting)
        _line(queue, "a2")
    for future in waiting:
        future.result(60)
    order = []
    while jobs := queue.claim():
        order.append(jobs[0].kind)
        queue.verdict(jobs[0], "delivered")
    assert order in (["a", "a2", "b", "c"], ["a", "a2", "c", "b"])


def test_the_end_of_the_head_waits_for_a_sender(queue, another, background):
    """A head that ends while a sender's transaction is open does not leave the new job behind."""
    _line(queue, "a")
    job = queue.claim_one()
    worker = another()
    with queue.transaction():
        _line(queue, "b")
        settling = background(worker, worker.verdict, job, "delivered")
        assert not settling.done()
    assert settling.result(60) == (True, "done")
    assert _kinds(queue.claim()) == ["b"]


def test_a_sender_waits_for_the_end_of_the_head(queue, another, background):
    """A job enqueued while the last of its line is ending becomes the head itself."""
    _line(queue, "a")
    job = queue.claim_one()
    sender = another()
    with queue.transaction():
        queue.verdict(job, "delivered")
        sending = background(sender, _line, sender, "b")
        assert not sending.done()
    sending.result(60)
    assert _kinds(queue.claim()) == ["b"]


def test_senders_of_the_same_keys_in_another_order(queue, another, background):
    """Two arrays that touch the same keys in opposite order both succeed: no deadlock."""
    one, two = another(), another()

    def jobs(*keys):
        return [{"queue": "default", "kind": key, "ordering_key": key} for key in keys]

    with queue.transaction():
        queue.enqueue_many(*jobs("m", "n"))  # holds both up when each has its first key
        first = background(one, one.enqueue_many, *jobs("b", "m", "a"))
        second = background(two, two.enqueue_many, *jobs("a", "n", "b"))
    assert len(first.result(60)) == len(second.result(60)) == 3


def test_settling_and_sending_in_another_order(queue, another, background):
    """A batch that ends the heads of two lines and a sender to both never block each other."""
    queue.enqueue(kind="a", ordering_key="a")
    queue.enqueue(kind="b", ordering_key="b")
    jobs = {job.kind: job for job in queue.claim()}
    results = [{"id": jobs[k].id, "token": jobs[k].claim_token, "verdict": "dead"} for k in "ba"]
    worker, sender, holder = another(), another(), another()
    item = [{"queue": "default", "kind": k, "ordering_key": k} for k in ("a", "aa", "b")]
    with holder.transaction():
        holder.enqueue(kind="aa", ordering_key="aa")
        sending = background(sender, sender.enqueue_many, *item)
        settling = background(worker, worker.settle, *results)
    assert len(sending.result(60)) == 3
    assert {row.state for row in settling.result(60)} == {"dead"}


def test_settling_and_cancelling_two_of_a_key(queue, another, background):
    """All leases of a batch are taken before any key, also of what is only set aside."""
    queue.policy(max_running_per_key=2)
    jobs = [queue.enqueue(ordering_key="k") for _ in range(2)]
    leases = {job.id: job.claim_token for job in queue.claim()}
    results = [
        {"id": job, "token": leases[job], "verdict": verdict}
        for job, verdict in zip(jobs, ("dead", "hold"), strict=True)
    ]
    worker, person, holder = another(), another(), another()
    with holder.transaction():
        holder.enqueue(ordering_key="k")
        settling = background(worker, worker.settle, *results)
        cancelling = background(person, person.one, "select cancel(%s, 'ann')", jobs[1])
    states = {row.id: row.state for row in settling.result(60)}
    assert states == {jobs[0]: "dead", jobs[1]: "held"}
    assert cancelling.result(60) == "cancelled"


def test_letting_many_go_takes_their_keys_before_any_job(queue, another, background):
    """Whoever has a key may be about to move up one of them: that is not in our hands then."""
    queue.policy(max_running_per_key=2)
    running = [queue.enqueue(ordering_key=key) for key in "aaz"]
    leases = {job.id: job.claim_token for job in queue.claim()}
    held = [queue.enqueue(ordering_key=key) for key in "az"]  # one is in line, one a head
    for job in held:
        queue.run("select hold(%s, 'ann')", job)
    results = [
        {"id": job, "token": leases[job], "verdict": "dead"} for job in (running[0], running[2])
    ]
    worker, person, holder = another(), another(), another()
    with holder.transaction():
        holder.enqueue(ordering_key="z")
        settling = background(worker, worker.settle, *results)
        letting = background(person, person.one, "select unhold_many('{}', 'ann')")
    assert [row.state for row in settling.result(60)] == ["dead"] * 2
    assert letting.result(60) == 2
    assert {queue.state(job) for job in held} == {"ready"}


def test_a_held_job_that_somebody_cancels_leaves_its_key_to_others(queue, another, background):
    """Letting many go keeps nothing of the key of one that is gone just then."""
    job = queue.enqueue(ordering_key="k")
    queue.run("select hold(%s, 'ann')", job)
    person, other = another(), another()
    with other.transaction():
        other.run("select cancel(%s, 'ann')", job)
        letting = background(person, person.one, "select unhold_many('{}', 'ann')")
    assert letting.result(60) == 0
    assert queue.all("select * from ordering_keys") == []


def test_a_held_head_holds_the_line(queue):
    """A head that a person holds keeps its place, and goes first when it is let go."""
    ids = _line(queue, "a", "b")
    queue.run("select hold(%s, 'ann')", ids["a"])
    assert queue.claim() == []
    queue.run("select unhold(%s, 'ann')", ids["a"])
    assert _kinds(queue.claim()) == ["a"]


@pytest.mark.parametrize(
    "let_go",
    ["unhold(%s, 'ann')", "unhold_many(jsonb_build_object('ids', array[%s::uuid]), 'ann')"],
)
def test_one_that_is_held_behind_the_head_keeps_its_place(queue, let_go):
    """Those behind it wait, too, when its turn has come, and it goes first when it is let go."""
    ids = _line(queue, "a", "b", "c")
    queue.run("select hold(%s, 'ann', 'why')", ids["b"])
    queue.run("select hold(%s, 'ann', 'still')", ids["b"])
    (a,) = queue.claim()
    queue.verdict(a, "delivered")
    assert (queue.claim(), queue.state(ids["b"])) == ([], "held")
    assert queue.job(ids["b"]).because == "still"
    queue.run(f"select {let_go}", ids["b"])
    assert _kinds(queue.claim()) == ["b"]


def test_one_that_is_let_go_before_its_turn_keeps_its_place(queue):
    """Held and let go while the head runs: as if nothing had been."""
    ids = _line(queue, "a", "b", "c")
    (a,) = queue.claim()
    queue.run("select hold(%s, 'ann')", ids["b"])
    queue.run("select unhold(%s, 'ann')", ids["b"])
    assert (queue.job(ids["b"]).waits_for, queue.job(ids["b"]).because) == ("key", None)
    queue.verdict(a, "delivered")
    assert _kinds(queue.claim()) == ["b"]


def test_one_that_is_skipped_before_its_turn_holds_up_nobody(queue):
    """A held one without a place is left to the person, whoever comes."""
    ids = _line(queue, "a", "b", "c")
    queue.run("select hold(%s, 'ann')", ids["b"])
    queue.run("select skip(%s, 'ann')", ids["b"])
    for kind in ("a", "c"):
        (job,) = queue.claim()
        assert job.kind == kind
        queue.verdict(job, "delivered")
    queue.enqueue(kind="d", ordering_key="line")
    assert (_kinds(queue.claim()), queue.state(ids["b"])) == (["d"], "held")


@pytest.mark.parametrize("verb", ["hold", "unhold", "cancel"])
def test_the_line_moves_while_somebody_holds(queue, another, background, verb):
    """The next one is held, let go or cancelled while it is looked for: nobody passes it."""
    ids = _line(queue, "a", "b", "c")
    (a,) = queue.claim()
    if verb == "unhold":
        queue.run("select hold(%s, 'ann')", ids["b"])
    worker = another()
    with queue.transaction():
        queue.run(f"select {verb}(%s, 'ann')", ids["b"])
        settling = background(worker, worker.verdict, a, "delivered")
        assert not settling.done()
    assert settling.result(60) == (True, "done")
    assert _kinds(queue.claim()) == {"hold": [], "unhold": ["b"], "cancel": ["c"]}[verb]
    assert queue.one("select count(*) from audit()") == 0


def test_a_replayed_letter_goes_to_the_end_of_its_line(queue):
    """A dead letter that is replayed does not overtake those that are in its line by now."""
    letter = queue.kill(kind="a", ordering_key="line")
    _line(queue, "b")
    queue.run("select replay(%s, 'ann')", letter)
    (job,) = queue.claim()
    assert job.kind == "b"
    queue.verdict(job, "delivered")
    assert _kinds(queue.claim()) == ["a"]


def test_the_latest_supersedes_those_that_have_not_begun(queue):
    """Latest wins: a running job goes on, those that wait are cancelled and say by whom."""
    (running,) = _line(queue, "running").values()
    queue.claim()
    old = _line(queue, "one", "two")
    newest = queue.enqueue(kind="three", ordering_key="line", supersede=True)
    assert {queue.state(job_id) for job_id in old.values()} == {"cancelled"}
    assert queue.job(old["one"]).because == f"superseded by {newest}"
    assert (queue.state(running), queue.job(newest).waits_for) == ("leased", "key")


@pytest.mark.parametrize("later", [False, True])
def test_a_head_that_has_not_begun_is_superseded_too(queue, later):
    """Due or not yet due: the latest takes its place at the head."""
    options = {"run_at": "2030-01-02T00:00Z"} if later else {}
    old = queue.enqueue(kind="old", ordering_key="line", **options)
    queue.enqueue(kind="new", ordering_key="line", supersede=True)
    assert queue.state(old) == "cancelled"
    assert _kinds(queue.claim()) == ["new"]


def test_many_of_one_key_at_once_leave_one(queue):
    """In one array, too, the last one wins; other keys are not touched."""
    queue.enqueue(kind="other", ordering_key="other line")
    queue.enqueue_many(
        *({"queue": "default", "kind": f"k{n}", "ordering_key": "line", "supersede": True}
          for n in range(50))
    )  # fmt: skip
    assert sorted(_kinds(queue.claim())) == ["k49", "other"]


def test_a_held_job_is_not_superseded(queue):
    """What waits for a person is left to the person."""
    held = queue.enqueue(ordering_key="line")
    queue.run("select hold(%s, 'ann', 'look at this')", held)
    queue.enqueue(ordering_key="line", supersede=True)
    assert queue.state(held) == "held"


def test_supersede_without_a_key_is_refused(queue):
    """The error names the ordering_key that is missing."""
    error = queue.failure("select enqueue('default', 'k', '{}', '{\"supersede\": true}')")
    assert error.sqlstate == "JQ005"
    assert "ordering_key" in error.diag.message_primary


def test_a_blocked_key_is_seen_and_can_be_skipped(queue):
    """A head that waits for its retry blocks the others in plain sight; a person lets them pass."""
    ids = _line(queue, "a", "b", "c")
    (head,) = queue.claim()
    queue.verdict(head, "retry", because="it is down", after=3600)
    (blocked,) = queue.all("select * from blocked_key_list()")
    assert (blocked.key, blocked.waiting, blocked.head) == ("line", 2, ids["a"])
    assert blocked.because == "it is down"
    queue.run("select skip(%s, 'ann', 'the others can go')", ids["a"])
    (b,) = queue.claim()
    queue.verdict(b, "delivered")
    (c,) = queue.claim()
    queue.verdict(c, "delivered")
    assert (b.kind, c.kind, queue.claim()) == ("b", "c", [])
    assert queue.job(ids["a"]).attempts == 1
    queue.at(4000)
    assert _kinds(queue.claim()) == ["a"]


def test_a_held_head_that_is_skipped_stays_held(queue):
    """The others pass, and the person still has it to decide."""
    ids = _line(queue, "a", "b")
    queue.run("select hold(%s, 'ann')", ids["a"])
    assert queue.claim() == []
    queue.run("select skip(%s, 'ann')", ids["a"])
    assert (_kinds(queue.claim()), queue.state(ids["a"])) == (["b"], "held")


@pytest.mark.parametrize("case", ["no key", "running", "unknown"])
def test_what_can_not_be_skipped(queue, case):
    """It says why, and changes nothing."""
    key = {} if case == "no key" else {"ordering_key": "line"}
    job_id = queue.enqueue(**key)
    if case == "running":
        queue.claim()
    target = "00000000-0000-0000-0000-000000000000" if case == "unknown" else job_id
    error = queue.failure("select skip(%s, 'ann')", target)
    assert error.sqlstate == ("JQ001" if case == "unknown" else "JQ003")
    assert queue.state(job_id) == ("leased" if case == "running" else "ready")


def test_a_line_of_expired_jobs_is_cleared_at_once(queue):
    """Whoever stands behind jobs that are over does not wait a claim for each of them."""
    for n in range(5):
        queue.enqueue(ordering_key="a", kind=f"over {n}", expires_at=queue.at(10))
    queue.enqueue(ordering_key="a", kind="alive")
    queue.at(20)
    assert queue.claim_one().kind == "alive"


def test_a_line_whose_places_begin_anew_is_not_left_behind(queue):
    """After a switch to a replica whose sequences lag, who waits behind a key still moves up."""
    for kind in "abc":
        queue.enqueue(kind=kind, ordering_key="k")
    for _ in "ab":
        queue.verdict(queue.claim_one(), "delivered")
    queue.run("alter table deferred_jobs alter column position restart with 1")
    queue.enqueue(kind="d", ordering_key="k")
    queue.verdict(queue.claim_one(), "delivered")
    assert queue.claim_one().kind == "d"
