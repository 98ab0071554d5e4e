"""Where `webhooks send` and `trigger` post to: a server of ours, by as little as names it."""

import pytest

from holdfast.channels.webhooks.commands.posting import address_of, told
from holdfast.errors import InvalidInput

HERE = "127.0.0.1:8025"


@pytest.mark.parametrize(
    ("to", "listens", "posted"),
    [
        (None, HERE, "http://127.0.0.1:8025/webhooks/eu"),
        (None, "0.0.0.0:8026", "http://127.0.0.1:8026/webhooks/eu"),
        (None, "[::]:8026", "http://[::1]:8026/webhooks/eu"),
        (None, "[::1]:8026", "http://[::1]:8026/webhooks/eu"),
        ("localhost:8026", HERE, "http://localhost:8026/webhooks/eu"),
        ("hooks.example.com", HERE, "http://hooks.example.com/webhooks/eu"),
        ("http://hooks.example.com", HERE, "http://hooks.example.com/webhooks/eu"),
        ("https://hooks.example.com/", HERE, "https://hooks.example.com/webhooks/eu"),
        ("https://example.com/in/webhooks/eu", HERE, "https://example.com/in/webhooks/eu"),
        ("localhost:8026/webhooks/us", HERE, "http://localhost:8026/webhooks/us"),
    ],
)
def test_a_host_is_a_server_of_ours_and_a_url_is_itself(to, listens, posted):
    """A host is posted to at /webhooks/SOURCE, a URL with a path as it is; else where we listen."""
    assert address_of("eu", to, listens) == posted


def test_another_server_than_ours_is_told_apart():
    """A 404 that holdfast has not said tells where an application that mounts it has it."""
    assert "/PATH/webhooks/" in told(HERE, 404, '{"detail":"Not Found"}')
    assert told(HERE, 404, '{"error": "unknown_source"}').endswith('"unknown_source"}')


@pytest.mark.parametrize("to", ["ftp://example.com", "http://", "http://a:b:c", "://"])
def test_what_is_no_address_is_said(to):
    """An address that cannot be posted to is refused with one that could."""
    with pytest.raises(InvalidInput, match=r"--to .* such as 127"):
        address_of("eu", to, HERE)


async def test_a_server_is_found_by_its_setting(holdfast, sender, sql, tmp_path, secret):
    """`send` and `trigger` go where HOLDFAST_HTTP says that the server listens, or to a host."""
    (tmp_path / "body").write_text('{"id": "evt_mine"}')
    listens = sender.address.removeprefix("http://")
    send = ("webhooks", "send", "stripe", str(tmp_path / "body"), "--secret", secret)
    trigger = ("webhooks", "trigger", "stripe", "invoice.paid")
    for command in (send, trigger):
        for options, variables in (([], {"HOLDFAST_HTTP": listens}), (["--to", listens], {})):
            code, out, complaints = await holdfast(*command, *options, **variables)
            assert code == 0 and f"{listens}/webhooks/stripe answered 200" in out, complaints
    assert sql.execute("select count(*) from webhook_events").fetchone() == (3,)
