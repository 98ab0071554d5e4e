"""Red. Copy to tests/channels/webhooks/ (it needs the fixtures there) and run it."""

import asyncio

from holdfast import Answer, connect


async def test_after_the_death_of_its_request_no_worker_answers(
    hf, sending, secret, dsn, sql, announced
):
    """A queue whose lease is below 15 s: the request dies, a worker answers nobody, and the sender
    who comes again is told that it is a duplicate: it never hears the answer."""
    asked = []

    @hf.on("stripe", "issuing_authorization.request", answer=True, queue="answers", lease="1 s")
    async def authorise(event):
        asked.append(event.event_id)
        return Answer(200, b'{"approved": true}')

    await hf.prepare()
    await announced()
    without = connect(dsn)  # stores the event; then the claim of a request that is killed
    async with sending(without) as nobody, sending(hf) as somebody:
        body = nobody.event(type="issuing_authorization.request")
        assert (await nobody.post(body)).status_code == 503
        (job,) = sql.execute("select id from jobs").fetchone()
        sql.execute("select claim_job(%s, 'request:killed')", [job])
        await asyncio.sleep(1.2)
        await hf.work(until_idle=True)  # its lease ran out
        answered = await somebody.post(body)
    await without.close()
    assert (answered.status_code, answered.content) == (200, b'{"approved": true}')
    assert asked == ["evt_1"]
