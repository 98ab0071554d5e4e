"""`holdfast replays`, and `dead-letters replay` as an operation."""


def test_a_replay_that_was_left_to_the_workers(cli, enqueue, settle):
    """It has a number, can be looked at by pages and cancelled, and the rest stays dead."""
    for n in range(3):
        enqueue(f"kind {n}")
        settle("dead", "boom")
    made = cli("dead-letters", "replay", "--all", "--detach", "--canary", "--yes", "--json").json
    number = str(made["replay"])
    assert cli("replays", "list", "--json").json[0]["state"] == "canary"
    assert cli("replays", "show", number, "-s", "forgotten", "--json").json["letters"] == []
    shown = cli("replays", "show", number)
    assert "3 waiting" in shown.out
    page = cli("replays", "show", number, "--outcome", "waiting", "--state", "dead", "-n", "2")
    first, second = [line.split()[0] for line in page.out.splitlines()[-2:]]
    assert f"there may be more: --after {second}" in page.err
    rest = cli("replays", "show", number, "--after", second, "--json").json["letters"]
    assert len(rest) == 1
    assert rest[0]["job_id"] not in {first, second}
    told = cli("replays", "cancel", number, "--why", "not today")
    assert told.out == f"replay {number} is cancelled; 3 stay dead\n"
    assert cli("replays", "cancel", number).code == 1


def test_a_replay_is_followed_to_its_end(cli, enqueue, settle):
    """Nobody else has to run: the command itself moves it on, and says how many came back."""
    for n in range(3):
        enqueue(f"kind {n}")
        settle("dead", "boom")
    assert cli("dead-letters", "replay", "--all", "--yes").out == "3 dead letters replayed\n"
    assert cli("dead-letters", "replay", "--all", "--yes").out == "no dead letter matches\n"


def test_no_replays_yet(cli):
    """An empty list says what to do."""
    assert "dead-letters replay" in cli("replays", "list").err
