"""Emails that are stored, and reports about them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


class Desk:
    """Plain SQL, as a session has it: emails go in, reports about them too."""

    def __init__(self, sql):
        self.sql = sql
        self._count = 0

    def send(self, *to, message_id="<1@example.com>", raw=b"Subject: Hi\r\n\r\nhello", **options):
        """Store an email; its id."""
        row = self.sql.execute(
            "select id from email_send('me@example.com', %s, %s, 'Hi', %s, %s)",
            [list(to), message_id, raw, json.dumps(options)],
        ).fetchone()
        return row[0]

    def report(self, *events, provider="resend"):
        """Store reports; how many were new."""
        call = "select email_feedback(%s, %s)"
        return self.sql.execute(call, [provider, json.dumps(events)]).fetchone()[0]

    def event(self, kind, address="ann@example.com", minute=0, **more):
        """One report; `event_id` is a new one unless given."""
        self._count += 1
        at = MORNING + timedelta(minutes=minute)
        return {
            "event_id": f"e{self._count}", "kind": kind, "address": address,
            "at": at.isoformat(), "message_id": "<1@example.com>", **more,
        }  # fmt: skip

    def news(self):
        """What stands at each recipient."""
        rows = self.sql.execute(
            "select address, feedback, feedback_at from email_recipients"
            " order by email_id, position"
        ).fetchall()
        return {row[0]: row[1:] for row in rows}

    def suppressions(self):
        """Who is on the list, for whom and why."""
        return self.sql.execute(
            "select address, tenant, reason, list from email_suppressions order by 1, 2, 3, 4"
        ).fetchall()

    def suppressed(self, *addresses, tenant=None, tags=()):
        """Which of them get no mail."""
        call = "select email_suppressed(%s, %s, %s)"
        return self.sql.execute(call, [tenant, list(addresses), list(tags)]).fetchone()[0]

    def end(self, state, *emails):
        """The jobs of these emails end, or wait, so."""
        for email in emails:
            self.sql.execute("select claim('email', 100, 'test')")
            verdict = {"done": "delivered", "dead": "dead", "held": "hold"}[state]
            self.sql.execute(
                "select settle(jsonb_agg(jsonb_build_object('id', id, 'token', claim_token,"
                " 'verdict', %s::text, 'because', 'x'))) from leased_jobs where id = %s",
                [verdict, email],
            )
            status = "delivered" if state == "done" else "pending"
            self.sql.execute(
                "select email_record_all(%s, array(select address from email_recipients"
                " where email_id = %s), %s, null)",
                [email, email, status],
            )

    def with_body(self):
        """The emails that have their bytes still."""
        rows = self.sql.execute("select id from emails where raw like '%%hello%%'").fetchall()
        return {row[0] for row in rows}

    def one(self, statement, *args):
        """The first row."""
        return self.sql.execute(statement, args or None).fetchone()

    def age(self, interval):
        """From now on it is so much later."""
        self.sql.execute(
            "select set_config('holdfast.now', (clock() + %s::interval)::text, false)", [interval]
        )


@pytest.fixture
def desk(sql):
    """The database as somebody with psql has it."""
    return Desk(sql)
