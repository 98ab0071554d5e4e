"""DKIM: what we sign, Debian's python3-dkim verifies; what was changed on the way, it refuses.

It runs by Debian's own Python, as a program that knows nothing of ours: python3-dkim, python3-nacl.
"""

import base64
import json
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from holdfast import Email
from holdfast.channel import Registry, Services
from holdfast.channels.email.commands.providers import list_dkim
from holdfast.channels.email.providers.smtp.dkim import relaxed_body, relaxed_field, signed, signers
from holdfast.channels.email.providers.smtp.server import smtp_server
from holdfast.errors import ConfigError
from holdfast.settings import CoreSettings

NOW = 1_764_000_000.5
SHORT_KEY = b"""-----BEGIN PRIVATE KEY-----
MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEAw9rMl8tk5deca9oc
O2fwvT6ELISH799JH9YiZjcMfXWeEYmzXSZv4gb88hu+I/HkwZUmnIYZef590Bvj
qPBnuQIDAQABAkBwW2w1xNRcWwX8hYLevbFJD71JwLovbTwJDJJtazU6HyYKINiw
n6SSLkH5W8OeSsfMhZVKW/xIR8zHrfuHxgQVAiEA+mqGku9DokEsLQUYYrfW6Oa8
Z+v02LKdBql1RQV3okMCIQDIONC09XA2XA6mAwyK7b2CLM385Ax8WXRtoO+vq29E
UwIgBZoAbKUBhE2k6VTl2L94BTm0GTcEARztukpsHyEiLfUCIQC04t9rHPIrqi9x
u/9w5Cf5mxDeEAlXrlmJUYQ5aOA1EQIgB/71bg6AI1LL+tKDurviNFJOjSKu4kwJ
EiyuijI/Yb4=
-----END PRIVATE KEY-----
"""  # 512 bits, of nobody
_ORACLE = """
import base64, json, sys, dkim
given = json.load(sys.stdin)
records = {name.encode(): text.encode() for name, text in given["records"].items()}
def dns(name, timeout=5):
    return records.get(name.rstrip(b"."))
def verified(text):
    raw = base64.b64decode(text)
    found = dkim.DKIM(raw)
    count = sum(name.lower() == b"dkim-signature" for name, _ in found.headers)
    try:
        return [bool(found.verify(idx=n, dnsfunc=dns)) for n in range(count)]
    except dkim.DKIMException as error:
        return [False]
print(json.dumps([verified(text) for text in given["messages"]]))
"""


def _has_oracle() -> bool:
    if not Path("/usr/bin/python3").exists():
        return False
    asked = subprocess.run(
        ["/usr/bin/python3", "-c", "import dkim, nacl"], capture_output=True, check=False
    )
    return asked.returncode == 0


needs_oracle = pytest.mark.skipif(
    not _has_oracle(),
    reason="Debian's python3-dkim and python3-nacl are not here; .ci/run installs them",
)


