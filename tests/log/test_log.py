"""Structured logs: stable events, one context, and no secret in them."""

import ast
import asyncio
import json
import logging
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.serving import serving

from holdfast import log, log_output, redaction
from holdfast.redaction import HIDDEN, conceal, password_of, scrub

SOURCE = Path(log.__file__).parent


@pytest.fixture
def lines():
    """A logger that writes as our processes do; gives it and a function for what it wrote."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.addFilter(log.ContextFilter())
    handler.setFormatter(log_output.formatter("test", show=["mine"]))
    logger = logging.getLogger("tests.log")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield logger, lambda: [json.loads(line) for line in written]
    logger.removeHandler(handler)


def calls():
    """Every place in our code that logs: (file, line, name called, its keywords, declarations)."""
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        declared = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                called = node.value.func
                if isinstance(called, ast.Attribute) and ast.unparse(called) == "log.Event":
                    declared[node.targets[0].id] = {k.arg for k in node.value.keywords}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node, declared


def test_whatever_is_logged_is_a_declared_event_with_declared_fields():
    """No part of the library calls a logger by itself, and no event gets a field it has not."""
    found = 0
    for path, node, declared in calls():
        if isinstance(node.func, ast.Name) and node.func.id in declared:
            found += 1
            given = {k.arg for k in node.keywords} - {None}
            assert given <= declared[node.func.id], (path.name, node.lineno, given)
        if isinstance(node.func, ast.Attribute) and path.name not in {"log.py", "log_output.py"}:
            methods = {"debug", "info", "warning", "error", "exception", "critical"}
            owner = node.func.value
            called = owner.id if isinstance(owner, ast.Name) else ""
            assert not (node.func.attr in methods and "log" in called), (path.name, node.lineno)
    assert found > 25


async def test_the_context_of_a_job_follows_its_handler_everywhere(hf, caplog):
    """Records of tasks, threads and our thread pool carry their own job's context alone."""
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(log.ContextFilter())
    mine = logging.getLogger("app")

    @hf.task(name="spread")
    async def spread(n: int):
        mine.info("task %s", n)
        await asyncio.gather(asyncio.to_thread(mine.info, "thread %s", n), asyncio.sleep(0))
        carried = threading.Thread(target=log.carry(mine.info), args=("carried %s", n))
        carried.start()
        await asyncio.to_thread(carried.join)

    @hf.task(name="plain")
    def plain(n: int):
        mine.info("pool %s", n)

    sent = {}
    for n in range(10):
        for task in (spread, plain):
            job = task.job(n).options(tenant=f"tenant {n}")
            receipt = await hf.send(job)
            sent[task.name, n] = receipt.id
    await hf.work(until_idle=True)
    records = [r for r in caplog.records if r.name == "app"]
    assert len(records) == 40
    for record in records:
        n = record.args[0]
        name = "plain" if record.msg.startswith("pool") else "spread"
        assert record.job_id == sent[name, n] and record.trace == sent[name, n].hex
        assert (record.tenant, record.attempt, record.queue) == (f"tenant {n}", 1, "default")


def test_one_line_is_one_json_object_whatever_is_logged(lines):
    """Odd values, broken formats and hostile text still give one valid JSON line each."""
    logger, read = lines

    class Broken:
        def __str__(self):
            raise RuntimeError("no")

    logger.info("a\nb\x1b[31m", extra={"mine": Broken()})
    logger.info("nan", extra={"mine": [float("nan"), {1: 2}, b"\xff"]})
    logger.info("big", extra={"mine": "x" * 1_000_000})
    assert len(read()) == 3
    for message, args in (("%s %s", (1,)), ("\ud800 half", ())):  # not for pytest's own eyes
        record = logging.LogRecord("x", logging.INFO, __file__, 1, message, args, None)
        assert json.loads(log_output.formatter("test").format(record))["event"]


