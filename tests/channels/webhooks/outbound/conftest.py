"""Real endpoints for what goes out: an application that answers as it is told."""

import base64
import json

import pytest
from aiohttp import web
from psycopg.conninfo import conninfo_to_dict
from tests.serving import other_side

KEY = "whsec_" + base64.b64encode(b"k" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 24).decode()


class Target:
    """An application that answers as it is told, one script for each request; then 200."""

    def __init__(self):
        self.requests = []
        self.raw = []
        self.script = []

    async def handle(self, request):
        body = await request.read()
        self.requests.append((request.path, dict(request.headers), body))
        self.raw.append(request.raw_headers)
        answer = self.script.pop(0) if self.script else web.Response()
        return await answer(request) if callable(answer) else answer

    @property
    def bodies(self):
        return [body for _, _, body in self.requests]


@pytest.fixture
async def target():
    """The target; its address is `target.url`."""
    made = Target()
    application = web.Application(client_max_size=2**21)
    application.router.add_route("*", "/{path:.*}", made.handle)
    async with other_side(application) as address:
        made.url = f"{address}/in"
        yield made


@pytest.fixture
def endpoint(sql, tmp_path, monkeypatch):
    """Make an endpoint with a secret in a file; customers may have loopback addresses here."""
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.0/8")

    def making(name, url, secret=KEY, **more):
        options = json.dumps({"url": url, **more})
        (made,) = sql.execute("select webhook_add_endpoint(%s, %s, 'ann')", [name, options])
        if secret:
            file = tmp_path / f"{name}.{len(list(tmp_path.iterdir()))}"
            file.write_text(secret)
            add_secret(sql, made[0], f"file:{file}")
        sql.execute(
            'select set_queue(\'webhooks-out\', \'{"retry_base": "0 s", "max_attempts": 4}\')'
        )
        return made[0]

    return making


def add_secret(sql, endpoint, reference, overlap=None):
    """One more, and those there end after the overlap."""
    sql.execute(
        "select webhook_add_secret(%s, %s, 'ann', null, %s)",
        [f"endpoint:{endpoint}", reference, overlap],
    )


def jobs(sql):
    """Of the outbound queue: state and attempts."""
    statement = "select state, attempts, because from jobs where queue = 'webhooks-out' order by id"
    return sql.execute(statement).fetchall()


@pytest.fixture
def stands_still(sql, dsn):
    """For all sessions that begin now the database's clock stands still."""
    name = conninfo_to_dict(dsn)["dbname"]
    sql.execute(f"alter database \"{name}\" set holdfast.now = '2030-01-01 12:00+00'")
