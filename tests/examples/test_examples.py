"""The examples run as they stand: what each shows, happens."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.serving import free_port

from holdfast.channels.webhooks.schemes import SCHEMES, sign

ROOT = Path(__file__).parents[2]
TIMEOUT = 60


@pytest.fixture
def run(tmp_path, dsn):
    """Starts Python with these arguments, in a checkout; stopped after the test."""
    started = []
    for name in ("examples", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)

    def running(*arguments, **settings):
        env = {name: v for name, v in os.environ.items() if not name.startswith("HOLDFAST_")}
        env |= {"HOLDFAST_DATABASE_URL": dsn, "PYTHONPATH": str(tmp_path)} | settings
        env = {name: value for name, value in env.items() if value}
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=tmp_path, env=env, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield running
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=TIMEOUT)


@pytest.fixture
def address():
    """A free place on loopback."""
    return f"127.0.0.1:{free_port()}"


def ask(method, url, content=None, headers=()):
    """The status and the body of an answer; waits for a server that is starting."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    request = urllib.request.Request(
        url, body if content is not None else None,
        {"Content-Type": "application/json", **dict(headers)}, method=method,
    )  # fmt: skip
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            with direct.open(request, timeout=TIMEOUT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # between two knocks at a door


async def test_fastapi(run, address, sql, eventually):
    """A sign-up commits the user and the mail together; a refused one leaves neither."""
    host, port = address.split(":")
    secret = {"HOLDFAST_SOURCE_STRIPE_SECRETS": "whsec_test"}
    run("-m", "uvicorn", "examples.fastapi_app:app", "--host", host, "--port", port, **secret)
    payer = "b.lindqvist@example.com"
    status, body = ask("POST", f"http://{address}/users", {"email": payer})
    assert status == 201, body
    welcome = json.loads(body)["welcome"]
    await eventually(
        lambda: (
            sql.execute("select from email_queue where id = %s and captured", [welcome]).rowcount
        )
    )
    assert ask("POST", f"http://{address}/users", {"email": payer})[0] == 409
    assert sql.execute("select count(*) from emails").fetchone()[0] == 1

    event = json.loads((ROOT / "tests/samples/stripe/invoice.paid.json").read_bytes())
    event["data"]["object"]["customer_email"] = payer
    signed = json.dumps(event).encode()
    stamp = int(time.time())
    header = dict(sign(SCHEMES["stripe"], signed, "whsec_test", timestamp=stamp, event_id=""))
    assert ask("POST", f"http://{address}/holdfast/webhooks/stripe", signed, header)[0] == 200
    await eventually(lambda: sql.execute("select from users where paying").rowcount)


async def test_flask(run, address, sql, eventually, tmp_path):
    """A report is ordered twice, made once by the worker, and can be read."""
    host, port = address.split(":")
    run("-m", "flask", "--app", "examples.flask_app", "run", "--host", host, "--port", port)
    assert ask("GET", f"http://{address}/reports/2026-03")[0] == 404
    first = ask("POST", f"http://{address}/reports/2026-03", {})
    assert first[0] == 202
    assert ask("POST", f"http://{address}/reports/2026-03", {}) == first
    job = json.loads(first[1])["status"]
    assert json.loads(ask("GET", f"http://{address}{job}")[1])["state"] == "ready"
    worker = run("-m", "holdfast", "work", "--once", "--app", "examples.flask_app:hf")
    assert worker.wait(TIMEOUT) == 0
    assert json.loads(ask("GET", f"http://{address}{job}")[1])["state"] == "done"
    assert ask("GET", f"http://{address}/reports/2026-03") == (200, "In 2026-03 all went well.\n")
    assert sql.execute("select count(*) from jobs").fetchone()[0] == 1
    assert (tmp_path / "reports/2026-03.txt").exists()


def test_script(run, tmp_path):
    """The script needs nothing: it starts a Postgres of its own where it runs."""
    process = run("examples/script.py", HOLDFAST_DATABASE_URL="")
    printed, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, printed
    assert printed.splitlines()[:4] == [
        "3 jobs handled", "dead: notes.txt is no picture", "done: dog.png is small now",
        "done: cat.png is small now",
    ]  # fmt: skip
    assert (tmp_path / ".holdfast").exists()
