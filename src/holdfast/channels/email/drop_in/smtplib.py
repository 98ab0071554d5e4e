"""A drop-in for smtplib: change the import, and what is sent is queued.

    from holdfast.channels.email.drop_in.smtplib import SMTP
    from holdfast.channels.email.drop_in import smtplib  # where it said: import smtplib

`sendmail` and `send_message` return after the commit, with the values and exceptions of smtplib.
There is no server: `connect`, `ehlo`, `starttls`, `login` and `quit` say yes and do nothing.
"""

import re
import smtplib
from collections.abc import Sequence
from smtplib import (
    CRLF,
    LMTP_PORT,
    SMTP_PORT,
    SMTP_SSL_PORT,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    quoteaddr,
    quotedata,
)
from typing import Any, Self

from holdfast.channels.email.address import is_address
from holdfast.channels.email.drop_in.store import address_of, database, store_bytes
from holdfast.channels.email.message import LARGEST, MOST_RECIPIENTS
from holdfast.database import Call, run_on
from holdfast.errors import DatabaseUnavailable, HoldfastError, Refused
from holdfast.settings import CoreSettings, read

__all__ = [
    "CRLF", "LMTP", "LMTP_PORT", "SMTP", "SMTP_PORT", "SMTP_SSL", "SMTP_SSL_PORT",
    "SMTPAuthenticationError", "SMTPConnectError", "SMTPDataError", "SMTPException",
    "SMTPHeloError", "SMTPNotSupportedError", "SMTPRecipientsRefused", "SMTPResponseException",
    "SMTPSenderRefused", "SMTPServerDisconnected", "quoteaddr", "quotedata",
]  # fmt: skip

_Refusals = dict[str, tuple[int, bytes]]
_LINE_END = re.compile(r"\r\n|\r|\n")
_OFFERS = {"size": str(LARGEST), "8bitmime": "", "smtputf8": "", "enhancedstatuscodes": ""}


class SMTP(smtplib.SMTP):
    """As smtplib.SMTP; the arguments that name a server are taken and not used.

    Args:
        tenant: whose emails these are.
        using: a connection of psycopg, SQLAlchemy or Django: the emails are written in its open
            transaction, rolled back and committed with it.
    """

    def __init__(
        self, host: str = "", port: int = 0, *_: Any, tenant: str | None = None, using: Any = None,
        **__: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        self._tenant = tenant
        self._using = using
        self.connect(host, port)

    # ---------------------------------------------------------------- what sends

    def sendmail(
        self, from_addr: str, to_addrs: str | Sequence[str], msg: Any,
        mail_options: Sequence[str] = (), rcpt_options: Sequence[str] = (),
    ) -> _Refusals:  # fmt: skip
        """Queue a message; when it returns it is committed, for all who are not in the answer.

        Raises:
            SMTPSenderRefused: the sender is no address, or the message is too big.
            SMTPRecipientsRefused: none of the recipients is an address.
            SMTPDataError: 554, it cannot be sent as it is; 451, the database is away or not
                migrated. Nothing was stored.
        """
        del mail_options, rcpt_options
        raw = _LINE_END.sub("\r\n", msg).encode("ascii") if isinstance(msg, str) else bytes(msg)
        sender = address_of(from_addr or "")
        if sender and not is_address(sender):
            raise SMTPSenderRefused(553, b"5.1.7 this is no address", from_addr)
        if len(raw) > LARGEST:
            raise SMTPSenderRefused(552, b"5.3.4 the message is too big", from_addr)
        recipients, refused = _sorted_out([to_addrs] if isinstance(to_addrs, str) else to_addrs)
        if not recipients:
            raise SMTPRecipientsRefused(refused)
        try:
            self._run(store_bytes(raw, sender, recipients, source="smtplib", tenant=self._tenant))
        except DatabaseUnavailable:
            raise SMTPDataError(451, b"4.3.0 it cannot be stored at the moment") from None
        except Refused as error:
            raise SMTPDataError(554, f"5.6.0 {error}".encode()) from error
        except HoldfastError as error:  # a setting or the schema: somebody mends it
            raise SMTPDataError(451, f"4.3.5 {error}".encode()) from error
        return refused

    def _run(self, call: Call[Any]) -> None:
        if self._using is None:
            database().run_sync(call)
        else:
            run_on(self._using, call, read(CoreSettings).schema_name)

    # ---------------------------------------------------------------- what is always well

    def connect(self, host: str = "localhost", port: int = 0, *_: Any, **__: Any) -> Any:
        """There is nothing to connect to."""
        del host, port
        self.does_esmtp = True
        self.esmtp_features = dict(_OFFERS)
        self.ehlo_resp = b"holdfast\n" + "\n".join(_OFFERS).encode()
        return 220, b"holdfast"

    def ehlo(self, name: str = "") -> tuple[int, bytes]:
        """Well."""
        del name
        return 250, self.ehlo_resp or b""

    def helo(self, name: str = "") -> tuple[int, bytes]:
        """Well."""
        del name
        return 250, b"holdfast"

    def ehlo_or_helo_if_needed(self) -> None:
        """It is not."""

    def starttls(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """Nothing leaves this process but by the connection to the database."""
        return 220, b"2.0.0 ready"

    def login(self, user: str, password: str, **_: Any) -> tuple[int, bytes]:
        """Whoever has the database may send."""
        del user, password
        return 235, b"2.7.0 welcome"

    def noop(self) -> tuple[int, bytes]:
        """Well."""
        return 250, b"2.0.0 Ok"

    def rset(self) -> tuple[int, bytes]:
        """Well."""
        return 250, b"2.0.0 Ok"

    def quit(self) -> tuple[int, bytes]:
        """The object can be used again afterwards."""
        return 221, b"2.0.0 goodbye"

    def close(self) -> None:
        """There is nothing to close."""

    def send(self, s: Any) -> None:
        """Single commands lead nowhere: there is no server that could answer them."""
        del s
        raise SMTPNotSupportedError("holdfast stands here: use sendmail or send_message")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SMTP_SSL(SMTP):  # noqa: N801
    """The same."""


class LMTP(SMTP):
    """The same."""


def _sorted_out(addresses: Sequence[str]) -> tuple[list[str], _Refusals]:
    """Those that can get it, and what is to be said about the others."""
    recipients: list[str] = []
    refused: _Refusals = {}
    for given in addresses:
        address = address_of(given)
        if not is_address(address):
            refused[given] = (553, b"5.1.3 this is no address")
        elif len(recipients) >= MOST_RECIPIENTS:
            refused[given] = (452, b"4.5.3 too many recipients")
        else:
            recipients.append(address)
    return recipients, refused
