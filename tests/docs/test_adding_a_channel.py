"""The channel of ADDING_A_CHANNEL.md, built as the page says, sends a message."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TRY_IT = """
import asyncio, holdfast.channels
holdfast.channels.__path__.append({folder!r})
import holdfast
from holdfast.client import connect
from holdfast.database import migrate
from holdfast.installation import rooms

async def main():
    migrate({dsn!r}, rooms(), "holdfast")
    async with connect({dsn!r}) as hf:
{block}
        print(await hf.work(until_idle=True), receipt.duplicate)

asyncio.run(main())
"""


class Gateway(BaseHTTPRequestHandler):
    """A provider of text messages that keeps what it is asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def gateway():
    """A provider on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.asked = []
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


def test_the_channel_of_the_page_works(blocks_of, tmp_path, dsn, sql, gateway):
    """Whoever copies the blocks of the page into files has a channel: stored, sent, done."""
    blocks = [block for block in blocks_of("ADDING_A_CHANNEL.md") if block.file]
    for block in blocks:
        path = tmp_path / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
    body = "".join(f"        {line}\n" for line in blocks[-1].text.splitlines())
    program = TRY_IT.format(folder=str(tmp_path), dsn=dsn, block=body)
    address = f"http://127.0.0.1:{gateway.server_port}/messages"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "HOLDFAST_SMS_URL": address, "no_proxy": "*"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "False"]
    [(job, state)] = sql.execute("select id, state from jobs where queue = 'sms'").fetchall()
    assert state == "done"
    assert gateway.asked == [(str(job), {"to": "+4930123456", "text": "Your parcel is on its way"})]


def test_the_channel_of_the_page_may_be_used_by_the_roles(blocks_of, sql):
    """The page's own grants let senders send and workers load, and nobody else."""
    files = {block.file: block.text for block in blocks_of("ADDING_A_CHANNEL.md")}
    sql.execute(files["sms/sql/0001_sms.sql"])
    sql.execute(files["sms/sql/sms.sql"])
    sql.execute("select apply_grants()")
    may = "select has_function_privilege(%s, 'holdfast.sms_load(uuid)', 'execute')"
    assert sql.execute(may, ["holdfast_work"]).fetchone()[0]
    assert not sql.execute(may, ["holdfast_enqueue"]).fetchone()[0]
