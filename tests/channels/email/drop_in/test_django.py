"""Django's mail, queued."""

import logging
import smtplib
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.db import DatabaseError, connection, connections, transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy

from holdfast import DatabaseUnavailable, InvalidInput
from holdfast.channels.email.drop_in import store
from holdfast.channels.email.drop_in.django import EmailBackend


def stored(sql):
    """The envelope and the bytes of each email."""
    return sql.execute(
        "select e.sender, array(select address from email_recipients r where r.email_id = e.id "
        "order by position), e.raw, e.source, e.tenant from emails e order by e.id"
    ).fetchall()


def test_send_mail(django, sql):
    """What Django's functions send is queued: one email and its job."""
    assert mail.send_mail("Grüße", "Hallo\nWelt", None, ["Ann <ann@example.com>"]) == 1
    [(sender, recipients, raw, source, tenant)] = stored(sql)
    assert (sender, recipients, source, tenant) == (
        "shop@example.com", ["ann@example.com"], "django", None,
    )  # fmt: skip
    message = message_from_bytes(bytes(raw), policy=default)
    assert message["Subject"] == "Grüße" and message["From"] == "Shop <shop@example.com>"
    assert b"\n" not in bytes(raw).replace(b"\r\n", b"")
    assert sql.execute("select count(*) from ready_jobs").fetchone() == (1,)


def test_everything_of_a_message_is_kept(django, sql):
    """Alternatives, attachments, headers, Reply-To; the blind copy in the envelope alone."""
    message = mail.EmailMultiAlternatives(
        "Hi", "text", "me@example.com", ["ann@example.com"], ["ben@example.com"],
        reply_to=["answers@example.com"], cc=["cy@example.com"], headers={"X-Order": "7"},
    )  # fmt: skip
    message.attach_alternative("<b>html</b>", "text/html")
    message.attach("a.bin", bytes(range(256)), "application/octet-stream")
    assert message.send() == 1
    [(_, recipients, raw, _, _)] = stored(sql)
    assert recipients == ["ann@example.com", "cy@example.com", "ben@example.com"]
    assert b"ben@example.com" not in bytes(raw)
    read = message_from_bytes(bytes(raw), policy=default)
    assert (read["Reply-To"], read["X-Order"], read["Cc"]) == (
        "answers@example.com", "7", "cy@example.com",
    )  # fmt: skip
    assert read.get_body(("html",)).get_content().strip() == "<b>html</b>"
    [attached] = list(read.iter_attachments())
    assert attached.get_filename() == "a.bin" and attached.get_content() == bytes(range(256))


def test_in_the_transaction_of_the_caller(django, sql):
    """Rolled back with it: nothing; committed with it: queued, and not before."""
    with transaction.atomic():
        mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"])
        transaction.set_rollback(True)
    assert stored(sql) == []
    with transaction.atomic():
        mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"])
        assert stored(sql) == []
    assert len(stored(sql)) == 1


def test_a_refused_one_does_not_spoil_the_transaction(django, sql):
    """What the caller wrote before and after an email that was refused is committed."""
    sql.execute("create table public.orders (id int)")
    sql.execute("alter table emails add check (subject <> 'poison')")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into public.orders values (1)")
        with pytest.raises(InvalidInput):
            mail.send_mail("poison", "x", "me@example.com", ["ann@example.com"])
        cursor.execute("insert into public.orders values (2)")
    assert sql.execute("select count(*) from public.orders").fetchone() == (2,)
    assert stored(sql) == []


@pytest.mark.parametrize("statement", [None, "select 1 / 0"])
def test_in_a_transaction_that_an_error_has_spoiled(django, sql, statement):
    """The mail is not stored with it, which is told as of mail; what is to be separate is."""
    good = ("Hi", "x", "me@example.com", ["ann@example.com"])
    separate = mail.get_connection(f"{EmailBackend.__module__}.SeparateEmailBackend")
    with transaction.atomic():
        if statement is not None:  # Django does not know of it when it is caught
            with pytest.raises(DatabaseError):
                connection.cursor().execute(statement)
        transaction.set_rollback(statement is None)
        with pytest.raises(smtplib.SMTPException, match=r"until (the )?end of"):
            mail.send_mail(*good)
        assert mail.send_mail(*good, fail_silently=True) == 0
        assert mail.send_mail("Error", *good[1:], connection=separate) == 1
    assert [b"Subject: Error" in bytes(row[2]) for row in stored(sql)] == [True]


def test_another_database(django, dsn, server, sql):
    """Where Django's database is another one, the mail is committed at once, on our connection."""
    django(server)
    with transaction.atomic():
        mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"])
        transaction.set_rollback(True)
    assert len(stored(sql)) == 1


@pytest.mark.usefixtures("django")
async def test_in_a_coroutine(sql):
    """In an async view `send_mail` works as with Django's own backend: queued on our connection."""
    assert mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"]) == 1
    assert len(stored(sql)) == 1


def test_many_at_once_are_all_or_none(django, sql):
    """One bad address among many: an exception, and nobody gets half of a mailing."""
    good = ("Hi", "x", "me@example.com", ["ann@example.com"])
    with pytest.raises(InvalidInput, match="to: "):
        mail.send_mass_mail([good, ("Hi", "x", "me@example.com", ["nonsense"])])
    assert stored(sql) == []
    assert mail.send_mass_mail([good] * 250) == 250
    assert len(stored(sql)) == 250


