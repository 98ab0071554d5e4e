"""Amazon's Signature Version 4, as a function of the request and the time.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
The path is signed as it stands in the URL, which holds for paths that need no encoding.
"""

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from holdfast.channels.email.providers.http.call import Request

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key of an AWS account; `token` comes with temporary ones."""

    key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def signed(
    request: Request, keys: Credentials, region: str, service: str, now: datetime,
    method: str = "POST",
) -> Request:  # fmt: skip
    """The request with X-Amz-Date and Authorization; all its headers and its host are signed."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(request.url)
    headers = {**request.headers, "X-Amz-Date": stamp}
    if keys.token:
        headers["X-Amz-Security-Token"] = keys.token
    lines = {name.lower(): " ".join(v.split()) for name, v in headers.items()}
    lines["host"] = parts.netloc
    names = ";".join(sorted(lines))
    canonical = "\n".join(
        (
            method,
            parts.path or "/",
            _query(parts.query),
            *(f"{name}:{lines[name]}" for name in sorted(lines)),
            "",
            names,
            hashlib.sha256(request.body).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}"
    key = f"AWS4{keys.secret}".encode()
    for word in (stamp[:8], region, service, "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={keys.key_id}/{scope}, SignedHeaders={names}, "
        f"Signature={signature}"
    )
    return replace(request, headers=headers)


def _query(query: str) -> str:
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    return "&".join(f"{_kept(n)}={_kept(v)}" for n, v in sorted(pairs))


def _kept(text: str) -> str:
    return quote(text, safe="-_.~%")
