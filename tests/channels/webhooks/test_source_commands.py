"""holdfast webhooks sources, as a person types it, against a running server."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.schemes import SCHEMES, sign
from holdfast.channels.webhooks.settings import sources

KEY = base64.b64encode(b"0" * 32).decode()


PUBLIC = base64.b64encode(
    ec.derive_private_key(7, ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()  # fmt: skip


async def test_a_source_from_nothing_to_its_first_event(
    holdfast, holdfast_process, hf, sending, sql, monkeypatch
):
    """Sources add, test, trigger, list, show, verify and rotate do what their help says."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", KEY)
    await hf.prepare()
    secret = "whsec_kept_sealed"
    code, out, complaints = await holdfast_process(
        "webhooks", "sources", "add", "billing", "--scheme", "stripe", "--secret-stdin",
        "--set", "livemode=false", "--who", "ann", given=f"{secret}\n",
    )  # fmt: skip
    assert code == 0, complaints
    assert secret not in json.dumps(sql.execute("select reference from webhook_secrets").fetchall())
    async with sending(hf) as sender:
        tested, listed = await asyncio.gather(
            holdfast("webhooks", "sources", "test", "billing"),
            holdfast("webhooks", "sources", "list"),
        )
        assert tested[0] == 0 and "sign and verify" in tested[1], tested
        assert "billing" in listed[1] and "database" in listed[1]
        code, out, complaints = await holdfast(
            "webhooks", "trigger", "stripe", "invoice.paid", "--source", "billing",
            "--to", sender.address,
        )  # fmt: skip
        assert code == 0 and "answered 200" in out, (out, complaints)
    ours, theirs = sql.execute("select id::text, event_id from webhook_events").fetchone()
    shown, verified, rotated = await asyncio.gather(
        holdfast("webhooks", "show", theirs, "--json"),
        holdfast("webhooks", "verify", ours[:8] if ours[:8] != ours[-8:] else ours),
        holdfast("webhooks", "sources", "rotate", "billing", "--secret-stdin", given="whsec_new\n"),
    )
    assert json.loads(shown[1])["event_type"] == "invoice.paid"
    assert verified[0] == 0 and "verifies" in verified[1], verified
    assert rotated[0] == 0, rotated
    ends = sql.execute("select count(*) from webhook_secrets where not_after is not null")
    assert ends.fetchone() == (1,)


async def test_all_that_a_source_was_told_is_shown(holdfast, hf):
    """Whatever a source was told can be looked up, by the words that it was told in."""
    await hf.prepare()
    told = {
        "public_url": "https://us.example/hooks", "redact_paths": ["/data/object/email"],
        "redact_headers": ["x-secret"], "redact_after": "30 days",
        "rate_quota": 7,
    }  # fmt: skip
    settings = [f"{k}={v[0] if isinstance(v, list) else v}" for k, v in told.items()]
    await holdfast(
        "webhooks", "sources", "add", "billing", "--scheme", "stripe", "--secret", "env:BILLING",
        *(word for setting in settings for word in ("--set", setting)), BILLING="whsec_known",
    )  # fmt: skip
    code, out, complaints = await holdfast("webhooks", "sources", "show", "billing", "--json")
    assert code == 0, complaints
    shown = json.loads(out)
    assert {key: shown[key] for key in told} == told


