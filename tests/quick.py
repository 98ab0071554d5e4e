"""The command line without its start: imported and read once, forked for each command.

    quick.py serve SOCKET            waits for commands
    quick.py SOCKET queues list      one command: with this terminal, folder and environment

A page has a dozen commands, and each would spend a second on imports. What runs is the same.
"""

import atexit
import contextlib
import functools
import gc
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path


def serve(path):
    """Fork for each command; the exit code is the answer."""
    import typer

    from holdfast.cli import main

    main.build = functools.cache(main.build)
    typer.main.get_command = functools.cache(typer.main.get_command)
    for word in (None, *typer.main.get_command(main.build()).commands):
        typer.main.get_command(main.build(word))  # its options are read, what it needs is imported
    __import__("psycopg_pool")

    gc.freeze()  # what a fork does not touch it need not copy

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    os.write(1, b"listening\n")
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            break
        connection.close()
    listening.close()
    said, terminal, _, _ = socket.recv_fds(connection, 262144, 3)
    while not said.endswith(b"\n"):
        said += connection.recv(262144)
    arguments, folder, environment = json.loads(said)
    child = os.fork()
    if child == 0:
        for number, descriptor in enumerate(terminal):
            os.dup2(descriptor, number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["holdfast", *arguments]
        os._exit(_ended(main.run))
    connection.sendall(f"{child}\n".encode())
    ended = os.pidfd_open(child)
    if ended not in select.select([ended, connection], [], [])[0]:
        os.kill(child, signal.SIGKILL)  # whoever asked has been killed
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(BrokenPipeError):
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _ended(run):
    """The exit code; without taking down what was imported, which takes longer than the command."""
    code = 0
    try:
        run()
    except SystemExit as end:
        code = end.code or 0
    finally:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    return code


@contextlib.contextmanager
def asked(path, arguments, folder, environment, terminal):
    """A command that runs: its process, and a function that waits for its exit code."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        said = json.dumps([arguments, str(folder), dict(environment)]).encode() + b"\n"
        sent = socket.send_fds(connection, [said], terminal)
        connection.sendall(said[sent:])
        with connection.makefile() as told:
            yield int(told.readline()), lambda: int(told.readline())


def ask(path, arguments):
    """Have a command run, hand on what it is interrupted by; leave with its exit code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # until it can be handed on
    with asked(path, arguments, Path.cwd(), os.environ, [0, 1, 2]) as (command, ended):
        signal.signal(signal.SIGINT, lambda number, _: os.kill(command, number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        sys.exit(ended())


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1] == "serve" else ask(sys.argv[1], sys.argv[2:])
