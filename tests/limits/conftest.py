"""Limits as an application holds them, on a real database."""

import pytest


@pytest.fixture
def clock():
    """A clock that goes when it is told to: `clock.now += 1`."""

    class Clock:
        now = 1000.0

        def __call__(self) -> float:
            return self.now

    return Clock()
