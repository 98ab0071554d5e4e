"""The schemes, a row each. What a row says is what the provider's page says."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from holdfast.channels.webhooks.schemes.scheme import Scheme

_STRIPE = Scheme(
    title="Stripe",
    page="docs.stripe.com/webhooks/signature",
    header="Stripe-Signature",
    separator=",",
    label="v1=",
    timestamp="element:t",
    signed="{timestamp}.{body}",
    event_id=("json:/id",),
    event_type=("json:/type",),
    object_id=("json:/data/object/id", "json:/related_object/id"),  # snapshot; thin
    account=("json:/account", "json:/context"),
    livemode=("json:/livemode",),
    created=("json:/created",),
    api_version=("json:/api_version",),
)

_GITHUB = Scheme(
    title="GitHub",
    page="docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    header="X-Hub-Signature-256",
    label="sha256=",
    event_id=("header:X-GitHub-Delivery",),
    event_type=("header:X-GitHub-Event",),
    object_id=(
        "json:/pull_request/node_id", "json:/issue/node_id", "json:/check_run/node_id",
        "json:/workflow_run/node_id", "json:/release/node_id", "json:/repository/node_id",
    ),
    account=("json:/installation/id",),
)  # fmt: skip

_SHOPIFY_WEBHOOK = Scheme(
    title="Shopify",
    page="shopify.dev/docs/apps/build/webhooks/subscribe/https",
    header="X-Shopify-Hmac-Sha256",
    encoding="base64",
    event_id=("header:X-Shopify-Webhook-Id", "header:Shopify-Webhook-Id"),
    event_type=("header:X-Shopify-Topic", "json:/topic,/action"),  # webhooks; Events
    object_id=("json:/admin_graphql_api_id", "json:/id"),
    account=("header:X-Shopify-Shop-Domain", "header:Shopify-Shop-Domain"),
    created=("header:X-Shopify-Triggered-At", "header:Shopify-Triggered-At"),
    api_version=("header:X-Shopify-API-Version", "header:Shopify-API-Version"),
)

# Events, which come beside the webhooks: shopify.dev/docs/apps/build/events/verify-deliveries
_SHOPIFY = replace(
    _SHOPIFY_WEBHOOK, instead=replace(_SHOPIFY_WEBHOOK, header="Shopify-Hmac-Sha256")
)

_SLACK = Scheme(
    title="Slack",
    page="docs.slack.dev/authentication/verifying-requests-from-slack",
    header="X-Slack-Signature",
    label="v0=",
    timestamp="header:X-Slack-Request-Timestamp",
    signed="v0:{timestamp}:{body}",
    event_id=("json:/event_id",),
    event_type=("json:/event/type", "json:/type", "form:command"),
    object_id=("json:/event/channel", "json:/channel/id", "form:channel_id"),
    account=("json:/team_id", "json:/team/id", "form:team_id"),
    created=("json:/event_time",),
    handshake="slack",
)

_TWILIO_TOKEN = Scheme(
    title="Twilio",
    page="twilio.com/docs/usage/security#validating-requests",
    header="X-Twilio-Signature",
    algorithm="hmac-sha1",
    encoding="base64",
    signed="{url}{form}",
    # One message or call asks many things by many requests; else a request is known by its bytes.
    event_id=("header:I-Twilio-Idempotency-Token",),
    event_type=("form:EventType", "form:MessageStatus", "form:CallStatus", "form:SmsStatus"),
    object_id=("form:MessageSid", "form:CallSid", "form:SmsSid"),
    account=("form:AccountSid",),
    api_version=("form:ApiVersion",),
    weakness="neither time nor id are signed: who has seen a request can send it again",
)

# By a SharedKey of one's own: twilio.com/docs/usage/webhooks/webhook-shared-keys
_TWILIO = replace(_TWILIO_TOKEN, instead=replace(_TWILIO_TOKEN, algorithm="hmac-sha256"))

_STANDARD = Scheme(
    title="Standard Webhooks",
    page="standardwebhooks.com",
    header="webhook-signature",
    encoding="base64",
    separator=" ",
    label="v1,",
    timestamp="header:webhook-timestamp",
    id="header:webhook-id",
    signed="{id}.{timestamp}.{body}",
    key="base64",
    asymmetric=("v1a,", "ed25519"),
    event_id=("header:webhook-id",),
    event_type=("json:/type",),
    object_id=("json:/data/id",),
    created=("json:/timestamp",),
)

_GITLAB = Scheme(
    title="GitLab",
    page="docs.gitlab.com/user/project/integrations/webhooks",
    header="X-Gitlab-Token",
    algorithm="equals",
    instead=replace(_STANDARD, title="GitLab", asymmetric=None),  # where it has a signing token
    event_id=("header:Idempotency-Key", "header:webhook-id", "header:X-Gitlab-Event-UUID"),
    event_type=("header:X-Gitlab-Event",),
    object_id=("json:/object_attributes/id", "json:/project/id"),
    weakness="a secret token is sent itself and signs nothing; use a signing token",
)

_SVIX = replace(
    _STANDARD,
    title="Svix",
    page="docs.svix.com/receiving/verifying-payloads/how-manual",
    header="svix-signature",
    timestamp="header:svix-timestamp",
    id="header:svix-id",
    event_id=("header:svix-id",),
    event_type=("json:/type", "json:/event_type", "json:/eventType"),
)

_PADDLE = Scheme(
    title="Paddle",
    page="developer.paddle.com/webhooks/signature-verification",
    header="Paddle-Signature",
    separator=";",
    label="h1=",
    timestamp="element:ts",
    signed="{timestamp}:{body}",
    event_id=("json:/event_id",),
    event_type=("json:/event_type",),
    object_id=("json:/data/id",),
    created=("json:/occurred_at",),
)

_SENDGRID = Scheme(
    title="SendGrid",
    page="docs.sendgrid.com/for-developers/tracking-events"
    "/getting-started-event-webhook-security-features",
    header="X-Twilio-Email-Event-Webhook-Signature",
    algorithm="ecdsa-sha256",
    encoding="base64",
    timestamp="header:X-Twilio-Email-Event-Webhook-Timestamp",
    signed="{timestamp}{body}",
    event_type=("json:/0/event",),  # a batch of events has no id: it is known by its bytes
    each_type="json:/event",
    object_id=("json:/0/sg_message_id",),
    created=("json:/0/timestamp",),
)

_MAILGUN_FORM = Scheme(
    title="Mailgun",
    page="documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
    signature="form:signature",
    timestamp="form:timestamp",
    token="form:token",  # noqa: S106  where it is
    signed="{timestamp}{token}",
    event_id=("json:/event-data/id", "json:/signature/token", "form:token"),
    event_type=("json:/event-data/event", "form:event"),
    object_id=("json:/event-data/message/headers/message-id", "form:Message-Id"),
    created=("json:/event-data/timestamp", "form:timestamp"),
    weakness="only the time and a token are signed, not the event; use HTTPS",
)

# Of a subaccount's event: by the key of the account that it belongs to.
_MAILGUN_PARENT = replace(
    _MAILGUN_FORM,
    signature="json:/signature/parent-signature",
    timestamp="json:/signature/timestamp",
    token="json:/signature/token",  # noqa: S106  where it is
    instead=_MAILGUN_FORM,  # of routes
)

_MAILGUN = replace(_MAILGUN_PARENT, signature="json:/signature/signature", instead=_MAILGUN_PARENT)

_POSTMARK = Scheme(
    title="Postmark",
    page="postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook",
    header="Authorization",
    algorithm="basic",
    event_id=(
        "json:/RecordType,/MessageID,/ID", "json:/RecordType,/MessageID,/ReceivedAt",
        "json:/RecordType,/MessageID,/DeliveredAt", "json:/RecordType,/MessageID,/ChangedAt",
    ),
    event_type=("json:/RecordType",),
    object_id=("json:/MessageID",),
    account=("json:/ServerID",),
    created=("json:/BouncedAt", "json:/DeliveredAt", "json:/ReceivedAt", "json:/ChangedAt"),
    weakness="a user and a password are sent; the body is not signed",
)  # fmt: skip

# Its `id` is that of the webhook, the same in all events: an event is known by its bytes.
_BREVO_TOKEN = Scheme(
    title="Brevo",
    page="developers.brevo.com/docs/secured-webhooks",
    header="Authorization",
    algorithm="equals",
    event_type=("json:/event", "json:/0/event"),
    each_type="json:/event",
    object_id=("json:/message-id", "json:/0/message-id"),
    created=("json:/ts_event", "json:/0/ts_event"),
    weakness="a user and a password, or a token, are sent; the body is not signed",
)

_BREVO = replace(_BREVO_TOKEN, algorithm="basic", instead=_BREVO_TOKEN)

_SNS = Scheme(
    title="Amazon SNS",
    page="docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
    signature="json:/Signature",
    algorithm="sns",
    encoding="base64",
    timestamp="json:/Timestamp",
    signed="(the fields that AWS names, in their order)",
    event_id=("json:/MessageId",),
    event_type=("json:/Type",),
    account=("json:/TopicArn",),
    created=("json:/Timestamp",),
    handshake="sns",
)

_BASIC = Scheme(
    title="HTTP Basic",
    page="RFC 7617",
    header="Authorization",
    algorithm="basic",
    event_id=("header:webhook-id", "header:X-Request-Id", "json:/id"),
    event_type=("json:/type", "json:/event"),
    object_id=("json:/data/id",),
    weakness="a user and a password are sent; the body is not signed",
)

GENERIC: Final = Scheme(
    title="Generic HMAC",
    page="docs/how-to/webhook-sources.md",
    header="X-Signature",
    event_id=("header:X-Request-Id", "json:/id"),
    event_type=("json:/type", "json:/event"),
    object_id=("json:/data/id",),
)

SCHEMES: Final[Mapping[str, Scheme]] = MappingProxyType(
    {
        "stripe": _STRIPE, "github": _GITHUB, "gitlab": _GITLAB, "shopify": _SHOPIFY,
        "slack": _SLACK, "twilio": _TWILIO, "standardwebhooks": _STANDARD, "svix": _SVIX,
        "paddle": _PADDLE, "sendgrid": _SENDGRID, "mailgun": _MAILGUN, "postmark": _POSTMARK,
        "brevo": _BREVO, "sns": _SNS, "basic": _BASIC, "generic": GENERIC,
    }
)  # fmt: skip
