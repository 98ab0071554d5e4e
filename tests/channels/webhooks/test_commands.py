"""holdfast webhooks, as a person types it, against a running server."""

import contextlib
import json

import pytest

from holdfast.client import connect


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
    """`replay --handler` takes the name of `webhooks handlers`; one that cannot be is an error."""
    shop = connect(dsn, app="shop")

    @shop.on("stripe", "*", name="book")
    async def book(event): ...

    @shop.on("stripe", "*", name="tell")
    async def tell(event): ...

    @shop.on("stripe", "customer.*", name="greet", answer=True)
    async def greet(event): ...

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
    code, _, complaints = await holdfast(*replay, "greet")
    assert code == 1 and "nobody waits for one any more" in complaints
    await shop.close()


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
