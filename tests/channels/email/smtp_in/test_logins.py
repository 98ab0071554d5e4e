"""Who may send mail: logins, shown by a password, and only where nobody can read it."""

import asyncio
import gc
import shutil
import smtplib
import ssl
import weakref
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg.conninfo import make_conninfo
from tests.between import Between

from holdfast import ConfigError, InvalidInput
from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.smtp_in import logins, password
from holdfast.channels.email.smtp_in.address import address
from holdfast.channels.email.smtp_in.arrival import complete
from holdfast.channels.email.smtp_in.certificate import Certificate
from holdfast.channels.email.smtp_in.door import Door, Limits
from holdfast.channels.email.smtp_in.intake import Arrival, Intake
from holdfast.database import Database
from holdfast.policy.gcra import Quota

MAIL = b"Subject: Hi\r\n\r\nHello\r\n"


class Options(dict):
    """Options of a message of which one can see whether anybody has them."""


def plain(name, secret):
    """The words of AUTH PLAIN."""
    return "AUTH PLAIN " + b64encode(f"\0{name}\0{secret}".encode()).decode()


async def test_smtplib_logs_in_and_its_mail_is_the_tenants(listen, shop, sql):
    """STARTTLS, then AUTH by whatever mechanism: the email has the tenant of the login."""
    smtp_in = await listen(needs_login=True)

    def send(mechanism):
        with smtplib.SMTP("127.0.0.1", smtp_in.port, timeout=20) as smtp:
            smtp.starttls()
            smtp.ehlo()
            smtp.user, smtp.password = "shop", shop
            smtp.auth(mechanism, getattr(smtp, f"auth_{mechanism.lower()}"))
            return smtp.sendmail("me@example.com", ["ann@example.com"], MAIL)

    for mechanism in ("PLAIN", "LOGIN"):
        assert await asyncio.to_thread(send, mechanism) == {}
    assert (
        sql.execute("select tenant, metadata from emails").fetchall()
        == [("acme", {"login": "shop"})] * 2
    )
    assert sql.execute("select tenant from ready_jobs").fetchall() == [("acme",)] * 2
    assert sql.execute("select last_used_at from email_logins").fetchone()[0] is not None


async def test_tls_from_the_start(listen, shop, certificates):
    """On a port of its own, TLS comes before the first word."""
    smtp_in = await listen(needs_login=True, implicit=True)
    trusting = ssl.create_default_context(cafile=certificates / "localhost.pem")
    client = await smtp_in.talk(ssl=trusting, server_hostname="localhost")
    assert "250-STARTTLS" not in client.offers and "250-AUTH PLAIN LOGIN" in client.offers
    assert (await client.say(plain("shop", shop))).startswith("235 2.7.0")


async def test_no_password_without_tls(listen, shop):
    """Where TLS is needed AUTH is not offered before it, refused if tried, and MAIL too."""
    client = await (await listen(needs_login=True)).talk()
    assert not any("AUTH" in offer for offer in client.offers)
    assert (await client.say(plain("shop", shop))).startswith("538 5.7.11")
    assert (await client.say("MAIL FROM:<me@example.com>")).startswith("530 5.7.0")
    await client.starttls()
    assert (await client.say("MAIL FROM:<me@example.com>")).startswith("503 5.5.1")
    assert "250-STARTTLS" not in await client.say("EHLO x")
    assert (await client.say("MAIL FROM:<me@example.com>")).startswith("530 5.7.0")
    assert (await client.say(plain("shop", shop))).startswith("235 ")
    assert (await client.say(plain("shop", shop))).startswith("503 ")
    assert (await client.say("MAIL FROM:<me@example.com>")).startswith("250 ")
    assert (await client.say("STARTTLS")).startswith("503 ")


