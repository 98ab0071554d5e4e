"""Providers that take mail by HTTP: six APIs over one client.

`call.py` posts, and knows whether the whole request had left; `content.py` reads the frozen bytes
for the APIs that want JSON; `attempt.py` is one attempt, the same for all; `verdicts.py` says what
an answer means. Each API is a file: what its request looks like, what its own errors mean, how long
it knows an idempotency key.
"""

from collections.abc import Callable, Mapping
from typing import Final

from holdfast.channels.email.providers.provider import Provider
from holdfast.channels.email.providers.url import ProviderUrl

SCHEMES: Final = ("resend", "postmark", "sendgrid", "ses", "mailgun", "brevo")


def make(url: ProviderUrl) -> Provider:
    """The provider of one of these schemes.

    Raises:
        ConfigError: the URL lacks something, or has an option that this provider does not know.
    """
    from holdfast.channels.email.providers.http import (
        brevo,
        mailgun,
        postmark,
        resend,
        sendgrid,
        ses,
    )  # fmt: skip

    made: Mapping[str, Callable[[ProviderUrl], Provider]] = {
        "resend": resend.make, "postmark": postmark.make, "sendgrid": sendgrid.make,
        "ses": ses.make, "mailgun": mailgun.make, "brevo": brevo.make,
    }  # fmt: skip
    return made[url.scheme](url)


FACTORIES: Final[Mapping[str, Callable[[ProviderUrl], Provider]]] = dict.fromkeys(SCHEMES, make)
"""What makes a provider, by the scheme of its URL; nothing is imported before it is asked for."""
