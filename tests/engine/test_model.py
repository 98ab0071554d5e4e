"""The queue against a model of it: whatever people and workers do, both agree on every job.

`model.py` holds the rules and `machine.py` what is done; each step is a transaction of its own.
"""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.engine.machine import Machine

SEQUENCE = "alter table ready_jobs alter column seq set increment by"


@pytest.fixture
def machine(queue, sweep):
    """The machine on this queue. Arrival is counted in large steps, so that marks move."""
    queue.run(f"{SEQUENCE} 400")
    yield type("Machine", (Machine,), {"queue": queue, "sweep": staticmethod(sweep)})
    queue.run(f"{SEQUENCE} 1")


def test_the_queue_agrees_with_its_model(machine):
    """After every step all jobs are where the model has them, and all of them can end.

    What fails here is not made smaller, which takes minutes: `make search` does that.
    """
    fixed = settings(
        max_examples=12, stateful_step_count=60, derandomize=True, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine, settings=fixed)


@pytest.mark.search
def test_the_queue_agrees_with_its_model_for_minutes(machine):
    """The queue agrees with its model in runs that are others each time, and many more of them."""
    searching = settings(max_examples=1500, stateful_step_count=100, derandomize=False)
    run_state_machine_as_test(machine, settings=searching)
