"""holdfast queues."""


def test_queues_are_listed_with_what_is_in_them(cli, enqueue, settle):
    """`queues list --json` is a list with one object per queue and its counts."""
    enqueue("welcome", 2)
    settle("dead", "no such user")
    enqueue("welcome", 3)

    [queue] = [q for q in cli("queues", "list", "--json").json if q["queue"] == "default"]

    assert (queue["ready"], queue["dead"], queue["leased"]) == (3, 2, 0)
    assert queue["paused"] is False
    assert queue["oldest_ready"].endswith("Z")


def test_a_queue_is_paused_until_it_is_resumed(cli, sql):
    """Pausing records who, why and until when, and resuming takes it back."""
    done = cli(
        "queues", "pause", "default", "--why", "provider down", "--who", "ann", "--until", "2h",
        "--json",
    )  # fmt: skip
    assert done.json["paused"] is True and done.json["until"].endswith("Z")

    shown = cli("queues", "show", "default", "--json").json
    assert (shown["paused"], shown["paused_by"], shown["paused_why"]) == (
        True, "ann", "provider down",
    )  # fmt: skip

    assert cli("queues", "resume", "default").out == "default goes on\n"
    assert sql.execute("select array_agg(action order by id) from operations").fetchone() == (
        ["pause", "resume"],
    )
    assert sql.execute("select paused_at from queues where name = 'default'").fetchone() == (None,)


def test_the_policy_of_a_queue_is_changed_by_key(cli):
    """`queues set` changes what is named, says what it was before, and `show` has it."""
    done = cli("queues", "set", "default", "max_attempts=5", "retry-base=30s")
    assert done.code == 0
    assert "max_attempts: 8 → 5" in done.out
    assert "retry_base: 00:00:10 → 00:00:30" in done.out

    policy = cli("queues", "show", "default", "--json").json["policy"]
    assert (policy["max_attempts"], policy["retry_base"]) == (5, "00:00:30")


def test_a_policy_that_can_not_be_is_refused(cli):
    """A key that does not exist is a refusal that lists the known ones."""
    done = cli("queues", "set", "default", "max_attemps=5")
    assert done.code == 1
    assert "max_attemps" in done.err and "max_attempts" in done.err


def test_an_unknown_queue_is_one_line_that_names_the_known_ones(cli):
    """Exit code 1, one line on stderr, no traceback, and the command that makes the queue does."""
    done = cli("queues", "show", "nope", "--json")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith('error: no queue "nope"')
    assert "default" in done.err
    assert done.err.count("\n") == 1
    assert "holdfast queues create nope," in done.err
    assert cli("queues", "create", "nope", "max-attempts=5").out == "nope is made\n"
    again = cli("queues", "create", "nope", "max_attempts=6", "--json").json
    assert again == {"queue": "nope", "made": False}
    assert cli("queues", "show", "nope", "--json").json["policy"]["max_attempts"] == 5


def test_a_changed_policy_is_on_record(cli):
    """`operations list` has who changed a queue, why, from what and to what."""
    cli("queues", "set", "default", "max_attempts=5", "--why", "they are slow", "--who", "ann")
    cli("queues", "set", "default", "max_attempts=5", "--who", "bob")  # changes nothing
    cli("queues", "pause", "default", "--who", "bob")

    paused, changed = cli("operations", "list", "--json").json
    assert (paused["action"], paused["who"]) == ("pause", "bob")
    assert (changed["action"], changed["who"], changed["why"]) == ("set", "ann", "they are slow")
    assert changed["filter"] == {
        "queue": "default", "changed": {"max_attempts": {"from": 8, "to": 5}},
    }  # fmt: skip

    only = cli("operations", "list", "--action", "set", "--who", "ann", "--since", "1h", "--json")
    assert only.json == [changed]
    older = cli("operations", "list", "--before", str(changed["id"]), "--json")
    assert (older.out, older.err) == ("[]\n", "")
    assert "they are slow" in cli("operations", "list").out


def test_a_breaker_that_is_paused_for_ever_is_listed(cli):
    """A breaker without an end to its pause is shown like all others, in words and as JSON."""
    assert cli("breakers", "pause", "relay", "--why", "moving").code == 0
    assert cli("breakers", "pause", "other", "--until", "1h").code == 0
    listed = cli("breakers", "list")
    assert listed.code == 0 and "moving" in listed.out
    found = {b["name"]: b for b in cli("breakers", "list", "--json").json}
    assert found["relay"]["state"] == "paused" and found["relay"]["open_until"] is None
    assert found["other"]["open_until"]


def test_of_thousands_of_breakers_a_new_one_is_told(cli, sql):
    """Who pauses a breaker hears that it is new if it is, however many there are."""
    sql.execute("select holdfast.set_breaker('a')")
    sql.execute(
        "insert into holdfast.breakers select (jsonb_populate_record(b, jsonb_build_object("
        "'name', 'b' || n))).* from holdfast.breakers b, generate_series(1, 1200) n"
    )
    sql.execute("select holdfast.set_breaker('zeta')")
    assert "It is new" not in cli("breakers", "pause", "zeta").out
    assert "It is new" in cli("breakers", "pause", "eta").out


def test_a_limit_is_set_and_taken_away(cli):
    """`none`, or nothing, takes a limit away; a value out of range is told with the range."""
    given = ("max_running=20", "rate_quota=5", "rate_per=1s", "breaker=relay")
    assert cli("queues", "set", "default", *given).code == 0
    taken = cli("queues", "set", "default", "max_running=none", "breaker=", "rate_quota=null")
    assert taken.code == 0 and "max_running: 20 → none" in taken.out
    policy = cli("queues", "show", "default", "--json").json["policy"]
    assert (policy["max_running"], policy["breaker"], policy["rate_quota"]) == (None, None, None)
    for change, told in (
        ("max_running=0", "obey max_running >= 1 AND max_running <= 1000000"),
        ("batch=", "batch cannot be taken away"),
        ("concurrency=99999", "concurrency <= 10000"),
    ):
        refused = cli("queues", "set", "default", change)
        assert refused.code in (1, 2) and told in " ".join(refused.err.split()), refused


def test_a_limit_is_made_full_again(cli, sql):
    """`limits reset` lets somebody in who was counted wrongly, and says who did it."""
    sql.execute("select rate_allowed('login:ann', 1, '1 hour')")
    assert [row["key"] for row in cli("limits", "list", "--json").json] == ["login:ann"]
    done = cli("limits", "reset", "login:ann", "--why", "her phone", "--who", "bob")
    assert (done.code, done.out) == (0, "login:ann is full again\n")
    assert cli("limits", "list", "--json").json == []
    assert sql.execute("select who, why from operations").fetchone() == ("bob", "her phone")
    refused = cli("limits", "reset", "login:ann")
    assert refused.code != 0 and "begins with the name of its limit" in refused.err
