"""What measures comes last, when the other test processes have ended or are about to."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The guard of speed; all else stays in its order."""
    items.sort(key=lambda item: item.name == "test_no_work_has_lost_half_of_its_speed")
