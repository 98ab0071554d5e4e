"""Handlers that run in the request, before the sender has its answer: inline, or as the answer."""

import asyncio
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest

from holdfast import Answer
from holdfast.client import connect
from holdfast.database import Database
from holdfast.errors import DatabaseUnavailable


def one(sql, statement, *args):
    """The first row."""
    return sql.execute(statement, args or None).fetchone()


async def test_an_inline_handler_has_run_before_the_answer(hf, sender, sql, announced, caplog):
    """`inline=True` runs it in the request, after the event was stored; the log has no news."""
    seen = []

    @hf.on("stripe", "*", inline=True)
    async def handle(event):
        seen.append((event.event_id, one(sql, "select count(*) from webhook_events")))

    await announced()
    answer = await sender.post(sender.event())
    assert answer.status_code == 200
    assert seen == [("evt_1", (1,))]
    assert one(sql, "select state, worker like 'request:%%' from jobs") == ("done", True)
    assert not [said for said in caplog.records if said.msg in {"job.dead", "job.late"}]


async def test_an_inline_handler_that_fails_is_retried_by_a_worker(hf, sender, sql, announced):
    """The sender gets 200 all the same; the failed attempt is the first of several."""
    tries = []

    @hf.on("stripe", "*", inline=True, queue="now", retry_base="0 s")
    async def handle(event):
        tries.append(event.attempt)
        if len(tries) == 1:
            raise ConnectionError("not yet")

    await announced()
    answer = await sender.post(sender.event())
    assert answer.status_code == 200 and tries == [1]
    await hf.work(until_idle=True)
    assert tries == [1, 2]
    assert one(sql, "select state from jobs") == ("done",)


async def test_handlers_of_a_request_share_its_time(
    hf, sender, sql, announced, monkeypatch, eventually, later
):
    """Several that hang keep the sender no longer than one does; who answers is run before them."""
    now = SimpleNamespace(monotonic=asyncio.get_running_loop().time)
    monkeypatch.setattr("holdfast.channels.webhooks.answer.time", now)
    begun = []

    def hanging(name):
        @hf.on("stripe", "*", inline=True, name=name, queue=name)
        async def handle(event):
            begun.append(name)
            await asyncio.Event().wait()

    hanging("a")
    hanging("b")

    @hf.on("stripe", "*", answer=True, name="z")
    async def answers(event):
        begun.append("z")
        return Answer(201)

    await announced()
    asking = asyncio.create_task(sender.post(sender.event()))
    await eventually(lambda: len(begun) == 2)
    await later(9)
    assert ((await asking).status_code, begun) == (201, ["z", "a"])
    tried = sql.execute("select kind, attempts from jobs order by kind").fetchall()
    assert tried == [("webhook:a", 1), ("webhook:b", 0), ("webhook:z", 1)]


async def test_an_inline_handler_whose_request_dies_is_run_by_a_worker(hf, sender, sql, announced):
    """If the process dies between the commit and the handler, the job is due 15 seconds later."""

    @hf.on("stripe", "*", inline=True)
    async def handle(event): ...

    await announced()
    hf.services.registry._handlers.clear()  # a process without the app: nothing runs in the request
    assert (await sender.post(sender.event())).status_code == 200
    state, waits = one(
        sql, "select state, extract(epoch from run_at - enqueued_at)::integer from jobs"
    )
    assert (state, waits) == ("ready", 15)


async def test_what_a_handler_answers_is_what_the_sender_gets(hf, sender, sql, announced):
    """`answer=True`: the response is the handler's, its event is stored and its job done."""

    @hf.on("stripe", "issuing_authorization.request", answer=True)
    async def authorise(event):
        return Answer(202, b'{"approved": true}', {"Stripe-Version": "2024"})

    await announced()
    answer = await sender.post(sender.event(type="issuing_authorization.request"))
    assert (answer.status_code, answer.content) == (202, b'{"approved": true}')
    assert answer.headers["Stripe-Version"] == "2024"
    assert one(sql, "select state from jobs") == ("done",)


