"""From what became of each address to the verdict on the email. Pure rules.

The verdict is about the email as a whole: it is delivered when everyone has it, and a dead letter
when all who can have it do and somebody never will. A provider that is out of order costs the email
no attempt: it is nothing that the email could help.
"""

from collections.abc import Sequence
from dataclasses import replace

from holdfast.channels.email.providers.provider import Outcome, Provider
from holdfast.channels.email.store import Doubt, Loaded
from holdfast.engine.model import ClaimedJob
from holdfast.policy.verdict import Dead, Delivered, Hold, Retry, Snooze, Unknown, Verdict

_FIRST_S = 15.0
_LONGEST_S = 300.0
_MOST_DOUBLINGS = 6
_REPORT_WITHIN_S = 900.0
_LOOK_EVERY_S = 60.0
_MARGIN = 0.9
_MOST_REASONS = 5


def judge(
    outcomes: Sequence[Outcome], refusals: Sequence[str], patience_s: float | None
) -> Verdict:
    """The verdict on the email, from those on its addresses and earlier refusals.

    `patience_s` is when to try again what may have no wish of its own and costs no attempt; None:
    the email is so old that it costs one.
    """
    verdicts = [outcome.verdict for outcome in outcomes]
    outage = any(getattr(verdict, "outage", False) for verdict in verdicts)
    if unknown := [v.because for v in verdicts if isinstance(v, Unknown)]:
        return Unknown(_reasons(unknown, len(verdicts)), outage)
    if retries := [v for v in verdicts if isinstance(v, Retry)]:
        because = _reasons([v.because for v in retries], len(verdicts))
        return Retry(because, _again(outcomes), outage)
    if snoozes := [v for v in verdicts if isinstance(v, Snooze)]:
        because = _reasons([v.because for v in snoozes], len(verdicts))
        if patience_s is None:
            return Retry(because, _longest(snoozes), outage)
        after = _longest(snoozes)
        return Snooze(because, patience_s if after is None else after, outage=outage)
    refused = [v.because for v in verdicts if isinstance(v, Dead)]
    if refused or refusals:
        return Dead(_reasons([*refusals, *refused], len(verdicts) + len(refusals)))
    notes = [v.note for v in verdicts if isinstance(v, Delivered)]
    return Delivered(notes[0] if notes else "")


def patience(job: ClaimedJob, *, is_old: bool) -> float | None:
    """Seconds until a provider that is out of order is asked again, longer each time.

    Spread by the id of the email, so that a herd does not come back at once. None for an email that
    is so old that its queue plans no further attempt.
    """
    if is_old:
        return None
    doubled = _FIRST_S * (1 << min(job.deferrals, _MOST_DOUBLINGS))
    return min(doubled, _LONGEST_S) * (1 + job.id.int % 1000 / 4000)


def knows(provider: Provider | None, doubt: Doubt | None) -> bool:
    """Whether the provider still knows a request that may have been taken, if it is the same."""
    for_s = doubt.for_s if doubt is not None else 0.0
    return provider is not None and for_s < provider.window_s * _MARGIN


def without_settled_doubt(loaded: Loaded) -> Loaded:
    """The same without a doubt about those who are all answered for by now."""
    doubted = loaded.doubt.recipients if loaded.doubt is not None else ()
    if not doubted or not {*doubted}.isdisjoint(loaded.envelope.recipients):
        return loaded
    return replace(loaded, doubt=None)


def repeated(loaded: Loaded, provider: Provider | None) -> Sequence[str]:
    """Whom the request that may have been taken was for, if it can be made again as it was.

    Its key is one of its recipients, so it is the same only for all of them: also for those who
    have it by now, and not if somebody is to get nothing any more. Empty: it cannot.
    """
    doubt = loaded.doubt
    if doubt is None or not knows(provider, doubt):
        return ()
    open_ = {*loaded.envelope.recipients, *doubt.had, *loaded.reported} - {*loaded.suppressed}
    return doubt.recipients if open_.issuperset(doubt.recipients) else ()


def undecided(loaded: Loaded, verdict: Unknown | None = None) -> Verdict | None:
    """What to do instead of sending it again when it may have been taken; None: send it.

    The email's own rule: `resend`, `hold` for a person, or `verify`: wait for a report of the
    provider, and hold it if there is none. It is for what cannot be `repeated`.

    Args:
        loaded: the email, with the doubt that an earlier attempt left.
        verdict: of this attempt, if the doubt is of now.
    """
    doubt = loaded.doubt
    if verdict is None and (doubt is None or doubt.is_asked):
        return None
    for_s = doubt.for_s if doubt is not None else 0.0
    why = verdict.because if verdict else "it was handed over, and nobody knows what became of it"
    match loaded.on_unknown:
        case "verify" if for_s < _REPORT_WITHIN_S:
            return Snooze(f"waiting for a report of the provider: {why}", _LOOK_EVERY_S)
        case "hold" | "verify":
            return Hold(f"it may have been sent; let it go on to send it again: {why}")
        case _ if verdict is not None and loaded.is_own_rule:
            return Retry(verdict.because, outage=verdict.outage)
    return None


def unrecorded(outcomes: Sequence[Outcome], verdict: Verdict) -> Verdict:
    """The verdict if it could not be stored who has the email: nobody may get it twice unseen."""
    taken = sum(isinstance(outcome.verdict, Delivered) for outcome in outcomes)
    if isinstance(verdict, Delivered | Unknown) or not taken:
        return verdict
    because = getattr(verdict, "because", "")
    return Unknown(
        f"{taken} of {len(outcomes)} recipients have it, which could not be stored: {because}"
    )


def _again(outcomes: Sequence[Outcome]) -> float | None:
    """When to try again: as late as they ask, but one full mailbox keeps nobody else waiting."""
    retries = [(outcome, o) for outcome in outcomes if isinstance(o := outcome.verdict, Retry)]
    common = _longest([retry for outcome, retry in retries if not outcome.personal])
    own = [retry.after for outcome, retry in retries if outcome.personal]
    if common is not None or len(own) < len(retries) or None in own:
        return common
    return min(after for after in own if after is not None)


def _longest(verdicts: "Sequence[Retry | Snooze]") -> float | None:
    return max((v.after for v in verdicts if v.after is not None), default=None)


def _reasons(reasons: Sequence[str], total: int) -> str:
    """One reason if all say the same; else how many of how many, and the first few."""
    different = list(dict.fromkeys(reasons))
    text = "; ".join(different[:_MOST_REASONS])
    if len(different) > _MOST_REASONS:
        text += f"; and {len(different) - _MOST_REASONS} more"
    return text if total == 1 else f"{len(reasons)} of {total} recipients: {text}"
