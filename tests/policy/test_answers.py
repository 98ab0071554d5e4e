"""Which verdict an HTTP status or an SMTP reply leads to."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.policy.answers import FULL_AFTER, LONGEST_WISH, from_http, from_smtp
from holdfast.policy.verdict import Dead, Delivered, Retry, Snooze

HTTP = {
    Delivered: [200, 201, 202, 204, 299],
    Retry: [408, 425, 429, 500, 501, 502, 503, 504, 505, 511, 599, 0, 99, 100, 199, 600, -1],
    Dead: [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 409, 410, 422, 451, 499],
}

SMTP = [
    (250, "2.0.0 Ok: queued as 12345", Delivered),
    (250, "Postfix 5.1.1 welcomes you", Delivered),
    (250, "5.1.1 contradicts itself", Delivered),
    (421, "4.7.0 Too many messages, slow down", Snooze),
    (421, "closing connection", Snooze),
    (421, "5.3.2 shutting down", Snooze),
    (454, "4.7.0 Temporary authentication failure", Snooze),
    (454, "Throttling failure: Maximum sending rate exceeded.", Snooze),
    (454, "4.3.0 Try again later", Retry),
    (454, "5.7.1 never", Dead),
    (450, "4.2.0 Greylisted, come back in five minutes", Retry),
    (451, "Temporary failure", Retry),
    (452, "4.2.2 Mailbox full", Retry),
    (452, "4.5.3 Too many recipients", Snooze),
    (450, "5.1.1 No such user", Dead),
    (550, "5.1.1 No such user", Dead),
    (450, "#5.1.0 Address rejected.", Dead),
    (450, "Sorry, no mailbox here by that name. (#5.1.1)", Dead),
    (450, "450-5.1.1 The account\n450 5.1.1 does not exist", Dead),
    (550, "4.4.7 Message delayed", Retry),
    (550, "No such user", Dead),
    (552, "5.2.2 Mailbox full", Dead),
    (554, "5.7.1 Message rejected", Dead),
    (554, "Blocked: 4.2.2.1 is listed, see Exim 4.97.1", Dead),
    (550, "4.97.1234 is no status", Dead),
    (451, "Postfix 5.1.1 is overloaded", Retry),
    (530, "5.7.0 Must issue a STARTTLS command first", Snooze),
    (534, "5.7.9 Application-specific password required", Snooze),
    (535, "5.7.8 Username and Password not accepted", Snooze),
    (535, "authentication failed", Snooze),
    (538, "5.7.11 Encryption required", Snooze),
    (354, "go ahead", Retry),
    (0, "", Retry),
    (-1, "5.1.1", Retry),
    (999, "5.1.1", Retry),
]

replies = st.text(alphabet=st.characters())


@pytest.mark.parametrize(
    ("status", "kind"), [(status, kind) for kind, statuses in HTTP.items() for status in statuses]
)
def test_http_statuses(status, kind):
    """Each status leads to its verdict, with or without a Retry-After (429 is another story)."""
    assert isinstance(from_http(status), kind)
    if status != 429:
        assert isinstance(from_http(status, retry_after=7), kind)


def test_http_throttling_costs_no_attempt_when_it_names_a_time():
    """429 is put off for as long as its Retry-After asks; without one it is a failed attempt."""
    assert from_http(429, retry_after=30) == Snooze("HTTP 429 Too Many Requests", 30, outage=True)
    assert from_http(429, retry_after=0) == from_http(429, retry_after=1)  # nobody is hammered
    assert from_http(429) == Retry("HTTP 429 Too Many Requests", outage=True)


def test_http_wishes_reach_the_retry():
    """A Retry-After that comes with a failure is handed on to the queue."""
    assert from_http(503, retry_after=12.5) == Retry(
        "HTTP 503 Service Unavailable", 12.5, outage=True
    )


def test_http_redirects_say_what_to_do():
    """A redirect is final, and the reason says why."""
    verdict = from_http(301)
    assert isinstance(verdict, Dead)
    assert "redirects are not followed" in verdict.because and "301" in verdict.because


@pytest.mark.parametrize("wish", [math.nan, math.inf, -math.inf, -1.0])
def test_http_impossible_wishes_are_no_wishes(wish):
    """A wish that is negative or not finite counts as none."""
    assert from_http(429, retry_after=wish) == from_http(429)
    assert from_http(503, retry_after=wish) == from_http(503)


def test_http_no_endpoint_parks_a_job_for_years():
    """The longest wish that is granted is a day."""
    assert from_http(429, retry_after=1e10) == from_http(429, retry_after=LONGEST_WISH)


@given(
    status=st.one_of(st.integers(), st.integers(0, 999)),
    retry_after=st.one_of(st.none(), st.floats()),
)
def test_http_any_status_gets_a_verdict(status, retry_after):
    """No integer and no float raises, and only 2xx is ever taken for delivered."""
    verdict = from_http(status, retry_after=retry_after)
    assert isinstance(verdict, Delivered) == (200 <= status <= 299)


@pytest.mark.parametrize(("code", "text", "kind"), SMTP, ids=lambda value: str(value)[:40])
def test_smtp_replies(code, text, kind):
    """Each reply leads to its verdict; the enhanced code decides between later and never."""
    assert isinstance(from_smtp(code, text), kind)


def test_codes_of_any_length_get_a_verdict():
    """A code with too many digits to be printed is no error either."""
    assert from_smtp(10**5000, "5.1.1") == Retry("??? 5.1.1")
    assert from_http(10**5000) == Retry("HTTP ???")


def test_smtp_pauses():
    """A closed connection is tried again in a minute, credentials in five, a mailbox in hours."""
    assert from_smtp(452, "4.2.2 full") == Retry("452 4.2.2 full", FULL_AFTER)
    assert from_smtp(421, "4.3.2 bye") == Snooze("421 4.3.2 bye", 60, outage=True)
    assert from_smtp(454, "4.7.0 slow down") == Snooze("454 4.7.0 slow down", 60, outage=True)
    refused = from_smtp(535, "5.7.8 bad password")
    assert isinstance(refused, Snooze) and refused.after == 300
    assert "refused our credentials" in refused.because and "no attempt" in refused.because
    assert "535 5.7.8 bad password" in refused.because


def test_smtp_reasons_are_one_clean_line():
    """Control characters and line breaks become spaces, and the whole is at most 300 long."""
    verdict = from_smtp(550, "5.1.1\r\n\x1b[31mno\x00such\tuser \udcff" + "x" * 1000)
    assert isinstance(verdict, Dead)
    assert verdict.because.startswith("550 5.1.1 [31mno such user xxx")
    assert len(verdict.because) == 300


@given(code=st.one_of(st.integers(), st.integers(0, 999)), text=replies)
def test_smtp_any_reply_gets_a_verdict(code, text):
    """No reply raises, only 2xx is ever delivered, and every reason can be shown and stored."""
    verdict = from_smtp(code, text)
    assert isinstance(verdict, Delivered) == (200 <= code <= 299)
    because = verdict.note if isinstance(verdict, Delivered) else verdict.because
    assert because.isprintable() and 0 < len(because) <= 300


@given(
    code=st.integers(400, 599).filter(lambda code: code not in {421, 454, 530, 534, 535, 538}),
    status=st.tuples(st.sampled_from("45"), st.integers(0, 999), st.integers(0, 999)),
    text=replies,
)
def test_smtp_enhanced_code_decides(code, status, text):
    """Whatever the basic code and the words: 4.x.y is tried again and 5.x.y is not."""
    verdict = from_smtp(code, f"{status[0]}.{status[1]}.{status[2]} {text}")
    assert isinstance(verdict, Retry if status[0] == "4" else Dead)
