"""Somebody with a key asks the JSON API."""

from tests.asking import api_address, api_keys, asks, http_client  # noqa: F401  fixtures
