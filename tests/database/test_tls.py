"""Postgres behind something that ends its TLS and writes records as large as TLS allows."""

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from holdfast.database import Call, Database

PEM = Path(__file__).parents[1] / "samples" / "tls" / "localhost.pem"
MOST = 1 << 20


@pytest.fixture
async def in_large_records(dsn):
    """The database through a proxy that gathers what the server says."""
    parts = conninfo_to_dict(dsn)
    socket = f"{parts['host']}/.s.PGSQL.{parts.get('port', '5432')}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)

    async def pass_on(reader, writer, pause=0.0):
        while data := await reader.read(1):
            await asyncio.sleep(pause)
            writer.write(data + await reader.read(MOST))
            await writer.drain()
        writer.close()

    async def join(reader, writer):
        await reader.readexactly(8)  # whether there is TLS
        writer.write(b"S")
        await writer.start_tls(context)
        answers, questions = await asyncio.open_unix_connection(socket, limit=MOST)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(pass_on(reader, questions), pass_on(answers, writer, 0.01))

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield make_conninfo(dsn, host="127.0.0.1", port=port, sslmode="require")
    server.close()


async def test_large_answers_arrive_in_large_records(in_large_records, sql):
    """What libpq has read of a TLS record and not looked at yet is not waited for."""
    sql.execute(
        "create function sheets(n integer) returns setof text language sql"
        " as $$ select repeat('x', 9000) from generate_series(1, n) $$"
    )
    database = Database(in_large_records, patience_s=20)
    for n in range(4, 12):
        assert await database.run(Call("sheets", {"n": n}, read=len)) == n
    await database.close()
