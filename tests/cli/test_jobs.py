"""holdfast jobs."""


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
