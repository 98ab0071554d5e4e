"""What is each provider's own: keys of idempotency, partial refusals, limits."""

import asyncio
import base64
import email
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.channels.email.http.conftest import NAMES, RAW

from holdfast.channels.email.providers.http.verdicts import wish
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown

ANN, BOB, EVE = "ann@example.com", "bob@example.org", "eve@example.net"
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["resend", "brevo"])
async def test_a_repeated_request_is_taken_once(name, apis, provider, envelope):
    """After silence the same email goes out under the same key, and the API sends it once."""
    one = provider(name, apis.port)
    first = await one.deliver(envelope())
    again = await provider(name, apis.port).deliver(envelope())
    assert [type(outcome.verdict) for outcome in again] == [Delivered] * 3
    assert again[0].provider_message_id == first[0].provider_message_id
    assert len(apis.taken) == 1 and len(apis.requests) == 2
    await one.deliver(envelope(ANN))
    await one.deliver(envelope(number=8))
    assert len(apis.taken) == 3


@pytest.mark.parametrize("name", ["ses", "mailgun"])
async def test_bytes_have_no_long_lines(name, apis, provider, envelope):
    """Amazon takes lines of at most 1000 characters; an API that takes bytes gets shorter ones."""
    words = b"many words, " * 400
    [outcome] = await provider(name, apis.port).deliver(
        envelope(ANN, raw=b"Subject: Hi\r\n\r\n" + words)
    )
    assert isinstance(outcome.verdict, Delivered), outcome
    [(_, body)] = apis.requests
    if name == "ses":
        body = base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
    else:
        body = body.partition(b"octet-stream\r\n\r\n")[2].rpartition(b"\r\n--holdfast")[0]
    assert max(map(len, body.split(b"\r\n"))) <= 998
    assert email.message_from_bytes(body).get_payload(decode=True).strip() == words.strip()


async def test_a_domain_beyond_ascii(apis, provider, envelope):
    """APIs are given its form in ASCII, in the field where the header has it."""
    raw = "From: mé@büro.example\r\nTo: Ann <ann@bücher.example>\r\nSubject: x\r\n\r\nHi".encode()
    to_ann = envelope("ann@bücher.example", raw=raw)
    [outcome] = await provider("resend", apis.port).deliver(to_ann)
    assert outcome.address == "ann@bücher.example" and isinstance(outcome.verdict, Delivered)
    [form] = apis.taken
    assert form["from"] == "mé@xn--bro-hoa.example" and "bcc" not in form
    assert form["to"] == ["Ann <ann@xn--bcher-kva.example>"]


async def test_a_key_that_was_used_for_something_else(apis, provider, envelope):
    """409 for another payload means that something was taken: unknown, not dead, no outage."""
    one = provider("resend", apis.port)
    await one.deliver(envelope())
    changed = replace(envelope(), raw=envelope().raw + b"PS: hi")
    for outcome in await one.deliver(changed):
        assert outcome.verdict == Unknown(outcome.answer)
    assert len(apis.taken) == 1


async def test_a_key_that_is_being_worked_on(apis, provider, envelope):
    """409 for a request that is still under way: again in a moment, by no attempt."""
    apis.script = [(409, {"name": "concurrent_idempotent_requests", "message": "in progress"})]
    [outcome] = await provider("resend", apis.port).deliver(envelope(ANN))
    assert (type(outcome.verdict), outcome.verdict.outage) == (Snooze, False)
    assert 0 < outcome.verdict.after <= 60


async def test_brevo_says_that_it_was_taken_before(apis, provider, envelope):
    """A duplicate under our key is the message we meant: delivered."""
    apis.script = [(400, {"code": "duplicate_request", "message": "duplicate idempotencyKey"})]
    [outcome] = await provider("brevo", apis.port).deliver(envelope(ANN))
    assert isinstance(outcome.verdict, Delivered)


async def test_postmark_takes_it_for_some(apis, provider, envelope):
    """The inactive ones that a 200 names did not get it, the others did."""
    said = (
        f"Message OK, but will not deliver to these inactive addresses: {BOB}, x{EVE}. Inactive"
        " recipients are ones that have generated a hard bounce or a spam complaint."
    )
    apis.script = [(200, {"ErrorCode": 0, "MessageID": "m-1", "Message": said})]
    ann, bob, eve = await provider("postmark", apis.port).deliver(envelope())
    assert isinstance(bob.verdict, Dead) and bob.provider_message_id is None
    assert isinstance(ann.verdict, Delivered) and isinstance(eve.verdict, Delivered)
    assert ann.provider_message_id == eve.provider_message_id == "m-1"
    assert BOB not in bob.answer and EVE not in bob.answer


