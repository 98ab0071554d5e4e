"""The promise, compared with what is there. Each check yields what contradicts it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench.storm.app import HANDLERS, doomed
from bench.storm.ledger import ENDS, Stored, StoredJob
from bench.storm.senders import Mailer, Stripe
from bench.storm.sinks import Endpoint, Office
from bench.storm.system import System


@dataclass
class Evidence:
    """All that is looked at."""

    system: System
    stored: Stored
    stripe: Stripe
    mailer: Mailer
    office: Office
    endpoint: Endpoint
    ledger: list[dict[str, Any]]

    def job(self, job_id: str) -> StoredJob | None:
        """The job, if it is in one place only."""
        found = self.stored.jobs.get(job_id, [])
        return found[0] if len(found) == 1 else None

    def event_of(self, job: StoredJob) -> str:
        """The sender's id of the event that a job is for."""
        return self.stored.event_ids.get(str(job.about), "")


Found = tuple[str, str]
"""What contradicts, and the job that it is about or an empty string."""


def audit(e: Evidence) -> Iterator[Found]:
    """holdfast.audit() has no row."""
    for row in e.system.ask("select invariant, job_id::text, detail from audit()"):
        yield f"{row[0]}: {row[2]}", row[1] or ""


def one_end(e: Evidence) -> Iterator[Found]:
    """Every job is in exactly one terminal state, and a dead one says why."""
    for job_id, rows in e.stored.jobs.items():
        states = [row.state for row in rows]
        if len(states) != 1 or states[0] not in ENDS:
            yield f"{rows[0].kind} is {', '.join(states)}: {rows[0].because}", job_id
        elif states == ["dead"] and not (rows[0].because or "").strip():
            yield f"{rows[0].kind} is dead without a reason", job_id


def died_for_a_reason(e: Evidence) -> Iterator[Found]:
    """Only those are dead that were refused."""
    for job in (row for rows in e.stored.jobs.values() for row in rows if row.state == "dead"):
        refused = job.kind == "webhook:moody" and doomed(e.event_of(job))
        addressee = any(w in (job.because or "") for w in ("no such mailbox", "suppressed"))
        if not refused and not addressee:
            yield f"{job.kind} is dead: {job.because}", job.id


def counted(e: Evidence) -> Iterator[Found]:
    """The counts of attempts and crashes are those of the history."""
    for rows in e.stored.jobs.values():
        for job in rows:
            outcomes = Counter(outcome for outcome, _ in e.stored.history.get(job.id, []))
            used = sum(outcomes[o] for o in ("retry", "lost", "unknown", "dead"))
            if job.state == "done" and job.attempts != used + 1:
                yield f"{job.kind}: done at attempt {job.attempts}, history {outcomes}", job.id
            if job.crashes != outcomes["lost"]:
                yield f"{job.kind}: {job.crashes} crashes, history {outcomes}", job.id


def no_lies(e: Evidence) -> Iterator[Found]:
    """Senders heard nothing that is not so."""
    yield from ((lie, "") for lie in e.stripe.lies)
    yield from ((f"forged: {what}", "") for what in e.endpoint.forged)


def events_stored(e: Evidence) -> Iterator[Found]:
    """Every webhook that was answered 2xx is stored, byte for byte, with all of its jobs."""
    for event in e.stripe.events.values():
        found = e.stored.events.get(event.id)
        if found is None:
            if event.acknowledged:
                yield f"{event.id} was acknowledged as {event.acknowledged}: not stored", ""
            continue
        ours, jobs, digest = found
        if event.acknowledged not in {None, ours}:
            yield f"{event.id} was acknowledged as {event.acknowledged}, stored as {ours}", ""
        if digest not in event.bodies:
            yield f"{event.id}: its body is another one", ""
        kinds = sorted(job.kind for j in jobs if (job := e.job(j)))
        wanted = sorted([*HANDLERS[event.type], "webhook:deliver"])
        if kinds != wanted:
            yield f"{event.id}: has the jobs {kinds}, not {wanted}", ""


def handled(e: Evidence) -> Iterator[Found]:
    """`tx`: once if done, else never; outside: at least once if done."""
    inside = ("book", "book_plainly", "moody", "at_once")
    for kind, name in [*((f"webhook:{n}", n) for n in inside), ("task:note", "note")]:
        for job in e.stored.by_kind(kind):
            ref = e.event_of(job) if kind.startswith("webhook") else str(job.about)
            if (times := e.stored.effects[name, ref]) != (job.state == "done"):
                yield f"{name} of {ref} is {job.state}, its effect is there {times} times", job.id
    for kind, name in (("webhook:phone", "phone"), ("task:tell", "tell")):
        for job in e.stored.by_kind(kind):
            ref = e.event_of(job) if kind.startswith("webhook") else str(job.about)
            if job.state == "done" and not e.stored.diary[name, ref]:
                yield f"{name} of {ref} is done, and never happened", job.id


def in_order(e: Evidence) -> Iterator[Found]:
    """Jobs of one ordering key ran in their order, each once."""
    for what, numbers in e.stored.rows.items():
        if odd := [pair for pair in pairwise(numbers) if pair[0] >= pair[1]]:
            yield f"{what}: not in order, or twice, at {odd[:5]}", ""
    turns = Counter(f"turn {line['key']}" for line in e.ledger if line["way"] == "turn")
    subs = Counter(
        f"in_order {event.object['id']}"
        for event in e.stripe.events.values() if "n" in event.object and event.acknowledged
    )  # fmt: skip
    for what, count in (turns + subs).items():
        if len(e.stored.rows[what]) < count:
            yield f"{what}: {count} were acknowledged, {len(e.stored.rows[what])} handled", ""