async def test_a_login_without_a_certificate(listen, shop):
    """Where there is no TLS, on this machine alone, a login that is required is possible."""
    client = await (await listen(needs_login=True, tls=False)).talk()
    assert (await client.say("MAIL FROM:<me@example.com>")).startswith("530 5.7.0 log in first")
    assert "250-AUTH PLAIN LOGIN" in client.offers
    assert (await client.say(plain("shop", shop))).startswith("235 ")


async def test_nothing_is_smuggled_into_tls(listen, shop):
    """Words that came in clear behind STARTTLS are not obeyed: the client is hung up."""
    client = await (await listen(needs_login=True)).talk()
    client.writer.write(b"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<eve@example.com>\r\n")
    assert (await client.answer()).startswith("554 5.5.1")
    assert await client.reader.read() == b""


async def test_all_wrong_ones_are_answered_alike(listen, shop, database):
    """An unknown name, a wrong password, a disabled login: the same words, the same work."""
    smtp_in = await listen()
    hidden = password.make()
    await database.run(logins.add("old", password.hashed(hidden), None, "test"))
    await database.run(logins.disable("old", "test"))
    client = await smtp_in.talk()
    answers = {
        await client.say(plain(name, secret))
        for name, secret in (
            ("shop", "x"),
            ("nobody", "x"),
            ("old", hidden),
            ("", ""),
            ("a\xff", ""),
        )
    }
    assert answers == {"535 5.7.8 name or password are wrong"}


async def test_rotated_and_disabled_at_once(listen, shop, database):
    """A password that was right a moment ago is wrong when it is rotated or disabled."""
    smtp_in = await listen()

    async def answer(secret):
        return (await (await smtp_in.talk()).say(plain("shop", secret)))[:3]

    assert [await answer(shop), await answer(shop)] == ["235", "235"]
    new = password.make()
    await database.run(logins.rotate("shop", password.hashed(new)))
    assert [await answer(shop), await answer(new)] == ["535", "235"]
    await database.run(logins.disable("shop", "test"))
    assert await answer(new) == "535"


async def test_the_old_password_goes_on_for_the_overlap(shop, database, sql):
    """With an overlap both passwords are good, after it the new one; of a disabled login none.

    A wrong one is none of both, and rotated again without an overlap, the old one stops at once.
    """
    known = logins.Logins(database, lambda: 0.0)
    secrets = [shop, password.make(), password.make()]

    async def good():
        return [await known.check(b"shop", secret.encode()) is not None for secret in secrets]

    async def rotate(secret, overlap):
        await database.run(logins.rotate("shop", password.hashed(secret), overlap))

    await rotate(secrets[1], "24 hours")
    assert await good() == [True, True, False]
    assert await known.check(b"shop", b"wrong") is None
    sql.execute("update email_logins set old_until = now() - interval '1 s'")
    assert await good() == [False, True, False]
    await rotate(secrets[2], "1 hour")
    assert await good() == [False, True, True]
    await database.run(logins.disable("shop", "ann"))
    assert await good() == [False, False, False]
    await rotate(secrets[0], "1 hour")
    assert await good() == [True, False, False]
    for overlap in ("-1 s", "91 days", "soon"):
        with pytest.raises(InvalidInput):
            await rotate(secrets[1], overlap)
    assert await good() == [True, False, False]


async def test_a_password_is_hashed_once_a_minute(database, shop, monkeypatch):
    """The CPU of scrypt is spared for a password that was right; a wrong one always costs it."""
    hashed, now = [], [0.0]
    right = password.is_right
    monkeypatch.setattr(password, "is_right", lambda *a: hashed.append(a) or right(*a))
    known = logins.Logins(database, lambda: now[0])
    for _ in range(3):
        assert await known.check(b"shop", shop.encode()) == logins.Login("shop", "acme")
    assert len(hashed) == 1
    assert await known.check(b"shop", b"wrong") is None
    assert len(hashed) == 2
    now[0] = 61.0
    assert await known.check(b"shop", shop.encode()) and len(hashed) == 3


