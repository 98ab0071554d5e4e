"""One-click unsubscribing (RFC 8058, RFC 2369): a link in the header of an email, and its page.

The link is all there is to know: whose address, which list, of which tenant. It is sealed with a
key of ours (AES-SIV, RFC 5297), so nobody else can make one, and the address cannot be read in the
logs of what lies between. It holds for as long as the key is among HOLDFAST_LINK_SECRET, also when
the email is long forgotten here.

GET shows a page with a button and changes nothing: programs that look into mail follow links.
"""

import base64
import binascii
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from holdfast.channel import Request, Response, Route, Services
from holdfast.channels.email.address import mask
from holdfast.database import Call
from holdfast.errors import ConfigError, DatabaseUnavailable, InvalidInput
from holdfast.redaction import conceal
from holdfast.settings import Settings, read

PATH: Final = "/email/unsubscribe/"
TAG: Final = "list:"
_SHORTEST_SECRET = 16
_LIST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_EVERY = "*"
_PURPOSE = b"holdfast unsubscribe 1"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class LinkSettings(Settings):
    """What links in emails are made of.

    Attributes:
        public_url: where this server is reached from outside, https://…. HOLDFAST_PUBLIC_URL
        link_secret: what links are sealed with; several with commas between them while one is
            changed: the first seals, all open. HOLDFAST_LINK_SECRET
    """

    public_url: str | None = None
    link_secret: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What an unsubscribe link says. `list_name` is `*` for all lists of the tenant."""

    address: str
    list_name: str
    tenant: str
    message_id: str


def tags(unsubscribe: bool | str) -> list[str]:
    """The tag that an email of a list carries; the database goes by it.

    Raises:
        InvalidInput: it is not the name of a list.
    """
    if unsubscribe is False:
        return []
    name = _EVERY if unsubscribe is True else unsubscribe
    if name != _EVERY and not (isinstance(name, str) and _LIST.fullmatch(name)):
        raise InvalidInput(
            "unsubscribe: True, or the name of a list: 1 to 64 of A-Z, a-z, 0-9, _, . and -"
        )
    return [TAG + name]


def headers(
    unsubscribe: bool | str, recipients: Sequence[str], tenant: str | None, message_id: str,
    given: Sequence[tuple[str, str]] = (),
) -> Mapping[str, str]:  # fmt: skip
    """The two headers of an email that offers to unsubscribe; none for others.

    Raises:
        InvalidInput: there is more than one recipient, who would all have the same link; or the
            headers that were given have such a link already.
        ConfigError: HOLDFAST_PUBLIC_URL or HOLDFAST_LINK_SECRET is missing or unusable.
    """
    names = [tag.removeprefix(TAG) for tag in tags(unsubscribe)]
    if not names:
        return {}
    if len(recipients) != 1:
        raise InvalidInput(
            "unsubscribe: send one email to each recipient; with the same link for all, "
            "one could unsubscribe another"
        )
    if any(name.lower().startswith("list-unsubscribe") for name, _ in given):
        raise InvalidInput("headers: List-Unsubscribe is made by unsubscribe=; give one of the two")
    made = url(Link(recipients[0], names[0], tenant or "", message_id))
    return {"List-Unsubscribe": f"<{made}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def url(link: Link) -> str:
    """The URL of a link.

    Raises:
        ConfigError: HOLDFAST_PUBLIC_URL or HOLDFAST_LINK_SECRET is missing or unusable.
    """
    settings = read(LinkSettings)
    return f"{_base(settings)}{PATH}{seal(link, _keys(settings)[0])}"


def seal(link: Link, key: bytes) -> str:
    """The link as it stands in a URL; the same for the same link."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    said = [link.address, link.list_name, link.tenant, link.message_id]
    sealed = AESSIV(key).encrypt(json.dumps(said, ensure_ascii=False).encode(), [_PURPOSE])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(token: str, keys: Sequence[bytes]) -> Link | None:
    """The link, if one of the keys has made it."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    for key in keys:
        try:
            return Link(*json.loads(AESSIV(key).decrypt(sealed, [_PURPOSE])))
        except (InvalidTag, ValueError):
            continue
    return None


def routes(services: Services) -> Sequence[Route]:
    """The page and the button; while no secret is set, no link is valid."""
    settings = read(LinkSettings)
    page = Page(services, _keys(settings) if settings.link_secret else [])
    path = PATH + "{token}"
    return [
        Route("GET", path, page, max_body=0),
        Route("POST", path, page, max_body=10_000),
    ]


class Page:
    """Answers the link of an email."""

    def __init__(self, services: Services, keys: Sequence[bytes]) -> None:
        self._services = services
        self._keys = keys

    async def __call__(self, request: Request) -> Response:
        """POST acts, whatever its body says; anything else asks and changes nothing."""
        token = request.params["token"]
        link = unseal(token, self._keys)
        if link is None:
            return _page(404, _BROKEN)
        if request.method == "POST":
            return await self._act(link, token)
        return _page(
            200, f'<p>{_about(link)}</p><form method="post"><button>Unsubscribe</button></form>'
        )

    async def _act(self, link: Link, token: str) -> Response:
        try:
            await self._services.database.run(unsubscribe(link, token))
        except DatabaseUnavailable:
            return _page(503, "<p>This does not work just now. Please try again in a minute.", 60)
        return _page(200, "<p>Done. You will get no more of these emails.")


def unsubscribe(link: Link, token: str) -> Call[bool]:
    """Store that the person wants no more; returns whether that is new."""
    return Call(
        "email_unsubscribe",
        {
            "p_tenant": link.tenant, "p_address": link.address, "p_list": link.list_name,
            "p_message_id": link.message_id,
            "p_event": hashlib.sha256(token.encode()).hexdigest(),
        },
        read=lambda rows: bool(rows[0][0]),
    )  # fmt: skip


_BROKEN = "<p>This link is not complete, or not valid any more. Please copy it whole."
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def _about(link: Link) -> str:
    who = html.escape(mask(link.address))
    if link.list_name == _EVERY:
        return f"{who}: no more emails of this kind?"
    return f"{who}: no more emails of the list “{html.escape(link.list_name)}”?"


def _page(status: int, content: str, retry_after: int | None = None) -> Response:
    text = (
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
        f"<title>Unsubscribe</title>{content}"
    )
    later = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Response(status, text.encode(), {**_HEADERS, **later})


def _base(settings: LinkSettings) -> str:
    base = (settings.public_url or "").rstrip("/")
    parts = urlsplit(base)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not secure or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigError(
            "HOLDFAST_PUBLIC_URL: links in emails need the address that this server has from "
            "outside, such as https://mail.example.com (http only on this machine)"
        )
    return base


def _keys(settings: LinkSettings) -> list[bytes]:
    secret = settings.link_secret.get_secret_value() if settings.link_secret else ""
    values = [value for part in secret.split(",") if (value := part.strip())]
    if not values or any(len(value) < _SHORTEST_SECRET for value in values):
        raise ConfigError(
            f"HOLDFAST_LINK_SECRET: links in emails are sealed with it; give at least "
            f"{_SHORTEST_SECRET} random characters, such as `openssl rand -hex 32` prints"
        )
    conceal(*values)
    return [hashlib.sha512(value.encode()).digest() for value in values]
