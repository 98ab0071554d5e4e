"""Jobs: each has one end, what it was to do was done, and in its order."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bench.storm.app import doomed
from bench.storm.checks.evidence import Evidence, Found
from bench.storm.ledger import ENDS, StoredJob

UNWANTED = {"it carries the wrong thing", "not today"}


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
        refused |= job.kind in {"task:picky", "task:fickle"} and job.because in UNWANTED
        refused |= job.kind == "webhook:decide" and (job.because or "").startswith("no answer")
        addressee = any(w in (job.because or "") for w in ("no such mailbox", "suppressed"))
        if not refused and not addressee:
            yield f"{job.kind} is dead: {job.because}", job.id


def counted(e: Evidence) -> Iterator[Found]:
    """The counts of attempts and crashes are those of the history."""
    for rows in e.stored.jobs.values():
        for job in rows:
            outcomes = Counter(outcome for outcome, _ in _last_life(e, job))
            used = sum(outcomes[o] for o in ("retry", "lost", "unknown", "dead"))
            if job.state == "done" and job.attempts != used + 1:
                yield f"{job.kind}: done at attempt {job.attempts}, history {outcomes}", job.id
            if job.crashes != outcomes["lost"]:
                yield f"{job.kind}: {job.crashes} crashes, history {outcomes}", job.id


def _last_life(e: Evidence, job: StoredJob) -> list[tuple[str, str]]:
    """Its attempts since it was replayed last: each life begins anew, and counts its own."""
    history = e.stored.history.get(job.id, [])
    deaths = [n for n, (outcome, _) in enumerate(history, 1) if outcome == "dead"]
    deaths = deaths[:-1] if job.state == "dead" or job.id in e.edited else deaths
    return history[deaths[-1] :] if deaths else history


def handled(e: Evidence) -> Iterator[Found]:
    """`tx`: once if done, else never; outside: at least once if done."""
    inside = ("book", "book_plainly", "moody", "at_once")
    for kind, name in [
        *((f"webhook:{n}", n) for n in inside),
        ("task:note", "note"),
        ("task:fickle", "fickle"),
    ]:
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
            case {"id": sent} if line["way"] not in {"plain", "own"} and sent not in e.stored.jobs:
                yield f"{line['way']} {n} was sent as {sent}: not stored", sent


def foreseen(e: Evidence) -> Iterator[Found]:
    """No process met an error that nobody foresaw."""
    signs = ('"exit_code": 1,', "never retrieved", '"event": "http.unforeseen"')
    with (e.system.folder / "up.log").open(errors="replace") as log:
        for line in log:
            if any(sign in line for sign in signs):
                yield line.strip()[:400], ""
