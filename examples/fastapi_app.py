"""FastAPI: a user's row and the welcome mail, in one transaction; the worker in the same process.

Run it with: uvicorn examples.fastapi_app:app

If the address is taken, the row is refused and no mail is queued: they are committed together. What
Stripe posts to /holdfast/webhooks/stripe is stored and handled, too.
"""

import asyncio
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

import holdfast
from holdfast import Email, Event
from holdfast.api import build

hf = holdfast.connect()


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with hf:  # finds the database, and here also makes what it needs
        app.state.url = await asyncio.to_thread(hf.dsn)
        async with await psycopg.AsyncConnection.connect(app.state.url) as connection:
            await connection.execute(
                "create table if not exists users (email text primary key, paying bool)"
            )
        worker = hf.worker()
        working = asyncio.create_task(worker.run())
        yield
        worker.stop()
        await working


app = FastAPI(lifespan=lifespan)
app.mount("/holdfast", build(hf.services))


class User(BaseModel):
    """Who signs up."""

    email: str


@app.post("/users", status_code=201)
async def sign_up(user: User):
    welcome = Email(
        sender="shop@example.com", to=user.email, subject="Welcome", text="Good to have you."
    )
    try:
        async with await psycopg.AsyncConnection.connect(app.state.url) as connection:
            await connection.execute("insert into users (email) values (%s)", [user.email])
            receipt = await hf.send(welcome, using=connection)
    except psycopg.errors.UniqueViolation:
        raise HTTPException(409, "this address is taken") from None
    return {"email": user.email, "welcome": receipt.id}


@hf.on("stripe", "invoice.paid")
async def has_paid(event: Event):
    payer = event.data["data"]["object"]["customer_email"]
    async with await psycopg.AsyncConnection.connect(app.state.url) as connection:
        await connection.execute("update users set paying = true where email = %s", [payer])
