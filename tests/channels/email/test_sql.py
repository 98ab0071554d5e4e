"""The tables and functions, as any language sees them."""

import json
import unicodedata
from pathlib import Path

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from holdfast.channels import email
from holdfast.channels.email.address import in_ascii, is_address

SQL = Path(email.__file__).parent / "sql"
SEND = "select id, duplicate from email_send(%s, %s, %s, %s, %s, %s)"
GOOD = {
    "sender": "me@example.com",
    "recipients": ["ann@example.com"],
    "message_id": "<1@example.com>",
    "subject": "Hi",
    "raw": b"Subject: Hi\r\n\r\nHi\r\n",
    "options": "{}",
}


def send(sql, **changes):
    """A good email, with some of its arguments changed."""
    return sql.execute(SEND, list((GOOD | changes).values())).fetchone()


def count(sql, table="emails"):
    """How many rows there are."""
    return sql.execute(f"select count(*) from {table}").fetchone()[0]


def test_one_transaction_writes_all(sql):
    """Email, recipients and job come together under one id, or not at all."""
    email_id, duplicate = send(sql, recipients=["a@x.com", "b@x.com", "a@x.com"])
    assert not duplicate
    rows = sql.execute(
        "select position, address, status from email_recipients where email_id = %s order by 1",
        [email_id],
    ).fetchall()
    assert rows == [(1, "a@x.com", "pending"), (2, "b@x.com", "pending")]
    job = sql.execute("select queue, kind, payload, state from jobs where id = %s", [email_id])
    assert job.fetchone() == ("email", "email", {}, "ready")
    with sql.transaction(force_rollback=True):
        send(sql)
    assert (count(sql), count(sql, "email_recipients"), count(sql, "jobs")) == (1, 2, 1)


def test_the_same_key_again_writes_nothing(sql):
    """The first id comes back, whatever the body of the second one is."""
    first, _ = send(sql, options='{"dedupe_key": "k"}')
    assert send(sql, options='{"dedupe_key": "k"}', raw=b"Subject: later") == (first, True)
    assert send(sql, options='{"dedupe_key": "k", "dedupe_scope": "t"}')[1] is False
    assert count(sql) == 2 and count(sql, "jobs") == 2


@pytest.mark.parametrize(
    "other", [{"subject": "Other"}, {"sender": "b@x.com"}, {"recipients": ["b@x.com"]}]
)
def test_a_key_does_not_swallow_another_email(sql, other):
    """Another sender, subject or recipient under a known key is refused.

    In any case of letters and in any order the recipients are the same.
    """
    one = {"options": '{"dedupe_key": "k"}', "recipients": ["a@x.com", "B@x.com"]}
    first, _ = send(sql, **one)
    assert send(sql, **{**one, "recipients": ["b@x.com", "a@x.com", "a@x.com"]}) == (first, True)
    with pytest.raises(psycopg.Error, match=f"used for another email, {first}") as caught:
        send(sql, **{**one, **other})
    assert caught.value.sqlstate == "JQ005" and count(sql) == 1
    sql.execute("set role holdfast_enqueue")
    assert send(sql, **one) == (first, True)
    with pytest.raises(psycopg.Error, match="used for another email"):
        send(sql, **{**one, **other})
    sql.execute("reset role")
    sql.execute("select email_erase('a@x.com', 'bo'), email_erase('b@x.com', 'bo')")
    assert sql.execute("select fingerprint, subject from emails").fetchall() == [(None, None)]
    assert send(sql, **{**one, **other}) == (first, True)


def test_the_options_reach_the_job_and_the_email(sql):
    """What is the job's goes to the job, what is the email's stays with it."""
    email_id, _ = send(
        sql,
        options='{"priority": 1, "tenant": "t", "run_at": "2999-01-01", "tags": ["a"],'
        ' "metadata": {"k": 1}, "source": "test"}',
    )
    row = sql.execute(
        "select priority, tenant, next_attempt_at::text, tags, metadata, source from email_queue "
        "where id = %s",
        [email_id],
    ).fetchone()
    assert (
        row[:2] == (1, "t")
        and row[2].startswith("2999-01-01")
        and row[3:] == (["a"], {"k": 1}, "test")
    )


def sqlstate(sql, **changes):
    """The error that it gives, if it gives one."""
    try:
        send(sql, **changes)
    except psycopg.Error as error:
        return error.sqlstate
    return None


