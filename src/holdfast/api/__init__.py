"""The HTTP side: what channels serve, health, and a page to look at. Mountable under any prefix."""

from holdfast.api.app import build

__all__ = ["build"]
