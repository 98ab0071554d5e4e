"""Amazon SNS: messages signed by a certificate of Amazon's, for topics of ours.

Anybody with an account can have Amazon sign a message. So the signature alone proves nothing: the
secrets of an SNS source are the ARNs of the topics that may send, and the certificate has to come
from Amazon's own host. Whoever verifies hands in a lookup of certificates; one that is not there
yet is asked for by its checked address, and is fetched elsewhere.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import Accepted, Keys, Reason, Rejected, Secret
from holdfast.channels.webhooks.schemes.times import untimely

HOST: Final = re.compile(r"sns\.[a-z]{2}(-[a-z]{1,10}){1,3}-[0-9]{1,2}\.amazonaws\.com(\.cn)?")
"""Only the name of a region: `sns.s3.amazonaws.com` is a bucket, of whoever has that name."""

_PATH: Final = re.compile(r"/SimpleNotificationService-[0-9a-f]{1,64}\.pem")
_TOLERANCE_S: Final = 3600.0  # SNS repeats a message for up to an hour with its first time
_FIELDS: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_HASHES: Final = {"1": SHA1, "2": SHA256}


def verify(  # noqa: PLR0911  one way out for each thing that can be wrong
    reader: Reader, topics: Sequence[Secret], *, now: float, tolerance: float, keys: Keys | None
) -> Accepted | Rejected:
    """Check a message of SNS; the secrets are the ARNs of its topics. Never raises."""
    message = reader.document()
    if not isinstance(message, Mapping):
        return Rejected(Reason.MISSING_HEADER, "the body is no message of SNS")
    topic = next((t for t in topics if _same(t.value, message.get("TopicArn"))), None)
    if topic is None:
        return Rejected(Reason.BAD_SIGNATURE, "its topic is none of this source's")
    url = str(message.get("SigningCertURL", ""))
    if not is_amazons(url, _PATH):
        return Rejected(Reason.MALFORMED_HEADER, "its certificate is not at Amazon's address")
    certificate = keys(url) if keys is not None else None
    if certificate is None:
        return Rejected(Reason.KEY_NEEDED, "the certificate of SNS has to be fetched first", url)
    if not _signed(message, certificate):
        return Rejected(Reason.BAD_SIGNATURE, "the signature does not fit this message")
    stamp = _moment(message.get("Timestamp"))
    if stamp is None:
        return Rejected(Reason.MALFORMED_HEADER, "its Timestamp is no time")
    return untimely(stamp, now, max(tolerance, _TOLERANCE_S)) or Accepted(topic.id, int(stamp))


def is_amazons(url: str, path: re.Pattern[str] | None = None) -> bool:
    """Whether the address is one of SNS itself, and nothing that only looks like it."""
    try:
        parts = urlsplit(url)
        plain = parts.port is None and parts.username is None
    except ValueError:
        return False
    return (
        parts.scheme == "https" and plain and bool(HOST.fullmatch(parts.netloc))
        and (path is None or (bool(path.fullmatch(parts.path)) and not parts.query))
    )  # fmt: skip


def _same(ours: str, theirs: Any) -> bool:
    return isinstance(theirs, str) and hmac.compare_digest(
        ours.encode(), theirs.encode("utf-8", "replace")
    )


def _signed(message: Mapping[str, Any], certificate: bytes) -> bool:
    kind = "Notification" if message.get("Type") == "Notification" else "SubscriptionConfirmation"
    fields = [name for name in _FIELDS[kind] if isinstance(message.get(name), str)]
    content = "".join(f"{name}\n{message[name]}\n" for name in fields)
    make_hash = _HASHES.get(str(message.get("SignatureVersion")))
    if make_hash is None:
        return False
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(signature, content.encode(), PKCS1v15(), make_hash())
    except (InvalidSignature, ValueError, binascii.Error, UnicodeError):
        return False
    return True


def _moment(text: Any) -> float | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None
