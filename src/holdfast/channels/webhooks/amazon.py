"""Amazon's certificates and confirmations, fetched from Amazon's own host and nowhere else."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from holdfast.channels.webhooks.schemes.sns import is_amazons
from holdfast.errors import DatabaseUnavailable

_MOST_BYTES = 65_536
_MOST_KEPT = 20
_TIMEOUT_S = 5
_NOT_AGAIN_S = 30.0
_MOST_AT_ONCE = 4

Get = Callable[[str], Awaitable[bytes]]
_Kept = TypeVar("_Kept", bytes, float)


async def get(url: str) -> bytes:
    """The bytes at an address of Amazon's; no redirect is followed. Raises OSError."""
    import aiohttp  # takes longer to import than all else that a server of webhooks needs

    from holdfast.channels.webhooks.whole import whole

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            answer.raise_for_status()
            found = await whole(answer.content, _MOST_BYTES)
    except aiohttp.ClientError as error:
        raise OSError(str(error)) from error
    if found is None:
        raise OSError(f"more than {_MOST_BYTES} bytes")
    return found


class Amazon:
    """The certificates that this process has fetched, and those that it could not."""

    def __init__(self, fetch: Get = get, now: Callable[[], float] = time.monotonic) -> None:
        self._get = fetch
        self._now = now
        self._known: dict[str, bytes] = {}
        self._failed: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    def certificate(self, url: str) -> bytes | None:
        """The certificate, if it is here."""
        return self._known.get(url)

    async def fetch(self, url: str) -> None:
        """Fetch a certificate, once; after a failure not again for half a minute.

        Whoever names it has not been verified; so no more than a few are asked for at a time.

        Raises:
            DatabaseUnavailable: it cannot be had now; the sender is to come again.
        """
        if url in self._known or not is_amazons(url):
            return
        if self._now() - self._failed.get(url, float("-inf")) < _NOT_AGAIN_S:
            raise DatabaseUnavailable("Amazon did not give this certificate a moment ago")
        if url not in self._asking:
            if len(self._asking) >= _MOST_AT_ONCE:
                raise DatabaseUnavailable("other certificates are being fetched")
            self._asking[url] = asyncio.create_task(self._fetch(url))
        await asyncio.shield(self._asking[url])

    async def _fetch(self, url: str) -> None:
        try:
            _keep(self._known, url, await self._asked(url))
        except DatabaseUnavailable:
            _keep(self._failed, url, self._now())
            raise
        finally:
            del self._asking[url]

    async def confirm(self, url: str) -> None:
        """Say that the topic may send to us. Raises as `fetch`."""
        if is_amazons(url):
            await self._asked(url)

    async def _asked(self, url: str) -> bytes:
        try:
            return await self._get(url)
        except (TimeoutError, OSError) as error:
            raise DatabaseUnavailable(f"Amazon does not answer: {error}") from error


def _keep(kept: dict[str, _Kept], url: str, what: _Kept) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[url] = what
