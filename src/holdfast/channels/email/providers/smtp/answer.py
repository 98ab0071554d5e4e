"""What the other side said, as a reason to stop, with the addresses in it masked."""

import re
import ssl

from holdfast.channels.email.address import mask
from holdfast.channels.email.providers.provider import Outcome
from holdfast.channels.email.providers.smtp.reply import Reply
from holdfast.channels.email.providers.smtp.words import of_the_account
from holdfast.policy.answers import CREDENTIALS_AFTER, from_smtp
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze, Verdict

# RFC 5321 (4.5.3.1.10) wants 452 for it, and that 552 from older servers is read as that.
_CROWDED = re.compile(r"\d+ [45]\.5\.3\b|[45]52 .*too many recipients", re.IGNORECASE | re.DOTALL)

# To MAIL on a session that has carried messages; OpenSMTPD says "452 4.5.3 Too many recipients: Too
# many messages sent" to the hundred and first and keeps the connection, Exim says 421.
_OF_SESSION = re.compile(
    r"421 |503 |[45]\d\d (?:4\.5\.3\b"
    r"|.*\b(?:too many (?:messages|e?-?mails|transactions)|per (?:connection|session))\b)",
    re.IGNORECASE | re.DOTALL,
)

_UNKNOWN_ISSUER = {18, 19, 20, 21}  # OpenSSL's: signed by itself, or by whom we do not know
_OWN_CA = "; if it is signed by an authority of your own: ?ca=/path/to/certificates.pem in its URL"


class Stopped(Exception):
    """The attempt ends here, with the same outcome for everyone who has none yet."""

    def __init__(self, verdict: Verdict, code: int | None = None, answer: str = "") -> None:
        super().__init__(answer)
        self.verdict = verdict
        self.code = code
        self.answer = answer or getattr(verdict, "because", "")


def said(code: int, text: str) -> Stopped:
    """What a reply means for those it is about."""
    answer = _clean(text)
    verdict = from_smtp(code, answer)
    if not isinstance(verdict, Delivered):
        verdict = of_the_account(code, answer) or verdict
    return Stopped(verdict, code, answer)


def is_crowded(outcome: Outcome) -> bool:
    """Refused because there are too many in this message: another one may be for this address."""
    return outcome.personal and bool(_CROWDED.match(f"{outcome.code} {outcome.answer}"))


def is_of_session(reply: Reply) -> bool:
    """Whether what is said to MAIL may be over with a fresh session: it is out of step or full."""
    return bool(_OF_SESSION.match(f"{reply.code} {reply.text}"))


def refused_us(step: str, reply: Reply) -> Stopped:
    """What a reply means that is about us: it costs no message an attempt."""
    stopped = said(reply.code, reply.text)
    if isinstance(stopped.verdict, Dead | Retry):
        stopped.verdict = Snooze(f"at {step}: {stopped.verdict.because}", outage=True)
    return stopped


def broken(step: str, error: Exception, *, begun: bool) -> Stopped:
    """What it means when the connection failed and nobody had taken the message.

    Once the server has answered to this message (`begun`) it may be the message that it fails at:
    that costs an attempt.
    """
    tls = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(tls, ssl.SSLError):
        hint = _OWN_CA if getattr(tls, "verify_code", None) in _UNKNOWN_ISSUER else ""
        return Stopped(Snooze(f"TLS failed: {told(tls)}{hint}", CREDENTIALS_AFTER, outage=True))
    return failed(f"{step} failed: {told(error)}", begun=begun)


def failed(because: str, *, begun: bool) -> Stopped:
    """The same for silence."""
    if begun:
        return Stopped(Retry(because, outage=True))
    return Stopped(Snooze(because, outage=True))


def told(error: BaseException) -> str:
    """What an exception says, fit to be stored."""
    return _clean(str(error).strip()) or type(error).__name__


def _clean(text: str) -> str:
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return mask(text) if "@" in text else text
