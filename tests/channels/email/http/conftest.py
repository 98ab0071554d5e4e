"""The other side: one server that speaks all six APIs, as strictly as they do.

It checks the key, the path and the form, keeps what it takes, knows idempotency keys as Resend and
Brevo do, and at each request does what the script says instead, if there is one.
"""

import asyncio
import base64
import email
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from email.policy import default
from urllib.parse import quote

import pytest
from aiohttp import web
from pydantic import SecretStr
from tests.serving import other_side

from holdfast.channels.email.providers.http import make
from holdfast.channels.email.providers.provider import Envelope
from holdfast.channels.email.providers.url import provider_url

KEY, SECRET = "key-one-for-tests", "wJalr/XUtn+FEMI"
ANN, BOB, EVE = "ann@example.com", "bob@example.org", "eve@example.net"
NAMES = ("resend", "postmark", "sendgrid", "ses", "mailgun", "brevo")
OPTIONS = {
    "postmark": "&stream=outbound",
    "ses": "&region=eu-west-1&configuration_set=shop",
    "mailgun": "&domain=mg.example.com",
}
RAW = (
    b'From: "Shop, the" <shop@example.com>\r\nTo: Ann <ann@example.com>\r\n'
    b"Cc: bob@example.org\r\nReply-To: help@example.com\r\nSubject: =?utf-8?b?SMOkbGxv?=\r\n"
    b"Date: Wed, 25 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\nX-Order: 7\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nIt is packed.\r\n"
)


@dataclass
class Apis:
    """The six APIs. `script` is used up from its start: what happens instead of the usual answer.

    `requests` holds each request as (headers, body), `taken` the forms that were taken, in order;
    `known` what was answered under an idempotency key.
    """

    script: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    taken: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    port: int = 0

    async def handle(self, request):
        planned = self.script.pop(0) if self.script else None
        if planned == "drop before reading":
            request.transport.abort()
            return web.Response()
        body = await request.read()
        self.requests.append((dict(request.headers), body))
        if planned == "drop":
            request.transport.abort()
        elif planned == "taken, then drop":
            getattr(self, _name(request.path))(request, body)
            request.transport.abort()
        elif planned == "hang":
            await asyncio.Event().wait()
        elif planned == "garbage":
            request.transport.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            request.transport.close()
        elif planned == "broken off":
            request.transport.write(b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"id": ')
            request.transport.close()
        elif planned is not None:
            status, found, *headers = planned
            text = found if isinstance(found, str | bytes) else json.dumps(found)
            return web.Response(status=status, body=text, headers=headers[0] if headers else {})
        else:
            return getattr(self, _name(request.path))(request, body)
        return web.Response()

    def _take(self, form, status, answer, headers=None, key=None, payload=b""):
        if key is not None:
            if key in self.known and self.known[key][0] != payload:
                return _json(409, {"statusCode": 409, "name": "invalid_idempotent_request",
                                   "message": "The key was used otherwise"})  # fmt: skip
            if key in self.known:
                return _json(*self.known[key][1])
            self.known[key] = (payload, (status, answer))
        self.taken.append(form)
        return _json(status, answer, headers)

    def resend(self, request, body):
        if request.headers["Authorization"] != f"Bearer {KEY}" or not request.headers["User-Agent"]:
            return _json(403, {"statusCode": 403, "name": "invalid_api_key", "message": "API key is"
                               " invalid"})  # fmt: skip
        form = json.loads(body)
        known = {"from", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "attachments",
                 "headers"}  # fmt: skip
        if set(form) - known or not form["to"] or '"' in form["from"]:
            return _json(422, {"statusCode": 422, "name": "validation_error", "message": "wrong"})
        key = request.headers["Idempotency-Key"]
        assert 1 <= len(key) <= 256
        return self._take(form, 200, {"id": str(uuid.uuid4())}, key=key, payload=body)

    def postmark(self, request, body):
        if request.headers["X-Postmark-Server-Token"] != KEY:
            return _json(401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were"
                               " supplied"})  # fmt: skip
        form = json.loads(body)
        if "TextBody" not in form and "HtmlBody" not in form:
            return _json(422, {"ErrorCode": 300, "Message": "Provide either email TextBody or"
                               " HtmlBody or both."})  # fmt: skip
        return self._take(form, 200, {"To": form["To"], "MessageID": str(uuid.uuid4()),
                                      "ErrorCode": 0, "Message": "OK"})  # fmt: skip

    def sendgrid(self, request, body):
        if request.headers["Authorization"] != f"Bearer {KEY}":
            return _json(401, {"errors": [{"message": "The provided authorization grant is invalid,"
                               " expired, or revoked", "field": None}]})  # fmt: skip
        form = json.loads(body)
        if not all(part["value"] for part in form["content"]):
            return _json(400, {"errors": [{"message": "The content value must be a string at least"
                               " one character in length.", "field": "content"}]})  # fmt: skip
        self.taken.append(form)
        return web.Response(status=202, headers={"X-Message-Id": "14c5d75ce93"})

    def ses(self, request, body):
        if not _signed_by_us(request, body):
            return _json(403, {"message": "The request signature we calculated does not match"},
                         {"x-amzn-ErrorType": "SignatureDoesNotMatch"})  # fmt: skip
        form = json.loads(body)
        assert form["ConfigurationSetName"] == "shop"
        return self._take(form, 200, {"MessageId": "0102018f-000000"})

    def mailgun(self, request, body):
        pair = base64.b64encode(f"api:{KEY}".encode()).decode()
        if request.headers["Authorization"] != f"Basic {pair}":
            return web.Response(status=401, text="Forbidden")
        if request.path != "/v3/mg.example.com/messages.mime":
            return _json(404, {"message": "Domain not found: mg.example.com"})
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=default)
        return self._take(list(form.iter_parts()), 200, {"id": "<1@example.com>", "message":
                          "Queued. Thank you."})  # fmt: skip

    def brevo(self, request, body):
        if request.headers["api-key"] != KEY:
            return _json(401, {"code": "unauthorized", "message": "Key not found"})
        form = json.loads(body)
        key = form["headers"]["idempotencyKey"]
        assert str(uuid.UUID(key)) == key
        answer = {"messageId": "<202611251000.123@smtp-relay.mailin.fr>"}
        return self._take(form, 201, answer, key=key, payload=body)