@pytest.mark.parametrize("kind", ["coroutine", "function"])
async def test_what_a_handler_with_tx_answers_is_what_the_sender_gets(hf, sender, announced, kind):
    """`answer=True` and `tx`: the response is the handler's, committed with what it wrote."""

    async def authorise(event, tx):
        await tx.execute("select 1")
        return Answer(402, b'{"approved": false}')

    def authorise_plainly(event, tx):
        tx.execute("select 1")
        return Answer(402, b'{"approved": false}')

    handler = authorise if kind == "coroutine" else authorise_plainly
    hf.on("stripe", "issuing_authorization.request", answer=True)(handler)
    await announced()
    answer = await sender.post(sender.event(type="issuing_authorization.request"))
    assert (answer.status_code, answer.content) == (402, b'{"approved": false}')


@pytest.mark.parametrize("heard", [True, False])
async def test_what_was_answered_is_heard_though_it_can_not_be_written_down(
    hf, sender, sql, announced, monkeypatch, eventually, later, heard
):
    """A settle whose commit has no word, or that fails for good: the sender has its answer."""

    @hf.on("stripe", "issuing_authorization.request", answer=True)
    async def authorise(event):
        return Answer(200, b'{"approved": true}')

    await announced()
    run, cuts = Database.run, []

    async def cut(self, call):
        if not call.function.startswith("settle"):
            return await run(self, call)
        if heard:
            await run(self, call)
        cuts.append(call)
        raise DatabaseUnavailable("server closed the connection unexpectedly")

    monkeypatch.setattr(Database, "run", cut)
    event = sender.event(type="issuing_authorization.request")
    asking = asyncio.create_task(sender.post(event))
    await eventually(lambda: cuts)
    await later(4)
    answer = await asking
    assert (answer.status_code, answer.content) == (200, b'{"approved": true}')
    assert sql.execute("select state from jobs").fetchone() == ("done" if heard else "leased",)


async def test_a_request_holds_its_job_for_as_long_as_it_may_take(hf, sender, sql, announced):
    """However short the leases of a queue are, no worker runs what a request works on."""
    leases = []

    @hf.on("stripe", "*", answer=True, queue="quick", lease="1 s")
    async def authorise(event):
        leases.append(sql.execute("select lease_until - claimed_at from leased_jobs").fetchone()[0])
        return Answer(200, b"yes")

    await announced()
    assert (await sender.post(sender.event())).content == b"yes"
    assert leases == [timedelta(seconds=20)]


@pytest.mark.parametrize("how", ["raise", "hang"])
async def test_an_answer_that_does_not_come_is_500_and_a_dead_letter(
    hf, sender, sql, announced, monkeypatch, caplog, how
):
    """A handler that fails or is too late gives no answer, and the log has its dead letter."""
    monkeypatch.setattr("holdfast.channels.webhooks.answer._WITHIN_S", 0.2)

    @hf.on("stripe", "*", answer=True)
    async def authorise(event):
        if how == "raise":
            raise ConnectionError("the ledger is away")
        await asyncio.Event().wait()

    await announced()
    answer = await sender.post(sender.event())
    assert answer.status_code == 500
    state, because = one(sql, "select state, because from jobs")
    assert state == "dead" and because.startswith("no answer:")
    assert "job.dead" in [said.message for said in caplog.records]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": 0}, "status 0 is none from 200 to 599"),
        ({"status": "yes"}, "status 'yes' is none"),
        ({"body": {"approved": True}}, "the body is bytes, not dict"),
        ({"headers": {"X-A": "a\r\nX-B: 1"}}, "the header 'X-A' cannot be sent"),
        ({"headers": {"X A": "a"}}, "the header 'X A' cannot be sent"),
        ({"headers": {"X-A": "\N{SNOWMAN}"}}, "the header 'X-A' cannot be sent"),
        ({"headers": {"Content-Length": "1"}}, "the header Content-Length is set by the server"),
    ],
)
async def test_an_answer_that_no_server_could_send_is_told_to_its_handler(
    hf, sender, sql, announced, given, why
):
    """A status, body or header that cannot be sent is a dead letter that says so, and 500."""

    @hf.on("stripe", "*", answer=True)
    async def authorise(event):
        return Answer(**given)

    await announced()
    answer = await sender.post(sender.event())
    assert answer.status_code == 500 and b"no answer" in answer.content
    state, because = one(sql, "select state, because from jobs")
    assert state == "dead" and f"no answer: InvalidInput: Answer: {why}" in because


