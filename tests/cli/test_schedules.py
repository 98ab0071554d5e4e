"""holdfast schedules."""

from datetime import UTC, datetime


def test_the_next_ticks_are_told_as_the_line_means_them(cli, sql):
    """`schedules show` has each tick in the schedule's zone; in UTC if only the server has it."""
    night = ("--kind", "task:report", "--cron", "30 3 * * *")
    assert cli("schedules", "set", "night", *night, "--timezone", "Asia/Tokyo").code == 0
    shown = cli("schedules", "show", "night").out
    assert shown.count("03:30:00 JST") == 5
    sql.execute("update schedules set timezone = 'XYZ-3' where name = 'night'")
    [first, *_] = cli("schedules", "show", "night", "--json").json["next"]
    moment = datetime.fromisoformat(first["tick"]).astimezone(UTC)
    assert first["local_time"].endswith(f"{moment:%H:%M:%S} UTC")


def test_what_its_jobs_carry_is_said_with_it(cli):
    """`schedules set --payload` is what each job carries; what is no JSON object is wrong usage."""
    report = ("schedules", "set", "night", "--kind", "task:report", "--every", "1 day")
    assert cli(*report, "--payload", '{"month": 3}').code == 0
    assert cli("schedules", "show", "night", "--json").json["job"]["payload"] == {"month": 3}
    assert "a JSON object" in cli(*report, "--payload", "[3]").err
