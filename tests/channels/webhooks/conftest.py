"""A real HTTP server on a free port, and events as a sender signs them."""

import asyncio
import base64
import contextlib
import functools
import hashlib
import hmac
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.serving import serving
from typer.main import get_command
from typer.testing import CliRunner

from holdfast.api import build
from holdfast.cli.main import build as build_cli

SECRET = "whsec_test_secret_of_this_endpoint"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Response(NamedTuple):
    """What was answered."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]

    def json(self):
        """The body, parsed."""
        return json.loads(self.content)


class Sender:
    """Somebody who posts Stripe's events to one source."""

    def __init__(self, address: str, client: aiohttp.ClientSession, source: str = "stripe"):
        self.address = address
        self.source = source
        self._client = client

    @staticmethod
    def event(number=1, object_id="in_1", created=1_700_000_000, **more):
        """The body of an event."""
        event = {
            "id": f"evt_{number}", "object": "event", "type": "invoice.paid", "created": created,
            "livemode": False, "data": {"object": {"id": object_id}}, **more,
        }  # fmt: skip
        return json.dumps(event).encode()

    @staticmethod
    def signature(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
        """The header's value, made apart from our own code."""
        stamp = str(int(at or time.time()))
        mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
        return f"t={stamp},v1={mac.hexdigest()}"

    async def post(self, body: bytes, *, secret=SECRET, source=None, headers=None, at=None):
        """Signed, unless the headers are given."""
        signed = {"Stripe-Signature": self.signature(body, secret, at)}
        sent = self._client.post(
            f"{self.address}/webhooks/{source or self.source}",
            data=body, headers=signed if headers is None else headers,
        )  # fmt: skip
        async with sent as answer:
            return Response(answer.status, await answer.read(), answer.headers.copy())


@pytest.fixture
def secret(monkeypatch):
    """The source `stripe` has its secret in the environment."""
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SECRETS", SECRET)
    return SECRET


@contextlib.asynccontextmanager
async def _sending(hf):
    async with serving(build(hf.services)) as port, aiohttp.ClientSession() as client:
        yield Sender(f"http://127.0.0.1:{port}", client)


@pytest.fixture
def sending():
    """Serve a holdfast for the time of a block, and give a sender to it."""
    return _sending


@pytest.fixture
async def sender(hf, secret):
    """A sender to a running server of `hf`."""
    await hf.prepare()
    async with _sending(hf) as sender:
        yield sender


@pytest.fixture
def announced_by():
    """Tell the database of the handlers of a holdfast, as a worker does at its start."""
    from holdfast.all_channels import announcements, connect_handlers
    from holdfast.engine import queues

    async def announcing(hf):
        connect_handlers(hf.services)
        for queue, policy in hf.services.registry.queues().items():
            await hf.run(queues.create_queue(queue, policy))
        for call in announcements(hf.services):
            await hf.run(call)

    return announcing


@pytest.fixture
def announced(hf, announced_by):
    """The same for this one."""
    return functools.partial(announced_by, hf)


_commands = functools.cache(build_cli)
_read = functools.cache(get_command)  # takes longer than most commands do


@pytest.fixture
def holdfast(dsn, monkeypatch):
    """Run a command line in this process; (exit code, what it printed, what it complained about).

    One after the other: standard output is the process's.
    """
    lock = asyncio.Lock()
    monkeypatch.setattr("typer.testing._get_command", _read)

    async def running(*args, given="", **environment):
        async with lock:
            done = await asyncio.to_thread(
                CliRunner().invoke, _commands(), [*args, "--database-url", dsn],
                input=given, env=environment, catch_exceptions=False,
            )  # fmt: skip
        return done.exit_code, done.stdout, done.stderr

    return running


@pytest.fixture
def holdfast_process(dsn, quick):
    """The same in a process of its own, as a person has it."""

    async def running(*args, given="", program=None, **environment):
        process = await asyncio.create_subprocess_exec(
            *(program or quick), *args, "--database-url", dsn,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
        )  # fmt: skip
        out, complaints = await asyncio.wait_for(process.communicate(given.encode()), 120)
        return process.returncode, out.decode(), complaints.decode()

    return running


@pytest.fixture(scope="module")
def amazon():
    """A certificate such as Amazon's, and what signs with it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        .public_key(key.public_key()).not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = certificate.public_bytes(serialization.Encoding.PEM)

    def message(at="2026-01-01T01:13:20.000Z", **changes):
        sent = {
            "Type": "Notification", "MessageId": "m-1", "TopicArn": "arn:aws:sns:eu-west-1:1:t",
            "Subject": "s", "Message": "hello", "Timestamp": at,
            "SignatureVersion": "2",
            "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ab.pem",
        }  # fmt: skip
        fields = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
        content = "".join(f"{f}\n{sent[f]}\n" for f in fields).encode()
        signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        sent["Signature"] = base64.b64encode(signature).decode()
        return json.dumps(sent | changes).encode()

    return message, {json.loads(message())["SigningCertURL"]: pem}.get


@pytest.fixture
def inbox(sql):
    """The inbox in a session whose clock is set by `at`."""

    class Inbox:
        def at(self, **later):
            moment = (NOON + timedelta(**later)).isoformat()
            sql.execute("select set_config('holdfast.now', %s, false)", [moment])

        def receive(self, event_id, body="{}", source="stripe", kind="invoice.paid", headers="[]"):
            return sql.execute(
                "select id from webhook_receive(%s, %s, %s, 'in_1', null, null, %s, %s)",
                [source, event_id, kind, body.encode() if isinstance(body, str) else body, headers],
            ).fetchone()[0]

        def handler(self, **more):
            handlers = [
                {"kind": "webhook:x", "name": "x", "source": "stripe", "pattern": "*",
                 "queue": "webhooks", **more}
            ]  # fmt: skip
            sql.execute("select webhook_register('app', %s)", [json.dumps(handlers)])

        def source(self, **changes):
            sql.execute("select webhook_set_source('stripe', %s, 'ann')", [json.dumps(changes)])

        def finish(self, verdict="delivered"):
            sql.execute(
                "select settle(jsonb_agg(jsonb_build_object('id', id, 'token', claim_token,"
                " 'verdict', %s::text))) from claim('webhooks', 100) having count(*) > 0",
                [verdict],
            )

        def alerts(self):
            return [r[0] for r in sql.execute("select key from alerts where cleared_at is null")]

        def one(self, statement, *args):
            return sql.execute(statement, args or None).fetchone()[0]

    made = Inbox()
    made.at()
    return made