async def test_sendgrid_names_a_recipient_by_its_place(apis, provider, envelope):
    """`personalizations.0.bcc.0` is Eve."""
    said = {
        "message": "Does not contain a valid address.",
        "field": "personalizations.0.bcc.0.email",
    }
    apis.script = [(400, {"errors": [said, {"field": "personalizations.0.cc.9.email"}, 7]})]
    ann, bob, eve = await provider("sendgrid", apis.port).deliver(envelope())
    assert isinstance(eve.verdict, Dead)
    assert isinstance(ann.verdict, Snooze) and isinstance(bob.verdict, Snooze)


async def test_amazon_pauses_an_account_in_words(apis, provider, envelope):
    """MessageRejected because sending is paused is about the account, not about the message."""
    said = "Sending paused for this account. For more information, please check the inbox"
    apis.script = [(400, {"__type": "MessageRejected", "message": said})]
    [outcome] = await provider("ses", apis.port).deliver(envelope(ANN))
    assert isinstance(outcome.verdict, Snooze) and outcome.verdict.outage


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {"ratelimit-reset": "0"}])
async def test_too_much_is_never_asked_again_at_once(apis, provider, envelope, headers):
    """A limit that begins anew in no time, as one says who rounds, is given a second."""
    apis.script = [(429, {"name": "rate_limit_exceeded", "message": "Too many"}, headers)]
    [outcome] = await provider("resend", apis.port).deliver(envelope(ANN))
    assert isinstance(outcome.verdict, Snooze) and outcome.verdict.after == 1


@pytest.mark.parametrize(
    ("again", "seconds"),
    [
        (", try again after Wed, 25 Nov 2026 10:30:00 UTC", 1800),
        (". Try again in 92 seconds.", 92),
        ("", 3600),
    ],
)
async def test_mailgun_limits_recipients_by_420(apis, provider, envelope, again, seconds):
    """What a new domain may send in an hour is used up: it waits until the time that is named."""
    said = f"Domain mg.example.com is not allowed to send: recipient limit exceeded{again}"
    apis.script = [(420, {"message": said}, {"Date": "Wed, 25 Nov 2026 10:00:00 GMT"})]
    [outcome] = await provider("mailgun", apis.port).deliver(envelope(ANN))
    assert isinstance(outcome.verdict, Snooze) and outcome.verdict.outage
    assert outcome.verdict.after == seconds


async def test_a_refusal_that_names_nobody_is_for_all(apis, provider, envelope):
    """What is said of the message is said to everybody."""
    apis.script = [(422, {"name": "validation_error", "message": "The attachment is too evil"})]
    outcomes = await provider("resend", apis.port).deliver(envelope())
    assert [type(outcome.verdict) for outcome in outcomes] == [Dead] * 3
    assert "too evil" in outcomes[0].verdict.because


NOBODY = {
    "ses": {"__type": "BadRequestException", "message": "Local address contains whitespace"},
    "mailgun": {"message": "to parameter is not a valid address. please check documentation"},
    "brevo": {"code": "invalid_parameter", "message": "email is not valid in to"},
    "resend": {"name": "validation_error", "message": "Invalid `to` field. The email address needs"
               " to follow the `email@example.com` format."},
    "sendgrid": {"errors": [{"message": "Does not contain a valid address."}]},
}  # fmt: skip


@pytest.mark.parametrize("name", NOBODY)
async def test_a_refused_recipient_that_is_not_named(name, apis, provider, envelope):
    """Each gets a request of its own, so that the one that is refused is refused alone."""
    apis.script = [(400, NOBODY[name]), None, (400, NOBODY[name]), None]
    ann, bob, eve = await provider(name, apis.port).deliver(envelope())
    assert isinstance(bob.verdict, Dead) and len(apis.requests) == 4 and len(apis.taken) == 2
    assert isinstance(ann.verdict, Delivered) and isinstance(eve.verdict, Delivered)


async def test_a_division_that_is_not_answered_stops(apis, provider, envelope):
    """Silence for one of them leaves one request in doubt; who is not tried has lost nothing."""
    apis.script = [(400, NOBODY["resend"]), None, "taken, then drop"]
    ann, bob, eve = await provider("resend", apis.port).deliver(envelope())
    assert isinstance(ann.verdict, Delivered) and isinstance(bob.verdict, Unknown)
    assert isinstance(eve.verdict, Snooze) and len(apis.requests) == 3


async def test_a_garbage_answer_stops_too(apis, provider, envelope):
    """No second request is in doubt, or they could not be made again as they were."""
    apis.script = [(400, NOBODY["resend"]), (200, "?"), (200, "?")]
    ann, bob, eve = await provider("resend", apis.port).deliver(envelope())
    assert isinstance(ann.verdict, Unknown) and isinstance(bob.verdict, Snooze)
    assert isinstance(eve.verdict, Snooze) and len(apis.requests) == 2


