"""Makes the lock files of this folder anew from pyproject.toml (`make lock`).

    dev.txt   what the tests need: the package, its extras, its build backend
    run.txt   what `make up` needs: a part of dev.txt, at the same versions
    peers.txt what `make peers` needs: run.txt and the queues of others; no test and no CI does
    uv.txt    the tool that makes these files

Pins that still fit are kept; `make lock ARGS=--upgrade` takes the newest of everything, and
`make lock ARGS="--upgrade-package rich"` of one. Each pin carries the hashes of all its files and
no index address, for every platform and every Python that the package supports. The tool runs in a
throw-away environment. Standard library only.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
COMPILE = (
    "--universal",
    "--python-version=3.11",
    "--no-python-downloads",
    "--no-build",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--custom-compile-command=make lock",
    "--quiet",
)


def main() -> None:
    """Make every lock file; further arguments go to `uv pip compile`."""
    build_backend = "\n".join(
        tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["build-system"]["requires"],
    )
    package = ("pyproject.toml", "-", "--extra=embedded")
    constrained = ("--constraints=requirements/dev.txt",)
    with tempfile.TemporaryDirectory(prefix="holdfast-lock-") as folder:
        python = make_environment(Path(folder))
        lock(python, "dev.txt", build_backend, *package, "--extra=dev", *sys.argv[1:])
        lock(python, "run.txt", build_backend, *package, *constrained, *sys.argv[1:])
        peers = ("--group=peers", *constrained)
        lock(python, "peers.txt", build_backend, *package, *peers, *sys.argv[1:])
        lock(python, "uv.txt", "uv", "-", *sys.argv[1:])


def make_environment(folder: Path) -> str:
    """Install the locked uv into the folder and return its Python."""
    venv.EnvBuilder(symlinks=True, with_pip=True).create(folder)
    python = str(folder / "bin/python")
    quiet = ("--quiet", "--no-user", "--disable-pip-version-check")
    uv = ("--require-hashes", "--only-binary=:all:", "--requirement", str(FOLDER / "uv.txt"))
    run([python, "-m", "pip", "install", *quiet, *uv])
    return python


def lock(python: str, name: str, requirements: str, *arguments: str) -> None:
    """Write one lock file."""
    print(f"holdfast: requirements/{name}", file=sys.stderr, flush=True)
    output = f"--output-file=requirements/{name}"
    run([python, "-m", "uv", "pip", "compile", *COMPILE, output, *arguments], requirements)


def run(command: list[str], standard_input: str = "") -> None:
    """Run a step at the root of the checkout; its own words say what went wrong."""
    status = subprocess.run(
        command,
        cwd=FOLDER.parent,
        input=standard_input,
        text=True,
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
