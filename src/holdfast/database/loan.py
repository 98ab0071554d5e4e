"""A connection in a thread that can be ended from outside: no thread can be cancelled."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from holdfast.errors import LeaseLost


class Loan:
    """For one piece of work in a thread, and for whoever waits for that until he gives it up.

    Attributes:
        is_over: he has.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: int | None = None
        self.is_over = False

    @contextmanager
    def of(self, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """While the block has it, its session may be ended; not while it is committed or given on.

        Raises:
            LeaseLost: it was given up before the block began.
        """
        with self._lock:
            if self.is_over:
                raise LeaseLost("it was given up before it had a connection")
            # one of our own: once the driver has closed it, its number may be somebody else's
            with suppress(OSError):  # there are too many: then it cannot be ended
                self._line = os.dup(connection.fileno())
        try:
            yield
        finally:
            with self._lock:
                line, self._line = self._line, None
            if line is not None:
                os.close(line)

    def end(self) -> None:
        """Have the server roll back what is open, and let its locks go; the thread is told later.

        By the socket alone: what else there is on a connection is for one thread at a time.
        """
        with self._lock:
            self.is_over = True
            if self._line is not None:
                line = socket.socket(fileno=self._line)
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                line.detach()
