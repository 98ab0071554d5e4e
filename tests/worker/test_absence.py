"""What a worker says while the database is away."""

import logging

from holdfast.errors import DatabaseUnavailable
from holdfast.worker.absence import Absence

AWAY = DatabaseUnavailable("it is away")


def test_an_absence_is_said_once_and_then_rarely(caplog):
    """Its beginning, each minute of it and its end; one that flickers at every claim hardly."""
    caplog.set_level(logging.INFO, "holdfast.worker")
    seconds = [0.0]
    absence = Absence("default", clock=lambda: seconds[0])

    def said():
        words = [record.getMessage().removeprefix("worker.") for record in caplog.records]
        caplog.clear()
        return words

    for seconds[0] in range(100):
        absence.met(AWAY)
    assert said() == ["waits_for_database"] * 2
    absence.over()
    absence.over()
    assert said() == ["has_database"]
    for seconds[0] in range(200, 204):
        absence.met(AWAY)
        absence.over()
    assert said() == ["waits_for_database", "has_database"]
