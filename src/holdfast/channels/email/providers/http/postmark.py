"""Postmark: POST /email.

postmarkapp.com/developer/api/email-api, postmarkapp.com/developer/api/overview#error-codes.
It knows no idempotency key (postmarkapp.com/support/article/what-is-an-idempotency-key), so a
request without an answer leaves the outcome unknown. Our Message-ID stays by X-PM-KeepID. A message
to some inactive recipients is taken for the others, and its answer names those left out.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from holdfast.channels.email.providers.http import verdicts
from holdfast.channels.email.providers.http.attempt import (
    HttpProvider,
    Words,
    as_json,
    document,
    text_at,
)  # fmt: skip
from holdfast.channels.email.providers.http.call import Answer, Request
from holdfast.channels.email.providers.http.content import Address, Attachment, addressed, read
from holdfast.channels.email.providers.http.endpoint import endpoint
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import ProviderUrl

_INACTIVE: Final = re.compile(r"inactive addresses:\s*(.{1,4000}?)(?:\.\s|\.?$)", re.IGNORECASE)


class Postmark(HttpProvider):
    """The provider Postmark."""

    title = "Postmark"
    most_recipients = 50
    names_somebody = True
    table = verdicts.compiled(
        (
            (r"\d+ 10 ", verdicts.credentials),
            (r"\d+ 100 ", verdicts.down),  # maintenance
            (r"\d+ 40[01] ", verdicts.unverified),
            (r"\d+ (?:405|412|413) ", verdicts.account),  # out of credits, pending, may not send
            (r"\d+ (?:300|402|403|406|409|410|411) ", verdicts.refused),
            (r"\d+ 429 ", verdicts.throttled),
            (r"\d+ 12\d\d .*stream", verdicts.account),  # there is no such message stream
        )
    )

    def build(self, envelope: Envelope) -> Request:
        """One email as JSON."""
        content = read(envelope)
        to, cc, bcc = addressed(content)
        form: dict[str, Any] = {
            "From": _boxes([content.sender]),
            "To": _boxes(to),
            "Cc": _boxes(cc),
            "Bcc": _boxes(bcc),
            "ReplyTo": _boxes(content.reply_to),
            "Subject": content.subject,
            "TextBody": content.text,
            "HtmlBody": content.html,
            "Attachments": [_attachment(part) for part in content.attachments],
            "MessageStream": self.endpoint.options.get("stream"),
            "Headers": [
                {"Name": name, "Value": value}
                for name, value in (
                    ("Message-ID", envelope.message_id),
                    ("X-PM-KeepID", "true"),
                    *content.headers,
                )
            ],
        }
        headers = {
            "X-Postmark-Server-Token": self.endpoint.key,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        left = {name: value for name, value in form.items() if value not in (None, [], "")}
        return Request(f"{self.endpoint.url}/email", headers, as_json(left))

    def receipt(self, answer: Answer) -> str | None:
        """`{"ErrorCode": 0, "MessageID": …}`."""
        found = document(answer)
        return (text_at(found, "MessageID") or None) if text_at(found, "ErrorCode") == "0" else None

    def words(self, answer: Answer) -> Words:
        """`{"ErrorCode": 300, "Message": …}`."""
        found = document(answer)
        return text_at(found, "ErrorCode"), text_at(found, "Message") or None

    def left_out(self, envelope: Envelope, answer: Answer) -> Mapping[str, str]:
        """The inactive ones among those that the message was for."""
        words = text_at(document(answer), "Message")
        found = _INACTIVE.search(" ".join(words.split()))
        return self.named(envelope, found[0]) if found else {}


def _boxes(boxes: Sequence[Address]) -> str:
    """`"Smith, Ann" <ann@example.com>, bob@example.com`, names as Unicode."""
    return ", ".join(_box(box) for box in boxes)


def _box(box: Address) -> str:
    if not box.name:
        return box.address
    name = box.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{box.address}>'


def _attachment(part: Attachment) -> dict[str, str]:
    found = {
        "Name": part.name,
        "ContentType": part.type,
        "Content": base64.b64encode(part.content).decode(),
    }
    return found | ({"ContentID": f"cid:{part.cid}"} if part.cid else {})


def make(url: ProviderUrl) -> Postmark:
    """`postmark://TOKEN@api.postmarkapp.com?stream=outbound`. Raises ConfigError."""
    return Postmark(endpoint(url, "stream"))
