"""Sources: who may post to /webhooks/<name>, by which scheme and with which secrets.

    HOLDFAST_SOURCE_STRIPE_SECRETS=whsec_new,whsec_old      several while a secret is rolled
    HOLDFAST_SOURCE_BILLING_SCHEME=stripe                   if the name is not that of a scheme
    HOLDFAST_SOURCE_STRIPE_TOLERANCE=300                    seconds, to either side

The variables carry a name of the user's choice, so they are no fixed fields.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.channels.webhooks.signature import SCHEMES, TOLERANCE, Scheme
from holdfast.errors import ConfigError
from holdfast.settings import named

PATTERN = re.compile(r"HOLDFAST_SOURCE_([A-Z0-9_]+)_(SECRETS|SCHEME|TOLERANCE)")


@dataclass(frozen=True, slots=True)
class Source:
    """One sender. Without secrets it exists, and everything it sends is answered with 500."""

    name: str
    scheme: Scheme
    scheme_name: str
    secrets: tuple[str, ...]
    tolerance: float = TOLERANCE

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {self.scheme_name}, {len(self.secrets)} secret(s))"


def sources() -> Mapping[str, Source]:
    """Every source by its name as it stands in the path; each known scheme is one even unset.

    Raises:
        ConfigError: an unknown scheme, or a tolerance that is no number of seconds.
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
    secrets = tuple(s for part in parts.get("SECRETS", "").split(",") if (s := part.strip()))
    try:
        tolerance = float(parts.get("TOLERANCE") or TOLERANCE)
    except ValueError:
        tolerance = -1.0
    if not 0 < tolerance <= 86_400:  # noqa: PLR2004  a day
        raise ConfigError(f"{prefix}_TOLERANCE: seconds between 1 and 86400 are asked for")
    return Source(name, scheme, scheme_name, secrets, tolerance)
