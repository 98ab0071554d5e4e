"""What the pages on email say can be done, done once more with requests and calls."""

import re

from flask.testing import FlaskClient
from httpx import ASGITransport, AsyncClient

MIGRATE = "docs/how-to/migrate-email.md"


def with_word(blocks, word):
    """The block of Python that has it."""
    [found] = [b for b in blocks if b.language == "python" and word in b.text]
    return found.text


async def test_the_recipes_answer_after_the_commit(blocks_of, dsn, monkeypatch, sql):
    """FastAPI and Flask: a request queues one email, and the same request again none."""
    monkeypatch.setenv("HOLDFAST_DATABASE_URL", dsn)
    names = {}
    for word in ("FastAPI()", "Flask("):
        exec(compile(with_word(blocks_of(MIGRATE), word), MIGRATE, "exec"), names)
    transport = ASGITransport(names["app"])
    async with AsyncClient(transport=transport, base_url="http://shop") as client:
        first = (await client.post("/orders/7/packed")).json()
        assert (await client.post("/orders/7/packed")).json() == first
    await names["hf"].close()
    client = FlaskClient(names["shop"], names["shop"].response_class)
    assert client.post("/orders/7/packed").get_json() == first
    assert client.post("/orders/8/packed").get_json() != first
    assert sql.execute("select count(*) from emails").fetchone() == (2,)
    names["hf"].sync.close()


def test_the_backend_of_the_page_is_there(blocks_of):
    """The line for Django names a class that exists."""
    names = {}
    exec(with_word(blocks_of(MIGRATE), "EMAIL_BACKEND"), names)
    module, _, name = names["EMAIL_BACKEND"].rpartition(".")
    assert hasattr(__import__(module, fromlist=[name]), name)


def test_the_function_names_what_there_is(blocks_of, sql):
    """Each rpc() of the Edge Function calls a function by parameters that it has."""
    [block] = [b for b in blocks_of("docs/how-to/email-from-sql.md") if b.language == "ts"]
    calls = re.findall(r'rpc\("(\w+)", \{(.*?)\}\)', block.text)
    kept = re.search(r"const held = \{(.*?)\}", block.text)[1]
    held = set(re.findall(r"\b(p_\w+):", kept))
    assert len(calls) == 3 and held == {"p_id", "p_claim_token"}
    for function, arguments in calls:
        named = set(re.findall(r"\b(p_\w+):", arguments)) | (held if "held" in arguments else set())
        [(known,)] = sql.execute(
            "select proargnames from pg_proc where proname = %s"
            " and pronamespace = 'holdfast'::regnamespace",
            [function],
        ).fetchall()
        assert named <= set(known), function
