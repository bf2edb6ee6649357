"""Mints certificates for servers on loopback: a private root, its intermediate, and leaves, healthy or with a fault.

Nothing is stored: each `Authority` has keys of its own, which live as long as the object.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from flows.host_name import wire_name

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
KeyKind = Literal["ec", "ec-384", "ec-521", "rsa", "rsa-1024", "ed25519"]
Digest = Literal["sha256", "sha1", "md5"]

_SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
_OLD_RSA = {"sha1": bytes.fromhex("2a864886f70d010105"), "md5": bytes.fromhex("2a864886f70d010104")}


def new_key(kind: KeyKind = "ec") -> PrivateKey:
    """A fresh private key; `ec` is P-256, `rsa` has 2048 bits."""
    curve = {"ec": ec.SECP256R1(), "ec-384": ec.SECP384R1(), "ec-521": ec.SECP521R1()}.get(kind)
    if curve is not None:
        return ec.generate_private_key(curve)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 1024 if kind == "rsa-1024" else 2048)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key. `issuers` are the intermediates between it and its root, nearest first."""

    certificate: x509.Certificate
    key: PrivateKey
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The chain as a healthy server sends it: the leaf first, then its issuers, without the root."""
        return (self.certificate, *self.issuers)


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """What a certificate should contain. The defaults give a certificate that every client accepts.

    `days` is the validity period relative to now: (-30, 60) began 30 days ago and ends in 60 days. `aia`, `crl` and
    `ocsp` are URLs. If `eku` is None, the certificate has no extended key usage. `permitted` are the DNS subtrees in
    the name constraints of an authority.
    """

    days: tuple[float, float] = (-30, 60)
    key: KeyKind = "ec"
    digest: Digest = "sha256"
    common_name: str | None = None
    san: bool = True
    addresses_as_names: bool = False  # puts addresses into dNSName entries, which no client compares with an address
    eku: tuple[ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.SERVER_AUTH,)
    sign_documents: bool = True  # keyUsage digitalSignature, which TLS servers need
    ca: bool = False
    path_length: int | None = None
    permitted: tuple[str, ...] = ()
    aia: str = ""
    crl: str = ""
    ocsp: str = ""
    must_staple: bool = False
    spoil_signature: bool = False
    key_identifiers: bool = True
    serial: int | None = None


def _general_name(name: str, *, as_name: bool) -> x509.GeneralName:
    if as_name:
        return x509.DNSName(name)
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(wire_name(name) if not name.isascii() else name)


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])] if common_name else [])


def _extensions(
    spec: CertificateSpec, names: Sequence[str], subject_named: bool
) -> list[tuple[x509.ExtensionType, bool]]:
    usage = x509.KeyUsage(
        digital_signature=spec.sign_documents or spec.ca,
        key_cert_sign=spec.ca,
        crl_sign=spec.ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not spec.sign_documents,
        encipher_only=False,
        decipher_only=False,
    )
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=spec.ca, path_length=spec.path_length if spec.ca else None), True),
        (usage, True),
    ]
    if names and spec.san and not spec.ca:
        found.append(
            (
                x509.SubjectAlternativeName([_general_name(n, as_name=spec.addresses_as_names) for n in names]),
                not subject_named,
            )
        )
    if spec.eku and not spec.ca:
        found.append((x509.ExtendedKeyUsage(spec.eku), False))
    if spec.permitted:
        found.append((x509.NameConstraints([x509.DNSName(n) for n in spec.permitted], None), True))
    access = [(AuthorityInformationAccessOID.CA_ISSUERS, spec.aia), (AuthorityInformationAccessOID.OCSP, spec.ocsp)]
    if any(url for _, url in access):
        described = [x509.AccessDescription(oid, x509.UniformResourceIdentifier(url)) for oid, url in access if url]
        found.append((x509.AuthorityInformationAccess(described), False))
    if spec.crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(spec.crl)], None, None, None)
        found.append((x509.CRLDistributionPoints([point]), False))
    if spec.must_staple:
        found.append((x509.TLSFeature([x509.TLSFeatureType.status_request]), False))
    return found


def issue(names: Sequence[str], by: Issued | None, spec: CertificateSpec, now: datetime) -> Issued:
    """Mint one certificate for `names`, signed by `by`, or self-signed if `by` is None.

    The first name becomes the common name unless `spec` gives another.
    """
    key = new_key(spec.key)
    common_name = spec.common_name if spec.common_name is not None else (names[0] if names else "")
    subject = _subject(common_name)
    signer = by.key if by else key
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    start = (now + timedelta(days=spec.days[0])).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .serial_number(spec.serial or x509.random_serial_number())
        .public_key(key.public_key())
        .not_valid_before(start)
        .not_valid_after((now + timedelta(days=spec.days[1])).replace(microsecond=0))
    )
    if spec.key_identifiers:
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(own, critical=False)
    if by and spec.key_identifiers:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    for extension, critical in _extensions(spec, names, bool(common_name)):
        builder = builder.add_extension(extension, critical=critical)
    made = builder.sign(signer, digest)
    if spec.digest != "sha256":
        made = _signed_the_old_way(made, signer, spec.digest)
    if spec.spoil_signature:
        der = bytearray(made.public_bytes(serialization.Encoding.DER))
        der[-1] ^= 1
        made = x509.load_der_x509_certificate(bytes(der))
    above = (by.certificate, *by.issuers) if by and not _is_root(by) else ()
    return Issued(made, key, above)


def _is_root(issued: Issued) -> bool:
    return issued.certificate.subject == issued.certificate.issuer


def _signed_the_old_way(made: x509.Certificate, signer: PrivateKey, digest: Digest) -> x509.Certificate:
    """The same certificate with an RSA signature over a broken hash, which `cryptography` no longer creates.

    The object identifiers of the signature algorithms have the same length (RFC 8017 appendix A.2.4), so one can
    replace the other in place.
    """
    if not isinstance(signer, rsa.RSAPrivateKey):
        raise TypeError(f"only an RSA key can sign with {digest} here")
    old = _OLD_RSA[digest]
    body = made.tbs_certificate_bytes.replace(_SHA256_RSA, old)
    signature = signer.sign(body, padding.PKCS1v15(), hashes.SHA1() if digest == "sha1" else hashes.MD5())  # noqa: S303 - the fault that is asked for
    der = made.public_bytes(serialization.Encoding.DER)
    der = der.replace(made.tbs_certificate_bytes, body).replace(_SHA256_RSA, old)
    return x509.load_der_x509_certificate(der[: -len(signature)] + signature)


class Authority:
    """A private certificate authority: a root, and an intermediate that issues the leaves.

    Roots have critical basicConstraints, and leaves have an authorityKeyIdentifier and a subjectKeyIdentifier, so that
    strict verifiers accept them, too.
    """

    def __init__(self, root: Issued, intermediate: Issued, name: str, now: datetime | None = None) -> None:
        self.root = root
        self.intermediate = intermediate
        self.name = name
        self._now = now

    @classmethod
    def create(cls, name: str = "Trustwalk Test", *, key: KeyKind = "ec", now: datetime | None = None) -> Authority:
        """A new authority. All dates are relative to `now` (aware); the default is the machine's clock."""
        at = now or datetime.now(tz=UTC)
        root = issue((), None, CertificateSpec(days=(-400, 3600), ca=True, key=key, common_name=f"{name} Root CA"), at)
        spec = CertificateSpec(days=(-200, 1800), ca=True, key=key, path_length=0, common_name=f"{name} Issuing CA")
        return cls(root, issue((), root, spec, at), name, now)

    @property
    def now(self) -> datetime:
        return self._now or datetime.now(tz=UTC)

    @property
    def root_pem(self) -> bytes:
        return pem(self.root.certificate)

    def sub_authority(self, spec: CertificateSpec | None = None, *, by: Issued | None = None, name: str = "") -> Issued:
        """Another intermediate, issued by the root unless `by` names another issuer. `spec.ca` is ignored."""
        spec = replace(spec or CertificateSpec(days=(-200, 1800)), ca=True)
        return issue((), by or self.root, replace(spec, common_name=name or f"{self.name} Second Issuing CA"), self.now)

    def leaf(self, names: Sequence[str], spec: CertificateSpec | None = None, *, by: Issued | None = None) -> Issued:
        """A leaf, issued by the intermediate unless `by` names another issuer."""
        return issue(names, by or self.intermediate, spec or CertificateSpec(), self.now)

    def cross_sign(self, other: Issued, days: tuple[float, float] = (-200, 1800)) -> x509.Certificate:
        """Cross-sign another authority: issue a certificate from this root for its name and key.

        `days` has the same meaning as in CertificateSpec."""
        now = self.now.replace(microsecond=0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(other.certificate.subject)
            .issuer_name(self.root.certificate.subject)
            .serial_number(x509.random_serial_number())
            .public_key(other.key.public_key())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
        )
        for extension in other.certificate.extensions:
            if not isinstance(extension.value, x509.AuthorityKeyIdentifier):
                builder = builder.add_extension(extension.value, critical=extension.critical)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key())
        return builder.add_extension(issuer, critical=False).sign(self.root.key, hashes.SHA256())

    def revocations(self, by: Issued, serials: Sequence[int]) -> bytes:
        """A CRL of the issuer `by`, in DER. It lists these serial numbers as revoked."""
        now = self.now.replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=7))
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(days=1))
            builder = builder.add_revoked_certificate(entry.build())
        digest = None if isinstance(by.key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        return builder.sign(by.key, digest).public_bytes(serialization.Encoding.DER)
