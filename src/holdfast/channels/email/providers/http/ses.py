"""Amazon SES v2: POST /v2/email/outbound-emails with the bytes as they are.

docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html. SendEmail knows no client token,
so a request without an answer leaves the outcome unknown. Limits count recipients and say no time;
docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html asks for up to ten minutes.
Amazon sets a Message-ID of its own, made of the id that it answers.
"""

import base64
import re
from dataclasses import replace
from typing import Any, Final

from holdfast.channels.email.providers.encoded import in_short_lines
from holdfast.channels.email.providers.http import verdicts
from holdfast.channels.email.providers.http.attempt import (
    HttpProvider,
    Words,
    as_json,
    document,
    text_at,
)  # fmt: skip
from holdfast.channels.email.providers.http.call import Answer, Request
from holdfast.channels.email.providers.http.endpoint import endpoint
from holdfast.channels.email.providers.http.sigv4 import Credentials, signed
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import ProviderUrl

_PATH: Final = "/v2/email/outbound-emails"
_HOST: Final = re.compile(
    r"email(?:-fips)?\.([a-z0-9-]{4,40})\.(?:amazonaws\.com(?:\.cn)?|api\.aws)"
)
_REGION: Final = re.compile(r"[a-z0-9-]{4,40}")
_REFUSED_KEYS: Final = (
    r"\d+ (?:UnrecognizedClient|InvalidSignature|IncompleteSignature|SignatureDoesNotMatch"
    r"|MissingAuthenticationToken|InvalidClientTokenId|ExpiredToken|RequestExpired|AccessDenied"
    r"|NotAuthorized|OptInRequired)(?:Exception)? "
)


class Ses(HttpProvider):
    """The provider Amazon SES in one region."""

    title = "Amazon SES"
    most_recipients = 50
    table = verdicts.compiled(
        (
            (_REFUSED_KEYS, verdicts.credentials),
            (r"\d+ (?:AccountSuspended|SendingPaused)(?:Exception)? ", verdicts.account),
            (r"\d+ (?:TooManyRequests|Throttling|LimitExceeded)\w* .*daily", verdicts.quota),
            (r"\d+ (?:TooManyRequests|Throttling|LimitExceeded)\w* ", verdicts.throttled),
            (r"\d+ (?:NotFound|ConfigurationSet\w*)(?:Exception)? ", verdicts.account),
            (r"\d+ MailFromDomainNotVerified(?:Exception)? ", verdicts.unverified),
            (r"\d+ MessageRejected .*not verified", verdicts.unverified),
            (r"\d+ MessageRejected .*sending (?:\w+ )?(?:paused|suspended)", verdicts.account),
            (r"\d+ (?:InternalFailure|InternalServiceError|ServiceUnavailable)\w* ", verdicts.down),
            (r"\d+ (?:MessageRejected|BadRequest\w*|Validation\w*) ", verdicts.refused),
        )
    )

    def cost(self, recipients: int) -> int:
        """Amazon counts recipients."""
        return recipients

    def build(self, envelope: Envelope) -> Request:
        """The message as it is, its envelope beside it, and a signature of this moment."""
        form: dict[str, Any] = {
            "Content": {"Raw": {"Data": base64.b64encode(in_short_lines(envelope.raw)).decode()}},
            "Destination": {"ToAddresses": list(envelope.recipients)},
        }
        if "configuration_set" in self.endpoint.options:
            form["ConfigurationSetName"] = self.endpoint.options["configuration_set"]
        request = Request(
            f"{self.endpoint.url}{_PATH}", {"Content-Type": "application/json"}, as_json(form)
        )
        keys = Credentials(self.endpoint.key, self.endpoint.secret)
        return signed(request, keys, self.endpoint.options["region"], "ses", self.now())

    def receipt(self, answer: Answer) -> str | None:
        """`{"MessageId": …}`."""
        return text_at(document(answer), "MessageId") or None

    def words(self, answer: Answer) -> Words:
        """The type of the exception, from a header or from the body, and its message."""
        found = document(answer)
        kind = answer.headers.get("x-amzn-errortype") or text_at(found, "__type", "code")
        words = text_at(found, "message", "Message")
        # before the name there may be a namespace and a #, behind it a colon and an address
        name = kind.partition(":")[0].rpartition("#")[2]
        return name, words or (name or None)


def make(url: ProviderUrl) -> Ses:
    """`ses://KEYID:SECRET@email.eu-west-1.amazonaws.com?configuration_set=…`. Raises ConfigError.

    A slash or a plus sign in the secret is written %2F or %2B. The region is that of the host, or
    `?region=`.
    """
    host = _HOST.fullmatch(url.host)
    region = url.options.get("region") or (host[1] if host else "")
    if not _REGION.fullmatch(region):
        raise url.unusable("which region? ses://…@email.eu-west-1.amazonaws.com, or ?region=")
    found = endpoint(url, "region", "configuration_set")
    if not found.secret:
        raise url.unusable("ses needs the id of a key and its secret: ses://KEYID:SECRET@host")
    return Ses(replace(found, options={**found.options, "region": region}))
