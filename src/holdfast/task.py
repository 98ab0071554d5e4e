"""A function of the user's as a background job: its arguments are stored, and it runs later."""

import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec

from holdfast.channel import awaitable
from holdfast.engine.model import ClaimedJob, Job
from holdfast.errors import InvalidInput
from holdfast.policy.verdict import Verdict

P = ParamSpec("P")


class Task(Generic[P]):
    """A function of yours that runs as a background job.

    `task.job(...)` is the job that calls it with these arguments (JSON), to be sent; calling the
    task itself just calls the function.
    """

    def __init__(self, function: Callable[P, Any], name: str, queue: str) -> None:
        self.function = function
        self.name = name
        self.queue = queue
        self._signature = inspect.signature(function)
        self._takes_tick = any(
            p.name == "tick" or p.kind is p.VAR_KEYWORD for p in self._signature.parameters.values()
        )
        self._run = awaitable(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Just call the function."""
        return self.function(*args, **kwargs)

    def job(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """The job that will call the function with these arguments.

        Raises:
            InvalidInput: the arguments do not fit the function.
        """
        try:
            arguments = self._signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise InvalidInput(f"task {self.name}: {error}") from None
        return Job(queue=self.queue, kind=f"task:{self.name}", payload=dict(arguments))

    async def run(self, job: ClaimedJob) -> Verdict | None:
        """One attempt, with the arguments that were stored.

        A scheduled job also has the moment of its tick, for functions that take a `tick`.
        """
        arguments = job.payload or {}
        if not self._takes_tick and "tick" in arguments:
            arguments = {name: value for name, value in arguments.items() if name != "tick"}
        result: Verdict | None = await self._run(**arguments)
        return result
