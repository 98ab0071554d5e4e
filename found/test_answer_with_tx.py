"""Red. Copy to tests/channels/webhooks/ (it needs the fixtures there) and run it."""

import pytest

from holdfast import Answer


@pytest.mark.parametrize("kind", ["coroutine", "function"])
async def test_what_a_handler_with_tx_answers_is_what_the_sender_gets(hf, sender, announced, kind):
    """`answer=True` and `tx`: the response is the handler's."""
    if kind == "coroutine":

        @hf.on("stripe", "issuing_authorization.request", answer=True)
        async def authorise(event, tx):
            await tx.execute("select 1")
            return Answer(402, b'{"approved": false}')
    else:

        @hf.on("stripe", "issuing_authorization.request", answer=True)
        def authorise_plainly(event, tx):
            tx.execute("select 1")
            return Answer(402, b'{"approved": false}')

    await announced()
    answer = await sender.post(sender.event(type="issuing_authorization.request"))
    assert (answer.status_code, answer.content) == (402, b'{"approved": false}')