def enqueued(e: Evidence) -> Iterator[Found]:
    """What `send` returned is there once; what was rolled back is not."""
    by_number: dict[str, list[str]] = {}
    for job in e.stored.by_kind("task:note"):
        by_number.setdefault(str(job.about), []).append(job.id)
    for line in e.ledger:
        n, there = str(line["n"]), by_number.get(str(line["n"]), [])
        match line:
            case {"way": "failed"}:
                yield f"the client: {line['error']}", ""
            case {"way": "plain", "id": sent} if there != [sent]:
                yield f"{n} was sent as {sent}, there is {there}", sent
            case {"way": "keyed", "ids": ids} if len(set(ids)) != 1 or there != ids[:1]:
                yield f"{n} has the ids {ids}, there is {there}", ids[0]
            case {"way": "keyed", "new": new} if new > 1:
                yield f"{n}: {new} calls with one key were told to be the first", there[0]
            case {"way": "own", "kept": kept} if bool(there) != kept or kept != (
                line["n"] in e.stored.orders
            ):
                yield f"{n}: commit is {kept}, jobs {there}", ""
            case {"way": "own", "unknown": True} if bool(there) != (line["n"] in e.stored.orders):
                yield f"{n}: row and job are not together: {there}", ""
            case {"way": "tell" | "turn" | "email", "id": sent} if sent not in e.stored.jobs:
                yield f"{line['way']} {n} was sent as {sent}: not stored", sent


def mailed(e: Evidence) -> Iterator[Found]:
    """Every mail that was answered 250 is stored; done means that everybody has it."""
    has = Counter((c.message_id, address) for c in e.office.copies for address in c.recipients)
    for message_id, mail in e.mailer.mails.items():
        emails = e.stored.emails.get(message_id, [])
        if mail.acknowledged and not emails:
            yield f"{message_id} was acknowledged: not stored", ""
        if len(emails) > mail.unanswered + mail.acknowledged:
            yield f"{message_id} was said {mail.unanswered}+1 times, stored {len(emails)}", ""
        for job in filter(None, map(e.job, emails)):
            for address in mail.recipients if job.state == "done" else ():
                if not has[message_id, address]:
                    yield f"{message_id} is done, and {address} never got it", job.id


def mailed_twice(e: Evidence) -> Iterator[Found]:
    """A copy too many has the same bytes, and an attempt that explains it."""
    digests: dict[str, set[str]] = {}
    for copy in e.office.copies:
        digests.setdefault(copy.message_id, set()).add(copy.digest)
    for message_id, email_ids in e.stored.emails.items():
        if len(digests.get(message_id, ())) > 1:
            yield f"{message_id}: its copies are not the same", email_ids[0]
        copies = Counter(
            address for c in e.office.copies if c.message_id == message_id
            for address in c.recipients
        )  # fmt: skip
        more = max(copies.values(), default=0) - len(email_ids)
        if more > sum(doubts(e, email) for email in email_ids):
            yield f"{message_id}: {more} copies too many, not explained", email_ids[0]
    for message_id in digests.keys() - e.stored.emails.keys():
        yield f"{message_id} was delivered, and is not stored", ""


def doubts(e: Evidence, job_id: str) -> int:
    """How many attempts may have had their effect without being recorded as done."""
    return sum(
        outcome in {"lost", "unknown"} or "timed out" in because or "stopped" in because
        for outcome, because in e.stored.history.get(job_id, [])
    )


def forwarded(e: Evidence) -> Iterator[Found]:
    """What is delivered was answered 2xx, with one id and the bytes that were stored."""
    seen: dict[str, list[Any]] = {}
    for arrival in e.endpoint.arrivals:
        seen.setdefault(arrival.event, []).append(arrival)
    for job in e.stored.by_kind("webhook:deliver"):
        event = e.event_of(job)
        arrivals = seen.get(event, [])
        if job.state == "done" and not any(a.status == 200 for a in arrivals):
            yield f"{event} is delivered, and nobody took it", job.id
        if len({(a.webhook_id, a.digest) for a in arrivals}) > 1:
            yield f"{event}: ids or bytes differ from one try to the other", job.id
        taken = sum(a.status == 200 for a in arrivals)
        if taken > 1 + len(e.stored.history.get(job.id, [])):
            yield f"{event} was taken {taken} times, without a trace", job.id


def foreseen(e: Evidence) -> Iterator[Found]:
    """No process met an error that nobody foresaw."""
    signs = ('"exit_code": 1,', "never retrieved", '"event": "http.unforeseen"')
    with (e.system.folder / "up.log").open(errors="replace") as log:
        for line in log:
            if any(sign in line for sign in signs):
                yield line.strip()[:400], ""


CHECKS: list[Callable[[Evidence], Iterator[Found]]] = [
    audit, one_end, died_for_a_reason, counted, no_lies, events_stored, handled, in_order, enqueued,
    mailed, mailed_twice, forwarded, foreseen,
]  # fmt: skip
