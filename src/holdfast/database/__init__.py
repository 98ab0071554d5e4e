"""The only door to Postgres.

`connect.py` finds a server (a DSN, or the embedded one) and lends connections: `wires.py` to
coroutines, `thread_connections.py` to threads, each in a session as `session.py` has it; `loan.py`
ends that of a thread that is given up, `waiting.py` one from which no answer comes. `call.py` is an
operation as a value: a SQL function, named and filled, not yet run; `borrowed.py` runs it on the
caller's own connection, `gather.py` what many ask at the same moment in one, `insist.py` what has
to be written down though the server is away; `migrate.py` brings the schema to the present, alone
with its tables (`alone.py`). Nothing here knows a queue.
"""

from holdfast.database.borrowed import run_on, run_on_async
from holdfast.database.call import Call, Row
from holdfast.database.connect import STANDBY, Database
from holdfast.database.flight import fly
from holdfast.database.gather import Gather
from holdfast.database.insist import insist, within
from holdfast.database.json_text import JsonText, decode, encode
from holdfast.database.loan import Loan
from holdfast.database.migrate import Room, lost_rights, migrate, newer, pending, script
from holdfast.database.per_loop import PerLoop, running

__all__ = [
    "STANDBY",
    "Call",
    "Database",
    "Gather",
    "JsonText",
    "Loan",
    "PerLoop",
    "Room",
    "Row",
    "decode",
    "encode",
    "fly",
    "insist",
    "lost_rights",
    "migrate",
    "newer",
    "pending",
    "run_on",
    "run_on_async",
    "running",
    "script",
    "within",
]
