"""Somebody with a key, and a real server for him to ask."""

import aiohttp
import pytest
from tests.serving import serving

from holdfast.api import build

SECRETS = {
    "READER": "read:reader-secret-of-24-characters",
    "SHOP": "send:shop-secret-of-24-characters--",
    "ONCALL": "operate:oncall-secret-of-24-characters",
}


class Asker:
    """Asks as the holder of a key; an answer is its status and its content."""

    def __init__(self, http_client, api_address, name):
        self._client = http_client
        self._address = api_address
        self.headers = {"Authorization": f"Bearer {SECRETS[name.upper()].partition(':')[2]}"}

    async def __call__(self, method, path, body=None, **more):
        sent = self._client.request(
            method, f"{self._address}/api{path}", json=body, headers=self.headers, **more
        )
        async with sent as answer:
            return answer.status, await answer.json()


@pytest.fixture
def api_keys(monkeypatch):
    """The keys are in the environment."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"HOLDFAST_API_KEY_{name}", value)


@pytest.fixture
async def api_address(hf, api_keys):
    """Where the server is; the database is ready."""
    await hf.prepare()
    async with serving(build(hf.services)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def http_client():
    """A plain HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def asks(api_address, http_client):
    """Gives the holder of a key: reader, shop or oncall."""
    return lambda name="oncall": Asker(http_client, api_address, name)


@pytest.fixture
def pages(asks, api_address, http_client):
    """Gives all pages of a list, as whoever may look goes from one to the next."""

    async def through(path):
        found, there = [], f"{api_address}/api{path}"
        while there:
            async with http_client.get(there, headers=asks("reader").headers) as answer:
                assert answer.status == 200, await answer.text()
                found.append(await answer.json())
                there = answer.links.get("next", {}).get("url")
        return found

    return through