async def test_who_fails_too_often_waits(listen, shop):
    """After so many failures an address is sent away, also with the right password, unasked."""
    limits = Limits(failed_logins=Quota(2, 600.0))
    smtp_in = await listen(limits)
    client = await smtp_in.talk()
    assert [(await client.say(plain("shop", "x")))[:3] for _ in range(2)] == ["535", "535"]
    assert (await client.say(plain("shop", shop))).startswith("421 4.7.0")
    again = await smtp_in.talk()
    assert (await again.say(plain("nobody", "x"))).startswith("421 4.7.0")


async def test_failures_are_forgotten_with_time():
    """A right password costs nothing; a wrong one is forgotten after its time."""
    now = [1000.0]
    door = Door(Limits(failed_logins=Quota(2, 600.0)), lambda: now[0])

    async def tries(peer, count, *, failed=True):
        may = []
        for _ in range(count):
            may.append(await door.may_try(peer))
            if may[-1]:
                door.tried(peer, failed=failed)
        return may

    assert await tries("192.0.2.1", 20, failed=False) == [True] * 20
    assert await tries("192.0.2.1", 3) == [True, True, False]
    assert await tries("192.0.2.2", 1) == [True]
    now[0] += 300
    assert await tries("192.0.2.1", 2) == [True, False]
    assert [(await tries(f"2001:db8::{i}", 1))[0] for i in range(3)] == [True, True, False]


async def test_many_at_once_have_not_failed(listen, shop):
    """Clients of one address that log in together wait for each other; wrong ones are counted."""
    smtp_in = await listen(Limits(failed_logins=Quota(2, 600.0)))
    clients = [await smtp_in.talk() for _ in range(6)]

    async def log_in(password):
        answers = await asyncio.gather(*(c.say(plain("shop", password)) for c in clients))
        return sorted(answer[:3] for answer in answers)

    assert await log_in(shop) == ["235"] * 6
    clients = [await smtp_in.talk() for _ in range(6)]
    assert await log_in("x") == ["421"] * 4 + ["535"] * 2


async def test_the_database_is_away(listen):
    """454: the program comes again; it is not told that its password is wrong."""
    away = Database("postgresql://nobody@127.0.0.1:1/nowhere")
    client = await (await listen(database=away)).talk()
    assert (await client.say(plain("shop", "x"))).startswith("454 4.7.0")
    await away.close()


async def test_the_database_is_frozen(dsn, listen, shop, later):
    """Mail and logins are told to come again before programs lose patience, and let go of then."""
    async with Between(dsn) as between:
        frozen = Database(make_conninfo(dsn, **between.there), size=1)
        smtp_in = await listen(Limits(failed_logins=Quota(1, 6e5)), database=frozen)
        known, *unknown = [await smtp_in.talk() for _ in range(16)]
        assert (await known.say(plain("shop", shop))).startswith("235 ")
        between.freeze(new_ones=True)
        for line, code in ("MAIL FROM:<a@b.example>", "250"), ("RCPT TO:<c@d.example>", "250"), (
            "DATA", "354"):  # fmt: skip
            assert (await known.say(line)).startswith(code)
        login = plain("shop", shop)
        for code, clients, line in (
            ("451 4.3.0", [known], "."),
            ("454 4.7.0", unknown, login),  # also those that wait for each other
            ("454 4.7.0", unknown[:1], login),  # none of them has failed
        ):
            saying = asyncio.gather(*(client.say(line) for client in clients))
            await later(26)
            async with asyncio.timeout(20):  # not 25 s each
                answers = await saying
            assert {answer[:9] for answer in answers} == {code}
        intake, message = Intake(frozen), complete(MAIL, "a@b.example", ("c@d.example",))
        came = [Options() for _ in range(3)]
        kept = [weakref.ref(one) for one in came]
        asked = [asyncio.create_task(intake.store(Arrival(message, one))) for one in came]
        await asyncio.sleep(0)  # two are on their way, one waits
        assert all(one.cancel() for one in asked)
        await asyncio.wait(asked)
        del came, asked
        gc.collect()
        assert [one() is None for one in kept] == [False, False, True]
        between.cut()
        await frozen.close()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["AUTH"], "504"), (["AUTH CRAM-MD5"], "504"), (["AUTH PLAIN ???"], "501"),
        (["AUTH PLAIN AA=="], "501"), (["AUTH PLAIN ="], "501"), (["AUTH LOGIN", "*"], "501"),
        (["AUTH PLAIN", "*"], "501"), (["AUTH LOGIN YQ==", "a" * 13_000], "500"),
        (["AUTH PLAIN " + b64encode(b"boss\0shop\0x").decode()], "535"),
        (["AUTH LOGIN", "AA==", "AA=="], "535"), (["AUTH PLAIN " + "A" * 20_000], "500"),
    ],
)  # fmt: skip
async def test_malformed_logins(listen, words, code):
    """Whatever stands for a login, the answer is a refusal and the conversation goes on."""
    client = await (await listen()).talk()
    for word in words:
        answer = await client.say(word)
    assert answer[:3] == code
    assert await client.say("NOOP") == "250 2.0.0 Ok"