async def test_a_refused_sender_is_not_divided(apis, provider, envelope):
    """What is said of the sender's address is said to everybody, by one request."""
    said = {"code": "invalid_parameter", "message": "sender address is not right"}
    apis.script = [(400, said)]
    outcomes = await provider("brevo", apis.port).deliver(envelope())
    assert len(apis.requests) == 1 and not [o for o in outcomes if isinstance(o.verdict, Delivered)]


@pytest.mark.parametrize(
    ("name", "answer", "after"),
    [
        ("resend", (429, {"name": "daily_quota_exceeded", "message": "q"}), 3600),
        ("resend", (429, {"name": "monthly_quota_exceeded", "message": "q"}), 3600),
        (
            "ses",
            (429, {"__type": "LimitExceededException", "message": "Daily message quota"}),
            3600,
        ),
        ("ses", (400, {"__type": "ThrottlingException", "message": "Maximum sending rate"}), 60),
        ("brevo", (402, {"code": "not_enough_credits", "message": "Credits"}), 3600),
        ("mailgun", (403, {"message": "Domain: recipient limit exceeded."}), 3600),
    ],
)
async def test_quotas(name, answer, after, apis, provider, envelope):
    """Enough for today is an outage that uses no attempt, for longer than a rate."""
    apis.script = [answer]
    [outcome] = await provider(name, apis.port).deliver(envelope(ANN))
    assert outcome.verdict == Snooze(outcome.answer, after, outage=True)


async def test_a_message_that_is_too_large(apis, provider, envelope):
    """413 is about this message, whoever says it."""
    apis.script = [(413, "<h1>413</h1>")]
    [outcome] = await provider("sendgrid", apis.port).deliver(envelope(ANN))
    assert isinstance(outcome.verdict, Dead)


async def test_more_recipients_than_one_request_may_have(apis, provider, envelope):
    """They are divided; each gets it once, and whoever is hidden is seen by nobody."""
    shown = [f"u{n}@example.com" for n in range(20)]
    hidden = [f"h{n}@example.com" for n in range(70)]
    raw = f"From: s@example.com\r\nTo: {', '.join(shown)}\r\n\r\nHi".encode()
    one = envelope(*hidden, *shown, raw=raw)
    outcomes = await provider("postmark", apis.port).deliver(one)
    assert [outcome.address for outcome in outcomes] == [*hidden, *shown]
    assert all(isinstance(outcome.verdict, Delivered) for outcome in outcomes)
    reached = []
    for form in apis.taken:
        to, bcc = form["To"].split(", "), form.get("Bcc", "").split(", ")
        reached += [*to, *filter(None, bcc)]
        assert len(to) + len([*filter(None, bcc)]) <= 50
        assert len(to) == 1 or not set(to) & set(hidden)
        assert "Cc" not in form
    assert sorted(reached) == sorted([*shown, *hidden])
    apis.taken.clear()
    await provider("ses", apis.port).deliver(one)
    sizes = [len(form["Destination"]["ToAddresses"]) for form in apis.taken]
    assert sizes == [50, 40]


async def test_the_rest_is_not_tried_when_the_provider_is_down(apis, provider, envelope):
    """An outage at one part leaves the others for later, by no attempt; what was taken stays so."""
    recipients = [f"u{n}@example.com" for n in range(120)]
    apis.script = [None, (503, "down"), (503, "down")]
    outcomes = await provider("ses", apis.port).deliver(envelope(*recipients))
    kinds = [type(outcome.verdict) for outcome in outcomes]
    assert kinds == [Delivered] * 50 + [Retry] * 50 + [Snooze] * 20
    assert len(apis.requests) == 2
    assert "not tried" in outcomes[-1].verdict.because


async def test_a_stop_between_two_parts(apis, provider, envelope, monkeypatch):
    """Who has it is told, also when we are stopped before the others are tried."""
    one = provider("ses", apis.port)
    post, calls = one._caller.post, []

    async def stopped(request, timeout_s):
        calls.append(request)
        if len(calls) > 1:
            raise asyncio.CancelledError
        return await post(request, timeout_s)

    monkeypatch.setattr(one._caller, "post", stopped)
    outcomes = await one.deliver(envelope(*[f"u{n}@example.com" for n in range(120)]))
    kinds = [type(outcome.verdict) for outcome in outcomes]
    assert kinds == [Delivered] * 50 + [Snooze] * 70
    assert len(calls) == 2 and not outcomes[-1].verdict.outage
    with pytest.raises(asyncio.CancelledError):
        await one.deliver(envelope(ANN))


