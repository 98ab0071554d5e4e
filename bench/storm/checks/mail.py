"""Mail: what was taken is delivered, and a copy too many is explained."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from bench.storm.checks.evidence import Evidence, Found, doubts


def mailed(e: Evidence) -> Iterator[Found]:
    """Every mail that was answered 250 is stored; done means that everybody has it."""
    has = Counter((c.message_id, address) for c in e.copies for address in c.recipients)
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
    digests: dict[tuple[str, str, object], set[str]] = defaultdict(set)
    copies: dict[str, Counter[str]] = defaultdict(Counter)
    for copy in e.copies:
        divided = () if copy.provider == "smtp" else copy.recipients
        digests[copy.message_id, copy.provider, divided].add(copy.digest)
        copies[copy.message_id].update(copy.recipients)
    for (message_id, provider, _), found in digests.items():
        if len(found) > 1:
            yield f"{message_id}: its copies by {provider} are not the same", ""
    for message_id, email_ids in e.stored.emails.items():
        more = max(copies[message_id].values(), default=0) - len(email_ids)
        if more > sum(doubts(e, email) for email in email_ids):
            yield f"{message_id}: {more} copies too many, not explained", email_ids[0]
    for message_id in copies.keys() - e.stored.emails.keys():
        yield f"{message_id} was delivered, and is not stored", ""


def never_twice(e: Evidence) -> Iterator[Found]:
    """An email whose rule is hold goes out again only if a person says so, or a worker froze."""
    names = {email: name for name, emails in e.stored.emails.items() for email in emails}
    copies = Counter(copy.message_id for copy in e.copies)
    for line in (line for line in e.ledger if line["way"] == "email" and line["never_twice"]):
        outcomes = [outcome for outcome, _ in e.stored.history.get(line["id"], ())]
        let_go = outcomes.count("hold") + outcomes.count("late")
        if copies[names[line["id"]]] > 1 + let_go:
            yield f"{names[line['id']]}: {copies[names[line['id']]]} copies", line["id"]


def sent_again(e: Evidence) -> Iterator[Found]:
    """What a person sends again is an email of its own, and who is to have it has it."""
    names = {email: name for name, emails in e.stored.emails.items() for email in emails}
    has = {copy.message_id for copy in e.copies}
    for op in e.stored.operations:
        if op.action == "resend":
            job = e.job(op.about["copy"])
            if job is None or (job.state == "done" and names[job.id] not in has):
                yield f"{op.about['id']} was sent again: {job}", op.about["copy"]


def one_provider(e: Evidence) -> Iterator[Found]:
    """What a provider has taken, or may have, goes to no other one."""
    takers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for copy in e.copies:
        for address in copy.recipients:
            takers[copy.message_id, address].add(copy.provider)
    for (message_id, address), providers in takers.items():
        emails = e.stored.emails[message_id]
        if len(providers) > max(1, len(emails)):
            story = sorted((f"{c.at:.2f} {c.provider} {c.fault or 'said'}") for c in e.copies
                           if c.message_id == message_id and address in c.recipients)  # fmt: skip
            yield f"{message_id}: {address} has it by {story}", emails[0]


def one_key(e: Evidence) -> Iterator[Found]:
    """Every time an API is asked for the same recipients it has the same key and content."""
    yield from ((lie, "") for lie in e.api.lies)
    contents: dict[tuple[str, tuple[str, ...]], set[tuple[str, str]]] = defaultdict(set)
    for asked in e.api.asked:
        contents[asked.about, asked.recipients].add((asked.key, asked.digest))
        if e.api.kind == "resend" and not asked.key:
            yield f"{asked.about}: no idempotency key", ""
    for (about, _), found in contents.items():
        if len(found) > max(1, len(e.stored.emails.get(about, ()))):
            yield f"{about}: {len(found)} keys or contents", ""
