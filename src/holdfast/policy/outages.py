"""Which exceptions speak about the destination: it was not reached, or broke off, or was silent.

HTTP clients have trees of their own. They are known by the names of their classes, so that none has
to be installed.
"""

_NAMES = {
    "socket": {"gaierror", "herror"},
    "httpx": {"TimeoutException", "NetworkError", "RemoteProtocolError", "ProxyError"},
    "requests": {"ConnectionError", "Timeout", "ChunkedEncodingError"},
    "urllib3": {"TimeoutError", "NewConnectionError", "ProtocolError", "ProxyError", "SSLError"},
    "aiohttp": {"ClientConnectionError", "ClientPayloadError"},
}


def is_outage(error: BaseException) -> bool:
    """Whether it says that the other side is not there, or wraps what does (`reason`)."""
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    for cls in type(error).__mro__:
        package = cls.__module__.partition(".")[0]
        if cls.__name__ in _NAMES.get(package, ()):
            return True
    reason = getattr(error, "reason", None)
    return isinstance(reason, BaseException) and reason is not error and is_outage(reason)