def _name(path):
    return {
        "/emails": "resend",
        "/email": "postmark",
        "/v3/mail/send": "sendgrid",
        "/v2/email/outbound-emails": "ses",
        "/v3/smtp/email": "brevo",
    }.get(path, "mailgun")


def _json(status, found, headers=None):
    return web.json_response(found, status=status, headers=headers)


def _signed_by_us(request, body):
    """Amazon's side of it, written from the description of the algorithm."""
    said = request.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256")
    words = dict(part.strip().split("=", 1) for part in said.split(","))
    names = words["SignedHeaders"].split(";")
    assert {"host", "x-amz-date", "content-type"} <= set(names)
    name, day, region, service, end = words["Credential"].split("/")
    lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    hashed = hashlib.sha256(body).hexdigest()
    creq = f"POST\n{request.path}\n\n{lines}\n{words['SignedHeaders']}\n{hashed}"
    digest = hashlib.sha256(creq.encode()).hexdigest()
    scope = f"{day}/{region}/{service}/{end}"
    text = f"AWS4-HMAC-SHA256\n{request.headers['X-Amz-Date']}\n{scope}\n{digest}"
    key = f"AWS4{SECRET}".encode()
    for word in (day, region, service, end):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return (name, region, service) == (KEY, "eu-west-1", "ses") and (
        hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == words["Signature"]
    )


@pytest.fixture
async def apis():
    """A running server; its connections end with the test."""
    found = Apis()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/{path:.*}", found.handle)
    async with other_side(app, shutdown_timeout=0.05) as address:
        found.port = int(address.rpartition(":")[2])
        yield found


@pytest.fixture
async def provider():
    """Makes the provider of a name at a port, closed at the end."""
    made = []

    def making(name, port, options="", key=KEY, host="127.0.0.1"):
        secret = f":{quote(SECRET, safe='')}" if name == "ses" else ""
        more = OPTIONS.get(name, "") + options
        text = f"{name}://{key}{secret}@{host}:{port}?plain=yes{more}"
        url = provider_url(name, SecretStr(text), "HOLDFAST_EMAIL_PROVIDER_X", "…")
        made.append(make(url))
        return made[-1]

    yield making
    for one in made:
        await one.close()


@pytest.fixture
def envelope():
    """Makes an envelope; by default for Ann, Bob in copy, and Eve hidden."""

    def making(*recipients, raw=RAW, number=7):
        return Envelope(
            uuid.UUID(int=number), "<1@example.com>", "shop@example.com",
            recipients or (ANN, BOB, EVE), raw,
        )  # fmt: skip

    return making
