"""`holdfast up` on a disk without room: a new folder, a stopped cluster, one that panicked."""
import os, signal, subprocess, sys, tempfile, threading, time
from pathlib import Path
sys.path.insert(0, "/tmp/hf/stormB")
from bench.storm.disk import small_disk, fill
from bench.storm.hosts import free_port

def up(data, seconds, log):
    env = {**os.environ, "HOLDFAST_DATA": str(data)}
    p = subprocess.Popen([sys.executable, "-m", "holdfast", "up", "--plain", "--http", f"127.0.0.1:{free_port()}", "--smtp", f"127.0.0.1:{free_port()}"],
        env=env, cwd="/tmp/hf/stormB", stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    t = time.monotonic()
    try:
        code = p.wait(seconds)
    except subprocess.TimeoutExpired:
        p.send_signal(signal.SIGINT)
        try: code = f"still up; after Ctrl-C {p.wait(40)} "
        except subprocess.TimeoutExpired: p.kill(); code = "killed"
    return code, round(time.monotonic() - t, 1)

def case(name, prepare, seconds=50):
    folder = Path(tempfile.mkdtemp(prefix="full-"))
    folder.chmod(0o755)
    with small_disk(folder / "data", 300):
        data = folder / "data" / "hf"
        prepare(data)
        stop = threading.Thread(target=fill, args=(folder / "data", seconds + 2), daemon=True)
        stop.start(); time.sleep(1)
        with open(folder / "log", "wb") as log:
            print("==", name, up(data, seconds, log), flush=True)
        print((folder / "log").read_text()[-2500:], flush=True)
        stop.join()
        with open(folder / "log2", "wb") as log:
            print("-- again, with room:", up(data, 12, log), flush=True)
        print("\n".join(l[:300] for l in (folder / "log2").read_text().splitlines()[-6:]), flush=True)
        time.sleep(1)

def nothing(data): pass
def stopped(data):
    with open("/dev/null", "wb") as log: print("prepared", up(data, 10, log))
    pass
def killed(data):
    env = {**os.environ, "HOLDFAST_DATA": str(data)}
    stopped(data)
    from holdfast.database.embedded import EmbeddedServer
    s = EmbeddedServer(data); url = s.ensure()
    import psycopg
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("alter system set wal_recycle=off"); c.execute("alter system set min_wal_size='32MB'"); c.execute("alter system set max_wal_size='32MB'")
        c.execute("create table t(x text)"); c.execute("insert into t select repeat(md5(i::text), 50) from generate_series(1, 20000) i")
    os.kill(s.postmaster_pid, signal.SIGKILL); time.sleep(2); s._use.close(); s._use = None
def silent(data):
    """Its log ends at the end of a page: not one more byte can be written to it."""
    stopped(data)
    log = data / "postgres.log"
    with log.open("ab") as f: f.write(b"\n" * (-log.stat().st_size % 4096))
if __name__ == "__main__":
    for n in sys.argv[1:]:
        case(n, {"new": nothing, "stopped": stopped, "killed": killed, "silent": silent}[n])