def verified(messages, *known) -> list[list[bool]]:
    """What the other side says of each signature of each message."""
    given = {
        "records": dict(one.record() for one in known),
        "messages": [base64.b64encode(message).decode() for message in messages],
    }
    done = subprocess.run(
        ["/usr/bin/python3", "-c", _ORACLE], input=json.dumps(given),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def pem(key, path: Path, password: bytes | None = None) -> Path:
    """The key in a file."""
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Keys of both kinds."""
    made = tmp_path_factory.mktemp("keys")
    pem(generate_private_key(65537, 2048), made / "rsa.pem")
    pem(Ed25519PrivateKey.generate(), made / "ed25519.pem")
    return made


@pytest.fixture(scope="module")
def both(folder):
    """A signer of each kind for one domain."""
    return signers(f"example.com:s1:{folder}/rsa.pem, example.com:s2:{folder}/ed25519.pem")


def message(sender="Ann <ann@example.com>", **fields) -> bytes:
    """A message of several parts, as we make them."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "bob@example.org", "Grüße  aus  Wien " * 9
    made["Date"], made["Message-ID"] = "Wed, 25 Nov 2026 10:00:00 +0000", "<1@example.com>"
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content("Hello \n\n  two   spaces\t\n.dot\n\n\n")
    made.add_alternative("<p>Hello</p>", subtype="html")
    return made.as_bytes().replace(b"\n", b"\r\n")


@needs_oracle
def test_what_we_sign_is_verified(both, folder):
    """Messages of every shape verify, by both kinds of keys."""
    raws = [
        message(),
        message(
            List_Unsubscribe="<https://example.com/u>", List_Unsubscribe_Post="a=b", Cc="x@y.z"
        ),
        b"From: a@example.com\r\n\r\n",
        b"From: a@example.com\r\n\r\n\r\n \r\n\r\n",
        b"From:a@EXAMPLE.com\r\nsubject:\r\n\tfolded\r\n  again \r\n\r\nspaces at the end \t \r\n",
        b"X: 1\r\nFrom: =?utf-8?q?a?= <a@sub.example.com>\r\nX: 1\r\nX: 2\r\n\r\nhi\r\n",
        'From: "ann@example.net" <ä@example.com>\r\nSubject: 8 bit ü\r\n\r\nü\r\n'.encode(),
        b"From: a@example.com\r\nTo: a@b.c\r\nTo: d@e.f\r\nReferences: <1@a> <2@a>\r\n\r\n..\r\n",
    ]
    assert verified([signed(raw, both, NOW) for raw in raws], *both) == [[True, True]] * len(raws)


@needs_oracle
@settings(max_examples=2)
@given(st.data())
def test_any_body_is_verified(both, data):
    """Whatever a body and a field hold, both sides read the same."""
    text = st.text(st.sampled_from("ab \t.=:;\xe4"), max_size=30)
    lines = st.lists(text, max_size=8).map("\r\n".join)
    raws = [
        (
            f"From: a@example.com\r\nSubject: {data.draw(text)}\r\nX: {data.draw(text)}\r\n\r\n"
            f"{data.draw(lines)}\r\n"
        ).encode()
        for _ in range(25)
    ]
    assert verified([signed(raw, both, NOW) for raw in raws], *both) == [[True, True]] * 25


@needs_oracle
def test_what_is_changed_on_the_way_is_refused(both):
    """Another body, subject or sender does not verify; nor does a field that was added."""
    raw = signed(message(List_Unsubscribe="<https://example.com/u>"), both[:1], NOW)
    changed = [
        raw.replace(b"Hello", b"Hullo", 1),
        raw.replace(b"ann@example.com", b"eve@example.com"),
        raw.replace(b"https://example.com/u", b"https://example.net/u"),
        *(
            raw.replace(b"From: Ann", added + b"\r\nFrom: Ann", 1)
            for added in (b"From: eve@example.com", b"Subject: x", b"Reply-To: eve@x.y", b"Cc: a@b")
        ),
        raw + b"more\r\n",
    ]
    assert verified([raw, *changed], both[0]) == [[True]] + [[False]] * len(changed)


@needs_oracle
def test_spaces_that_a_relay_changes_do_not_matter(both):
    """What RFC 6376 calls relaxed: folds and runs of spaces may change."""
    raw = signed(message(), both, NOW)
    relayed = raw.replace(b"Subject: ", b"subject:   ").replace(b"two   spaces", b"two spaces")
    assert relayed != raw and verified([relayed], *both) == [[True, True]]


def test_the_examples_of_the_rfc():
    """RFC 6376, 3.4.5: the relaxed form of its fields and body."""
    assert relaxed_field(b"A: X") + relaxed_field(b"B : Y\t\r\n\tZ  ") == b"a:X\r\nb:Y Z\r\n"
    assert relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
    assert relaxed_body(b"") == relaxed_body(b"\r\n\r\n") == b""


@pytest.mark.parametrize(
    "raw",
    [
        message("ann@example.net"),
        message("ann@notexample.com"),
        b"From: a@example.com\r\nFrom: b@example.com\r\n\r\n",
        b"From: a@example.com, b@example.net\r\n\r\n",
        b"From: Ann <a@example.com>, <b@example.net>\r\n\r\n",
        b"Subject: nobody\r\n\r\n",
        b"From: a@example.com",
        b"\r\nFrom: a@example.com\r\n",
        b"From: \xff\xfe\r\n\r\n",
        b"From: a@\r\n\r\n",
        b"From: a@xn--\xff.com\r\n\r\n",
        b"",
        b"\x00",
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_not_ours_is_left_as_it_is(both, raw):
    """A message of another domain, of two senders or of none is not signed, whatever it is."""
    added = signed(raw, both, NOW)
    assert added == raw or (raw == b"From: a@example.com" and added.endswith(raw))


@needs_oracle
@pytest.mark.parametrize(
    "sender",
    [
        "Shop [EU] <a@example.com>", "Doe, John <a@example.com>", "Shop @ Home <a@example.com>",
        "ann@shop.de via Shop <a@example.com>", "<a@example.com>,", "a@example.com.",
        '"Eve <eve@example.net>" <a@example.com>', "a@example.com (Ann (of b@example.net))",
        "a@example.com, b@mail.example.com", "(" * 600 + ")" * 600 + " <a@example.com>",
    ],
)  # fmt: skip
def test_a_sender_as_programs_write_it_is_signed(both, sender):
    """Names that should have been quoted, comments however deep, two of ours: all are signed."""
    raw = f"From: {sender}\r\nSubject: 1\r\n\r\nx\r\n".encode()
    assert verified([signed(raw, both, NOW)], *both) == [[True, True]]


def test_a_domain_beyond_ascii_is_that_of_the_dns(folder):
    """By IDNA 2008, as mail is: straße.de is not strasse.de."""
    known = signers(f"strasse.de:s:{folder}/ed25519.pem,xn--strae-oqa.de:s:{folder}/ed25519.pem")
    head = signed("From: a@straße.de\r\n\r\n".encode(), known, NOW)
    assert head.count(b"DKIM-Signature") == 1 and b"d=xn--strae-oqa.de;" in head


def test_a_comma_in_the_name_of_a_file(folder, tmp_path):
    """Keys stand there with commas between them; one in a path is part of it."""
    odd = tmp_path / "a, b:c.pem"
    odd.write_bytes((folder / "ed25519.pem").read_bytes())
    known = signers(f"example.com:s1:{odd}, example.com:s2.x:{odd},b.org:s:{odd}")
    assert [(one.domain, one.selector) for one in known] == [
        ("example.com", "s1"), ("example.com", "s2.x"), ("b.org", "s"),
    ]  # fmt: skip


def test_a_long_body_is_read_in_pieces():
    """What is longer than a piece has the same relaxed form as its lines have."""
    lines = [b"a  b\t c %d \t" % n for n in range(9000)] + [b"", b" ", b""]
    body = b"\r\n".join(lines)
    assert relaxed_body(body) == b"".join(b"a b c %d\r\n" % n for n in range(9000))
    assert relaxed_body(b"x" * 200_000) == b"x" * 200_000 + b"\r\n"


def test_the_closest_domain_signs(folder):
    """Of several domains the longest that From is in; all of its keys."""
    known = signers(
        ",".join(f"{d}:s:{folder}/ed25519.pem" for d in ("example.com", "a.example.com", "b.org"))
    )
    for sender, domain in (
        ("x@a.example.com", b"a.example.com"),
        ("x@example.com", b"example.com"),
    ):
        head = signed(message(sender), known, NOW).partition(b"\r\nFrom:")[0]
        assert head.count(b"DKIM-Signature") == 1 and b"d=" + domain + b";" in head
        assert b"t=1764000000;" in head


async def test_it_goes_over_the_wire_signed(
    folder, post_office, hf, work, eventually, sql, monkeypatch
):
    """A provider with a key sends each message signed; the stored bytes stay as they are."""
    office = await post_office()
    monkeypatch.setenv("HOLDFAST_SMTP_URL", office.url(f"?dkim=example.com:s1:{folder}/rsa.pem"))
    files = {"text": "Hi \n.dot\n", "sender": "ann@example.com", "to": "bob@example.org"}
    await hf.send(Email(subject="one", **files))
    await hf.send(Email(subject="long", **(files | {"text": "x" * 300_000})))
    async with work():
        await eventually(lambda: len(office.messages) == 2)
    stored = [bytes(row[0]) for row in sql.execute("select raw from emails").fetchall()]
    sent = [message.content for message in office.messages]
    assert all(content.startswith(b"DKIM-Signature: v=1; a=rsa-sha256;") for content in sent)
    assert not any(b"DKIM-Signature" in raw for raw in stored)
    if _has_oracle():
        (known,) = signers(f"example.com:s1:{folder}/rsa.pem")
        assert verified(sent, known) == [[True]] * 2


async def test_the_records_are_shown(database, folder, monkeypatch):
    """`email dkim list` names the TXT records to publish, and how to begin when there are none."""
    services = Services(database, CoreSettings(), Registry())
    assert "dkim=example.com:s1:/path/to/key.pem" in (await list_dkim(services)).empty
    keys = f"example.com:s1:{folder}/rsa.pem,example.com:s2:{folder}/ed25519.pem"
    monkeypatch.setenv("HOLDFAST_SMTP_URL", f"smtp://127.0.0.1?dkim={keys}")
    rows = (await list_dkim(services)).rows
    assert [row[1] for row in rows] == [f"s{n}._domainkey.example.com" for n in (1, 2)]
    assert rows[0][2].startswith("v=DKIM1; k=rsa; p=MIIB")
    assert rows[1][2].startswith("v=DKIM1; k=ed25519; p=")


@pytest.mark.parametrize("file", ["none", "text", "locked", "short", "x25519", "certificate"])
def test_a_key_that_can_not_sign_is_said_at_the_start(tmp_path, file):
    """What is wrong is said without the key, with the shape of a right one."""
    path = tmp_path / "key.pem"
    if file == "text":
        path.write_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    elif file == "locked":
        pem(Ed25519PrivateKey.generate(), path, b"passphrase")
    elif file == "short":
        path.write_bytes(SHORT_KEY)
    elif file == "x25519":
        pem(X25519PrivateKey.generate(), path)
    elif file == "certificate":
        path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ConfigError, match=r"HOLDFAST_SMTP_URL: .*dkim") as caught:
        smtp_server(SecretStr(f"smtp://127.0.0.1?dkim=example.com:s1:{path}"))
    assert "c2VjcmV0" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "example.com:s1",
        "a b.com:s1:x",
        "example.com:s_1:x",
        "com:s1:x",
        ",",
        "a.com:s..x:f",
        "a.-com:s:f",
        "a.c-:s:f",
    ],
)
def test_what_names_no_key_is_said(text):
    """A malformed option shows the shape of a right one."""
    with pytest.raises(ConfigError, match=r"example\.com:s1:/path/to/key\.pem"):
        smtp_server(SecretStr(f"smtp://127.0.0.1?dkim={text}"))
