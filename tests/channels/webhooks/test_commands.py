"""holdfast webhooks and its sources, as a person types them, against a running server."""

import asyncio
import base64
import contextlib
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
from holdfast.client import connect

KEY = base64.b64encode(b"0" * 32).decode()


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
    """What is taken out of its events, when, and where it is posted to can be looked up."""
    await hf.prepare()
    told = {
        "public_url": "https://us.example/hooks", "redact_paths": ["/data/object/email"],
        "redact_headers": ["x-secret"], "redact_after": "30 days",
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


async def test_why_a_stored_event_does_not_verify_any_more(holdfast, hf, sender, sql):
    """`webhooks verify` says that the secret is another one, and exits 1."""
    await sender.post(sender.event())
    (ours,) = sql.execute("select id::text from webhook_events").fetchone()
    code, out, complaints = await holdfast(
        "webhooks", "verify", ours, HOLDFAST_SOURCE_STRIPE_SECRETS="whsec_other"
    )
    assert code == 1 and "does not verify" in out + complaints


async def test_an_event_verifies_after_its_secret_has_ended(holdfast, hf, sending, sql, tmp_path):
    """The secret that verified an event verifies it again, ended or not; a lost one is named."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("whsec_the_old_one")
    new.write_text("whsec_the_new_one")
    sources = ("webhooks", "sources")
    await hf.prepare()
    await holdfast(*sources, "add", "stripe", "--secret", f"file:{old}")
    async with sending(hf) as sender:
        await sender.post(sender.event(), secret="whsec_the_old_one")
        code, _, complaints = await holdfast(
            *sources, "rotate", "stripe", "--secret", f"file:{new}", "--overlap", "0 seconds"
        )
        assert code == 0, complaints
        assert (await sender.post(sender.event(2), secret="whsec_the_new_one")).status_code == 200
    (ours,) = sql.execute("select id::text from webhook_events order by id").fetchone()
    code, out, complaints = await holdfast("webhooks", "verify", ours)
    assert code == 0 and "verifies" in out, complaints
    sql.execute("update webhook_secrets set not_after = now() - interval '1 year' "
                "where not_after is not null")  # fmt: skip
    code, out, complaints = await holdfast("webhooks", "verify", ours)
    assert code == 0 and "verifies" in out, complaints
    old.unlink()
    code, out, complaints = await holdfast("webhooks", "verify", ours)
    assert code == 1 and f"file:{old} cannot be read" in " ".join((out + complaints).split())
    code, out, complaints = await holdfast("webhooks", "sources", "test", "stripe")
    assert code == 0, complaints


async def test_what_never_had_a_signature_is_not_said_to_have_a_wrong_one(
    holdfast, hf, sql, secret
):
    """`webhooks verify` tells where an event came from that came by no request."""
    await hf.prepare()
    receive = """
        select id::text
        from webhook_receive('stripe', %s, 't', null, null, null, '', '[]', 'stripe', %s)"""
    for options, says in (
        ({"via": "reconcile", "verified_by": "reconcile"}, "own list"), ({}, "by webhook_receive"),
    ):  # fmt: skip
        (ours,) = sql.execute(receive, [says, json.dumps(options)]).fetchone()
        code, out, complaints = await holdfast("webhooks", "verify", ours)
        assert code == 1 and says in out + complaints


async def test_events_are_replayed_after_a_count(holdfast, hf, sender, sql, announced, monkeypatch):
    """`webhooks replay --dry-run` only counts; without it events are handled again, with a bar."""
    runs, shown = [], []

    @contextlib.contextmanager
    def meter(doing, total):
        shown.append((doing, total))
        yield shown.append

    monkeypatch.setattr("holdfast.cli.context.progress", meter)
    monkeypatch.setattr("holdfast.channels.webhooks.inbox.BITE", 2)

    @hf.on("stripe", "*")
    async def handle(event):
        runs.append(event.event_id)

    await announced()
    for number in range(3):
        await sender.post(sender.event(number))
    await hf.work(until_idle=True)
    code, out, _ = await holdfast("webhooks", "replay", "--source", "stripe", "--dry-run")
    assert code == 0 and "3" in out
    assert (await hf.work(until_idle=True)) == 0
    code, out, complaints = await holdfast(
        "webhooks", "replay", "--source", "stripe", "--why", "a bug", "--who", "ann"
    )
    assert code == 0 and "3 of 3 events replayed" in out, complaints
    assert shown == [("replaying", 3), 2, 1]
    await hf.work(until_idle=True)
    assert sorted(runs) == sorted(["evt_0", "evt_1", "evt_2"] * 2)
    code, _, complaints = await holdfast("webhooks", "replay")
    assert code == 1 and "which events" in complaints


async def test_events_are_replayed_since_a_time_as_people_say_it(holdfast, hf, sender, announced):
    """`webhooks replay --since 2h` takes what every other --since takes."""

    @hf.on("stripe", "*")
    async def handle(event): ...

    await announced()
    await sender.post(sender.event(1))
    for since, until, events in (("2h", "0s", 1), ("3d", "1h", 0), ("2001-01-01", "2h", 0)):
        code, out, complaints = await holdfast(
            "webhooks", "replay", "--since", since, "--until", until, "--dry-run", "--json"
        )
        assert code == 0 and json.loads(out)["matching"] == events, complaints


async def test_a_body_of_ones_own_is_sent_to_its_source(
    holdfast, hf, sending, sql, tmp_path, monkeypatch
):
    """`webhooks send` posts to the source of the scheme, with the type where a header says it."""
    (tmp_path / "body").write_text("{}")
    await hf.prepare()
    send = ("webhooks", "send", "github", str(tmp_path / "body"), "--secret", "a secret")
    _, out, complaints = await holdfast(*send)  # whoever is there
    assert ":8025/webhooks/github" in out + complaints
    monkeypatch.setenv("HOLDFAST_SOURCE_GITHUB_SECRETS", "a secret")
    async with sending(hf) as sender:
        to = ("--to", f"{sender.address}/webhooks/github")
        code, out, complaints = await holdfast(*send, *to, "--type", "push")
    assert code == 0, (out, complaints)
    assert sql.execute("select event_type from webhook_events").fetchone() == ("push",)
    code, _, complaints = await holdfast(
        "webhooks", "send", "stripe", str(tmp_path / "body"), "--secret", "s", "--type", "x"
    )
    assert code == 1 and "the body says the type" in complaints


async def test_one_handler_is_replayed_by_the_name_that_is_shown(
    holdfast, dsn, sending, secret, sql, announced_by
):
    """`replay --handler` takes the name of `webhooks handlers`; one that nobody has is an error."""
    shop = connect(dsn, app="shop")

    @shop.on("stripe", "*", name="book")
    async def book(event): ...

    @shop.on("stripe", "*", name="tell")
    async def tell(event): ...

    await shop.prepare()
    await announced_by(shop)
    async with sending(shop) as sender:
        await sender.post(sender.event())
    assert await shop.work(until_idle=True) == 2
    replay = ("webhooks", "replay", "--all", "--handler")
    for number, name in enumerate(("book", "shop/book", "webhook:shop/book"), start=3):
        code, out, complaints = await holdfast(*replay, name)
        assert code == 0 and "1 of 1 events replayed" in out, complaints
        assert await shop.work(until_idle=True) == 1
        assert sql.execute("select count(*) from jobs").fetchone() == (number,)
    code, _, complaints = await holdfast(*replay, "nosuch")
    assert code == 1 and "known: book, " in complaints and "tell" in complaints
    await shop.close()


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


async def test_triggers_for_every_sample_verify(holdfast, hf, sending, monkeypatch, sql):
    """Every sample that there is can be signed, posted and taken."""
    from holdfast.channels.webhooks.commands.trigger import _all, sample

    signable = {k: v for k, v in _all().items() if k not in {"sendgrid", "sns"}}
    for name in signable:
        monkeypatch.setenv(f"HOLDFAST_SOURCE_{name.upper()}_SECRETS", "dXNlcjp4eHh4eHh4eHg=")
    await hf.prepare()
    async with sending(hf) as sender:
        for name, kinds in signable.items():
            for kind in kinds:
                url = f"{sender.address}/webhooks/{name}"
                made = sample(name, kind, "dXNlcjp4eHh4eHh4eHg=", url)
                answer = await sender.post(made.body, source=name, headers=dict(made.headers))
                assert answer.status_code == 200, (name, kind, answer)
    types = sql.execute("select count(distinct event_type) from webhook_events").fetchone()
    assert types[0] >= 37


@pytest.mark.parametrize(
    ("scheme", "kind", "source"),
    [("sendgrid", "delivered", "sendgrid"), ("sns", "Notification", "ses")],
)
async def test_what_only_its_sender_can_sign_is_triggered_all_the_same(
    holdfast, hf, sql, announced, monkeypatch, scheme, kind, source
):
    """`trigger` stores a sample of SendGrid and of SNS as if it had been posted; it is handled."""
    monkeypatch.setenv("HOLDFAST_SOURCE_SES_SCHEME", "sns")
    seen = []

    @hf.on(source, kind)
    async def handle(event):
        seen.append((event.type, event.types, bool(event.data)))

    await hf.prepare()
    await announced()
    code, out, complaints = await holdfast(
        "webhooks", "trigger", scheme, kind, "--source", source, HOLDFAST_SOURCE_SES_SCHEME="sns"
    )
    assert code == 0 and "not posted, since only" in out, (out, complaints)
    assert sql.execute("select via, verified_by from webhook_events").fetchall() == [("cli", None)]
    await hf.work(until_idle=True)
    types = ["processed", "delivered"] if scheme == "sendgrid" else [kind]
    assert seen == [(types[0], tuple(types), True)]
    assert sql.execute("select distinct state from jobs").fetchall() == [("done",)]


async def test_handlers_are_those_of_the_application(holdfast, hf, announced):
    """`webhooks handlers` shows what an application has written; with --all holdfast's own, too."""
    await hf.prepare()
    await announced()
    code, out, complaints = await holdfast("webhooks", "handlers")
    assert code == 0 and "no handler is registered" in out + complaints

    @hf.on("stripe", "*", name="mine")
    async def mine(event): ...

    await announced()
    _, out, _ = await holdfast("webhooks", "handlers", "--json")
    assert [row["name"] for row in json.loads(out)] == ["mine"]
    _, out, _ = await holdfast("webhooks", "handlers", "--all", "--json")
    assert {"mine", "email:ses"} <= {row["name"] for row in json.loads(out)}


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


PUBLIC = base64.b64encode(
    ec.derive_private_key(7, ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()  # fmt: skip


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
