"""holdfast jobs."""

import asyncio

from holdfast import Job
from holdfast.cli.bites import in_bites
from holdfast.engine import jobs


def test_jobs_are_listed_newest_first_and_filtered(cli, enqueue, settle):
    """The list has every state, can be narrowed, and is paged by the last id."""
    done = enqueue("welcome")
    settle("delivered", "250 queued")
    waiting = enqueue("report", 2, tenant="acme")

    listed = cli("jobs", "list", "--json").json
    assert [job["id"] for job in listed] == [*reversed(waiting), *done]
    assert [job["state"] for job in listed] == ["ready", "ready", "done"]

    only = cli("jobs", "list", "--json", "--state", "ready", "--tenant", "acme", "--limit", "1")
    assert [job["id"] for job in only.json] == [waiting[1]]
    cut = cli("jobs", "list", "--limit", "2")
    assert cut.out.count("\n") == 3 and cut.err == f"there may be more: --before {waiting[0]}\n"
    older = cli("jobs", "list", "--json", "--before", waiting[1])
    assert [job["id"] for job in older.json] == [waiting[0], *done]


def test_a_job_is_shown_with_what_it_carries_and_its_attempts(cli, enqueue, settle):
    """`jobs show` takes the last digits of the id, and has payload and timeline."""
    [job] = enqueue("welcome")
    settle("retry", "451 try later", after=60)

    shown = cli("jobs", "show", job[-8:], "--json").json

    assert (shown["id"], shown["state"], shown["payload"]) == (job, "ready", {"n": 0})
    [attempt] = shown["timeline"]
    assert (attempt["outcome"], attempt["because"]) == ("retry", "451 try later")


def test_a_payload_that_is_a_text_is_shown_as_it_is(cli, sql):
    """Even one that could be read as JSON again."""
    (job,) = sql.execute("""select enqueue('default', 'odd', '"{}"')""").fetchone()
    assert cli("jobs", "show", str(job), "--json").json["payload"] == "{}"


def test_a_job_that_waits_says_why(cli, enqueue):
    """`jobs explain` names the rule: here, that nobody serves the queue."""
    [job] = enqueue("welcome")
    told = cli("jobs", "explain", job, "--json").json
    assert (told["state"], told["rule"], told["until"]) == ("ready", "no_worker", None)
    assert "no worker serves the queue" in told["because"]


def test_a_job_is_cancelled_once(cli, enqueue, sql):
    """Cancelling ends the job and records who and why; a second time is refused."""
    [job] = enqueue("welcome")
    done = cli("jobs", "cancel", job, "--why", "typo", "--who", "ann")
    assert (done.code, done.out) == (0, f"{job} is cancelled\n")
    assert sql.execute("select action, who, why from operations").fetchall() == [
        ("cancel", "ann", "typo")
    ]

    again = cli("jobs", "cancel", job)
    assert again.code == 1
    assert "is cancelled already" in again.err


def test_an_id_that_names_no_single_job_is_refused(cli, enqueue):
    """Unknown, ambiguous and senseless ids are told apart."""
    jobs = enqueue("welcome", 3)

    unknown = cli("jobs", "show", "ffffffff")
    assert unknown.code == 1 and "no job" in unknown.err
    ambiguous = cli("jobs", "cancel", jobs[0][:8])
    assert ambiguous.code == 1 and "several jobs" in ambiguous.err
    senseless = cli("jobs", "show", "xyz")
    assert senseless.code == 1 and "hexadecimal" in senseless.err


def test_an_empty_list_says_so_beside_the_result(cli):
    """With nothing to show, JSON is an empty list, and people read a sentence on stderr."""
    done = cli("jobs", "list", "--json")
    assert (done.code, done.json, done.err) == (0, [], "")
    done = cli("jobs", "list")
    assert (done.code, done.out, done.err) == (0, "", "no jobs yet\n")


def operations(sql):
    """What is on record, oldest first."""
    return sql.execute("select action, who, why, affected from operations order by id").fetchall()


