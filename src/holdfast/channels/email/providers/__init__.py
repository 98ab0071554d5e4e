"""The ways out: a server that speaks SMTP, or the local inbox."""

from holdfast.channels.email.providers.capture import Capture
from holdfast.channels.email.providers.provider import Envelope, Outcome, Provider
from holdfast.channels.email.settings import EmailSettings, smtp_server

__all__ = ["Envelope", "Outcome", "Provider", "provider"]


def provider(settings: EmailSettings) -> Provider:
    """The way out that the settings name.

    Raises:
        ConfigError: HOLDFAST_SMTP_URL can not be understood.
    """
    if settings.smtp_url is None:
        return Capture()
    from holdfast.channels.email.providers.smtp import Smtp

    return Smtp(smtp_server(settings.smtp_url))
