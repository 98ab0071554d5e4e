"""How long a thread waits for an answer: one more thread looks at the clock for all of them.

The driver waits as long as the kernel does, and what hangs behind a proxy that is well would keep
the threads of a server, one after the other, until none is left.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import psycopg

from holdfast.database.loan import Loan

_LOOK_EVERY_S: Final = 1.0


class _Clock:
    """Ends the sessions of those that have waited long enough; at rest while nobody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due: dict[Loan, float] = {}
        self._somebody_waits = threading.Event()
        threading.Thread(target=self._watch, name="holdfast-waiting", daemon=True).start()

    def begin(self, loan: Loan, seconds: float) -> None:
        with self._lock:
            self._due[loan] = time.monotonic() + seconds
            self._somebody_waits.set()

    def end(self, loan: Loan) -> None:
        with self._lock:
            self._due.pop(loan, None)

    def _watch(self) -> None:
        while True:
            self._somebody_waits.wait()
            time.sleep(self._look())

    def _look(self) -> float:
        """End what is due; how long to wait for the next look."""
        now = time.monotonic()
        with self._lock:
            late = [loan for loan, due in self._due.items() if due <= now]
            for loan in late:
                del self._due[loan]
            if not self._due:
                self._somebody_waits.clear()
            wait_s = min([_LOOK_EVERY_S, *(due - now for due in self._due.values())])
        for loan in late:
            loan.end()
        return wait_s if self._somebody_waits.is_set() else 0.0


@cache
def _clock() -> _Clock:
    return _Clock()


os.register_at_fork(after_in_child=_clock.cache_clear)  # its thread is the parent's


@contextmanager
def patiently(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """For one call in a thread.

    Raises:
        psycopg.OperationalError: no answer came; its session is ended.
    """
    loan, clock = Loan(), _clock()
    try:
        with loan.of(connection):
            clock.begin(loan, seconds)
            yield
    except psycopg.Error as error:
        if not loan.is_over:
            raise
        told = f"no answer within {seconds:g} s; it may have happened"
        raise psycopg.OperationalError(told) from error
    finally:
        clock.end(loan)
