"""Scripts, event loops that come and go, processes that fork: as applications really run."""

import asyncio
import signal
import subprocess
import sys

import pytest

from holdfast import Job, Receipt
from holdfast.errors import DatabaseUnavailable
from holdfast.installation import ensure_schema

FORKS = "ignore:This process:DeprecationWarning"  # to fork beside threads is the point here
TASK = """
import asyncio, os, sys
import holdfast
hf = holdfast.connect(sys.argv[1])

@hf.task
async def note(text): ...

async def send(texts):
    await asyncio.gather(*(hf.send(note.job(text)) for text in texts))
"""


@pytest.fixture
def script(dsn):
    """Runs a script to its end, in a process of its own; returns what it printed."""

    def run(code, *, logs=False):
        done = subprocess.run(
            [sys.executable, "-W", FORKS, "-c", TASK + code, dsn],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, "" if logs else done.stderr) == (0, ""), done.stderr
        return done.stdout

    return run


def sent(sql):
    """What the jobs say, in words."""
    return sorted(row[0] for row in sql.execute("select payload ->> 'text' from jobs"))


def test_a_loop_ends_without_a_word(script, sql):
    """`asyncio.run` again and again, with no close: each ends, and leaves no connection behind."""
    script("""
for run in range(12):
    asyncio.run(send([f"{run}.{n}" for n in range(3)]))
hf.sync.send(note.job("last"))
""")
    assert len(sent(sql)) == 37


def test_no_connection_outlives_its_loop(script, dsn):
    """The connections of an event loop are closed when it ends, though nobody closed them."""
    told = script("""
import psycopg
for run in range(4):
    asyncio.run(send(["a", "b"]))
with psycopg.connect(sys.argv[1], autocommit=True) as sql:
    ours = "select pid, state, query from pg_stat_activity where application_name = 'holdfast'"
    ours += " and datname = current_database()"
    for _ in range(1000):  # a server process takes a moment to go
        left = sql.execute(ours).fetchall()
        if not left:
            break
        sql.execute("select pg_sleep(0.05)")
print(left)
""")
    assert told.strip() == "[]"


def test_what_is_cancelled_may_still_send(script, sql):
    """A task that the end of its loop cancels can send what it has to say on its way out."""
    script("""
async def watch(begun):
    try:
        begun.set()
        await asyncio.Event().wait()
    finally:
        await send(["one", "two"])

async def main():
    begun = asyncio.Event()
    watching = asyncio.create_task(watch(begun))
    await send(["first"])
    await begun.wait()

asyncio.run(main())
""")
    assert sent(sql) == ["first", "one", "two"]


def test_a_worker_in_the_background_of_a_loop_that_ends(script, sql):
    """What it had begun is given back, and does not wait for its lease to run out."""
    script(
        """
async def main():
    begun = asyncio.Event()

    @hf.task
    async def wait():
        begun.set()
        await asyncio.Event().wait()

    working = asyncio.create_task(hf.work())
    await hf.send(wait.job())
    await begun.wait()

asyncio.run(main())
""",
        logs=True,
    )
    assert sql.execute("select state, crashes from jobs").fetchall() == [("ready", 0)]


@pytest.mark.parametrize("when", ["connected", "connecting"])
def test_who_cancels_all_others_goes_on(script, sql, when):
    """A main that cancels every other task waits for none of ours, and can send after that."""
    script(f"""
async def main():
    sending = asyncio.create_task(send(["first"]))
    await ({{"connected": sending}}.get("{when}") or asyncio.sleep(0))
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(*others, return_exceptions=True)
    await send(["last"])
    await hf.close()

asyncio.run(main())
""")
    assert sent(sql)[-1] == "last"


@pytest.mark.parametrize("before", ["hf.sync.send", "asyncio.run"])
def test_a_fork_has_connections_of_its_own(script, sql, before):
    """Who forks after the first send, as a preloading server does, shares no connection."""
    script(f"""
if {before == "hf.sync.send"}:
    hf.sync.send(note.job("before"))
else:
    asyncio.run(send(["before"]))
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        try:
            for n in range(20):
                hf.sync.send(note.job(f"{{child}}.{{n}}"))
            asyncio.run(send([f"{{child}} async"]))
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
        os._exit(0)
    children.append(pid)
for n in range(20):
    hf.sync.send(note.job(f"parent {{n}}"))
for pid in children:
    os.waitpid(pid, 0)
hf.sync.send(note.job("after"))
""")
    expected = [f"{child}.{n}" for child in range(3) for n in range(20)]
    expected += [f"{child} async" for child in range(3)] + [f"parent {n}" for n in range(20)]
    assert sent(sql) == sorted([*expected, "before", "after"])


