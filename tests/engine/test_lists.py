"""What people and programs look at: lists, single things, and the facts of a check-up."""

import json
from datetime import UTC, datetime

import psycopg
import pytest
from tests.reads import counted


def listed(session, function, limit=50, **chosen):
    """The rows of a list, by its filter."""
    statement = f"select * from {function}(%s, %s)"
    return session.all(statement, json.dumps(chosen), limit)


def test_jobs_of_every_table_are_one_list(queue):
    """The newest first, wherever they live; filters narrow it, and `before` is the next page."""
    done = queue.enqueue(kind="a")
    queue.verdict(queue.claim_one(), "delivered")
    dead = queue.kill(kind="b", tenant="acme")
    later = queue.enqueue(kind="c", run_at=queue.at(60).isoformat())
    ready = queue.enqueue(kind="d", tenant="acme")
    states = {done: "done", dead: "dead", later: "ready", ready: "ready"}
    newest = sorted(states, reverse=True)  # ids are ordered by time, to the millisecond
    rows = listed(queue, "job_list")
    assert [(row.id, row.state) for row in rows] == [(job, states[job]) for job in newest]

    def only(**chosen):
        return [row.id for row in listed(queue, "job_list", **chosen)]

    assert only(state="dead") == [dead]
    assert only(kind="c") == [later]
    assert only(tenant="acme") == [job for job in newest if job in {ready, dead}]
    assert only(before=str(newest[1])) == newest[2:]
    assert only(queue="default", state="done", kind="a") == [done]
    assert only(queue="other") == []


def test_a_list_of_what_few_jobs_have_says_where_it_goes_on(queue):
    """Nobody waits for all that ended: after a million (here 40) a search says how it goes on."""
    queue.policy("rare")
    (rare,) = queue.enqueue_many({"queue": "rare", "kind": "kind"})
    queue.verdict(queue.claim_one("rare"), "delivered")
    queue.run("select pg_sleep(0.002)")  # ids of one millisecond are in no order
    queue.enqueue_many(*[{"queue": "default", "kind": "kind"}] * 60)
    for job in queue.claim(limit=60):
        queue.verdict(job, "delivered")
    held = queue.enqueue("rare")
    queue.run("select hold(%s, 'me')", held)
    find = "select id from job_list(%s, %s)"
    ended = {"queue": "rare", "state": "done"}
    with queue.connection.transaction(force_rollback=True):
        queue.run(
            "create or replace function most_looked_through() returns integer "
            "language sql immutable as 'select 40'"
        )
        told = queue.failure(find, json.dumps(ended), 5)
        assert told.sqlstate == "JQ005" and "of 40 jobs" in told.diag.message_primary
        before = told.diag.message_hint.rsplit(maxsplit=1)[1]
        assert [r.id for r in listed(queue, "job_list", 5, **ended, before=before)] == [rare.id]
        assert [r.id for r in listed(queue, "job_list", 5, queue="rare", state="held")] == [held]
        told = queue.failure(find, json.dumps({"queue": "rare"}), 5)
        assert "with limit 1 for those" in told.diag.message_hint
        assert [r.id for r in listed(queue, "job_list", 1, queue="rare")] == [held]
        assert queue.one("select find_job(%s)", held.hex[-12:]) == held
        assert queue.failure("select find_job(%s)", rare.id.hex[-12:]).sqlstate == "JQ001"
        assert queue.one("select find_job(%s)", str(rare.id)[:-1]) == rare.id


@pytest.mark.parametrize(
    ("limit", "rows"), [(None, 50), (0, 1), (-7, 1), (60, 60), (2**31 - 1, 60)]
)
def test_a_list_has_an_end(queue, limit, rows):
    """1 to 1000 rows, 50 if nobody says."""
    queue.enqueue_many(*[{"queue": "default", "kind": "kind"}] * 60)
    assert len(listed(queue, "job_list", limit)) == rows


@pytest.mark.parametrize(
    ("function", "chosen"),
    [
        ("job_list", {"stat": "ready"}),
        ("job_list", {"state": "sleeping"}),
        ("job_list", {"before": "x"}),
        ("dead_letter_list", {"fingerprint": "x"}),
        ("dead_letter_list", {"since": "yesterday evening"}),
        ("dead_letter_group_list", {"group": "x"}),
        ("job_list", []),
    ],
)
def test_a_filter_that_can_not_be_is_an_error(queue, function, chosen):
    """A misspelt name or an impossible value would otherwise show everything, or nothing."""
    error = queue.failure(f"select * from {function}(%s)", json.dumps(chosen))
    assert error.sqlstate == "JQ005" or isinstance(error, psycopg.DataError)


