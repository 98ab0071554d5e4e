"""holdfast webhooks reconcile: what the provider has and we do not."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.channel import Services
from holdfast.channels.webhooks.book import Book
from holdfast.channels.webhooks.secrets import resolve
from holdfast.channels.webhooks.settings import sources
from holdfast.channels.webhooks.source import Source
from holdfast.command import Command, Detail, Rows, Shown, progress
from holdfast.errors import InvalidInput

if TYPE_CHECKING:
    from holdfast.channels.webhooks.reconcile.reconcile import Pages, Redeliver, Report

_PROVIDERS = ("stripe", "github")


async def run(
    services: Services,
    provider: Annotated[str, typer.Argument(help="stripe or github.", show_default=False)],
    key: Annotated[
        str, typer.Option(metavar="REF", help="Its API key: env:NAME or file:PATH.")
    ] = "env:STRIPE_API_KEY",
    source: Annotated[
        str | None, typer.Option(help="Our source; default: the provider's name.")
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(help="Of this connected account, too (Stripe).")
    ] = None,
    hook: Annotated[
        str | None, typer.Option(help="owner/repo/hooks/ID, or orgs/ORG/hooks/ID (GitHub).")
    ] = None,
    api: Annotated[str | None, typer.Option(help="The address of its API.")] = None,
    redeliver: Annotated[
        bool,
        typer.Option(
            "--redeliver",
            help="Do not store from the list: ask for what is missing to be sent again, with its "
            "bytes and signature (GitHub).",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report.")] = False,
    every: Annotated[
        int | None, typer.Option(min=10, metavar="SECONDS", help="Again and again.")
    ] = None,
) -> Shown:
    """Look through the provider's list of events, and store those that we do not have.

    They go through the same door as those that were posted: known ones have no second effect,
    missing ones get their jobs. It goes on from where the last run ended.
    """
    import aiohttp

    from holdfast.channels.webhooks.reconcile import github, stripe
    from holdfast.channels.webhooks.reconcile.reconcile import Report

    if provider not in _PROVIDERS:
        raise InvalidInput(f"{provider!r} has no list that we can read; known: stripe, github")
    if provider == "github" and not hook:
        raise InvalidInput("which hook? --hook owner/repo/hooks/ID")
    if redeliver and provider != "github":
        raise InvalidInput(f"{provider} can not be asked to send again; leave out --redeliver")
    name = source or provider
    found = await Book(services.database, sources()).look(name)
    if found is None:
        raise InvalidInput(f"there is no source {name!r}; see: holdfast webhooks sources list")
    secret = resolve(key, f"source:{name}")
    while True:
        report = Report()
        async with aiohttp.ClientSession() as session:
            for whose in ["", *(account or [])]:
                look = _Look(services, found, whose, dry_run)
                if provider == "stripe":
                    events = stripe.StripeEvents(session, secret, whose, api or stripe.API)
                    one = await look(events, stripe.HORIZON)
                else:
                    sent = github.GitHubDeliveries(session, secret, str(hook), api or github.API)
                    one = await look(sent, github.HORIZON, sent.redeliver if redeliver else None)
                _add(report, one)
        if every is None:
            return _shown(report, dry_run)
        _say(f"{datetime.now(UTC):%H:%M:%S} seen {report.seen}, missing {report.missing}\n")
        await asyncio.sleep(every)


@dataclass(frozen=True, slots=True)
class _Look:
    services: Services
    source: Source
    account: str
    dry_run: bool

    async def __call__(
        self, pages: "Pages", horizon: timedelta, redeliver: "Redeliver | None" = None
    ) -> "Report":
        from holdfast.channels.webhooks.reconcile.reconcile import reconcile

        with progress("looking through events") as advance:
            seen = 0

            def tell(report: "Report") -> None:
                nonlocal seen
                advance(report.seen - seen)
                seen = report.seen

            return await reconcile(
                self.services.database, self.source, self.account, pages, horizon=horizon,
                dry_run=self.dry_run, told=tell, now=datetime.now(UTC), redeliver=redeliver,
            )  # fmt: skip


def _add(report: "Report", one: "Report") -> None:
    report.seen += one.seen
    report.known += one.known
    report.missing += one.missing
    report.stored += one.stored
    report.asked += one.asked
    report.types.update(one.types)
    report.ids += one.ids


def _shown(report: "Report", dry_run: bool) -> Shown:
    rows = [[name, count] for name, count in report.types.most_common()]
    return Detail(
        {
            "seen": report.seen, "known": report.known, "missing": report.missing,
            "stored": report.stored, "asked for again": report.asked,
            "by type": Rows(("type", "missing"), rows, "nothing was missing", "missing by type"),
            "ids": report.ids[:20],
        },
        title="dry run: nothing was stored" if dry_run else "",
    )  # fmt: skip


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


COMMANDS = [Command("webhooks", "reconcile", run)]
