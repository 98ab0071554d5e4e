"""A function of the user's as a background job: its arguments are stored, and it runs later."""

import inspect
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, ParamSpec

from holdfast.database import Database
from holdfast.engine.model import ClaimedJob, Job
from holdfast.errors import ConfigError, InvalidInput
from holdfast.policy.verdict import Verdict
from holdfast.transaction import runner, takes_transaction

P = ParamSpec("P")
_FIRST, _EITHER = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
_VAR, _FREE = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD


class Task(Generic[P]):
    """A function of yours that runs as a background job.

    `task.job(...)` is the job that calls it with these arguments (JSON), to be sent; calling the
    task itself just calls the function.

    A function with a parameter `tx` is given the transaction of its job: what it writes there is
    committed together with the job's `done` mark, or not at all; see `transaction`.
    """

    def __init__(
        self, function: Callable[P, Any], name: str, queue: str, database: Database
    ) -> None:
        self.function = function
        self.name = name
        self.queue = queue
        given = inspect.signature(function).parameters
        if next(iter(given), None) == "self":
            raise ConfigError(
                f"task {name}: a method needs its object, and none is stored; give that of one: "
                "hf.task(reports.nightly), or a function"
            )
        stored = [p for p in given.values() if p.name != "tx"]
        kinds = {p.kind for p in stored}
        if _VAR in kinds and "tx" in given and given["tx"].kind is _EITHER:
            raise ConfigError(f"task {name}: put tx behind the *, else an argument takes its place")
        self._takes_tx = takes_transaction(function)
        self._takes_tick = "tick" in given or _FREE in kinds
        self._stored = inspect.Signature(stored)
        self._named = [p.name for p in stored if p.kind is not _FREE]
        self._others = next((p.name for p in stored if p.kind is _FREE), None)
        self._by_place = not kinds.isdisjoint({_FIRST, _VAR})
        self._run = runner(database, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Just call the function."""
        return self.function(*args, **kwargs)

    def job(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """The job that will call the function with these arguments.

        Raises:
            InvalidInput: the arguments do not fit the function.
        """
        try:
            arguments = self._bound(*args, **kwargs)
        except TypeError as error:
            raise InvalidInput(f"task {self.name}: {error}") from None
        return Job(queue=self.queue, kind=f"task:{self.name}", payload=arguments)

    def _bound(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The arguments by name; `tx` is no argument, it is given when the job runs."""
        if self._takes_tx and "tx" in kwargs:
            raise TypeError("tx is the transaction that the job runs in; leave it out")
        arguments = dict(self._stored.bind(*args, **kwargs).arguments)
        others = arguments.pop(self._others, {}) if self._others else {}
        if arguments.keys() & others.keys():
            raise TypeError(f"{', '.join(arguments.keys() & others.keys())} was given twice")
        return {**arguments, **others}

    async def run(self, job: ClaimedJob) -> Verdict | None:
        """One attempt, with the arguments that were stored.

        A scheduled job also has the moment of its tick, for functions that take a `tick`.
        """
        arguments = dict(job.payload or {})
        if not self._takes_tick:
            arguments.pop("tick", None)
        if not self._by_place:
            return await self._run(job, **arguments)
        named = {name: arguments.pop(name) for name in self._named if name in arguments}
        bound = inspect.BoundArguments(self._stored, OrderedDict(named))
        return await self._run(job, *bound.args, **bound.kwargs, **arguments)
