"""Behind a balancer: who the client is, by the PROXY protocol (versions 1 and 2, of HAProxy).

Only a balancer that the settings name is believed, and each connection of it has to begin so: what
else would tell a client's words from its? Not a byte behind the header is read here, since with TLS
from the start the client's first ones are that.
"""

import asyncio
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from holdfast.policy.client_address import Network

_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_WORD = b"PROXY "
_FIRST = len(_SIGNATURE)  # no header of version 1 is as short
_HEAD = 16
_LONGEST_LINE = 107
_LONGEST = 4096
_HIGHEST_PORT = 65_535
_TCP4, _TCP6 = 0x11, 0x21
_ADDRESSES = {_TCP4: (IPv4Address, 4), _TCP6: (IPv6Address, 16)}
_NAMES = {b"TCP4": IPv4Address, b"TCP6": IPv6Address}


class NoHeader(ValueError):
    """What a balancer began with is no header."""


def wanted(head: bytes) -> int:
    """How many bytes more belong to it for certain; 0: it is whole. Raises NoHeader."""
    if not (_SIGNATURE.startswith(head[:_FIRST]) or _WORD.startswith(head[: len(_WORD)])):
        raise NoHeader
    if len(head) < _FIRST:
        return _FIRST - len(head)
    if not head.startswith(_SIGNATURE):
        if head.endswith(b"\r\n"):
            return 0
        if len(head) >= _LONGEST_LINE:
            raise NoHeader
        return min(1 if head.endswith(b"\r") else 2, _LONGEST_LINE - len(head))
    if len(head) < _HEAD:
        return _HEAD - len(head)
    whole = _HEAD + int.from_bytes(head[14:_HEAD])
    if whole > _LONGEST:
        raise NoHeader
    return whole - len(head)


def client(head: bytes) -> str | None:
    """The client's address in a whole header; None: the balancer speaks for itself, or of no TCP.

    Raises:
        NoHeader: it is malformed.
    """
    return _of_bytes(head) if head.startswith(_SIGNATURE) else _of_line(head)


def _of_line(head: bytes) -> str | None:
    words = head.removesuffix(b"\r\n").split(b" ")
    if words[:2] == [b"PROXY", b"UNKNOWN"]:
        return None
    try:
        _, kind, source, destination, *ports = (word.decode("ascii") for word in words)
        of_kind = _NAMES[kind.encode()]
        found = of_kind(source)
        of_kind(destination)
    except (ValueError, KeyError):
        raise NoHeader from None
    are_ports = all(port.isdigit() and int(port) <= _HIGHEST_PORT for port in ports)
    if len(ports) != len(("from", "to")) or not are_ports or "%" in source + destination:
        raise NoHeader
    return str(found)


def _of_bytes(head: bytes) -> str | None:
    version, command = divmod(head[12], 16)
    if version != 2 or command > 1:  # noqa: PLR2004
        raise NoHeader
    if command == 0 or head[13] not in _ADDRESSES:
        return None
    of_kind, size = _ADDRESSES[head[13]]
    if len(head) < _HEAD + 2 * size + 4:
        raise NoHeader
    return str(of_kind(head[_HEAD : _HEAD + size]))


class Entrance(asyncio.BufferedProtocol):
    """A connection until it is known who the client is; then `enter(transport, client)`.

    `client` is None for whoever is at the other end. `refuse(peer)` is told of a balancer that
    begins with something else.
    """

    def __init__(
        self, proxies: Sequence[Network], patience_s: float,
        enter: Callable[[asyncio.Transport, str | None], object],
        refuse: Callable[[str], object],
    ) -> None:  # fmt: skip
        self._proxies = proxies
        self._patience_s = patience_s
        self._enter = enter
        self._refuse = refuse
        self._peer = ""
        self._head = b""
        self._room = bytearray(_FIRST)
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A balancer's header has to be here soon; others come in as they are."""
        self._transport = cast("asyncio.Transport", transport)
        self._peer = str((transport.get_extra_info("peername") or ("",))[0])
        if _is_one_of(self._peer, self._proxies):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience_s, self.abort)
        else:
            self._enter(self._transport, None)

    def get_buffer(self, _sizehint: int) -> bytearray:
        """Room for what is wanted, and for nothing behind it."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Some more of it."""
        self._head += self._room[:nbytes]
        try:
            left = wanted(self._head)
            found = client(self._head) if not left else None
        except NoHeader:
            self._refuse(self._peer)
            self.abort()
            return
        if left:
            self._room = bytearray(left)
        else:
            self._stop_waiting()
            self._enter(self._transport, found)

    def connection_lost(self, _error: Exception | None) -> None:
        """It hung up, as a balancer does that only looks whether we are there."""
        self._stop_waiting()

    def abort(self) -> None:
        """Hang up at once, if it is still waited for."""
        if self._timer is not None:
            self._stop_waiting()
            self._transport.abort()

    def _stop_waiting(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()


def _is_one_of(peer: str, proxies: Sequence[Network]) -> bool:
    try:
        found = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in proxies)
