"""Where a request may go: no address of ours, whatever its name says."""

import pytest
from tests.channels.webhooks.outbound.conftest import jobs

from holdfast import Webhook
from holdfast.channels.webhooks.outbound.address import is_allowed, networks_of
from holdfast.policy.client_address import networks

FORBIDDEN = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0.0.0.0",
    "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fc00::1", "fd12::1",
    "168.63.129.16", "100.100.100.200", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
    "64:ff9b::808:808", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fd00:ec2::254", "100::1",
    "200::1", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_address_of_ours_is_reached(address):
    """A customer's endpoint cannot lead to any address that is not public."""
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "93.184.216.34"])
def test_public_addresses_are_reached(address):
    """Public addresses, of both families, are allowed."""
    assert is_allowed(address)


def test_a_forward_may_reach_ours_but_no_metadata():
    """An operator's forward reaches private networks; the cloud's metadata nobody does."""
    ours = networks_of("forward", ())
    assert is_allowed("10.0.0.1", ours) and is_allowed("::1", ours)
    everything = networks(["0.0.0.0/0", "::/0"])
    for metadata in (
        "169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "fd20:ce::254",
        "fd00:c1::a9fe:a9fe", "fd00:42::42", "::ffff:169.254.169.254", "::ffff:0:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "::169.254.169.254",
    ):  # fmt: skip
        assert not is_allowed(metadata, ours), metadata
        assert not is_allowed(metadata, everything), metadata
    assert is_allowed("168.63.129.16", networks(["168.63.129.16"]))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "127.1", "[::1]",
     "[::ffff:127.0.0.1]", "localhost."],
)  # fmt: skip
async def test_a_url_that_leads_to_us_is_not_called(hf, sql, target, endpoint, monkeypatch, host):
    """However an address of ours is written, the connection is refused before it is made."""
    await hf.prepare()
    port = target.url.split(":")[2].split("/")[0]
    endpoint("evil", f"http://{host}:{port}/")
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    ((state, _, because),) = jobs(sql)
    assert target.requests == [] and state in {"dead", "ready"}, because
    assert state == "dead" or "no connection to" in because


async def test_a_name_that_changes_its_address_is_judged_when_connecting(
    hf, sql, target, endpoint, monkeypatch
):
    """A name that was public a moment ago and is ours now is refused: the socket is what counts."""
    from holdfast.channels.webhooks.outbound.names import Names

    async def rebound(self, host, port=0, family=0):
        return [
            {"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0,
             "flags": 0}
        ]  # fmt: skip

    monkeypatch.setattr(Names, "resolve", rebound)
    await hf.prepare()
    port = target.url.split(":")[2].split("/")[0]
    endpoint("evil", f"http://customer.example:{port}/")
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    ((state, _, because),) = jobs(sql)
    assert target.requests == [] and state == "dead" and "no address" in because


async def test_a_name_with_several_addresses_of_ours_is_one_refusal(hf, sql, endpoint, monkeypatch):
    """A name all of whose addresses are ours, of both families, is a dead letter at once."""
    from holdfast.channels.webhooks.outbound.names import Names

    async def several(self, host, port=0, family=0):
        return [
            {"hostname": host, "host": address, "port": port, "family": of, "proto": 0, "flags": 0}
            for address, of in (("::1", 10), ("127.0.0.1", 2), ("10.0.0.1", 2), ("fd00::1", 10))
        ]

    monkeypatch.setattr(Names, "resolve", several)
    await hf.prepare()
    endpoint("evil", "http://customer.example:9/")
    monkeypatch.setenv("HOLDFAST_WEBHOOKS_ALLOW_NETWORKS", "")
    await hf.send(Webhook(type="a"))
    await hf.worker().once(10)
    ((state, _, because),) = jobs(sql)
    assert state == "dead" and "no address that we may connect to" in because, because
