"""Lists of the JSON API: what a limit has ended says so, and goes on where it ended."""

import uuid

import pytest

from holdfast.api.json_api import offered


async def test_a_list_goes_on_where_its_page_ended(asks, pages, sql):
    """By the link of each page to the next one all rows come, each once, also filtered."""
    for number in range(5):
        sql.execute("select enqueue('default', 'x')")
        await asks()("POST", "/emails", {"sender": "a@b.example", "to": "c@d.example",
                                         "subject": f"{number}%&=é", "text": "."})  # fmt: skip
    for path in ("/jobs?queue=default&state=ready", "/emails?recipient=c%40d.example"):
        _, whole = await asks("reader")("GET", path)
        paged = await pages(f"{path}&limit=2")
        assert [len(page) for page in paged] == [2, 2, 1]
        assert [row["id"] for page in paged for row in page] == [row["id"] for row in whole]


@pytest.mark.parametrize(
    "operation", [o for o in offered() if o.method == "GET" and o.run.__name__.startswith("list_")],
    ids=lambda operation: operation.path,
)  # fmt: skip
def test_every_list_can_be_told_how_long_to_be(operation):
    """A list has a limit, by which it is told when there is more; two are told whole."""
    given = operation.run.__annotations__
    assert "limit" in given or operation.path in {"/queues", "/webhooks/sources"}
    assert not operation.cursor or operation.cursor[0] in given


async def test_a_list_that_has_no_pages_says_that_there_is_more(asks, api_address, http_client):
    """Where nothing leads on, a header says that the list was cut, and what helps."""
    for name in ("a", "b", "c"):
        entry = {"address": f"{name}@b.example"}
        assert (await asks()("POST", "/emails/suppressions", entry))[0] == 201
    for limit, told in ((2, True), (4, False)):
        path = f"{api_address}/api/emails/suppressions?limit={limit}"
        async with http_client.get(path, headers=asks("reader").headers) as answer:
            assert ("limit=1000" in answer.headers.get("Holdfast-More", "")) is told


@pytest.mark.parametrize(
    "path",
    ["/jobs?before=x", "/emails?before=x", "/webhooks?before=x", "/endpoints/deliveries?before=x",
     f"/endpoints/deliveries?before=2026-01-01T00:00Z/{uuid.UUID(int=1)}",
     "/endpoints/deliveries?before=9999999-01-01/", "/endpoints/messages?before=x/y",
     f"/endpoints/messages?before={uuid.UUID(int=1)}/"],
)  # fmt: skip
async def test_a_place_that_is_none_is_told(asks, path):
    """A `before` that leads nowhere is refused by its name, and no list begins anew in silence."""
    status, told = await asks("reader")("GET", path)
    assert (status, told["error"].startswith("before: ")) == (422, True), told
