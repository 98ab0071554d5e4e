"""Red. Copy to tests/channels/webhooks/ (it needs the fixtures there) and run it."""

from holdfast import Answer
from holdfast.errors import DatabaseUnavailable


async def test_an_answer_whose_done_mark_had_no_word_is_still_heard(
    hf, sender, sql, announced, monkeypatch
):
    """The handler has answered, its job's `done` is committed, the word of that is lost: the sender
    gets the answer, now or when it comes again; and not 500, and then "duplicate"."""

    @hf.on("stripe", "issuing_authorization.request", answer=True)
    async def authorise(event):
        return Answer(200, b'{"approved": true}')

    await announced()
    database, run = hf.services.database, hf.services.database.run

    async def cut(call, *args, **kwargs):
        result = await run(call, *args, **kwargs)
        if call.function.startswith("settle"):
            raise DatabaseUnavailable("server closed the connection unexpectedly")
        return result

    body = sender.event(type="issuing_authorization.request")
    with monkeypatch.context() as patch:
        patch.setattr(type(database), "run", lambda _, *args, **kwargs: cut(*args, **kwargs))
        first = await sender.post(body)
    second = await sender.post(body)
    print([(one.status_code, one.content) for one in (first, second)])
    assert sql.execute("select state from jobs").fetchone() == ("done",)
    assert b'{"approved": true}' in {first.content, second.content}
