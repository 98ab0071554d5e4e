"""Events are found by what is known of them, and shown with what became of them."""

import json


def _ids(rows):
    return [row["event_id"] for row in rows]


async def test_events_are_found_by_when_they_came(holdfast, asks, hf, sender, sql, announced):
    """`--since` and `--until` take 2h, 3d or a time, in `list`, in `replay` and in the JSON API."""

    @hf.on("stripe", "*")
    async def book(event): ...

    await announced()
    for number, ago in enumerate(["3 days", "3 hours", "0"]):
        await sender.post(sender.event(number, object_id=f"in_{number}"))
        sql.execute(
            "update webhook_events set received_at = received_at - %s::interval "
            "where event_id = %s", [ago, f"evt_{number}"],
        )  # fmt: skip
    (day,) = sql.execute(
        "select to_char(clock() at time zone 'UTC' - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MIZ')"
    ).fetchone()
    for since, until, found in (
        ("2h", None, ["evt_2"]), (None, "2h", ["evt_1", "evt_0"]), ("1d", "2 hours", ["evt_1"]),
        (day, None, ["evt_2", "evt_1"]), (None, day, ["evt_0"]),
    ):  # fmt: skip
        given = {"since": since, "until": until}
        told = {name: value for name, value in given.items() if value is not None}
        options = [word for name, value in told.items() for word in (f"--{name}", value)]
        _, out, complaints = await holdfast("webhooks", "list", *options, "--json")
        assert _ids(json.loads(out)) == found, complaints
        query = "&".join(f"{name}={value}" for name, value in told.items()).replace(" ", "%20")
        assert _ids((await asks("reader")("GET", f"/webhooks?{query}"))[1]) == found
        _, out, _ = await holdfast("webhooks", "replay", *options, "--dry-run", "--json")
        assert json.loads(out)["matching"] == len(found)
    _, out, _ = await holdfast("webhooks", "list", "--object", "in_1", "--json")
    assert _ids(json.loads(out)) == ["evt_1"]
    code, _, complaints = await holdfast("webhooks", "list", "--since", "yesterday")
    assert code == 1 and "such as 90s, 2h or 3d" in complaints
    assert (await asks("reader")("GET", "/webhooks?since=yesterday"))[0] == 422


async def test_a_type_that_few_have_is_looked_for_so_far(holdfast, sql):
    """A list by type looks through a million of a source, then says where it goes on."""
    events = [
        {"source": ("few", "many")[n % 4 > 0], "scheme": "none", "event_id": str(n),
         "event_type": "rare" if n in {3, 8, 17} else "usual"} for n in range(40)
    ]  # fmt: skip
    given = [json.dumps(events), [b"{}"] * len(events)]
    sql.execute("select * from webhook_receive_many(%s, %s)", given)
    sql.execute("update webhook_events set received_at = received_at - interval '1 h' "
                "* (40 - event_id::integer)")  # fmt: skip
    sql.execute("""create or replace function most_looked_through() returns integer
                   language sql immutable as 'select 12'""")
    listed, until = [], []
    for _ in range(5):
        options = ["--type", "rare", *until]
        code, out, complaints = await holdfast("webhooks", "list", *options, "--json")
        if code:  # none of the newest, or fewer than a page: those first
            until = ["--until", complaints.split("until ")[1].split()[0].rstrip(".")]
            if "limit" not in complaints:
                continue
            count = complaints.split("limit ")[1].split()[0]
            _, out, _ = await holdfast("webhooks", "list", *options, "--limit", count, "--json")
        listed += _ids(json.loads(out))
    assert listed[:3] == ["17", "8", "3"] and code == 0
    tail = await holdfast("webhooks", "tail", "--type", "rare", "--no-follow")
    assert tail[0] == 0 and "go on with until" in tail[2]


async def test_an_event_shows_where_it_was_forwarded_to(holdfast, hf, sender, sql):
    """`webhooks show` names the endpoint of each job that forwards, also one that is gone."""
    for name in ("here", "there"):
        made = {"url": "https://example.com/", "purpose": "forward", "source": "stripe"}
        sql.execute("select webhook_add_endpoint(%s, %s, 'ann')", [name, json.dumps(made)])
    await sender.post(sender.event())
    _, out, complaints = await holdfast("webhooks", "show", "evt_1")
    assert "here" in out and "there" in out, complaints
    (gone,) = sql.execute(
        "delete from webhook_endpoints where name = 'there' returning id::text"
    ).fetchone()
    _, out, _ = await holdfast("webhooks", "show", "evt_1", "--json")
    assert {job["endpoint"] for job in json.loads(out)["jobs"]} == {"here", gone}


def test_pages_of_a_moment_leave_nothing_out(sql):
    """From page to page each event is listed once, also where ids and times disagree."""
    names = [str(number) for number in range(6)]
    events = [{"source": "usual", "scheme": "none", "event_id": name, "event_type": "paid"}
              for name in names]  # fmt: skip
    sql.execute(
        "select * from webhook_receive_many(%s, %s)", [json.dumps(events), [b"{}"] * len(names)]
    )
    sql.execute(
        "update webhook_events e set received_at = e.received_at - n * interval '1 microsecond' "
        "from (select id, row_number() over (order by id desc) * 7 % 5 as n from webhook_events) o "
        "where o.id = e.id"
    )
    listed, before = [], None
    while len(listed) <= len(names):
        chosen = {"before": before} if before else {}
        row = sql.execute(
            "select event_id, id::text from webhook_list(%s, 1)", [json.dumps(chosen)]
        ).fetchone()
        if row is None:
            break
        listed.append(row[0])
        before = row[1]
    assert sorted(listed) == names


def test_a_type_is_found_at_the_edge_of_a_window(sql):
    """More events of one moment than a window holds are all in it, and none is in two."""
    sql.execute(
        "create or replace function most_looked_through() returns integer "
        "language sql immutable as 'select 3'"
    )
    events = [{"source": "usual", "scheme": "none", "event_id": str(n), "event_type": "rare"}
              for n in range(5)]  # fmt: skip
    sql.execute("select * from webhook_receive_many(%s, %s)", [json.dumps(events), [b"{}"] * 5])
    rows = sql.execute("""select event_id from webhook_list('{"type": "rare"}', 5)""").fetchall()
    assert {row[0] for row in rows} == {"0", "1", "2", "3", "4"}