async def test_an_id_that_can_not_be_stored(apis, provider, envelope):
    """The id is kept in printable characters, up to a length."""
    apis.script = [(200, {"id": "a\x00b\n" + "c" * 10_000})]
    [outcome] = await provider("resend", apis.port).deliver(envelope(ANN))
    assert outcome.provider_message_id.startswith("abcc") and len(outcome.answer) < 400


async def test_hidden_ones_alone(apis, provider, envelope):
    """When only hidden ones lack it, each gets a form of its own."""
    await provider("resend", apis.port).deliver(envelope(EVE, "zoe@example.net"))
    assert [form["to"] for form in apis.taken] == [[EVE], ["zoe@example.net"]]
    assert not any("bcc" in form for form in apis.taken)


async def test_the_bytes_go_as_they_are(apis, provider, envelope):
    """SES and Mailgun are given the frozen bytes, and who is still to get them."""
    raw = envelope().raw + bytes(range(256)) + b"\r\n--x--\r\n"
    await provider("ses", apis.port).deliver(envelope(ANN, EVE, raw=raw))
    await provider("mailgun", apis.port).deliver(envelope(ANN, EVE, raw=raw))
    ses, mailgun = apis.taken
    assert base64.b64decode(ses["Content"]["Raw"]["Data"]) == raw
    assert ses["Destination"]["ToAddresses"] == [ANN, EVE]
    _, body = apis.requests[-1]
    assert raw in body
    fields = [part.get_param("name", header="content-disposition") for part in mailgun]
    assert fields == ["to", "to", "message"]
    assert [part.get_content().strip() for part in mailgun[:2]] == [ANN, EVE]


async def test_a_message_that_breaks_the_builder(apis, provider, envelope, monkeypatch):
    """Should a message break us, it is a dead letter with the reason, and no exception."""
    one = provider("resend", apis.port)
    monkeypatch.setattr(one, "build", lambda _: 1 / 0)
    [outcome] = await one.deliver(envelope(ANN))
    assert outcome.verdict == Dead("it cannot be made a request to Resend: ZeroDivisionError")


async def test_a_large_message_arrives(apis, provider, envelope):
    """Eight megabytes arrive whole."""
    raw = envelope().raw + b"x" * 76 + b"\r\n" * 10 + b"y" * (8 * 1024 * 1024)
    for name in ("resend", "mailgun"):
        [outcome] = await provider(name, apis.port).deliver(envelope(ANN, raw=raw))
        assert isinstance(outcome.verdict, Delivered), outcome
    assert apis.taken[0]["text"].endswith("y" * 1000)


async def test_our_key_is_in_no_answer(apis, provider, envelope):
    """An API that echoes our key does not put it into our records."""
    key = "key-that-echoes-1234567"
    apis.script = [(400, {"name": "validation_error", "message": f"bad {key} for {ANN}"})]
    [outcome] = await provider("resend", apis.port, key=key).deliver(envelope(ANN))
    assert key not in json.dumps([outcome.answer, outcome.verdict.because])


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5", "ratelimit-reset": "9"}, 5),
        ({"ratelimit-reset": "9"}, 9),
        ({"x-sib-ratelimit-reset": " 12 "}, 12),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 30)}, 30),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) - 30)}, 0),
        ({"x-ratelimit-reset": "9" * 12}, 86_400),
        ({"retry-after": "Wed, 25 Nov 2026 10:01:00 GMT"}, 60),
        ({"retry-after": "soon", "ratelimit-reset": "-1"}, None),
        ({"ratelimit-reset": "9" * 40}, None),
        ({"retry-after": "99999999"}, 86_400),
    ],
)
def test_how_long_it_asks_us_to_wait(headers, seconds):
    """Retry-After, or when a limit begins anew: as seconds or as a time, a day at most."""
    assert wish(headers, now=NOW) == seconds


@pytest.mark.parametrize("name", NAMES)
async def test_to_write_to_a_thousand_holds_up_nobody(name, apis, provider, envelope, monkeypatch):
    """A head as long as that is parsed beside the event loop, which has leases to keep."""
    names = [f"r{number}@example.com" for number in range(1000)]
    raw = RAW.replace(b"To: Ann <ann@example.com>", f"To: {', '.join(names)}".encode())
    one, threads = provider(name, apis.port), set()

    def watched(function):
        def watching(*arguments):
            threads.add(threading.current_thread())
            return function(*arguments)

        return watching

    for place, function in (("build", one.build), ("_shares", one._shares)):
        monkeypatch.setattr(one, place, watched(function))
    outcomes = await one.deliver(envelope(*names[:60], raw=raw))
    assert {type(outcome.verdict) for outcome in outcomes} == {Delivered}
    assert threads and threading.main_thread() not in threads
