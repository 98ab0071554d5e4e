"""Where mail goes out, and where it comes in."""

import re
from pathlib import Path
from typing import Final, Literal

from pydantic import SecretStr

from holdfast.settings import Settings

PATTERN: Final = re.compile(r"HOLDFAST_EMAIL_PROVIDER_([A-Z0-9_]+)")
"""The variables that name providers; see `roster.py`."""


class EmailSettings(Settings):
    """The settings of this channel.

    Attributes:
        smtp_url: the server that mail goes out by; without it mail is captured. HOLDFAST_SMTP_URL
        smtp_listen: where SMTP-in listens, host:port. HOLDFAST_SMTP_LISTEN
        smtps_listen: where it listens with TLS from the start, if at all. HOLDFAST_SMTPS_LISTEN
        smtp_cert: a PEM file with its certificate and chain, for TLS. HOLDFAST_SMTP_CERT
        smtp_key: a PEM file with the key, if it is not in that of HOLDFAST_SMTP_CERT.
            HOLDFAST_SMTP_KEY
        smtp_login: whether programs on this machine have to log in: required or optional; from
            elsewhere they always have to. HOLDFAST_SMTP_LOGIN
        smtp_proxies: addresses and CIDR ranges of balancers before SMTP-in, with commas between
            them; each connection from there has to begin with a PROXY header. HOLDFAST_SMTP_PROXIES
        email_from: the sender of emails that name none. HOLDFAST_EMAIL_FROM
        email_templates: the folder with the templates of emails. HOLDFAST_EMAIL_TEMPLATES
    """

    smtp_url: SecretStr | None = None
    smtp_listen: str = "127.0.0.1:1025"
    smtps_listen: str | None = None
    smtp_cert: Path | None = None
    smtp_key: Path | None = None
    smtp_login: Literal["required", "optional"] | None = None
    smtp_proxies: str = ""
    email_from: str | None = None
    email_templates: Path | None = None
