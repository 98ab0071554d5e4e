"""The page on providers says what the code does."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from holdfast.channels.email.providers.http import SCHEMES, make
from holdfast.channels.email.providers.url import provider_url

PAGE = (Path(__file__).parents[4] / "docs/how-to/email-providers.md").read_text(encoding="utf-8")
URLS = dict(re.findall(r'^export (HOLDFAST_EMAIL_PROVIDER_\w+)="(.+)"$', PAGE, re.MULTILINE))
HTTP = {name: url for name, url in URLS.items() if url.partition(":")[0] in SCHEMES}


@pytest.mark.parametrize("variable", HTTP)
def test_the_urls_work(variable):
    """Each URL on the page makes its provider."""
    one = make(provider_url("x", SecretStr(HTTP[variable]), variable, ""))
    assert one.title.lower().replace("amazon ", "") in variable.lower()


def test_every_provider_is_on_the_page():
    """All six are there, and SMTP."""
    assert {url.partition(":")[0] for url in URLS.values()} == {*SCHEMES, "smtp"}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_table_is_right(name):
    """How long a message is known again, and how many recipients a request has, are the code's."""
    row = re.search(rf"^\| `{name}` \| (\d+) s \| (\d+) recipients \|", PAGE, re.MULTILINE)
    [url] = [url for url in HTTP.values() if url.startswith(f"{name}:")]
    one = make(provider_url("x", SecretStr(url), "V", ""))
    assert row is not None
    assert float(row[1]) == one.window_s
    assert int(row[2]) == one.most_recipients
