"""Email by the JSON API: sent, looked at, sent again, cancelled, previewed."""

import base64
from email import message_from_bytes
from email.policy import default

import pytest
from tests.asking import SECRETS

HELLO = {
    "sender": "shop@example.com", "to": ["Ann <ann@example.com>"], "subject": "Hi", "text": "Hello."
}  # fmt: skip


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder of templates with one that needs a value."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "welcome.subject").write_text("Welcome, {{ name }}")
    (folder / "welcome.html").write_text("<p>Dear {{ name }}</p>")
    monkeypatch.setenv("HOLDFAST_EMAIL_TEMPLATES", str(folder))


async def _raw(sql, email_id):
    return sql.execute("select email_bytes(%s)", [email_id]).fetchone()[0]


async def test_an_email_is_sent_and_its_story_told(asks, work, eventually):
    """202 after the commit; then its state, each attempt with its answers, and what it says."""
    status, sent = await asks("shop")("POST", "/emails", {**HELLO, "idempotency_key": "k"})
    assert (status, sent["duplicate"]) == (202, False)
    again = await asks("shop")("POST", "/emails", {**HELLO, "idempotency_key": "k"})
    assert again == (202, {**sent, "duplicate": True})
    other = {**HELLO, "idempotency_key": "k", "to": "ben@example.com"}
    status, told = await asks("shop")("POST", "/emails", other)
    assert (status, sent["id"] in str(told)) == (422, True)

    async def done():
        _, rows = await asks("reader")("GET", "/emails?state=done")
        return rows

    async with work():
        [row] = await eventually(done)
    assert (row["id"], row["recipients"], row["subject"]) == (
        sent["id"], ["ann@example.com"], "Hi",
    )  # fmt: skip
    _, shown = await asks("reader")("GET", f"/emails/{sent['id']}")
    assert (shown["status"], shown["body"].strip(), shown["source"]) == ("done", "Hello.", "send")
    [attempt] = shown["timeline"]
    assert attempt["outcome"] == "done" and attempt["answers"][0]["address"] == "ann@example.com"
    assert ["Subject", "Hi"] in shown["headers"]


async def test_everything_an_email_has_can_be_said(asks, sql):
    """Attachments in base64, inline images, headers, metadata: as `Email` in Python."""
    picture = {"name": "a.png", "content": base64.b64encode(b"\x89PNG").decode(), "inline": "logo"}
    status, sent = await asks()("POST", "/emails", {
        **HELLO, "html": '<img src="cid:logo">', "cc": "ben@example.com", "bcc": "cy@example.com",
        "reply_to": "desk@example.com", "headers": {"X-Order": "7"}, "tags": ["order"],
        "metadata": {"order": 7}, "tenant": "acme", "priority": 2, "on_unknown": "hold",
        "send_at": "2099-01-01T00:00:00Z", "expires_at": "2099-01-02T00:00:00Z",
        "message_id": "<7@example.com>",
        "attachments": [picture, {"name": "b.txt", "content": "Yg==", "type": "text/plain"}],
    })  # fmt: skip
    assert status == 202, sent
    message = message_from_bytes(await _raw(sql, sent["id"]), policy=default)
    assert (message["X-Order"], message["Cc"], message["Bcc"]) == ("7", "ben@example.com", None)
    for wanted, count in (
        ("tag=order&tenant=acme&recipient=cy@example.com&source=send", 1), ("tag=other", 0),
        ("message_id=7@example.com&subject=HI", 1), (f"before={sent['id']}", 0),
    ):  # fmt: skip
        _, rows = await asks("reader")("GET", f"/emails?{wanted}")
        assert len(rows) == count
    _, shown = await asks()("GET", f"/emails/{sent['id']}")
    assert [(f["name"], f["size"]) for f in shown["attachments"]] == [("a.png", 4), ("b.txt", 1)]
    assert {r["address"] for r in shown["recipients"]} == {
        "ann@example.com", "ben@example.com", "cy@example.com",
    }  # fmt: skip
    assert (shown["metadata"], shown["tags"], shown["tenant"]) == ({"order": 7}, ["order"], "acme")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"to": "nobody"}, "to: "),
        ({"subject": "a\r\nBcc: x@example.com"}, "subject: "),
        ({"headers": {"X\r\nY": "1"}}, "header"),
        ({"attachments": [{"name": "a", "content": "%%%"}]}, "attachments.0.content"),
        ({"attachments": [{"name": "../a", "content": ""}]}, "name"),
        ({"send_at": "2099-01-01T00:00:00"}, "send_at"),
        ({"on_unknown": "guess"}, "on_unknown"),
        ({"text": None}, "text: the email has no body"),
        ({"text": "a\x00b"}, "text: "),
        ({"bcc_me": True}, "bcc_me"),
    ],
)
async def test_what_can_not_be_sent_is_told_by_its_field(asks, sql, wrong, told):
    """A mistake is 422 with the name of its field, and nothing is stored."""
    status, answer = await asks()("POST", "/emails", {**HELLO, **wrong})
    assert status == 422 and told in answer["error"], answer
    assert sql.execute("select count(*) from emails").fetchone() == (0,)


