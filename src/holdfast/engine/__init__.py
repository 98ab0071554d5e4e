"""The queue. It knows queues, jobs, leases and verdicts, and nothing of what the jobs are about.

The product is the SQL in `sql/` (begin with 0001_tables.sql); the modules beside it only name its
functions, as operations that anyone can run: `jobs`, `queues`, `dead_letters`, `maintenance`,
`views`.
"""

from pathlib import Path

from holdfast.database import Room

ROOM = Room("engine", Path(__file__).parent / "sql")
