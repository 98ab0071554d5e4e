"""A scheme of one's own, told by data: for senders that sign by HMAC in a way of their own.

{"header": "X-Signature", "algorithm": "hmac-sha256", "encoding": "hex", "label": "sha256=",
"signed": "{timestamp}.{body}", "timestamp": "header:X-Timestamp",
"event_id": "json:/id", "event_type": "json:/type", "object_id": "json:/data/id"}
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from holdfast.channels.webhooks.schemes.scheme import Scheme
from holdfast.channels.webhooks.schemes.table import GENERIC
from holdfast.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_PLACE = re.compile(
    r"(header:[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}|json:(/[^,]{0,200})+(,(/[^,]{0,200})+)*"
    r"|form:[^,]{1,100}(,[^,]{1,100})*|element:[A-Za-z0-9_-]{1,20})"
)
_PARTS = {"body", "timestamp", "id", "token", "url", "form"}
_CHOICES = {
    "algorithm": ("hmac-sha256", "hmac-sha1", "hmac-sha512", "ed25519", "ecdsa-sha256", "equals"),
    "encoding": ("hex", "base64"),
    "key": ("text", "base64"),
}
_PLACES = {
    "event_id", "event_type", "object_id", "account", "livemode", "created", "api_version",
}  # fmt: skip
_KNOWN = {*_CHOICES, *_PLACES, "header", "separator", "label", "signed", "timestamp", "id", "token"}


def generic(settings: Mapping[str, Any]) -> Scheme:
    """The scheme that the settings tell; what is not named is as in the row `generic`.

    Raises:
        ConfigError: a name that is not known, or a value that cannot be; says which and what can.
    """
    unknown = set(settings) - _KNOWN
    if unknown:
        raise ConfigError(
            f"a scheme has no {', '.join(sorted(unknown))}; known: {', '.join(sorted(_KNOWN))}"
        )
    scheme = replace(GENERIC, **{name: _checked(name, value) for name, value in settings.items()})
    if not scheme.header:
        raise ConfigError("header: the name of the header that has the signature")
    _check_parts(scheme)
    return scheme


def _checked(name: str, value: Any) -> Any:
    if name in _PLACES:
        places = [value] if isinstance(value, str) else value
        if not isinstance(places, list | tuple) or not all(_is_place(place) for place in places):
            raise ConfigError(f"{name}: a place such as json:/data/id or header:X-Id")
        return tuple(places)
    if not isinstance(value, str):
        raise ConfigError(f"{name}: a text")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ConfigError(f"{name}: one of {', '.join(_CHOICES[name])}")
    if name == "header" and not _NAME.fullmatch(value):
        raise ConfigError("header: the name of a header, such as X-Signature")
    if name in {"timestamp", "id", "token"} and value and not _is_place(value):
        raise ConfigError(f"{name}: a place such as header:X-Timestamp, or element:t")
    return value


def _is_place(value: Any) -> bool:
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


def _check_parts(scheme: Scheme) -> None:
    parts = set(re.findall(r"\{([^}]*)\}", scheme.signed))
    if scheme.algorithm != "equals" and not parts & {"body", "form"}:
        raise ConfigError("signed: has to have {body} in it, or nothing vouches for the event")
    if parts - _PARTS:
        raise ConfigError(f"signed: knows {', '.join(f'{{{p}}}' for p in sorted(_PARTS))}")
    for part in ("timestamp", "id", "token"):
        if part in parts and not getattr(scheme, part):
            raise ConfigError(f"{part}: say where it is, since {{{part}}} is signed")
