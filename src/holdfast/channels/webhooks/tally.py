"""Counts what was refused and which secrets were used, and tells the database every few seconds.

Of a refused request nothing is stored but a number and, of a few, what can be told without keeping
it: its size, the hash of its body, the names of its headers. So a stranger cannot fill the disk.
What was counted in the last seconds is lost with the process.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from holdfast import log
from holdfast.channel import Request
from holdfast.database import Call, Database, encode
from holdfast.errors import HoldfastError

_NOT_COUNTED = log.Event(
    "webhook.not_counted", logging.INFO, "Counts could not be written; they are kept.", error=str
)
_EVERY_S = 2.0
_MOST_SAMPLES = 8
_MOST_HEADERS = 40
_MOST_USES = 1000
_USED_AGAIN_S = 60.0
_SHOWN = 12


class Tally:
    """The counts of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._refused: Counter[tuple[str, str]] = Counter()
        self._samples: list[dict[str, Any]] = []
        self._used: dict[tuple[str, str], float] = {}
        self._unwritten: set[tuple[str, str]] = set()
        self._telling: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def refused(self, source: str, reason: str, detail: str, request: Request, peer: str) -> None:
        """One more, for that reason; the first few of each few seconds leave a sample."""
        self._refused[source, reason] += 1
        if self.is_curious():
            self._samples.append(
                {
                    "source": source, "reason": reason, "detail": detail[:500], "peer": peer,
                    "size": len(request.body), "body_sha256": sha256(request.body).hexdigest(),
                    "headers": _outline(request.headers),
                }
            )  # fmt: skip
        self._soon()

    def is_curious(self) -> bool:
        """Whether the next refusal leaves a sample, and so it is worth asking why."""
        return len(self._samples) < _MOST_SAMPLES

    def used(self, owner: str, secret: str) -> None:
        """A secret has verified something; told once a minute."""
        now = asyncio.get_running_loop().time()
        if now - self._used.get((owner, secret), float("-inf")) < _USED_AGAIN_S:
            return
        if len(self._used) >= _MOST_USES:
            self._used.clear()
        self._used[owner, secret] = now
        self._unwritten.add((owner, secret))
        self._soon()

    def _soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_EVERY_S, self._start)

    def _start(self) -> None:
        self._telling = None
        task = asyncio.create_task(self.tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def tell(self) -> None:
        """Write what was counted; if that fails, it is counted on."""
        refused, self._refused = self._refused, Counter()
        samples, self._samples = self._samples, []
        unwritten, self._unwritten = self._unwritten, set()
        if not refused and not unwritten:
            return
        counts = [
            {"source": source, "reason": reason, "count": count}
            for (source, reason), count in refused.items()
        ]
        uses = [{"owner": owner, "secret": secret} for owner, secret in unwritten]
        call: Call[Any] = Call(
            "webhook_count",
            {"p_refusals": encode(counts), "p_samples": encode(samples), "p_used": encode(uses)},
        )
        try:
            await self._database.run(call)
        except HoldfastError as error:
            _NOT_COUNTED(error=str(error))
            self._refused.update(refused)
            self._unwritten |= unwritten
            self._soon()


def _outline(headers: Sequence[tuple[str, str]]) -> list[list[Any]]:
    """Names and lengths; of a signature also how it begins, which tells its scheme."""
    return [
        [
            name[:100].replace("\x00", ""), len(value),
            value[:_SHOWN].replace("\x00", "") if "signature" in name.lower() else "",
        ]
        for name, value in headers[:_MOST_HEADERS]
    ]  # fmt: skip
