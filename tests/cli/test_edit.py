"""holdfast dead-letters edit: change what a dead letter carries, and replay it."""

import re
from pathlib import Path

import pytest


@pytest.fixture
def letter(enqueue, settle):
    """A dead letter with the payload {"n": 0}; its id."""
    enqueue("welcome")
    [dead] = settle("dead", "no such user")
    return dead


@pytest.fixture
def edit(cli, tmp_path):
    """`edit(ID, EDITOR="…")`; its temporary files are in a folder of the test."""
    (tmp_path / "kept").mkdir()
    return lambda *arguments, **settings: cli(
        "dead-letters", "edit", *arguments, TMPDIR=str(tmp_path / "kept"), VISUAL="", **settings
    )


def kept(tmp_path):
    """The files that were left."""
    return list((tmp_path / "kept").iterdir())


def states(sql):
    """The state of each job, by what it carries."""
    return sql.execute("select payload::text, state from jobs order by 1").fetchall()


def test_an_edited_letter_comes_back_as_a_new_job(edit, cli, letter, settle, sql, tmp_path):
    """The new job names the letter as its origin; both ways can be seen, also once it has died."""
    done = edit(letter[-8:], "--why", "typo", "--who", "ann", "--json", EDITOR="sed -i s/0/7/")
    new = done.json["replayed_as"]
    assert (done.code, done.json["id"]) == (0, letter)
    assert '-  "n": 0\n+  "n": 7' in done.json["diff"] and '+  "n": 7' in done.err
    assert states(sql) == [('{"n": 0}', "cancelled"), ('{"n": 7}', "ready")]
    [operation] = cli("operations", "list", "--json").json
    assert (operation["who"], operation["why"]) == ("ann", "typo")
    assert operation["filter"] == {"id": letter, "became": new}
    assert kept(tmp_path) == []

    settle("dead", "still none")
    forth, back = (cli("dead-letters", "show", i, "--json").json for i in (letter, new))
    assert (back["replay_of"], forth["payload"]) == (letter, {"n": 0})
    assert forth["lineage"] == back["lineage"]
    assert [(job["id"], job["state"]) for job in back["lineage"]] == [
        (letter, "cancelled"), (new, "dead"),
    ]  # fmt: skip


def test_a_payload_comes_from_a_file_or_from_stdin(edit, letter, sql, tmp_path):
    """Without an editor; every digit of a number arrives, and stdin works the same."""
    (tmp_path / "new.json").write_text('{"n": 12345678901234567890.123}')
    done = edit(letter, "--payload", "new.json")
    assert (done.code, done.out[:46]) == (0, f"{letter} is replayed"[:46])
    assert states(sql) == [('{"n": 0}', "cancelled"), ('{"n": 12345678901234567890.123}', "ready")]
    missing = edit(letter, "--payload", "nowhere.json")
    assert missing.code == 2 and "nowhere.json" in missing.err
    assert edit(letter, "--payload", "-").code == 1  # it is no dead letter any more


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("true", "the payload is as it was"),
        ("sed -i s/0/0/", "the payload is as it was"),
        ("truncate -s 0", "the text is empty"),
        ("false", "failed with exit code 1"),
        ("/nowhere/vi", "cannot be started"),
        ("'", "cannot be started"),
        ("", "nobody is at a terminal"),
    ],
)
def test_nothing_is_replayed_if_nothing_was_typed(edit, letter, sql, tmp_path, editor, told):
    """It says so with exit code 1, and leaves no file behind."""
    done = edit(letter, EDITOR=editor)
    assert done.code == 1 and told in done.out + done.err
    assert states(sql) == [('{"n": 0}', "dead")]
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"n": 7', "is no JSON"),
        ('{"n": NaN}', "NaN is no JSON"),
        ('{"n": "\\u0000"}', "\\u0000"),
        ("[" * 5000, "is no JSON"),
    ],
)  # fmt: skip
def test_what_was_typed_is_kept_if_it_can_not_be_taken(edit, letter, sql, tmp_path, text, told):
    """The file is named with the command that takes it; the letter stays as it is."""
    (tmp_path / "typed").write_text(text)
    done = edit(letter, EDITOR="cp typed")
    assert done.code == 1 and told in done.err, done.err
    [path] = kept(tmp_path)
    assert path.read_text() == text and path.stat().st_mode & 0o77 == 0
    [named] = re.findall(r"--payload (\S+)", done.err)
    assert Path(named) == path
    assert states(sql) == [('{"n": 0}', "dead")]


def test_an_editor_that_fails_does_not_lose_what_was_typed(edit, letter, sql, tmp_path):
    """It may have crashed with half of the work done."""
    script = tmp_path / "crash"
    script.write_text("#!/bin/sh\nsed -i s/0/7/ $1\nexit 3\n")
    script.chmod(0o700)
    done = edit(letter, EDITOR=str(script))
    assert done.code == 1 and "exit code 3" in done.err
    [path] = kept(tmp_path)
    assert '"n": 7' in path.read_text() and str(path) in done.err
    assert states(sql) == [('{"n": 0}', "dead")]


def test_a_person_is_asked_after_the_difference(terminal, letter, sql, tmp_path):
    """The difference is shown first: no leaves the letter as it was, yes replays it as edited."""
    command = ("dead-letters", "edit", letter)
    with terminal(*command, EDITOR="sed -i s/0/7/", VISUAL="", TMPDIR=str(tmp_path)) as screen:
        screen.wait_for("Replay it with this payload?")
        assert '"n": 7' in screen.text
        screen.type("n\n")
        assert screen.end() == 1
    assert states(sql) == [('{"n": 0}', "dead")]
    with terminal(*command, EDITOR="sed -i s/0/7/", VISUAL="", TMPDIR=str(tmp_path)) as screen:
        screen.wait_for("[y/N]")
        screen.type("y\n")
        assert screen.end() == 0
    assert states(sql)[1] == ('{"n": 7}', "ready")
