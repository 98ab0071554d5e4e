"""Those who operate it: they hold, pause, cancel, edit and replay at random, by SQL and by command.

What each act said is not written down here: what it did is on record as an operation, in the same
transaction, and that is what the checks go by. Only what people saw is kept, if it was wrong.
"""

import asyncio
import contextlib
import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable

import psycopg

from bench.storm.system import System

WHO = "storm"
_WAITING = ("notes", "outside", "moody", "few", "slow", "whims", "clock", "turns", "email")
_ENDED_BY_PEOPLE = ("notes", "outside", "few", "each", "slow", "doubts")
_PAUSED = ("notes", "few", "slow", "doubts", "whims", "email", "clock")
_ANY_OF = """
    select id::text from jobs where state = any (%s) and queue = any (%s)
      and waits_for is distinct from 'key'  -- one behind the head loses its place: found/
    order by random() limit 1"""
_DEAD = "select id::text from dead_letters where kind = any (%s) order by random() limit 1"
_HELD = """
    select id::text, coalesce(because, ''), coalesce(explain(id) ->> 'because', '')
    from jobs where state = 'held'"""


class People:
    """A few operators, who act until they are told to stop."""

    def __init__(self, system: System, chance: random.Random, rate: float = 4) -> None:
        self.acts: Counter[str] = Counter()
        self.lies: list[str] = []
        self._system = system
        self._chance = chance
        self._rate = rate

    async def run(self, stop: asyncio.Event) -> None:
        """Act until told to stop; a pause is not left behind."""
        acts = {
            self.hold: 10, self.unhold: 6, self.unhold_all: 3, self.run_now: 4, self.cancel: 6,
            self.pause: 4, self.pause_schedule: 3, self.run_schedule: 2, self.replay: 5,
            self.edit: 6, self.begin_replay: 12, self.cancel_replay: 4, self.command: 2,
            self.resend: 2,
        }  # fmt: skip
        await asyncio.gather(*(self._operator(stop, acts) for _ in range(3)))

    async def _operator(
        self, stop: asyncio.Event, acts: dict[Callable[[], str | None], int]
    ) -> None:  # fmt: skip
        while not stop.is_set():
            await asyncio.sleep(self._chance.expovariate(self._rate / 3))
            act = self._chance.choices(list(acts), list(acts.values()))[0]
            await asyncio.to_thread(self._try, act)

    def _try(self, act: Callable[[], str | None]) -> None:
        name = act.__name__.replace("_", " ")
        try:
            said = act()
        except psycopg.Error as error:
            refused = (error.sqlstate or "").startswith("JQ")
            said = "refused" if refused else "no answer"
            if not refused and not isinstance(error, psycopg.OperationalError):
                self.lies.append(f"{name}: {type(error).__name__} {error}".strip())
        except (subprocess.SubprocessError, OSError):
            said = "no answer"
        self.acts[f"{name}{f', {said}' if said else ''}"] += 1

    def _one(self, query: str, *values: object) -> str | None:
        rows = self._system.ask(query, *values)
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def _job(self, states: tuple[str, ...], queues: tuple[str, ...]) -> str | None:
        return self._one(_ANY_OF, list(states), list(queues))

    def _until_said(self, query: str, *values: object) -> None:
        """What was begun is ended, whatever is hurt meanwhile."""
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self._system.ask(query, *values)
                return

    # ---------------------------------------------------------------- the acts

    def hold(self) -> str | None:
        """A job that waits is set aside."""
        if job := self._job(("ready",), _WAITING):
            self._system.ask("select hold(%s, %s, 'is that right?')", job, WHO)
        return None if job else "nothing there"

    def unhold(self) -> str | None:
        """One goes on."""
        self._look_at_held()
        if job := self._job(("held",), (*_WAITING, "doubts")):
            self._system.ask("select unhold(%s, %s, 'it is')", job, WHO)
        return None if job else "nothing there"

    def unhold_all(self) -> str | None:
        """All of a queue go on."""
        self._look_at_held()
        queue = self._chance.choice([*_WAITING, "doubts", "doubts"])
        chosen = json.dumps({"queue": queue})
        self._system.ask("select unhold_many(%s, %s, 'all of them')", chosen, WHO)
        return None

    def run_now(self) -> str | None:
        """Retries of a queue do not wait for their time."""
        chosen = json.dumps({"queue": self._chance.choice(_WAITING)})
        self._system.ask("select run_now_many(%s, %s, 'it is mended')", chosen, WHO)
        return None

    def cancel(self) -> str | None:
        """A job is ended, also while it runs."""
        if job := self._job(("ready", "leased", "held"), _ENDED_BY_PEOPLE):
            self._system.ask("select cancel(%s, %s, 'not wanted')", job, WHO)
        return None if job else "nothing there"

    def pause(self) -> str | None:
        """A queue hands nothing out for a while."""
        queue = self._chance.choice(_PAUSED)
        self._system.ask("select pause_queue(%s, %s, 'a look at it')", queue, WHO)
        try:
            self._wait()
        finally:
            self._until_said("select resume_queue(%s, %s)", queue, WHO)
        return None

    def pause_schedule(self) -> str | None:
        """A schedule takes no tick for a while."""
        self._system.ask("select pause_schedule('storm-none', %s)", WHO)
        try:
            self._wait()
        finally:
            self._until_said("select resume_schedule('storm-none', %s)", WHO)
        return None

    def run_schedule(self) -> str | None:
        """A job beside the ticks."""
        self._system.ask("select run_schedule('storm-none', %s)", WHO)
        return None

    def replay(self) -> str | None:
        """One dead letter, as it is."""
        if letter := self._one(_DEAD, ["webhook:moody", "task:fickle", "task:picky"]):
            self._system.ask("select replay(%s, %s, 'again')", letter, WHO)
        return None if letter else "nothing there"

    def edit(self) -> str | None:
        """What it carries is mended, and it is replayed."""
        letter = self._one(_DEAD, ["task:picky"])
        if letter is None:
            return "nothing there"
        self._system.ask(
            "select replay(id, %s, 'mended', payload || '{\"mended\": true}') "
            "from dead_letters where id = %s", WHO, letter,
        )  # fmt: skip
        return None

    def begin_replay(self) -> str | None:
        """Those of a kind, as an operation."""
        kinds = ["webhook:moody", "task:fickle", None]
        kind, rate = self._chance.choice(kinds), self._chance.choice([None, 1.0, 3.0, 20.0])
        self._system.ask(
            "select create_replay(%s, %s, 'mended, I think', %s, %s, %s)",
            json.dumps({"kind": kind} if kind else {"queue": "whims"}), WHO, rate,
            self._chance.random() < 0.3, self._chance.choice([3, 20, 1000]),
        )  # fmt: skip
        return None

    def cancel_replay(self) -> str | None:
        """An operation is stopped."""
        found = "select id from replays where state in ('canary', 'running') order by random()"
        if number := self._one(f"{found} limit 1"):
            self._system.ask("select cancel_replay(%s, %s, 'not yet')", number, WHO)
        return None if number else "nothing there"

    def resend(self) -> str | None:
        """An email that somebody has is sent again, as a new one."""
        found = (
            "select id::text from jobs where kind = 'email' and state = 'done' order by random()"
        )
        if email := self._one(f"{found} limit 1"):
            self._system.ask(
                "select email_resend(%s, %s)", email, json.dumps({"who": WHO, "why": "lost"})
            )
        return None if email else "nothing there"

    def command(self) -> str | None:
        """The same by the command line."""
        words = self._chance.choice([
            ["dead-letters", "replay", "--kind", "webhook:moody", "--rate", "5", "--detach"],
            ["jobs", "unhold", "--queue", "doubts"], ["dead-letters", "groups"],
        ])  # fmt: skip
        asks = words[0] != "dead-letters" or words[1] == "replay"
        self._system.command(*words, *(["--yes", "--who", WHO] if asks else []))
        return None

    # ---------------------------------------------------------------- the rest

    def _wait(self) -> None:
        time.sleep(self._chance.uniform(0.5, 4))

    def _look_at_held(self) -> None:
        for job, because, explained in self._system.ask(_HELD):
            if not because.strip() or not explained.strip():
                self.lies.append(f"{job} is held, and nobody says why")

    def let_go(self) -> None:
        """What waits for a person goes on, and no clock makes new work. Raises psycopg.Error."""
        for (name,) in self._system.ask("select name from schedules where paused_at is null"):
            self._system.ask("select pause_schedule(%s, %s, 'the end')", name, WHO)
        if self._system.ask("select 1 from jobs where state = 'held' limit 1"):
            self._look_at_held()
            self._system.ask("select unhold_many('{}', %s, 'the end')", WHO)
