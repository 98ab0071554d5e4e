"""What waits for an hour when the server's clock goes an hour ahead for a moment and back.

`holdfast.now` of a session stands for the jump; everything after it runs by the true clock.
"""
import asyncio, sys, tempfile, time, datetime as dt
from pathlib import Path
sys.path.insert(0, "/tmp/hf/stormB")
import psycopg, holdfast
from holdfast.database.embedded import EmbeddedServer
from holdfast.database import migrate
from holdfast.installation import rooms

def main():
    server = EmbeddedServer(Path(tempfile.mkdtemp(prefix="clk-")))
    url = server.ensure()
    migrate(url, rooms(), "holdfast")
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("set search_path to holdfast, public")
        def q(s, *a):
            r = c.execute(s, a)
            return r.fetchall() if r.description else None
        def ahead():
            c.execute("select set_config('holdfast.now', (clock_timestamp() + interval '1 hour')::text, false)")
        def back():
            c.execute("set holdfast.now = ''")
        q("select set_queue('default', '{\"lease\": \"5 s\"}')")
        # 1. a lease of a worker that dies
        q("select enqueue('default', 'leased', '{}')")
        ahead(); q("select * from claim('default', 1, 'dead worker')"); back()
        # 2. a retry
        q("select enqueue('default', 'retried', '{}')")
        ahead()
        job = q("select id, claim_token from claim('default', 1, 'w')")[0]
        q("select * from settle(jsonb_build_array(jsonb_build_object('id', %s::text, 'token', %s::text, 'verdict', 'retry', 'because', 'x')))", *job)
        back()
        time.sleep(6)
        q("select * from maintain()")
        print("after 6 s (lease 5 s, retry some seconds), and maintain():")
        for r in q("select kind, state, lease_until - clock(), run_at - clock(), waits_for from jobs"): print("  ", r)
        print("audit():", q("select * from audit()"))
        # 3. a heartbeat that was sent while it was ahead; the worker dies afterwards
        q("select enqueue('default', 'beaten', '{}')")
        job = q("select id, claim_token from claim('default', 1, 'w')")[0]
        ahead(); q("select extend(jsonb_build_array(jsonb_build_object('id', %s::text, 'token', %s::text)))", *job); back()
        q("select extend(jsonb_build_array(jsonb_build_object('id', %s::text, 'token', %s::text)))", *job)
        print("beaten, after a heartbeat by the true clock:", q("select lease_until - clock() from leased_jobs where kind = 'beaten'"))
        # 4. schedules, rates, breakers, idle workers
        for name, sql in EXTRA.items():
            try:
                ahead(); a = q(sql); back(); b = q(sql)
                print(name, "ahead:", a, "back:", b)
            except psycopg.Error as e:
                back(); print(name, "error", str(e).splitlines()[0])
    server.release()

EXTRA = dict(arg.split("=", 1) for arg in sys.argv[1:])
main()
