"""holdfast endpoints, as a person types them."""

import base64
import json

import pytest

KEY = base64.b64encode(b"0" * 32).decode()


async def test_endpoints_on_the_command_line(holdfast, hf, monkeypatch):
    """Endpoints add, list, pause, enable, rotate, remove say what they did."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", KEY)
    await hf.prepare()
    code, out, complaints = await holdfast(
        "endpoints", "add", "app", "http://127.0.0.1:9/in", "--source", "stripe", "--json"
    )
    assert code == 0, complaints
    assert json.loads(out)["secret"].startswith("whsec_")
    for args, says in (
        (("list",), "app"), (("pause", "app", "--why", "night"), "paused"),
        (("enable", "app"), "enabled"), (("rotate", "app"), "whsec_"), (("test", "app"), "sent"),
        (("deliveries",), "nothing was delivered"),
    ):  # fmt: skip
        code, out, complaints = await holdfast("endpoints", *args)
        assert code == 0 and says in out + complaints, (args, out, complaints)
    code, _, complaints = await holdfast("endpoints", "remove", "app")
    assert code == 1 and "--cancel" in complaints
    code, out, _ = await holdfast("endpoints", "remove", "app", "--cancel")
    assert code == 0 and "cancelled: 1" in out


async def test_a_forward_of_a_source_that_is_none_is_told(holdfast, hf, monkeypatch):
    """A source that nobody knows is told when its forward is made or changed; it may yet come."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", KEY)
    monkeypatch.setenv("HOLDFAST_SOURCE_STRIPE_SECRETS", "whsec_" + KEY)
    await hf.prepare()
    made = ("endpoints", "add", "app", "http://127.0.0.1:9/in")
    code, out, _ = await holdfast(*made, "--source", "strpie")
    assert code == 0 and "no source 'strpie'" in " ".join(out.split()) and "stripe" in out
    for source, told in (("github", True), ("*", False), ("stripe", False)):
        code, out, complaints = await holdfast("endpoints", "set", "app", f"source={source}")
        assert (code, "known to this process" in " ".join(out.split())) == (0, told), (
            out + complaints
        )


async def test_what_is_listed_when_there_is_nothing(holdfast, hf, monkeypatch):
    """Without a message yet it says how to send one; of a filter that nothing fits, just that."""
    await hf.prepare()
    for args, says in (((), "holdfast endpoints test NAME"), (("--type", "x"), "none like that")):
        _, out, complaints = await holdfast("endpoints", "messages", *args)
        told = " ".join((out + complaints).split())
        assert says in told and "holdfast webhooks list" in told
    _, out, complaints = await holdfast("endpoints", "deliveries", "--failed")
    assert "none like that" in out + complaints


async def test_an_endpoint_is_changed_and_shown(holdfast, hf, sql, monkeypatch):
    """What was said of an endpoint can be said anew, all of it, and seen; it is on record."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", KEY)
    await hf.prepare()
    await holdfast("endpoints", "add", "app", "http://127.0.0.1:9/in", "--tenant", "ann")
    sql.execute("select webhook_set_endpoint_state('app', 'disabled', 'ann', 'it moved')")
    code, out, complaints = await holdfast(
        "endpoints", "set", "app", "url=https://new.example/in?a=b", "patterns=order.*,user.*",
        "timeout=20 s", "rate_quota=5", "tenant=bob", "give_up_after=2 days",
        "header:Authorization=Bearer a=b", "header:X-Region=eu",
    )  # fmt: skip
    assert code == 0 and "endpoints enable app" in out, complaints
    await holdfast("endpoints", "set", "app", "header:X-Region=", "rate_quota=none", "patterns=*")
    code, out, complaints = await holdfast("endpoints", "show", "app", "--json")
    shown = json.loads(out)
    told = {key: shown[key] for key in ("url", "patterns", "rate_quota", "tenant", "headers")}
    assert told == {
        "url": "https://new.example/in?a=b", "patterns": ["*"], "rate_quota": None,
        "tenant": "bob", "headers": ["Authorization"],
    }, complaints  # fmt: skip
    assert shown["state_why"] == "it moved" and "Bearer" not in out and len(shown["secrets"]) == 1
    assert sql.execute("select headers from webhook_endpoints").fetchone() == (
        {"Authorization": "Bearer a=b"},
    )
    recorded = sql.execute("select to_jsonb(o)::text from operations o where action like 'set e%'")
    assert all("Bearer" not in row for (row,) in recorded.fetchall())


@pytest.mark.parametrize(
    "change",
    ["url=http://127.0.0.1:99999/", "url=ftp://a/", "purpose=forward", "source=stripe", "timeout",
     "header:webhook-id=x", "header:X=a\x01b", "header:=x", "timeout=1 year", "rate_quota=often",
     "rate_quota=0", "give_up_after=0 s", "patterns=", "url=none"],
)  # fmt: skip
async def test_a_change_that_can_not_be_is_refused(holdfast, hf, sql, monkeypatch, change):
    """What an endpoint cannot have is told of, and nothing is changed."""
    monkeypatch.setenv("HOLDFAST_SECRET_KEY", KEY)
    await hf.prepare()
    await holdfast("endpoints", "add", "app", "http://127.0.0.1:9/in")
    before = sql.execute("select * from webhook_endpoints").fetchone()
    code, _, complaints = await holdfast("endpoints", "set", "app", change)
    assert code == 1 and complaints
    assert sql.execute("select * from webhook_endpoints").fetchone() == before


async def test_an_endpoint_that_can_not_work_is_not_made(holdfast, hf, sql, tmp_path):
    """A secret that is not there or signs nothing, and a port that is none, are refused at once."""
    await hf.prepare()
    (tmp_path / "wrong").write_text("my-secret!")
    (tmp_path / "right").write_text("whsec_" + KEY)
    right = f"file:{tmp_path / 'right'}"
    for url, secret in (
        ("http://127.0.0.1:9/", f"file:{tmp_path / 'nothing'}"),
        ("http://127.0.0.1:9/", f"file:{tmp_path / 'wrong'}"), ("http://127.0.0.1:9/", "env:NONE"),
        ("http://127.0.0.1:99999/", right), ("http://", right), ("http://[::1/", right),
    ):  # fmt: skip
        code, _, complaints = await holdfast("endpoints", "add", "app", url, "--secret", secret)
        assert code == 1 and complaints, (url, secret)
    assert sql.execute("select count(*) from webhook_endpoints").fetchone() == (0,)
    code, _, complaints = await holdfast("endpoints", "add", "app", "http://a/", "--secret", right)
    assert code == 0, complaints
    wrong = f"file:{tmp_path / 'wrong'}"
    code, _, complaints = await holdfast("endpoints", "rotate", "app", "--secret", wrong)
    assert code == 1 and "base64" in complaints
