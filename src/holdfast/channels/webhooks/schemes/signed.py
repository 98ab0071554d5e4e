"""What is signed, and with which key."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

from holdfast.channels.webhooks.schemes.places import Reader
from holdfast.channels.webhooks.schemes.scheme import Scheme

_PREFIXES = ("whsec_", "whsk_")
_PART = re.compile(r"\{(body|timestamp|id|token|url|form)\}")
_PORTS = {"https": 443, "http": 80}


def key_of(scheme: Scheme, secret: str) -> bytes | None:
    """The key that the secret stands for; None if it cannot be one."""
    if scheme.key == "text":
        return secret.encode("utf-8", "surrogatepass")
    text = next((secret[len(p) :] for p in _PREFIXES if secret.startswith(p)), secret)
    try:
        return base64.b64decode(text, validate=True) or None
    except (ValueError, binascii.Error):
        return None


def variants(scheme: Scheme, reader: Reader, stamp: str) -> Iterator[Sequence[bytes]]:
    """What may have been signed, in parts: one content, or one for each spelling of the address."""
    if "{url}" not in scheme.signed:
        yield content(scheme, reader, stamp, "")
        return
    if not _body_fits(reader):
        return
    for url in _spellings(reader.delivery.url):
        yield content(scheme, reader, stamp, url)


def content(scheme: Scheme, reader: Reader, stamp: str, url: str) -> Sequence[bytes]:
    """The template, filled; the body is a part of its own and never copied."""
    parts: list[bytes] = []
    for place, text in enumerate(_PART.split(scheme.signed)):
        if place % 2 == 0:
            parts.append(text.encode())
            continue
        match text:
            case "body":
                parts.append(reader.delivery.body)
            case "timestamp":
                parts.append(stamp.encode("utf-8", "surrogatepass"))
            case "url":
                parts.append(url.encode("utf-8", "surrogatepass"))
            case "form":
                parts.append(_sorted_form(reader))
            case _:
                found = reader.at(scheme.id if text == "id" else scheme.token)
                parts.append(str(found or "").encode("utf-8", "surrogatepass"))
    return parts


def _sorted_form(reader: Reader) -> bytes:
    """Each name and value, in the order of the names; the same pair twice counts once (Twilio)."""
    pairs = sorted(set(reader.fields()))
    return "".join(name + value for name, value in pairs).encode("utf-8", "surrogatepass")


def _body_fits(reader: Reader) -> bool:
    """Of a body that is no form the address has the hash; without it nothing vouches for it."""
    if reader.is_form() or not reader.delivery.body:
        return True
    try:
        said = parse_qs(urlsplit(reader.delivery.url).query).get("bodySHA256", [""])[0]
    except ValueError:
        return False
    ours = hashlib.sha256(reader.delivery.body).hexdigest()
    return hmac.compare_digest(ours.encode(), said.lower().encode("utf-8", "replace"))


def _spellings(url: str) -> Iterator[str]:
    """As it came, with its port, and without: senders differ in which of them they sign."""
    yield url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return
    if not host or parts.scheme not in _PORTS:
        return
    named = f"[{host}]" if ":" in host else host
    if port is not None:
        yield urlunsplit(parts._replace(netloc=named))
    else:
        yield urlunsplit(parts._replace(netloc=f"{named}:{_PORTS[parts.scheme]}"))
