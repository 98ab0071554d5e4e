"""One-click unsubscribing, over HTTP as mail programs do it."""

from email import message_from_bytes
from email.policy import default

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast import ConfigError, InvalidInput
from holdfast.api import build
from holdfast.channels.email.change import resend, resent
from holdfast.channels.email.message import Email, render, send
from holdfast.channels.email.templates import Template
from holdfast.channels.email.unsubscribe import Link, seal, unseal
from holdfast.client import connect

KEY, OTHER = b"k" * 64, b"o" * 64
BASE = "https://mail.example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def _links(monkeypatch):
    monkeypatch.setenv("HOLDFAST_PUBLIC_URL", f"{BASE}/")
    monkeypatch.setenv("HOLDFAST_LINK_SECRET", "the newest secret of ours")


def email(**more):
    """An email of the list `news` of a tenant."""
    usual = {
        "to": "Ann@example.com", "subject": "News", "text": "x", "sender": "me@example.com",
        "unsubscribe": "news", "tenant": "acme",
    }  # fmt: skip
    return Email(**{**usual, **more})


def path_of(raw):
    """Where the link in the bytes leads to."""
    value = message_from_bytes(raw, policy=default)["List-Unsubscribe"]
    assert value.startswith(f"<{BASE}/email/unsubscribe/") and value.endswith(">")
    return value[len(BASE) + 1 : -1]


def mail_program(hf):
    """A client of the application."""
    transport = httpx.ASGITransport(build(hf.services, public=True))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


async def sent(hf, sql, **more):
    """Send it; the path of its link, from the bytes as they are stored."""
    receipt = await hf.send(email(**more))
    raw = sql.execute("select raw from emails where id = %s", [receipt.id]).fetchone()[0]
    return path_of(raw)


