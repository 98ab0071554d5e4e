"""That each newer check is red where its promise is broken, and green where not; no server needed.

`. /tmp/hf/env_stormA; $P found/checks_are_red.py`
"""

from collections import Counter
from types import SimpleNamespace as Fake

from bench.storm.checks import limits, mail, people, replays
from bench.storm.ledger import Item, Operation, Replay, Stored, StoredJob, Try
from bench.storm.sinks import Copy


def job(state="done", kind="task:fickle", queue="whims", id="j", about="1"):
    return StoredJob(id, queue, kind, state, 1, 0, None, "said", about, 0, None)


def evidence(**more):
    stored = Stored()
    e = Fake(
        stored=stored,
        edited={},
        copies=[],
        hurts=[],
        ledger=[],
        api=Fake(lies=[], asked=[], kind="resend"),
        job=lambda i: stored.jobs[i][0] if len(stored.jobs.get(i, ())) == 1 else None,
    )
    stored.jobs["j"] = [more.pop("job", job())]
    for name, value in more.items():
        setattr(stored if hasattr(stored, name) else e, name, value)
    return e


RED = Counter()


def case(check, is_red, **more):
    found = list(check(evidence(**more)))
    assert bool(found) == is_red, (check.__qualname__, check.__module__, is_red, found)
    RED[f"{check.__module__.rpartition('.')[2]}.{check.__name__}"] += is_red


def replay(state="done", rate=None, canary=None, total=1, replayed=1, ended=20.0):
    return Replay(1, state, rate, canary, total, replayed, 10.0, ended)


item = Item(1, "j", "replayed", 12.0)
case(replays.ended, False, replays=[replay()], items=[item])
case(replays.ended, True, replays=[replay("running", ended=None)], items=[item])
case(replays.ended, True, replays=[replay()], items=[item._replace(outcome=None)])
case(replays.ended, True, replays=[replay(total=2, replayed=2)], items=[item, item])
case(replays.ended, True, replays=[replay(total=2)], items=[item])
case(replays.ended, True, replays=[replay()], items=[item._replace(job="gone")])
once = {"j": [("dead", "x")]}
case(replays.each_letter, False, items=[item], history=once)
case(replays.each_letter, True, items=[], history=once)  # it came back by itself
case(replays.each_letter, True, items=[item, item], history=once)  # replayed twice, died once
case(replays.each_letter, True, items=[item], history=once, job=job("dead"))
case(replays.not_faster, False, replays=[replay(rate=1.0)], items=[item])
case(replays.not_faster, True, replays=[replay(rate=1.0, replayed=17)], items=[item])
done = {"j": [Try("done", "w", 11.0, 12.0)], "k": []}
other = item._replace(job="k", at=11.5)
case(replays.not_faster, True, replays=[replay(canary="j")], items=[item, other], tries=done)
case(
    replays.not_faster,
    False,
    replays=[replay(canary="j")],
    items=[item, other._replace(at=13.0)],
    tries=done,
)

pause, resume = (
    Operation(a, "s", {"queue": "whims"}, 1, t) for a, t in (("pause", 5.0), ("resume", 9.0))
)
case(people.paused, True, operations=[pause, resume], tries={"j": [Try("done", "w", 7.0, 8.0)]})
case(people.paused, False, operations=[pause, resume], tries={"j": [Try("done", "w", 9.1, 9.2)]})
hold, go = (Operation(a, "s", {"id": "j"}, 1, t) for a, t in (("hold", 5.0), ("unhold", 9.0)))
case(people.held, True, operations=[hold, go], tries={"j": [Try("done", "w", 7.0, 8.0)]})
case(people.held, False, operations=[hold, go], tries={"j": [Try("done", "w", 9.5, 9.6)]})
case(people.held, True, operations=[hold], tries={"j": []})
case(people.cancelled, True, operations=[Operation("cancel", "s", {"id": "j"}, 1, 1.0)])
case(people.cancelled, True, job=job("cancelled"))
case(people.told, True, people=Fake(lies=["x"]))

line = {"way": "email", "id": "j", "never_twice": True}
mails = {
    "emails": {"<1>": ["j"]},
    "ledger": [line],
    "copies": [Copy("<1>", ("a",), "d", "", 1.0)] * 2,
}
case(mail.never_twice, True, **mails)
case(mail.never_twice, False, **mails, history={"j": [("hold", "x")]})
again = [Operation("resend", "s", {"id": "i", "copy": "j"}, 1, 1.0)]
case(mail.sent_again, True, emails={"<1>": ["j"]}, operations=again)
case(mail.sent_again, False, **(mails | {"operations": again}))
asked = [Fake(about="j", recipients=("a",), key=k, digest="d") for k in ("j-1", "j-2")]
case(mail.one_key, True, api=Fake(lies=[], asked=asked, kind="resend"), emails={})
case(mail.one_key, False, api=Fake(lies=[], asked=asked[:1] * 2, kind="resend"), emails={})
case(
    mail.one_provider,
    True,
    emails={"<1>": ["j"]},
    copies=[Copy("<1>", ("a",), "d", "", 1.0), Copy("<1>", ("a",), "d", "", 1.0, "resend")],
)
slow = {"jobs": {"j": [job(kind="task:slow", queue="slow")]}}
case(limits.unharmed, True, **slow, history={"j": [("retry", "no room")]})
print(dict(RED))