def test_a_field_that_nobody_declared_is_shown_by_its_name_only(lines):
    """Redaction is by allow-list: of an unknown field the value does not get into the log."""
    logger, read = lines
    logger.warning("x", extra={"mine": "shown", "customer": "4111 1111", "queue": "shown, too"})
    (line,) = read()
    assert (line["mine"], line["customer"], line["queue"]) == ("shown", HIDDEN, "shown, too")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("connect to postgresql://ann:pass-word@db/x failed", "pass-word"),
        ("535 5.7.8 AUTH PLAIN AGFubgBzZWNyZXQ= rejected", "AGFubgBzZWNyZXQ="),
        ("401 for Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
        ('{"client_secret": "s3cr3t-value"}', "s3cr3t-value"),
        ("No such key: sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("550 no such user ann.smith@example.com", "ann.smith"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"),
        ("password='hunter22' is wrong", "hunter22"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text, secret):
    """Credentials, tokens and the local part of addresses are found by their form."""
    assert secret not in scrub(text) and HIDDEN in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "job 01a20ac1-b565-7647-bd93-71f462956276 is done", "HTTP 503 Service Unavailable",
        "no handler for 'task:make_report' in this worker", "450 4.2.1 try later",
        "/usr/lib/python3.11/asyncio/tasks.py:277", "invoice in_1SkMoor was paid",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays_readable(text):
    """An error stays an error that one can work with."""
    assert scrub(text) == text


_PIECES = st.sampled_from(
    [
        "postgres://", "https://", "fcm.googleapis.com/", "a.notify.windows.com/", "ann", "s3cr3t",
        "@", "auth ", "AUTH PLAIN ", "bearer ", "BA\u017fIC ", "bas\u0131c ", "BAS\u0130C ",
        "Basic  ", "password", "_secret",
        "to\u212aen", "Api-Key", "cookie", "Set-Cookie", "X-Some-Key", "authorization", "=", ":",
        ": ", '": "', "'", " ", "sk_live_", "pk_test_", "whsec_", "whsk_", "rk_", "ghp_",
        "github_pat_", "glpat-", "shpat_", "xoxb-", "SG.", "AKIA", "ASIA", "ABCDEFGHIJ012345",
        "ExponentPushToken[", "]", "eyJ", "abcdEFIJ0123", ".", ":APA91", "0123456789abcdef" * 4,
        "aB3" * 11, "x" * 40, "-", "_", "/", ",", "\n", "job.raised", "[hidden]", "\x00", "é",
        "01a20ac1-b565-7647-bd93-71f462956276", "2026-11-26T09:20:02.123456Z",
    ]
)  # fmt: skip


@given(pieces=st.lists(_PIECES, max_size=9))
@example(["job.raised"])
@example(["BAS\u0130C ", "abcdEFIJ0123"])
@example(["bas\u0131c ", "abcdEFIJ0123"])
@example(["github_pat_", "abcdEFIJ0123"])
def test_nothing_is_ruled_out_that_a_form_would_hide(pieces):
    """The quick looks, by which most texts are spared the forms, never change what is hidden."""
    text = "".join(pieces)
    slowly = text
    for form in redaction._FORMS:
        slowly = form.pattern.sub(form.hide, slowly)
    assert scrub(text) == slowly


def test_a_password_is_found_in_both_forms_of_an_address():
    """Of a URL and of key = value pairs."""
    assert password_of("postgresql://ann:s3cret@db/x") == "s3cret"
    assert password_of("host=db user=ann password='s3cret' dbname=x") == "s3cret"
    assert password_of("postgresql:///x") is None


@pytest.mark.parametrize("show", [str, repr, json.dumps])
def test_a_known_secret_is_hidden_however_it_is_written(lines, show):
    """As it is, as a KeyError shows it, and in JSON; in notes and groups of exceptions, too."""
    secret = "canary'\\\"é\tyranac"
    conceal(secret)
    logger, read = lines
    for error in (KeyError(secret), ExceptionGroup("all", [ValueError(show(secret))])):
        error.add_note(f"with {show(secret)}")
        logger.error("failed: %s", show(secret), exc_info=error)
    assert "canary" not in json.dumps(read()) and "yranac" not in json.dumps(read())


def test_a_secret_at_the_cut_is_hidden_whole(lines):
    """Of a long text both ends are shown, and no end of a secret that was cut in two."""
    secret = "canary-" + "x1Y" * 9 + "-yranac"
    conceal(secret)
    logger, read = lines
    for place in range(16_384 - len(secret), 16_385, 4):
        for before, after in ((place, 40_000), (40_000, place)):
            logger.error("%s", "a" * before + secret + "b" * after)
    assert not [line for line in read() if "canary" in line["event"] or "yranac" in line["event"]]
    assert all(32_000 < len(line["event"]) < 33_000 for line in read())


async def test_a_planted_secret_is_nowhere(hf, sql, caplog, monkeypatch, lines):
    """The canary: secrets in settings, errors and headers are in no log, no job and no answer."""
    import httpx
    from pydantic import SecretStr

    from holdfast.api import build
    from holdfast.channels.email.providers.smtp.server import smtp_server

    planted = ["canary-webhook-7731", "canary-smtp-7731", "canary-token-7731-x"]
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SECRETS", planted[0])
    smtp_server(SecretStr(f"smtp://ann:{planted[1]}@127.0.0.1:9"))
    conceal(planted[2])
    caplog.set_level(logging.DEBUG)
    logger, read_lines = lines

    @hf.task(queue="canary", max_attempts=1)
    async def leak(which: str):
        logger.error("leaked %s", planted[int(which)])
        raise RuntimeError(f"the server said: {planted[int(which)]} is wrong")

    for which in "012":
        await hf.send(leak.job(which))
    async with serving(build(hf.services)) as port, httpx.AsyncClient() as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/webhooks/stripe", content=planted[0].encode(),
            headers={"Stripe-Signature": f"t=1,v1={planted[0]}"},
        )  # fmt: skip
    await hf.work(until_idle=True)
    formatter = log_output.formatter("canary")
    logs = "\n".join(formatter.format(record) for record in caplog.records)
    logs += json.dumps(read_lines())
    stored = json.dumps(
        sql.execute(
            "select jsonb_agg(to_jsonb(d)) from (select error, history from dead_letters) d"
        ).fetchone()
    ) + json.dumps(sql.execute("select jsonb_agg(because) from attempts").fetchone())
    assert "RuntimeError" in stored and answer.status_code in {400, 500}
    for secret in planted:
        assert secret not in logs, "log"
        assert secret not in stored, "jobs"
        assert secret not in answer.text, "answer"
