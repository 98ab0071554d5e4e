"""What is read out of a webhook body, and that nothing in a body can hurt."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from holdfast.channels.webhooks.schemes import SCHEMES, Delivery, Described
from holdfast.channels.webhooks.schemes import describe as describe_by

SAMPLES = Path(__file__).parents[3] / "samples" / "stripe"
DEEP = b"[" * 100_000 + b"]" * 100_000
KEYS = ["id", "type", "data", "object", "related_object", "livemode", "account", "context"]

names = st.one_of(st.text(alphabet=st.characters()), st.sampled_from([*KEYS, "created"]))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), names)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*KEYS, "created", "api_version"]), inner, max_size=8),
    ),
    max_leaves=20,
)


def describe(body):
    """As an event of Stripe's."""
    return describe_by(SCHEMES["stripe"], Delivery("POST", "", [], body))


@pytest.mark.parametrize(
    ("name", "object_id"),
    [
        ("invoice.paid", "in_1SkMooringAngstrom0000001"),
        ("customer.subscription.updated", "sub_1SkMooringAngstrom000001"),
        (
            "checkout.session.completed",
            "cs_test_a1SkMooringAngstromCheckout000000000000000000000000001",
        ),
        ("invoice.upcoming", None),
    ],
)
def test_real_events_are_described(name, object_id):
    """A full-size event says its id, type, object, mode, version and time."""
    described = describe((SAMPLES / f"{name}.json").read_bytes())
    assert described.event_id and described.event_id.startswith("evt_1SkMooring")
    assert described.event_type == name
    assert described.object_id == object_id
    assert (described.livemode, described.account) == (False, None)
    assert described.api_version == "2024-06-20"
    assert described.created and described.created > 1_750_000_000


def test_connected_accounts_are_read():
    """An event of a connected account says whose it is."""
    assert describe(b'{"account": "acct_1"}').account == "acct_1"
    assert describe(b'{"context": "acct_2"}').account == "acct_2"
    assert describe(b'{"account": "acct_1", "context": "acct_2"}').account == "acct_1"


def test_thin_events_are_described():
    """A thin event names its object and its time in its own way, and is understood alike."""
    event = {
        "id": "evt_thin_1",
        "object": "v2.core.event",
        "type": "v1.billing.meter.no_meter_found",
        "livemode": True,
        "created": "2026-03-01T09:30:00.330Z",
        "related_object": {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters"},
    }
    assert describe(json.dumps(event).encode()) == Described(
        event_id="evt_thin_1",
        event_type="v1.billing.meter.no_meter_found",
        object_id="mtr_1",
        livemode=True,
        created=1_772_357_400,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"nonsense",
        b"id=evt_1&type=x",
        b"null",
        b"[]",
        b'["id"]',
        b'"evt_1"',
        b"17",
        b"NaN",
        b'{"id": "evt_1"',
        b'{"id": "evt_1"} {}',
        b'{"id": "evt_\xff"}',
        b'{"n": ' + b"9" * 10_000 + b"}",
        DEEP,
        b'{"id": "evt_1", "data": ' + DEEP + b"}",
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_event_describes_nothing(body):
    """A body that is not one JSON object, or is absurdly deep, yields nothing and no exception."""
    assert describe(body) == Described()


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "1.5",
        "true",
        "NaN",
        "{}",
        '["evt_1"]',
        '""',
        '"evt\\u0000_1"',
        '"evt\\n_1"',
        '"evt_\\ud800"',
        '"' + "e" * 256 + '"',
    ],
)
def test_unusable_names_are_left_out(value):
    """A name that is no text, empty, too long or cannot be stored as text counts as not given."""
    body = (
        f'{{"id": {value}, "type": {value}, "account": {value}, "api_version": {value},'
        f' "data": {{"object": {{"id": {value}}}}}, "created": 5}}'
    )
    assert describe(body.encode()) == Described(created=5)


def test_a_name_may_be_255_long():
    """The longest name that is taken has 255 characters, of any script."""
    assert describe(json.dumps({"id": "ü" * 255}).encode()).event_id == "ü" * 255


@pytest.mark.parametrize("value", ["-1", "true", "1e400", "9" * 30, '"2026-01-01"', '"x"'])
def test_unusable_times_are_left_out(value):
    """A time that is no whole second of the years 1970 to 9999 counts as not given."""
    assert describe(f'{{"created": {value}}}'.encode()) == Described()


@pytest.mark.parametrize("value", ["0", "1", '"false"', "null"])
def test_livemode_is_a_truth_value_or_nothing(value):
    """Only true and false say in which mode an event happened."""
    assert describe(f'{{"livemode": {value}}}'.encode()).livemode is None


def test_the_last_of_two_equal_keys_counts():
    """A key that is given twice is read as Postgres and browsers read it: the last one counts."""
    assert describe(b'{"id": "evt_1", "id": "evt_2"}').event_id == "evt_2"
    assert describe(b'{"id": "evt_1", "id": null}').event_id is None


def test_oddities_elsewhere_do_not_hide_the_id():
    """NaN, Infinity and lone surrogates in other places leave the rest readable."""
    body = b'{"id": "evt_1", "n": NaN, "i": -Infinity, "s": "\\udfff", "\\u0000": 1}'
    assert describe(body) == Described(event_id="evt_1")


def check_storable(described):
    """Every part must fit into a text, bigint or timestamp column."""
    for field in Described.__dataclass_fields__:
        value = getattr(described, field)
        if isinstance(value, str):
            assert 0 < len(value) <= 255
            assert b"\x00" not in value.encode("utf-8")
    assert described.created is None or 0 <= described.created < 2**40


@given(body=st.binary())
@example(body=b"\xef\xbb\xbf{}")
@example(body=b"{\x00}\x00")
def test_any_bytes_are_survived(body):
    """Whatever bytes arrive, describing them raises nothing and yields only what can be stored."""
    check_storable(describe(body))


@given(document=documents)
def test_any_document_is_survived(document):
    """Whatever JSON arrives, with our keys in wrong places and types, the same holds."""
    check_storable(describe(json.dumps(document).encode()))
