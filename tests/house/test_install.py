"""The first start: packages are counted on one line, and pip is quoted where it fails."""

import importlib.util
import io
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "requirements" / "install.py"


@pytest.fixture
def installing(monkeypatch):
    """The script as a module."""
    monkeypatch.setattr(sys, "argv", ["install.py", "run"])
    spec = importlib.util.spec_from_file_location("installing", SCRIPT)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _terminal(monkeypatch):
    written = io.StringIO()
    written.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", written)
    return written


def test_packages_are_counted(installing, monkeypatch):
    """Each package that pip names is one more of all; nothing else of what pip says is shown."""
    terminal, counted = _terminal(monkeypatch), installing.Counted(3)
    for line in ("Looking in indexes", "Collecting a==1", "  Downloading a.whl",
                 "Requirement already satisfied: b==2", "Processing ./c.whl"):  # fmt: skip
        counted.hear(line)
    counted.hear("Installing collected packages: a, b, c")
    counted.end()
    told = [part.strip() for part in terminal.getvalue().split("\r") if part.strip()]
    writing = "writing 3 packages into .venv"
    assert told == ["1 of 3 packages", "2 of 3 packages", "3 of 3 packages", writing]


def test_what_pip_says_is_shown_where_it_fails(installing, tmp_path, monkeypatch):
    """A failed installation quotes pip, says that nothing else was changed, and is an error."""
    terminal = _terminal(monkeypatch)
    pip = tmp_path / "bin" / "python"
    pip.parent.mkdir()
    pip.write_text("#!/bin/sh\necho Collecting a==1\necho no space left >&2\nexit 7\n")
    pip.chmod(0o755)
    monkeypatch.setattr(installing, "ENVIRONMENT", tmp_path)
    with (
        (tmp_path / "lock").open("w") as lock,
        pytest.raises(installing.InstallationError) as failed,
    ):
        installing.pip(lock.fileno(), installing.Counted(1), "--editable", ".")
    assert "pip ended with 7" in str(failed.value) and "no space left" in terminal.getvalue()
