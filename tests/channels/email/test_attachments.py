"""Attachments: the bytes that arrive are the bytes that were given, and they are stored once."""

import email
import email.policy
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.reads import counted

from holdfast import Attachment, Email, InvalidInput
from holdfast.channels.email import store
from holdfast.channels.email.attachment import LARGEST
from holdfast.channels.email.message import render, send
from holdfast.channels.email.parts import FILE_FROM, base64, size_in_base64
from holdfast.channels.email.plain import plain
from holdfast.engine import jobs

PLAIN = {"to": "ann@example.com", "subject": "Hi", "text": "Hello", "sender": "me@example.com"}
NAME = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"), blacklist_characters="/\\"),
    min_size=1, max_size=50,
).filter(lambda name: name.strip() not in {"", ".", ".."})  # fmt: skip
# some below, some above the size from which on they are files of their own
CONTENT = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda seed, more: seed * FILE_FROM + more, st.binary(min_size=1, max_size=3),
              st.binary(max_size=60)),
)  # fmt: skip
BODY = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=200)


def parsed(raw):
    """As a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def files_of(message):
    """Name and bytes of each attachment and each inline image."""
    return [
        (part.get_filename(), part.get_payload(decode=True))
        for part in message.walk()
        if part.get_content_disposition() in {"attachment", "inline"}
    ]


@given(
    text=st.none() | BODY,
    html=st.none() | BODY,
    files=st.lists(st.tuples(NAME, CONTENT, st.booleans()), max_size=4),
)
def test_what_is_attached_arrives(text, html, files):
    """Text, HTML and every attachment come out as they went in, whatever their names and bytes."""
    if text is None and html is None:
        text = "x"
    attachments = [
        Attachment(name, content, inline=f"c{n}" if inline and html is not None else None)
        for n, (name, content, inline) in enumerate(files)
    ]
    rendered = render(Email(**PLAIN | {"text": text, "html": html}, attachments=attachments))
    raw = rendered.whole()
    assert rendered.size == len(raw) and raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = parsed(raw)
    assert (message["Subject"], message["To"]) == ("Hi", "ann@example.com")
    made = plain(html or "") if text is None else text
    for kind, said in (
        ("plain", made if made.strip() or text is not None else None),
        ("html", html),
    ):
        part = message.get_body((kind,))
        assert (part is None) == (said is None)
        if part is not None:
            assert lines_of(part.get_content()) == lines_of(said)
    expected = [(" ".join(a.name.split()), a.content) for a in attachments]
    found = [(" ".join(name.split()), content) for name, content in files_of(message)]
    assert sorted(found) == sorted(expected)


def lines_of(text):
    """The lines, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


@hypothesis_settings(max_examples=60)
@given(contents=st.lists(CONTENT, min_size=1, max_size=4))
def test_the_database_puts_it_together_again(sql, contents):
    """What Postgres makes of the parts is what Python would send, to the byte."""
    rendered = render(
        Email(**PLAIN, attachments=[Attachment(f"{n}.bin", c) for n, c in enumerate(contents)])
    )
    call = send(Email(**PLAIN, attachments=[Attachment("a", b"")]))
    call = store.store(rendered, {})
    placeholders = ", ".join(f"{name} => %s" for name in call.args)
    email_id = sql.execute(
        f"select id from {call.function}({placeholders})", list(call.args.values())
    ).fetchone()[0]
    whole, size = sql.execute(
        "select email_bytes(id), size from emails where id = %s", [email_id]
    ).fetchone()
    assert whole == rendered.whole() and size == len(whole)


def test_both_write_the_same_base64(sql):
    """Python and SQL break the lines at the same places, and know the length beforehand."""
    for size in (*range(180), 57 * 300 - 1, 57 * 300, 57 * 300 + 1):
        data = bytes(n % 256 for n in range(size))
        (there,) = sql.execute("select email_base64(%s)", [data]).fetchone()
        assert there.encode() == base64(data), size
        assert len(there) == size_in_base64(size), size


