"""Errors of a statement that is not ours: they pass our connections under their own name.

Of our statements a missing table says that the schema is old, and a wrong placeholder that we were
given a bad URL. Of a handler's, both are what it got wrong, and only the driver's word helps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from holdfast.database.session import is_cut_off, is_read_only


class _Theirs(Exception):
    def __init__(self, error: psycopg.Error) -> None:
        self.error = error


@contextmanager
def shown() -> Iterator[None]:
    """Around the connection: what was hidden from it by `hidden` comes out as it was."""
    try:
        yield
    except _Theirs as theirs:
        error = theirs.error
        before = error.__cause__, error.__context__, error.__suppress_context__
        try:
            raise error
        finally:  # what it was raised from is not us
            error.__cause__, error.__context__, error.__suppress_context__ = before


@contextmanager
def hidden() -> Iterator[None]:
    """Around the block that has it. That the server is gone the connection has to know."""
    try:
        yield
    except psycopg.Error as error:
        if is_cut_off(error) or is_read_only(error):
            raise
        raise _Theirs(error) from None
