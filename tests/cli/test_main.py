"""The tree of commands as a whole: settings, exit codes, help."""

import json
import os
import platform
import re
import signal
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest
import typer
from tests.serving import free_port
from tests.until import until

import holdfast
from holdfast.channel import load
from holdfast.cli.main import EXIT_CODES, build
from holdfast.database import Call, Database


def leaves(command, path=()):
    """Every command that can be typed, with the words that name it."""
    for name, below in getattr(command, "commands", {}).items():
        if hasattr(below, "commands"):
            yield from leaves(below, (*path, name))
        else:
            yield (*path, name), below


def test_every_command_has_json_and_a_help_for_each_of_its_options():
    """Those of channels, too: what is not explained cannot be used in an incident."""
    found = dict(leaves(typer.main.get_command(build())))
    assert ("dead-letters", "replay") in found
    for path, command in found.items():
        assert command.help, path
        for parameter in command.params:
            if "database_url" in {p.name for p in command.params}:
                assert parameter.help, (path, parameter.name)
        if path[0] not in {"up", "serve", "work"}:
            assert "--json" in {o for p in command.params for o in p.opts}, path


def test_the_commands_of_channels_are_there_without_being_named():
    """Whatever `load` finds is in the tree, under its own noun."""
    found = dict(leaves(typer.main.get_command(build())))
    for channel in load().values():
        for command in channel.commands():
            assert (*command.noun.split(), command.verb) in found


def test_an_unknown_setting_is_refused_and_the_nearest_is_named(run):
    """A typo in a variable is found before anything is done, and is a matter of configuration."""
    done = run("queues", "list", HOLDFAST_DATABSE_URL="x")
    assert done.code == 3
    assert "HOLDFAST_DATABSE_URL" in done.err
    assert "did you mean HOLDFAST_DATABASE_URL?" in done.err and "Known" not in done.err
    done = run("queues", "list", HOLDFAST_ZZZ="x")
    assert "Known: " in done.err and "HOLDFAST_SOURCE_<NAME>_" in done.err and "?" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["jobs", "list", "--state", "nope", "--limit", "0"],
        ["queues", "set", "default", "max_attempts"],
        ["dead-letters", "list", "--since", "yesterday"],
        ["queues", "list", "--data", "x", "--database-url", "host=/nowhere"],
        ["queues", "show", b"\xff"],
    ],
)
def test_wrong_usage_is_exit_code_2(cli, arguments):
    """Whatever is wrong with the command line itself is told from what fails later."""
    done = cli(*arguments)
    assert (done.code, "Traceback" in done.err) == (2, False)


@pytest.mark.parametrize(
    ("command", "name", "value", "told"),
    [
        (["up", "--plain"], "API_KEY_SHOP", "read:short", "24 characters"),
        (["serve"], "SOURCE_SHOP_SCHEME", "nope", "no scheme"),
        (["serve"], "TRUSTED_PROXIES", "proxy.example", "nor `unix`"),
    ],
)
def test_up_ends_where_a_part_of_it_can_never_begin(cli, command, name, value, told):
    """A mistake in the settings is told at once; `up` does not start its part again and again."""
    ports = ("--http", f"127.0.0.1:{free_port()}", "--smtp", f"127.0.0.1:{free_port()}")
    done = cli(*command, *ports, **{f"HOLDFAST_{name}": value})
    assert (done.code, "Traceback" in done.err) == (3, False)
    assert f"HOLDFAST_{name}" in done.err and told in done.err
    assert ("cannot begin with these settings" in done.err) == (command[0] == "up")


