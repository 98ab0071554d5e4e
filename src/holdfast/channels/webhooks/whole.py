"""The whole body of an answer: one read of a stream gives what has come so far, and no more."""

import aiohttp


async def whole(content: aiohttp.StreamReader, most: int) -> bytes | None:
    """All of it, or None if it is more than `most` bytes. Raises as aiohttp."""
    pieces, size = [], 0
    async for piece in content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > most:
            return None
    return b"".join(pieces)
