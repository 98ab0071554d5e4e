"""Each provider's own example is accepted, and says what it is."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from tests.channels.webhooks.schemes.signing import FORM, NOW, check

from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Delivery,
    Reason,
    describe,
    sign,
)


def test_github():
    """The example of docs.github.com, "validating webhook deliveries", is accepted."""
    value = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = [("X-Hub-Signature-256", value)]
    assert check("github", headers, b"Hello, World!", "It's a Secret to Everybody") == "0"
    assert check("github", headers, b"Hello, World?", "It's a Secret to Everybody") == (
        Reason.BAD_SIGNATURE
    )


def test_slack():
    """The example of docs.slack.dev, "verifying requests from Slack", is accepted at its time."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
        b"G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook"
        b"-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F3977"
        b"00885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d1"
        b"0d2c447fce8b6703c"
    )
    headers = [
        ("X-Slack-Request-Timestamp", "1531420618"),
        (
            "X-Slack-Signature",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ),
        FORM,
    ]
    secret = "8f742231b10e8888abcd99yyyzzz85a5"
    assert check("slack", headers, body, secret, now=1531420618) == "0"
    assert check("slack", headers, body, secret) == Reason.TOO_OLD
    described = describe(SCHEMES["slack"], Delivery("POST", "", headers, body))
    assert (described.event_type, described.account) == ("/webhook-collect", "T1DC2JH3J")


def test_brevo():
    """A user and a password, or a bearer token; `id` is the webhook's, so it tells no event."""
    body = b'{"event": "spam", "id": 26224, "message-id": "<1@x>", "ts_event": 1604933623}'
    basic = [("Authorization", "Basic " + base64.b64encode(b"hook:word").decode())]
    token = [("Authorization", "Bearer client-token")]
    assert check("brevo", basic, body, "hook:word") == "0"
    assert check("brevo", token, body, "hook:word", "Bearer client-token") == "1"
    assert check("brevo", token, body, "hook:word") == Reason.BAD_SIGNATURE
    assert check("brevo", [], body, "hook:word") == Reason.MISSING_HEADER
    described = describe(SCHEMES["brevo"], Delivery("POST", "", basic, body))
    assert (described.event_id, described.event_type) == (None, "spam")
    assert (described.object_id, described.created) == ("<1@x>", 1604933623)
    batch = b'[{"event": "spam"}, {"event": "opened"}]'
    described = describe(SCHEMES["brevo"], Delivery("POST", "", basic, batch))
    assert described.event_types == ("spam", "opened")


@pytest.mark.parametrize(
    ("caller", "value"),
    [
        ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),  # the libraries' own tests
        ("+14158675310", "GvWf1cFY/Q7PnoempGyD5oXAezc="),  # twilio.com/docs/usage/security
    ],
)
def test_twilio(caller, value):
    """The examples of twilio.com/docs/usage/security and of its libraries are accepted."""
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller,
        "To": "+18005551212",
    }  # fmt: skip
    body = urlencode(form).encode()
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    headers = [FORM, ("X-Twilio-Signature", value)]
    assert check("twilio", headers, body, "12345", url=url) == "0"
    assert check("twilio", headers, body, "12345", url=url + "3") == Reason.BAD_SIGNATURE


def test_standard_webhooks():
    """The example of the Standard Webhooks and Svix libraries is accepted at its time."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    value = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    for scheme, prefix in (("standardwebhooks", "webhook"), ("svix", "svix")):
        headers = [
            (f"{prefix}-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), (f"{prefix}-timestamp", "1614265330"),
            (f"{prefix}-signature", value),
        ]  # fmt: skip
        assert check(scheme, headers, b'{"test": 2432232314}', secret, now=1614265330) == "0"
        bare = secret.removeprefix("whsec_")
        assert check(scheme, headers, b'{"test": 2432232314}', bare, now=1614265330) == "0"


def test_sendgrid():
    """The example of SendGrid's own libraries (ECDSA, P-256) is accepted at its time."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62"
        "gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
    )
    body = (
        b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"'
        b'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kof'
        b'Sm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kof'
        b'Sm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
    )
    signature = (
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluL"
        "tEZtM="
    )
    headers = [
        ("X-Twilio-Email-Event-Webhook-Timestamp", "1600112502"),
        ("X-Twilio-Email-Event-Webhook-Signature", signature),
    ]
    assert check("sendgrid", headers, body, key, now=1600112502) == "0"
    assert check("sendgrid", headers, body[:-2], key, now=1600112502) == Reason.BAD_SIGNATURE
    assert check("sendgrid", headers, body, "no key", now=1600112502) == Reason.BAD_SIGNATURE


