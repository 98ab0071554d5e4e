"""The reference is what the code says, all of it."""

import importlib
import inspect
import re
import sys

import pytest
import typer.main

from holdfast import errors
from holdfast.api import build as build_api
from holdfast.api.json_api import offered
from holdfast.channel import load
from holdfast.cli.main import build
from holdfast.client import connect
from holdfast.settings import PREFIX, CoreSettings


@pytest.fixture
def generate(root, monkeypatch):
    """The generator, which is no part of the package."""
    monkeypatch.syspath_prepend(str(root))
    monkeypatch.delitem(sys.modules, "docs", raising=False)
    return importlib.import_module("docs.generate")


@pytest.fixture
def reference(root):
    """A committed page of the reference."""
    return lambda name: (root / "docs/reference" / name).read_text(encoding="utf-8")


def test_it_is_fresh(generate, reference):
    """The committed pages are what the code would say now."""
    for name, text in generate.pages().items():
        assert reference(name) == text, f"{name} is out of date: python -m docs.generate"


def test_every_command_is_there(reference):
    """Whoever reads the reference misses no command and no option."""
    text = reference("cli.md")
    commands = dict(_leaves(typer.main.get_command(build()), "holdfast"))
    assert len(commands) > 20
    for path, command in commands.items():
        assert f"### `{path}`" in text, path
        for parameter in command.params:
            if not parameter.hidden and parameter.opts[0].startswith("-"):
                assert f"`{parameter.opts[0]}`" in text, (path, parameter.opts)


def _leaves(command, path):
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from _leaves(below, f"{path} {name}")
        else:
            yield f"{path} {name}", below


def test_every_function_and_view_is_there(reference, sql):
    """Whoever reads the reference misses no SQL function and no view."""
    text = reference("sql.md")
    names = sql.execute(
        "select proname from pg_proc where pronamespace = 'holdfast'::regnamespace union "
        "select relname from pg_class "
        "where relnamespace = 'holdfast'::regnamespace and relkind = 'v'"
    ).fetchall()
    assert len(names) > 80
    assert [name for (name,) in names if f"`{name}`" not in text] == []


def test_functions_for_users_exist_and_are_explained(generate, reference, sql):
    """A function that is meant for users is installed, and has a sentence and a signature."""
    text = reference("sql.md")
    for name in generate.FOR_YOU:
        found = sql.execute("select to_regproc(%s)", [f"holdfast.{name}"]).fetchone()
        assert found is not None and found[0] is not None, f"{name} is not installed"
        section = text.split(f"### `{name}`\n", 1)[1].split("\n##", 1)[0]
        assert f"\n{name}(" in section, name


def test_what_the_pages_call_is_an_interface(generate, root, sql):
    """No page tells to call a SQL function that the reference does not promise to keep."""
    pages = [root / "README.md", *(root / "docs/how-to").glob("*.md")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    names = sql.execute(
        "select proname from pg_proc where pronamespace = 'holdfast'::regnamespace"
    ).fetchall()
    called = set(re.findall(r"(?<![\w.@])(?:holdfast\.)?(\w+)\(", text)) & {
        name for (name,) in names
    }
    assert "claim" in called
    assert called - generate.FOR_YOU == set()


def test_every_setting_is_there(reference):
    """Whoever reads the reference misses no variable and no key of a policy."""
    text = reference("settings.md")
    models = [CoreSettings, *(model for c in load().values() for model in c.settings)]
    for model in models:
        for field in model.model_fields:
            assert f"`{PREFIX}{field.upper()}`" in text, field
    for part in ("SECRETS", "SCHEME", "TOLERANCE"):
        assert f"_{part}=" in text


def test_every_key_of_a_policy_is_there(reference, sql):
    """The policy table names what `set_queue` accepts."""
    policy = sql.execute("select to_jsonb(queue_policy('default'))").fetchone()[0]
    fixed = {"name", "created_at", "paused_at", "paused_by", "paused_why", "paused_until"}
    for key in policy.keys() - fixed:
        assert f"| `{key}` |" in reference("settings.md"), key


def test_every_error_is_there(reference):
    """Whoever reads the reference misses no error and no SQLSTATE."""
    text = reference("errors.md")
    for cls in vars(errors).values():
        if inspect.isclass(cls) and issubclass(cls, errors.HoldfastError):
            assert f"`{cls.__name__}`" in text
            assert cls.sqlstate is None or f"`{cls.sqlstate}`" in text


def test_every_route_is_there(reference):
    """Whoever reads the reference misses no route."""
    text = reference("http.md")
    for route in build_api(connect("postgresql://nobody@localhost/nothing").services).routes:
        assert f" {route.path}`" in text or route.path == "/api"
    text = reference("json-api.md")
    for operation in offered():
        assert f"`{operation.method} /api{operation.path}`" in text