def test_hashes(costly):
    """What is stored is scrypt with its parameters; nonsense in its place lets nobody in."""
    secret = password.make()
    stored = password.hashed(secret)
    assert stored.startswith("scrypt$16384$8$1$") and secret not in stored
    assert password.is_right(secret.encode(), stored)
    assert not password.is_right(secret.encode() + b"x", stored)
    for nonsense in ("", "x", "scrypt$0$8$1$AAAA$AAAA", "scrypt$16384$8$1$AAAA$", "md5$1$1$1$a$b"):
        assert not password.is_right(b"", nonsense)


OPEN = "0.0.0.0:25"


def test_open_to_others_only_with_tls_and_logins(certificates):
    """Another address than this machine's needs a certificate, and always a login."""
    pem = certificates / "localhost.pem"
    assert address(EmailSettings(), "127.0.0.1:1025").needs_login is False
    assert address(EmailSettings(smtp_login="required"), "[::1]:0").needs_login is True
    assert address(EmailSettings(smtp_cert=pem), OPEN).needs_login is True
    for settings, text, complaint in (
        (EmailSettings(), OPEN, "HOLDFAST_SMTP_CERT"),
        (EmailSettings(), "mail.example.com:25", "HOLDFAST_SMTP_CERT"),
        (EmailSettings(smtp_cert=pem, smtp_login="optional"), OPEN, "HOLDFAST_SMTP_LOGIN"),
        (EmailSettings(smtp_key=pem), "127.0.0.1:25", "HOLDFAST_SMTP_KEY"),
        *((EmailSettings(), text, "host:port") for text in ("1025", "a:", ":1", "a:x", "a:70000")),
    ):
        with pytest.raises(ConfigError, match=complaint):
            address(settings, text)
    with pytest.raises(ConfigError, match="HOLDFAST_SMTPS_LISTEN"):
        address(EmailSettings(), "127.0.0.1:465", implicit=True)


def _certificate():
    """Another certificate with its key, in PEM format."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


async def test_a_new_certificate_is_read(listen, certificates, tmp_path):
    """A renewed certificate is shown to the next client; a broken one leaves the old in use."""
    pem = tmp_path / "mail.pem"
    shutil.copy(certificates / "localhost.pem", pem)
    smtp_in = await listen(certificate=pem)

    async def shown():
        client = await smtp_in.talk()
        await client.starttls()
        return client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)

    first = await shown()
    pem.write_bytes(_certificate())
    second = await shown()
    assert first != second
    pem.write_text("nonsense")
    assert await shown() == second
    with pytest.raises(ConfigError, match="HOLDFAST_SMTP_CERT"):
        Certificate(pem, None)