def test_mailgun():
    """HMAC over timestamp and token, as Mailgun's page says (it publishes no full example).

    Of a subaccount's event one by the key of the account above it is enough.
    """
    mac = hmac.new(b"key-1", f"{NOW}tok".encode(), hashlib.sha256).hexdigest()
    event = {
        "signature": {"timestamp": str(NOW), "token": "tok", "signature": mac},
        "event-data": {"event": "failed", "id": "ev_1", "timestamp": NOW + 0.5},
    }
    body = json.dumps(event).encode()
    assert check("mailgun", [], body, "key-0", "key-1") == "1"
    assert check("mailgun", [], body.replace(b"tok", b"tak"), "key-1") == Reason.BAD_SIGNATURE
    described = describe(SCHEMES["mailgun"], Delivery("POST", "", [], body))
    assert (described.event_id, described.event_type, described.created) == ("ev_1", "failed", NOW)
    event["signature"] |= {"signature": "ab" * 32, "parent-signature": mac}
    below = json.dumps(event).encode()
    assert check("mailgun", [], below, "key-1") == "0"
    assert check("mailgun", [], below, "key-2") == Reason.BAD_SIGNATURE


def test_mailgun_routes():
    """The same signature in the fields of a form is accepted, and says what it is about."""
    mac = hmac.new(b"key-1", f"{NOW}tok".encode(), hashlib.sha256).hexdigest()
    form = {"timestamp": NOW, "token": "tok", "signature": mac, "event": "opened",
            "Message-Id": "<m@x>"}  # fmt: skip
    assert check("mailgun", [FORM], urlencode(form).encode(), "key-1") == "0"
    assert check("mailgun", [FORM], urlencode(form).encode(), "key-2") == Reason.BAD_SIGNATURE
    assert check("mailgun", [FORM], b"token=tok", "key-1") == Reason.MISSING_HEADER
    assert check("mailgun", [], urlencode(form).encode(), "key-1") == Reason.MISSING_HEADER
    old = urlencode(form | {"timestamp": NOW - 4000, "signature": hmac.new(
        b"key-1", f"{NOW - 4000}tok".encode(), hashlib.sha256).hexdigest()}).encode()  # fmt: skip
    assert check("mailgun", [FORM], old, "key-1") == Reason.TOO_OLD
    described = describe(SCHEMES["mailgun"], Delivery("POST", "", [FORM], urlencode(form).encode()))
    assert (described.event_id, described.event_type, described.object_id, described.created) == (
        "tok", "opened", "<m@x>", NOW)  # fmt: skip


def multipart(boundary, *parts):
    """The parts as one body; of each its disposition and what is in it."""
    head = "--{}\r\nContent-Disposition: form-data; {}\r\n\r\n"
    written = [head.format(boundary, of).encode() + content + b"\r\n" for of, content in parts]
    return b"".join([*written, f"--{boundary}--\r\n".encode()])


def test_mailgun_routes_with_attachments():
    """A message with files is posted as multipart: its fields are read, of its files none."""
    mac = hmac.new(b"key-1", f"{NOW}tok".encode(), hashlib.sha256).hexdigest()
    fields = [('name="timestamp"', str(NOW).encode()), ("name=token", b"tok"),
              ('name="signature"', mac.encode()), ('name="Message-Id"', b"<m@x>")]  # fmt: skip
    file = ('name="signature"; filename="a; name=token"', b"\x89PNG\r\n\r\n--b\xff\r\n")
    for kind in ("multipart/form-data; boundary=b17", 'Multipart/Form-Data;x=1; boundary="b17"'):
        headers = [("Content-Type", kind)]
        body = multipart("b17", file, *fields)
        assert check("mailgun", headers, body, "key-1") == "0"
        described = describe(SCHEMES["mailgun"], Delivery("POST", "", headers, body))
        assert (described.event_id, described.object_id) == ("tok", "<m@x>")
    body = multipart("b17", *fields[:2], file)
    assert check("mailgun", headers, body, "key-1") == Reason.MISSING_HEADER
    many = multipart("b17", *[("name=a", b"")] * 1001, *fields)
    assert check("mailgun", headers, many, "key-1") == Reason.MISSING_HEADER


