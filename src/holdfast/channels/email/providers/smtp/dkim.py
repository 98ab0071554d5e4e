"""DKIM: our signature under a message, for a relay that adds none (RFC 6376, 8301, 8463).

Signed is what goes over the wire, at each attempt anew: the stored bytes stay as they are. Header
and body are signed in their relaxed form, which survives what relays do to spaces. Of the fields
that a reader sees one more is signed than there are, so that nobody can add another one; the fields
of one-click unsubscription (RFC 8058) are among them.
"""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import idna

_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAMED: Final = re.compile(
    rf"(?P<domain>(?:{_LABEL}\.)+{_LABEL}):(?P<selector>{_LABEL}(?:\.{_LABEL})*):(?P<file>.+)",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(rf",\s*(?=(?:{_LABEL}\.)+{_LABEL}:{_LABEL}[.:])", re.IGNORECASE)
SHAPE: Final = "example.com:s1:/path/to/key.pem"
FEWEST_BITS: Final = 1024
"""What RFC 8301 (3.2) wants of a signer at least; it recommends 2048."""

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT: Final = re.compile(r"\([^()]*\)")
_ANGLE: Final = re.compile(r"<[^<>]*@([^<>@\s]+)\s*>")
_BARE: Final = re.compile(r"[^\s<>()@,;:]@([^\s<>()@,;:]+)")
_PIECE: Final = 65_536  # bytes: a regular expression lets nobody else run until it is through

_SEEN: Final = (
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version",
    "content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
"""Signed once more than they are there."""
_ALSO: Final = ("sender", "in-reply-to", "references", "list-id", "auto-submitted")


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs for a domain, under the name by which its public half is found.

    Attributes:
        domain: that of From, or one above it.
        selector: the record is at `selector._domainkey.domain`.
        algorithm: rsa-sha256 or ed25519-sha256.
        public: the public half, as the record has it in `p=`.
        sign: gives the signature of some bytes.
    """

    domain: str
    selector: str
    algorithm: str
    public: str
    sign: Callable[[bytes], bytes]

    def record(self) -> tuple[str, str]:
        """The name and the text of the TXT record that has to be in the DNS."""
        kind = self.algorithm.partition("-")[0]
        return f"{self.selector}._domainkey.{self.domain}", f"v=DKIM1; k={kind}; p={self.public}"


def signers(text: str) -> tuple[Signer, ...]:
    """Read `DOMAIN:SELECTOR:FILE`, several with commas. A comma in a file's name is none of those.

    Raises:
        ValueError: it is none, or the file holds no private key in PEM format that can sign; the
            message holds nothing of the key.
    """
    found = tuple(_signer(one.strip()) for one in _BETWEEN.split(text))
    if len({(one.domain, one.selector) for one in found}) < len(found):
        raise ValueError("each selector of a domain stands in dkim once: one record, one key")
    return found


def _signer(text: str) -> Signer:
    named = _NAMED.fullmatch(text)
    if named is None:
        raise ValueError(f"dkim is DOMAIN:SELECTOR:FILE, such as {SHAPE}")
    algorithm, public, sign = _key(Path(named["file"]))
    return Signer(named["domain"].lower(), named["selector"].lower(), algorithm, public, sign)


def _key(path: Path) -> tuple[str, str, Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    try:
        key: Any = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise ValueError(f"the key of dkim cannot be read: {error.strerror}") from None
    except Exception:  # noqa: BLE001  the reader has a dozen of them, and some quote what they read
        raise ValueError(
            "the file of dkim holds no private key in PEM format without a passphrase"
        ) from None
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        # RFC 8463 (3): not the text is signed but its hash
        return "ed25519-sha256", _base64(raw), lambda text: key.sign(sha256(text).digest())
    if not isinstance(key, RSAPrivateKey) or key.key_size < FEWEST_BITS:
        raise ValueError(f"the key of dkim is Ed25519, or RSA of at least {FEWEST_BITS} bits")
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "rsa-sha256", _base64(der), lambda text: key.sign(text, PKCS1v15(), SHA256())


def signed(raw: bytes, known: Sequence[Signer], now: float) -> bytes:
    """The message with a signature of each key of its sender's domain before it. Never raises.

    Every line of `raw` ends with CR LF. A message whose From is of none of the domains, or that has
    not just one From, is given back as it is.
    """
    head, _, body = raw.partition(b"\r\n\r\n") if not raw.startswith(b"\r\n") else (b"", b"", b"")
    fields = _fields(head)
    fitting = _fitting(fields, known)
    if not fitting:
        return raw
    body_hash = _base64(sha256(relaxed_body(body)).digest())
    return b"".join([*(_field(signer, fields, body_hash, int(now)) for signer in fitting), raw])


def _field(signer: Signer, fields: Sequence[bytes], body_hash: str, now: int) -> bytes:
    names = [_name_of(field) for field in fields]
    listed = [
        *(name for name in _SEEN for _ in range(names.count(name) + 1)),
        *(name for name in _ALSO for _ in range(names.count(name))),
    ]
    begun = (
        f"DKIM-Signature: v=1; a={signer.algorithm}; c=relaxed/relaxed; d={signer.domain};\r\n"
        f"\ts={signer.selector}; t={now}; bh={body_hash};\r\n"
        f"\th={_folded(':'.join(listed), ':')};\r\n\tb="
    )
    text = b"".join(relaxed_field(field) for field in _chosen(fields, listed))
    signature = _base64(signer.sign(text + relaxed_field(begun.encode()).removesuffix(b"\r\n")))
    lines = "\r\n\t ".join(signature[at : at + 72] for at in range(0, len(signature), 72))
    return f"{begun}{lines}\r\n".encode()


def _chosen(fields: Sequence[bytes], listed: Sequence[str]) -> list[bytes]:
    """The fields in the order in which they are listed; of one name the last comes first."""
    left: dict[str, list[bytes]] = {}
    for field in fields:
        left.setdefault(_name_of(field), []).append(field)
    return [left[name].pop() for name in listed if left.get(name)]


def _fitting(fields: Sequence[bytes], known: Sequence[Signer]) -> list[Signer]:
    """The keys of the longest domain that From is in."""
    froms = [field for field in fields if _name_of(field) == "from"]
    if len(froms) != 1:
        return []
    value = relaxed_field(froms[0]).decode("utf-8", "replace").partition(":")[2]
    domains = _domains(value)
    above = [s for s in known if domains and all(_is_in(d, s.domain) for d in domains)]
    longest = max((len(s.domain) for s in above), default=0)
    return [s for s in above if len(s.domain) == longest]


def _domains(value: str) -> set[str]:
    """Of the addresses in a From as other programs write it, with names that need quotes."""
    # what is in angle brackets counts, if there are any
    plain = _COMMENT.sub(" ", _QUOTED.sub("x", value))
    found = _ANGLE.findall(plain) or _BARE.findall(plain)
    return {_ascii(domain) for domain in found}


def _is_in(domain: str, above: str) -> bool:
    return domain == above or domain.endswith(f".{above}")


def _ascii(domain: str) -> str:
    domain = domain.lower().removesuffix(".")
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return ""


def _fields(head: bytes) -> list[bytes]:
    """The header's fields, each with the lines that continue it, without its last line end."""
    return re.split(rb"\r\n(?![ \t])", head) if head else []


def _name_of(field: bytes) -> str:
    return field.partition(b":")[0].strip(b" \t").lower().decode("latin-1")


def relaxed_field(field: bytes) -> bytes:
    """A field in its relaxed form, with a line end (RFC 6376, 3.4.2)."""
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + value + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """A body in its relaxed form: no spaces at ends of lines, no empty lines at its end (3.4.4)."""
    text = b"".join(_reduced(piece) for piece in _pieces(body)).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def _reduced(lines: bytes) -> bytes:
    return re.sub(rb"[ \t]+", b" ", lines).replace(b" \r\n", b"\r\n").removesuffix(b" ")


def _pieces(body: bytes) -> Iterator[bytes]:
    """Whole lines, not many at a time."""
    begin = 0
    while begin < len(body):
        end = body.find(b"\r\n", begin + _PIECE) + 2
        end = len(body) if end < 2 else end  # noqa: PLR2004
        yield body[begin:end]
        begin = end


def _folded(text: str, after: str) -> str:
    """In lines of some 70 characters, broken only where it may be."""
    lines, line = [], ""
    for part in text.split(after):
        if len(line) + len(part) > 68:  # noqa: PLR2004
            lines.append(line)
            line = ""
        line += part + after
    return "\r\n\t ".join([*lines, line])[: -len(after)]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
