"""What can be asked of the queue by the JSON API: jobs, dead letters, replays, and how it is."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from holdfast.channel import Services, load
from holdfast.engine import dead_letters, jobs, queues, replays, views
from holdfast.engine.model import Job
from holdfast.errors import InvalidInput
from holdfast.operation import Body, Caller, Limit, Moment, Name, Operation, Sent, Why, why

Found = list[dict[str, Any]]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewJob(Body):
    """A job to be enqueued, as `Job` in Python; but nothing by which others' jobs are changed."""

    kind: Name
    queue: Name = "default"
    payload: Any = Field(default_factory=dict)
    run_at: Moment | None = None
    expires_at: Moment | None = None
    priority: StrictInt = 5
    tenant: Name | None = None
    ordering_key: Name | None = None
    dedupe_key: str | None = None
    dedupe_scope: str | None = None

    def job(self) -> Job:
        """As the queue takes it."""
        return Job(**dict(self))


class NewReplay(Body):
    """Which dead letters come back: the filter of `dead-letters replay`; and how."""

    filter: dict[str, Any]
    why: str
    rate: float | None = None
    canary: StrictBool = False
    limit: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000


class Chosen(Why):
    """Jobs that a filter names by queue, kind, tenant and ids; {} is all of them."""

    filter: dict[str, Any]


class ChosenFew(Chosen):
    """The same, so many at most; ask again until it is none."""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 10_000


class Pause(Why):
    """Until then, or until it is resumed."""

    until: Moment | None = None


def of_no_channel(job: Job) -> Job:
    """The job. Raises InvalidInput, if it is one of those that a channel makes for itself."""
    for channel in load().values():
        if job.queue in channel.queues or job.kind.startswith(tuple(channel.kinds)):
            raise InvalidInput(f"the jobs of {channel.name} are made by its own operations")
    return job


async def send_job(services: Services, job: NewJob) -> Sent:
    """Enqueue a job. 202 comes after the commit; with a `dedupe_key` it is safe to repeat.

    Those of the channels are made by the channels alone.
    """
    receipt = await services.database.run(jobs.enqueue(of_no_channel(job.job())))
    return Sent(receipt.id, receipt.duplicate)


async def list_jobs(
    services: Services, queue: str | None = None, state: str | None = None,
    kind: str | None = None, tenant: str | None = None, before: UUID | None = None,
    limit: Limit = 50,
) -> Found:  # fmt: skip
    """The newest jobs; `before` an id gives those older than it."""
    return await services.database.run(views.job_list(
        _given(queue=queue, state=state, kind=kind, tenant=tenant, before=before), limit
    ))  # fmt: skip


async def show_job(services: Services, job_id: UUID) -> dict[str, Any]:
    """One job with its payload and each of its attempts."""
    return await services.database.run(views.job_show(job_id))


async def explain_job(services: Services, job_id: UUID) -> dict[str, Any]:
    """Why it waits, until when, by which rule."""
    return await services.database.run(jobs.explain(job_id))


async def cancel_job(
    services: Services, job_id: UUID, caller: Caller, reason: Why | None = None
) -> dict[str, str]:
    """End a job that has not ended; if it runs, its worker stops it within half a minute."""
    return {"state": await services.database.run(jobs.cancel(job_id, caller.name, why(reason)))}


async def hold_job(
    services: Services, job_id: UUID, caller: Caller, reason: Why | None = None
) -> dict[str, str]:
    """Set a waiting job aside until somebody lets it go."""
    await services.database.run(jobs.hold(job_id, caller.name, why(reason)))
    return {"state": "held"}


async def unhold_job(
    services: Services, job_id: UUID, caller: Caller, reason: Why | None = None
) -> dict[str, str]:
    """Let a held job go."""
    await services.database.run(jobs.unhold(job_id, caller.name, why(reason)))
    return {"state": "ready"}


async def run_job(
    services: Services, job_id: UUID, caller: Caller, reason: Why | None = None
) -> dict[str, str]:
    """Have a job run now that waits for its time, or for its next attempt."""
    await services.database.run(jobs.run_now(job_id, caller.name, why(reason)))
    return {"state": "ready"}


async def cancel_jobs(services: Services, chosen: ChosenFew, caller: Caller) -> dict[str, int]:
    """End all jobs that wait, of those that a filter names; what runs goes on."""
    ended = jobs.cancel_many(chosen.filter, caller.name, chosen.why, limit=chosen.limit)
    return {"cancelled": await services.database.run(ended)}


async def unhold_jobs(services: Services, chosen: Chosen, caller: Caller) -> dict[str, int]:
    """Let all held jobs go, of those that a filter names."""
    let_go = jobs.unhold_many(chosen.filter, caller.name, chosen.why)
    return {"unheld": await services.database.run(let_go)}


async def run_jobs(services: Services, chosen: Chosen, caller: Caller) -> dict[str, int]:
    """Have all run now that have failed or were put off, of those that a filter names."""
    due = jobs.run_now_many(chosen.filter, caller.name, chosen.why)
    return {"due": await services.database.run(due)}


async def list_queues(services: Services) -> Found:
    """The queues at a glance; 10001 of something means more than ten thousand."""
    return await services.database.run(views.queue_list())


async def show_queue(services: Services, queue: str) -> dict[str, Any]:
    """One queue at a glance, and its policy."""
    policy = await services.database.run(queues.policy(queue))
    [found] = await services.database.run(views.queue_list(queue))
    return {**found, "policy": policy}


async def pause_queue(
    services: Services, queue: str, caller: Caller, reason: Pause | None = None
) -> dict[str, Any]:
    """Claim nothing more of it; what runs comes to its end. With `until` it goes on by itself."""
    until = reason.until if reason is not None else None
    await services.database.run(queues.pause(queue, caller.name, why(reason), until))
    return {"state": "paused", "until": until}


