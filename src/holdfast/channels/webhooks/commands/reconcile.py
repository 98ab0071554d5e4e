"""holdfast webhooks reconcile: what the provider has and we do not."""

import asyncio
import sys
from collections.abc import Sequence
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

_KEYS = {"stripe": "env:STRIPE_API_KEY", "github": "env:GITHUB_TOKEN"}


async def run(
    services: Services,
    provider: Annotated[
        str, typer.Argument(metavar="PROVIDER", help="stripe or github.", show_default=False)
    ],
    key: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Its API key: env:NAME or file:PATH; default: env:STRIPE_API_KEY, "
            "env:GITHUB_TOKEN.",
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Our source; default: the provider's name.")
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Of this connected account, too (Stripe)."),
    ] = None,
    event_type: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help="Only of these types; those the endpoint gets (Stripe).",
        ),
    ] = None,
    thin: Annotated[
        bool, typer.Option("--thin", help="The list of thin events instead (Stripe).")
    ] = False,
    hook: Annotated[
        str | None,
        typer.Option(
            metavar="HOOK",
            help="owner/repo/hooks/ID, orgs/ORG/hooks/ID, or app with a JWT (GitHub).",
        ),
    ] = None,
    api: Annotated[str | None, typer.Option(metavar="URL", help="The address of its API.")] = None,
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
    missing ones get their jobs. It goes on from where the last run ended, of these types or this
    hook. A provider that is busy ends the run; what was found until then is kept.
    """
    from holdfast.channels.webhooks.reconcile.ask import Busy

    _check(provider, hook, [*(event_type or []), *(account or []), *([""] * thin)], redeliver)
    name = source or provider
    found = await Book(services.database, sources()).look(name)
    if found is None:
        raise InvalidInput(f"there is no source {name!r}; see: holdfast webhooks sources list")
    while True:
        secret = resolve(
            key or _KEYS[provider], f"source:{name}"
        )  # anew: the JWT of an App is good for minutes
        looks = [_Look(services, found, whose, dry_run) for whose in ["", *(account or [])]]
        wait_s = 0.0
        try:
            if provider == "stripe":
                report = await _stripe(looks, secret, api, event_type or (), thin)
            else:
                report = await _github(looks, secret, api, str(hook), redeliver)
        except Busy as busy:
            if every is None:
                raise
            said, wait_s = str(busy), busy.wait_s or 0.0
        else:
            if every is None:
                return _shown(report, dry_run)
            said = f"seen {report.seen}, missing {report.missing}"
        _say(f"{datetime.now(UTC):%H:%M:%S} {said}\n")
        await asyncio.sleep(max(every, wait_s))


def _check(provider: str, hook: str | None, narrowed: list[str], redeliver: bool) -> None:
    if provider not in _KEYS:
        raise InvalidInput(f"{provider!r} has no list that we can read; known: stripe, github")
    if provider == "github" and not hook:
        raise InvalidInput("which hook? --hook owner/repo/hooks/ID")
    if narrowed and provider != "stripe":
        raise InvalidInput(
            f"{provider} lists what its hook was sent; leave out --type, --account, --thin"
        )
    if redeliver and provider != "github":
        raise InvalidInput(f"{provider} cannot be asked to send again; leave out --redeliver")


async def _stripe(
    looks: "Sequence[_Look]", key: str, api: str | None, types: Sequence[str], thin: bool
) -> "Report":
    import aiohttp

    from holdfast.channels.webhooks.reconcile.reconcile import Report
    from holdfast.channels.webhooks.reconcile.stripe import API, HORIZON, StripeEvents
    from holdfast.channels.webhooks.reconcile.stripe_thin import StripeThinEvents

    report = Report()
    async with aiohttp.ClientSession() as session:
        for look in looks:
            listed = StripeThinEvents if thin else StripeEvents
            _add(report, await look(listed(session, key, look.account, api or API, types), HORIZON))
    return report


async def _github(
    looks: "Sequence[_Look]", key: str, api: str | None, hook: str, redeliver: bool
) -> "Report":
    import aiohttp

    from holdfast.channels.webhooks.reconcile.github import API, HORIZON, GitHubDeliveries

    async with aiohttp.ClientSession() as session:
        sent = GitHubDeliveries(session, key, hook, api or API)
        return await looks[0](sent, HORIZON, sent.redeliver if redeliver else None)


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
                dry_run=self.dry_run, advance=tell, now=datetime.now(UTC), redeliver=redeliver,
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
            "stored": report.stored, "asked_for_again": report.asked,
            "by_type": Rows(("type", "missing"), rows, "nothing was missing", "missing by type"),
            "ids": report.ids[:20],
        },
        title="dry run: nothing was stored" if dry_run else "",
    )  # fmt: skip


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


COMMANDS = [Command("webhooks", "reconcile", run)]
