"""The promise, compared with what is there. Each check yields what contradicts it."""

from collections.abc import Callable, Iterator

from bench.storm.checks import limits, mail, people, replays, schedules, webhooks, work
from bench.storm.checks.evidence import Evidence, Found, doubts

__all__ = ["CHECKS", "Evidence", "Found", "doubts"]

CHECKS: list[Callable[[Evidence], Iterator[Found]]] = [
    work.audit, work.one_end, work.died_for_a_reason, work.counted, webhooks.no_lies,
    webhooks.events_stored, webhooks.answered, work.handled, work.in_order, work.enqueued,
    mail.mailed, mail.mailed_twice, mail.one_provider, mail.one_key, mail.never_twice,
    mail.sent_again, webhooks.forwarded, work.foreseen, schedules.ticked, schedules.in_rhythm,
    limits.at_most, limits.not_faster, limits.unharmed, replays.ended, replays.each_letter,
    replays.not_faster, people.held, people.cancelled, people.paused, people.edited, people.told,
]  # fmt: skip