def test_the_connections_of_threads_end_before_python(script):
    """Who sends from plain code and closes nothing waits for no thread at the end (3.13: 20 s)."""
    told = script("""
import atexit
atexit.register(lambda: print(hf.services.database._threads._pool))  # the first is called last
hf.sync.send(note.job("one"))
""")
    assert told.strip() == "None"


def test_a_fork_works_with_threads_of_its_own(script, sql):
    """Plain handlers run in a forked process, too, after its parent has run some."""
    script("""
@hf.task
def plain(text):
    hf.sync.send(note.job(text))

def work(text):
    hf.sync.send(plain.job(text))
    hf.sync.work(until_idle=True)

work("parent")
pid = os.fork()
if pid == 0:
    try:
        work("child")
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
""")
    assert sorted(set(sent(sql))) == ["child", "parent"]
    assert sql.execute("select distinct state from jobs").fetchall() == [("done",)]


def test_a_handler_that_hangs_keeps_no_process(script, sql):
    """A plain handler that does not end is given back, and the process that ran it ends."""
    script("""
import threading

@hf.task
def hang():
    begun.set()
    threading.Event().wait()

async def work():
    worker = hf.worker(grace_s=0)
    working = asyncio.create_task(worker.run())
    await asyncio.to_thread(begun.wait)
    worker.stop()
    await working

begun = threading.Event()
hf.sync.send(hang.job())
asyncio.run(work())
""")
    assert sql.execute("select state, attempts from jobs").fetchall() == [("ready", 0)]


def test_connections_of_django_are_renewed(script, sql):
    """A plain handler that uses Django's ORM works again after its thread's connection has died."""
    told = script("""
import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict
parts = conninfo_to_dict(sys.argv[1])
settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": parts["dbname"], "USER": parts["user"],
    "HOST": parts["host"], "PORT": parts.get("port", 5432), "CONN_MAX_AGE": None,
}})
import django
django.setup()
from django.db import connection

@hf.task
def count():
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pids.append(cursor.fetchone()[0])
    if len(pids) == 1:
        with psycopg.connect(sys.argv[1]) as other:
            other.execute("select pg_terminate_backend(%s)", pids)
        connection.cursor().execute("select 1")

pids = []
for _ in range(2):
    hf.sync.send(count.job())
    hf.sync.work(until_idle=True)
print(len(set(pids)))
""")
    assert told.strip() == "2"
    assert sql.execute("select count(*) from jobs where state = 'done'").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("work", "others"), [("hf.sync.work()", ""), ("asyncio.run(both())", "the other has ended\n")]
)
def test_a_script_that_works_ends_gently(dsn, sql, work, others):
    """SIGTERM lets what runs in a script of the user's finish, and then ends the script by it.

    Also where two work there, and one of them has ended by then.
    """
    code = f"""
@hf.task
async def slow():
    print("begun", flush=True)
    while not gone.is_set():
        await asyncio.sleep(0.01)

import threading
gone = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), gone.set()), daemon=True).start()
hf.sync.send(slow.job())

async def both():
    other = holdfast.connect(sys.argv[1], app="other")
    await other.prepare()
    await asyncio.gather(others_work(other), hf.work())

async def others_work(other):
    await other.work()
    print("the other has ended", flush=True)

{work}
"""
    with subprocess.Popen(
        [sys.executable, "-c", TASK + code, dsn],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as working:  # fmt: skip
        assert working.stdout.readline() == "begun\n"
        working.terminate()
        if others:
            assert working.stdout.readline() == others
            working.terminate()  # a supervisor that says it again ends nothing either
        working.stdin.close()
        assert working.wait(60) == -signal.SIGTERM
    assert sql.execute("select state, attempts from jobs").fetchall() == [("done", 1)]


async def test_who_comes_first_asks_for_all(hf, monkeypatch):
    """However many send at once as the first, the schema is looked for once; if in vain, again."""
    asked = []

    def ensure(database):
        asked.append(database)
        if len(asked) == 1:
            raise DatabaseUnavailable("away")
        return ensure_schema(database)

    monkeypatch.setattr("holdfast.client.ensure_schema", ensure)
    for found, times in ((DatabaseUnavailable, 1), (Receipt, 2), (Receipt, 2)):
        sending = [hf.send(Job(kind="k")) for _ in range(30)]
        told = await asyncio.gather(*sending, return_exceptions=True)
        assert {type(one) for one in told} == {found}
        assert len(asked) == times