WRONG = [
    {"sender": None},
    {"sender": "me"},
    {"sender": "me@example.com\r\nRCPT TO:<eve@x.com>"},
    {"sender": "me@example.com> SIZE=1"},
    {"recipients": None},
    {"recipients": []},
    {"recipients": ["ann@example.com", None]},
    {"recipients": ["ann@example.com\nDATA"]},
    {"recipients": ["ann lee@example.com"]},
    {"recipients": ["ann@ex@ample.com>"]},
    {"recipients": ["a" * 320 + "@example.com"]},
    {"recipients": [f"a{i}@x.com" for i in range(1001)]},
    {"message_id": None},
    {"message_id": "<1@x>\r\nBcc: eve@x.com"},
    {"message_id": "x" * 999},
    {"subject": "Hi\r\nBcc: eve@x.com"},
    {"raw": None},
    {"raw": b""},
    {"raw": b"x" * (25 * 1024 * 1024 + 1)},
    {"options": None},
    {"options": "[]"},
    {"options": '{"nonsense": 1}'},
    {"options": '{"queue": "default"}'},
    {"options": '{"tags": "a"}'},
    {"options": '{"tags": [1]}'},
    {"options": '{"tags": [""]}'},
    {"options": '{"metadata": [1]}'},
    {"options": json.dumps({"metadata": {"a": "".join(map(str, range(40_000)))}})},
    {"options": '{"source": ""}'},
    {"options": '{"expires_at": "2020-01-01T00:00:00Z"}'},
    {"options": '{"expires_at": "2098-01-01", "run_at": "2099-01-01"}'},
    {"options": '{"priority": 10}'},
]


def test_what_can_not_be_sent_is_a_typed_error(sql):
    """SQLSTATE JQ005, and nothing is stored."""
    for changes in WRONG:
        assert sqlstate(sql, **changes) == "JQ005", changes
    assert (count(sql), count(sql, "jobs")) == (0, 0)


TWO = [
    "a@b.example,c@d.example", "a;b@c.example", "a@b@c.example", "a(b)@c.example", 'a"b@c.example',
    "a:b@c.example", "a\\,b@c.example", "a@b.example;c", "a@b(c)", "a@[1.2.3.4],b",
    '"a"b@c.example', '"a"@b.example,c@d.example', '"a\\"@b.example', "@b.example",
    "a@[b", "[a]@b.example", '""@b.example',
]  # fmt: skip
ONE = [
    '"a,b"@c.example', '"a@b"@c.example', '"a\\"b"@c.example', "a@[1.2.3.4]", "a@[IPv6:::1]",
    "o'neil+x=y@c.example", "ünï@bücher.example", "a..b.@c.example", "a@localhost",
    "!#$%&*/?^_`{|}~@x",
]  # fmt: skip


def test_one_address_is_one_address(sql):
    """What others read as two addresses is none, here and at SMTP-in; in quotes it is one."""
    for address in (*TWO, *ONE):
        expected = "JQ005" if address in TWO else None
        assert sqlstate(sql, recipients=[address]) == expected, address
        assert sqlstate(sql, sender=address) == expected, address
        assert is_address(address) == (address in ONE), address


@hypothesis_settings(max_examples=60)
@given(
    text=st.text(
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40
    )
)
def test_no_address_that_could_be_a_command_is_stored(sql, text):
    """Whatever is stored as an address has no space, line break or bracket; the tables insist."""
    for address in (text, f"{text}@example.com", f"ann@{text}"):
        refused = sqlstate(sql, recipients=[address], sender=address)
        hostile = any(c in "<>" or ord(c) <= 32 or ord(c) == 127 for c in address)
        assert refused in ({"JQ005"} if hostile else {"JQ005", None})
        if address.rpartition("@")[2].isascii():
            assert is_address(address) == (refused is None)
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.execute(
            "insert into email_recipients values (gen_random_uuid(), 1, %s, 'pending')",
            [f"{text}\n@example.com"],
        )


LETTERS = st.one_of(
    st.characters(min_codepoint=0xDF, max_codepoint=0x17F, categories=("Ll", "Lu")),
    st.characters(min_codepoint=0x3B1, max_codepoint=0x44F, categories=("Ll", "Lu")),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    st.sampled_from("abcxyz019-ABZ"),
)


