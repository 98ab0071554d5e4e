"""The HTTP side: what channels serve, health, and a page to look at. Mountable under any prefix."""

from holdfast.api.app import build
from holdfast.api.server import listen, server

__all__ = ["build", "listen", "server"]
