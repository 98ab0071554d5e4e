"""What a provider asks once, to see that somebody is there; answered only after it was verified."""

import json

from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import Delivery, Greeting, Scheme
from holdfast.channels.webhooks.schemes.sns import is_amazons


def handshake(scheme: Scheme, delivery: Delivery) -> Greeting | None:
    """The answer, if this verified delivery is a handshake; None if it is an event."""
    reader = Reader(delivery)
    if scheme.handshake == "slack" and reader.at("json:/type") == "url_verification":
        challenge = reader.at("json:/challenge")
        body = json.dumps({"challenge": challenge if isinstance(challenge, str) else ""})
        return Greeting(200, body.encode(), {"Content-Type": "application/json"})
    if scheme.handshake == "sns" and reader.at("json:/Type") == "SubscriptionConfirmation":
        url = reader.at("json:/SubscribeURL")
        safe = isinstance(url, str) and is_amazons(url)
        return Greeting(200, confirm=str(url) if safe else "")
    return None