async def resume_queue(
    services: Services, queue: str, caller: Caller, reason: Why | None = None
) -> dict[str, str]:
    """Go on with it."""
    await services.database.run(queues.resume(queue, caller.name, why(reason)))
    return {"state": "running"}


async def list_dead_letters(
    services: Services, queue: str | None = None, kind: str | None = None,
    tenant: str | None = None, fingerprint: str | None = None, since: Moment | None = None,
    until: Moment | None = None, limit: Limit = 50,
) -> Found:  # fmt: skip
    """The latest dead letters; `since` a time, and `until` one, which is left out."""
    return await services.database.run(views.dead_letter_list(_given(
        queue=queue, kind=kind, tenant=tenant, group=fingerprint,
        since=since and since.isoformat(), until=until and until.isoformat(),
    ), limit))  # fmt: skip


async def group_dead_letters(
    services: Services, queue: str | None = None, limit: Limit = 50
) -> Found:
    """Dead letters by what killed them, the largest group first."""
    return await services.database.run(views.dead_letter_groups(_given(queue=queue), limit))


async def show_dead_letter(services: Services, job_id: UUID) -> dict[str, Any]:
    """One letter with its payload and the history of its errors."""
    return await services.database.run(views.dead_letter_show(job_id))


async def replay_dead_letter(
    services: Services, job_id: UUID, caller: Caller, reason: Why | None = None
) -> dict[str, UUID]:
    """Bring one letter back to life."""
    return {
        "id": await services.database.run(dead_letters.replay(job_id, caller.name, why(reason)))
    }


async def plan_replay(services: Services, replay: NewReplay) -> dict[str, Any]:
    """What a replay would be: how many match, how many come back, why others do not."""
    return await services.database.run(replays.plan(replay.filter, replay.limit))


async def create_replay(services: Services, replay: NewReplay, caller: Caller) -> dict[str, int]:
    """Bring dead letters back, at a rate, by workers: what the filter names now."""
    number = await services.database.run(replays.create(
        replay.filter, caller.name, replay.why, rate=replay.rate, canary=replay.canary,
        limit=replay.limit,
    ))  # fmt: skip
    return {"id": number}


async def list_replays(services: Services, limit: Limit = 50) -> Found:
    """The replays, the latest first."""
    return await services.database.run(replays.replay_list(limit))


async def list_letters(
    services: Services, number: Number, outcome: str | None = None, state: str | None = None,
    after: UUID | None = None, limit: Limit = 50,
) -> Found:  # fmt: skip
    """The letters of a replay, in their order: what became of each; `after` is the next page."""
    await services.database.run(replays.show(number))  # which says so if there is none
    asked = replays.letter_list(number, limit, outcome=outcome, state=state, after=after)
    return await services.database.run(asked)


async def show_replay(services: Services, number: Number) -> dict[str, Any]:
    """How far a replay has come, and what became of the letters."""
    return await services.database.run(replays.show(number))


async def cancel_replay(
    services: Services, number: Number, caller: Caller, reason: Why | None = None
) -> dict[str, int]:
    """End a replay; what has not come back stays dead."""
    return {"left": await services.database.run(replays.cancel(number, caller.name, why(reason)))}


async def list_workers(services: Services, limit: Limit = 1000) -> Found:
    """Who works, those heard of last first."""
    return (await services.database.run(views.worker_list()))[:limit]


async def checkup(services: Services) -> dict[str, Any]:
    """The facts that tell whether all is well."""
    return await services.database.run(views.checkup())


def _given(**chosen: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in chosen.items() if value is not None}


OPERATIONS = (
    Operation("send", "POST", "/jobs", send_job, 202, 1_310_720),
    Operation("read", "GET", "/jobs", list_jobs, cursor=("before", "id")),
    Operation("read", "GET", "/jobs/{job_id}", show_job),
    Operation("read", "GET", "/jobs/{job_id}/explain", explain_job),
    Operation("operate", "POST", "/jobs/{job_id}/cancel", cancel_job),
    Operation("operate", "POST", "/jobs/{job_id}/hold", hold_job),
    Operation("operate", "POST", "/jobs/{job_id}/unhold", unhold_job),
    Operation("operate", "POST", "/jobs/{job_id}/run", run_job),
    Operation("operate", "POST", "/jobs/cancel", cancel_jobs),
    Operation("operate", "POST", "/jobs/unhold", unhold_jobs),
    Operation("operate", "POST", "/jobs/run", run_jobs),
    Operation("read", "GET", "/queues", list_queues),
    Operation("read", "GET", "/queues/{queue}", show_queue),
    Operation("operate", "POST", "/queues/{queue}/pause", pause_queue),
    Operation("operate", "POST", "/queues/{queue}/resume", resume_queue),
    Operation("read", "GET", "/dead-letters", list_dead_letters),
    Operation("read", "GET", "/dead-letters/groups", group_dead_letters),
    Operation("read", "GET", "/dead-letters/{job_id}", show_dead_letter),
    Operation("operate", "POST", "/dead-letters/{job_id}/replay", replay_dead_letter),
    Operation("read", "POST", "/replays/plan", plan_replay),
    Operation("operate", "POST", "/replays", create_replay, 201),
    Operation("read", "GET", "/replays", list_replays),
    Operation("read", "GET", "/replays/{number}", show_replay),
    Operation("read", "GET", "/replays/{number}/letters", list_letters, cursor=("after", "job_id")),
    Operation("operate", "POST", "/replays/{number}/cancel", cancel_replay),
    Operation("read", "GET", "/workers", list_workers),
    Operation("read", "GET", "/checkup", checkup),
)
