"""Many jobs in one call: one identity for all, each job in its place, all or none."""

import gc
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reads import counted

from holdfast.engine.model import Receipt, receipts

PLAIN = {"queue": "default", "kind": "a"}


@given(batch=st.uuids(), count=st.integers(0, 5))
def test_receipts_are_those_of_the_server(queue, batch, count):
    """The id of the nth job is the same in Python and in SQL, also where the counter overflows."""
    for first in (batch, UUID(int=batch.int | (1 << 48) - 2)):
        rows = queue.all(
            "select id_of_batch(b, n), id_at(batch_head(b), batch_tail(b), n)"
            " from generate_series(1, %s) n, (values (%s::uuid)) of(b)", count, first
        )  # fmt: skip
        assert receipts(first, count) == [Receipt(row[0]) for row in rows]
        assert receipts(first, count) == [Receipt(row[1]) for row in rows]


@pytest.mark.parametrize("is_on", [True, False])
def test_the_collector_is_left_as_it_was(is_on):
    """Who has turned the garbage collector off, or on, finds it so after any number of receipts."""
    was_on = gc.isenabled()
    try:
        (gc.enable if is_on else gc.disable)()
        receipts(UUID(int=7), 3)
        assert gc.isenabled() is is_on
    finally:
        (gc.enable if was_on else gc.disable)()


def test_payloads_become_jobs(queue):
    """An array of payloads is as many jobs of the kind, in its order, known by the batch."""
    payloads = [{"n": 1}, None, [2], "text", {}]
    batch = queue.one("select enqueue_payloads('default', 'k', %s)", json.dumps(payloads))
    rows = queue.claim()
    assert [row.payload for row in rows] == [{"n": 1}, {}, [2], "text", {}]
    assert [Receipt(row.id) for row in rows] == receipts(batch, 5)
    assert {row.kind for row in rows} == {"k"}


@pytest.mark.parametrize(
    ("statement", "sqlstate", "message"),
    [
        ("enqueue_payloads('default', '', '[1]')", "JQ005", "job 1: kind is 1 to 200 characters"),
        ("enqueue_payloads('default', null, '[1]')", "JQ005", "job 1: kind is 1 to 200 characters"),
        ("enqueue_payloads('nowhere', 'k', '[1]')", "JQ004", 'no queue "nowhere"'),
        ("enqueue_payloads(null, 'k', '[1]')", "JQ004", 'no queue "<NULL>"'),
        (
            "enqueue_payloads('default', 'k', null)",
            "JQ005",
            "jobs is a JSON array of objects, not null",
        ),
        ("enqueue_payloads('default', 'k', '{}')", "22023", None),
        (
            "enqueue_payloads('default', 'k', jsonb_build_array(1, repeat('x', 1048577)))",
            "JQ005",
            (
                "job 2: payload is at most 1 MiB: store the body in a table of yours and enqueue"
                " a reference"
            ),
        ),
        ("enqueue_plain(null)", "JQ005", "jobs is a JSON array of objects, not null"),
        ("enqueue_plain('[7]')", "JQ005", "job 1: a job is a JSON object"),
        (
            'enqueue_plain(\'[{"queue": "default", "kind": "a", "dedupe_key": "x"}]\')',
            "JQ005",
            "job 1: dedupe_key, ordering_key, run_at and id are for enqueue_many",
        ),
    ],
)
def test_what_can_not_be_stored_is_said(queue, statement, sqlstate, message):
    """Nothing is stored of a batch of which one job is refused, and the message says which one."""
    error = queue.failure(f"select {statement}")
    assert error.sqlstate == sqlstate
    assert message is None or error.diag.message_primary == message
    assert queue.all("select * from jobs") == []


COLUMNS = (
    "select enqueue_columns(array['default', 'default'], array['a', 'b'],"
    """ array['{{"n": 1}}', null]::jsonb[], array[null, 't'], {keys}::text[],"""
    " {supersede}::boolean[], {run_at}::timestamptz[], array[null, '2999-01-01']::timestamptz[])"
)


