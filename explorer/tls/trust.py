"""The roots that a probe trusts: the system's roots and those from `--ca`."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Files with the root certificates of Debian, Fedora, SUSE, Alpine and macOS, tried after OpenSSL's defaults."""


class TrustError(Exception):
    """A `--ca` file cannot be used. The message tells the user why."""


def read_certificates(data: bytes) -> list[x509.Certificate]:
    """Returns the certificate of a DER file, or all certificates of a PEM bundle that can be parsed.

    Raises ValueError if there are none.
    """
    with warnings.catch_warnings():
        # Some public roots have serial number 0, which `cryptography` warns about; they are trusted all the same.
        warnings.simplefilter("ignore")
        if b"-----BEGIN" not in data:
            return [x509.load_der_x509_certificate(data)]
        found = []
        for part in data.split(b"-----BEGIN CERTIFICATE-----")[1:]:
            block = part.split(b"-----END CERTIFICATE-----")[0]
            try:
                found.append(
                    x509.load_pem_x509_certificate(
                        b"-----BEGIN CERTIFICATE-----" + block + b"-----END CERTIFICATE-----\n"
                    )
                )
            except ValueError:
                continue  # one broken entry must not hide the other hundred
    if not found:
        raise ValueError("it holds no certificate")
    return found


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The root certificates that a probe trusts.

    `system` holds the roots of the system, and `private` those from `--ca`. `words` describes both for a report.
    """

    system: tuple[x509.Certificate, ...]
    private: tuple[x509.Certificate, ...]
    words: str

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        return (*self.private, *self.system)

    @classmethod
    def load(cls, ca: Sequence[Path] = ()) -> TrustStore:
        """Load the roots. Raises TrustError for a `--ca` file that is missing or holds no certificate."""
        private: list[x509.Certificate] = []
        for path in ca:
            try:
                private += read_certificates(path.read_bytes())
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) else f"{error}"
                raise TrustError(
                    f"«{path}» cannot be used as --ca: {why}. Give a file with root certificates (PEM or DER)."
                ) from error
        paths = ssl.get_default_verify_paths()
        system: list[x509.Certificate] = []
        words = "no system roots found"
        for name in dict.fromkeys(filter(None, (paths.cafile, paths.openssl_cafile, *BUNDLES))):
            if Path(name).is_file():
                try:
                    system = read_certificates(Path(name).read_bytes())
                except (OSError, ValueError):
                    continue
                words = f"system ({len(system)} roots)"
                break
        words += "".join(f" + {path.name}" for path in ca)
        return cls(tuple(system), tuple(private), words)