@pytest.mark.usefixtures("templates")
async def test_a_template_is_previewed_and_sent(asks, sql):
    """What a template says is seen before it is sent; a value that is missing is an error."""
    wanted = {"template": "welcome", "values": {"name": "Ann"}}
    status, said = await asks("shop")("POST", "/emails/preview", wanted)
    assert (status, said["subject"], said["text"].strip()) == (200, "Welcome, Ann", "Dear Ann")
    status, told = await asks("shop")("POST", "/emails/preview", {"template": "welcome"})
    assert status == 422 and "name" in told["error"]
    sender = {"sender": "shop@example.com", "to": "ann@example.com"}
    _, sent = await asks("shop")("POST", "/emails", {**sender, **wanted})
    assert b"Dear Ann" in await _raw(sql, sent["id"])


async def test_a_stored_template_needs_its_name_alone(asks, sql):
    """A template of the database is found by its name, without a folder."""
    for part, text in (("subject", "Hi {{ n }}"), ("txt", "Yo")):
        sql.execute("select email_template_put('hello', '', %s, %s, 'ann')", [part, text])
    status, said = await asks()(
        "POST", "/emails/preview", {"template": "hello", "values": {"n": 1}}
    )
    assert (status, said["subject"]) == (200, "Hi 1"), said


async def test_an_email_is_cancelled_and_sent_again(asks, sql):
    """Both are on record with the name of the key; a copy names what it is a copy of."""
    _, sent = await asks()("POST", "/emails", HELLO)
    path = f"/emails/{sent['id']}"
    assert await asks("shop")("POST", f"{path}/cancel") == (
        403, {"error": "the key shop may send; this needs operate"},
    )  # fmt: skip
    wanted = {"send_at": "2098-01-01T01:00:00+01:00", "why": "later"}
    status, moved = await asks()("POST", f"{path}/reschedule", wanted)
    assert (status, moved["send_at"][:19]) == (200, "2098-01-01T00:00:00")
    assert (await asks()("POST", f"{path}/reschedule", {"send_at": "2098-01-01"}))[0] == 422
    status, ended = await asks()("POST", f"{path}/cancel", {"why": "wrong price"})
    assert (status, ended) == (200, {"delivered": 0, "pending": 1})
    assert (await asks()("POST", f"{path}/cancel"))[0] == 409
    assert (await asks()("POST", f"{path}/reschedule", wanted))[0] == 409
    wanted = {"to": "ben@example.com", "why": "right price", "idempotency_key": "again"}
    status, copy = await asks()("POST", f"{path}/resend", wanted)
    assert (status, copy["duplicate"]) == (202, False)
    assert (await asks()("POST", f"{path}/resend", wanted))[1] == {**copy, "duplicate": True}
    assert (await asks()("GET", f"/emails/{copy['id']}"))[1]["copy_of"] == sent["id"]
    assert (await asks()("POST", f"{path}/resend", {"to": []}))[0] == 422
    who = {row[0] for row in sql.execute("select who from operations").fetchall()}
    assert who == {"api:oncall"}


async def test_no_address_and_no_key_is_in_the_log(asks, caplog):
    """What the API is asked leaves neither addresses nor keys nor bodies in the log."""
    caplog.set_level("DEBUG")
    await asks()("POST", "/emails", {**HELLO, "text": "the code is 991188"})
    await asks()("POST", "/emails", {**HELLO, "to": "not an address"})
    told = "\n".join(f"{r.getMessage()} {vars(r)}" for r in caplog.records if "holdfast" in r.name)
    for secret in ("ann@example.com", "991188", SECRETS["ONCALL"].partition(":")[2]):
        assert secret not in told


