"""Red. Copy to tests/channels/email/ (it needs the fixtures there) and run it.

`cp found/test_doubt_is_forgotten.py tests/channels/email/ && $P -m pytest -q \
tests/channels/email/test_doubt_is_forgotten.py; rm tests/channels/email/test_doubt_is_forgotten.py`
"""

from holdfast import Email
from holdfast.policy.verdict import Unknown

from .test_roster import MAIL, listed  # noqa: F401


async def test_a_doubt_outlives_an_attempt_that_says_nothing_of_it(post, script, listed, sql):  # noqa: F811
    """a may have it; a is then out of order for two attempts: b must not be asked."""
    leaving = "421 4.3.2 leaving"
    first = await script(dot=["drop"], RCPT=["250 Ok", leaving, leaving])
    second = await script()
    await post.send(Email(to="ann@example.com", **MAIL))
    delivery = listed(first, second)
    [(verdict, _)] = await post.attempt(delivery=delivery)
    assert isinstance(verdict, Unknown)
    assert sql.execute("select provider from email_submissions").fetchall() == [("a",)]
    post.later()
    await post.attempt(delivery=delivery)  # a refuses this attempt; that of before is still open
    print("submissions:", sql.execute("select provider from email_submissions").fetchall())
    post.later()
    await post.attempt(delivery=delivery)
    assert second.connections == 0, "a has it, and b was given it as well"
    assert sql.execute("select provider from email_submissions").fetchall() == [("a",)]
