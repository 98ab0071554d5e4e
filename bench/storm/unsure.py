"""Handlers that need a person: that do not know, that want another payload, that die at whim."""

import os
import random
from typing import Any

from bench.storm.base import EFFECT, SHORT, hf, write_down
from holdfast import Dead, Hold, Unknown
from holdfast.policy.verdict import Verdict


@hf.task(queue="doubts", on_unknown="hold", **SHORT)
async def doubtful(n: int) -> Verdict | None:
    """It may have happened, or a person is to look: nothing goes on before one has."""
    write_down("doubtful", str(n))
    mood = random.random()
    if mood < 0.3:
        return Unknown("nobody said whether it was taken")
    return Hold("somebody has to look at this") if mood < 0.4 else None


@hf.task(queue="whims", **SHORT)
async def picky(n: int, mended: bool = False, tx: Any = None) -> Verdict | None:
    """Dead until somebody has changed what it carries."""
    await tx.execute(EFFECT, ["picky", str(n), os.getpid()])
    return None if mended else Dead("it carries the wrong thing")


@hf.task(queue="whims")
async def fickle(n: int, tx: Any = None) -> Verdict | None:
    """Dead at whim: a replay of it may work, or not."""
    await tx.execute(EFFECT, ["fickle", str(n), os.getpid()])
    return Dead("not today") if random.random() < 0.5 else None