async def test_an_answer_may_be_text(hf, sender, announced):
    """A body that is text is sent as UTF-8."""

    @hf.on("stripe", "*", answer=True)
    async def authorise(event):
        return Answer(200, "caf\xe9")

    await announced()
    assert (await sender.post(sender.event())).content == b"caf\xc3\xa9"


@pytest.mark.parametrize("how", ["exit", "exit in a thread", "cancel"])
async def test_a_handler_that_ends_its_process_ends_only_its_attempt(
    hf, sender, sql, announced, how
):
    """`sys.exit()` or a cancellation in the request: 200, a worker goes on, the server as well."""
    tries = []

    async def leave(event):
        tries.append(event.attempt)
        if len(tries) == 1:
            raise asyncio.CancelledError if how == "cancel" else SystemExit(3)

    def leave_plainly(event):
        tries.append(event.attempt)
        if len(tries) == 1:
            sys.exit(3)

    handler = leave_plainly if how == "exit in a thread" else leave
    hf.on("stripe", "*", inline=True, queue="now", retry_base="0 s")(handler)
    await announced()
    codes = [(await sender.post(sender.event(number))).status_code for number in (1, 2)]
    assert codes == [200, 200] and tries == [1, 1]
    await hf.work(until_idle=True)
    assert tries == [1, 1, 2]
    assert sql.execute("select state from jobs").fetchall() == [("done",)] * 2


async def test_an_answer_that_nobody_here_can_give_is_503_until_somebody_gives_it(
    hf, sending, secret, dsn, sql, announced
):
    """A process without the handler never says 200: 503, stored, and asked again when resent."""
    asked, queued = [], []

    @hf.on("stripe", "issuing_authorization.request", answer=True)
    async def authorise(event):
        asked.append(event.event_id)
        return Answer(200, b'{"approved": true}')

    @hf.on("stripe", "*", name="beside")
    async def beside(event):
        queued.append(event.event_id)

    await hf.prepare()
    await announced()
    without = connect(dsn)  # as `holdfast serve` without --app
    async with sending(without) as nobody, sending(hf) as somebody:
        body = nobody.event(type="issuing_authorization.request")
        for number in range(2):
            refused = await nobody.post(body)
            assert refused.status_code == 503 and refused.headers["Retry-After"] == "5"
            assert one(sql, "select redeliveries from webhook_keys") == (number,)
        other = await nobody.post(nobody.event(2, type="invoice.paid"))
        assert other.status_code == 200
        answered = await somebody.post(body)
        assert (answered.status_code, answered.content) == (200, b'{"approved": true}')
        for sender in (nobody, somebody):
            again = await sender.post(body)
            assert again.status_code == 200 and again.json()["duplicate"] is True
    await without.close()
    await hf.work(until_idle=True)
    assert asked == ["evt_1"] and sorted(queued) == ["evt_1", "evt_2"]
    assert one(sql, "select count(*) from webhook_events") == (2,)


async def test_an_answer_that_failed_is_asked_for_again(hf, sender, sql, announced):
    """Sent again after its handler failed, the handler is run again and gives the answer."""
    tries = []

    @hf.on("stripe", "*", answer=True)
    async def authorise(event):
        tries.append(event.event_id)
        if len(tries) == 1:
            raise ConnectionError("the ledger is away")
        return Answer(200, b"yes")

    await announced()
    sql.execute("""select webhook_set_source('stripe', '{"revive": true}', 'ann')""")
    codes = [(await sender.post(sender.event())).status_code for _ in range(3)]
    assert codes == [500, 200, 200] and len(tries) == 2
    states = sql.execute("select state from jobs order by id").fetchall()
    assert states == [("dead",), ("done",)]


async def test_an_answer_that_another_request_is_at_is_503(hf, sender, announced, eventually):
    """Sent again while its answer is being made, an event is to come once more: 503, run once."""
    begun, go_on = [], asyncio.Event()

    @hf.on("stripe", "*", answer=True)
    async def decide(event):
        begun.append(event.event_id)
        await go_on.wait()
        return Answer(body=b"yes")

    await announced()
    first = asyncio.create_task(sender.post(sender.event()))
    await eventually(lambda: begun)
    meanwhile = await sender.post(sender.event())
    assert meanwhile.status_code == 503 and meanwhile.headers["Retry-After"] == "5"
    assert b"another request" in meanwhile.content
    go_on.set()
    assert (await first).content == b"yes" and begun == ["evt_1"]
