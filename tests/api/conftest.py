"""A server that says what it was asked."""

import pytest
from tests.serving import serving, telling


@pytest.fixture
async def port():
    """A server of an application that says what reached it."""
    async with serving(telling()) as open_port:
        yield open_port
