"""The origin's processor, by psql and HTTP calls alone: batches of 50, by a clock, rate limited.

`Function` is what stands in an Edge Function: every line of SQL goes through psql, every email
through an HTTP API. Nothing of our Python takes part.
"""

import json
import subprocess
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from holdfast.database.server_programs import _installed_folder

MANY = """
  select count(*) from generate_series(1, {}) n, lateral email_send('me@example.com',
    array[format('a%s@example.com', n)], format('<%s@example.com>', n), null, 'Subject: Hi')"""


class Provider(BaseHTTPRequestHandler):
    """An email API: 200, unless the server's `plan` has an answer for the recipient."""

    def do_POST(self):
        email = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            plan = self.server.plan.get(email["to"], [])
            status, headers = plan.pop(0) if plan else (200, {})
            self.server.tried[email["to"]] += 1
            self.server.sent[email["to"]] += status == 200
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b'{"id": "prov-1"}')

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def provider():
    """The API, on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.plan, server.tried, server.sent, server.lock = {}, Counter(), Counter(), threading.Lock()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def psql(dsn):
    """Run SQL text in psql; the rows as dictionaries. Time is `now` hours later than it is."""

    def run(text, hours=0.0):
        clock = ""  # one that stands still would be behind those who come meanwhile
        if hours:
            later = f"(clock_timestamp() + interval '1 hour' * {hours})::text"
            clock = f"select set_config('holdfast.now', {later}, false) \\g /dev/null\n"
        wrapped = f"select coalesce(json_agg(q), '[]') from ({text}) q;"
        done = subprocess.run(
            [_installed_folder() / "psql", dsn, "-XqAt", "-v", "ON_ERROR_STOP=1"],
            input=f"set search_path to holdfast;\n{clock}{wrapped}\n",
            check=False, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def edge_function(psql, provider, size, hours=0.0):
    """Take a batch, POST each, say what became of it. How many it took."""
    batch = psql(
        "select id, claim_token, recipients[1] as to, encode(raw, 'base64') as raw "
        f"from get_email_queue_batch({size})",
        hours,
    )
    marks = []
    for email in batch:
        status, retry_after = _post(provider, {"to": email["to"], "raw": email["raw"]})
        names = f"'{email['id']}', '{email['claim_token']}'"
        if status == 200:
            marks.append(f"select mark_email_sent({names}, 'prov-1')::text as m")
        else:
            marks.append(
                f"select mark_email_failed({names}, 'HTTP {status}', {str(status == 400).lower()}, "
                f"{retry_after or 'null'}) as m"
            )
    if marks:
        psql(" union all ".join(marks), hours)
    return len(batch)


def _post(provider, email):
    """As curl does: the status, and Retry-After."""
    url = f"http://127.0.0.1:{provider.server_port}/emails"
    request = urllib.request.Request(url, json.dumps(email).encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Retry-After"]


def states(sql):
    """How many emails are in each state."""
    return dict(sql.execute("select status, count(*) from email_queue group by 1").fetchall())


def cron(psql, provider, hours=0.0, at_once=1):
    """A tick of pg_cron: a call of the function for each row. How many emails were taken."""
    rows = psql("select * from process_email_queue(50)", hours)
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(edge_function, psql, provider, row["emails"], hours)
            for row in rows
            for _ in range(at_once)
        ]
        return sum(call.result() for call in calls)


def test_batches_of_fifty_and_nothing_twice(psql, provider, sql):
    """120 emails are three batches; though each is called for twice at once, each is sent once."""
    psql(MANY.format(120))
    assert psql("select * from process_email_queue()") == [
        {"batch": 1, "emails": 50}, {"batch": 2, "emails": 50}, {"batch": 3, "emails": 20},
    ]  # fmt: skip
    assert cron(psql, provider, at_once=2) == 120
    assert len(provider.sent) == 120 and set(provider.sent.values()) == {1}
    assert states(sql) == {"done": 120}
    assert psql("select * from process_email_queue()") == []


def test_the_providers_wishes_and_the_end(psql, provider, sql):
    """429 with Retry-After comes back not before it; 400 is dead; so is what failed too often."""
    psql("select set_queue('email', '{\"max_attempts\": 3}')")
    psql(MANY.format(3))
    provider.plan = {
        "a1@example.com": [(429, {"Retry-After": "7200"})],
        "a2@example.com": [(400, {})],
        "a3@example.com": [(503, {})] * 9,
    }
    assert cron(psql, provider) == 3
    assert states(sql) == {"ready": 2, "dead": 1}
    assert cron(psql, provider, hours=0) == 0
    assert cron(psql, provider, hours=1) == 1
    assert provider.tried == {"a1@example.com": 1, "a2@example.com": 1, "a3@example.com": 2}
    assert cron(psql, provider, hours=5) == 2
    assert states(sql) == {"done": 1, "dead": 2}
    assert cron(psql, provider, hours=500) == 0
    assert provider.tried == {"a1@example.com": 2, "a2@example.com": 1, "a3@example.com": 3}


def test_the_rate_of_the_queue(psql, provider, sql):
    """No more begin than the queue's rate lets, whoever asks and however often."""
    psql('select set_queue(\'email\', \'{"rate_quota": 60, "rate_per": "1 hour"}\')')
    psql(MANY.format(100))
    assert [row["emails"] for row in psql("select * from process_email_queue(50)")] == [50, 10]
    assert cron(psql, provider) == 60
    assert psql("select * from process_email_queue(50)") == []
    assert edge_function(psql, provider, 50) <= 1
    assert cron(psql, provider, hours=1.1) >= 39
    assert sum(provider.sent.values()) == len(provider.sent) == 100


def test_a_sender_that_died(psql, provider, sql):
    """What it had taken comes back after its lease, and is sent by the next one."""
    psql(MANY.format(2))
    psql("select id from get_email_queue_batch(50)")
    assert cron(psql, provider) == 0
    assert cron(psql, provider, hours=1) == 2
    assert states(sql) == {"done": 2}


def test_who_is_suppressed_is_not_asked_for(psql, provider, sql):
    """Whoever complained gets nothing more from the processor either; the others do."""
    psql(MANY.format(3))
    report = '[{"event_id": "1", "kind": "complained", "address": "a2@example.com", "at": "now"}]'
    psql(f"select email_feedback('x', '{report}')")
    assert cron(psql, provider) == 2
    assert set(provider.sent) == {"a1@example.com", "a3@example.com"}
    assert states(sql) == {"done": 2, "dead": 1}


def test_paused_and_late(psql, provider, sql):
    """Nothing is called for while the queue is paused, and what came too late is ended."""
    psql(MANY.format(1))
    psql(
        "select email_send('me@example.com', '{b@example.com}', '<b@example.com>', null, 'x', "
        "jsonb_build_object('expires_at', now() + interval '1 minute'))"
    )
    psql("select pause_queue('email', 'ann', 'a test')")
    assert psql("select * from process_email_queue()") == []
    psql("select resume_queue('email', 'ann')")
    assert cron(psql, provider, hours=1) == 1
    assert states(sql) == {"done": 1, "expired": 1}
    for absurd in (0, -1, 2_000_000_000, "null"):
        assert psql(f"select * from process_email_queue({absurd})") == []