async def test_one_click_unsubscribes(hf, sql, desk):
    """Both headers are in the stored bytes; the POST acts, once; further mail of the list stops."""
    path = await sent(hf, sql)
    message = message_from_bytes(desk.one("select raw from emails")[0], policy=default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    async with mail_program(hf) as client:
        for _ in range(2):
            answer = await client.post(path, data=ONE_CLICK)
            assert answer.status_code == 200 and "no more" in answer.text
    assert desk.suppressions() == [("ann@example.com", "acme", "unsubscribed", "news")]
    assert desk.news()["Ann@example.com"][0] == "unsubscribed"
    tags = desk.one("select tags from emails")[0]
    assert desk.suppressed("ann@example.com", tenant="acme", tags=tags)
    assert not desk.suppressed("ann@example.com", tenant="acme")


async def link_of(database, sql, first, **how):
    """Send it again; the path of the new link, if there is one."""
    receipt = await resent(database, first, "bo", **how)
    raw = sql.execute("select raw from emails where id = %s", [receipt.id]).fetchone()[0]
    return path_of(raw) if b"List-Unsubscribe" in raw else None


def test_a_template_shows_the_link():
    """It is that of the headers; of the caller's own value that; without a list none is there."""
    texts = (
        ("news.subject", "News"),
        ("news.html", '<a href="{{ unsubscribe_url }}">No more</a>'),
    )
    given = {"text": None, "subject": None, "template": Template("news", texts)}
    raw = render(email(**given)).raw
    message = message_from_bytes(raw, policy=default)
    shown = message.get_body(("html",)).get_content()
    assert f'<a href="{BASE}{path_of(raw)}">' in shown
    assert path_of(raw) in message.get_body(("plain",)).get_content()
    own = render(email(**given, values={"unsubscribe_url": "https://x.example/no"})).raw
    assert b"https://x.example/no" in own
    with pytest.raises(InvalidInput, match="'unsubscribe_url' is undefined"):
        render(email(**given, unsubscribe=False))


async def test_sent_again_to_somebody_else(hf, sql, database, desk):
    """One new recipient has a link of their own, several have none; nobody has the first one's."""
    first = (await hf.send(email())).id
    path = await link_of(database, sql, first, to="bob@example.com")
    message_id = sql.execute("select message_id from emails where copy_of = %s", [first]).fetchone()
    async with mail_program(hf) as client:
        await client.post(path, data=ONE_CLICK)
    suppressed = "select address, list, tenant from email_suppressions"
    assert sql.execute(suppressed).fetchall() == [("bob@example.com", "news", "acme")]
    told = "select email_id, message_id from email_events"
    [(copy, of)] = sql.execute(told).fetchall()
    assert copy != first and (of,) == message_id
    assert await link_of(database, sql, first, to=["cy@example.com", "dee@example.com"]) is None
    receipt = await hf.run(resend(first, "bo", to="cy@example.com"))
    (raw,) = sql.execute("select raw from emails where id = %s", [receipt.id]).fetchone()
    assert b"List-Unsubscribe" not in raw


async def test_sent_again_to_the_same(hf, sql, database):
    """To the same person it goes with the link that is theirs."""
    first = await hf.send(email())
    sql.execute("select email_cancel(%s, 'bo')", [first.id])
    path = await link_of(database, sql, first.id)
    (raw,) = sql.execute("select raw from emails where id = %s", [first.id]).fetchone()
    assert path == path_of(raw)


async def test_looking_changes_nothing(hf, sql, desk):
    """GET and HEAD show a page with a button: what follows links in mail unsubscribes nobody."""
    path = await sent(hf, sql)
    async with mail_program(hf) as client:
        page = await client.get(path)
        await client.head(path)
    assert page.status_code == 200 and '<form method="post"' in page.text
    assert "A***@example.com" in page.text and "Ann@" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert desk.suppressions() == []


async def test_from_all_lists(hf, sql, desk):
    """unsubscribe=True: the link is for all lists of the tenant; without a tenant for everybody."""
    path = await sent(hf, sql, unsubscribe=True, tenant=None)
    async with mail_program(hf) as client:
        await client.post(path, content=b"anything at all")
    assert desk.suppressions() == [("ann@example.com", "", "unsubscribed", "*")]


async def test_a_changed_link_is_refused(hf, sql, desk):
    """Whatever one character is changed to, or cut off: 404, and nobody is unsubscribed."""
    path = await sent(hf, sql)
    head, token = path.rsplit("/", 1)
    forged = seal(Link("eve@x.com", "*", "", ""), OTHER)
    bad = [token[:20] + ("A" if token[20] != "A" else "B") + token[21:], token[:-4], token + "AAAA",
           "x", "%00", "é" * 10, "a" * 5000, forged]  # fmt: skip
    async with mail_program(hf) as client:
        for wrong in bad:
            for method in ("GET", "POST"):
                answer = await client.request(method, f"{head}/{wrong}")
                assert answer.status_code == 404, wrong
    assert desk.suppressions() == []


async def test_an_older_secret_still_opens(hf, sql, desk, monkeypatch):
    """While secrets are changed the first seals and all open; one that is gone opens nothing."""
    path = await sent(hf, sql)
    for secrets, status in [
        ("a quite new secret of ours, the newest secret of ours", 200),
        ("a quite new secret of ours", 404),
    ]:
        monkeypatch.setenv("HOLDFAST_LINK_SECRET", secrets)
        async with mail_program(hf) as client:
            assert (await client.post(path, data=ONE_CLICK)).status_code == status
    assert desk.one("select count(*) from email_suppressions")[0] == 1


async def test_the_database_is_away(hf, sql):
    """503 and Retry-After: nobody is told that it is done."""
    path = await sent(hf, sql)
    gone = connect("postgresql://127.0.0.1:1/none")
    async with mail_program(gone) as client:
        answer = await client.post(path, data=ONE_CLICK)
    await gone.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_without_a_secret_there_is_no_page(hf, monkeypatch):
    """Whoever does not offer it answers no link, of whatever kind."""
    await hf.prepare()
    monkeypatch.delenv("HOLDFAST_LINK_SECRET")
    async with mail_program(hf) as client:
        assert (await client.post("/email/unsubscribe/x")).status_code == 404


def test_the_link_does_not_show_the_address():
    """What lies between may log the URL: the address cannot be read in it."""
    token = path_of(render(email()).raw).rsplit("/", 1)[1]
    assert b"example" not in httpx.URL(token).raw_path.lower()
    assert unseal(token, [OTHER]) is None


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_what_was_sealed_is_unsealed(address, list_name, tenant):
    """Any link comes back as it was, by any of the keys, and is the same each time."""
    link = Link(address, list_name, tenant, "<1@x>")
    assert unseal(seal(link, KEY), [OTHER, KEY]) == link
    assert seal(link, KEY) == seal(link, KEY)


@given(st.text(max_size=100))
def test_any_text_is_no_link(text):
    """Nothing that comes in the path raises."""
    assert unseal(text, [KEY]) is None


def test_what_can_not_be_offered(monkeypatch):
    """Each mistake is an error that says what to do, before anything is stored."""
    for more, says in [
        ({"to": ["a@x.com", "b@x.com"]}, "one email to each recipient"),
        ({"bcc": "b@x.com"}, "one email to each recipient"),
        ({"unsubscribe": "a b"}, "name of a list"),
        ({"unsubscribe": ""}, "name of a list"),
        ({"unsubscribe": 7}, "name of a list"),
        ({"headers": {"list-unsubscribe": "<https://x>"}}, "one of the two"),
    ]:
        with pytest.raises(InvalidInput, match=says):
            send(email(**more))
    for url in (
        "",
        "http://mail.example.com",
        "mail.example.com",
        "https://u:p@x.com",
        "https://x?y",
    ):
        monkeypatch.setenv("HOLDFAST_PUBLIC_URL", url)
        with pytest.raises(ConfigError, match="HOLDFAST_PUBLIC_URL"):
            send(email())
    monkeypatch.setenv("HOLDFAST_PUBLIC_URL", "http://127.0.0.1:8025")
    for secret in ("", "short", "long enough to be one, short"):
        monkeypatch.setenv("HOLDFAST_LINK_SECRET", secret)
        with pytest.raises(ConfigError, match="openssl rand -hex 32"):
            send(email())
    assert b"List-Unsubscribe" not in render(email(unsubscribe=False)).raw