@hypothesis_settings(max_examples=150)
@given(label=st.text(LETTERS, min_size=1, max_size=30))
@example(label="cᏤ")  # small, it is large everywhere
def test_a_domain_beyond_ascii_is_written_as_everywhere(sql, label):
    """Plain SQL puts a domain into ASCII as Python does, or says that it is to be written so."""
    address = f"Ann@{label}.example"
    (found,) = sql.execute("select email_in_ascii(%s)", [address]).fetchone()
    if not found.isascii():
        assert found == address and sqlstate(sql, recipients=[address]) == "JQ005"
    elif (known := in_ascii(address)).isascii():
        assert found == known


def test_who_is_suppressed_is_so_however_the_domain_is_written(sql):
    """Sent, suppressed, found, erased, taken off the list: a domain is one, however written."""
    boxes = ("ann@Bücher.example", "ann@xn--bcher-kva.example")
    for put, sent in (boxes, boxes[::-1]):
        sql.execute("select email_suppress(%s, 'bo')", [put])
        for _ in range(2):  # as it was sent, and erased
            email_id, _ = send(sql, recipients=[sent], sender=sent)
            (batch,) = sql.execute("select count(*) from get_email_queue_batch()").fetchone()
            (status,) = sql.execute(
                "select status from email_recipients where email_id = %s", [email_id]
            ).fetchone()
            assert (batch, status) == (0, "suppressed")
            found = sql.execute("select id from email_find(%s)", [json.dumps({"recipient": put})])
            assert (email_id,) in found.fetchall()
            sql.execute("select email_erase(%s, 'bo')", [put])
        removed = sql.execute("select removed from email_unsuppress(%s, 'bo')", [sent]).fetchone()
        assert removed == (1,)
    assert "bcher" not in str(sql.execute("select sender from emails").fetchall())
    with pytest.raises(psycopg.Error, match=r"recipient 2 has a domain .* write it in ASCII"):
        send(sql, recipients=["a@x.example", "a@😀.example"])
    with pytest.raises(psycopg.Error, match="entry 1: address: it has a domain"):
        sql.execute("select email_suppress('a@😀.example', 'bo')")


def test_what_was_stored_as_it_was_written_is_found(sql):
    """Before they were put into ASCII, domains were stored as they came: that holds as well."""
    written, plain = "ann@bücher.example", "ann@xn--bcher-kva.example"
    email_id, _ = send(sql)
    sql.execute("update email_recipients set address = %s", [written])
    put = "insert into email_suppressions values ('', %s, %s, '', 'x', null, now(), 'bo', %s)"
    for address, reason, until in [
        (written, "manual", None), (plain, "manual", "2020-01-01"), (written, "complained", None),
        (unicodedata.normalize("NFD", written), "manual", "2040-01-01"),
    ]:  # fmt: skip
        sql.execute(put, [address, reason, until])
    sql.execute((SQL / "suppressions.sql").read_text())  # as `migrate` does it
    kept = sql.execute("select address, reason, expires_at from email_suppressions order by 2")
    assert kept.fetchall() == [(plain, "complained", None), (plain, "manual", None)]
    assert sql.execute("select email_suppressed('', %s)", [[plain]]).fetchone() == ([plain],)
    find = "select id from email_find(%s)"
    assert sql.execute(find, [json.dumps({"recipient": written})]).fetchall() == [(email_id,)]
    sql.execute(
        "insert into email_events (provider, event_id, address, kind, at, because, dead_mailbox,"
        " stored_at) values ('p', 'e', %s, 'opened', now(), '', false, now())",
        [written],
    )
    sql.execute("select email_erase(%s, 'bo')", [written])
    for table in ("email_recipients", "email_events"):
        (address,) = sql.execute(f"select address from {table}").fetchone()
        assert address.startswith("erased:")


def test_a_bounce_has_no_sender(sql):
    """The empty sender is allowed, so that a bounce is not answered by another."""
    email_id, _ = send(sql, sender="", subject=None)
    assert sql.execute("select sender from emails where id = %s", [email_id]).fetchone() == ("",)


def test_a_delivery_stays_one(sql):
    """No later report takes it back, and recording twice changes nothing."""
    email_id, _ = send(sql)
    item = '[{"id": "%s", "address": "ann@example.com", "status": "%s", "code": 250}]'
    record = "select email_record(%s)"
    assert sql.execute(record, [item % (email_id, "delivered")]).fetchone() == (1,)
    for status in ("delivered", "refused", "pending"):
        assert sql.execute(record, [item % (email_id, status)]).fetchone() == (0,)
    assert sql.execute("select status from email_recipients").fetchone() == ("delivered",)


