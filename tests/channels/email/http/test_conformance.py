"""What each answer of each provider means: one table for all of them."""

import asyncio
import socket

import pytest

from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Unknown

NAMES = ("resend", "postmark", "sendgrid", "ses", "mailgun", "brevo")
ANN = "ann@example.com"
WINDOWS = {"resend": 86_400.0, "brevo": 900.0}
IDS = {
    "sendgrid": "14c5d75ce93", "ses": "0102018f-000000", "mailgun": "<1@example.com>",
    "brevo": "<202611251000.123@smtp-relay.mailin.fr>",
}  # fmt: skip
AMZN = "x-amzn-ErrorType"
REFUSED = {
    "resend": (422, {"statusCode": 422, "name": "validation_error",
                     "message": f"Invalid `to` field: {ANN}"}),
    "postmark": (422, {"ErrorCode": 406, "Message": "You tried to send to a recipient that has been"
                       f" marked as inactive. Found inactive addresses: {ANN}. Inactive recipients"
                       " are ones that have generated a hard bounce."}),
    "sendgrid": (400, {"errors": [{"message": "Does not contain a valid address.",
                                   "field": "personalizations.0.to.0.email"}]}),
    "ses": (400, {"message": f"Illegal address: {ANN}"}, {AMZN: "BadRequestException:http://x/"}),
    "mailgun": (400, {"message": f"to parameter is not a valid address: {ANN}"}),
    "brevo": (400, {"code": "invalid_parameter", "message": f"email is not valid in to: {ANN}"}),
}  # fmt: skip
THROTTLED = {
    "resend": (429, {"statusCode": 429, "name": "rate_limit_exceeded", "message": "Too many"},
               {"ratelimit-reset": "17"}),
    "postmark": (429, {"ErrorCode": 429, "Message": "Rate limit exceeded"}, {"Retry-After": "17"}),
    "sendgrid": (429, {"errors": [{"message": "too many requests", "field": None}]},
                 {"Retry-After": "17"}),
    "ses": (429, {"message": "Maximum sending rate exceeded."},
            {AMZN: "TooManyRequestsException", "Retry-After": "17"}),
    "mailgun": (429, {"message": "Too many requests"}, {"Retry-After": "17"}),
    "brevo": (429, {"code": "too_many_requests", "message": "Too many"},
              {"x-sib-ratelimit-reset": "17"}),
}  # fmt: skip
ACCOUNT = {
    "resend": (403, {"name": "suspended_api_key", "message": "This key was suspended"}),
    "postmark": (422, {"ErrorCode": 413, "Message": "Account may not send"}),
    "sendgrid": (401, {"errors": [{"message": "Maximum credits exceeded", "field": None}]}),
    "ses": (400, {"message": "paused", "__type": "com.amazonaws.sesv2#SendingPausedException"}),
    "mailgun": (403, {"message": "Domain mg.example.com is not allowed to send: account disabled"}),
    "brevo": (403, {"code": "account_under_validation", "message": "Your account is not active"}),
}
UNVERIFIED = {
    "resend": (403, {"name": "validation_error", "message": "The example.com domain is not"
                     " verified."}),
    "postmark": (422, {"ErrorCode": 400, "Message": "The 'From' address you supplied is not a"
                       " Sender Signature on your account."}),
    "sendgrid": (403, {"errors": [{"message": "The from address does not match a verified Sender"
                                   " Identity.", "field": "from"}]}),
    "ses": (400, {"message": "Email address is not verified."}, {AMZN: "MessageRejected"}),
    "brevo": (400, {"code": "invalid_parameter", "message": "Sending has been rejected because the"
                    " sender you used is not valid. Validate your sender"}),
}  # fmt: skip


def verdicts(outcomes):
    """The one verdict that all recipients got."""
    found = {outcome.verdict for outcome in outcomes}
    assert len(found) == 1, found
    return found.pop()


@pytest.mark.parametrize("name", NAMES)
async def test_taken(name, apis, provider, envelope):
    """A message that the API takes is delivered for everybody, under the id it was given."""
    outcomes = await provider(name, apis.port).deliver(envelope())
    assert isinstance(verdicts(outcomes), Delivered)
    assert len(apis.taken) == 1
    for outcome in outcomes:
        assert outcome.provider_message_id == IDS.get(name, outcome.provider_message_id) != ""
        assert outcome.code in {200, 201, 202}


@pytest.mark.parametrize("name", NAMES)
async def test_a_refused_recipient(name, apis, provider, envelope):
    """Who is refused is dead in the API's own words, masked; the others go on at once."""
    apis.script = [REFUSED[name]]
    ann, *others = await provider(name, apis.port).deliver(envelope())
    assert isinstance(ann.verdict, Dead)
    assert "valid" in ann.answer or "inactive" in ann.answer or "Illegal" in ann.answer
    assert "ann@" not in ann.answer and "ann@" not in ann.verdict.because
    assert "@" not in ann.answer or "a***@" in ann.answer
    assert [(type(o.verdict), o.verdict.after) for o in others] == [(Snooze, 0)] * 2
    assert not any(other.verdict.outage for other in others)
    apis.script = [REFUSED[name]]
    [alone] = await provider(name, apis.port).deliver(envelope(ANN))
    assert isinstance(alone.verdict, Dead)


