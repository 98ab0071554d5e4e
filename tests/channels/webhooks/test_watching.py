"""What is watched of the inbox on a settable clock: deadlines, and sources that fall silent."""


def test_a_deadline_alerts_at_half_time_and_is_cleared_by_the_end(inbox):
    """A job with a deadline alerts at half of it and at its end, and no more once it ended.

    Of a dead letter the alert stays for a day.
    """
    inbox.handler(deadline="1 hour")
    inbox.receive("evt_1")
    inbox.at(minutes=29)
    assert inbox.one("select webhook_check_deadlines()") == 0
    inbox.at(minutes=31)
    assert inbox.one("select webhook_check_deadlines()") == 1
    (key,) = inbox.alerts()
    assert key.startswith("webhooks.deadline:")
    assert "has to be through" in inbox.one("select text from alerts")
    assert inbox.one("select webhook_check_deadlines()") == 0
    inbox.at(minutes=61)
    assert inbox.one("select webhook_check_deadlines()") == 1
    assert "was to be through" in inbox.one("select text from alerts")
    inbox.finish()
    inbox.one("select webhook_check_deadlines()")
    assert inbox.alerts() == []
    assert inbox.one("select count(*) from webhook_deadlines") == 0
    inbox.receive("evt_2")
    inbox.finish("dead")
    left = []
    for hours in (3, 24, 27):
        inbox.at(hours=hours)
        inbox.one("select webhook_check_deadlines() + webhook_prune()")
        left.append(len(inbox.alerts()))
    assert left == [1, 1, 0]


def test_jobs_that_are_late_for_good_hide_no_other(inbox, sql):
    """However many are overdue, each is told of once at half time and once at its end."""
    inbox.handler(deadline="1 hour")
    for number in range(250):
        inbox.receive(f"evt_{number}")
    told = []
    for minutes in (31, 31, 61, 61, 62, 63):
        inbox.at(minutes=minutes)
        told.append(inbox.one("select webhook_check_deadlines()"))
    assert told == [200, 50, 200, 50, 0, 0]
    inbox.receive("evt_new")
    inbox.at(minutes=94)
    assert inbox.one("select webhook_check_deadlines()") == 1
    assert len(inbox.alerts()) == 251
    inbox.at(minutes=95)
    for _ in range(3):
        inbox.finish()
    inbox.one("select webhook_check_deadlines()")
    assert inbox.alerts() == [] and inbox.one("select count(*) from webhook_deadlines") == 0


def test_a_job_that_ends_in_time_alerts_nobody(inbox):
    """A deadline that was met leaves no alert."""
    inbox.handler(deadline="1 hour")
    inbox.receive("evt_1")
    inbox.finish()
    inbox.at(minutes=40)
    assert inbox.one("select webhook_check_deadlines()") == 0 and inbox.alerts() == []


def test_silence_is_told_and_taken_back(inbox):
    """Nothing for many times the usual gap alerts, once there is one; an event clears it."""
    inbox.source(silence=10)
    for number in range(10):
        inbox.at(minutes=number)
        inbox.receive(f"evt_{number}")
    inbox.at(hours=9)
    assert inbox.one("select webhook_check_silence()") == 0  # ten events tell nothing yet
    for number in range(10, 40):
        inbox.at(hours=10, minutes=number)
        inbox.receive(f"evt_{number}")
    inbox.at(hours=10, minutes=45)
    assert inbox.one("select webhook_check_silence()") == 0
    inbox.at(hours=10 + 24 * 10)
    assert inbox.one("select webhook_check_silence()") == 1
    assert inbox.alerts() == ["webhooks.silent:stripe"]
    inbox.receive("evt_again")
    assert inbox.one("select webhook_check_silence()") == 0 and inbox.alerts() == []


def test_a_source_that_sleeps_at_night_alarms_nobody(inbox):
    """The nights are among the usual gaps: a long one every day is no silence."""
    inbox.source(silence=2)
    for day in range(10):
        for hour in range(8):
            inbox.at(days=day, hours=hour)
            inbox.receive(f"evt_{day}_{hour}")
        inbox.at(days=day, hours=23)
        if day > 3:
            assert inbox.one("select webhook_check_silence()") == 0