def test_a_head_of_very_many_parameters_is_not_read():
    """Thousands of parameters in each part held up the server for half a second a request."""
    from holdfast.channels.webhooks.schemes.forms import fields

    few, many = ["; ".join([f'x{n}=""' for n in range(most)]) for most in (15, 16)]
    body = multipart("b", (f"{many}; name=a", b"1"), (f"{few}; name=b", b"2"))
    assert fields("multipart/form-data; boundary=b", body) == [("b", "2")]
    assert fields(f"multipart/form-data; {many}; boundary=b", body) == ()


@given(
    kind=st.sampled_from(["multipart/form-data", "multipart/form-data; boundary=b"]),
    pieces=st.lists(st.one_of(st.binary(max_size=9), st.sampled_from(
        [b"--b", b"\r\n", b"--", b"Content-Disposition: form-data; name=", b'"', b"token"]))),
)  # fmt: skip
def test_a_form_may_be_anything(kind, pieces):
    """Whatever is said to be a multipart form is read or not, and raises nothing."""
    headers = [("Content-Type", kind)]
    assert isinstance(check("mailgun", headers, b"".join(pieces), "key-1"), Reason)


def test_twilio_signs_by_a_shared_key():
    """With a SharedKey it is HMAC-SHA256 over the same; that and the token's are taken."""
    url, body = "https://us.example/in?a=1", b"CallSid=CA1&From=%2B1"
    content = b"https://us.example/in?a=1CallSidCA1From+1"
    for algorithm, answer in (("sha1", "0"), ("sha256", "0"), ("md5", Reason.BAD_SIGNATURE)):
        made = base64.b64encode(hmac.digest(b"shared", content, algorithm)).decode()
        headers = [FORM, ("X-Twilio-Signature", made),
                   ("X-Twilio-Webhooks-Signature-Settings", "algorithm=HMAC_SHA256")]  # fmt: skip
        assert check("twilio", headers, body, "shared", url=url) == answer
        assert check("twilio", headers, body + b"1", "shared", url=url) == Reason.BAD_SIGNATURE


def test_gitlab_signs_where_it_has_a_signing_token():
    """By its signing token (Standard Webhooks) or by the plain one; either is enough, not none."""
    key = "whsec_" + base64.b64encode(b"k" * 32).decode()
    body = b'{"object_attributes": {"id": 7}}'
    stamp = datetime.fromtimestamp(NOW, UTC)
    headers = [
        ("webhook-id", "u-1"), ("webhook-timestamp", str(NOW)), ("Idempotency-Key", "u-1"),
        ("webhook-signature", Webhook(key).sign("u-1", stamp, body.decode())),
        ("X-Gitlab-Event", "Push Hook"),
    ]  # fmt: skip
    plain = ("X-Gitlab-Token", "a token")
    assert check("gitlab", headers, body, key) == "0"
    assert check("gitlab", headers, body + b" ", key) == Reason.BAD_SIGNATURE
    assert check("gitlab", headers, body, key, now=NOW + 4000) == Reason.TOO_OLD
    ours = sign(SCHEMES["gitlab"], body, key, timestamp=NOW, event_id="u-1")
    assert dict(ours) == dict(headers[i] for i in (0, 1, 3))
    assert check("gitlab", [*headers, plain], body, "a token") == "0"
    assert check("gitlab", [*headers, plain], body, "another", key) == "1"
    assert check("gitlab", [plain], body, key) == Reason.BAD_SIGNATURE
    assert check("gitlab", headers[-1:], body, key) == Reason.MISSING_HEADER
    described = describe(SCHEMES["gitlab"], Delivery("POST", "", headers, body))
    assert (described.event_id, described.event_type, described.object_id) == (
        "u-1", "Push Hook", "7")  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "payload", "told"),
    [
        ("github", {"repository": {"node_id": "R_1"}, "installation": {"id": 5}},
         ("push", "R_1", "5")),
        ("slack", {"type": "block_actions", "team": {"id": "T1"}, "channel": {"id": "C1"}},
         ("block_actions", "C1", "T1")),
    ],
)  # fmt: skip
def test_the_payload_of_a_form_is_read(scheme, payload, told):
    """JSON in the field `payload` of a form says what it is, as a body of JSON would."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = [FORM, ("X-GitHub-Event", "push")]
    described = describe(SCHEMES[scheme], Delivery("POST", "", headers, body))
    assert (described.event_type, described.object_id, described.account) == told


def test_paddle():
    """HMAC over ts, a colon and the body, as Paddle's page says; any of several h1 will do."""
    body = b'{"event_id": "evt_1", "event_type": "transaction.paid", "data": {"id": "txn_1"}}'
    mac = hmac.new(b"pdl", f"{NOW}:".encode() + body, hashlib.sha256).hexdigest()
    headers = [("Paddle-Signature", f"ts={NOW};h1={'0' * 64};h1={mac}")]
    assert check("paddle", headers, body, "pdl") == "0"
    described = describe(SCHEMES["paddle"], Delivery("POST", "", headers, body))
    assert (described.event_id, described.object_id) == ("evt_1", "txn_1")


