"""The files of the embedded server: made in one piece, kept private, refused when not ours.

A cluster is made beside its final place and renamed when it is complete and on disk, so that one
that was interrupted is never mistaken for one with data in it. Only root and the owner of the data
folder may connect: the folder is closed to others, and the server asks the kernel who calls
(`peer`), so there is no password to lose.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from holdfast.database.server_account import ServerAccount, allowed_users
from holdfast.database.server_programs import Programs
from holdfast.errors import ConfigError, DatabaseUnavailable, HoldfastError

OWNER = "holdfast"
_STAGING = "postgres.new-"
_BUILTIN_LOCALES_SINCE = 17
_ALL_ROLES_IN_MAPS_SINCE = 16

_SETTINGS = """
# ---- holdfast's own settings; change them with ALTER SYSTEM or below this block

# What was acknowledged stays.
fsync = on
synchronous_commit = on
full_page_writes = on

# A small server for one application.
max_connections = 200
shared_buffers = 128MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'

# The log is for finding trouble; people's data (parameters, rows) stays out of it.
log_line_prefix = '%m [%p] '
log_error_verbosity = terse
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
"""


def create_cluster(cluster: Path, programs: Programs, account: ServerAccount) -> None:
    """Make a new, empty cluster; whatever stops it half-way leaves none."""
    _clear_unfinished(cluster)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=cluster.parent))
    try:
        account.give(staging)
        _initdb(staging, programs, account)
        _write_private(staging / "postgresql.conf", _SETTINGS, account, add=True)
        staging.rename(cluster)
        _sync_folder(cluster.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def check_cluster(cluster: Path, programs: Programs) -> None:
    """Refuse a folder that this server cannot open, and say what to do with it."""
    made_by = cluster / "PG_VERSION"
    if not made_by.exists():
        raise ConfigError(
            f"{cluster} is there, but no Postgres made it (it has no PG_VERSION). Move it away, or"
            " choose another data folder."
        )
    major = made_by.read_text().strip()
    if major != str(programs.major):
        raise ConfigError(
            f"{cluster} was made by Postgres {major}, and this is Postgres {programs.version}: one"
            " cannot open the other's files. Start it with its own version and move the data over"
            " with pg_dump, or move the folder away to begin with an empty one."
        )


def let_in(cluster: Path, programs: Programs, account: ServerAccount) -> None:
    """Write who may connect; anew at each start, since a data folder may be moved or given away."""
    role = "all" if programs.major >= _ALL_ROLES_IN_MAPS_SINCE else OWNER
    users = "".join(f'holdfast "{name}" {role}\n' for name in allowed_users(cluster.parent))
    note = "# written by holdfast at each start\n"
    # "all" is all databases; who copies the server for a backup asks for none of them
    asked = ("all all", f"replication {OWNER}")
    ways = "".join(f"local {what} peer map=holdfast\n" for what in asked)
    _replace(cluster / "pg_hba.conf", f"{note}{ways}", account)
    _replace(cluster / "pg_ident.conf", f"{note}{users}", account)


def trouble(doing: str, output: str) -> HoldfastError:
    """Make an error of what a Postgres program said last."""
    message = f"{doing} failed: {output.strip() or 'it said nothing'}"
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return DatabaseUnavailable(f"the disk is full. {message}")
    if "could not look up effective user" in output:
        return ConfigError(
            f"{message}\nPostgres needs an account with a name: give this one an entry in"
            " /etc/passwd, or set HOLDFAST_DATABASE_URL to a server of yours."
        )
    if "ermission denied" in output or "authentication failed" in output:
        return ConfigError(message)
    return DatabaseUnavailable(message)


def _initdb(folder: Path, programs: Programs, account: ServerAccount) -> None:
    locale = ["--locale=C.UTF-8"]
    if programs.major >= _BUILTIN_LOCALES_SINCE:  # sorts alike on every system, for ever
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    with account.way_into(folder) as way:
        made = subprocess.run(  # noqa: S603
            [
                *(programs.folder / "initdb", "--pgdata", way.path, "--username", OWNER),
                *("--encoding=UTF8", *locale, "--data-checksums", "--auth=peer"),
                "--no-instructions",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **account.process_options(files=way.files),
        )
    if made.returncode != 0:
        raise trouble("creating the database", "\n".join(made.stdout.splitlines()[-8:]))


def _write_private(path: Path, text: str, account: ServerAccount, *, add: bool = False) -> None:
    """Write a file of the cluster without following a link that its account may have laid."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_APPEND if add else os.O_TRUNC)
    with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        if account.switched:
            os.fchown(file.fileno(), account.uid, account.gid)


def _replace(path: Path, text: str, account: ServerAccount) -> None:
    """Write it anew, at once: a server whose starter was killed may be reading it just now."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    _write_private(fresh, text, account)
    fresh.replace(path)


def _clear_unfinished(cluster: Path) -> None:
    if cluster.is_dir() and not any(cluster.iterdir()):
        cluster.rmdir()
    for leftover in cluster.parent.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