async def test_a_source_of_the_environment_goes_on_when_its_policy_is_changed(
    holdfast, hf, sending, sql, monkeypatch
):
    """`sources set` of a source in the environment keeps its scheme, and all else it was told."""
    told = {
        "SCHEME": "twilio", "SECRETS": "hush", "PUBLIC_URL": "https://eu.example/webhooks/eu",
        "TOLERANCE": "60", "MAX_BODY": "2000", "REVIVE": "true", "RETENTION": "3 days",
        "SILENCE": "7", "RATE": "50", "ACCOUNTS": "AC1",
    }  # fmt: skip
    environment = {f"HOLDFAST_SOURCE_EU_{key}": value for key, value in told.items()}
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    await hf.prepare()
    change = ("webhooks", "sources", "set", "eu", "redact_after=1 day")
    _, before, _ = await holdfast("webhooks", "sources", "show", "eu", "--json")
    code, _, complaints = await holdfast(*change)
    assert code == 0, complaints
    _, after, _ = await holdfast("webhooks", "sources", "show", "eu", "--json")
    changed = {"redact_after": "1 day", "retention": "72:00:00"}
    assert json.loads(after) == {**json.loads(before), **changed}
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    headers = [kind, *sign(SCHEMES["twilio"], b"AccountSid=AC1", "hush", timestamp=1, event_id="e",
                           url=told["PUBLIC_URL"], headers=[kind])]  # fmt: skip
    async with sending(hf) as sender:
        posted = await sender.post(b"AccountSid=AC1", source="eu", headers=dict(headers))
        assert posted.status_code == 200 and "held" not in posted.json()
    for variable in environment:
        monkeypatch.delenv(variable)
    code, _, complaints = await holdfast("webhooks", "sources", "set", "nope", "silence=3")
    assert code == 1 and "HOLDFAST_SOURCE_NOPE_SCHEME" in complaints
    assert sql.execute("select name from webhook_sources").fetchall() == [("eu",)]


async def test_what_the_database_does_not_say_the_environment_does(database, sql, monkeypatch):
    """A row in the database takes nothing away that only the environment says of its source."""
    sql.execute("""select webhook_set_source('twilio', '{"silence": 3}', 'ann')""")
    for key, value in {"PUBLIC_URL": "https://us.example/", "LIVEMODE": "true", "ACCOUNTS": "a",
                       "RATE": "5"}.items():  # fmt: skip
        monkeypatch.setenv(f"HOLDFAST_SOURCE_TWILIO_{key}", value)
    found = await Book(database, sources()).look("twilio")
    assert (found.public_url, found.livemode, found.accounts, found.rate) == (
        "https://us.example/", True, ("a",), 5)  # fmt: skip
    change = '{"public_url": "https://eu.example/", "livemode": false}'
    sql.execute("select webhook_set_source('twilio', %s, 'ann')", [change])
    found = await Book(database, sources()).look("twilio")
    assert (found.public_url, found.livemode) == ("https://eu.example/", False)


@pytest.mark.parametrize("nothing", ["none", "None", ""])
async def test_what_a_source_was_told_is_set_back(holdfast, hf, nothing):
    """KEY=none, or nothing after =, sets a value of a source back to what it is untold."""
    await hf.prepare()
    await holdfast("webhooks", "sources", "add", "stripe")
    _, untold, _ = await holdfast("webhooks", "sources", "show", "stripe", "--json")
    told = {
        "tolerance": "1 minute", "public_url": "https://us.example/", "livemode": "true",
        "accounts": "acct_1,acct_2", "max_body": "2000", "rate_quota": "5", "revive": "true",
        "retention": "3 days", "redact_paths": "/a", "redact_headers": "x-a",
        "redact_after": "1 day", "silence": "3",
    }  # fmt: skip
    said = [f"{key}={value}" for key, value in told.items()]
    code, _, complaints = await holdfast("webhooks", "sources", "set", "stripe", *said)
    assert code == 0, complaints
    _, shown, _ = await holdfast("webhooks", "sources", "show", "stripe", "--json")
    assert shown != untold
    back = [f"{key}={nothing}" for key in told]
    code, _, complaints = await holdfast("webhooks", "sources", "set", "stripe", *back)
    assert code == 0, complaints
    _, shown, _ = await holdfast("webhooks", "sources", "show", "stripe", "--json")
    assert json.loads(shown) == json.loads(untold)


