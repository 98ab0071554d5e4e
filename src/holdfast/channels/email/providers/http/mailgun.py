"""Mailgun: POST /v3/DOMAIN/messages.mime, the bytes as they are.

documentation.mailgun.com/docs/mailgun/api-reference. No idempotency key is documented, so a request
without an answer leaves the outcome unknown. Our Message-ID stays, and is the id that it answers.
Whoever asks the wrong address of this API is answered 200 and "Mailgun Magnificent API": only an id
means "taken".
"""

import base64
import re
from typing import Final

from holdfast.channels.email.providers.encoded import in_short_lines
from holdfast.channels.email.providers.http import verdicts
from holdfast.channels.email.providers.http.attempt import (
    HttpProvider,
    Words,
    document,
    key_of,
    text_at,
)  # fmt: skip
from holdfast.channels.email.providers.http.call import Answer, Request
from holdfast.channels.email.providers.http.endpoint import endpoint
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import ProviderUrl

_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?", re.IGNORECASE)


class Mailgun(HttpProvider):
    """The provider Mailgun, for one of its domains."""

    title = "Mailgun"
    most_recipients = 1000
    table = verdicts.compiled(
        (
            (r"40[03] .*authorized recipients", verdicts.refused),  # a sandbox, and a stranger
            # 420 "… is not allowed to send: recipient limit exceeded, try again after Mon, 25 …"
            (r"4(?:0[03]|20) .*(?:limit|quota).*exceeded", verdicts.quota),
            (
                r"40[03] .*(?:unverified|not allowed to send|disabled|activate|suspended)",
                verdicts.account,
            ),
            (r"40[13] ", verdicts.credentials),
            (r"404 ", verdicts.account),  # the domain is unknown, or is in the other region
        )
    )

    def build(self, envelope: Envelope) -> Request:
        """A form of two fields: who gets it, and the message."""
        raw = in_short_lines(envelope.raw)
        mark = f"holdfast-{key_of(envelope)}"
        while mark.encode() in raw:
            mark += "-"
        fields = [
            f'--{mark}\r\nContent-Disposition: form-data; name="to"\r\n\r\n{address}\r\n'
            for address in envelope.recipients
        ]
        fields.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="message"; filename="message.mime"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        body = "".join(fields).encode() + raw + f"\r\n--{mark}--\r\n".encode()
        pair = base64.b64encode(f"api:{self.endpoint.key}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": f"multipart/form-data; boundary={mark}",
        }
        domain = self.endpoint.options["domain"]
        return Request(f"{self.endpoint.url}/v3/{domain}/messages.mime", headers, body)

    def receipt(self, answer: Answer) -> str | None:
        """`{"id": "<…>", "message": "Queued. Thank you."}`."""
        return text_at(document(answer), "id") or None

    def words(self, answer: Answer) -> Words:
        """`{"message": …}`; a wrong key gets the one word Forbidden."""
        return "", text_at(document(answer), "message") or None


def make(url: ProviderUrl) -> Mailgun:
    """`mailgun://KEY@api.mailgun.net?domain=mg.example.com`. Raises ConfigError."""
    if not _DOMAIN.fullmatch(url.options.get("domain", "")):
        raise url.unusable("mailgun needs the domain that it sends for: ?domain=mg.example.com")
    return Mailgun(endpoint(url, "domain"))
