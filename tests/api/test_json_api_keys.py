"""The keys of the JSON API: who may ask, what, how often, and what is told to others."""

import pytest
from tests.serving import serving

from holdfast.api import build
from holdfast.api.keys import keys
from holdfast.client import connect
from holdfast.errors import ConfigError


@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer wrong-secret-of-24-characters!", "Basic cmVhZGVyOng=",
     "Bearer reader-secret-of-24-character", "reader-secret-of-24-characters"],
)  # fmt: skip
async def test_who_has_no_key_is_answered_nothing(api_address, http_client, shown):
    """Without a known key every path is 401, also one that does not exist."""
    headers = {} if shown is None else {"Authorization": shown}
    for path in (
        "/api/jobs",
        "/api/emails",
        "/api/nothing",
        "/api/",
        "/api/openapi.jsonx",
        "/api/webhooks/openapi.json",
        "/api/openapi.json/",
    ):
        async with http_client.get(api_address + path, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert "Authorization: Bearer" in (await answer.json())["error"]


async def test_without_any_key_nobody_is_let_in(hf, http_client):
    """An API that nobody gave a key answers nobody, and says how to give one."""
    async with (
        serving(build(hf.services)) as port,
        http_client.get(
            f"http://127.0.0.1:{port}/api/jobs", headers={"Authorization": "Bearer "}
        ) as a,
    ):
        assert a.status == 401
        assert "HOLDFAST_API_KEY_<NAME>=" in (await a.json())["error"]


async def test_a_key_may_do_what_it_says(asks):
    """To read looks, to send sends, to operate does both and more; a refusal says what it needs."""
    may = [
        ("reader", "GET", "/jobs", 200),
        ("reader", "POST", "/jobs", 403),
        ("reader", "POST", "/queues/default/pause", 403),
        ("shop", "GET", "/jobs", 403),
        ("shop", "POST", "/jobs", 202),
        ("shop", "POST", "/queues/default/pause", 403),
        ("oncall", "GET", "/jobs", 200),
        ("oncall", "POST", "/jobs", 202),
        ("oncall", "POST", "/queues/default/pause", 200),
    ]
    for name, method, path, expected in may:
        status, told = await asks(name)(method, path, {"kind": "x"} if path == "/jobs" else None)
        assert (name, path, status) == (name, path, expected), told
        if status == 403:
            assert f"the key {name} may" in told["error"]


async def test_a_key_may_ask_so_often(dsn, http_client, monkeypatch):
    """Beyond its requests per minute a key is told 429 and when to come; others are not held up."""
    monkeypatch.setenv("HOLDFAST_API_PER_MINUTE", "3")
    for name in ("one", "other"):
        monkeypatch.setenv(f"HOLDFAST_API_KEY_{name.upper()}", f"read:{name * 9}-secret")
    paced = connect(dsn)
    async with serving(build(paced.services)) as port:

        async def ask(name):
            headers = {"Authorization": f"Bearer {name * 9}-secret"}
            async with http_client.get(
                f"http://127.0.0.1:{port}/api/queues", headers=headers
            ) as answer:
                return answer.status, answer.headers, await answer.json()

        answers = [await ask("one") for _ in range(4)]
        assert [status for status, _, _ in answers] == [200, 200, 200, 429]
        assert [h["RateLimit"].split(";")[1] for _, h, _ in answers] == ["r=2", "r=1", "r=0", "r=0"]
        assert answers[0][1]["RateLimit-Policy"] == '"api";q=3;w=60'
        _, headers, content = answers[3]
        assert 1 <= int(headers["Retry-After"]) <= 20
        assert "the key one may ask 3 times a minute" in content["error"]
        assert (await ask("other"))[0] == 200
    await paced.close()


async def test_who_did_it_is_on_record(asks, sql):
    """What is done by the API is recorded with the name of the key and the reason."""
    await asks()("POST", "/queues/default/pause", {"why": "the bank is down"})
    who, why = sql.execute("select who, why from operations order by at desc limit 1").fetchone()
    assert (who, why) == ("api:oncall", "the bank is down")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("a-secret-without-any-rights-at-all", "before the secret"),
        ("write:a-secret-of-24-characters-x", "read, send or operate"),
        ("read:too-short", "24 characters"),
        ("read:with a space in the middle of it", "without spaces"),
    ],
)
def test_a_key_that_is_none_is_told_by_its_variable(monkeypatch, value, told):
    """A key that cannot be used ends the start, by its name and without its secret."""
    monkeypatch.setenv("HOLDFAST_API_KEY_SHOP", value)
    with pytest.raises(ConfigError, match=f"HOLDFAST_API_KEY_SHOP: .*{told}") as caught:
        keys()
    assert value.partition(":")[2] not in str(caught.value) or ":" not in value


def test_two_keys_with_one_secret_are_refused(monkeypatch):
    """Who asks could not be told."""
    for name in ("A", "B"):
        monkeypatch.setenv(f"HOLDFAST_API_KEY_{name}", "read:the-same-secret-of-24-chars")
    with pytest.raises(ConfigError, match="HOLDFAST_API_KEY_B: another key has the same secret"):
        keys()