@pytest.mark.parametrize("name", ["stripe", "nowhere"])
async def test_what_the_database_does_not_have_is_not_rotated(holdfast, hf, sql, name):
    """A secret for a source of the environment, or for none, would be of no use: it is said."""
    await hf.prepare()
    code, _, complaints = await holdfast(
        "webhooks", "sources", "rotate", name, "--secret", "env:OTHER",
        HOLDFAST_SOURCE_STRIPE_SECRETS="whsec_kept", OTHER="whsec_new",
    )  # fmt: skip
    assert code == 1 and f'no source "{name}"' in complaints, complaints
    assert "HOLDFAST_SOURCE_<NAME>_SECRETS" in complaints
    assert sql.execute("select count(*) from webhook_secrets").fetchone() == (0,)


async def test_a_rotation_says_which_secrets_go_on(holdfast, hf, sql):
    """An overlap that cannot be is refused; what the environment has does not end, it is said."""
    await hf.prepare()
    variables = {"HOLDFAST_SOURCE_STRIPE_SECRETS": "whsec_kept", "OTHER": "whsec_new"}
    named = ("webhooks", "sources", "rotate", "stripe", "--secret", "env:OTHER")
    sql.execute("select webhook_set_source('stripe', '{}', 'ann')")
    for overlap, says in (("-1 hour", "not negative"), ("soon", "soon")):
        code, _, complaints = await holdfast(*named, "--overlap", overlap, **variables)
        assert code == 1 and says in complaints
    assert sql.execute("select count(*) from webhook_secrets").fetchone() == (0,)
    code, out, complaints = await holdfast(*named, **variables)
    assert code == 0 and "but not those" in out, complaints
    assert "env:HOLDFAST_SOURCE_STRIPE_SECRETS#1" in " ".join(out.split())
    code, out, _ = await holdfast(*named, OTHER="whsec_newer", HOLDFAST_SOURCE_STRIPE_SECRETS="")
    assert code == 0 and "but not those" not in out


async def test_without_a_key_nothing_is_sealed_and_nothing_is_made(holdfast, hf, sql):
    """Sealing without HOLDFAST_SECRET_KEY is refused with how to make one; nothing is made."""
    await hf.prepare()
    code, _, complaints = await holdfast("endpoints", "add", "app", "http://127.0.0.1:9/")
    assert code == 3 and "openssl rand" in complaints
    assert sql.execute("select count(*) from webhook_endpoints").fetchone() == (0,)
    code, _, complaints = await holdfast(
        "webhooks", "sources", "add", "stripe", "--secret", "env:NOT_THERE"
    )
    assert code == 1 and "NOT_THERE" in complaints
    assert sql.execute("select count(*) from webhook_sources").fetchone() == (0,)


async def test_a_sender_of_its_own_is_told_by_options(holdfast, hf, sending, sql, monkeypatch):
    """`sources add --scheme generic` is told how it signs; `test` and `trigger` sign so, too."""
    monkeypatch.setenv("ACME", "a secret")
    await hf.prepare()
    code, out, complaints = await holdfast(
        "webhooks", "sources", "add", "acme", "--scheme", "generic", "--secret", "env:ACME",
        "--header", "Acme-Signature", "--signed", "{timestamp}.{body}", "--label", "v2=",
        "--separator", ",", "--timestamp", "element:time", "--encoding", "base64",
        "--event-id", "json:/number", "--event-type", "json:/kind", "--object-id", "json:/order",
    )  # fmt: skip
    assert code == 0, complaints
    code, out, complaints = await holdfast("webhooks", "sources", "test", "acme")
    assert code == 0 and "sign and verify" in out, complaints
    body = b'{"number": 7, "kind": "order.paid", "order": "o_1"}'
    stamp = str(int(time.time()))
    mac = hmac.new(b"a secret", stamp.encode() + b"." + body, hashlib.sha256).digest()
    header = f"time={stamp},v2={base64.b64encode(mac).decode()}"
    async with sending(hf) as sender:
        good = await sender.post(body, source="acme", headers={"Acme-Signature": header})
        bad = await sender.post(body + b" ", source="acme", headers={"Acme-Signature": header})
        trigger = ("webhooks", "trigger", "generic", "ping", "--source", "acme")
        code, out, complaints = await holdfast(*trigger, "--to", sender.address)
        assert code == 0, (out, complaints)
    assert (good.status_code, bad.status_code) == (200, 400)
    stored = sql.execute("select event_id, event_type, object_id from webhook_events order by id")
    assert stored.fetchone() == ("7", "order.paid", "o_1")
    assert stored.fetchone()[1] == "ping"


