"""The URLs of providers: what each is made of, and what is refused."""

import pytest
from pydantic import SecretStr

from holdfast.channels.email.providers.http import FACTORIES, SCHEMES, make
from holdfast.channels.email.providers.url import provider_url
from holdfast.errors import ConfigError


def at(text):
    """The provider at a URL."""
    return make(
        provider_url("x", SecretStr(text), "HOLDFAST_EMAIL_PROVIDER_X", "resend://KEY@host")
    )


GOOD = {
    "resend://KEY-1234@api.resend.com": "https://api.resend.com",
    "postmark://TOKEN-1@api.postmarkapp.com?stream=outbound": "https://api.postmarkapp.com",
    "sendgrid://SG.abc@api.sendgrid.com?connections=5": "https://api.sendgrid.com",
    "ses://AKID:a%2Fb%2Bc@email.eu-west-1.amazonaws.com": "https://email.eu-west-1.amazonaws.com",
    "ses://AKID:abcdef@vpce-1.example.com?region=eu-west-1": "https://vpce-1.example.com",
    "mailgun://KEY-1234@api.eu.mailgun.net?domain=mg.example.com": "https://api.eu.mailgun.net",
    "brevo://xkeysib-1@api.brevo.com:8443?proxy=environment": "https://api.brevo.com:8443",
    "brevo://xkeysib-1@[::1]:80?plain=yes": "http://[::1]:80",
}


@pytest.mark.parametrize("text", GOOD)
def test_urls(text):
    """Each provider is made of a URL: HTTPS, unless it is this machine and asked for."""
    one = at(text)
    assert one.endpoint.url == GOOD[text]
    assert one.most == (5 if "connections" in text else 20)
    assert "KEY" not in repr(one.endpoint) and "AKID" not in repr(one.endpoint)


def test_the_region_is_the_hosts():
    """SES is signed for the region that its host or the option names."""
    for text in [text for text in GOOD if text.startswith("ses")]:
        assert at(text).endpoint.options["region"] == "eu-west-1"
    assert at("ses://AKID:a%2Fb%2Bc@email.eu-west-1.amazonaws.com").endpoint.secret == "a/b+c"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("resend://api.resend.com", "needs a key before the host"),
        ("resend://KEY-secret@api.resend.com?plain=yes", "does not cross a network in the clear"),
        ("resend://KEY-secret@127.0.0.1?plain=no", "plain is yes, or is left out"),
        ("resend://KEY-secret@api.resend.com?stream=x", "the options are"),
        ("resend://KEY-secret@api.resend.com?connections=0", "connections is a whole number"),
        ("postmark://KEY-secret@api.postmarkapp.com?proxy=http://x", "proxy is environment"),
        ("ses://KEY-secret@email.eu-west-1.amazonaws.com", "the id of a key and its secret"),
        ("ses://AKID:KEY-secret@ses.example.com", "which region"),
        ("ses://AKID:KEY-secret@ses.example.com?region=EU/1", "which region"),
        ("mailgun://KEY-secret@api.mailgun.net", "the domain that it sends for"),
        ("mailgun://KEY-secret@api.mailgun.net?domain=../v4", "the domain that it sends for"),
    ],
)
def test_urls_that_are_refused(text, why):
    """What cannot work is an error that names the variable and not the key."""
    with pytest.raises(ConfigError, match="HOLDFAST_EMAIL_PROVIDER_X") as raised:
        at(text)
    assert why in str(raised.value) and "KEY-secret" not in str(raised.value)


def test_every_scheme_has_a_factory():
    """The list of providers finds each of the six by its scheme."""
    assert set(FACTORIES) == set(SCHEMES) == {
        "resend", "postmark", "sendgrid", "ses", "mailgun", "brevo"
    }  # fmt: skip
