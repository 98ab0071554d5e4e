"""SendGrid: POST /v3/mail/send.

twilio.com/docs/sendgrid/api-reference/mail-send/mail-send, and its errors:
support.sendgrid.com/hc/en-us/articles/18322114821403-4XX-API-Errors-and-Troubleshooting-Suggestions.
No idempotency key is documented, so a request without an answer leaves the outcome unknown. 202 and
an empty body say "taken"; the id is in X-Message-Id. Our Message-ID stays.
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

_ACCEPTED: Final = 202
# These are fields of the form or SendGrid's own; it refuses the message if they stand in headers.
_RESERVED: Final = {"x-sg-id", "x-sg-eid", "dkim-signature", "received"}


class SendGrid(HttpProvider):
    """The provider SendGrid."""

    title = "SendGrid"
    most_recipients = 1000
    names_somebody = True
    table = verdicts.compiled(
        (
            (
                r"40[13] \S* ?.*(?:maximum credits exceeded|exceeded your messaging limits)",
                verdicts.quota,
            ),
            (r"403 .*(?:from address|sender identity)", verdicts.unverified),
            (r"40[13] ", verdicts.credentials),
            (r"451 ", verdicts.account),  # data residency
        )
    )

    def build(self, envelope: Envelope) -> Request:
        """One email as JSON, in one personalization."""
        content = read(envelope)
        to, cc, bcc = addressed(content)
        copies = {"to": to, "cc": cc, "bcc": bcc}
        texts = (("text/plain", content.text), ("text/html", content.html))
        kept = [{"type": kind, "value": text} for kind, text in texts if text]
        further = [(n, v) for n, v in content.headers if n.lower() not in _RESERVED]
        form: dict[str, Any] = {
            "personalizations": [
                {field: [_quoted(box) for box in boxes] for field, boxes in copies.items() if boxes}
            ],
            "from": _box(content.sender),
            "reply_to_list": [_box(box) for box in content.reply_to],
            "subject": content.subject,
            "content": kept or [{"type": "text/plain", "value": " "}],  # it wants a character
            "attachments": [_attachment(part) for part in content.attachments],
            "headers": {"Message-ID": envelope.message_id, **dict(further)},
        }
        headers = {
            "Authorization": f"Bearer {self.endpoint.key}",
            "Content-Type": "application/json",
        }
        left = {name: value for name, value in form.items() if value not in ([], "")}
        return Request(f"{self.endpoint.url}/v3/mail/send", headers, as_json(left))

    def receipt(self, answer: Answer) -> str | None:
        """202 and the header X-Message-Id, which may be missing."""
        return answer.headers.get("x-message-id", "") if answer.status == _ACCEPTED else None

    def words(self, answer: Answer) -> Words:
        """`{"errors": [{"message": …, "field": …}]}`."""
        said = "; ".join(
            " ".join(filter(None, (text_at(error, "field"), text_at(error, "message"))))
            for error in _errors(answer)
        )
        return "", said or None

    def named(self, envelope: Envelope, words: str) -> Mapping[str, str]:
        """By the address, or by the place in the form: `personalizations.0.to.1.email`."""
        content = read(envelope)
        copies = dict(zip(("to", "cc", "bcc"), addressed(content), strict=True))
        found = dict(super().named(envelope, words))
        mine = {address.lower(): address for address in envelope.recipients}
        for said in words.split("; "):
            place = re.match(r"personalizations\.0\.(to|cc|bcc)\.([0-9]{1,4})\.email", said)
            if place and int(place[2]) < len(copies[place[1]]):
                found[mine[copies[place[1]][int(place[2])].address.lower()]] = said
        return found


def _errors(answer: Answer) -> Sequence[Any]:
    found = document(answer)
    errors = found.get("errors") if isinstance(found, Mapping) else None
    return errors if isinstance(errors, list) else []


def _box(box: Address) -> dict[str, str]:
    return {"email": box.address} | ({"name": box.name} if box.name else {})


def _quoted(box: Address) -> dict[str, str]:
    """Beside others a name with a comma has to come in quotes (sendgrid-python issue 291)."""
    if not re.search("[,;]", box.name):
        return _box(box)
    name = box.name.replace("\\", "\\\\").replace('"', '\\"')
    return {"email": box.address, "name": f'"{name}"'}


def _attachment(part: Attachment) -> dict[str, str]:
    found = {
        "filename": part.name,
        "type": part.type,
        "content": base64.b64encode(part.content).decode(),
    }
    inline = {"disposition": "inline", "content_id": part.cid} if part.cid else {}
    return found | inline


def make(url: ProviderUrl) -> SendGrid:
    """`sendgrid://KEY@api.sendgrid.com`. Raises ConfigError."""
    return SendGrid(endpoint(url))
