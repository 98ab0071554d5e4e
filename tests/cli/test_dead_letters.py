"""holdfast dead-letters."""


def test_letters_are_listed_grouped_and_shown(cli, enqueue, settle):
    """What died of the same error is one group; a letter has its error, payload and history."""
    enqueue("welcome", 3)
    letters = settle("dead", "550 no such user 17")
    enqueue("report")
    settle("dead", "division by zero")

    assert len(cli("dead-letters", "list", "--json").json) == 4
    assert cli("dead-letters", "list").err == ""
    assert cli("dead-letters", "list", "-n", "4").err.startswith("there may be more")
    first, second = cli("dead-letters", "groups", "--json").json
    assert (first["letters"], first["kind"], first["latest_error"]) == (
        3, "welcome", "550 no such user 17",
    )  # fmt: skip
    assert second["letters"] == 1
    group = ["--group", first["fingerprint"], "--since", "1h", "--until", "2099-01-01"]
    found = cli("dead-letters", "list", "--json", *group).json
    assert {letter["id"] for letter in found} == set(letters)
    assert cli("dead-letters", "list", "--json", "--until", "1h").json == []

    shown = cli("dead-letters", "show", letters[0], "--json").json
    assert shown["error"] == "550 no such user 17"
    assert [attempt["outcome"] for attempt in shown["history"]] == ["dead"]


def test_a_group_is_replayed_after_a_dry_run(cli, enqueue, settle, sql):
    """A dry run counts and changes nothing; without a person at a terminal nobody is asked."""
    enqueue("welcome", 3)
    settle("dead", "boom")
    enqueue("report")
    settle("dead", "bang")
    group = cli("dead-letters", "groups", "--json").json[0]["fingerprint"]

    dry = cli("dead-letters", "replay", "--group", group, "--dry-run", "--json").json
    assert (dry["matching"], dry["replayable"], dry["replayed"]) == (3, 3, 0)
    assert (dry["dry_run"], dry["excluded"], dry["queues"]) == (True, {}, {"default": 3})
    assert sql.execute("select count(*) from dead_letters").fetchone() == (4,)

    wet = cli("dead-letters", "replay", "--group", group, "--why", "mended", "--who", "ann")
    assert (wet.code, wet.out) == (0, "3 dead letters replayed\n")
    assert sql.execute("select kind, attempts from ready_jobs").fetchall() == [("welcome", 0)] * 3
    assert sql.execute("select action, who, why, affected from operations").fetchall() == [
        ("replay", "ann", "mended", 3)
    ]


def test_that_a_limit_left_some_out_is_said(cli, enqueue, settle, sql):
    """Whoever replays or discards a part hears that there may be more, also without --limit."""
    enqueue("welcome")
    settle("dead", "boom")
    sql.execute(
        "insert into dead_letters select (jsonb_populate_record(d, jsonb_build_object("
        "'id', new_id()))).* from dead_letters d, generate_series(1, 10000)"
    )
    which = ["--queue", "default"]
    told = cli("dead-letters", "replay", *which, "--dry-run").out
    assert told.startswith("10,000 dead letters would be replayed; there may be more: at most 10,")
    few = [*which, "--limit", "2", "--yes"]
    assert "; there may be more: at most 2 " in cli("dead-letters", "replay", *few, "--detach").out
    assert "; there may be more" in cli("dead-letters", "discard", *few, "--why", "a test").out


def test_one_letter_is_replayed_by_its_id(cli, enqueue, settle, sql):
    """The id may be a part of it; a job that is not dead is refused."""
    enqueue("welcome", 2)
    first, second = settle("dead", "boom")

    done = cli("dead-letters", "replay", first[-10:], "--json").json
    assert done["replayed"] == 1
    assert sql.execute("select id::text from ready_jobs").fetchall() == [(first,)]
    assert sql.execute("select id::text from dead_letters").fetchall() == [(second,)]

    again = cli("dead-letters", "replay", first)
    assert again.code == 1
    assert "is ready, not dead" in again.err


def test_a_rate_spreads_a_replay(cli, enqueue, settle, sql):
    """With --rate 1, three letters become due a second apart."""
    enqueue("welcome", 3)
    settle("dead", "boom")
    cli("dead-letters", "replay", "--all", "--rate", "1")
    due = sql.execute(
        "select extract(epoch from run_at - min(run_at) over ())::integer from jobs order by 1"
    ).fetchall()
    assert due == [(0,), (1,), (2,)]


def test_nobody_replays_everything_by_leaving_something_out(cli, enqueue, settle, sql):
    """Without an id, a filter, a limit or --all it is wrong usage, and nothing happens."""
    enqueue("welcome", 2)
    [letter, _] = settle("dead", "boom")
    for arguments in (["replay"], ["replay", letter, "--queue", "default"]):
        assert cli("dead-letters", *arguments).code == 2
    assert cli("dead-letters", "discard", "--all").code == 2  # no reason
    assert sql.execute("select count(*) from dead_letters").fetchone() == (2,)


def test_discarded_letters_leave_with_a_reason(cli, enqueue, settle, sql):
    """They are cancelled jobs of the history then, and the reason is on record."""
    enqueue("welcome", 2)
    settle("dead", "boom")
    done = cli("dead-letters", "discard", "--queue", "default", "--why", "test data", "--json")
    assert done.json == {"matching": 2, "discarded": 2, "dry_run": False}
    assert (
        sql.execute("select state, note from finished_jobs").fetchall()
        == [("cancelled", "discarded: test data")] * 2
    )


def test_a_person_is_asked_before_more_than_one_letter_goes(terminal, enqueue, settle, sql):
    """No is no and exit code 1, Ctrl-C is 130, yes replays; for one letter nobody is asked."""
    enqueue("welcome", 2)
    settle("dead", "boom")

    with terminal("dead-letters", "replay", "--all") as screen:
        screen.wait_for("Replay 2 dead letters?")
        screen.type("n\n")
        assert screen.end() == 1
        assert "nothing was replayed" in screen.text
    with terminal("dead-letters", "replay", "--all") as screen:
        screen.wait_for("[y/N]")
        screen.interrupt()
        assert screen.end() == 130
    assert sql.execute("select count(*) from dead_letters").fetchone() == (2,)

    with terminal("dead-letters", "replay", "--all", "--limit", "1") as screen:
        assert screen.end() == 0
    assert sql.execute("select count(*) from dead_letters").fetchone() == (1,)

    enqueue("welcome")
    settle("dead", "boom")
    with terminal("dead-letters", "replay", "--all") as screen:
        screen.wait_for("[y/N]")
        screen.type("y\n")
        assert screen.end() == 0
    assert sql.execute("select count(*) from dead_letters").fetchone() == (0,)
