"""Mail comes in by SMTP: any program that can send mail is queued, unchanged.

Nothing is answered with 250 that is not stored. A database that is away is 451: whoever speaks SMTP
keeps the mail and comes again. On this machine nobody is asked for a password; from elsewhere mail
comes with TLS and a login, or not at all.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from weakref import WeakSet

from holdfast import log
from holdfast.channel import Server, Services
from holdfast.channels.email.providers.url import is_loopback
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.smtp_in.address import Address, address
from holdfast.channels.email.smtp_in.certificate import Certificate
from holdfast.channels.email.smtp_in.door import Door, Limits
from holdfast.channels.email.smtp_in.intake import Intake
from holdfast.channels.email.smtp_in.logins import Logins
from holdfast.channels.email.smtp_in.proxy import Entrance
from holdfast.channels.email.smtp_in.session import House, Session
from holdfast.channels.email.smtp_in.wire import Wire
from holdfast.database import Database
from holdfast.errors import ConfigError
from holdfast.settings import read

_SMTP_LISTENING = log.Event(
    "smtp.listening", logging.INFO, "SMTP-in takes mail here.", host=str, port=int
)
_SMTP_CLOSED_IN_A_HURRY = log.Event(
    "smtp.closed_in_a_hurry",
    logging.WARNING,
    "Senders were cut off at the end; what they had no 250 for, they send again.",
)
_SMTP_FULL = log.Event(
    "smtp.full", logging.WARNING, "A client was sent away: there are too many.", peer=str
)
_SMTP_NO_HEADER = log.Event(
    "smtp.no_header",
    logging.WARNING,
    "A balancer's connection did not begin with a PROXY header.",
    peer=str,
)
_GRACE_S = 5.0
_TELL_EVERY_S = 10.0
_BACKLOG = 512


def servers(services: Services) -> Sequence[Server]:
    """SMTP-in, where the settings say; a second port if TLS from the start has one."""
    settings = read(EmailSettings)
    found = [Server("smtp", settings.smtp_listen, partial(open_server, services.database))]
    if settings.smtps_listen is not None:
        implicit = partial(open_server, services.database, implicit=True)
        found.append(Server("smtps", settings.smtps_listen, implicit))
    return found


@asynccontextmanager
async def open_server(
    database: Database, where: str, *, implicit: bool = False
) -> AsyncIterator[None]:
    """Listen on `host:port` until it is left; mail that is being stored is stored to its end.

    Raises:
        ConfigError: the address is malformed, or others than this machine could reach it and TLS
            or the login is missing.
        OSError: the port is taken.
    """
    async with listening(database, address(read(EmailSettings), where, implicit=implicit)):
        yield


@asynccontextmanager
async def listening(
    database: Database, where: Address, limits: Limits | None = None
) -> AsyncIterator[asyncio.Server]:
    """The same, and tells where; port 0 takes a free one.

    Raises:
        ConfigError: TLS or the login is missing, and the name of the host is another address than
            this machine's own.
    """
    reception = Reception(database, where, limits or Limits())
    server = await asyncio.get_running_loop().create_server(
        reception.protocol, where.host, where.port, backlog=_BACKLOG, start_serving=False
    )
    try:
        if where.certificate is None or not where.needs_login:
            _check_loopback(server, where.host)
        await server.start_serving()
        _SMTP_LISTENING(host=where.host, port=server.sockets[0].getsockname()[1])
        yield server
    finally:
        server.close()
        await reception.close()


def _check_loopback(server: asyncio.Server, host: str) -> None:
    """A name is whatever the resolver says, localhost too."""
    for listener in server.sockets:
        found = listener.getsockname()[0]
        if not is_loopback(found):
            raise ConfigError(
                f"SMTP-in: {host} is {found} here, where others than this machine come in; without "
                "TLS and a login it listens on 127.0.0.1 or ::1 alone"
            )


class Reception:
    """All clients of one port."""

    def __init__(self, database: Database, where: Address, limits: Limits) -> None:
        clock = asyncio.get_running_loop().time
        certificate = Certificate(where.certificate, where.key) if where.certificate else None
        self._house = House(
            name=socket.gethostname(),
            intake=Intake(database),
            logins=Logins(database, clock),
            door=Door(limits, clock),
            certificate=certificate,
            implicit=where.implicit,
            needs_login=where.needs_login,
        )
        self._inside: dict[asyncio.Task[None], Wire] = {}
        self._clock = clock
        self._told_at: dict[log.Event, float] = {}
        self._proxies = where.proxies
        self._waiting: WeakSet[Entrance] = WeakSet()

    def protocol(self) -> asyncio.BaseProtocol:
        """A new connection."""
        if not self._proxies:
            return Wire(self._opened)
        header_s = self._house.door.limits.header_s
        tell = partial(self._tell, _SMTP_NO_HEADER)
        found = Entrance(self._proxies, header_s, self._enter, tell)
        self._waiting.add(found)
        return found

    def _enter(self, transport: asyncio.Transport, client: str | None) -> None:
        wire = Wire(self._opened, client)
        transport.set_protocol(wire)
        wire.connection_made(transport)

    def _opened(self, wire: Wire) -> None:
        if not self._house.door.enter(wire.peer):
            self._tell(_SMTP_FULL, wire.peer)
            wire.say("421 4.7.0 too many connections; come again")
            wire.close()
            return
        task = asyncio.get_running_loop().create_task(Session(wire, self._house).run())
        self._inside[task] = wire
        wire.lost = task.cancel
        task.add_done_callback(partial(self._left, wire.peer))

    def _tell(self, event: log.Event, peer: str) -> None:
        """Once in a while: a flood of clients is to fill no log."""
        if self._clock() - self._told_at.get(event, float("-inf")) >= _TELL_EVERY_S:
            self._told_at[event] = self._clock()
            event(peer=peer)

    def _left(self, peer: str, task: "asyncio.Task[None]") -> None:
        self._house.door.leave(peer)
        del self._inside[task]

    async def close(self) -> None:
        """Let what is being stored be stored and answered, then hang up."""
        self._house.closing = True
        for entrance in list(self._waiting):
            entrance.abort()
        try:
            async with asyncio.timeout(_GRACE_S):
                await self._house.intake.settled()
        except TimeoutError:
            _SMTP_CLOSED_IN_A_HURRY()
        await asyncio.sleep(0)  # those that were stored just now are answered
        for wire in list(self._inside.values()):
            wire.say("421 4.3.2 shutting down; come again")
            wire.close()
        tasks = list(self._inside)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
