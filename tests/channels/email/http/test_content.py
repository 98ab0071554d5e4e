"""The frozen bytes, as JSON: nothing is lost, nothing is seen that was hidden, nothing raises."""

import base64
import email
import json
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import getaddresses
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.channels.email.message import Email, render
from holdfast.channels.email.providers.http.content import Content, read, visible

FORMS = ("resend", "postmark", "sendgrid", "brevo")
ANN, BOB, EVE = "ann@example.com", "bob@example.org", "eve@example.net"
LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60).map(
    lambda text: " ".join(text.split()).strip()
)
WORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=300)
BYTES = st.binary(max_size=300)
NAME = LINE.filter(lambda name: '"' not in name and "\\" not in name and "=?" not in name)


def form_of(name, envelope, provider):
    """What the provider of that name posts, as JSON."""
    return json.loads(provider(name, 1).build(envelope).body)


def at(form, *names):
    """The first field of these names that is there."""
    return next((form[name] for name in names if name in form), None)


def addresses(name, form):
    """(to, cc, bcc) as addresses, whatever the form calls them."""
    if name == "sendgrid":
        form = form["personalizations"][0]
    found = []
    for field in ("to", "cc", "bcc"):
        boxes = form.get(field, form.get(field.capitalize(), []))
        if isinstance(boxes, str):
            boxes = [box for _, box in getaddresses([boxes])] if boxes else []
        boxes = [box["email"] if isinstance(box, dict) else box for box in boxes]
        found.append([box.rpartition("<")[2].rstrip(">") for box in boxes])
    return tuple(found)


def texts(name, form):
    """(text, html)."""
    if name == "sendgrid":
        kinds = {part["type"]: part["value"] for part in form["content"]}
        return kinds.get("text/plain"), kinds.get("text/html")
    return at(form, "text", "TextBody", "textContent"), at(form, "html", "HtmlBody", "htmlContent")


def attached(form):
    """(name, bytes) of the attachments."""
    parts = at(form, "attachments", "Attachments", "attachment") or []
    return [
        (at(part, "filename", "Name", "name"), base64.b64decode(at(part, "content", "Content")))
        for part in parts
    ]


def same_text(found, said):
    """The same characters; what ends a line is LF, and there may be one more at the end."""
    return "\n".join((found or "").splitlines()).strip() == "\n".join(said.splitlines()).strip()


@settings(max_examples=25)
@given(subject=LINE, names=st.tuples(NAME, NAME, NAME), text=TEXT, html=TEXT, header=LINE)
def test_what_was_said_is_in_every_form(subject, names, text, html, header, provider, envelope):
    """Subject, texts, addresses and headers of any email stand in the JSON of each API."""
    shop, ann, bob = names
    rendered = render(
        Email(
            sender=f'"{shop}" <shop@example.com>', to=f'"{ann}" <{ANN}>', cc=f'"{bob}" <{BOB}>',
            bcc=EVE, reply_to=("help@example.com",), subject=subject, text=text, html=html,
            headers={"X-A": header},
        )
    )  # fmt: skip
    reader = email.message_from_bytes(rendered.raw, policy=default)
    for name in FORMS:
        form = form_of(name, envelope(*rendered.recipients, raw=rendered.raw), provider)
        assert (at(form, "subject", "Subject") or "").strip() == str(reader["Subject"]).strip()
        assert addresses(name, form) == ([ANN], [BOB], [EVE])
        found_text, found_html = texts(name, form)
        assert same_text(found_html, html) or not html.strip()
        assert same_text(found_text, text) or not text.strip()
        headers = at(form, "headers", "Headers")
        if isinstance(headers, list):
            headers = {one["Name"]: one["Value"] for one in headers}
        assert (headers or {}).get("X-A", "") == str(reader["X-A"]).strip()
        assert "help@example.com" in json.dumps(form)


