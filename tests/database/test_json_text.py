"""What is sent as JSON: text that Postgres takes, or words that say what is wrong with it."""

import decimal
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.database import decode, encode
from holdfast.errors import InvalidInput

LOOP: list[object] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"when": datetime(2026, 1, 1, tzinfo=UTC)}, "when is of type datetime; give its isof"),
        ({"rows": [1, {"id": uuid.UUID(int=1)}]}, "rows[1].id is of type UUID; give its text"),
        ([1, decimal.Decimal("1.1")], "[1] is of type Decimal; give its text"),
        ({"tags": {"a"}}, "tags is of type set; give a list"),
        (b"raw", "it is of type bytes; give text, such as base64"),
        ({"at": timedelta(1)}, "at is of type timedelta; give its total_seconds()"),
        ({"share": float("nan")}, "share is nan, which is no number there"),
        ({("a", 1): 2}, "keys must be str"),
        (LOOP, "Circular reference"),
        ("\x00", "NUL character"),
        ("\ud800", "half of a surrogate pair"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_and_where(value, told):
    """A value that JSON does not have is named by its place, with what to give instead."""
    with pytest.raises(InvalidInput) as refused:
        encode(value)
    assert told in str(refused.value)


def test_what_is_encoded_comes_back():
    """Text, numbers, lists and dictionaries are the same after both ways."""
    value = {"é": [1, 2.5, None, True, {"x": "\u2028"}]}
    assert decode(encode(value)) == value


def test_deep_is_refused():
    """Nesting without end is refused, and is no crash."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidInput, match="nested too deeply"):
        encode(deep)
