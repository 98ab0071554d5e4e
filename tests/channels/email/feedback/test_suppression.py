"""What the command line does with suppressions."""

import pytest

from holdfast import InvalidInput
from holdfast.channels.email.suppression import add, bring_in, list_suppressions, remove


async def test_add_list_remove(services, desk):
    """Who, why and till when is recorded and shown; removing says what happens next."""
    note = await add(services, "Ann@example.com", why="she asked", who="carl")
    assert note.data == {"new": 1}
    assert (await add(services, "ann@Example.com", who="carl")).data == {"new": 0}
    rows = await list_suppressions(services, address="ANN@example.com")
    assert [tuple(row[:6]) for row in rows.rows] == [
        ("ann@example.com", "manual", "", "", "cli", "she asked")
    ]
    assert rows.rows[0][7] == "carl"
    await add(services, "ann@example.com", reason="complained", tenant="acme")
    assert "--limit" in (await list_suppressions(services, limit=1)).more and rows.more == ""
    gone = await remove(services, "ann@example.com", who="carl")
    assert gone.data == {"removed": 1, "remaining": 1} and "--reason" in gone.text
    gone = await remove(services, "ann@example.com", reason="complained")
    assert gone.data == {"removed": 1, "remaining": 0} and "next attempt" in gone.text
    assert "not on the list" in (await remove(services, "ann@example.com")).text
    assert "nobody" in (await list_suppressions(services)).empty
    who = desk.sql.execute("select action, who, why from operations order by id limit 1").fetchone()
    assert who == ("suppress", "carl", "she asked")


async def test_a_file_is_read(services, desk, tmp_path):
    """A provider's export comes in as it is: other columns are left, a BOM and blank lines too."""
    file = tmp_path / "export.csv"
    file.write_text(
        "\ufeffEmail,Reason,List,Created,expires_at\n"
        "Ann@example.com,bounced,,2026-01-01,\n"
        "\n"
        "ben@example.com,,,x,2030-01-01\n"
        '"cy@example.com",unsubscribed,news,,\n'
        "ann@example.com,bounced,,,\n"
    )
    note = await bring_in(services, file, tenant="acme")
    assert note.data == {"rows": 4, "new": 3}
    assert desk.suppressions() == [
        ("ann@example.com", "acme", "bounced", ""),
        ("ben@example.com", "acme", "manual", ""),
        ("cy@example.com", "acme", "unsubscribed", "news"),
    ]
    assert (await bring_in(services, file, tenant="acme")).data == {"rows": 4, "new": 0}


async def test_a_bad_file_is_refused_whole(services, desk, tmp_path):
    """The message has the file and the line, never the address; nothing of the file is stored."""
    file = tmp_path / "x.csv"
    for content, says in [
        (b"", "address is one"),
        (b"name\nann@example.com\n", "address is one"),
        (b"address\nann@example.com\ncanary example.com\n", "x.csv:3"),
        (b"address,reason\nann@example.com,canary@example.com\n", "entry 1: reason"),
        (b"address,expires_at\nann@example.com,canary@example.com\n", "x.csv:2: expires_at"),
        (b"address\n\xff\xfe\n", "UTF-8"),
        (b'address\n"ann@example.com\n', "no CSV"),
        (b"address,tenant\nann@example.com," + b"t" * 300, "too long"),
    ]:
        file.write_bytes(content)
        with pytest.raises(InvalidInput, match=says) as caught:
            await bring_in(services, file)
        assert "canary@" not in str(caught.value)
    with pytest.raises(InvalidInput, match="No such file"):
        await bring_in(services, tmp_path / "none.csv")
    assert desk.suppressions() == []


async def test_a_large_file(services, desk, tmp_path):
    """Twenty thousand rows are one statement."""
    file = tmp_path / "large.csv"
    file.write_text("address\n" + "".join(f"a{n}@example.com\n" for n in range(20_000)))
    assert (await bring_in(services, file)).data == {"rows": 20_000, "new": 20_000}
