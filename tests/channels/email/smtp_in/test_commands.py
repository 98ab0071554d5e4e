"""What the CLI says of logins."""

import pytest

from holdfast import InvalidInput
from holdfast.channels.email.smtp_in.commands import add, disable, list_logins, rotate
from holdfast.channels.email.smtp_in.logins import Login, Logins
from holdfast.errors import UnknownJob


async def test_a_login_from_its_birth_to_its_end(services, sql):
    """The password is shown once and stored as a hash; rotated, disabled, and enabled again."""
    known = Logins(services.database, lambda: 0.0)
    first = (await add(services, "shop", tenant="acme", who="ann")).data["password"]
    assert len(first) == 32
    [row] = (await list_logins(services)).rows
    assert row[:2] == ("shop", "acme") and row[3] == "ann" and row[7] is None
    assert first not in str(sql.execute("select l::text from email_logins l").fetchall())
    second = (await rotate(services, "shop")).data["password"]
    assert await known.check(b"shop", first.encode()) is None
    assert await known.check(b"shop", second.encode()) == Login("shop", "acme")
    await disable(services, "shop", who="ben")
    assert await known.check(b"shop", second.encode()) is None
    assert (await list_logins(services)).rows[0][8] == "ben"
    third = (await rotate(services, "shop")).data["password"]
    assert await known.check(b"shop", third.encode()) is not None


async def test_what_can_not_be(services):
    """A name that is taken, none, or one that is not there: said, and nothing is changed."""
    await add(services, "shop")
    for name in ("shop", "", "a b", "x" * 201, "a\nb"):
        with pytest.raises(InvalidInput):
            await add(services, name)
    for command in (rotate, disable):
        with pytest.raises(UnknownJob, match="logins list"):
            await command(services, "nobody")
    assert len((await list_logins(services)).rows) == 1
