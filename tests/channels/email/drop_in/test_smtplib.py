"""A drop-in for smtplib: the same calls, values and exceptions."""

import smtplib
from email.message import EmailMessage

import psycopg
import pytest

from holdfast.channels.email.drop_in import smtplib as drop_in
from holdfast.channels.email.drop_in import store_bytes
from holdfast.channels.email.drop_in.smtplib import SMTP, SMTP_SSL
from holdfast.channels.email.message import LARGEST


def stored(sql):
    """The envelope and the bytes of each email."""
    return sql.execute(
        "select e.sender, array(select address from email_recipients r where r.email_id = e.id "
        "order by position), e.raw, e.source, e.tenant from emails e order by e.id"
    ).fetchall()


@pytest.mark.parametrize("kind", [SMTP, SMTP_SSL])
def test_the_usual_program(our_database, sql, kind):
    """Whatever a program does around sending works, and its message is queued."""
    message = EmailMessage()
    message["From"], message["To"] = "Me <me@example.com>", "Ann <ann@example.com>"
    message["Bcc"], message["Subject"] = "ben@example.com", "Hi"
    message.set_content("Hello")
    with kind("smtp.example.com", 587, timeout=10) as smtp:
        assert smtp.ehlo()[0] == 250 and smtp.has_extn("starttls") is False
        assert smtp.starttls()[0] == 220
        assert smtp.login("me", "secret")[0] == 235
        assert smtp.send_message(message) == {}
        assert smtp.noop()[0] == smtp.rset()[0] == 250
        assert smtp.quit()[0] == 221
    [(sender, recipients, raw, source, _)] = stored(sql)
    assert (sender, recipients, source) == (
        "me@example.com", ["ann@example.com", "ben@example.com"], "smtplib",
    )  # fmt: skip
    assert b"ben@example.com" not in bytes(raw) and b"\r\n\r\nHello\r\n" in bytes(raw)
    assert isinstance(smtp, smtplib.SMTP)


def test_the_module_has_the_names_of_smtplib():
    """Whatever a program takes from `smtplib` is there, and nothing in it leads to a server."""
    others = ("LMTP", "CRLF", "SMTP_PORT", "SMTP_SSL_PORT", "LMTP_PORT")
    for name in (*smtplib.__all__, *others):
        theirs, ours = getattr(smtplib, name), getattr(drop_in, name)
        is_client = isinstance(theirs, type) and issubclass(theirs, smtplib.SMTP)
        assert issubclass(ours, SMTP) if is_client else ours is theirs


def test_finished_bytes_do_not_name_blind_copies(our_database, sql):
    """Bcc in the bytes of `sendmail` is not stored; who is named in the envelope gets it."""
    text = "To: ann@example.com\nBcc: boss@example.com\nSubject: Hi\n\nHello"
    SMTP().sendmail("me@example.com", ["ann@example.com", "boss@example.com"], text)
    [(_, recipients, raw, *_)] = stored(sql)
    assert recipients == ["ann@example.com", "boss@example.com"]
    assert b"boss" not in bytes(raw) and b"To: ann@example.com\r\nSubject: Hi" in bytes(raw)


def test_partial_refusal(our_database, sql):
    """Who cannot be an address is in the answer, with a code; the others get it."""
    to = ["Ann <ann@example.com>", "no", "a b@c", "b@c.example, d@e.example"]
    refused = SMTP().sendmail("<me@example.com>", to, "x")
    assert {to: code for to, (code, _) in refused.items()} == dict.fromkeys(to[1:], 553)
    assert stored(sql)[0][:2] == ("me@example.com", ["ann@example.com"])


def test_its_exceptions(our_database, sql):
    """The exceptions are those of smtplib, so that what catches them goes on working."""
    smtp = SMTP()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as nobody:
        smtp.sendmail("me@example.com", ["no"], "x")
    assert nobody.value.recipients["no"][0] == 553
    with pytest.raises(smtplib.SMTPSenderRefused):
        smtp.sendmail("no", ["ann@example.com"], "x")
    with pytest.raises(smtplib.SMTPSenderRefused) as big:
        smtp.sendmail("me@example.com", ["ann@example.com"], b"x" * (LARGEST + 1))
    assert big.value.smtp_code == 552
    with pytest.raises(UnicodeEncodeError):
        smtp.sendmail("me@example.com", ["ann@example.com"], "ä")
    with pytest.raises(smtplib.SMTPNotSupportedError):
        smtp.docmd("MAIL FROM:<me@example.com>")
    assert stored(sql) == []
    assert smtp.sendmail("me@example.com", [f"a{n}@b.example" for n in range(1001)], "x") == {
        "a1000@b.example": (452, b"4.5.3 too many recipients")
    }


def test_the_database_is_away(monkeypatch):
    """451 as SMTP-in says it: SMTPDataError, and the program keeps its mail."""
    monkeypatch.setenv("HOLDFAST_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(smtplib.SMTPDataError) as away:
        SMTP().sendmail("me@example.com", ["ann@example.com"], "x")
    assert away.value.smtp_code == 451


def test_a_database_that_is_not_migrated(our_database, monkeypatch):
    """Also what somebody has to mend first is an exception of smtplib that says: come again."""
    with monkeypatch.context() as patch:
        patch.setenv("HOLDFAST_SCHEMA_NAME", "elsewhere")
        with pytest.raises(smtplib.SMTPDataError, match="holdfast migrate") as raised:
            SMTP().sendmail("me@example.com", ["ann@example.com"], "x")
    assert raised.value.smtp_code == 451


def test_in_the_transaction_of_the_caller(our_database, sql):
    """With using= it is rolled back and committed with it."""
    with psycopg.connect(our_database) as connection:
        smtp = SMTP(using=connection, tenant="acme")
        smtp.sendmail("me@example.com", "ann@example.com", "Subject: one\n\nx")
        connection.rollback()
        smtp.sendmail("", "ann@example.com", "Subject: two\n\nx")
        assert stored(sql) == []
    [(sender, _, raw, _, tenant)] = stored(sql)
    assert (sender, tenant) == ("", "acme") and b"Subject: two\r\n\r\nx" in bytes(raw)


async def test_store_bytes(hf, sql):
    """Finished bytes with an envelope: the operation that other drop-ins are made of."""
    raw = b"Message-ID: <1@example.com>\r\nDate: x\r\nSubject: Hi\r\n\r\nHello"
    call = store_bytes(
        raw, "me@example.com", ["ann@example.com"], dedupe_key="k", tags=["a"], tenant=None
    )
    first, again = await hf.run(call), await hf.run(call)
    assert first.id == again.id and again.duplicate
    assert [bytes(row[2]) for row in stored(sql)] == [raw]
