"""What `send` returns."""

import pickle
from uuid import UUID

from holdfast.engine.model import receipts


def test_a_receipt_can_be_kept_anywhere():
    """The id of a job of a batch is a UUID like any other, also for who pickles it."""
    made = receipts(UUID(int=7), 3)
    assert pickle.loads(pickle.dumps(made)) == made == [(UUID(int=n), False) for n in (8, 9, 10)]
