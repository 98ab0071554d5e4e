"""Which exceptions speak about the destination: it was not reached, or broke off, or was silent.

HTTP clients have trees of their own. They are known by the names of their classes, so that none has
to be installed. What this process ran out of by itself (files, memory, places in the client's own
pool) looks the same at the top, and says nothing about the other side.
"""

import errno

_NAMES = {
    "socket": {"gaierror", "herror"},
    "httpx": {"TimeoutException", "NetworkError", "RemoteProtocolError", "ProxyError"},
    "requests": {"ConnectionError", "Timeout", "ChunkedEncodingError"},
    "urllib3": {"TimeoutError", "NewConnectionError", "ProtocolError", "ProxyError", "SSLError"},
    "aiohttp": {"ClientConnectionError", "ClientPayloadError"},
}
_NAMES_AT_HOME = {"httpx": {"PoolTimeout"}, "urllib3": {"EmptyPoolError"}}
_ERRNOS_AT_HOME = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_DEEPEST = 10


def is_outage(error: BaseException) -> bool:
    """Whether it says that the other side is not there, or wraps what does, as a task group."""
    if isinstance(error, BaseExceptionGroup):
        return any(map(is_outage, error.exceptions))
    if _is_at_home(error):
        return False
    if isinstance(error, ConnectionError | TimeoutError) or _is_named(error, _NAMES):
        return True
    reason = getattr(error, "reason", None)
    return isinstance(reason, BaseException) and reason is not error and is_outage(reason)


def _is_at_home(error: BaseException) -> bool:
    """Whether it, or what it came from, is that we ran out of something."""
    at: BaseException | None = error
    for _ in range(_DEEPEST):
        if at is None:
            break
        if getattr(at, "errno", None) in _ERRNOS_AT_HOME or _is_named(at, _NAMES_AT_HOME):
            return True
        at = at.__cause__ or at.__context__
    return False


def _is_named(error: BaseException, names: dict[str, set[str]]) -> bool:
    return any(
        cls.__name__ in names.get(cls.__module__.partition(".")[0], ())
        for cls in type(error).__mro__
    )
