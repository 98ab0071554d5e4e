"""When was it signed, and is that near enough?"""

from holdfast.channels.webhooks.schemes.scheme import Reason, Rejected

_MOST_DIGITS = 20


def unix_seconds(text: str) -> int | None:
    """The number, if it is plain digits and not too many of them."""
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None


def untimely(timestamp: float, now: float, tolerance: float) -> Rejected | None:
    """Refuse what was signed too long ago, or will be."""
    # Asked as "is it within", so that a clock or a tolerance of NaN refuses.
    if not timestamp >= now - tolerance:
        return Rejected(
            Reason.TOO_OLD,
            f"signed {now - timestamp:.0f} s ago, {tolerance:g} s are allowed; check the clocks, "
            "or sign again",
        )
    if not timestamp <= now + tolerance:
        return Rejected(
            Reason.TOO_NEW,
            f"signed {timestamp - now:.0f} s in the future, {tolerance:g} s are allowed; check "
            "this machine's clock",
        )
    return None
