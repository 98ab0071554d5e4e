"""Who can read what a provider posts, by the scheme of the provider's URL."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from holdfast.channels.email.feedback import brevo, mailgun, postmark, resend, sendgrid, ses
from holdfast.channels.email.feedback.feedback import Feedback

Reader = Callable[[bytes, Sequence[tuple[str, str]]], Sequence[Feedback]]
"""The reports in a body, given its headers; none for what is no report. Pure.

Raises ValueError for a body that is not what the provider sends; PartlyRead, which is one, if the
rest of a batch can be read.
"""

READERS: Final[Mapping[str, Reader]] = {
    "brevo": brevo.read,
    "mailgun": mailgun.read,
    "postmark": postmark.read,
    "resend": resend.read,
    "sendgrid": sendgrid.read,
    "ses": ses.read,
}