@pytest.mark.parametrize(
    ("command", "option"),
    [(["up", "--plain"], "http"), (["up", "--plain"], "smtp"), (["serve"], "smtp")],
)
def test_up_ends_where_another_program_has_its_port(cli, command, option):
    """A port that is taken is told in one line with the option for another, before all else."""
    ports = {"http": free_port(), "smtp": free_port()}
    with socket.create_server(("127.0.0.1", ports[option])):
        given = [f"--{name}=127.0.0.1:{port}" for name, port in ports.items()]
        done = cli(*command, *given)
    assert (done.code, "Traceback" in done.err) == (3, False), done.err
    assert f"127.0.0.1:{ports[option]} cannot be listened on: Address" in done.err
    assert f"another address with --{option}" in done.err
    assert len(done.err.splitlines()) == 1 or command == ["serve"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["replays", "show", "99"], "`holdfast replays list` shows them"),
        (["limits", "reset", "nope"], "`holdfast limits list` shows them"),
    ],
)
def test_who_types_a_command_is_told_a_command(cli, typed, told):
    """An error of the database names the command that helps, not a function of SQL."""
    done = cli(*typed)
    assert done.code == 1 and told in done.err and "()" not in done.err


def test_every_group_says_what_it_is_about():
    """The help says of each group what it is for, not which words come behind it."""
    groups = [typer.main.get_command(build())]
    while groups:
        group = groups.pop()
        below = [c for c in group.commands.values() if hasattr(c, "commands")]
        for noun in below:
            assert noun.help[-1] in ".?", noun.help
            assert not noun.help.lower().startswith(", ".join(noun.commands)), noun.help
        groups += below


def test_an_option_says_what_it_takes_in_words():
    """No help of any command shows a type of Python where a person wants to know what to write."""
    below = [(typer.main.get_command(build()), ["holdfast"])]
    for command, path in below:
        below += [(c, [*path, name]) for name, c in getattr(command, "commands", {}).items()]
        context = command.make_context(path[-1], [], resilient_parsing=True)
        for param in command.get_params(context):
            assert re.fullmatch(r"[][A-Z0-9:=.…|-]*(\.(csv|json))?", param.metavar), (
                path,
                param.name,
            )
            assert bool(param.metavar) != getattr(param, "is_flag", False), (path, param.name)
            assert "<" not in (param.display_type_rich(ctx=context) or ""), (path, param.name)


def test_a_database_that_was_made_just_now_is_told(run, tmp_path):
    """Whoever looks in the wrong folder is told that what is empty was made by looking.

    What lies in a folder is of this machine: doctor looks at the disk and at processes of workers.
    """
    there = tmp_path / "typo"
    first = run("dead-letters", "list", "--data", str(there))
    assert first.code == 0 and "no dead letters" in first.err
    assert "made a new, empty database" in first.err and str(there) in first.err.replace("\n", "")
    with subprocess.Popen(["true"]) as process:
        process.wait()
    beats = {"p_worker": "gone", "p_queues": [], "p_host": platform.node(), "p_pid": process.pid}
    database = Database(None, data=there)
    database.run_sync(Call("heartbeat", beats))
    again = run("doctor", "--data", str(there))
    database.close_sync()
    assert "made a new" not in again.err and "are free on the disk" in again.out
    assert "1 worker killed, frozen or cut off: gone for " in again.out


def test_the_exit_codes_are_in_the_help(run):
    """`holdfast --help` documents every exit code."""
    done = run("--help", COLUMNS="120")
    assert done.code == 0
    for code, meaning in EXIT_CODES.items():
        assert f"{code} {meaning}" in done.out


def test_a_traceback_is_shown_to_those_who_ask(cli):
    """What else is one line says where it comes from with --traceback."""
    assert "Traceback" in cli("--traceback", "queues", "show", "nope").err


def test_the_version_is_that_of_the_package(run):
    """`holdfast --version` names the version, alone on its line, and needs no database."""
    done = run("--version")
    assert (done.code, done.out) == (0, f"holdfast {holdfast.__version__}\n")


def test_ctrl_c_leaves_the_prompt_a_line_of_its_own(terminal, sql):
    """Ctrl-C is exit code 130, and the prompt after it begins on a line of its own."""
    with terminal("webhooks", "tail", "-n", "1") as tail:
        sql.execute(
            """select from webhook_receive('stripe', 'evt_1', 'paid', null, null, null, '{}')"""
        )
        tail.wait_for("evt_1")
        tail.interrupt()
        assert tail.end() == 130
        assert tail.text.replace("\r", "").endswith("evt_1\n\n"), tail.text