async def test_a_file_is_stored_once(post, sql, smtp, post_office):
    """A hundred emails with one attachment have one file; each is sent, and handed out, whole."""
    office = await post_office()
    content = bytes(range(256)) * 256
    letter = Email(**PLAIN, attachments=[Attachment("terms.pdf", content)])
    for _ in range(3):
        await post.send(letter)
    assert sql.execute("select count(*), sum(size) from email_files").fetchone() == (1, 65536)
    stored = sql.execute("select max(octet_length(raw)), min(size) from emails").fetchone()
    assert stored[0] < 2000 and stored[1] > 65536 * 4 / 3
    handed = sql.execute("select raw from get_email_queue_batch(1)").fetchone()[0]
    assert files_of(parsed(handed)) == [("terms.pdf", content)]
    assert [state for _, state in await post.attempt(smtp(office.url()))] == ["done", "done"]
    for message in office.messages:
        assert files_of(parsed(message.content)) == [("terms.pdf", content)]
    shown = await post.database.run(store.shown(sql.execute("select id from emails").fetchone()[0]))
    assert files_of(parsed(shown.raw)) == [("terms.pdf", content)]


async def test_the_same_key_again_stores_no_file(post, sql):
    """A duplicate has no second effect, on files either."""
    for content in (b"a" * FILE_FROM, b"b" * FILE_FROM):
        letter = Email(**PLAIN, attachments=[Attachment("a", content)], idempotency_key="k")
        await post.send(letter)
    assert sql.execute("select hash from email_files").fetchall() == [
        (sha256(b"a" * FILE_FROM).digest(),)
    ]


async def test_only_unused_files_are_deleted(post, sql, dsn):
    """A file stays as long as an email has it, and while somebody is about to send it."""
    import psycopg

    for content in (b"a", b"b", b"b"):
        await post.send(Email(**PLAIN, attachments=[Attachment("a", content * FILE_FROM)]))
    first, second, third = sql.execute("select id from emails order by id").fetchall()
    sql.execute("select email_take_out(%s, clock())", [list(second)])
    assert sql.execute("select email_files_prune(10)").fetchone() == (1,)
    assert sql.execute("select count(*) from email_files").fetchone() == (2,)
    sql.execute("select email_take_out(%s, clock())", [list(third)])
    with psycopg.connect(dsn) as other:
        other.execute("set search_path to holdfast")
        other.execute("select email_keep_file(%s)", [b"b" * FILE_FROM])
        assert sql.execute("select email_files_prune(10)").fetchone() == (0,)
        other.rollback()
    assert sql.execute("select email_files_prune(10)").fetchone() == (1,)
    assert sql.execute("select count(*) from email_files").fetchone() == (1,)
    sql.execute("select email_take_out(%s, clock())", [list(first)])
    assert sql.execute("select email_files_prune(0)").fetchone() == (0,)
    assert sql.execute("select email_files_prune(10)").fetchone() == (1,)
    assert sql.execute("select count(*) from email_files").fetchone() == (0,)
    assert sql.execute("select count(*) from email_loose_files").fetchone() == (0,)


def test_looking_for_files_does_not_grow_with_them(sql):
    """What no email has lost is not looked at, however many files there are."""
    for fill in (
        """insert into email_files select sha256(i::text::bytea), 'x', 1, clock()
           from generate_series(1, 3000) i""",
        "insert into email_attachments select new_id(), 1, 0, hash from email_files",
        "analyze",
        "select email_detach(array(select email_id from email_attachments limit 3))",
    ):
        sql.execute(fill)
    with counted(sql) as read:
        assert sql.execute("select email_files_prune()").fetchone() == (3,)
    assert read["email_files"] + read["email_attachments"] <= 30, read
    assert sql.execute("select count(*) from email_files").fetchone() == (2997,)


def test_an_image_that_the_html_shows():
    """It is related to the HTML, found by its content-id, and no file to save."""
    html = '<img src="cid:logo@shop">'
    rendered = render(
        Email(
            **PLAIN,
            html=html,
            attachments=[
                Attachment("terms.pdf", b"%PDF"),
                Attachment("logo.png", b"png", inline="logo@shop"),
            ],
        )
    )
    message = parsed(rendered.raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html",
        "image/png", "application/pdf",
    ]  # fmt: skip
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert image["Content-ID"] == "<logo@shop>" and image.get_content_disposition() == "inline"


def test_from_a_path(tmp_path):
    """The name is the file's unless another is given; what cannot be read is said."""
    path = tmp_path / "bill.pdf"
    path.write_bytes(b"%PDF")
    assert Attachment.from_path(path) == Attachment("bill.pdf", b"%PDF")
    assert Attachment.from_path(str(path), name="Bill 7.pdf").name == "Bill 7.pdf"
    with pytest.raises(InvalidInput, match=r"'no\.pdf' cannot be read: No such file"):
        Attachment.from_path(tmp_path / "no.pdf")
    with (tmp_path / "big").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(InvalidInput, match="18 MiB"):
        Attachment.from_path(tmp_path / "big")


