"""Brevo: POST /v3/smtp/email, developers.brevo.com/reference/send-transac-email.

An idempotencyKey (a UUID, among the headers of the form) is known for 15 minutes by the changelog,
for 30 by the documentation; we count on 15. Brevo gives the message an id of its own; ours travels
in X-Mailin-custom, which its reports give back. It has no inline images: they arrive attached.
"""

import base64
import uuid
from email.header import Header
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
from holdfast.channels.email.providers.http.content import Address, addressed, read
from holdfast.channels.email.providers.http.endpoint import endpoint
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import ProviderUrl

_SPECIAL: Final = set('()<>@,:;.\\"[]')
_LONGEST_NAME: Final = 70


class Brevo(HttpProvider):
    """The provider Brevo."""

    title = "Brevo"
    window_s = 900.0
    most_recipients = 50
    names_somebody = True
    table = verdicts.compiled(
        (
            (r"\d+ (?:unauthorized|key_not_found) ", verdicts.credentials),
            (r"\d+ not_enough_credits ", verdicts.quota),
            (r"\d+ (?:account_under_validation|permission_denied) ", verdicts.account),
            (r"\d+ duplicate_request ", verdicts.taken_before),
            (r"\d+ duplicate_parameter .*idempotency", verdicts.taken_before),
            (r"\d+ too_many_requests ", verdicts.throttled),
            (r"400 .*(?:sender.* not valid|validate your sender|authenticate your domain)",
             verdicts.unverified),
        )
    )  # fmt: skip

    def build(self, envelope: Envelope) -> Request:
        """One email as JSON."""
        content = read(envelope)
        to, cc, bcc = addressed(content)
        form: dict[str, Any] = {
            "sender": _box(content.sender),
            "to": [_box(box) for box in to],
            "cc": [_box(box) for box in cc],
            "bcc": [_box(box) for box in bcc],
            "replyTo": _box(content.reply_to[0]) if content.reply_to else None,
            "subject": content.subject or " ",
            "textContent": content.text,
            "htmlContent": content.html,
            "attachment": [
                {"name": part.name, "content": base64.b64encode(part.content).decode()}
                for part in content.attachments
            ],
            "headers": {
                **dict(content.headers),
                "X-Mailin-custom": envelope.message_id,
                "idempotencyKey": str(uuid.uuid5(envelope.id, key_of(envelope))),
            },
        }
        headers = {
            "api-key": self.endpoint.key,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        left = {name: value for name, value in form.items() if value not in (None, [], "")}
        return Request(f"{self.endpoint.url}/v3/smtp/email", headers, as_json(left))

    def receipt(self, answer: Answer) -> str | None:
        """`{"messageId": "<…>"}`."""
        return text_at(document(answer), "messageId") or None

    def words(self, answer: Answer) -> Words:
        """`{"code": "invalid_parameter", "message": …}`."""
        found = document(answer)
        return text_at(found, "code"), text_at(found, "message") or None


def _box(box: Address) -> dict[str, str]:
    """A name beyond ASCII with punctuation gets lost there unless it comes encoded."""
    name = box.name[:_LONGEST_NAME]
    if not name.isascii() and _SPECIAL & set(name):
        name = Header(name, "utf-8", maxlinelen=998).encode()
    return {"email": box.address} | ({"name": name} if name else {})


def make(url: ProviderUrl) -> Brevo:
    """`brevo://KEY@api.brevo.com`. Raises ConfigError."""
    return Brevo(endpoint(url))