def test_a_job_is_found_by_its_first_or_last_digits(queue):
    """Six digits or more of either end, with or without dashes; never one of several."""
    first, second = queue.enqueue(), queue.enqueue()
    digits = first.hex
    assert queue.one("select find_job(%s)", str(first)) == first
    assert queue.one("select find_job(%s)", digits.upper()) == first
    assert queue.one("select find_job(%s)", digits[-14:]) == first
    assert queue.one("select find_job(%s)", f" {str(second)[-20:]} ") == second
    assert queue.one("select find_job(%s)", digits[:31]) == first

    several = queue.failure("select find_job(%s)", digits[:6])
    assert several.sqlstate == "JQ005" and "several" in several.diag.message_primary
    assert queue.failure("select find_job('ffffffff')").sqlstate == "JQ001"
    for text in ("", "12345", "xyzxyz", "0" * 33, "%%%%%%", None):
        assert queue.failure("select find_job(%s)", text).sqlstate == "JQ005"


def test_a_job_is_shown_with_its_timeline(queue):
    """What it carries, and what became of each attempt, the one that runs last."""
    job = queue.enqueue(payload={"user": 7})
    queue.verdict(queue.claim_one(), "snooze", because="later", after=0)
    queue.claim_one()
    row = queue.row("select * from job_show(%s)", job)
    assert (row.id, row.state, row.payload, row.attempts) == (job, "leased", {"user": 7}, 1)
    assert [attempt["outcome"] for attempt in row.timeline] == ["snooze", "running"]


def test_what_is_not_there_is_not_shown(queue):
    """No such job, or a job that is not dead, each with an error of its own."""
    alive = queue.enqueue()
    nobody = "00000000-0000-0000-0000-000000000000"
    assert queue.failure("select * from job_show(%s)", nobody).sqlstate == "JQ001"
    assert queue.failure("select * from dead_letter_show(%s)", nobody).sqlstate == "JQ001"
    assert queue.failure("select * from dead_letter_show(%s)", alive).sqlstate == "JQ003"


def test_dead_letters_are_listed_and_grouped(queue):
    """The latest first; one group per kind of error, the largest first, with its latest error."""
    letters = []
    for second in range(3):
        queue.at(second)
        letters.append(queue.kill(because=f"no user {second}", kind="welcome"))
    queue.at(10)
    other = queue.kill(because="boom", tenant="acme")

    assert [row.id for row in listed(queue, "dead_letter_list")] == [other, *reversed(letters)]
    since = queue.at(1).isoformat()
    assert [row.id for row in listed(queue, "dead_letter_list", until=since)] == letters[:1]
    assert [row.id for row in listed(queue, "dead_letter_list", tenant="acme")] == [other]

    first, second = listed(queue, "dead_letter_group_list")
    assert (first.letters, first.latest_error, first.reasons) == (3, "no user 2", ["refused"])
    assert (second.letters, second.latest_error) == (1, "boom")
    group = [row.id for row in listed(queue, "dead_letter_list", group=first.fingerprint)]
    assert group == list(reversed(letters))


EPOCH = "timestamptz '2026-01-01Z'"
MIXED = """(array['a', 'b', 'c'])[1 + n % 3], 'k' || n % 7, nullif('t' || n % 4, 't0'),
           case when n % 3 = 0 then 'poison' else 'exhausted' end, 'f' || n % 7"""


def _letters(queue, count, columns):
    """So many dead letters; `columns` gives queue, kind, tenant, reason and fingerprint of n."""
    queue.run(
        f"""insert into dead_letters (id, queue, kind, tenant, reason, fingerprint, error, died_at,
              payload, priority, attempts, crashes, deferrals, enqueued_at, run_at, history)
            select gen_random_uuid(), {columns}, 'error ' || n, {EPOCH} + n * interval '1 s',
                   '{{}}', 0, 1, 0, 0, {EPOCH}, {EPOCH}, '[]'
            from generate_series(1, {count}) n"""
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"queue": "b"},
        {"queue": "nobody"},
        {"kind": "k3"},
        {"tenant": "t2"},
        {"queue": "c", "kind": "k1", "tenant": "t1"},
        {"since": "2026-01-01T00:03:00Z"},
        {"until": "2026-01-01T00:00:05Z"},
        {"queue": "a", "since": "2026-01-01T00:01:00Z", "until": "2026-01-01T00:02:00Z"},
    ],
)
def test_groups_are_what_a_count_of_all_letters_says(queue, wanted):
    """Stepping from group to group along the index finds the same as to read every letter."""
    _letters(queue, 300, MIXED)
    wishes = dict.fromkeys(("queue", "kind", "tenant", "since", "until")) | wanted
    expected = queue.connection.execute(
        """select fingerprint, count(*) as letters, queue, kind, max(died_at) as last_died,
                  'error ' || extract(epoch from max(died_at) - %(epoch)s)::int as latest_error,
                  array_agg(distinct reason) as reasons, min(died_at) as first_died
           from dead_letters
           where (%(queue)s::text is null or queue = %(queue)s)
             and (%(kind)s::text is null or kind = %(kind)s)
             and (%(tenant)s::text is null or tenant = %(tenant)s)
             and (%(since)s::timestamptz is null or died_at >= %(since)s)
             and (%(until)s::timestamptz is null or died_at < %(until)s)
           group by fingerprint, queue, kind order by letters desc, last_died desc""",
        wishes | {"epoch": datetime(2026, 1, 1, tzinfo=UTC)},
    ).fetchall()
    assert listed(queue, "dead_letter_group_list", **wanted) == expected