async def test_an_address_is_put_on_the_list_and_taken_off(asks, sql, work, eventually):
    """Nothing is sent to it, nor is what waits; taken off, it gets mail; both are on record."""
    _, waits = await asks("shop")("POST", "/emails", HELLO)
    wanted = {"address": ["Ann <Ann@Example.com>", "ben@b\u00fccher.example"], "why": "they asked"}
    assert await asks()("POST", "/emails/suppressions", wanted) == (201, {"new": 2})
    assert await asks()("POST", "/emails/suppressions", wanted) == (201, {"new": 0})
    async with work():
        await eventually(
            lambda: sql.execute("select status from email_recipients").fetchone() == ("suppressed",)
        )
    _, [listed] = await asks("reader")("GET", "/emails/suppressions?address=ann@example.com")
    assert (listed["reason"], listed["created_by"], listed["detail"], listed["source"]) == (
        "manual", "api:oncall", "they asked", "api",
    )  # fmt: skip
    assert len((await asks("reader")("GET", "/emails/suppressions?reason=manual"))[1]) == 2
    for address in ("ann@example.com", "ben@b\u00fccher.example"):
        assert await asks()("POST", "/emails/suppressions/remove", {"address": address}) == (
            200, {"removed": 1, "remaining": 0},
        )  # fmt: skip
    assert (await asks("reader")("GET", "/emails/suppressions"))[1] == []
    assert await asks()("POST", f"/dead-letters/{waits['id']}/replay") == (200, {"id": waits["id"]})
    async with work():
        await eventually(
            lambda: sql.execute("select status from email_recipients").fetchone() == ("captured",)
        )
    told = "select array_agg(distinct who), array_agg(filter::text) from operations"
    who, filters = sql.execute(told).fetchone()
    assert who == ["api:oncall"] and "ann@" not in str(filters)


async def test_who_complained_is_taken_off_by_name_alone(asks):
    """Without its reason a complaint holds; a list and an end are kept as they were said."""
    for more in ({"reason": "complained"}, {"reason": "unsubscribed", "list": "news",
                  "tenant": "shop", "expires_at": "2099-01-01T00:00:00+00:00"}):  # fmt: skip
        wanted = {"address": "ann@example.com", **more}
        assert (await asks()("POST", "/emails/suppressions", wanted))[0] == 201
    path, ann = "/emails/suppressions/remove", {"address": "ann@example.com"}
    assert await asks()("POST", path, ann) == (200, {"removed": 0, "remaining": 2})
    told = await asks()("POST", path, {**ann, "reason": "complained", "why": "by mistake"})
    assert told == (200, {"removed": 1, "remaining": 1})
    _, [left] = await asks("reader")("GET", "/emails/suppressions?list=news&tenant=shop")
    assert (left["list"], left["expires_at"]) == ("news", "2099-01-01T00:00:00+00:00")
    wanted = {**ann, "reason": "unsubscribed", "list": "news", "tenant": "shop"}
    assert await asks()("POST", path, wanted) == (200, {"removed": 1, "remaining": 0})


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("", {}, "address: Field required"),
        ("", {"address": []}, "address: none is given"),
        ("", {"address": ["ann@example.com", "no address"]}, "address[1]"),
        ("", {"address": "a@b.example\r\nBcc: c@d.example"}, "address: "),
        ("", {"address": "a@b.example", "reason": "so"}, "reason: Input should be 'manual'"),
        ("", {"address": "a@b.example", "list": "news"}, "a list is given with the reason unsub"),
        ("", {"address": "a@b.example", "expires_at": "tomorrow"}, "expires_at: a time as text"),
        ("", {"address": "a@b.example", "source": "cli"}, "source: there is no such field"),
        ("/remove", {"address": "no address"}, "address: "),
        ("/remove", {"address": "a@b.example", "reason": "all"}, "reason: Input should be"),
    ],
)
async def test_a_wrong_suppression_changes_nothing(asks, sql, path, body, told):
    """What is wrong is said with its field, and the list stays as it was."""
    status, answer = await asks()("POST", f"/emails/suppressions{path}", body)
    assert (status, told in answer["error"]) == (422, True), answer
    assert sql.execute("select count(*) from email_suppressions").fetchone() == (0,)
    assert sql.execute("select count(*) from operations").fetchone() == (0,)


async def test_who_may_not_sees_and_changes_no_suppression(asks, sql):
    """Who sends does not see the list, who looks does not change it."""
    ann = {"address": "ann@example.com"}
    for name, method, path, needs in (
        ("shop", "GET", "", "read"), ("shop", "POST", "", "operate"),
        ("reader", "POST", "", "operate"), ("shop", "POST", "/remove", "operate"),
        ("reader", "POST", "/remove", "operate"),
    ):  # fmt: skip
        body = ann if method == "POST" else None
        status, told = await asks(name)(method, f"/emails/suppressions{path}", body)
        assert (status, told["error"].endswith(f"needs {needs}")) == (403, True)
    assert sql.execute("select count(*) from email_suppressions").fetchone() == (0,)