def composed(files, inline=b""):
    """A message with attachments, and with an inline image if there is one."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "shop@example.com", ANN, "Files"
    message.set_content("See below.")
    message.add_alternative('<p>Look: <img src="cid:logo@shop"></p>', subtype="html")
    if inline:
        message.get_payload()[1].add_related(
            inline, "image", "png", cid="<logo@shop>", filename="logo.png"
        )
    for name, content in files:
        message.add_attachment(content, "application", "pdf", filename=name)
    return message.as_bytes()


FILE = st.tuples(st.from_regex(r"[a-zA-Z0-9äß][a-zA-Z0-9äß _-]{0,20}\.pdf", fullmatch=True), BYTES)


@settings(max_examples=20)
@given(files=st.lists(FILE, max_size=3), image=BYTES)
def test_attachments_keep_their_bytes(files, image, provider, envelope):
    """Each attachment arrives with its name and its bytes, in order."""
    raw = composed(files, image)
    expected = ([("logo.png", image)] if image else []) + files
    for name in FORMS:
        form = form_of(name, envelope(ANN, raw=raw), provider)
        assert attached(form) == expected
        assert same_text(texts(name, form)[0], "See below.")


def test_an_inline_image_keeps_the_name_that_the_html_calls(provider, envelope):
    """The Content-ID is given as each API wants it; Brevo has no place for it."""
    raw = composed([], b"png")
    found = {name: form_of(name, envelope(ANN, raw=raw), provider) for name in FORMS}
    assert found["resend"]["attachments"][0]["content_id"] == "logo@shop"
    assert found["resend"]["attachments"][0]["content_type"] == "image/png"
    assert found["postmark"]["Attachments"][0]["ContentID"] == "cid:logo@shop"
    part = found["sendgrid"]["attachments"][0]
    assert (part["content_id"], part["disposition"]) == ("logo@shop", "inline")
    assert [name for name, _ in attached(found["brevo"])] == ["logo.png"]


def test_parts_that_have_no_field_are_attached(envelope):
    """A second text, a calendar, a message in the message: each is kept, with a name."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "shop@example.com", ANN
    message.set_content("One.")
    message.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", disposition="inline")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("Hi")
    message.add_attachment(inner)
    footer = EmailMessage()
    footer.set_content("Two.")
    message.attach(footer)
    content = read(envelope(ANN, raw=message.as_bytes()))
    assert content.text.strip() == "One."
    assert [part.type for part in content.attachments] == [
        "text/calendar", "message/rfc822", "text/plain"
    ]  # fmt: skip
    assert b"Subject: Inner" in content.attachments[1].content
    assert [part.name[:11] for part in content.attachments] == ["attachment-"] * 3


