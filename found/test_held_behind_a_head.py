"""Red. Copy to tests/engine/ (it needs the fixtures there) and run it."""

from .test_ordering import _kinds, _line


def test_one_that_is_held_behind_the_head_keeps_its_place(queue):
    """`jobs hold` says: jobs behind it in its ordering key wait, too. Those behind b pass it."""
    ids = _line(queue, "a", "b", "c")
    queue.run("select hold(%s, 'ann')", ids["b"])
    (a,) = queue.claim()
    queue.verdict(a, "delivered")
    assert queue.claim() == []
    queue.run("select unhold(%s, 'ann')", ids["b"])
    assert _kinds(queue.claim()) == ["b"]


def test_one_that_is_held_and_let_go_behind_the_head_keeps_its_place(queue):
    """Held and let go while a still runs: the order is a, b, c; it is a, c, b."""
    ids = _line(queue, "a", "b", "c")
    (a,) = queue.claim()
    queue.run("select hold(%s, 'ann')", ids["b"])
    queue.run("select unhold(%s, 'ann')", ids["b"])
    queue.verdict(a, "delivered")
    assert _kinds(queue.claim()) == ["b"]
