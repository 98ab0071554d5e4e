"""Our verifier against the official one, and against everything that is thrown at it."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stripe import SignatureVerificationError, WebhookSignature

from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Accepted,
    Delivery,
    Reason,
    Rejected,
    Secret,
    sign,
    verify,
)
from holdfast.channels.webhooks.schemes.places import LONGEST_HEADER
from holdfast.channels.webhooks.schemes.verify import MOST_CANDIDATES
from holdfast.errors import InvalidInput

STRIPE = SCHEMES["stripe"]
SAMPLES = Path(__file__).parents[3] / "samples" / "stripe"
PATHS = sorted(SAMPLES.glob("*.json"))
BODY = (SAMPLES / "invoice.paid.json").read_bytes()
SECRET = "whsec_" + "harbour" * 4
NOW = 1_767_230_000

any_text = st.text(alphabet=st.characters())
floats = st.floats()
bodies = st.one_of(st.text(max_size=80), st.sampled_from([p.read_text() for p in PATHS]))
secrets = st.text(min_size=1, max_size=40).filter(str.strip)
stamps = st.integers(NOW - 400, NOW + 400)
fragments = [b"t=", b"v1=", b"v0=", b",", b"=", b" ", b"\t", b"0", b"1767230000", b"\xff", b"-"]


def verify_stripe(body, header, secrets, *, now, tolerance=300.0):
    """Ask our verifier; the header as the HTTP layer hands it on."""
    if isinstance(header, bytes):
        header = header.decode("latin-1")
    headers = [] if header is None else [("Stripe-Signature", header)]
    active = [Secret(str(place), value) for place, value in enumerate(secrets)]
    delivery = Delivery("POST", "", headers, body)
    return verify(STRIPE, delivery, active, now=now, tolerance=tolerance)


def sign_stripe(body, secret, *, timestamp):
    """The header that we make."""
    ((name, value),) = sign(STRIPE, body, secret, timestamp=timestamp, event_id="")
    assert name == "Stripe-Signature"
    return value


def oracle_signs(body, secret=SECRET, stamp=NOW):
    """The header that the official library makes."""
    return WebhookSignature.generate_signature_header(body, secret, stamp)


def oracle_accepts(body, header, secret):
    """Whether the official library lets it pass, whatever its age."""
    try:
        return WebhookSignature.verify_header(body, header, secret)
    except (SignatureVerificationError, TypeError):
        return False


def reason(header, *, body=BODY, secrets=(SECRET,), now=NOW, tolerance=300.0):
    """Why the request was refused; the explanation must not give a secret away."""
    verdict = verify_stripe(body, header, secrets, now=now, tolerance=tolerance)
    assert isinstance(verdict, Rejected)
    assert verdict.detail and not any(s in verdict.detail for s in secrets if s.strip())
    return verdict.reason


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_official_signatures_are_accepted(path):
    """A body of realistic size that the official library signed is accepted as it is on disk."""
    body = path.read_bytes()
    header = oracle_signs(body.decode())
    assert verify_stripe(body, header, [SECRET], now=NOW) == Accepted("0", NOW)
    assert verify_stripe(body, header.encode(), [SECRET], now=NOW) == Accepted("0", NOW)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_rewritten_body_is_refused(path):
    """The same JSON, parsed and written again, does not carry the signature over."""
    header = oracle_signs(path.read_text())
    for indent in (None, 2):
        body = json.dumps(json.loads(path.read_bytes()), indent=indent, ensure_ascii=False)
        assert reason(header, body=body.encode()) == Reason.BAD_SIGNATURE


@given(body=bodies, secret=secrets, stamp=stamps)
def test_we_sign_as_the_official_library_does(body, secret, stamp):
    """Our header for a body is the official one, byte for byte."""
    assert sign_stripe(body.encode(), secret, timestamp=stamp) == oracle_signs(body, secret, stamp)


@given(data=st.data(), body=bodies, secret=secrets, stamp=stamps)
def test_we_accept_what_the_official_library_accepts(data, body, secret, stamp):
    """Over well-formed headers both agree, but for timestamps too far off in either direction."""
    good = oracle_signs(body, secret, stamp).partition(",")[2]
    fields = st.tuples(
        st.sampled_from(["v0", "v1", "v2", "T", "V1", "", "x"]),
        st.text(alphabet="0123456789abcdefg ;é"),
    ).map("=".join)
    elements = data.draw(st.lists(st.one_of(fields, st.just(good)), max_size=6))
    signed_as = data.draw(st.sampled_from([stamp, stamp, stamp + 1]))
    header = ",".join(data.draw(st.permutations([f"t={signed_as}", *elements])))
    theirs = oracle_accepts(body, header, secret)
    ours = verify_stripe(body.encode(), header, [secret], now=NOW)
    if any(not element.isascii() for element in elements):
        assert theirs <= isinstance(ours, Accepted) or abs(signed_as - NOW) > 300
    else:
        assert isinstance(ours, Accepted) == (theirs and abs(signed_as - NOW) <= 300)


@given(bit=st.integers(0, len(BODY) * 8 - 1))
def test_a_flipped_bit_in_the_body_is_refused(bit):
    """One changed bit anywhere in a real body is enough."""
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    header = sign_stripe(BODY, SECRET, timestamp=NOW)
    assert reason(header, body=bytes(body)) == Reason.BAD_SIGNATURE


@given(data=st.data())
def test_a_flipped_bit_in_the_header_is_refused(data):
    """One changed bit in the timestamp, a name or the signature is enough."""
    header = bytearray(sign_stripe(BODY, SECRET, timestamp=NOW).encode())
    bit = data.draw(st.integers(0, len(header) * 8 - 1))
    header[bit // 8] ^= 1 << bit % 8
    assert reason(bytes(header)) in set(Reason)


@given(
    body=st.binary(),
    header=st.one_of(
        st.none(),
        any_text,
        st.binary(),
        st.lists(st.sampled_from(fragments)).map(b"".join),
    ),
    secrets=st.lists(any_text, max_size=3),
    now=floats,
    tolerance=floats,
)
def test_nothing_raises(body, header, secrets, now, tolerance):
    """Any bytes, text, secrets and clocks give a verdict; none of them forges a signature."""
    verdict = verify_stripe(body, header, secrets, now=now, tolerance=tolerance)
    assert isinstance(verdict, Rejected)
    assert verdict.reason in set(Reason) and verdict.detail


@given(body=st.binary(), secret=any_text.filter(str.strip), stamp=st.integers(0, 2**53))
@example(body=b"\xff\x00", secret="whsec_\udcff\ud800", stamp=NOW)
def test_what_we_sign_we_accept(body, secret, stamp):
    """Bodies that are no text and secrets of any characters are signed and verified alike."""
    header = sign_stripe(body, secret, timestamp=stamp)
    assert verify_stripe(body, header, [secret], now=float(stamp)) == Accepted("0", stamp)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Reason.MISSING_HEADER),
        ("", Reason.MISSING_HEADER),
        (b"", Reason.MISSING_HEADER),
        ("  ", Reason.MISSING_HEADER),
        ("nonsense", Reason.MALFORMED_HEADER),
        ("v1=00", Reason.MALFORMED_HEADER),
        ("t=,v1=00", Reason.MALFORMED_HEADER),
        ("t=soon,v1=00", Reason.MALFORMED_HEADER),
        ("t=-1,v1=00", Reason.MALFORMED_HEADER),
        ("t=1_000,v1=00", Reason.MALFORMED_HEADER),
        ("t=\u0661,v1=00", Reason.MALFORMED_HEADER),
        (f"t={'9' * 5000},v1=00", Reason.MALFORMED_HEADER),
        ("t=1,t=2,v1=00", Reason.MALFORMED_HEADER),
        ("t=1,t=1,v1=00", Reason.MALFORMED_HEADER),
        ("t=1" + ",v1=00" * (MOST_CANDIDATES + 1), Reason.MALFORMED_HEADER),
        ("t=1,v1=00," + "x" * LONGEST_HEADER, Reason.MALFORMED_HEADER),
        ("t=1", Reason.NO_SIGNATURE),
        ("t=1,v0=00", Reason.NO_SIGNATURE),
        ("t=1,v1=", Reason.NO_SIGNATURE),
        ("t=1,v1", Reason.NO_SIGNATURE),
        ("t=1,v1=é", Reason.NO_SIGNATURE),
        (b"t=1,v1=\xff\x00", Reason.NO_SIGNATURE),
        ("t=1,v1=\ud800", Reason.NO_SIGNATURE),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_each_defect_has_its_reason(header, expected):
    """A header that cannot be right is refused for the reason that fits."""
    assert reason(header) == expected


def test_two_stamps_are_refused_even_with_a_good_signature():
    """A second timestamp makes a header ambiguous, so it is not accepted, whichever is right."""
    header = sign_stripe(BODY, SECRET, timestamp=NOW)
    assert reason(f"{header},t={NOW}") == Reason.MALFORMED_HEADER
    assert reason(f"t={NOW - 1},{header}") == Reason.MALFORMED_HEADER


@pytest.mark.parametrize("none", [(), ("",), (" ", "\t\n"), ("", "")])
def test_without_a_secret_nothing_is_accepted(none):
    """No secret, or only blank ones, refuses even what was signed with a blank key."""
    blank = oracle_signs(BODY.decode(), "")
    assert reason(blank, secrets=none) == Reason.NO_SECRET
    assert reason(None, secrets=none) == Reason.NO_SECRET
    assert reason(blank, secrets=(*none, SECRET)) == Reason.BAD_SIGNATURE


def test_a_blank_secret_signs_nothing():
    """Signing without a secret is an error at once, and not a refusal by the receiver."""
    with pytest.raises(InvalidInput, match="blank"):
        sign_stripe(BODY, " ", timestamp=NOW)


def test_any_active_secret_will_do():
    """While a secret is rolled, old and new both hold, and we learn which one was used."""
    header = sign_stripe(BODY, SECRET, timestamp=NOW)
    for secrets, index in (
        ([SECRET, "whsec_b"], 0),
        (["whsec_a", SECRET], 1),
        (["", "whsec_a", SECRET], 2),
    ):
        assert verify_stripe(BODY, header, secrets, now=NOW) == Accepted(str(index), NOW)
    assert reason(header, secrets=("whsec_a", "whsec_b")) == Reason.BAD_SIGNATURE
    assert reason(header, secrets=(SECRET.removeprefix("whsec_"),)) == Reason.BAD_SIGNATURE


def test_any_v1_will_do_and_v0_never():
    """One good v1 among bad ones is enough wherever it stands; a good v0 is none."""
    stamp, _, good = sign_stripe(BODY, SECRET, timestamp=NOW).partition(",")
    bad = ["v1=" + "0" * 64] * (MOST_CANDIDATES - 1)
    for place in (0, 7, len(bad)):
        header = ",".join([stamp, *bad[:place], good, *bad[place:]])
        assert verify_stripe(BODY, header, [SECRET], now=NOW) == Accepted("0", NOW)
    assert reason(f"{stamp},{good.replace('v1', 'v0')},{bad[0]}") == Reason.BAD_SIGNATURE
    assert reason(f"{stamp},{good.upper()}") == Reason.NO_SIGNATURE


@pytest.mark.parametrize(
    ("age", "expected"),
    [(300, None), (301, "too_old"), (10**9, "too_old"), (-300, None), (-301, "too_new")],
)
def test_the_timestamp_is_held_to_both_sides(age, expected):
    """A genuine request is refused when it is too old, and just so when it is from the future."""
    header = sign_stripe(BODY, SECRET, timestamp=NOW - age)
    verdict = verify_stripe(BODY, header, [SECRET], now=NOW)
    assert (verdict.reason if isinstance(verdict, Rejected) else None) == expected


@pytest.mark.parametrize(
    ("now", "tolerance"),
    [(float("nan"), 300.0), (float(NOW), float("nan")), (float(NOW), -1.0)],
)
def test_a_broken_clock_refuses(now, tolerance):
    """When the clock or the tolerance is no number, nothing passes."""
    header = sign_stripe(BODY, SECRET, timestamp=NOW)
    assert reason(header, now=now, tolerance=tolerance) == Reason.TOO_OLD


def test_the_stamp_is_signed_as_it_was_sent():
    """The signature covers the text of the timestamp, and not the number it stands for."""
    as_number = sign_stripe(BODY, SECRET, timestamp=NOW)
    assert reason(as_number.replace("t=", "t=0")) == Reason.BAD_SIGNATURE


def test_spaces_after_commas_are_harmless():
    """A proxy that folds the header with spaces does not break it."""
    header = sign_stripe(BODY, SECRET, timestamp=NOW).replace(",", ", ")
    assert verify_stripe(BODY, header, [SECRET], now=NOW) == Accepted("0", NOW)