@pytest.mark.parametrize(
    ("keys", "supersede", "run_at"),
    [
        ("null", "null", "null"),
        ("array[null, 'k']", "array[null, true]", "null"),
        ("null", "null", "array[null, '2999-01-01']"),
    ],
    ids=["plain", "keys", "times"],
)
def test_columns_become_jobs(queue, keys, supersede, run_at):
    """Columns are jobs in their order, known by the batch, also those that need a look around."""
    batch = queue.one(COLUMNS.format(keys=keys, supersede=supersede, run_at=run_at))
    rows = queue.all("select * from jobs order by kind")
    assert [Receipt(row.id) for row in rows] == receipts(batch, 2)
    assert [row.payload for row in rows] == [{"n": 1}, {}]
    assert [row.tenant for row in rows] == [None, "t"]
    assert rows[0].expires_at is None and rows[1].expires_at.year == 2999
    assert rows[1].ordering_key == (None if keys == "null" else "k")
    assert (rows[1].run_at.year == 2999) == (run_at != "null")


@pytest.mark.parametrize(
    ("queue_name", "kind", "payload", "tenant", "message"),
    [
        ("'nowhere'", "'k'", "'{}'", "null", 'no queue "nowhere"'),
        ("'default'", "''", "'{}'", "null", "job 2: kind is 1 to 200 characters"),
        ("'default'", "'k'", "'{}'", "''", "job 2: tenant is 1 to 200 characters"),
        ("'default'", "'k'", "to_jsonb(repeat('x', 1048577))", "null", "job 2: payload is at most"),
    ],
    ids=["queue", "kind", "tenant", "payload"],
)
def test_columns_are_looked_at(queue, queue_name, kind, payload, tenant, message):
    """What is wrong with one of them is said, and none is stored."""
    error = queue.failure(
        f"select enqueue_columns(array['default', {queue_name}], array['k', {kind}],"
        f" array['{{}}', {payload}]::jsonb[], array[null, {tenant}]::text[])"
    )
    assert error.diag.message_primary.startswith(message)
    assert queue.all("select * from jobs") == []


def test_no_payloads_are_no_jobs(queue):
    """To enqueue an empty array is no error, and makes no job."""
    queue.one("select enqueue_payloads('default', 'k', '[]')")
    queue.one("select enqueue_plain('[]')")
    assert queue.all("select * from jobs") == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "ж" * 201}, {"priority": 10}, {"tenant": ""}, {"tenant": "ж" * 201},
        {"expires_at": "infinity"}, {"payload": "b" * 1048577}, {"delay": 5}, {"supersede": True},
        {"queue": "nowhere"}, {"queue": None},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_one_and_many_say_the_same(queue, change):
    """A job is refused in the same words in first and in last place, and alone."""
    bad = {**PLAIN, **change}
    words = [
        queue.failure("select * from enqueue_many(%s)", json.dumps(array)).diag.message_primary
        for array in ([bad], [PLAIN, PLAIN, bad], [PLAIN, {**PLAIN, "dedupe_key": "k"}, bad])
    ]
    assert words[0].replace("job 1", "job 3") == words[1] == words[2]
    assert queue.all("select * from jobs") == []


def test_a_payload_is_weighed_unpacked(queue):
    """A payload that comes compressed out of a table is as large as it is, not as small."""
    queue.run(
        "create temporary table bodies as select jsonb_build_object('b', repeat('x', 1100000))"
    )
    queue.run("alter table bodies rename column jsonb_build_object to body")
    assert queue.one("select pg_column_size(body) < 100000 from bodies")
    error = queue.failure("select enqueue('default', 'k', body) from bodies")
    assert error.diag.message_primary.startswith("job 1: payload is at most 1 MiB")
    queue.run("drop table bodies")


