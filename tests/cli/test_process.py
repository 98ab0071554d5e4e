"""What the processes have in common that a supervisor starts."""

import os
import sys

from holdfast.cli.process import PARENT_PIPE, load_app


def test_a_print_that_nobody_reads_fails_nothing(monkeypatch):
    """When `up` was killed, what a handler still prints is lost, and its attempt goes on."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", pipe)
        monkeypatch.setenv(PARENT_PIPE, "0")
        load_app(None, database_url="postgresql://nowhere.example/none", data=None, schema=None)
        for stream in (sys.stdout, sys.stderr):
            print("baking", "ä", file=stream, flush=True)
            stream.buffer.write(b"raw\n")
