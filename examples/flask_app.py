"""Flask: a request orders a report, a worker makes it. Code without an event loop uses `hf.sync`.

Run it with: flask --app examples.flask_app run
and beside it: holdfast work --app examples.flask_app:hf
"""

import os
from pathlib import Path

from flask import Flask, abort, url_for

import holdfast
from holdfast.engine import jobs
from holdfast.errors import UnknownJob

app = Flask(__name__)
hf = holdfast.connect()
SHELF = Path(os.environ.get("REPORTS", "reports"))


@hf.task(queue="reports", retry_base="1 s", max_attempts=5)
def make_report(month: str) -> None:
    SHELF.mkdir(exist_ok=True)
    (SHELF / f"{month}.txt").write_text(f"In {month} all went well.\n", encoding="utf-8")


@app.post("/reports/<month>")
def order(month: str):
    # the dedupe key: however often it is ordered, it is made once
    job = make_report.job(month).options(dedupe_key=month)
    receipt = hf.sync.send(job)
    return {"status": url_for("status", job=receipt.id)}, 202


@app.get("/jobs/<uuid:job>")
def status(job):
    try:
        return hf.sync.run(jobs.explain(job))
    except UnknownJob:
        abort(404)


@app.get("/reports/<month>")
def read(month: str):
    path = SHELF / f"{month}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else abort(404)
