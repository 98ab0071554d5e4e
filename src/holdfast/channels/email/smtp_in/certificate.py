"""The certificate of SMTP-in: two files, read again when they change."""

import logging
import ssl
from pathlib import Path

from holdfast import log
from holdfast.errors import ConfigError

_SMTP_CERTIFICATE_UNUSABLE = log.Event(
    "smtp.certificate_unusable",
    logging.ERROR,
    "The certificate has changed and cannot be used; the one before is kept.",
    error_type=str,
)
_Stamp = tuple[tuple[int, int, int], ...]


class Certificate:
    """HOLDFAST_SMTP_CERT and HOLDFAST_SMTP_KEY, in PEM format; the chain is in the first.

    Raises:
        ConfigError: there is no such file, or they cannot be used together.
    """

    def __init__(self, certificate: Path, key: Path | None) -> None:
        self._files = (certificate, key or certificate)
        try:
            self._stamp = self._look()
            self._context = self._load()
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                f"HOLDFAST_SMTP_CERT, HOLDFAST_SMTP_KEY: {certificate} and {self._files[1]} are no "
                f"certificate and its key in PEM format, without a passphrase: {error}"
            ) from None

    def context(self) -> ssl.SSLContext:
        """What the next connection is encrypted with."""
        try:
            stamp = self._look()
            if stamp != self._stamp:
                self._stamp = stamp  # a file that is half written is looked at again when it is not
                self._context = self._load()
        except (OSError, ssl.SSLError) as error:
            _SMTP_CERTIFICATE_UNUSABLE(error_type=type(error).__name__)
        return self._context

    def _look(self) -> _Stamp:
        states = [path.stat() for path in self._files]
        return tuple((s.st_mtime_ns, s.st_size, s.st_ino) for s in states)

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # an encrypted key would ask on the terminal
        context.load_cert_chain(self._files[0], self._files[1], password=lambda: b"")
        return context
