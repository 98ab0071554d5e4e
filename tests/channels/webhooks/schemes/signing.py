"""Deliveries as their senders sign them, and what becomes of them."""

import base64

from holdfast.channels.webhooks.schemes import (
    SCHEMES,
    Delivery,
    Rejected,
    Secret,
    sign,
    verify,
)

NOW = 1_767_230_000
FORM = ("Content-Type", "application/x-www-form-urlencoded")
SIGNABLE = [
    "stripe", "github", "gitlab", "shopify", "slack", "twilio", "standardwebhooks", "svix",
    "paddle", "postmark", "brevo", "basic", "generic",
]  # fmt: skip


def check(scheme, headers, body, *secrets, now=NOW, url="", keys=None):
    """Verify a delivery; the id of the secret that fits, or the reason why none does."""
    delivery = Delivery("POST", url, headers, body)
    active = [Secret(str(n), value) for n, value in enumerate(secrets)]
    verdict = verify(SCHEMES[scheme], delivery, active, now=now, keys=keys)
    if isinstance(verdict, Rejected):
        assert verdict.detail and not any(s in verdict.detail for s in secrets if s.strip())
        return verdict.reason
    return verdict.secret_id


def signed(scheme, body=b'{"type": "a"}', secret=None, *, url="https://us.example/in?a=1"):
    """Headers as we would make them, the secret, and the address."""
    secret = secret or ("whsec_" + base64.b64encode(b"k" * 24).decode())
    if scheme in {"basic", "postmark", "brevo", "gitlab"}:  # sent as it is
        secret = "user:pass word"
    extra = [FORM] if scheme == "twilio" else []
    made = sign(
        SCHEMES[scheme], body, secret, timestamp=NOW, event_id="msg_1", url=url, headers=extra
    )
    return [*extra, *made], secret, url