@pytest.mark.parametrize("name", NAMES)
async def test_a_wrong_key(name, apis, provider, envelope):
    """A refused key is an outage of the provider, uses no attempt, and says what to correct."""
    found = verdicts(await provider(name, apis.port, key="wrong-key").deliver(envelope()))
    assert isinstance(found, Snooze) and found.outage and found.after == 300
    assert "correct it" in found.because and "wrong-key" not in found.because
    assert apis.taken == []


@pytest.mark.parametrize("name", NAMES)
async def test_rate_limited(name, apis, provider, envelope):
    """A limit costs no attempt, and the API's own wish is when to come again."""
    apis.script = [THROTTLED[name], (429, "slow down")]
    one = provider(name, apis.port)
    found = verdicts(await one.deliver(envelope()))
    assert (type(found), found.outage, found.after) == (Snooze, True, 17)
    found = verdicts(await one.deliver(envelope()))
    assert (type(found), found.outage, found.after) == (Snooze, True, 60)


@pytest.mark.parametrize("name", NAMES)
async def test_the_account_is_out_of_order(name, apis, provider, envelope):
    """A suspended account or used-up credits stop the provider, not the message."""
    apis.script = [ACCOUNT[name]]
    found = verdicts(await provider(name, apis.port).deliver(envelope()))
    assert (type(found), found.outage) == (Snooze, True)
    assert found.after >= 300


@pytest.mark.parametrize("name", UNVERIFIED)
async def test_a_sender_that_is_not_set_up(name, apis, provider, envelope):
    """A sender that the provider does not know is tried again, and stops nobody else's mail."""
    apis.script = [UNVERIFIED[name]]
    found = verdicts(await provider(name, apis.port).deliver(envelope()))
    assert (type(found), found.outage) == (Retry, False)
    assert "set it up there" in found.because


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [500, 503, 408])
async def test_a_server_error(name, status, apis, provider, envelope):
    """A broken server has not taken it: again later, as an outage."""
    apis.script = [(status, "<h1>oh</h1>", {"Retry-After": "9"})]
    found = verdicts(await provider(name, apis.port).deliver(envelope()))
    assert (type(found), found.outage, found.after) == (Retry, True, 9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("happens", [(502, "bad gateway"), (504, ""), "drop", "broken off"])
async def test_no_answer_after_the_body(name, happens, apis, provider, envelope):
    """Once the whole request was sent, silence of any kind leaves the outcome unknown."""
    apis.script = [happens]
    one = provider(name, apis.port)
    found = verdicts(await one.deliver(envelope()))
    assert isinstance(found, Unknown)
    assert one.window_s == WINDOWS.get(name, 0.0)


@pytest.mark.parametrize("name", NAMES)
async def test_a_timeout_after_the_body(name, apis, provider, envelope, eventually, later):
    """No answer in time is unknown, and an outage."""
    apis.script = ["hang"]
    attempt = asyncio.create_task(provider(name, apis.port).deliver(envelope()))
    await eventually(lambda: apis.requests)
    await later(31)
    found = verdicts(await attempt)
    assert isinstance(found, Unknown) and found.outage
    assert "may have been taken" in found.because and "in time" in found.because


@pytest.mark.parametrize("name", NAMES)
async def test_connection_refused(name, provider, envelope):
    """Nobody there has taken nothing: again later, as an outage."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        found = verdicts(await provider(name, port).deliver(envelope()))
    assert (type(found), found.outage) == (Retry, True)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("said", ["garbage", (200, "Mailgun Magnificent API"), (200, [1]),
                                  (204, ""), (200, "[" * 60_000), (200, "\xff")])  # fmt: skip
async def test_a_garbage_answer(name, said, apis, provider, envelope):
    """What is not the API's way to say "taken" is not believed, and may still mean it."""
    apis.script = [said]
    assert isinstance(verdicts(await provider(name, apis.port).deliver(envelope())), Unknown)


@pytest.mark.parametrize("name", NAMES)
async def test_a_huge_answer(name, apis, provider, envelope):
    """An answer without an end is read up to a bound, and the next message still goes out."""
    apis.script = [(200, b"x" * 20_000_000), (400, b"x" * 20_000_000)]
    one = provider(name, apis.port)
    assert isinstance(verdicts(await one.deliver(envelope())), Unknown | Delivered)
    found = verdicts(await one.deliver(envelope()))
    assert isinstance(found, Retry) and len(found.because) <= 300
    assert isinstance(verdicts(await one.deliver(envelope())), Delivered)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [301, 307, 404, 405])
async def test_a_wrong_address_of_the_api(name, status, apis, provider, envelope):
    """No message goes dead because the API's address is wrong, and no redirect is followed."""
    apis.script = [(status, "no", {"Location": "/elsewhere"})]
    found = verdicts(await provider(name, apis.port).deliver(envelope()))
    assert (type(found), found.outage) == (Snooze, True)
    assert len(apis.requests) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_a_stop_after_the_body(name, apis, provider, envelope, eventually):
    """Who is stopped while waiting for the answer says that it may have been taken."""
    apis.script = ["hang"]
    attempt = asyncio.create_task(provider(name, apis.port).deliver(envelope()))
    await eventually(lambda: apis.requests)
    attempt.cancel()
    assert isinstance(verdicts(await attempt), Unknown)
