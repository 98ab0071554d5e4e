"""Signature Version 4 against the vectors that AWS has published."""

from datetime import UTC, datetime

import pytest

from holdfast.channels.email.providers.http.call import Request
from holdfast.channels.email.providers.http.sigv4 import Credentials, signed

NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
URL = "https://example.amazonaws.com/"
TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfI"
    "eoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0"
    "wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDry"
    "pNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)
# The AWS Signature Version 4 test suite, by the names it has there: service "service", us-east-1.
SUITE = {
    "get-vanilla": ("GET", URL, {}, b"", "host;x-amz-date",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    "post-vanilla": ("POST", URL, {}, b"", "host;x-amz-date",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    "post-vanilla-query": ("POST", f"{URL}?Param1=value1", {}, b"", "host;x-amz-date",
        "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    "get-vanilla-query-order-key-case": ("GET", f"{URL}?Param2=value2&Param1=value1", {}, b"",
        "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    "post-x-www-form-urlencoded": ("POST", URL,
        {"Content-Type": "application/x-www-form-urlencoded"}, b"Param1=value1",
        "content-type;host;x-amz-date",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    "get-header-value-trim": ("GET", URL,
        {"My-Header1": " value1", "My-Header2": ' "a   b   c"'}, b"",
        "host;my-header1;my-header2;x-amz-date",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
}  # fmt: skip


@pytest.mark.parametrize("name", SUITE)
def test_the_signature_is_the_published_one(name):
    """Each request of the suite gets the Authorization that the suite has for it."""
    method, url, headers, body, names, signature = SUITE[name]
    keys = Credentials("AKIDEXAMPLE", SECRET)
    found = signed(Request(url, headers, body), keys, "us-east-1", "service", NOW, method)
    assert found.headers["X-Amz-Date"] == "20150830T123600Z"
    assert found.headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    assert (found.url, found.body) == (url, body)


def test_a_temporary_key_brings_its_token():
    """The token of a temporary key is sent, and signed (post-sts-header-before of the suite)."""
    keys = Credentials("AKIDEXAMPLE", SECRET, TOKEN)
    found = signed(Request(URL, {}, b""), keys, "us-east-1", "service", NOW)
    assert found.headers["X-Amz-Security-Token"] == TOKEN
    assert found.headers["Authorization"].endswith(
        "SignedHeaders=host;x-amz-date;x-amz-security-token, "
        "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"
    )


def test_the_secret_is_in_no_representation():
    """Neither the secret nor the token can be printed by accident."""
    assert SECRET not in repr(Credentials("A", SECRET, SECRET))
