"""Medians and tails of waiting times."""

import math
from collections.abc import Sequence

from bench.meter import Meter, Sample


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def latencies(waits: Sequence[float], expected: int, meter: Meter) -> dict[str, Sample]:
    """Both latency rows, in milliseconds, from waiting times in seconds."""
    if len(waits) != expected:
        raise RuntimeError(f"{len(waits)} of {expected} jobs were seen")
    return {
        "latency_p50": meter.sample(quantile(waits, 0.50) * 1000, expected),
        "latency_p99": meter.sample(quantile(waits, 0.99) * 1000, expected),
    }
