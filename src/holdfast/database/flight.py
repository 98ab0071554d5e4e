"""Whoever waits flies with others: one call for all, and each gets the answer to his own item."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from holdfast.errors import DatabaseUnavailable, HoldfastError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def fly(
    batch: "Sequence[tuple[Item, asyncio.Future[Answer]]]",
    ask: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
) -> None:
    """Ask for all of a batch, and tell each; if the call refuses it, ask for one after the other.

    Who has given up meanwhile is not told. What nobody foresaw is told to all and raised, too.
    """
    try:
        answers = await ask([item for item, _ in batch])
        answered = list(zip(batch, answers, strict=True))
    except DatabaseUnavailable as error:
        _fail(batch, error)
    except HoldfastError as error:
        if len(batch) == 1:
            _fail(batch, error)
            return
        for one in batch:  # one of them is refused; the others must not suffer for it
            await fly([one], ask)
    except BaseException as error:
        _fail(batch, error)
        raise
    else:
        for (_, answer), what in answered:
            if not answer.done():
                answer.set_result(what)


def _fail(batch: "Sequence[tuple[Item, asyncio.Future[Answer]]]", error: BaseException) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