def test_shopify():
    """Base64 of an HMAC over the body, as Shopify's page says."""
    mac = base64.b64encode(hmac.new(b"hush", b'{"id": 820982911946154508}', "sha256").digest())
    headers = [
        ("X-Shopify-Hmac-Sha256", mac.decode()), ("X-Shopify-Topic", "orders/create"),
        ("X-Shopify-Webhook-Id", "b54557e4"), ("X-Shopify-Shop-Domain", "x.myshopify.com"),
        ("X-Shopify-Triggered-At", "2026-01-01T00:00:00Z"),
    ]  # fmt: skip
    body = b'{"id": 820982911946154508}'
    assert check("shopify", headers, body, "hush") == "0"
    described = describe(SCHEMES["shopify"], Delivery("POST", "", headers, body))
    assert (described.event_id, described.event_type) == ("b54557e4", "orders/create")
    assert (described.object_id, described.account) == ("820982911946154508", "x.myshopify.com")
    assert described.created == 1767225600


def test_shopify_events():
    """Shopify's Events are signed likewise, under names of their own; topic and action are a type.

    Names and fields as shopify.dev/docs/apps/build/events has them.
    """
    body = b'{"topic": "Product", "action": "update", "handle": "prices", "fields_changed": {}}'
    mac = base64.b64encode(hmac.new(b"hush", body, "sha256").digest()).decode()
    headers = [("Shopify-Hmac-Sha256", mac), ("Shopify-Webhook-Id", "b54557e4")]
    assert check("shopify", headers, body, "hush") == "0"
    assert check("shopify", headers, body + b" ", "hush") == "bad_signature"
    described = describe(SCHEMES["shopify"], Delivery("POST", "", headers, body))
    assert (described.event_id, described.event_type) == ("b54557e4", "Product:update")


def test_sns(amazon):
    """A message signed by Amazon's certificate is accepted for a topic of ours, and no other."""
    message, keys = amazon
    ours = "arn:aws:sns:eu-west-1:1:t"
    assert check("sns", [], message(), "arn:other", ours, keys=keys) == "1"
    assert check("sns", [], message(), "arn:other", keys=keys) == Reason.BAD_SIGNATURE
    assert check("sns", [], message(Message="h"), ours, keys=keys) == Reason.BAD_SIGNATURE
    assert check("sns", [], message(), ours) == Reason.KEY_NEEDED
    assert check("sns", [], message(), ours, keys=keys, now=NOW + 7200) == Reason.TOO_OLD
    for url in (
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-ab.pem",
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-ab.pem",
        "https://s3.amazonaws.com/sns/SimpleNotificationService-ab.pem",
        "https://sns.s3.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-ab.pem",
        "https://sns.eu-west-1.amazonaws.com/../evil.pem",
        "https://[",
        "",
    ):
        body = message(SigningCertURL=url)
        assert check("sns", [], body, ours, keys=lambda _: b"x") == Reason.MALFORMED_HEADER


def test_ed25519():
    """Standard Webhooks' v1a: signed by a private key, verified by the public one, bit for bit."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    raw = private.public_key().public_bytes_raw()
    whsk = "whsk_" + base64.b64encode(b"s" * 32 + raw).decode()
    whpk = "whpk_" + base64.b64encode(raw).decode()
    headers = sign(SCHEMES["standardwebhooks"], b"{}", whsk, timestamp=NOW, event_id="msg_1")
    assert dict(headers)["webhook-signature"].startswith("v1a,")
    assert check("standardwebhooks", headers, b"{}", whpk) == "0"
    assert check("standardwebhooks", headers, b"{ }", whpk) == Reason.BAD_SIGNATURE
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert check("standardwebhooks", headers, b"{}", pem.decode()) == "0"
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = other.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert check("standardwebhooks", headers, b"{}", base64.b64encode(der).decode()) == (
        Reason.BAD_SIGNATURE
    )
