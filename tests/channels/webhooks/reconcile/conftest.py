"""A provider on loopback, and a look through its list."""

import aiohttp
import pytest
from aiohttp import web
from tests.channels.webhooks.reconcile.lists import NOW, Provider
from tests.serving import other_side

from holdfast.channels.webhooks.reconcile import github, stripe
from holdfast.channels.webhooks.reconcile.reconcile import reconcile
from holdfast.channels.webhooks.settings import sources
from holdfast.retry import without_waiting


@pytest.fixture
async def provider():
    """Running on loopback; its address is `provider.url`."""
    made = Provider()
    application = web.Application()
    application.router.add_get("/v1/events", made.stripe)
    for hook in ("/repos/octo/kelp/hooks/7", "/app/hook", "/orgs/octo/hooks/8"):
        application.router.add_get(f"{hook}/deliveries", made.list)
        application.router.add_get(f"{hook}/deliveries/{{id}}", made.one)
    again = "/repos/octo/kelp/hooks/7/deliveries/{id}/attempts"
    application.router.add_post(again, made.again)
    async with other_side(application) as made.url:
        yield made


@pytest.fixture
def run(hf, provider):
    """Reconcile Stripe's events once."""

    async def running(*, key="sk_test", dry_run=False, account="", now=NOW, types=()):
        await hf.prepare()
        async with aiohttp.ClientSession() as session:
            with without_waiting(attempts=4):
                return await reconcile(
                    hf.services.database, sources()["stripe"], account,
                    stripe.StripeEvents(session, key, account, provider.url, types),
                    horizon=stripe.HORIZON, dry_run=dry_run, advance=lambda _: None, now=now,
                )  # fmt: skip

    return running


@pytest.fixture
def look(hf, provider):
    """Reconcile GitHub's deliveries once."""

    async def looking(hook="octo/kelp/hooks/7", now=NOW):
        await hf.prepare()
        async with aiohttp.ClientSession() as session:
            pages = github.GitHubDeliveries(session, "ghp_x", hook, provider.url)
            with without_waiting(attempts=4):
                return await reconcile(
                    hf.services.database, sources()["github"], "", pages, horizon=github.HORIZON,
                    dry_run=False, advance=lambda _: None, now=now,
                )  # fmt: skip

    return looking