def test_a_replay_that_was_broken_off_goes_on(terminal, cli, sql, dsn):
    """`webhooks replay` that is ended half-way says where: the rest goes on, and nothing twice."""
    handler = {"kind": "webhook:a", "name": "a", "source": "s", "pattern": "*", "queue": "webhooks"}
    events = [{"source": "s", "scheme": "none", "event_id": f"e{n}"} for n in range(501)]
    receive = "select count(*) from webhook_receive_many(%s, %s)"
    sql.execute(receive, [json.dumps(events), [b"{}"] * 501])
    sql.execute("select webhook_register('default', %s)", [json.dumps([handler])])
    jobs = "select count(*) from jobs"
    waiting = """select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'"""
    replay = ("webhooks", "replay", "--source", "s")
    with psycopg.connect(dsn) as other:
        other.execute(
            "select from holdfast.webhook_events where event_id = 'e500' order by id for update"
        )
        with terminal(*replay, COLUMNS="200") as screen:
            until(lambda: sql.execute(waiting).fetchone() != (0,))  # for the last one
            screen.interrupt()
            screen.wait_for("500 are replayed")
            assert screen.end() == 130
    after = re.search(r"--after (\S+)", screen.text)[1]
    done = cli(*replay, "--after", after)
    assert done.code == 0 and "1 of 1 events replayed" in done.out
    assert sql.execute(jobs).fetchone() == (501,)


def test_up_shows_first_the_queues_in_which_something_is(terminal, sql):
    """On a small screen a queue that has jobs is seen, how many are not, and open alerts."""
    sql.execute(
        "select create_queue(format('a%s', lpad(n::text, 3, '0'))) from generate_series(1, 40) n"
    )
    sql.execute("select create_queue('zebra'), enqueue('zebra', 'task:x', '{}')")
    sql.execute("select raise_alert('a', 'look'), raise_alert('b', 'look here')")
    ports = [f"--{name}=127.0.0.1:{free_port()}" for name in ("http", "smtp")]
    with terminal("up", *ports, LINES="24") as up:
        up.wait_for("more: holdfast queues list")
        up.wait_for("Ctrl-C stops")
        assert "zebra" in up.text and "a001" in up.text and "a030" not in up.text
        assert "2 open alerts: holdfast alerts list" in up.text
        up.interrupt()
        assert up.end() == 0


_LOUD = """
import holdfast, pathlib, subprocess, sys
print("hello")
hf = holdfast.connect()
pid = pathlib.Path("pid")
if "work" in sys.argv and not pid.exists():
    goes_on = "until [ -e go ]; do sleep 0.05; done; echo goes on; exec sleep 100"
    pid.write_text(str(subprocess.Popen(["sh", "-c", goes_on]).pid))
"""


def _workers_of(pid):
    return [
        int(child)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if Path(f"/proc/{child}/cmdline").read_bytes().endswith(b"holdfast\0work\0")
    ]


def test_up_tells_on_its_screen_what_happened(terminal, tmp_path):
    """On the live screen is what the application prints, and a child that dies, in words.

    It is started again though a program that a handler runs has its pipes and goes on; what that
    prints is still there.
    """
    (tmp_path / "loud.py").write_text(_LOUD)
    ports = [f"--{name}=127.0.0.1:{free_port()}" for name in ("http", "smtp")]
    with terminal("up", "--app=loud:hf", *ports, forked=False, COLUMNS="120", LINES="40") as up:
        up.wait_for("Ctrl-C stops")
        up.wait_for("webhooks-out")
        up.wait_for("work: hello")
        os.kill(_workers_of(up.pid)[0], signal.SIGKILL)
        up.wait_for("up: up.child_died  child=work  exit_code=-9  again_in_s=")
        assert '"event"' not in up.text
        (tmp_path / "go").touch()
        up.wait_for("work: goes on")
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        up.interrupt()
        assert up.end() == 0
