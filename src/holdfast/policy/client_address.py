"""Whose request is it? The address to count by, which nobody can choose for himself.

Only a proxy that is trusted by its own address may say for whom it asks. `X-Forwarded-For` is read
from its end: each trusted proxy has added the address that it saw, and the first one that is not a
trusted proxy's is the client's. Whatever stands before it was written by the client.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SITE = 64  # an IPv6 customer has at least so much of the address to play with
_LONGEST = 50
_SOCKET = "unix"


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Trusted proxies as written in settings: addresses and CIDR ranges. Raises ValueError."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


@dataclass(frozen=True, slots=True)
class Proxies:
    """Who may speak for others: networks, and whoever is at the other end of a unix socket."""

    networks: tuple[Network, ...] = ()
    socket: bool = False


def proxies(texts: Sequence[str]) -> Proxies:
    """Those that are written in settings, `unix` among them for sockets. Raises ValueError."""
    written = [text.strip() for text in texts if text.strip()]
    return Proxies(networks([text for text in written if text != _SOCKET]), _SOCKET in written)


def client_address(peer: str, forwarded_for: Sequence[str], trusted: Proxies) -> str:
    """The client's address; IPv6 by its /64, an unreadable peer as it is.

    Args:
        peer: the address that the connection came from; a unix socket has none.
        forwarded_for: the values of every X-Forwarded-For header, in their order.
        trusted: the proxies that may speak for others.
    """
    found = _address(peer)
    hops = [hop for value in forwarded_for for hop in value.split(",")]
    if not peer and trusted.socket and hops:
        found = _address(hops.pop())
    if found is None:
        return peer[:_LONGEST]
    while _is_trusted(found, trusted.networks) and hops:
        said = _address(hops.pop())
        if said is None:
            break
        found = said
    return _grouped(found)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    """An address as proxies write it: also with a port, in brackets, or IPv4 in IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _grouped(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _SITE), strict=False))
