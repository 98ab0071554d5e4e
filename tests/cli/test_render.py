"""What is shown, to whom, and how."""

import ast
import importlib
import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import holdfast
from holdfast.cli import render
from holdfast.cli.values import Count, clean, document, plain, relative
from holdfast.command import Detail, Note, Rows

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ESCAPES_OF_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[2K|\x1b\[1A|\r")
HOSTILE = "[red]not markup[/red] \x1b]0;owned\x07 \x9b31m \u202egnp.exe\nsecond line"


@pytest.fixture
def shown(monkeypatch, capsys):
    """What a pipe gets of it."""

    def showing(thing, *, as_json=False):
        render.show(thing, as_json=as_json)
        return capsys.readouterr()

    return showing


@pytest.fixture
def screen(monkeypatch):
    """What a terminal of some width gets of it, without our own colours."""

    def showing(thing, width=80):
        out = StringIO()
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr("sys.stdout", out)
        render.show(thing, as_json=False)
        return ESCAPES_OF_OURS.sub("", out.getvalue())

    return showing


def test_text_of_strangers_is_inert_on_a_real_terminal(terminal, enqueue, settle):
    """Markup, escape sequences and changes of direction in a job are seen, and do nothing."""
    [job] = enqueue(HOSTILE)
    settle("dead", HOSTILE)
    for arguments in (
        ["dead-letters", "list"],
        ["dead-letters", "show", job],
        ["jobs", "show", job],
    ):
        with terminal(*arguments, COLUMNS="300") as screen:
            assert screen.end() == 0
            told = ESCAPES_OF_OURS.sub("", screen.text)
        assert "[red]not markup[/red] \\x1b]0;owned\\x07 \\x9b31m \\u202egnp.exe" in told
        assert not UNSAFE.search(told)


@given(st.text())
def test_no_text_gets_a_control_character_through(text):
    """Whatever is cleaned is one line without control characters, and a document is valid JSON."""
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", clean(text))
    assert not UNSAFE.search(clean(text, lines=True))
    assert not UNSAFE.search(document({"key": text}))
    assert json.loads(document({"key": text})) == {"key": text}


def test_each_column_of_a_table_is_a_name_of_its_own():
    """A program finds every column of every table, in JSON and in a pipe: snake_case, each once."""
    found = [columns for path in Path(holdfast.__file__).parent.rglob("*.py")
             for columns in _tables(path)]  # fmt: skip
    assert len(found) > 30
    for columns in found:
        assert len(set(columns)) == len(columns), columns
        assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", column) for column in columns), columns


def _tables(path):
    """The columns of the `Rows` that a file makes; not those that a function is given."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = [call.args[0] for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            and call.func.id == "Rows" and call.args]  # fmt: skip
    if not made:
        return
    parts = path.relative_to(Path(holdfast.__file__).parents[1]).with_suffix("").parts
    names = dict(vars(importlib.import_module(".".join(parts).removesuffix(".__init__"))))
    for line in ast.walk(tree):
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
            with suppress(NameError, AttributeError):
                names[line.targets[0].id] = eval(ast.unparse(line.value), names)
    for columns in made:
        with suppress(NameError):
            yield eval(ast.unparse(columns), names)


def test_json_has_utc_times_and_plain_values(shown):
    """Times are ISO 8601 in UTC, ids are text, a table is a list of objects."""
    identity = UUID(int=7)
    moment = datetime(2026, 3, 1, 13, tzinfo=UTC).astimezone()
    rows = Rows(["id", "at", "count"], [[identity, moment, Count(10_001)]])
    assert json.loads(shown(rows, as_json=True).out) == [
        {"id": str(identity), "at": "2026-03-01T13:00:00.000000Z", "count": 10_001}
    ]
    assert plain(Detail({"wait": timedelta(minutes=1), "rows": rows}))["rows"][0]["count"] == 10_001
    assert json.loads(shown(Note("done", {"done": 1}), as_json=True).out) == {"done": 1}


def test_in_a_pipe_nothing_is_shortened(shown):
    """Aligned columns without tabs, whole texts, absolute times, no colours."""
    told = shown(Rows(["id", "error"], [[1, "x" * 300], [20, "y"]])).out
    assert told == f"id  error\n 1  {'x' * 300}\n20  y\n"
    assert shown(Rows(["at"], [[NOW]])).out == "at\n2026-03-01T12:00:00Z\n"


@pytest.mark.parametrize("kind", [UUID, str])
@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_an_id_is_never_shortened(screen, width, kind):
    """Long texts are; columns are left out from the right; no line is wider than the screen."""
    identity = str(UUID(int=7))
    row = [kind(identity), "dead", "a-queue-with-a-long-name", "e" * 300 + " f", NOW, 5]
    told = screen(Rows(["id", "state", "queue", "error", "died_at", "attempts"], [row]), width)
    lines = told.splitlines()
    assert all(identity in line for line in lines[1:])
    assert max(map(len, lines)) <= width
    assert ("dead" in told) == (width > 40)


def test_what_can_be_read_nowhere_else_is_told_to_its_end(screen):
    """An alert, or why an attempt failed, is told on several lines; its other columns stay."""
    why = "the warehouse is closed until the tide turns; it goes on with: holdfast queues resume"
    rows = Rows(["key", "text", "at"], [["queue.stuck:a", why, NOW]], whole=True)
    listed = screen(rows)
    assert listed.splitlines() == [
        "key            text                                                   at",
        "queue.stuck:a  the warehouse is closed until the tide turns; it goes  2026-03-01",
        "               on with: holdfast queues resume",
    ]
    assert screen(Detail({"alerts": Rows(rows.columns, rows.rows)})) == f"\nalerts\n{listed}"


def test_what_came_as_lists_reads_as_words(screen):
    """Headers are lines, with one that comes twice; a list that is empty takes no lines."""
    headers = [["host", "a.example"], ["x-of", "one"], ["x-of", "two"]]
    told = screen(Detail({"accounts": [], "types": ["a.*", "b"], "headers": headers}))
    lines = ["accounts  -", "types     a.*, b", "", "headers", "host  a.example"]
    assert told.splitlines() == [*lines, "x-of  one", "x-of  two"]


def test_a_list_of_objects_is_read_as_words(shown):
    """What was answered to an attempt is words for people, and objects for programs."""
    answers = [{"address": "ann@x.example", "code": 450, "answer": "later", "provider": None}]
    table = Rows(("attempt", "answers"), [(1, answers)])
    assert "ann@x.example 450 later\n" in shown(table).out
    assert json.loads(shown(table, as_json=True).out) == [{"attempt": 1, "answers": answers}]


def test_an_empty_table_is_a_remark(shown):
    """Stdout stays empty, so that a script that counts lines counts right."""
    captured = shown(Rows(["id"], [], empty="nothing here"))
    assert (captured.out, captured.err) == ("", "nothing here\n")


def test_a_note_without_a_text_prints_nothing(shown):
    """A command that wrote its result by itself adds nothing to it."""
    assert shown(Note("")).out == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"), (-5, "5 s ago"), (59, "in 59 s"), (-180, "3 min ago"), (7200, "in 2 h"),
        (-5 * 86_400, "5 d ago"), (-40 * 86_400, "2026-01-20"),
    ],
)  # fmt: skip
def test_times_read_as_people_say_them(seconds, words):
    """Near ones by distance, far ones by date."""
    assert relative(NOW + timedelta(seconds=seconds), NOW) == words


def test_how_long_reads_as_people_say_it(shown):
    """A time to wait has units that its commands take, and nothing of it is rounded away."""
    spans = [timedelta(0, 15), timedelta(5), timedelta(1, 5400), timedelta(0, 0.25), timedelta()]
    told = shown(Detail({f"of {n}": long for n, long in enumerate(spans)})).out
    assert told == "of 0  15 s\nof 1  5 d\nof 2  1 d 1 h 30 min\nof 3  0.25 s\nof 4  0 s\n"


def test_a_time_that_comes_as_text_is_shown_as_a_time(shown):
    """What its name says is a time may come out of JSON; what is none stays as it is."""
    row = ["2026-03-01T13:00:00.5+01:00", "soon", "2026-03-01", "2026-03-01T12:00:00Z"]
    told = shown(Rows(["sent_at", "next_at", "at", "note"], [row])).out
    assert told.splitlines()[1].split() == ["2026-03-01T12:00:00Z", *row[1:]]
