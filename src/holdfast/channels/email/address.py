"""Addresses: one mailbox in one text, checked before anything is stored.

An address ends up in SMTP commands and in headers. What could write a command or a header of its
own is refused, not cleaned. The rules are those of RFC 5321 as `email-validator` reads them; nobody
is asked whether the mailbox exists, and domains that only a local network knows are fine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address

from holdfast.channels.email.header import check_line
from holdfast.errors import InvalidInput

# Ann <ann@example.com>, "Smith, Ann" <ann@example.com>, <ann@example.com>
_NAMED = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^"<>]*?))\s*<(?P<spec>[^<>]*)>\s*'
)
_AMBIGUOUS = re.compile(r"[,;:@()\[\]\\]")
_LONGEST_NAME = 200
# email-validator refuses these for anybody; on a private network and in development they are used.
_PRIVATE = ("@localhost", ".localhost", ".local", ".test")
_PUBLIC = ".example"
# What email-validator gives back as it is: nothing to fold, to decode or to refuse. It takes a
# tenth of a millisecond for an address, and an email may have a thousand.
_SIMPLE = re.compile(
    r"(?=.{3,200}\Z)(?!.*--)([a-z0-9_+-]{1,32}(?:\.[a-z0-9_+-]{1,15}){0,2})"
    r"@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,20})"
)
# As the database has it: what would divide an address in a list stands in quotes only.
_ATOM = r'[^\x00-\x20\x7f<>()\[\]:;@\\,"]+'
_IN_QUOTES = r'"(?:[^\x00-\x20\x7f<>"\\]|\\[^\x00-\x20\x7f<>])+"'
_LITERAL = r'\[[^\x00-\x20\x7f<>()\[\];@\\,"]+\]'
_ADDRESS = re.compile(f"(?:{_ATOM}|{_IN_QUOTES})@(?:{_ATOM}|{_LITERAL})")
_LONGEST = 320
_SHOWN = re.compile(r"([^\s@<>\"'(),;:=]{1,64})@([^\s@<>\"'(),;:]+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address; the domain is in ASCII (IDNA). A local part beyond ASCII needs SMTPUTF8."""

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        """As the envelope has it."""
        return f"{self.local}@{self.domain}"

    def in_header(self) -> Address:
        """As a header shows it, with the name."""
        return Address(self.name, self.local, self.domain)


def mailbox(where: str, text: object) -> Mailbox:
    """Read exactly one mailbox: `ann@example.com` or `Ann <ann@example.com>`.

    Raises:
        InvalidInput: it is none, or more than one; the message says where and why.
    """
    if not isinstance(text, str):
        raise InvalidInput(f"{where}: an address is text, not {type(text).__name__}")
    check_line(where, text)
    named = _NAMED.fullmatch(text)
    spec = named["spec"] if named else text
    local, domain = _parts(where, spec.strip())
    return Mailbox(_name(where, named) if named else "", local, domain)


def mailboxes(where: str, given: object) -> list[Mailbox]:
    """Read a field that holds one address, or a sequence with one address in each entry."""
    return [mailbox(*one) for one in _placed(where, given)]


def used(where: str, text: object) -> str:
    """Read an address that mail may have gone to by now.

    Also one that breaks the rules and is used all the same, such as a..b@docomo.ne.jp: SMTP-in, SQL
    and the drop-ins take it.

    Raises:
        InvalidInput: it can be no address in the tables.
    """
    try:
        return mailbox(where, text).address
    except InvalidInput:
        if not isinstance(text, str):
            raise
        found = in_ascii(check_line(where, text).strip())
        if not is_address(found):
            raise
        return found


def used_ones(where: str, given: object) -> list[str]:
    """The same of a field that holds one address, or a sequence of them."""
    return [used(*one) for one in _placed(where, given)]


def is_address(text: str) -> bool:
    """Whether it can be one address in the tables: local@domain of at most 320 bytes.

    Its domain can be put into ASCII.
    """
    is_one = len(text.encode()) <= _LONGEST and _ADDRESS.fullmatch(text) is not None
    return is_one and in_ascii(text).rpartition("@")[2].isascii()


def in_ascii(address: str) -> str:
    """The address with its domain in ASCII (IDNA), which every server takes; else as it is."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    import idna  # its tables are large, and such domains are rare

    try:
        return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except UnicodeError:
        return address


def mask(text: str) -> str:
    """The text with its addresses made unrecognisable, for reasons and logs: a***@example.com."""
    return _SHOWN.sub(lambda found: f"{found[1][0]}***@{found[2]}", text)


def _placed(where: str, given: object) -> list[tuple[str, object]]:
    """Each of a field, with the words that say where it stands."""
    if isinstance(given, str):
        return [(where, given)]
    if not isinstance(given, Sequence) or isinstance(given, bytes | bytearray):
        raise InvalidInput(
            f"{where}: one address or a sequence of them, not {type(given).__name__}"
        )
    return [(f"{where}[{place}]", entry) for place, entry in enumerate(given)]


def _parts(where: str, spec: str) -> tuple[str, str]:
    """The local part, and the domain in ASCII."""
    if simple := _SIMPLE.fullmatch(spec):
        return simple[1], simple[2]
    from email_validator import EmailNotValidError, validate_email  # slow, and not for everybody

    private = spec.lower().endswith(_PRIVATE)
    try:
        valid = validate_email(
            f"{spec}{_PUBLIC}" if private else spec,
            check_deliverability=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise InvalidInput(f"{where}: one address is needed. {mask(str(error))}") from None
    domain = valid.ascii_domain
    return valid.local_part, domain.removesuffix(_PUBLIC) if private else domain


def _name(where: str, named: re.Match[str]) -> str:
    if named["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", named["quoted"])
    else:
        name = named["plain"]
        if _AMBIGUOUS.search(name):
            raise InvalidInput(f'{where}: put the name in quotes, as in "Smith, Ann" <ann@…>')
    if len(name) > _LONGEST_NAME:
        raise InvalidInput(f"{where}: a name is at most {_LONGEST_NAME} characters")
    return " ".join(name.split())
