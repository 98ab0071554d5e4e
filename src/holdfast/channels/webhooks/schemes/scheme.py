"""What a scheme is: how a provider signs, and how its deliveries say what they are. Only data.

Places in a delivery are written as `kind:name`: `header:X-GitHub-Delivery`, `json:/data/object/id`
(a JSON pointer, RFC 6901), `form:MessageSid`, `element:t` (of the signature header). Names with
commas between them are joined; of several places in a tuple the first that holds something counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

TOLERANCE: Final = 300.0
Places = tuple[str, ...]
Algorithm = Literal[
    "hmac-sha256", "hmac-sha1", "hmac-sha512", "ed25519", "ecdsa-sha256", "equals", "basic", "sns"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How one provider signs, and how its events say what they are.

    Attributes:
        title: its name as people write it; `page` is where the provider says all this.
        header: has the signatures; or `signature` names another place.
        algorithm: what a signature is; `equals` and `basic` are shared secrets, sent as they are.
        encoding: of a signature: hex or base64.
        separator: between several signatures in the header.
        label: what a signature begins with, `v1=`; elements with other labels are passed over.
        signed: what is signed: {body}, {timestamp}, {id}, {token}, {url} and {form}.
        timestamp: where the time of signing is, in Unix seconds; no such time if empty.
        id: where {id} is, likewise {token}.
        key: how the secret is made the key: `text` as it is; `base64` decoded, without its prefix.
        asymmetric: label and algorithm of a signature by a key pair beside the shared secret's.
        instead: another way in which the provider signs; a delivery that holds by either is good.
        event_id, event_type, object_id, account, livemode, created, api_version: where they are.
        each_type: of a body that is a list of events, where the type is in each of them.
        handshake: what the provider asks once to see that somebody is there.
        weakness: what a signature of this kind does not protect.
    """

    title: str
    page: str
    header: str = ""
    signature: str = ""
    algorithm: Algorithm = "hmac-sha256"
    encoding: Literal["hex", "base64"] = "hex"
    separator: str = ""
    label: str = ""
    signed: str = "{body}"
    timestamp: str = ""
    id: str = ""
    token: str = ""
    key: Literal["text", "base64"] = "text"
    asymmetric: tuple[str, Algorithm] | None = None
    instead: "Scheme | None" = None
    event_id: Places = ()
    event_type: Places = ()
    object_id: Places = ()
    account: Places = ()
    livemode: Places = ()
    created: Places = ()
    api_version: Places = ()
    each_type: str = ""
    handshake: Literal["", "slack", "sns"] = ""
    weakness: str = ""

    @property
    def sends_secret(self) -> bool:
        """Whether the secret itself is in the header: whoever reads that has it."""
        return self.algorithm in {"equals", "basic"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came, exactly. `url` is the address as the sender sees it; empty if nobody knows."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """One active secret. `id` is whose last use is recorded.

    For a scheme with key pairs the value is the public key as the provider gives it (PEM or
    base64), for `basic` it is user:password, for SNS the ARN of the topic.
    """

    id: str
    value: str = field(repr=False)


class Reason(StrEnum):
    """Why a request was refused; the words appear in metrics and answers."""

    MISSING_HEADER = "missing_header"
    MALFORMED_HEADER = "malformed_header"
    NO_SIGNATURE = "no_signature"
    BAD_SIGNATURE = "bad_signature"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    NO_SECRET = "no_secret"  # noqa: S105  # the name of a reason
    KEY_NEEDED = "key_needed"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The signature holds; `secret_id` is the secret that verified it."""

    secret_id: str
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The request must not be stored; `detail` is for people and holds no secret and no input.

    With KEY_NEEDED, `key` is the checked address of a certificate that has to be fetched first.
    """

    reason: Reason
    detail: str
    key: str = ""


Keys = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Described:
    """The parts of an event that we file it under; each is None when the delivery does not say.

    `event_id` tells redeliveries, `object_id` tells events of one object (some, like
    `invoice.upcoming`, have none). `created` is in whole Unix seconds and so cannot order events.
    `event_types` are all types of a batch, if it has several; `event_type` is the first one.
    """

    event_id: str | None = None
    event_type: str | None = None
    object_id: str | None = None
    livemode: bool | None = None
    account: str | None = None
    api_version: str | None = None
    created: int | None = None
    event_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a handshake; `confirm` is an address to be fetched to complete it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    confirm: str = ""