@pytest.mark.parametrize(
    "told",
    [
        ("--timestamp", "json:/meta/at", "--signed", "{timestamp}{body}"),
        ("--id", "json:/a~1b", "--token", "header:X-Token", "--signed", "{id}.{token}.{body}"),
        ("--key", "base64", "--algorithm", "hmac-sha512"),
        ("--algorithm", "equals", "--header", "X-Token"),
    ],
)
async def test_whatever_a_generic_sender_signs_can_be_tested(holdfast, hf, monkeypatch, told):
    """`sources test` makes a sample that has what the scheme needs, wherever that is."""
    monkeypatch.setenv("ACME", base64.b64encode(b"k" * 24).decode())
    await hf.prepare()
    add = ("webhooks", "sources", "add", "acme", "--scheme", "generic", "--secret", "env:ACME")
    code, _, complaints = await holdfast(*add, *told)
    assert code == 0, complaints
    code, out, complaints = await holdfast("webhooks", "sources", "test", "acme")
    assert code == 0 and "sign and verify" in out, complaints


@pytest.mark.parametrize(
    ("scheme", "value", "fits", "says"),
    [
        ("twilio", "a token", True, "sign and verify"),
        ("mailgun", "a key", True, "sign and verify"),
        ("gitlab", "a token", True, "sign and verify"),
        ("gitlab", "whsec_" + KEY, True, "sign and verify"),
        ("gitlab", "whsec_no_key!", False, "is base64"),
        ("sendgrid", PUBLIC, True, "only SendGrid can sign"),
        ("sendgrid", "no key", False, "no public key"),
        ("standardwebhooks", "whpk_" + base64.b64encode(b"k" * 32).decode(), True, "only Standard"),
        ("sns", "arn:aws:sns:eu-west-1:123456789012:orders", True, "only Amazon can sign"),
        ("sns", "orders", False, "ARN of a topic"),
    ],
)
@pytest.mark.parametrize("public_url", ["", "https://hooks.example.com/in?a=1"])
async def test_what_a_test_of_a_source_says_is_true(
    holdfast, hf, scheme, value, fits, says, public_url
):
    """`sources test` takes a good secret of every scheme, and tells where it cannot sign."""
    await hf.prepare()
    name = f"HOLDFAST_SOURCE_{scheme.upper()}"
    given = {f"{name}_SECRETS": value, f"{name}_PUBLIC_URL": public_url}
    code, out, complaints = await holdfast("webhooks", "sources", "test", scheme, **given)
    assert (code == 0) is fits and says in " ".join((out + complaints).split())


@pytest.mark.parametrize(
    ("scheme", "told", "says"),
    [
        ("generic", ("--encoding", "octal"), "--encoding: one of hex, base64"),
        ("generic", ("--event-id", "there"), "--event-id: a place such as"),
        ("generic", ("--signed", "{timestamp}"), "--signed: has to have {body}"),
        ("generic", ("--signed", "{timestamp}{body}"), "--timestamp: say where it is"),
        ("stripe", ("--header", "X-S", "--event-id", "json:/id"), "--header, --event-id are for"),
        ("acme", (), "--scheme generic --header"),
    ],
)
async def test_a_scheme_that_makes_no_sense_is_not_stored(holdfast, hf, sql, scheme, told, says):
    """A wrong option is refused with its name and what it takes; nothing is stored."""
    await hf.prepare()
    code, _, complaints = await holdfast(
        "webhooks", "sources", "add", "acme", "--scheme", scheme, *told
    )
    assert code == 1 and says in " ".join(complaints.split()), complaints
    assert sql.execute("select count(*) from webhook_sources").fetchone() == (0,)
