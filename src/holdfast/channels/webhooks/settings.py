"""Sources in the environment: who may post to /webhooks/<name>, and what proves that it is them.

    HOLDFAST_SOURCE_STRIPE_SECRETS=whsec_new,whsec_old      several while a secret is rolled
    HOLDFAST_SOURCE_BILLING_SCHEME=stripe                   if the name is not that of a scheme
    HOLDFAST_SOURCE_STRIPE_TOLERANCE=300                    seconds, to either side
    HOLDFAST_SOURCE_STRIPE_LIVEMODE=true                    the other kind is stored and held
    HOLDFAST_SOURCE_STRIPE_ACCOUNTS=acct_1,acct_2           likewise
    HOLDFAST_SOURCE_GITHUB_MAX_BODY=5242880                 bytes; 1 MiB unless given
    HOLDFAST_SOURCE_STRIPE_RATE=200                         requests a second; no limit unless given
    HOLDFAST_SOURCE_STRIPE_REVIVE=true                      sent again after it died: replay it
    HOLDFAST_SOURCE_TWILIO_PUBLIC_URL=https://…             as the sender sees it, if that is signed
    HOLDFAST_SOURCE_STRIPE_RETENTION="30 days"              how long events are kept; or 90 days
    HOLDFAST_SOURCE_STRIPE_SILENCE=10                       alert after 10 usual gaps; 0 never

Retention and silence are for workers, which need not have the variables: `serve` and `work` tell
the database of them at their start, and what was told last is valid. A variable that is taken away
changes nothing; give it another value.

The variables carry a name of the user's choice, so they are no fixed fields. Sources can stand in
the database as well (`holdfast webhooks sources add`), where all processes see them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.channel import Services
from holdfast.channels.webhooks.schemes import SCHEMES, TOLERANCE, Secret
from holdfast.channels.webhooks.source import Dated, Source
from holdfast.channels.webhooks.variables import PATTERN
from holdfast.database import Call, encode
from holdfast.errors import ConfigError
from holdfast.redaction import conceal
from holdfast.settings import named

_AGE = re.compile(r"(\d{1,6}) ?(hour|day|week|month|year)s?")
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def sources() -> Mapping[str, Source]:
    """Every source by its name as it stands in the path; each known scheme is one even unset.

    Raises:
        ConfigError: an unknown scheme, or a value that cannot be used; the message names it.
    """
    given: dict[str, dict[str, str]] = {name: {} for name in SCHEMES}
    for variable, value in named(PATTERN).items():
        match = PATTERN.fullmatch(variable)
        if match:
            given.setdefault(match[1].lower(), {})[match[2]] = value
    return {name: _source(name, parts) for name, parts in given.items()}


def _source(name: str, parts: Mapping[str, str]) -> Source:
    prefix = f"HOLDFAST_SOURCE_{name.upper()}"
    scheme_name = parts.get("SCHEME") or name
    scheme = SCHEMES.get(scheme_name)
    if scheme is None:
        raise ConfigError(
            f"{prefix}_SCHEME: {scheme_name!r} is no scheme; known: {', '.join(sorted(SCHEMES))}"
        )
    values = [value for part in parts.get("SECRETS", "").split(",") if (value := part.strip())]
    conceal(*values)
    rate = _number(f"{prefix}_RATE", parts.get("RATE"), "requests a second", 1, 1_000_000)
    accounts = [a for part in parts.get("ACCOUNTS", "").split(",") if (a := part.strip())]
    return Source(
        name=name,
        scheme=scheme,
        scheme_name=scheme_name,
        secrets=tuple(
            Dated(Secret(f"env:{prefix}_SECRETS#{place}", value))
            for place, value in enumerate(values, start=1)
        ),
        tolerance=_number(
            f"{prefix}_TOLERANCE", parts.get("TOLERANCE"), "seconds", 1, 86_400
        ) or TOLERANCE,
        public_url=parts.get("PUBLIC_URL", ""),
        livemode=_flag(f"{prefix}_LIVEMODE", parts.get("LIVEMODE")),
        accounts=tuple(accounts) or None,
        max_body=int(
            _number(f"{prefix}_MAX_BODY", parts.get("MAX_BODY"), "bytes", 1, 26_214_400)
            or 1_048_576
        ),
        rate=int(rate) if rate else None,
        revive=bool(_flag(f"{prefix}_REVIVE", parts.get("REVIVE"))),
        retention=_age(f"{prefix}_RETENTION", parts.get("RETENTION")),
        silence=_times(f"{prefix}_SILENCE", parts.get("SILENCE")),
    )  # fmt: skip


def _number(
    variable: str, text: str | None, unit: str, least: float, most: float
) -> float | None:  # fmt: skip
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise ConfigError(f"{variable}: {unit} between {least:g} and {most:.0f} are asked for")
    return value


def _times(variable: str, text: str | None) -> float | None:
    if text and text.strip() == "0":
        return 0.0
    return _number(variable, text, "times the usual gap (or 0)", 1, 1_000_000)


def _age(variable: str, text: str | None) -> str | None:
    """As Postgres reads it; from an hour to a century."""
    if not text:
        return None
    found = _AGE.fullmatch(text.strip().lower())
    hours = int(found[1]) * _HOURS[found[2]] if found else 0
    if not 1 <= hours <= 36_500 * 24:
        raise ConfigError(f'{variable}: a time such as "36 hours", "30 days" or "2 years"')
    return f"{hours} hours"


def announce(_services: Services) -> Sequence[Call[Any]]:
    """Tell the database what the variables of this process say about keeping, if they do."""
    said = [
        {"name": s.name, "retention": s.retention, "silence": s.silence}
        for s in sources().values() if s.retention is not None or s.silence is not None
    ]  # fmt: skip
    return [Call("webhook_note_environment", {"p_sources": encode(said)})] if said else []


def _flag(variable: str, text: str | None) -> bool | None:
    if not text:
        return None
    if text.strip().lower() not in _FLAGS:
        raise ConfigError(f"{variable}: true or false is asked for")
    return _FLAGS[text.strip().lower()]
