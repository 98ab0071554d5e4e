"""Which variables of the environment make sources."""

import re
from typing import Final

PATTERN: Final = re.compile(
    r"HOLDFAST_SOURCE_([A-Z0-9_]+?)_"
    r"(SECRETS|SCHEME|TOLERANCE|LIVEMODE|ACCOUNTS|MAX_BODY|RATE|REVIVE|PUBLIC_URL|"
    r"RETENTION|SILENCE)"
)
"""The variables of the environment that make sources; see `settings`."""
