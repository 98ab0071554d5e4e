"""Whatever is asked of the JSON API, it answers on purpose."""

import asyncio
import base64
import random
import uuid

import pytest
from tests.serving import serving

from holdfast.api import build
from holdfast.api.json_api import described

NASTY = [
    "", " ", "x", "\x00", "a\x00b", "\ud800", "\r\n", "'; drop table jobs; --", "%s %(x)s {0}",
    "../../etc/passwd", "\u202e", "x" * 5000, "default", "stripe", "ready", "*", "a@b.example",
    "2026-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", "infinity", "NaN",
    "[]", "{}", "null", "0", "-1", "1e400", str(uuid.UUID(int=5)), f"urn:uuid:{uuid.UUID(int=6)}",
]  # fmt: skip
OTHERS = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**70), 1e300, 0.5, [], {}, [None], [[]],
    {"": ""}, {"queue": "default"}, {"ids": ["x"]}, {"\x00": "\ud800"}, ["a@b.example"] * 3,
]  # fmt: skip


def _value(chance, depth=0):
    drawn = chance.random()
    if drawn < 0.5:
        return chance.choice(NASTY)
    if drawn < 0.85 or depth > 2:
        return chance.choice(OTHERS)
    if drawn < 0.92:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(3))]
    return {chance.choice(NASTY): _value(chance, depth + 1) for _ in range(chance.randrange(3))}


def _fitting(schema, chance):  # noqa: PLR0911  one per type
    """A value of the type that is asked for, most of the time."""
    options = schema.get("anyOf", [schema])
    one = chance.choice(options)
    if chance.random() < 0.25:
        return _value(chance)
    match one.get("type"):
        case "integer":
            return chance.choice([0, 1, 5, 50, 1000, -1, 2**31, 2**63, 10**30])
        case "number":
            return chance.choice([0, 0.001, 1, -1, 1e9, 1e300, 5e-324])
        case "boolean":
            return chance.random() < 0.5
        case "array":
            return [_fitting(one["items"], chance) for _ in range(chance.randrange(3))]
        case "object":
            return {chance.choice(NASTY): _value(chance) for _ in range(chance.randrange(3))}
        case "string" if one.get("format") == "uuid":
            return str(uuid.UUID(int=chance.randrange(2**128)))
        case "string" if one.get("format") == "date-time":
            return chance.choice([text for text in NASTY if text[:4].isdigit()])
    return chance.choice(NASTY)


def _asked(described_as, path, about, chance):
    """The path, the query and the body of one request."""
    schemas = described_as["components"]["schemas"]
    query = {}
    for parameter in about.get("parameters", ()):
        value = _fitting(parameter["schema"], chance)
        if parameter["in"] == "path":
            text = str(value).encode("utf-8", "replace").decode() or "x"
            path = path.replace("{" + parameter["name"] + "}", text.replace("/", "_"))
        elif chance.random() < 0.5:
            query[parameter["name"]] = str(value).encode("utf-8", "replace").decode()[:3000]
    schema = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = schema.get("schema", {})
    name = next((o["$ref"] for o in [schema, *schema.get("anyOf", ())] if "$ref" in o), "")
    body = None
    if name:
        model = schemas[name.rpartition("/")[2]]
        body = {
            field: _fitting(of, chance)
            for field, of in model["properties"].items()
            if field in model.get("required", ()) or chance.random() < 0.4
        }
    return path, query, body


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_makes_it_stumble(hf, asks, sql, seed, monkeypatch):
    """No request is a 500: what cannot be done is refused by its name, the next one is fine."""
    monkeypatch.setenv("HOLDFAST_EMAIL_FROM", "shop@example.com")
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", base64.b64encode(bytes(32)).decode())
    chance = random.Random(seed)
    described_as = described()
    sql.execute("select enqueue('default', 'x')")
    ask = asks()
    for path, methods in described_as["paths"].items():
        for method, about in methods.items():
            for _ in range(12):
                where, query, body = _asked(described_as, path, about, chance)
                status, told = await ask(method.upper(), where, body, params=query)
                assert status < 500, (method, where, query, body, told)
    assert (await ask("GET", "/queues"))[0] == 200


@pytest.mark.usefixtures("api_keys")
async def test_what_is_no_json_is_refused(hf):
    """Half a body, a body of another kind, deep and endless ones are 4xx, and harm nobody."""
    await hf.prepare()
    bodies = [
        b"{", b"\xff\xfe", b"[" * 100_000, b'{"kind": "x"' + b" " * 1000, b"null", b"1" * 9000,
        b'{"kind":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}", b"\x00" * 100,
    ]  # fmt: skip
    async with serving(build(hf.services)) as port:
        for body in bodies:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /api/jobs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                b"authorization: Bearer oncall-secret-of-24-characters\r\n"
                b"content-length: %d\r\n\r\n" % len(body) + body
            )
            head = await reader.readuntil(b"\r\n\r\n")
            writer.close()
            assert head.split()[1] in {b"400", b"422"}, (body[:50], head)
