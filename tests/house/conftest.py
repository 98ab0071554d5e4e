"""What the tests of the house share: the golden dump's functions and empty databases."""

import importlib.util
import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo


@pytest.fixture(scope="session")
def golden():
    """The module tests/golden.py, which is also a program."""
    place = Path(__file__).parents[1] / "golden.py"
    spec = importlib.util.spec_from_file_location("golden_dump", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def empty(server):
    """A function that makes an empty database and gives its address."""
    made = []

    def making() -> str:
        made.append(f"own_{uuid.uuid4().hex[:12]}")
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'create database "{made[-1]}" template template0')
        return make_conninfo(server, dbname=made[-1])

    yield making
    with psycopg.connect(server, autocommit=True) as admin:
        for name in made:
            admin.execute(f'drop database "{name}" with (force)')
