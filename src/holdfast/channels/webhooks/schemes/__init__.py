"""Verification as data: one table of schemes, and what reads it.

`table.py` is the table, `scheme.py` says what a row means. `verify.py` believes a sender or does
not, `describe.py` reads what an event is, `handshake.py` greets back, `sign.py` signs as the
provider would, `explain.py` tells why it failed. All is pure: no clock, no chance, no network.
"""

from holdfast.channels.webhooks.schemes.describe import describe
from holdfast.channels.webhooks.schemes.explain import Finding, explain
from holdfast.channels.webhooks.schemes.generic import generic
from holdfast.channels.webhooks.schemes.handshake import handshake
from holdfast.channels.webhooks.schemes.keys import is_public as is_public_key
from holdfast.channels.webhooks.schemes.scheme import (
    TOLERANCE,
    Accepted,
    Delivery,
    Described,
    Greeting,
    Keys,
    Reason,
    Rejected,
    Scheme,
    Secret,
)
from holdfast.channels.webhooks.schemes.sign import sign, signature_of
from holdfast.channels.webhooks.schemes.table import SCHEMES
from holdfast.channels.webhooks.schemes.verify import verify

__all__ = [
    "SCHEMES", "TOLERANCE", "Accepted", "Delivery", "Described", "Finding", "Greeting", "Keys",
    "Reason", "Rejected", "Scheme", "Secret", "describe", "explain", "generic", "handshake",
    "is_public_key", "sign", "signature_of", "verify",
]  # fmt: skip
