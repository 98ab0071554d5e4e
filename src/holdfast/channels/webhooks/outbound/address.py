"""Where a request may go: checked on the very address that is connected to.

A customer's address can point anywhere, also into our own network, and a name can point somewhere
else each time it is asked (DNS rebinding). So neither the URL nor an earlier answer of the DNS is
judged, but the socket address at the moment of connecting; redirects are not followed.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Any

from holdfast.policy.client_address import Address, Network, networks
from holdfast.settings import Settings

_NEVER = networks(
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
        # all but 2000::/3, which alone is given to the Internet: loopback, mapped and translated
        # IPv4, local, multicast, overlay networks; and in it Teredo, documentation, 6to4, AS112
        "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16",
        "2620:4f:8000::/48", "3fff::/20",
    ]
)  # fmt: skip
_METADATA = networks(
    [
        "169.254.0.0/16", "fe80::/10",
        # of AWS, Google, Oracle, Scaleway, Azure, Alibaba
        "fd00:ec2::/32", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42", "168.63.129.16",
        "100.100.100.200",
    ]
)  # fmt: skip
_EMBEDDING = networks(["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"])
_OURS = networks(["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                  "100.64.0.0/10", "fc00::/7"])  # fmt: skip


class OutboundSettings(Settings):
    """Where webhooks may go out to.

    Attributes:
        webhooks_allow_networks: addresses and CIDR ranges, with commas, that customers' endpoints
            may have beside public ones. HOLDFAST_WEBHOOKS_ALLOW_NETWORKS
    """

    webhooks_allow_networks: str = ""


class Forbidden(OSError):
    """The address is none that we may connect to.

    The text is the same for each: of a host that has several, who connects makes one error then.
    """

    def __init__(self, address: str) -> None:
        super().__init__("no address that we may connect to")
        self.address = address


def is_allowed(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a customer's endpoint may have this address: a public one, or one in `allowed`."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or found
    if any(one in network for network in _METADATA for one in (inner, _embedded(found))):
        return any(inner in network and network.num_addresses == 1 for network in allowed)
    if any(inner in network for network in allowed):
        return True
    return found.is_global and not any(found in network for network in _NEVER)


def _embedded(address: Address) -> Address:
    """The IPv4 address that a translator would connect to; else the address itself."""
    if any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def networks_of(purpose: str, allowed: Sequence[Network]) -> Sequence[Network]:
    """What may be reached beside the public: by a forward, which an operator made, our own, too."""
    return (*allowed, *_OURS) if purpose == "forward" else allowed


def guarded(allowed: Sequence[Network]) -> Callable[[Any], socket.socket]:
    """Makes the socket for one address, or raises Forbidden; for aiohttp's `socket_factory`."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if family not in {socket.AF_INET, socket.AF_INET6} or not is_allowed(address[0], allowed):
            raise Forbidden(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    return make
