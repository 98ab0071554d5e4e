"""A function of the user's as a background job: its arguments are stored, and it runs later."""

import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec

from holdfast.database import Database
from holdfast.engine.model import ClaimedJob, Job
from holdfast.errors import InvalidInput
from holdfast.policy.verdict import Verdict
from holdfast.threads import awaitable
from holdfast.transaction import takes_transaction, within_transaction

P = ParamSpec("P")


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
        self._signature = inspect.signature(function)
        self._takes_tx = takes_transaction(function)
        self._takes_tick = any(
            p.name == "tick" or p.kind is p.VAR_KEYWORD for p in self._signature.parameters.values()
        )
        self._run = awaitable(function)
        self._run_within = within_transaction(database, function)

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
        if not self._takes_tx:
            return dict(self._signature.bind(*args, **kwargs).arguments)
        if "tx" in kwargs:
            raise TypeError("tx is the transaction that the job runs in; leave it out")
        stored = [p for p in self._signature.parameters.values() if p.name != "tx"]
        return dict(self._signature.replace(parameters=stored).bind(*args, **kwargs).arguments)

    async def run(self, job: ClaimedJob) -> Verdict | None:
        """One attempt, with the arguments that were stored.

        A scheduled job also has the moment of its tick, for functions that take a `tick`.
        """
        arguments = job.payload or {}
        if not self._takes_tick and "tick" in arguments:
            arguments = {name: value for name, value in arguments.items() if name != "tick"}
        if self._takes_tx:
            return await self._run_within(job, **arguments)
        result: Verdict | None = await self._run(**arguments)
        return result
