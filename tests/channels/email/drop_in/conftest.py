"""A process whose settings name the test's database."""

import psycopg
import pytest
from django import setup
from django.conf import settings
from django.db import connections

from holdfast.channels.email.drop_in import store
from holdfast.channels.email.drop_in.django import EmailBackend

BACKEND = "holdfast.channels.email.drop_in.django.EmailBackend"


@pytest.fixture
def our_database(dsn, monkeypatch):
    """HOLDFAST_DATABASE_URL is set; what the drop-ins opened is closed afterwards."""
    monkeypatch.setenv("HOLDFAST_DATABASE_URL", dsn)
    yield dsn
    store.database().close_sync()
    store._opened.cache_clear()


@pytest.fixture
def django(our_database):
    """Django, with its default database in the same Postgres; gives a way to point it elsewhere."""
    if not settings.configured:
        settings.configure(
            EMAIL_BACKEND=BACKEND,
            DEFAULT_FROM_EMAIL="Shop <shop@example.com>",
            LOGGING_CONFIG=None,
        )
        setup()

    def point(dsn=our_database):
        info = psycopg.conninfo.conninfo_to_dict(dsn)
        default = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": info["dbname"],
            "HOST": info["host"],
            "PORT": info.get("port", ""),
            "USER": info.get("user", ""),
        }
        if hasattr(connections._connections, "default"):
            connections["default"].close()
            del connections["default"]
        connections.settings["default"] = connections.configure_settings({"default": default})[
            "default"
        ]
        EmailBackend._same.clear()

    point()
    yield point
    connections["default"].close()