def test_a_forgotten_job_leaves_its_outcome(sql):
    """When the job is pruned, the recipients still tell what became of the email, in one row."""
    done, dead = (send(sql, recipients=[f"{name}@x.com" for name in names])[0]
                  for names in ("ab", "abc"))  # fmt: skip
    rows = "select id, status from email_queue"
    assert dict(sql.execute(rows).fetchall()) == {done: "ready", dead: "ready"}
    for email_id, name, status in (
        (done, "a", "delivered"), (done, "b", "captured"), (dead, "a", "delivered"),
    ):  # fmt: skip
        item = {"id": str(email_id), "address": f"{name}@x.com", "status": status}
        sql.execute("select email_record(%s)", [json.dumps([item])])
    sql.execute("delete from ready_jobs")
    assert dict(sql.execute(rows).fetchall()) == {done: "done", dead: "dead"}


def test_the_list_and_its_states(sql):
    """Newest first, of one state or all; a state that does not exist is an error."""
    first, _ = send(sql)
    sql.execute("select cancel(%s, 'a test')", [first])
    sql.execute("select pg_sleep(0.002)")  # ids of one millisecond are in no order
    second, _ = send(sql)
    listed = sql.execute("select id, status from email_list()").fetchall()
    assert listed == [(second, "ready"), (first, "cancelled")]
    assert sql.execute("select id from email_list(10, 'cancelled')").fetchall() == [(first,)]
    assert sql.execute("select id from email_list(1)").fetchall() == [(second,)]
    with pytest.raises(psycopg.Error) as raised:
        sql.execute("select email_list(1, 'nonsense')")
    assert raised.value.sqlstate == "JQ005"
    with pytest.raises(psycopg.Error) as raised:
        sql.execute("select email_show(gen_random_uuid())")
    assert raised.value.sqlstate == "JQ001"


def test_an_operator_may_change_the_queue(sql):
    """Applying the functions again leaves the policy as it was set."""
    policy = (
        "select retry_base::text, retry_cap::text, max_attempts, lease::text from queues "
        "where name = 'email'"
    )
    assert sql.execute(policy).fetchone() == ("00:01:00", "04:00:00", 10, "00:01:00")
    sql.execute("""select set_queue('email', '{"max_attempts": 3}')""")
    assert not sql.execute("""select create_queue('email', '{"max_attempts": 10}')""").fetchone()[0]
    assert sql.execute(policy).fetchone()[2] == 3


def test_roles(sql):
    """Who may enqueue can send and not read; who may work can do all a worker does."""
    sql.execute("set role holdfast_enqueue")
    email_id, _ = send(sql, options='{"dedupe_key": "k"}')
    for forbidden in ("select * from emails", "select * from email_list()", "delete from emails"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute(forbidden)
    sql.execute("set role holdfast_work")
    send(sql)
    for job_id, token in sql.execute(
        "select id, claim_token from get_email_queue_batch()"
    ).fetchall():
        assert sql.execute("select pending from email_load(%s)", [[job_id]]).fetchone()[0]
        if job_id == email_id:
            assert sql.execute("select mark_email_sent(%s, %s)", [job_id, token]).fetchone()[0]
        else:
            sql.execute("select mark_email_failed(%s, %s, 'no')", [job_id, token])
    sql.execute("set role holdfast_read")
    assert len(sql.execute("select * from email_list()").fetchall()) == 2
    assert sql.execute("select email from email_show(%s)", [email_id]).fetchone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        send(sql)


def test_the_time_that_a_person_had_an_email_is_no_error_of_it(sql):
    """What email_queue tells as the last error is that of an attempt, also after a hold."""
    send(sql)
    [job] = sql.execute("select id from emails").fetchone()
    sql.execute(
        "select settle(jsonb_agg(jsonb_build_object('id', id, 'token', claim_token, 'verdict',"
        " 'retry', 'because', 'busy'))) from claim('email', 1)"
    )
    sql.execute("select hold(%s, 'ann', 'is that right?')", [job])
    sql.execute("select unhold(%s, 'ann')", [job])
    error = "select status, last_error from email_queue"
    assert sql.execute(error).fetchone() == ("ready", "busy")
