"""What holds for every scheme, every bit and every request; and the official packages."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from tests.channels.webhooks.schemes.signing import FORM, NOW, SIGNABLE, check, signed

from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Accepted,
    Delivery,
    Reason,
    Rejected,
    Secret,
    describe,
    explain,
    handshake,
    sign,
    verify,
)
from holdfast.errors import InvalidInput


@pytest.mark.parametrize("scheme", ["standardwebhooks", "svix"])
def test_a_public_key_signs_nothing(scheme):
    """Whoever knows a source's public key, as everybody may, cannot sign with it as a secret."""
    public = ed25519.Ed25519PrivateKey.from_private_bytes(b"s" * 32).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    raw = public.public_bytes_raw()
    der = public.public_bytes(serialization.Encoding.DER, spki)
    pem = public.public_bytes(serialization.Encoding.PEM, spki)
    text = [base64.b64encode(key).decode() for key in (raw, der)]
    for known in (f"whpk_{text[0]}", text[1], pem.decode()):
        for as_secret in (*text, base64.b64encode(pem).decode()):
            forged = sign(SCHEMES[scheme], b"{}", as_secret, timestamp=NOW, event_id="msg_1")
            assert check(scheme, forged, b"{}", known) == Reason.BAD_SIGNATURE
    shared = sign(SCHEMES[scheme], b"{}", text[0], timestamp=NOW, event_id="msg_1")
    assert check(scheme, shared, b"{}", text[0]) == "0"  # 32 bytes without a name are a secret


@pytest.mark.parametrize("scheme", SIGNABLE)
def test_what_we_sign_we_accept_and_describe(scheme):
    """Headers that we make for a scheme are accepted by it, with the id that was given."""
    headers, secret, url = signed(scheme)
    assert check(scheme, headers, b'{"type": "a"}', "another", secret, url=url) == "1"
    described = describe(SCHEMES[scheme], Delivery("POST", url, headers, b'{"type": "a"}'))
    placed = any(p.startswith("header:") for p in SCHEMES[scheme].event_id[:1])
    assert described.event_id == ("msg_1" if placed else None)


