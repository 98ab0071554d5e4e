"""A dedupe key is acknowledged as known though its job is on the first server alone.

Postgres with synchronous_standby_names = '*' and its standby away: the first send() waits, is cut
off (DatabaseUnavailable), and is made again, as documented. The second returns a receipt at once.
The first server is then lost and the standby promoted: the job is gone.
"""
import asyncio, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, "/tmp/hf/stormB")
import holdfast
from holdfast import Job, Email
from holdfast.errors import DatabaseUnavailable
from holdfast.database import migrate
from holdfast.installation import rooms
from bench.storm.hosts import Pair

CUT = ("select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend'"
       " and pid <> pg_backend_pid()")

async def main():
    folder = Path(tempfile.mkdtemp(prefix="dup-"))
    host = Pair(folder, "15")
    await asyncio.to_thread(host.begin)
    try:
        migrate(host.address, rooms(), "holdfast")
        hf = holdfast.connect(host.address)
        await hf.send(Job(kind="warm"))
        from holdfast.channels.webhooks.intake import Arrival, receive_many
        what = {
            "job with a dedupe key": lambda: hf.send(Job(kind="k").options(dedupe_key="k1")),
            "email with an idempotency key": lambda: hf.send(Email(sender="a@example.com", to="b@example.com", subject="s", text="t", idempotency_key="e1")),
        }
        await asyncio.to_thread(host.standby.kept.end)
        for name, ask in what.items():
            first = asyncio.create_task(ask())
            await asyncio.sleep(1.5)
            print(name, "| first one after 1.5 s:", "returned" if first.done() else "waits for the standby")
            host.server.ask(CUT)
            try: print("   first:", await first)
            except DatabaseUnavailable as e: print("   first: DatabaseUnavailable", str(e)[:60])
            for n in range(3):
                try:
                    t = time.monotonic()
                    r = await asyncio.wait_for(ask(), 5)
                    print(f"   again: {r.id} duplicate={r.duplicate} after {time.monotonic()-t:.2f} s, without a standby")
                    break
                except DatabaseUnavailable as e: print("   again: DatabaseUnavailable")
                except TimeoutError: print("   again: waits (5 s), as it should"); break
        await asyncio.to_thread(host.promote)
        await asyncio.sleep(1)
        print("on the promoted standby:", host.server.ask("select kind, state from holdfast.jobs"))
        await hf.close()
    finally:
        await asyncio.to_thread(host.end)
asyncio.run(main())
