"""Resend: POST /emails.

resend.com/docs/api-reference/emails/send-email, resend.com/docs/api-reference/errors.
An Idempotency-Key is known for 24 hours: the same request again gives the same answer and sends
nothing. That a Message-ID may be set is documented nowhere, so it is Resend's own; its id for the
email is kept.
"""

import base64
import re
from typing import Any, Final

from holdfast.channels.email.providers.http import verdicts
from holdfast.channels.email.providers.http.attempt import (
    HttpProvider,
    Words,
    as_json,
    document,
    key_of,
    text_at,
)  # fmt: skip
from holdfast.channels.email.providers.http.call import Answer, Request
from holdfast.channels.email.providers.http.content import Address, Attachment, addressed, read
from holdfast.channels.email.providers.http.endpoint import endpoint
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import ProviderUrl

_SPECIAL: Final = re.compile(r'[<>"\\,;:@()\[\]]+')


class Resend(HttpProvider):
    """The provider Resend."""

    title = "Resend"
    window_s = 86_400.0
    most_recipients = 50
    names_somebody = True
    table = verdicts.compiled(
        (
            (r"\d+ (?:missing|restricted|invalid|suspended)_api_key ", verdicts.credentials),
            (r"\d+ validation_error .*api key is invalid", verdicts.credentials),
            (r"\d+ (?:invalid_permission|invalid_access) ", verdicts.credentials),
            (r"409 concurrent_idempotent_requests ", verdicts.busy),
            (r"409 invalid_idempotent_request ", verdicts.taken_otherwise),
            (r"\d+ (?:daily|monthly)_quota_exceeded ", verdicts.quota),
            (r"\d+ rate_limit_exceeded ", verdicts.throttled),
            (
                r"\d+ (?:application_error|internal_server_error|service_unavailable) ",
                verdicts.down,
            ),
            (r"403 .*(?:domain is not verified|not verified)", verdicts.unverified),
            (r"403 validation_error ", verdicts.refused),  # "You can only send testing emails to …"
        )
    )

    def build(self, envelope: Envelope) -> Request:
        """One email as JSON."""
        content = read(envelope)
        to, cc, bcc = addressed(content)
        form: dict[str, Any] = {
            "from": _plainly(content.sender),
            "to": [_encoded(box) for box in to],
            "cc": [_encoded(box) for box in cc],
            "bcc": [_encoded(box) for box in bcc],
            "reply_to": [_encoded(box) for box in content.reply_to],
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "attachments": [_attachment(part) for part in content.attachments],
            "headers": dict(content.headers),
        }
        headers = {
            "Authorization": f"Bearer {self.endpoint.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key_of(envelope),
        }
        left = {name: value for name, value in form.items() if value not in (None, [], {})}
        return Request(f"{self.endpoint.url}/emails", headers, as_json(left))

    def receipt(self, answer: Answer) -> str | None:
        """`{"id": …}`."""
        return text_at(document(answer), "id") or None

    def words(self, answer: Answer) -> Words:
        """`{"statusCode": …, "name": …, "message": …}`."""
        found = document(answer)
        return text_at(found, "name"), text_at(found, "message") or None


def _plainly(box: Address) -> str:
    """Its `from` takes a name neither in quotes nor encoded, so without what needs either."""
    name = " ".join(_SPECIAL.sub(" ", box.name).split())
    return f"{name} <{box.address}>" if name else box.address


def _encoded(box: Address) -> str:
    """Its other fields take no quotes: a name that needs some is encoded (RFC 2047)."""
    if not box.name:
        return box.address
    if box.name.isascii() and not _SPECIAL.search(box.name) and not re.search("[.=?]", box.name):
        return f"{box.name} <{box.address}>"
    return f"=?utf-8?b?{base64.b64encode(box.name.encode()).decode()}?= <{box.address}>"


def _attachment(part: Attachment) -> dict[str, str]:
    found = {
        "filename": part.name,
        "content_type": part.type,
        "content": base64.b64encode(part.content).decode(),
    }
    return found | ({"content_id": part.cid} if part.cid else {})


def make(url: ProviderUrl) -> Resend:
    """`resend://KEY@api.resend.com`. Raises ConfigError."""
    return Resend(endpoint(url))
