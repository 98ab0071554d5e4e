"""Amazon's certificates and confirmations, fetched from Amazon's own host and nowhere else."""

from collections.abc import Awaitable, Callable

from holdfast.channels.webhooks.schemes.sns import is_amazons
from holdfast.errors import DatabaseUnavailable

_MOST_BYTES = 65_536
_MOST_KEPT = 20
_TIMEOUT_S = 5

Get = Callable[[str], Awaitable[bytes]]


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
    """The certificates that this process has fetched."""

    def __init__(self, fetch: Get = get) -> None:
        self._get = fetch
        self._known: dict[str, bytes] = {}

    def certificate(self, url: str) -> bytes | None:
        """The certificate, if it is here."""
        return self._known.get(url)

    async def fetch(self, url: str) -> None:
        """Fetch a certificate, once.

        Raises:
            DatabaseUnavailable: it can not be had now; the sender is to come again.
        """
        if url in self._known or not is_amazons(url):
            return
        certificate = await self._asked(url)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[url] = certificate

    async def confirm(self, url: str) -> None:
        """Say that the topic may send to us. Raises as `fetch`."""
        if is_amazons(url):
            await self._asked(url)

    async def _asked(self, url: str) -> bytes:
        try:
            return await self._get(url)
        except (TimeoutError, OSError) as error:
            raise DatabaseUnavailable(f"Amazon does not answer: {error}") from error