def test_a_list_of_rare_letters_says_where_it_goes_on(queue):
    """Nobody waits for all that died: after a million (here 40) a search says how it goes on."""
    _letters(queue, 60, "'a', case n when 5 then 'rare' else 'k' end, null, 'poison', 'f' || n % 9")
    find = "select id from dead_letter_list(%s, %s)"
    with queue.connection.transaction(force_rollback=True):
        queue.run(
            "create or replace function most_looked_through() returns integer "
            "language sql immutable as 'select 40'"
        )
        told = queue.failure(find, json.dumps({"kind": "rare"}), 5)
        assert told.sqlstate == "JQ005" and "of 40 dead letters" in told.diag.message_primary
        until = told.diag.message_hint.rsplit(maxsplit=1)[1]
        rare = {"kind": "rare", "until": until}
        assert [r.error for r in listed(queue, "dead_letter_list", 5, **rare)] == ["error 5"]
        assert len(listed(queue, "dead_letter_list", 5, queue="a", group="f1")) == 5
        assert len(listed(queue, "dead_letter_list", 9, queue="a", group="f1")) == 7


def test_a_large_group_costs_no_more_than_ten_thousand_letters(queue):
    """What is listed about a group is read from its ends; beyond ten thousand nobody counts."""
    _letters(queue, 12_000, "'a', 'k', null, 'exhausted', 'f'")
    (group,) = listed(queue, "dead_letter_group_list")
    assert (group.letters, group.latest_error) == (10_001, "error 12000")


def test_no_group_with_a_late_letter_is_left_out(queue):
    """Of more groups than are stepped through, those of the latest letters are shown."""
    _letters(queue, 2_000, "'a', 'k', null, 'exhausted', 'f' || lpad(n::text, 5, '0')")
    queue.run("update dead_letters set fingerprint = 'zzz' where error = 'error 2000'")
    found = {group.fingerprint for group in listed(queue, "dead_letter_group_list", limit=1000)}
    assert len(found) == 1000 and "zzz" in found


def test_a_checkup_has_the_facts(queue):
    """Who works, what is overdue, where somebody waits and nobody comes."""
    fine = queue.one("select checkup()")
    assert (fine["workers"], fine["unserved"], fine["expired_leases"]) == (0, [], 0)

    queue.policy("served")
    queue.policy("paused")
    for name in ("default", "served", "paused"):
        queue.enqueue(name)
    queue.run("select pause_queue('paused', 'ann')")
    queue.run("select heartbeat('w', '{served}', 'host', 1)")
    queue.claim("default", lease="1 second")
    queue.enqueue("default")
    queue.at(40)
    found = queue.one("select checkup()")
    assert (found["workers"], found["unserved"]) == (1, ["default"])
    assert (found["expired_leases"], found["paused"]) == (1, ["paused"])
    assert queue.one("select alive from worker_list()") is True
    queue.at(100)
    assert queue.one("select alive from worker_list()") is False


def test_a_flood_is_counted_along_an_index(queue):
    """Where statistics know nothing of a flood yet, its ten thousand are counted, not sorted."""
    columns = (
        "id, queue, kind, payload, priority, attempts, crashes, deferrals, enqueued_at, run_at"
    )
    fields = "gen_random_uuid(), 'default', 'k', '{}', 5, 0, 0, 0, clock(), clock()"
    many = "from generate_series(1, 15000)"
    queue.run("vacuum analyze ready_jobs")
    queue.run(f"insert into ready_jobs ({columns}, tenant) select {fields}, 't' {many}")
    with counted(queue.connection) as read:
        (row,) = queue.all("select * from queue_list('default')")
    assert row.ready == 10_001 and read["ready_jobs"] < 13_000
    with counted(queue.connection) as read:
        assert queue.one("select checkup()")["unserved"] == ["default"]
    assert read["ready_jobs"] < 100


def test_the_newest_jobs_are_found_without_reading_them_all(queue):
    """A list walks the ends of indexes: no sequential scan, no sort, in the plan of its query."""
    queue.run("set enable_seqscan = off")
    plan = queue.all("explain select id, state, queue from jobs order by id desc limit 50")
    text = "\n".join(row[0] for row in plan)
    assert "Merge Append" in text
    assert "Sort (" not in text and "Seq Scan" not in text


def test_a_job_is_found_by_its_first_digits_without_reading_them_all(queue):
    """Who knows how an id begins is answered from the index, however much has been done."""
    queue.run(
        "insert into finished_jobs (id, queue, kind, payload, priority, attempts, crashes,"
        " deferrals, enqueued_at, run_at, state, finished_at) select gen_random_uuid(), 'default',"
        " 'k', '{}', 5, 1, 0, 0, clock(), clock(), 'done', clock() from generate_series(1, 5000)"
    )
    queue.run("analyze finished_jobs")
    one = queue.enqueue()
    with counted(queue.connection) as read:
        assert queue.one("select find_job(%s)", one.hex[:20]) == one
    assert sum(read.values()) < 100
