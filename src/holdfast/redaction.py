"""What must not be read in a log, an error text or an answer is taken out here.

Two nets. Secrets that this process was given (passwords, signing secrets) are told to `conceal`
when they are read, and disappear wherever they turn up, whatever they look like. What only looks
like a secret or like somebody's address is found by its form: providers echo tokens in their
errors, and drivers put addresses into theirs.

A form may hide too much, never too little; what follows a `[hidden]` is still readable. Every form
is linear in the length of the text: a run of characters is entered at its start only, or bounded.
Most texts are names and ids; so each form says by which characters it can be ruled out at once.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
SHORTEST = 6
"""Known secrets below this length are not searched for: they would hide half of the words."""

_KEPT = 2000  # characters of a reason
_LONGEST = 8000  # of it are looked through: a secret that the cut would halve is hidden before
_known: list[str] = []
_PASSWORD = re.compile(r"://[^:/@]*:([^@/]*)@|\bpassword\s*=\s*'?([^'\s]*)")

_Hide = str | Callable[[re.Match[str]], str]


def conceal(*secrets: str | None) -> None:
    """From now on `scrub` hides these values, also as they stand in a URL, in JSON or in code."""
    for secret in secrets:
        if secret and len(secret) >= SHORTEST:
            written = {json.dumps(secret)[1:-1], repr(secret)[1:-1]}  # a KeyError shows its repr
            written |= {secret, quote(secret, safe=""), quote_plus(secret)}
            _known.extend(written - set(_known))
    _known.sort(key=len, reverse=True)


def password_of(dsn: str) -> str | None:
    """The password in a database's address, as it stands there; None if there is none."""
    found = _PASSWORD.search(dsn)
    return (found[1] or found[2]) if found else None


def reason(text: str) -> str:
    """Why something failed, as it can be stored: an error text can hold anything.

    And it is shown to many: the secrets that drivers and providers echo are taken out.
    """
    text = scrub(text[:_LONGEST])[:_KEPT].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")


def scrub(text: str) -> str:
    """The text without known secrets, credentials, tokens and the local part of addresses.

    A domain stays: "no such user [hidden]@example.com" can still be worked with. Never raises.
    """
    for secret in _known:
        if secret in text:
            text = text.replace(secret, HIDDEN)
    if _PLAIN.fullmatch(text):
        return text
    low = text.lower()
    for form in _FORMS:
        if len(low) >= form.shortest and any(map(low.__contains__, form.needs)):
            text = form.pattern.sub(form.hide, text)
    return text


def _if_random(match: re.Match[str]) -> str:
    """Capitals, small letters and digits in one long word: a token; a name or a uuid is not."""
    word = match[0]
    kinds = (str.isdigit, str.isupper, str.islower)
    return HIDDEN if all(any(map(kind, word)) for kind in kinds) else word


_PLAIN = re.compile(
    r"[a-z]{1,20}(?:\.[a-z]{1,20}){0,5}"  # job.raised
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # a uuid
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|\+00:00)"
)
_VALUE = r"[^\s\"',;&)}\]]{1,4096}"


class _Form(NamedTuple):
    """What is hidden. It is in no text without any of `needs` (in lower case), or a shorter one."""

    pattern: re.Pattern[str]
    hide: _Hide
    needs: Sequence[str]
    shortest: int = 0


_FORMS: Sequence[_Form] = [
    # postgres://user:password@host, https://token@host
    _Form(re.compile(r"://[^\s/@'\"]{1,2048}@"), f"://{HIDDEN}@", ["://"]),
    # the endpoints of web push are bearer tokens, but for their host
    _Form(
        re.compile(
            r"(https://(?:fcm\.googleapis\.com|updates\.push\.services\.mozilla\.com"
            r"|web\.push\.apple\.com|[\w-]{1,64}\.notify\.windows\.com)/)[^\s\"'<>]{1,4096}"
        ),
        rf"\1{HIDDEN}",
        ["https://"],
    ),
    _Form(
        re.compile(r"(?i)\b(auth (?:plain|login|xoauth2|oauthbearer|cram-md5)) [^\s]{1,4096}"),
        rf"\1 {HIDDEN}",
        ["auth "],
    ),
    _Form(
        re.compile(r"(?i)\b(bearer|basic) {1,3}[\w.~+/=-]{8,4096}"),
        rf"\1 {HIDDEN}",
        # a long s and the Turkish i are taken for s and i there
        ["bearer", "basic", "\u017f", "\u0131", "\u0307"],
    ),
    # password=…, "client_secret": "…", Authorization: …
    _Form(
        re.compile(
            r"(?i)((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credential"
            r"|cookie|authorization)s?[\"']?(?:={1,2}|[\"'] ?[:=] ?|:)[\"']?)" + _VALUE
        ),
        rf"\1{HIDDEN}",
        ["=", ":"],
    ),
    _Form(
        re.compile(
            r"(?i)\b((?:password|passwd|x-[a-z-]{1,32}-?(?:key|token)|authorization|(?:set-)?cookie)"
            r"[\"']?: {1,3}[\"']?)(?:(?:bearer|basic) )?" + _VALUE
        ),
        rf"\1{HIDDEN}",
        [":"],
    ),
    # Stripe, Standard Webhooks, GitHub, Slack, Shopify, SendGrid, AWS, Expo
    _Form(
        re.compile(r"\b(?:[srp]k_(?:live|test)|whsec|whsk|rk)_[\w+/=-]{4,4096}"),
        HIDDEN,
        ["k_", "whsec_"],
    ),
    _Form(
        re.compile(
            r"\b(?:gh[pousr]|github_pat|glpat|shp(?:at|ca|pa|ss)|xox[a-z])[_-][\w-]{8,4096}"
        ),
        HIDDEN,
        ["gh", "github_pat", "glpat", "shp", "xox"],
    ),
    _Form(re.compile(r"\bSG\.[\w-]{8,128}\.[\w-]{8,128}"), HIDDEN, ["sg."]),
    _Form(re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), HIDDEN, ["akia", "asia"]),
    _Form(
        re.compile(r"\b(Expo(?:nent)?PushToken)\[[^\]\s]{1,4096}\]?"),
        rf"\1[{HIDDEN}]",
        ["pushtoken["],
    ),
    # a JSON Web Token; a registration token of FCM; a device token of APNs
    _Form(
        re.compile(r"(?<![\w-])eyJ[\w-]{4,8192}\.[\w-]{4,8192}(?:\.[\w-]{0,8192})?"),
        HIDDEN,
        ["eyj"],
    ),
    _Form(re.compile(r"(?<![\w-])[\w-]{8,128}:APA91[\w-]{8,4096}"), HIDDEN, [":apa91"]),
    _Form(re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])"), HIDDEN, [""], 64),
    _Form(re.compile(r"(?<![\w.%+'-])[\w.%+'-]+@(?=[\w\[])"), f"{HIDDEN}@", ["@"]),
    _Form(re.compile(r"(?<![\w-])[\w-]{32,}"), _if_random, [""], 32),
]