def test_a_job_is_held_until_somebody_lets_it_go_on(cli, enqueue, settle, sql):
    """Nobody is handed a held job; who held it and let it go, and why, is on record.

    Who lets it go is told by what it was held: what still holds, such as a pause, holds it again.
    """
    [job] = enqueue("welcome")
    held = cli("jobs", "hold", job[-8:], "--why", "is that right?", "--who", "ann", "--json")
    assert (held.code, held.json) == (0, {"id": job, "state": "held"})
    assert settle("delivered") == []
    assert cli("jobs", "list", "--state", "held", "--json").json[0]["because"] == "is that right?"

    went = cli("jobs", "unhold", job, "--why", "it is", "--who", "bob")
    assert (went.code, went.out) == (0, f"{job} goes on\nheld until now: is that right?\n")
    assert settle("delivered") == [job]
    assert operations(sql) == [
        ("hold", "ann", "is that right?", 1),
        ("unhold", "bob", "it is", 1),
    ]


def test_a_job_that_expired_while_it_was_held_is_not_said_to_go_on(cli, enqueue, settle, sql):
    """Who lets go a job whose time is over is told that it does not run, and by when it was to."""
    [late] = enqueue("welcome", expires_at="2021-02-03T04:05:06Z")
    [soon] = enqueue("welcome", expires_at="2991-02-03T04:05:06Z")
    sql.execute("select hold(id, 'ann') from ready_jobs")
    told = cli("jobs", "unhold", late).out.splitlines()[0]
    assert told == f"{late} expires, and does not run: it was to begin by 2021-02-03 04:05 UTC"
    assert cli("jobs", "unhold", soon).out.splitlines()[0] == f"{soon} goes on"
    assert settle("delivered") == [soon]


def test_what_can_not_be_held_or_let_go_says_why_and_what_to_do(cli, enqueue, settle, sql):
    """A running, an ended, an unknown job; one that is not held; nothing changes."""
    [job] = enqueue("welcome")
    assert "is ready, not held" in cli("jobs", "unhold", job).err
    sql.execute("select from claim('default')")
    running = cli("jobs", "hold", job)
    assert running.code == 1 and "cancel it, or wait" in running.err
    sql.execute("select cancel(%s, 'ann')", [job])
    ended = cli("jobs", "hold", job)
    assert ended.code == 1 and "is cancelled already" in ended.err and "anew" in ended.err
    enqueue("welcome")
    [dead] = settle("dead", "boom")
    for verb, told in (("hold", "replayed or discarded"), ("unhold", "is replayed")):
        refused = cli("jobs", verb, dead)
        assert refused.code == 1 and told in refused.err
    for verb in ("hold", "unhold", "skip"):
        unknown = cli("jobs", verb, "0198f000-0000-7000-8000-000000000000")
        assert unknown.code == 1 and "no job" in unknown.err
    assert [action for action, *_ in operations(sql)] == ["cancel"]


def test_held_jobs_are_let_go_by_filter(cli, enqueue, sql):
    """Of a kind, a tenant, a queue or all; nobody lets all go by leaving something out."""
    for kind in ("welcome", "report"):
        for job in enqueue(kind, 2, tenant=kind):
            sql.execute("select hold(%s, 'ann', %s)", [job, f"a {kind}"])
    assert cli("jobs", "unhold").code == 2
    assert cli("jobs", "unhold", "abcdef", "--all").code == 2

    assert cli("jobs", "unhold", "--kind", "report", "--json").json == {"unheld": 2}
    assert sql.execute("select kind from ready_jobs").fetchall() == [("report",)] * 2
    assert cli("jobs", "unhold", "--all").out == "2 jobs go on\nheld until now: a welcome\n"
    assert cli("jobs", "unhold", "--all").out == "no held job matches\n"