@pytest.mark.parametrize("scheme", SIGNABLE)
@given(data=st.data())
def test_any_flipped_bit_is_refused(scheme, data):
    """One bit of what is signed, of the signature or of the secret is enough to be refused."""
    body = b"a=1&b=2" if scheme == "twilio" else b'{"type": "a", "n": [1, 2]}'
    headers, secret, url = signed(scheme, body)
    signature = SCHEMES[scheme].header
    parts = {"secret": secret.encode(), "header": dict(headers)[signature].encode()}
    if SCHEMES[scheme].algorithm not in {"equals", "basic"}:
        parts["body"] = body
        if scheme == "twilio":
            parts["url"] = url.encode()
    name = data.draw(st.sampled_from(sorted(parts)))
    bit = data.draw(st.integers(0, len(parts[name]) * 8 - 1))
    changed = bytearray(parts[name])
    changed[bit // 8] ^= 1 << bit % 8
    parts[name] = bytes(changed)
    headers = [(n, parts["header"].decode("latin-1") if n == signature else v) for n, v in headers]
    verdict = verify(
        SCHEMES[scheme],
        Delivery("POST", parts.get("url", url.encode()).decode("latin-1"), headers,
                 parts.get("body", body)),
        [Secret("0", parts["secret"].decode("latin-1"))], now=NOW,
    )  # fmt: skip
    blank_after_secret = scheme in {"basic", "postmark", "brevo"} and name == "header"
    basic = blank_after_secret and changed[:6].lower() == b"basic "
    same = basic and bytes(changed)[6:].strip() == dict(headers) and False
    assert (
        isinstance(verdict, Rejected)
        or same
        or (basic and bytes(changed[6:]) == dict(signed(scheme, body)[0])[signature].encode()[6:])
    )


any_text = st.text(alphabet=st.characters(), max_size=200)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@given(data=st.data())
def test_nothing_raises(scheme, data):
    """Any request, secrets, address and clock give a verdict, a description and an explanation."""
    names = st.sampled_from(
        [SCHEMES[scheme].header, SCHEMES[scheme].timestamp.partition(":")[2],
         SCHEMES[scheme].id.partition(":")[2], "Content-Type", "x"]
    )  # fmt: skip
    values = st.one_of(
        any_text, st.sampled_from(["v1,", "v1=", f"t={NOW},v1=00", str(NOW), FORM[1], "Basic"])
    )
    headers = data.draw(st.lists(st.tuples(names, values), max_size=6))
    bodies = st.one_of(
        st.binary(max_size=200),
        st.sampled_from([b"{}", b"[]", b'{"signature": 1}', b'{"signature": {"signature": ""}}',
                         b'{"TopicArn": "s", "SigningCertURL": "https://["}', b"a=%ff&b"]),
    )  # fmt: skip
    delivery = Delivery(
        "POST", data.draw(st.one_of(any_text, st.sampled_from(["http://[", "https://x:99999/"]))),
        headers, data.draw(bodies),
    )  # fmt: skip
    secrets = [Secret(str(n), s) for n, s in enumerate(data.draw(st.lists(any_text, max_size=3)))]
    verdict = verify(
        SCHEMES[scheme], delivery, secrets, now=data.draw(st.floats()),
        tolerance=data.draw(st.floats()),
    )  # fmt: skip
    assert isinstance(verdict, Accepted | Rejected)
    describe(SCHEMES[scheme], delivery)
    handshake(SCHEMES[scheme], delivery)
    assert explain(SCHEMES[scheme], delivery, secrets, now=0.0) or isinstance(verdict, Accepted)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_without_a_secret_everything_is_refused(scheme):
    """No scheme believes anybody while its source has no secret, or a blank one."""
    assert check(scheme, [], b"{}") == Reason.NO_SECRET
    assert check(scheme, [], b"{}", "", " \t") == Reason.NO_SECRET


@given(
    body=st.text(max_size=60), stamp=st.integers(NOW - 290, NOW + 290),
    noise=st.lists(st.sampled_from(["v1,", "v1,AAAA", "v2,x", "v1", "", "nonsense"]), max_size=4),
)  # fmt: skip
def test_we_agree_with_the_official_package(body, stamp, noise):
    """What `standardwebhooks` signs we accept, also beside a broken element that makes it fail."""
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()
    value = Webhook(secret).sign("msg_1", datetime.fromtimestamp(stamp, UTC), body)
    headers = {
        "webhook-id": "msg_1", "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join([*noise, value]),
    }  # fmt: skip
    assert check("standardwebhooks", list(headers.items()), body.encode(), secret) == "0"
    ours = dict(
        sign(SCHEMES["standardwebhooks"], body.encode(), secret, timestamp=stamp, event_id="msg_1")
    )
    assert ours["webhook-signature"] == value


def test_we_do_not_raise_where_the_official_package_does():
    """A header element without a comma is passed over; theirs raises what nobody catches."""
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()
    stamp = datetime.now(UTC)
    value = Webhook(secret).sign("msg_1", stamp, "{}")
    headers = {
        "webhook-id": "msg_1", "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": f"broken {value}",
    }  # fmt: skip
    with pytest.raises(ValueError, match="not enough values to unpack") as raised:
        Webhook(secret).verify("{}", headers)
    assert not isinstance(raised.value, WebhookVerificationError)
    now = stamp.timestamp()
    assert check("standardwebhooks", list(headers.items()), b"{}", secret, now=now) == "0"


@pytest.mark.parametrize(
    ("scheme", "why"), [("sendgrid", "only"), ("sns", "only"), ("mailgun", "inside the body")]
)
def test_only_the_provider_can_sign_so(scheme, why):
    """Where only the provider has the key, or signs inside the body, we say that we cannot."""
    with pytest.raises(InvalidInput, match=why):
        sign(SCHEMES[scheme], b"{}", "k", timestamp=NOW, event_id="1")