@pytest.mark.parametrize(
    ("given_name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("a.csv.gz", "application/octet-stream"),
        ("a.eml", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_the_media_type_is_guessed(given_name, kind):
    """By the name, and where that says nothing of use it is bytes."""
    message = parsed(render(Email(**PLAIN, attachments=[Attachment(given_name, b"x")])).raw)
    assert [part.get_content_type() for part in message.iter_attachments()] == [kind]


@pytest.mark.parametrize(
    ("attachments", "complaint"),
    [
        ("a", "a sequence"),
        (None, "a sequence"),
        ([b"a"], r"attachments\[0\]: an Attachment"),
        ([Attachment("a", "text")], r"attachments\[0\].content: bytes are needed, not str"),
        ([Attachment("", b"")], "name: 1 to 255"),
        ([Attachment("ä" * 128, b"")], "name: 1 to 255"),
        ([Attachment("../a", b"")], "not a path"),
        ([Attachment("..", b"")], "not a path"),
        ([Attachment("a\r\nBcc: x", b"")], r"U\+000D"),
        ([Attachment("a", b"", type="pdf")], "media type"),
        ([Attachment("a", b"", type="text/plain\r\nX: 1")], "media type"),
        ([Attachment("a", b"", type="multipart/mixed")], "cannot be attached"),
        ([Attachment("a", b"", type="message/rfc822")], "cannot be attached"),
        ([Attachment("a", b"", inline="a b")], "content-id"),
        ([Attachment("a", b"", inline="a>\r\nX: 1")], "content-id"),
        ([Attachment("a", b"", inline="a")], "no html"),
        ([Attachment("a", b"x" * (LARGEST + 1))], "18 MiB"),
        ([Attachment("a", b"x" * LARGEST), Attachment("b", b"x" * LARGEST)], "25 MiB"),
        ([Attachment("a", b"")] * 101, "too many"),
    ],
)
def test_what_can_not_be_attached(attachments, complaint):
    """The error names the attachment and says what to do."""
    with pytest.raises(InvalidInput, match=complaint):
        send(Email(**PLAIN, attachments=attachments))


def test_images_that_are_not_there():
    """HTML that shows an image which nobody attached would show a hole."""
    with pytest.raises(InvalidInput, match="cid:logo, and no attachment"):
        send(Email(**PLAIN, html='<img src="cid:logo">'))
    with pytest.raises(InvalidInput, match="same content-id"):
        send(Email(**PLAIN, html="x", attachments=[Attachment("a", b"", inline="a")] * 2))


WRONG = [
    ([0], []), ([], []), (None, None), ([0], [None]), ([None], [b"x"]), ([5, 4], [b"x", b"y"]),
    ([-1], [b"x"]), ([10_000], [b"x"]), ([0, 0], [b"x"]), ([0], [b"x" * 20_000_000]),
]  # fmt: skip


def test_files_in_sql(sql):
    """Places and files that do not fit are a typed error, and nothing is stored."""
    import psycopg

    for places, files in WRONG:
        with pytest.raises(psycopg.Error) as raised:
            sql.execute(
                "select email_send_files('a@x.com', '{b@x.com}', '<1@x>', null, 'Subject: x', "
                "%s::integer[], %s::bytea[])",
                [places, files],
            )
        assert raised.value.sqlstate == "JQ005", (places, str(raised.value))
    assert sql.execute("select count(*) from email_files").fetchone() == (0,)


def test_roles(sql):
    """Who may enqueue can attach a file, new or known, and not read one."""
    import psycopg

    sql.execute("set role holdfast_enqueue")
    for _ in range(2):
        sql.execute(
            "select email_send_files('a@x.com', '{b@x.com}', '<1@x>', null, 'x', '{1}', %s)",
            [[b"y" * FILE_FROM]],
        )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("select data from email_files")
    sql.execute("set role holdfast_work")
    assert len(sql.execute("select raw from get_email_queue_batch()").fetchone()[0]) > FILE_FROM
    assert sql.execute("select email_files_prune()").fetchone() == (0,)


async def test_an_email_of_any_size_is_loaded(post, database):
    """The worker gets the whole message."""
    await post.send(Email(**PLAIN, attachments=[Attachment("a", b"z" * 100_000)]))
    [job] = await database.run(jobs.claim("email", None, "test"))
    [loaded] = await database.run(store.load([job.id]))
    assert files_of(parsed(loaded.envelope.raw)) == [("a", b"z" * 100_000)]
