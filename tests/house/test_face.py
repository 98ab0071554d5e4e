"""What an application sees of holdfast when it types a dot."""

import holdfast

FACE = {
    "announce", "around", "breaker", "close", "dsn", "limit", "on", "on_alert", "prepare",
    "prepare_sync", "run", "schedule", "send", "send_many", "services", "slot", "sync", "task",
    "work", "worker",
}  # fmt: skip


def test_the_face_has_what_applications_use():
    """Nothing that only holdfast itself calls is public on what `connect()` gives."""
    hf = holdfast.connect("postgresql://nowhere.example/none")
    assert {name for name in dir(hf) if not name.startswith("_")} == FACE


def test_the_class_is_made_as_connect_makes_it(tmp_path):
    """`Holdfast(…)` is the same as `holdfast.connect(…)`, whichever one finds first."""
    hf = holdfast.Holdfast(data=tmp_path, app="shop")
    assert type(holdfast.connect("postgresql://nowhere.example/none")) is type(hf)
    assert (hf.services.app, hf.services.core.data) == ("shop", tmp_path)
