"""Greetings are answered, failures are explained, and a scheme of one's own is told."""

import json

import pytest
from tests.channels.webhooks.schemes.signing import NOW

from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Accepted,
    Delivery,
    Secret,
    describe,
    explain,
    generic,
    handshake,
    sign,
    verify,
)
from holdfast.errors import ConfigError


def test_slack_is_greeted_back():
    """Slack's url_verification is answered with its challenge; any other event is no handshake."""
    body = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
    greeting = handshake(SCHEMES["slack"], Delivery("POST", "", [], body))
    assert greeting is not None and json.loads(greeting.body) == {"challenge": "3eZbrw1a"}
    assert handshake(SCHEMES["slack"], Delivery("POST", "", [], b'{"type": "event"}')) is None


def test_sns_is_confirmed_at_amazon_only():
    """A subscription is confirmed by an address of Amazon's alone; the type is Amazon's, too."""
    for url, wanted in (
        ("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1", True),
        ("https://sns.us-gov-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1", True),
        ("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription&Token=1", True),
        ("https://sns.s3.amazonaws.com/?Action=ConfirmSubscription&Token=1", False),
        ("https://sns.eu-west-1.amazonaws.com.evil.example/", False),
    ):
        body = json.dumps({"Type": "SubscriptionConfirmation", "SubscribeURL": url}).encode()
        greeting = handshake(SCHEMES["sns"], Delivery("POST", "", [], body))
        assert greeting is not None and greeting.confirm == (url if wanted else "")
    told = describe(
        SCHEMES["sns"], Delivery("POST", "", [], b'{"Type": "Notification", "Subject": "s"}')
    )
    assert told.event_type == "Notification"


def codes(delivery, *secrets, others=(), now=NOW):
    """What `explain` finds."""
    active = [Secret(str(n), value) for n, value in enumerate(secrets)]
    found = explain(
        SCHEMES["stripe"], delivery, active, now=now,
        other_secrets=[Secret("other", value) for value in others],
    )  # fmt: skip
    assert not any(s in finding.text for finding in found for s in (*secrets, *others) if s.strip())
    return [finding.code for finding in found]


def test_why_it_failed():
    """The usual mistakes are told apart: secret, clock, rewritten body, test and live."""
    body = json.dumps({"id": "evt_1", "livemode": True, "data": {}}, indent=2).encode()
    headers = sign(SCHEMES["stripe"], body, "whsec_ours", timestamp=NOW, event_id="")

    def came(body=body):
        return Delivery("POST", "", headers, body)

    assert codes(came(), "whsec_ours") == []
    assert codes(came(), "whsec_other", others=["whsec_ours"]) == ["wrong_secret"]
    assert codes(came(), "whsec_ours", now=NOW + 4000) == ["stale_clock"]
    compact = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert "rewritten_body" in codes(came(compact), "whsec_ours")
    assert "rewritten_body" in codes(came(body + b"\n"), "whsec_ours")
    assert codes(came(), " whsec_ours\n")[0] == "blank_around_secret"
    assert codes(came(), "ours")[0] == "prefix"
    assert codes(came(), "whsec_wrong") == ["test_live"]
    assert codes(Delivery("POST", "", [], body), "whsec_ours") == ["missing_header"]


def test_a_scheme_of_ones_own():
    """A sender that signs in its own way is described by data, and verified like the others."""
    scheme = generic(
        {
            "header": "X-Sig", "algorithm": "hmac-sha512", "encoding": "base64", "label": "k1=",
            "separator": ",", "signed": "{timestamp}|{id}|{body}", "timestamp": "header:X-Time",
            "id": "header:X-Id", "event_id": "header:X-Id", "event_type": ["json:/kind"],
        }
    )  # fmt: skip
    headers = sign(scheme, b'{"kind": "k"}', "s3cret", timestamp=NOW, event_id="7")
    delivery = Delivery("POST", "", headers, b'{"kind": "k"}')
    verdict = verify(scheme, delivery, [Secret("1", "s3cret")], now=NOW)
    assert verdict == Accepted("1", NOW)
    described = describe(scheme, delivery)
    assert (described.event_id, described.event_type) == ("7", "k")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"hedder": "x"}, "hedder"),
        ({"header": "X Sig"}, "name of a header"),
        ({"algorithm": "md5"}, "hmac-sha256"),
        ({"encoding": 7}, "encoding"),
        ({"signed": "{timestamp}"}, "vouches"),
        ({"signed": "{body}{secret}"}, "knows"),
        ({"signed": "{timestamp}.{body}"}, "say where"),
        ({"event_id": "body"}, "a place such as"),
        ({"timestamp": "X-Time"}, "a place such as"),
    ],
)
def test_a_scheme_that_can_not_be_is_refused(settings, says):
    """A wrong value in a scheme of one's own is refused with its name and what would be right."""
    with pytest.raises(ConfigError, match=says):
        generic(settings)
