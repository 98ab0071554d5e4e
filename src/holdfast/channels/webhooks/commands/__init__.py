"""holdfast webhooks …: what came in (`events.py`), what to do about it (`inbox.py`).

And who may send (`sources.py`), a pause of that (`pause.py`), reading along (`listen.py`), samples
to try with (`trigger.py`), what the provider has and we do not (`reconcile.py`).
"""

from holdfast.channels.webhooks.commands import (
    add,
    events,
    inbox,
    listen,
    pause,
    reconcile,
    sources,
    trigger,
)

COMMANDS = [
    *events.COMMANDS, *inbox.COMMANDS, *listen.COMMANDS, *trigger.COMMANDS, *reconcile.COMMANDS,
    *pause.COMMANDS, *add.COMMANDS, *sources.COMMANDS,
]  # fmt: skip