def test_an_email_without_text_is_sent_all_the_same(provider, envelope):
    """What consists of a file only has a text that each API takes."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "shop@example.com", ANN
    message.add_attachment(b"%PDF", "application", "pdf", filename="a.pdf")
    for name in FORMS:
        form = form_of(name, envelope(ANN, raw=message.as_bytes()), provider)
        assert any(texts(name, form)) and attached(form) == [("a.pdf", b"%PDF")]


HEADERS = st.sampled_from(
    [b"From", b"To", b"Cc", b"Subject", b"Reply-To", b"Content-Type", b"Content-Disposition",
     b"Content-Transfer-Encoding", b"Content-ID", b"X-A", b"MIME-Version", b""]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"=?utf-7?q?+2AA-?=", b"=?x?b?/?= <a@b", b"multipart/mixed; boundary=x", b"(((", b"a@b@c",
         b'"', b"text/html; charset=\xff", b"=?utf-8?b?gA?=", b"<>", b"@", b"a:b;", b"base64",
         b"text/plain; charset=utf-7", b"attachment; filename*=utf-8''%ff%00", b"message/rfc822",
         b"=?utf-8?q?=0D=0ABcc:_eve@example.net?=", b'"\\" <a@b>', b"a@b, ,c@d;", b"[", b"<a@[>"]
    ),
)  # fmt: skip


@settings(max_examples=80)
@given(
    head=st.lists(st.tuples(HEADERS, VALUES), max_size=8),
    body=st.one_of(BYTES, st.just(b"--x\r\nContent-Type: text/plain\r\n\r\n+2AA-\r\n--x--")),
)
def test_no_bytes_raise(head, body, provider, envelope):
    """Whatever a program sent by SMTP becomes a form for exactly its recipients."""
    raw = b"".join(name + b": " + value + b"\r\n" for name, value in head) + b"\r\n" + body
    one = envelope(ANN, raw=raw)
    assert isinstance(read(one), Content)
    assert isinstance(visible(one), set)
    for name in FORMS:
        form = form_of(name, one, provider)
        assert addresses(name, form) == ([ANN], [], [])
        assert "\\u000d" not in json.dumps(at(form, "subject", "Subject") or "")


@pytest.mark.parametrize(
    ("recipients", "to", "cc", "bcc"),
    [
        ((ANN, BOB, EVE), [ANN], [BOB], [EVE]),
        ((ANN,), [ANN], [], []),
        ((BOB,), [BOB], [], []),
        ((EVE,), [EVE], [], []),
        (("ANN@example.com", EVE), ["ANN@example.com"], [], [EVE]),
    ],
)
def test_only_those_who_lack_it_are_named(recipients, to, cc, bcc, provider, envelope):
    """The form is for those still to get it, as the headers show them; the rest is hidden."""
    for name in FORMS:
        form = form_of(name, envelope(*recipients), provider)
        assert addresses(name, form) == (to, cc, bcc)


def test_the_same_email_makes_the_same_request(provider, envelope):
    """An attempt that is made again is the same bytes, in another process too."""
    for name in (*FORMS, "mailgun"):
        first, again = provider(name, 1).build(envelope()), provider(name, 1).build(envelope())
        assert first == again
    keys = {
        provider("resend", 1).build(one).headers["Idempotency-Key"]
        for one in (envelope(), envelope(ANN), envelope(BOB), envelope(number=8))
    }
    assert len(keys) == 4


def test_our_message_id_travels_where_it_can(provider, envelope):
    """Postmark and SendGrid keep it; Brevo gives it back; SES and Mailgun have it in the bytes."""
    found = {name: form_of(name, envelope(), provider) for name in FORMS}
    headers = {one["Name"]: one["Value"] for one in found["postmark"]["Headers"]}
    assert (headers["Message-ID"], headers["X-PM-KeepID"]) == ("<1@example.com>", "true")
    assert found["sendgrid"]["headers"]["Message-ID"] == "<1@example.com>"
    assert found["brevo"]["headers"]["X-Mailin-custom"] == "<1@example.com>"
    assert "Message-ID" not in found["resend"].get("headers", {})
    body = json.loads(provider("ses", 1).build(envelope()).body)
    assert base64.b64decode(body["Content"]["Raw"]["Data"]) == envelope().raw
    assert envelope().raw in provider("mailgun", 1).build(envelope()).body


NAMES = ['Ann "A" O\'Neil', "Smith, Ann", "Änn", "Ä, ß", "A\\B", "J. Doe", "<x>", "=?utf-8?q?a?="]


@pytest.mark.parametrize(("name", "form"), list(product(NAMES, FORMS)))
def test_names_are_written_as_each_api_reads_them(name, form, provider, envelope):
    """A name with commas, quotes or letters beyond ASCII breaks no address apart."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    box = f'"{quoted}" <{ANN}>'
    raw = f'From: "{quoted}" <shop@example.com>\r\nTo: {box}\r\n\r\nHi'.encode()
    found = form_of(form, envelope(ANN, raw=raw), provider)
    assert addresses(form, found)[0] == [ANN]
    if form in {"resend", "postmark"}:
        [address] = email.message_from_string(
            f"To: {found.get('To') or found['to'][0]}\r\n\r\n", policy=default
        )["To"].addresses
        assert address.addr_spec == ANN
        if "=?" not in name:
            assert address.display_name == name
        sender = found.get("From") or found["from"]
        assert sender.endswith("shop@example.com>") and "shop@example.com" in sender
