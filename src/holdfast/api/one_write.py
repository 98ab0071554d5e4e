"""An answer leaves in one piece."""

import asyncio
from typing import Any, Final

from holdfast.api.clocks import REQUEST_S

_MOST_HELD: Final = 65_536


class OneWrite:
    """A transport that holds back what is written until the end of this step of the event loop.

    uvicorn writes the head of an answer and its body apart: two system calls, and two packets that
    wake the other side twice.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        """It leaves with what follows it, or by itself when nothing does."""
        if not self._held and data:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held += data
        if len(self._held) > _MOST_HELD:
            self.flush()  # and pauses whoever writes, if nobody reads

    def flush(self) -> None:
        """What is held leaves now."""
        held, self._held = self._held, bytearray()
        if held:
            self._transport.write(held)

    def close(self) -> None:
        """Close after what is held has left, and after a minute though it has not."""
        self.flush()
        if not self._transport.is_closing():
            self._transport.close()
            if self._transport.get_write_buffer_size():
                asyncio.get_running_loop().call_later(REQUEST_S, self._transport.abort)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
