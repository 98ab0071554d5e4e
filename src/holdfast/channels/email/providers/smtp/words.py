"""What providers say by SMTP of the account and not of the message, as a table read from the top.

By HTTP such answers have codes of their own; by SMTP they come as a 5xx to the message, which alone
would be a dead letter, or as a 4xx, which would use an attempt. Matched against "<code> <text>". A
mailbox that is disabled or full is the recipient's: its enhanced code is 5.1.x or 5.2.x, and no
line here may fit it.
"""

from collections.abc import Sequence
from typing import Final

from holdfast.channels.email.providers.http.verdicts import (
    Rule,
    account,
    compiled,
    quota,
    throttled,
    unverified,
)
from holdfast.policy.verdict import Retry, Snooze, Verdict

_STOPPED: Final = (
    r"(?:paused|suspended|disabled|deactivated|blocked|locked|on hold|under review"
    r"|not (?:yet )?(?:active|activated|approved|enabled))"
)
_NO_MAILBOX: Final = r"[45]\d\d (?![45]\.[12]\.)"
_FAST: Final = r"(?:throttl\w+|sending rate|rate limit\w*|slow down|too fast)"
_NOT_THEIRS: Final = r"(?!4\.[12]\.|4\.7\.28\b)"  # of a mailbox, or of its domain (paces.py)
_LONGEST: Final = 300
_NEXT_AFTER: Final = 5.0
_ERRORS: Final = r"(?:\w+ ){0,2}(?:errors|(?:bad|invalid|unknown) (?:addresses|recipients|users))"


def _unrelayed(answer: str, _after: float | None) -> Verdict:
    """It takes mail from those only whom it knows; said of a recipient, and meant for us."""
    return Retry(f"the server does not relay for us; log in, or have it allow us: {answer}")


def _enough(answer: str, _after: float | None) -> Verdict:
    """This connection has heard of too many dead mailboxes; the next one takes the others."""
    return Snooze(answer, _NEXT_AFTER)


_RULES: Final[Sequence[Rule]] = (
    # Postfix, after twenty refused recipients; others say it of invalid or unknown ones
    (rf"421 .*\btoo many {_ERRORS}", _enough),
    # Amazon SES says "554 Message rejected: Sending paused for this account."
    (rf"[45]\d\d .*\bsending (?:is |has been |was )?(?:temporarily )?{_STOPPED}", account),
    (rf"{_NO_MAILBOX}.*\byour (?:\w+ ){{0,3}}account\b.{{0,60}}\b{_STOPPED}", account),
    # Mailgun says "Domain mg.example.com is not allowed to send" and why
    (r"[45]\d\d .*\bdomain \S+ is not allowed to send\b", account),
    # Microsoft 365: the account sent spam and may not send
    (r"[45]\d\d 5\.1\.8 .*bad outbound sender", account),
    # SendGrid; Gmail says "550 5.4.5 Daily user sending limit exceeded"
    (r"[45]\d\d .*\bmaximum credits exceeded", quota),
    (rf"{_NO_MAILBOX}.*\b(?:daily|monthly) (?:\w+ ){{0,3}}(?:limit|quota) (?:is |was )?exceeded",
     quota),
    # Amazon SES says "454 Throttling failure: Maximum sending rate exceeded."
    (rf"4(?:21|5[0-4]) {_NOT_THEIRS}.*\b{_FAST}\b", throttled),
    # Amazon SES says "554 Message rejected: Email address is not verified."; SendGrid
    (r"5\d\d .*\bemail address is not verified", unverified),
    (r"5\d\d .*\bdoes not match a verified sender", unverified),
    # Postfix says "Relay access denied", Exim "relay not permitted", Exchange "Unable to relay"
    (r"5\d\d .*\brelay(?:ing)? (?:access )?(?:is )?(?:denied|prohibited|not (?:permitted|allowed))",
     _unrelayed),
    (r"5\d\d .*\b(?:unable|not (?:permitted|allowed)) to relay\b", _unrelayed),
    # SendGrid; Exchange
    (r"5\d\d .*\b(?:unauthenticated senders? not allowed|client was not authenticated)",
     _unrelayed),
)  # fmt: skip
_TABLE: Final = compiled(_RULES)


def of_the_account(code: int, text: str) -> Verdict | None:
    """The verdict, if a reply speaks of our account or our sender; None: it does not."""
    said = f"{code} {text[:_LONGEST]}"
    return next((judge(said, None) for form, judge in _TABLE if form.match(said)), None)
