"""Which events a handler wants, and how it wants them; what `announce` tells the database."""

from dataclasses import dataclass
from typing import Literal

Ordering = Literal["none", "object", "latest"]
Mode = Literal["queued", "inline", "answer"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler's wish.

    Attributes:
        pattern: a type of event, with `*` for any part of it.
        ordering: `object`: the events of one object one after the other, in order of arrival;
            `latest`: of those that wait only the newest; `none`: as they come.
        deadline: an alert at half of it if the handler is not through; such as "1 h".
        mode: who runs it; see `answer`.
    """

    name: str
    source: str
    pattern: str
    ordering: Ordering = "none"
    deadline: str | None = None
    mode: Mode = "queued"