def test_a_sleeper_is_told_of_a_batch(queue, another):
    """A batch of any form notifies who sleeps on its queue, and only there."""
    queue.policy("other")
    sleeper = another()
    sleeper.run("listen holdfast_wake")
    queue.run("select set_idle('w', 'default', '1 minute')")
    for statement in (
        "select enqueue_payloads('default', 'k', '[1, 2]')",
        'select enqueue_plain(\'[{"queue": "default", "kind": "k"}]\')',
        "select enqueue_columns(array['default'], array['k'], array['{}'::jsonb], null)",
        'select enqueue_many(\'[{"queue": "default", "kind": "k", "dedupe_key": "d"}]\')',
    ):
        queue.run(statement)
        (notice,) = sleeper.connection.notifies(timeout=60, stop_after=1)
        assert notice.payload == "default"
    queue.run("select enqueue_payloads('other', 'k', '[1]')")
    assert list(sleeper.connection.notifies(timeout=0)) == []


def test_an_enqueue_is_numbered_before_its_seq(queue):
    """Every form of it lifts a careless session to durable, too."""
    for statement in (
        "select enqueue('default', 'k')",
        "select enqueue_payloads('default', 'k', '[1]')",
        'select enqueue_plain(\'[{"queue": "default", "kind": "k"}]\')',
        "select enqueue_columns(array['default'], array['k'], array['{}'::jsonb], null)",
    ):
        with queue.transaction():
            queue.run("set local synchronous_commit = off")
            queue.run(statement)
            assert queue.one("show synchronous_commit") == "on"


def test_successes_in_two_arrays(queue):
    """Each success is settled once; a token that no longer holds is told and recorded as late."""
    queue.one("select enqueue_payloads('default', 'k', '[1, 2, 3]')")
    jobs = queue.claim()
    stale = UUID(int=4)
    ids = [jobs[0].id, jobs[1].id, jobs[2].id, jobs[0].id]
    tokens = [jobs[0].claim_token, stale, jobs[2].claim_token, jobs[0].claim_token]
    rows = queue.all("select * from settle_done(%s::uuid[], %s::uuid[])", ids, tokens)
    assert sorted((row.id, row.accepted, row.state) for row in rows) == sorted(
        [(jobs[0].id, False, "done"), (jobs[1].id, False, "leased")]
    )
    assert [queue.state(job.id) for job in jobs] == ["done", "leased", "done"]
    assert [a.outcome for a in queue.attempts(jobs[1].id)] == ["late"]
    assert queue.all("select * from settle_done('{}', '{}')") == []


def test_a_breaker_hears_of_successes(queue):
    """Where a queue has a breaker, plain successes are counted for it."""
    queue.run("select set_breaker('relay', '{}')")
    queue.policy(breaker="relay")
    queue.enqueue()
    job = queue.claim_one()
    queue.all("select * from settle_done(%s::uuid[], %s::uuid[])", [job.id], [job.claim_token])
    assert queue.one("select successes from breakers where name = 'relay'") == 1
    assert queue.state(job.id) == "done"


def test_an_idle_claim_writes_nothing(queue):
    """A claim that finds nothing has no transaction number, and so nothing to flush at its end."""
    with queue.transaction():
        assert queue.claim() == []
        assert queue.one("select pg_current_xact_id_if_assigned()") is None


@pytest.mark.parametrize("case", ["keys", "no keys", "new jobs too"])
def test_batches_that_revive_the_same_letters_wait_in_a_row(queue, another, background, case):
    """Whatever order batches name letters in, by key or not, none of them ends as a deadlock."""
    key = {} if case == "no keys" else {"ordering_key": None}
    letters = {
        name: queue.kill(dedupe_key=name, **dict.fromkeys(key, name)) for name in ("a", "m", "z")
    }

    def again(names, new=None):
        items = [{"queue": "default", "kind": "k", "dedupe_key": n, "revive": True} for n in names]
        return items + ([{"queue": "default", "kind": "new", "ordering_key": new}] if new else [])

    first, second, between = another(), another(), another()
    new = case == "new jobs too"
    with between.transaction():
        if key:
            between.enqueue(ordering_key="m")
        else:
            between.run("select from dead_letters where id = %s for update", letters["m"])
        one = background(first, first.enqueue_many, *(again("ma", "z") if new else again("zma")))
        two = background(second, second.enqueue_many, *(again("mz", "a") if new else again("amz")))
    assert [row.duplicate for row in (*one.result(60), *two.result(60))].count(False) == 2 * new
    assert {queue.state(job_id) for job_id in letters.values()} == {"ready"}
    assert queue.one("select count(*) from operations where who = 'dedupe'") == 3


