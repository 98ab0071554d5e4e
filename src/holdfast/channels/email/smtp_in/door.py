"""How many may come in: connections in total and of one address, and tries at a password.

All of it is of this process and in memory: a restart forgets it, two processes count apart.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from holdfast.channels.email.providers.url import is_loopback
from holdfast.policy.gcra import Quota

_REMEMBERED = 10_000
_IPV6_NETWORK = 64
_FAILED_LOGINS = Quota(10, 600.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process takes.

    Attributes:
        connections: at the same time.
        per_address: of one address; programs on this machine share one and are not counted so.
        messages: of one connection; then it is told to come again on a new one.
        errors: answers 5xx on one connection, before it is hung up.
        patience_s: for the next command, all of it, and for the next bytes of a message (RFC 5321,
            4.5.3.2).
        header_s: for the PROXY header of a balancer.
        login_s: until somebody has logged in, where that is required.
        message_s: for a whole message.
        answer_s: for the database, before mail or a login is told to come again; programs that send
            mail wait half a minute at least.
        memory: bytes of messages that are on their way in, of all clients together.
        failed_logins: of one address; so many at once, and so many every ten minutes.
    """

    connections: int = 500
    per_address: int = 50
    messages: int = 10_000
    errors: int = 30
    patience_s: float = 300.0
    header_s: float = 10.0
    login_s: float = 60.0
    message_s: float = 900.0
    answer_s: float = 25.0
    memory: int = 256 * 1024 * 1024
    failed_logins: Quota = _FAILED_LOGINS


class Door:
    """Counts who is in. `clock` gives seconds that only ever grow."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._inside: Counter[str] = Counter()
        self._held: dict[object, int] = {}
        self._total = 0
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._trying: Counter[str] = Counter()
        self._ended = asyncio.Event()

    def enter(self, peer: str) -> bool:
        """Whether one more of this address may come in; who did must `leave`."""
        who = _network(peer)
        if self._inside.total() >= self.limits.connections:
            return False
        if self._inside[who] >= self.limits.per_address and not is_loopback(peer):
            return False
        self._inside[who] += 1
        return True

    def leave(self, peer: str) -> None:
        """It hung up."""
        who = _network(peer)
        self._inside[who] -= 1
        if not self._inside[who]:
            del self._inside[who]

    def hold(self, owner: object, size: int) -> bool:
        """Whether a message may have so many bytes in memory; its owner has to `release` them."""
        if self._total - self._held.get(owner, 0) + size > self.limits.memory:
            return False
        self._total += size - self._held.get(owner, 0)
        self._held[owner] = size
        return True

    def release(self, owner: object) -> None:
        """The message is stored or forgotten."""
        self._total -= self._held.pop(owner, 0)

    async def may_try(self, peer: str) -> bool:
        """Begin a try at a password; `tried` ends it.

        The answer depends on the address alone: not on the login, not on the password. Those that
        are being looked at have not failed: when there are as many as may fail, one waits for them.
        """
        who = _network(peer)
        while self._left(who) <= self._trying[who]:
            if not self._trying[who]:
                return False
            await self._ended.wait()
        self._trying[who] += 1
        return True

    def tried(self, peer: str, *, failed: bool) -> None:
        """It is over; the password was wrong, or nobody waited to hear it."""
        who = _network(peer)
        self._trying[who] -= 1
        if not self._trying[who]:
            del self._trying[who]
        if failed:
            quota, now = self.limits.failed_logins, self._nanoseconds()
            self._full_at[who] = quota.after(self._full_at.get(who, 0), 1, now)
            self._full_at.move_to_end(who)
            while len(self._full_at) > _REMEMBERED:
                self._full_at.popitem(last=False)
        self._ended.set()
        self._ended = asyncio.Event()

    def _left(self, who: str) -> int:
        return self.limits.failed_logins.left(self._full_at.get(who, 0), self._nanoseconds())

    def _nanoseconds(self) -> int:
        return int(self._clock() * 1e9)


def _network(peer: str) -> str:
    """The address; of IPv6 the network, of which one household has all addresses."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(int(address) >> _IPV6_NETWORK)
    return peer
