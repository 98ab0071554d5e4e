"""Claim, handle, settle.

`service.py` is a worker: one loop per queue, a heartbeat, maintenance, a graceful stop. `loop.py`
is the trip of a job, `attempt.py` one attempt at it. `settle.py` collects verdicts into batches,
`wake.py` knows when to look again, `ending.py` hears the SIGTERM of a deploy.
"""

from holdfast.worker.ending import gently
from holdfast.worker.service import Worker

__all__ = ["Worker", "gently"]
