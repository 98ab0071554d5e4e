"""How fast mail goes to a provider, a domain, for a tenant: asked before, told after.

What is limited is known from the database, looked at again every second or so; where nothing is,
nothing is asked. What another side calls too fast is slowed down for all workers.
"""

import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from holdfast.channels.email.providers.provider import Outcome
from holdfast.database import Call, Database, Gather, encode, within
from holdfast.errors import DatabaseUnavailable, RateLimited
from holdfast.policy.verdict import Delivered

_LOOKED_AT_FOR_S = 2.0
_ANSWER_WITHIN_S = 2.0
_WINDOW_S = 10
_FLOOR = 0.1
_THROTTLED = 429
# A server that is asked too fast says so in words; first what it says of a recipient's domain.
_DOMAIN = re.compile(
    r"\b4\.2\.1\b.*(rate|too (fast|quick|many|much)|frequen)|\b4\.7\.28\b", re.IGNORECASE
)
_PROVIDER = re.compile(
    r"\brate|throttl|too (?:fast|many|much)|exceed|limit|slow down", re.IGNORECASE
)
_LATER = {421, *range(450, 455)}
# Who has used up a day is not too fast, and is as slow tomorrow as the pace that was learned.
_USED_UP = re.compile(r"\b(?:daily|monthly)", re.IGNORECASE)
# What is said of a mailbox, of room, of how many share a message or were refused is no pace.
_NO_PACE = re.compile(
    r"4\.[126]\.|4\.3\.[14]\b|4\.5\.3\b"
    r"|.*\btoo many (?:\w+ ){0,2}(?:errors|(?:bad|invalid|unknown) (?:addresses|recipients|users))"
    r"|(?!4\.7\.)(?!.*(?:\brate|throttl|(?:per|this) (?:second|minute|hour|day)))"
    r".*(?:mailbox|quota|storage|disk|size|recipients)",
    re.IGNORECASE | re.DOTALL,
)


class Wish(NamedTuple):
    """A message that would go now."""

    scopes: Sequence[str]
    cost: int


class Refusal(NamedTuple):
    """Not now: for so long, because of this scope. Without seconds it may go."""

    after: float | None
    scope: str | None


def admit(wishes: Sequence[Wish]) -> Call[Sequence[Refusal]]:
    """May they go now? All scopes of one are charged, or none."""
    asked = [{"scopes": list(w.scopes), "cost": w.cost} for w in wishes]
    return Call(
        "email_admit",
        {"p_messages": encode(asked)},
        read=lambda rows: [
            Refusal(row[1], row[2]) for row in sorted(rows, key=lambda r: int(r[0]))
        ],
        select="ordinality, retry_after, scope",
    )


def set_pace(scope: str, per_second: float | None, *, keep_learned: bool = False) -> Call[Any]:
    """At most this many messages a second; None takes the limit away.

    What was learned of the scope is forgotten, unless it is to be kept.
    """
    values = {"p_scope": scope, "p_ceiling": per_second, "p_keep_learned": keep_learned}
    return Call("email_set_pace", values)


def paced() -> Call[Sequence[Sequence[Any]]]:
    """The scopes that are limited now, what they get and why."""
    return Call(
        "email_paced", {}, read=list, select="scope, per_second, ceiling, changed_at, because"
    )


class Paces:
    """The paces as one worker sees them."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._admit = Gather(database, admit)
        self._limited: frozenset[str] = frozenset()
        self._looked_at = float("-inf")
        self._sent: dict[str, deque[list[int]]] = defaultdict(deque)

    async def pass_through(self, scopes: Sequence[str], cost: int) -> None:
        """Charge the scopes that are limited.

        Raises:
            RateLimited: it may not go now; `retry_after` says when to ask again.
        """
        if self._clock() - self._looked_at > _LOOKED_AT_FOR_S:
            await self._look()
        asked = [scope for scope in scopes if scope in self._limited]
        if not asked:
            return
        refusal = await self._admit.ask(Wish(asked, cost))
        if refusal.after is not None:
            raise RateLimited(f"{refusal.scope} gets no more now", refusal.after)

    def sent(self, scopes: Iterable[str], cost: int = 1) -> None:
        """A message was handed over: what is observed is what a first limit is made of."""
        second = int(self._clock())
        for scope in scopes:
            counts = self._sent[scope]
            if counts and counts[-1][0] == second:
                counts[-1][1] += cost
                continue
            counts.append([second, cost])
            while counts[0][0] <= second - _WINDOW_S:
                counts.popleft()

    async def heard(self, provider: str, outcomes: Sequence[Outcome]) -> None:
        """Slow down whom an answer calls too fast; what became of the email waits a moment."""
        slower: dict[str, str] = {}
        for outcome in outcomes:
            if not isinstance(outcome.verdict, Delivered):
                scope = too_fast(provider, outcome)
                if scope is not None:
                    slower[scope] = outcome.answer
        for scope, because in slower.items():
            try:
                slow = self._database.run(_slow_down(scope, self._observed(scope), because))
                await within(_ANSWER_WITHIN_S, slow)
            except DatabaseUnavailable:
                continue  # the next answer will say the same
            self._limited |= {scope}

    # ---------------------------------------------------------------- inside

    def _observed(self, scope: str) -> float:
        """Messages a second since the first one of the window: who has just begun is not slow."""
        now = int(self._clock())
        sent = [count for count in self._sent.get(scope, ()) if count[0] > now - _WINDOW_S]
        if not sent:
            return _FLOOR
        return max(sum(number for _, number in sent) / (now - sent[0][0] + 1), _FLOOR)

    async def _look(self) -> None:
        self._looked_at = self._clock()
        self._limited = frozenset(row[0] for row in await self._database.run(paced()))


def scopes_of(provider: str, recipients: Iterable[str], tenant: str | None) -> list[str]:
    """Whose paces a message has to keep."""
    domains = {f"domain:{address.rpartition('@')[2].lower()}" for address in recipients}
    return [f"provider:{provider}", *sorted(domains), *([f"tenant:{tenant}"] if tenant else [])]


def too_fast(provider: str, outcome: Outcome) -> str | None:
    """The scope that an answer calls too fast, if it does."""
    said = f"{outcome.code or ''} {outcome.answer}"
    if _USED_UP.search(said):
        return None
    if _DOMAIN.search(said):
        return f"domain:{outcome.address.rpartition('@')[2].lower()}"
    if outcome.code == _THROTTLED:
        return f"provider:{provider}"
    if outcome.code not in _LATER or _NO_PACE.match(outcome.answer):
        return None
    return f"provider:{provider}" if _PROVIDER.search(outcome.answer) else None


def _slow_down(scope: str, observed: float, because: str) -> Call[Any]:
    return Call(
        "email_slow_down",
        {"p_scope": scope, "p_observed": observed, "p_because": because},
    )
