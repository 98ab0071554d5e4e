"""Settings come from the environment, from variables that begin with HOLDFAST_, and only from here.

Each part declares a frozen model of its own; `read` fills it. A variable that no part knows is an
error that names the nearest known one: a typo in a setting must not be found out in an incident.
What a queue does (attempts, backoff, retention, ...) is no setting but a row in `queues`.
"""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from holdfast.errors import ConfigError

PREFIX = "HOLDFAST_"
API_KEY = re.compile(r"HOLDFAST_API_KEY_([A-Z0-9_]+)")
"""The variables that are keys of the JSON API; see `holdfast.api.keys`."""


class Settings(BaseSettings):
    """What a model of settings inherits: frozen, from the environment, empty means not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="ignore"
    )


class CoreSettings(Settings):
    """What every process needs.

    Attributes:
        database_url: the server; without it the embedded one is used. HOLDFAST_DATABASE_URL
        data: the folder of the embedded server. HOLDFAST_DATA
        schema_name: where holdfast is installed. HOLDFAST_SCHEMA_NAME
        log_level: DEBUG, INFO, WARNING or ERROR. HOLDFAST_LOG_LEVEL
        http: where the API listens, host:port. HOLDFAST_HTTP
        http_connections: at most this many HTTP connections at a time; the one that has kept us
            waiting longest makes room for a new one. HOLDFAST_HTTP_CONNECTIONS
        api_per_minute: requests of each key of the JSON API per minute, in one process; without it
            there is no limit. HOLDFAST_API_PER_MINUTE
        app: module:attribute of your holdfast object. HOLDFAST_APP
        trusted_proxies: addresses and CIDR ranges of your own proxies, with commas between them,
            `unix` for one that comes by a unix socket; only they may say for whom they ask.
            HOLDFAST_TRUSTED_PROXIES
        log_fields: names of fields of your own that may be shown in the log, with commas between
            them; of others only the name is shown. HOLDFAST_LOG_FIELDS
    """

    database_url: str | None = None
    data: Path = Path(".holdfast")
    schema_name: str = "holdfast"
    log_level: str = "INFO"
    http: str = "127.0.0.1:8025"
    http_connections: int = Field(1000, ge=1, le=1_000_000)
    api_per_minute: int = Field(0, ge=0, le=1_000_000)
    app: str | None = None
    trusted_proxies: str = ""
    log_fields: str = ""

    @property
    def shown_fields(self) -> list[str]:
        """The names in `log_fields`."""
        return [name.strip() for name in self.log_fields.split(",") if name.strip()]


S = TypeVar("S", bound=Settings)


def read(model: type[S], **given: object) -> S:
    """The model, filled from the environment; what is given (and not None) goes before.

    Raises:
        ConfigError: a value cannot be used; the message names the variable.
    """
    try:
        return model(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        complaints = "; ".join(
            f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()
        )
        raise ConfigError(complaints) from None


def named(pattern: re.Pattern[str]) -> dict[str, str]:
    """Variables that carry a name of the user's choice, as in HOLDFAST_SOURCE_<NAME>_SECRETS."""
    return {name: value for name, value in os.environ.items() if pattern.fullmatch(name)}


def refuse_unknown(
    models: Iterable[type[Settings]], patterns: Iterable[re.Pattern[str]] = (),
    environ: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Raise ConfigError if the environment has a HOLDFAST_ variable that nobody knows."""
    known = [PREFIX + field.upper() for model in models for field in model.model_fields]
    bare = [name.removeprefix(PREFIX) for name in known]
    patterns = list(patterns)
    for name in os.environ if environ is None else environ:
        if not name.startswith(PREFIX) or name in known:
            continue
        if any(pattern.fullmatch(name) for pattern in patterns):
            continue
        near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1)
        shapes = [re.sub(r"\(\[.*?\)", "<NAME>", p.pattern) for p in patterns]
        known_ones = f". Known: {', '.join([*sorted(known), *shapes])}"
        raise ConfigError(
            f"unknown setting {name}{f'; did you mean {PREFIX}{near[0]}?' if near else known_ones}"
        )