def test_retries_are_run_now(cli, terminal, enqueue, settle, sql):
    """One by its id, or all that failed, after a question; what is to be said of none is said."""
    ids = [*enqueue("welcome", 3), *enqueue("report")]
    settle("retry", "it is closed", after=3600)
    assert cli("jobs", "run").code == 2
    assert cli("jobs", "run", "--kind", "report", "--json").json == {"due": 1}
    assert settle("delivered") == [ids.pop()]
    assert cli("jobs", "run", ids[0], "--why", "it is open").out == f"{ids[0]} is due now\n"
    assert settle("delivered") == ids[:1]
    with terminal("jobs", "run", "--queue", "default") as screen:
        screen.wait_for("Run all jobs now that wait for a retry (queue default)?")
        screen.type("y\n")
        assert screen.end() == 0
    assert set(settle("delivered")) == set(ids[1:])
    assert cli("jobs", "run", "--all").out == "no job that waits for a retry matches\n"
    refused = cli("jobs", "run", ids[0])
    assert refused.code == 1 and "is done and does not wait for its time" in refused.err


def test_a_person_is_asked_before_many_held_jobs_go_on(terminal, enqueue, sql):
    """No is no, and exit code 1."""
    [job] = enqueue("welcome")
    sql.execute("select hold(%s, 'ann')", [job])
    with terminal("jobs", "unhold", "--queue", "default") as screen:
        screen.wait_for("Let all held jobs go on (queue default)?")
        screen.type("n\n")
        assert screen.end() == 1
    assert sql.execute("select state from jobs").fetchall() == [("held",)]


def test_a_queue_is_emptied_after_a_question(cli, terminal, enqueue, sql):
    """`jobs cancel` with a filter says how many wait, and ends them all with a yes."""
    enqueue("welcome", 3)
    [other] = enqueue("report")
    assert cli("jobs", "cancel").code == 2
    assert (
        cli("jobs", "cancel", "--kind", "report", "--dry-run").out == "1 job would be cancelled\n"
    )
    for answer, code in (("n", 1), ("y", 0)):
        with terminal("jobs", "cancel", "--kind", "welcome", "--why", "twice") as screen:
            screen.wait_for("Cancel 3 jobs (kind welcome)?")
            screen.type(f"{answer}\n")
            assert screen.end() == code
    assert sql.execute("select id::text from jobs where state = 'ready'").fetchall() == [(other,)]
    assert cli("jobs", "cancel", "--all", "--json").json == {"matching": 1, "cancelled": 1}
    assert cli("jobs", "cancel", "--queue", "default").out == "no waiting job matches\n"


def test_a_blocked_key_is_seen_and_its_head_skipped(cli, enqueue, settle, sql):
    """`jobs blocked` names the head and what waits behind it; skipped, the others pass it."""
    first, second, third = enqueue("welcome", 3, ordering_key="order 7")
    settle("retry", "451 later", after=3600)
    [key] = cli("jobs", "blocked", "--json").json
    assert (key["key"], key["head"], key["waiting"], key["because"]) == (
        "order 7", first, 2, "451 later",
    )  # fmt: skip
    assert cli("jobs", "blocked", "--queue", "email", "--json").json == []
    assert first in cli("jobs", "blocked").out

    skipped = cli("jobs", "skip", first, "--why", "the address is wrong", "--who", "ann")
    assert (skipped.code, skipped.out) == (0, f"{first} is at the end of its ordering key\n")
    assert settle("delivered") == [second]
    assert settle("delivered") == [third]
    assert operations(sql) == [("skip", "ann", "the address is wrong", 1)]
    assert cli("jobs", "blocked").err == "no job waits for its ordering key\n"


def test_only_a_job_of_an_ordering_key_is_skipped(cli, enqueue):
    """Nothing waits behind any other, and the refusal says so."""
    [job] = enqueue("welcome")
    refused = cli("jobs", "skip", job)
    assert refused.code == 1 and "no ordering key" in refused.err


async def test_many_are_cancelled_as_long_as_there_are_some(hf):
    """Where workers have taken meanwhile what was counted, it ends with those that were left."""
    await hf.prepare()
    await hf.send(Job(queue="default", kind="k"))

    def bite(size):
        return jobs.cancel_many({}, "ann", None, limit=size)

    async with asyncio.timeout(60):
        assert await in_bites(hf.services, "cancelling", 5, bite) == 1
