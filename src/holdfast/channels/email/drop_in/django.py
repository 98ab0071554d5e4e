"""Django's mail is queued: EMAIL_BACKEND = "holdfast.channels.email.drop_in.django.EmailBackend".

Where Django's database is the one that holdfast lives in, the mail is written through Django's own
connection: inside `transaction.atomic()` it is rolled back and committed with everything else. Else
it is written on a connection of ours and committed at once; also in a coroutine, where Django lends
no connection and can have no transaction.

What `message.message()` makes is what is sent: alternatives, attachments, headers. Who gets it is
`message.recipients()`, blind copies included, which stand in no header. An address is what Django's
own backend takes for one, and what is raised is an SMTPException, as Django says. An application
may set `send_at`, `expires_at`, `tags` and `metadata` on a message.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from smtplib import SMTPException
from typing import Any, ClassVar

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, InternalError, OperationalError, connections, transaction
from django.utils import timezone

from holdfast import log
from holdfast.channels.email import options
from holdfast.channels.email.address import is_address, mailbox
from holdfast.channels.email.drop_in.store import address_of, arrival, database
from holdfast.channels.email.header import check_line
from holdfast.channels.email.smtp_in.intake import Arrival, receive_many
from holdfast.database import Call, run_on
from holdfast.errors import DatabaseUnavailable, HoldfastError, InvalidInput

_EMAIL_NOT_QUEUED = log.Event(
    "email.not_queued",
    logging.ERROR,
    "Django asked to fail silently, and an email could not be queued; it is lost unless the "
    "application sends it again.",
    error_type=str,
)
_WHERE = Call(
    "clock",
    read=lambda rows: tuple(rows[0]),
    select="pg_postmaster_start_time(), (select oid::text from pg_database "
    "where datname = current_database())",
)
_BATCH = 100
_telling: ContextVar[bool] = ContextVar("telling", default=False)
# Django's connection is gone, or an error has spoiled the transaction: of Python, of a statement
_NOT_NOW = (
    InterfaceError, OperationalError, transaction.TransactionManagementError, InternalError
)  # fmt: skip


class EmailRefused(InvalidInput, SMTPException):
    """An email cannot be sent as it is."""


class EmailNotStored(DatabaseUnavailable, SMTPException):
    """Emails could not be stored; they are to be sent again."""


class EmailBackend(BaseEmailBackend):  # type: ignore[misc]  # Django has no types
    """Queues.

    Args:
        fail_silently: an email that cannot be queued is logged as `email.not_queued` instead of
            raising, and not counted; all the others are queued.
        tenant: whose emails these are; default the Django setting HOLDFAST_EMAIL_TENANT, or nobody.
        alias: which of DATABASES to write through if it is the same database; default the Django
            setting HOLDFAST_EMAIL_DATABASE, or "default".
        _options: of other backends, such as host and port: taken and not used.
    """

    _same: ClassVar[dict[str, bool]] = {}
    _joins: ClassVar[bool] = True

    def __init__(
        self, fail_silently: bool = False, *, tenant: str | None = None, alias: str | None = None,
        **_options: Any,
    ) -> None:  # fmt: skip
        super().__init__(fail_silently=fail_silently)
        self._tenant = tenant or getattr(settings, "HOLDFAST_EMAIL_TENANT", None)
        self._alias = str(alias or getattr(settings, "HOLDFAST_EMAIL_DATABASE", "default"))

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Queue them; how many were. Without fail_silently it is all or none.

        Raises:
            EmailRefused: one of them cannot be sent as it is.
            ValueError, LookupError: Django itself cannot make it, such as BadHeaderError.
            EmailNotStored: the database is away, or not migrated, or an error in the caller's
                transaction has it rolled back in any case.
        """
        arrivals = []
        for message in email_messages:
            try:
                if message.recipients():
                    arrivals.append(_arrival(message, self._tenant))
            except (InvalidInput, ValueError, LookupError) as error:  # a header, an encoding
                self._complain(error)
        size = _BATCH if self.fail_silently else max(1, len(arrivals))
        batches = [arrivals[n : n + size] for n in range(0, len(arrivals), size)]
        return sum(self._store(batch) for batch in batches)

    def _store(self, arrivals: Sequence[Arrival]) -> int:
        try:
            self._run(receive_many(arrivals))
        except HoldfastError as error:
            if self.fail_silently and len(arrivals) > 1 and isinstance(error, InvalidInput):
                return sum(self._store([one]) for one in arrivals)
            self._complain(error)
            return 0
        return len(arrivals)

    def _complain(self, error: HoldfastError | ValueError | LookupError) -> None:
        if not self.fail_silently:
            if isinstance(error, HoldfastError):
                raise _as_django_says(error) from error
            raise error
        if _telling.get():  # what we told was to be mailed in its turn, as by AdminEmailHandler
            return
        token = _telling.set(True)
        try:
            _EMAIL_NOT_QUEUED(error_type=type(error).__name__)
        finally:
            _telling.reset(token)

    def _run(self, call: Call[Any]) -> None:
        try:
            if not self._joins or _is_in_a_coroutine() or not self._is_same_database():
                database().run_sync(call)
                return
            # A savepoint: an email that is refused must not spoil the transaction it came in.
            with transaction.atomic(using=self._alias):
                run_on(connections[self._alias], call, database().schema)
        except _NOT_NOW as error:
            raise DatabaseUnavailable(str(error)) from error

    def _is_same_database(self) -> bool:
        """Whether Django's connection leads to where holdfast is; found out once per process."""
        if self._alias not in self._same:
            connection = connections[self._alias]
            same = connection.vendor == "postgresql"
            if same:
                ours = database().run_sync(_WHERE)
                with connection.cursor() as cursor:
                    cursor.execute(f"select {_WHERE.select}")
                    same = tuple(cursor.fetchone()) == ours
            self._same[self._alias] = same
        return self._same[self._alias]


class SeparateEmailBackend(EmailBackend):
    """Queues at once, whatever becomes of the caller's transaction: for mail about its errors."""

    _joins = False


def _is_in_a_coroutine() -> bool:
    """As Django finds it out."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return not os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")


def _arrival(message: Any, tenant: str | None) -> Arrival:
    sender = _address("from_email", str(message.from_email))  # it may be a lazy translation
    recipients = [_address("to", str(address)) for address in message.recipients()]
    raw = message.message().as_bytes()
    said = {"source": "django", "tenant": tenant, **_said_beside(message)}
    return arrival(raw, sender, recipients, said)


def _said_beside(message: Any) -> dict[str, Any]:
    """What an application has set on the message; `tags` and the like as with django-anymail."""
    send_at, expires_at = options.times(
        _aware(getattr(message, "send_at", None)), _aware(getattr(message, "expires_at", None))
    )
    return {
        "run_at": send_at,
        "expires_at": expires_at,
        "tags": options.tags(getattr(message, "tags", None) or []),
        "metadata": options.metadata(getattr(message, "metadata", None) or {}),
    }


def _aware(moment: Any) -> Any:
    """A time without a zone is in Django's."""
    is_naive = isinstance(moment, datetime) and timezone.is_naive(moment)
    return timezone.make_aware(moment) if is_naive else moment


def _address(where: str, text: str) -> str:
    """Also one that breaks the rules for addresses and is used all the same: a..b@docomo.ne.jp."""
    try:
        return mailbox(where, text).address
    except InvalidInput:
        found = address_of(check_line(where, text))
        if not is_address(found):
            raise
        return found


def _as_django_says(error: HoldfastError) -> HoldfastError:
    if isinstance(error, InvalidInput):
        return EmailRefused(str(error))
    return EmailNotStored(str(error))