def test_failing_silently_says_so(django, sql, caplog):
    """The good ones are queued and counted, each bad one is an error in the log."""
    sql.execute("alter table emails add check (subject <> 'poison')")
    good = ("Hi", "x", "me@example.com", ["ann@example.com"])
    some = [good, ("Hi", "x", "me@example.com", ["no"]), ("poison", *good[1:]), good]
    with pytest.raises(mail.BadHeaderError):
        mail.send_mail("Hi\nBcc: eve@example.com", *good[1:])
    some.append(("Hi\nBcc: eve@example.com", *good[1:]))
    assert mail.send_mass_mail(some, fail_silently=True) == 2
    assert len(stored(sql)) == 2
    events = [record for record in caplog.records if record.message == "email.not_queued"]
    assert [event.error_type for event in events] == [
        "InvalidInput", "BadHeaderError", "InvalidInput",
    ]  # fmt: skip


@pytest.mark.usefixtures("django")
def test_a_log_that_is_mailed_goes_in_no_circle(caplog):
    """Errors may be mailed by a handler of the log, also while mail cannot be queued."""

    class Mailing(logging.Handler):
        def emit(self, _record):
            mail.send_mail("Error", "x", "me@example.com", ["no"], fail_silently=True)

    mailing = Mailing(logging.ERROR)
    logging.getLogger().addHandler(mailing)
    try:
        logging.getLogger("shop").error("down")
    finally:
        logging.getLogger().removeHandler(mailing)
    assert [record.message for record in caplog.records] == ["down", "email.not_queued"]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("Ann <a..b.@docomo.ne.jp>", "a..b.@docomo.ne.jp"),
        ("ann@under_score.example.com", "ann@under_score.example.com"),
        ("Ann Smith (Sales) <ann@example.com>", "ann@example.com"),
        ("ann@shop.invalid", "ann@shop.invalid"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        (gettext_lazy("ann@example.com"), "ann@example.com"),
    ],
)
def test_what_django_takes_for_an_address(django, sql, given, address):
    """An address that Django's own backend takes is taken, whether it keeps the rules or not."""
    assert mail.send_mail("Hi", "x", given, [given]) == 1
    [(sender, recipients, *_)] = stored(sql)
    assert (sender, recipients) == (address, [address])


def test_what_is_raised_is_what_django_says(django, sql, monkeypatch):
    """`except smtplib.SMTPException` around `send_mail` goes on working, and says the same."""
    with pytest.raises(smtplib.SMTPException, match="to: one address") as refused:
        mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com, bob@example.com"])
    assert isinstance(refused.value, InvalidInput)
    with monkeypatch.context() as patch:
        patch.setenv("HOLDFAST_SCHEMA_NAME", "elsewhere")
        with pytest.raises(smtplib.SMTPException, match="holdfast migrate"):
            mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"])
    connections["default"].close()
    connections["default"].settings_dict["PORT"] = "1"
    with pytest.raises(smtplib.SMTPException) as away:
        mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"])
    assert isinstance(away.value, DatabaseUnavailable)
    assert mail.send_mail("Hi", "x", None, ["ann@example.com"], fail_silently=True) == 0


def test_nobody_to_send_to(django, sql):
    """A message without recipients is no message, as in Django."""
    assert mail.EmailMessage("Hi", "x", "me@example.com", []).send() == 0
    assert stored(sql) == []


def test_a_tenant(django, sql):
    """A backend can be made for a tenant."""
    backend = mail.get_connection(tenant="acme", host="ignored")
    mail.send_mail("Hi", "x", "me@example.com", ["ann@example.com"], connection=backend)
    assert stored(sql)[0][4] == "acme"


def test_the_database_is_away(django, monkeypatch):
    """An exception, or with fail_silently an error in the log and a count of nothing."""

    class Away:
        def run_sync(self, _call):
            raise DatabaseUnavailable

    django("postgresql://nobody@127.0.0.1:1/nowhere")
    monkeypatch.setattr("holdfast.channels.email.drop_in.django.database", Away)
    good = ("Hi", "x", "me@example.com", ["ann@example.com"])
    with pytest.raises(DatabaseUnavailable):
        mail.send_mail(*good)
    assert mail.send_mail(*good, fail_silently=True) == 0


def test_one_database_for_each_process(our_database):
    """Asked twice it is the same; a fork gets its own."""
    assert store.database() is store.database()


def test_what_is_set_on_a_message(django, sql):
    """A message may say when, until when, with which tags and metadata it is to be sent."""
    message = mail.EmailMessage("Your code", "123", "me@example.com", ["ann@example.com"])
    message.send_at = datetime(2100, 1, 1)  # noqa: DTZ001  in Django's zone
    message.expires_at = datetime(2100, 1, 2, tzinfo=UTC)
    message.tags, message.metadata = ["codes"], {"order": 7}
    assert message.send() == 1
    assert sql.execute("select tags, metadata from emails").fetchall() == [
        (["codes"], {"order": 7})
    ]
    [(run_at, expires_at)] = sql.execute("select run_at, expires_at from jobs").fetchall()
    assert (run_at, expires_at) == (make_aware(message.send_at), message.expires_at)
    message.expires_at = message.send_at
    with pytest.raises(smtplib.SMTPException, match="expires_at: it lies before send_at"):
        message.send()
