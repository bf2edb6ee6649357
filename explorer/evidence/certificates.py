"""Reads files of certificates and private keys: PEM, DER, PKCS#7 and PKCS#12.

Of a private key, only the public half is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    pkcs7,
)

from explorer.evidence.guarded import open_pkcs12
from explorer.targets.error import TargetError
from explorer.tls.chain import describe, is_authority, load, quiet

MOST = 16 << 20
"""The largest file that is read, in bytes. For comparison, a bundle of all public roots has 250 KB."""
MOST_CERTIFICATES = 1_000
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----.*?-----END \1-----", re.DOTALL)


@dataclass(slots=True)
class CertificateFile:
    """The certificates and keys of a file, in the order of the file.

    `keys` are the public halves (SubjectPublicKeyInfo) of private keys. `locked` counts the private keys that need a
    password. `broken` counts the blocks that cannot be parsed."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    locked: int = 0
    broken: int = 0

    @property
    def leaf(self) -> x509.Certificate | None:
        """The server's own certificate. None in a bundle of CA certificates.

        It is the certificate that belongs to a key in the file, else the first that is not a CA certificate. If neither
        exists, it is the only certificate in the file, provided that it names a host. `openssl req -x509` makes such
        CA certificates for servers."""
        of_key = next((c for c in self.certificates if public_key(c) in self.keys), None)
        plain = next((c for c in self.certificates if not is_authority(c)), None)
        alone = self.certificates[0] if len(self.certificates) == 1 and describe(self.certificates[0]).names else None
        return of_key or plain or alone


def public_key(certificate: x509.Certificate) -> bytes:
    """The certificate's key as SubjectPublicKeyInfo; empty if it cannot be read."""
    return quiet(lambda: certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), b"")


def read_certificate_file(name: str, data: bytes, password: bytes | None = None) -> CertificateFile:
    """The certificates and keys in a file. `password` opens a PKCS#12 file or a private key.

    Raises TargetError if no certificate can be read, and NeedsPassword if a PKCS#12 file needs a password."""
    found = CertificateFile()
    if b"-----BEGIN " in data:
        for match in _BLOCK.finditer(data):
            _pem(found, match[1].decode(), match[0], password)
    else:
        _der(found, name, data, password)
    del found.certificates[MOST_CERTIFICATES:]
    if not found.certificates and not found.keys:
        broken = " that can be read" if found.broken or found.locked else ""
        raise TargetError(f"{name}: holds no certificate{broken}; give a PEM, DER, PKCS#7 or PKCS#12 file.")
    if not found.certificates:
        raise TargetError(f"{name}: holds a private key and no certificate; give the certificate, too.")
    return found


def _pem(found: CertificateFile, label: str, block: bytes, password: bytes | None) -> None:
    if label.endswith("CERTIFICATE"):
        plain = re.sub(rb"(BEGIN|END) (?:TRUSTED|X509) ", rb"\1 ", block)
        certificate = quiet(lambda: x509.load_pem_x509_certificate(plain), None)
        if certificate is None:
            found.broken += 1
        else:
            found.certificates.append(certificate)
    elif label == "PKCS7":
        found.certificates += quiet(lambda: pkcs7.load_pem_pkcs7_certificates(block), _none())
    elif label.endswith("PRIVATE KEY"):
        _key(found, block, password)


def _key(found: CertificateFile, block: bytes, password: bytes | None) -> None:
    sealed = b"ENCRYPTED" in block
    load_key = load_pem_private_key if b"-----BEGIN" in block else load_der_private_key
    key = quiet(lambda: load_key(block, password if sealed else None), None)
    if key is None:
        found.locked += sealed
        found.broken += not sealed
    else:
        found.keys.append(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _der(found: CertificateFile, name: str, data: bytes, password: bytes | None) -> None:
    one = load(data)
    if one is not None:
        found.certificates.append(one)
        return
    several = quiet(lambda: pkcs7.load_der_pkcs7_certificates(data), _none())
    if several:
        found.certificates += several
        return
    key = quiet(lambda: load_der_private_key(data, None), None)
    if key is not None:
        found.keys.append(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        return
    answer = open_pkcs12(name, data, password)
    if not answer.strip():
        raise TargetError(f"{name}: holds no certificate; give a PEM, DER, PKCS#7 or PKCS#12 file.")
    for match in _BLOCK.finditer(answer):
        if match[1] == b"PUBLIC KEY":
            der = _public(match[0])
            found.keys += [der] if der else []
        else:
            _pem(found, match[1].decode(), match[0], None)


def _public(block: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return quiet(lambda: load_pem_public_key(block).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), b"")


def _none() -> list[x509.Certificate]:
    return []


def ordered(found: CertificateFile) -> Sequence[x509.Certificate]:
    """The certificates with the server's own first, the others in the order of the file."""
    leaf = found.leaf
    return [leaf, *(c for c in found.certificates if c is not leaf)] if leaf is not None else found.certificates