def test_a_letter_that_is_gone_leaves_its_key_to_others(queue):
    """A key that was taken for a letter which does not come back is free."""
    letter = {"letter": True, "id": str(queue.enqueue()), "queue": "default", "ordering_key": "a"}
    with queue.transaction():
        queue.run("select take_ordering_keys(%s, new_id())", json.dumps([letter]))
        queue.run("select revive_letters(%s)", json.dumps([letter]))
    assert queue.all("select * from ordering_keys") == []


def test_a_replay_of_many_and_a_batch_with_their_keys_wait_in_a_row(queue, another, background):
    """Keys that nobody has yet are taken in everybody's order, in whichever the letters died."""
    letters = [queue.kill(ordering_key=key) for key in "zma"]
    many, batch, between = another(), another(), another()
    jobs = [{"queue": "default", "kind": "new", "ordering_key": key} for key in "amz"]
    with between.transaction():
        between.enqueue(ordering_key="m")
        replaying = background(many, many.one, "select replay_dead_letters('{}', 'ann')")
        sending = background(batch, batch.enqueue_many, *jobs)
    assert (replaying.result(60), len(sending.result(60))) == (3, 3)
    assert {queue.state(letter) for letter in letters} <= {"ready", "waiting"}


def test_a_replay_has_the_key_before_the_letter(queue, another, background):
    """A letter that a person replays and its sender revives comes back once; neither is refused."""
    letter = queue.kill(ordering_key="k", dedupe_key="d")
    person, sender = another(), another()
    again = {"queue": "default", "kind": "k", "dedupe_key": "d", "revive": True}
    with sender.transaction():
        sender.enqueue(ordering_key="k")
        replaying = background(person, person.failure, "select replay(%s, 'ann')", letter)
        sender.enqueue_many(again)
    assert "not dead" in str(replaying.result(60))
    assert queue.one("select count(*) from operations where who = 'dedupe'") == 1


def test_keys_that_are_left_are_found_among_many(queue):
    """It reads no other keys, also in a session that has planned while there were few."""
    letters = json.dumps([{"queue": "default", "ordering_key": "k7"}])
    for _ in range(7):
        queue.run("select leave_keys(%s)", letters)
    queue.run(
        "insert into ordering_keys (queue, key, heads)"
        " select 'default', 'k' || n, '{}' from generate_series(1, 500) n"
    )
    with counted(queue.connection) as read:
        queue.run("select leave_keys(%s)", letters)
    assert read["ordering_keys"] < 5
    assert queue.one("select count(*) from ordering_keys") == 499
    queue.run("delete from ordering_keys")


def test_a_letter_that_somebody_discards_leaves_its_key_to_others(queue, another, background):
    """A sender who comes again while a person takes the letter away keeps nothing of its key."""
    letter = queue.kill(ordering_key="k")
    person, sender = another(), another()
    with person.transaction():
        person.run("select discard_dead_letters('{}', 'ann', 'no')")
        reviving = background(sender, sender.run, "select revive_if_dead(%s)", letter)
    reviving.result(60)
    assert queue.all("select * from ordering_keys") == []


def test_a_letter_that_is_busy_leaves_its_key_to_others(queue, another):
    """A replay of many that passes a letter over keeps nothing of its key."""
    letter = queue.kill(ordering_key="k")
    other = another()
    with other.transaction():
        other.run("select from dead_letters where id = %s for update", letter)
        assert queue.one("select replay_dead_letters('{}', 'ann')") == 0
    assert queue.all("select * from ordering_keys") == []
