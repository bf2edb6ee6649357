"""Reads certificates from DER, orders them from the leaf upwards, and matches them against a name. Pure.

The certificates may come from a hostile server, with NUL in names, endless chains or broken extensions. Whatever cannot
be read is left out, and no exception is raised.
"""

from __future__ import annotations

import hashlib
import ipaddress
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from flows.diagnosis import Certificate

MAX_CHAIN = 32
MAX_TEXT = 512
MAX_NAMES = 200

T = TypeVar("T")
E = TypeVar("E", bound=x509.ExtensionType)


def quiet(read: Callable[[], T], otherwise: T) -> T:
    """The result of `read`, or `otherwise` if it raises.

    `cryptography` parses lazily, and a hostile certificate can make it raise other exceptions than ValueError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # `cryptography` warns about odd certificates; here their oddities are facts, and no warnings
            return read()
    except Exception:  # noqa: BLE001 - see above
        return otherwise


def printable(text: str) -> str:
    """Untrusted text on one line, without control characters, shortened to fit a report."""
    cleaned = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:MAX_TEXT])
    return cleaned + ("…" if len(text) > MAX_TEXT else "")


def load(der: bytes) -> x509.Certificate | None:
    return quiet(lambda: x509.load_der_x509_certificate(der), None)


def extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    return quiet(lambda: certificate.extensions.get_extension_for_class(kind).value, None)


def key_words(certificate: x509.Certificate) -> str:
    """The kind and size of a certificate's key: «RSA 2048», «EC P-256», «Ed25519»… or «unknown»."""
    key = quiet(certificate.public_key, None)
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name.replace('secp', 'P-').replace('r1', '')}"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519"
    return "Ed448" if isinstance(key, ed448.Ed448PublicKey) else "unknown"


def _signature(certificate: x509.Certificate) -> str:
    digest = quiet(lambda: certificate.signature_hash_algorithm, None)
    if digest is not None:
        return str(digest.name)
    return quiet(lambda: str(certificate.signature_algorithm_oid._name), "unknown")  # noqa: SLF001 - no public name


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    san = extension(certificate, x509.SubjectAlternativeName)
    if san is None:
        return ()
    known = [name for name in list(san)[:MAX_NAMES] if isinstance(name, x509.DNSName | x509.IPAddress)]
    return tuple(printable(_name_words(name)) for name in known)


def _name_words(name: x509.DNSName | x509.IPAddress) -> str:
    """The name as text.

    An IP address in a dNSName gets the prefix «DNS:», because no client compares a dNSName with an address (RFC 6125
    section 1.7.2)."""
    text = str(name.value)
    return (
        f"DNS:{text}"
        if isinstance(name, x509.DNSName) and quiet(lambda: bool(ipaddress.ip_address(text)), False)
        else text
    )


def _urls(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> tuple[str, ...]:
    access = extension(certificate, x509.AuthorityInformationAccess)
    return tuple(
        printable(d.access_location.value)
        for d in list(access or ())[:8]
        if d.access_method == method and isinstance(d.access_location, x509.UniformResourceIdentifier)
    )


def issuer_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    return _urls(certificate, AuthorityInformationAccessOID.CA_ISSUERS)


def ocsp_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    return _urls(certificate, AuthorityInformationAccessOID.OCSP)


def crl_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    points = extension(certificate, x509.CRLDistributionPoints)
    names = [name for point in list(points or ())[:4] for name in point.full_name or ()]
    return tuple(printable(n.value) for n in names if isinstance(n, x509.UniformResourceIdentifier))


def is_authority(certificate: x509.Certificate) -> bool:
    constraints = extension(certificate, x509.BasicConstraints)
    return bool(constraints and constraints.ca)


def serves_tls(certificate: x509.Certificate) -> bool:
    """Whether the extended key usage, if present, allows TLS servers (RFC 5280 section 4.2.1.12)."""
    usage = extension(certificate, x509.ExtendedKeyUsage)
    allowed = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    return usage is None or bool(allowed & set(usage))


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether the key usage, if present, allows signing handshakes.

    TLS 1.3 and every suite with forward secrecy need this (RFC 8446 section 4.4.2.2)."""
    usage = extension(certificate, x509.KeyUsage)
    return usage is None or usage.digital_signature


def must_staple(certificate: x509.Certificate) -> bool:
    feature = extension(certificate, x509.TLSFeature)
    return feature is not None and x509.TLSFeatureType.status_request in list(feature)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describe(certificate: x509.Certificate) -> Certificate:
    """The facts of one certificate. Unreadable texts become empty, and unreadable dates 1970-01-01."""
    subject = quiet(lambda: printable(certificate.subject.rfc4514_string()), "")
    issuer = quiet(lambda: printable(certificate.issuer.rfc4514_string()), "")
    der = certificate.public_bytes(Encoding.DER)
    return Certificate(
        subject=subject,
        issuer=issuer,
        serial=quiet(lambda: f"{certificate.serial_number:x}", ""),
        not_before=quiet(lambda: certificate.not_valid_before_utc, _EPOCH),
        not_after=quiet(lambda: certificate.not_valid_after_utc, _EPOCH),
        names=_names(certificate),
        key=key_words(certificate),
        signature=_signature(certificate),
        sha256=hashlib.sha256(der).hexdigest(),
        is_ca=is_authority(certificate),
        self_issued=quiet(lambda: certificate.subject == certificate.issuer, False),
        aia=issuer_urls(certificate),
        pem=certificate.public_bytes(Encoding.PEM).decode(),
    )


def _key_ids_agree(child: x509.Certificate, parent: x509.Certificate) -> bool:
    wanted = extension(child, x509.AuthorityKeyIdentifier)
    has = extension(parent, x509.SubjectKeyIdentifier)
    if wanted is None or has is None or wanted.key_identifier is None:
        return True
    return bool(wanted.key_identifier == has.digest)


def named_issuer(child: x509.Certificate, parent: x509.Certificate) -> bool:
    """Whether `child` names `parent` as its issuer, by name and key identifier. The signature is not checked."""
    same = quiet(lambda: child.issuer == parent.subject, False)
    return same and _key_ids_agree(child, parent)


def signed_by(child: x509.Certificate, parent: x509.Certificate) -> bool | None:
    """Whether `parent` signed `child`; None if that cannot be checked (broken hash, unknown algorithm)."""
    try:
        child.verify_directly_issued_by(parent)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, TypeError):
        return None
    except ValueError:
        return None
    return True


@dataclass(frozen=True, slots=True)
class Path:
    """A chain from the leaf upwards, as far as the given certificates lead.

    `links` are its certificates, leaf first. `anchor` is the trusted root to which they lead, or None. `top` is the
    last of `links`. `misfits` are (child, parent) pairs in which the signature of the child does not verify with the
    key of the parent.
    """

    links: tuple[x509.Certificate, ...]
    anchor: x509.Certificate | None
    misfits: tuple[tuple[x509.Certificate, x509.Certificate], ...] = ()

    @property
    def top(self) -> x509.Certificate:
        return self.links[-1]

    @property
    def top_is_own_issuer(self) -> bool:
        return named_issuer(self.top, self.top)


def build_path(leaf: x509.Certificate, others: Iterable[x509.Certificate], roots: Sequence[x509.Certificate]) -> Path:
    """Build the path from `leaf` towards a trusted root, by names and signatures.

    If a trusted root and one of `others` can both be the issuer, the trusted root is taken."""
    links = [leaf]
    misfits: list[tuple[x509.Certificate, x509.Certificate]] = []
    pool = list(others)[:MAX_CHAIN]
    while len(links) <= MAX_CHAIN:
        child = links[-1]
        if child in roots:
            return Path(tuple(links), child, tuple(misfits))
        for root in roots:
            if named_issuer(child, root) and signed_by(child, root) is not False:
                return Path(tuple(links), root, tuple(misfits))
        parents = [p for p in pool if p not in links and named_issuer(child, p)]
        fitting = [p for p in parents if signed_by(child, p) is not False]
        # The server may send a newer, cross-signed certificate with the name of this root: that is no forgery.
        forged = next((r for r in roots if named_issuer(child, r) and child != r), None)
        if forged is not None and not fitting:
            return Path(tuple(links), forged, (*misfits, (child, forged)))
        if not parents:
            break
        if not fitting:
            misfits.append((child, parents[0]))
        # Cross-signed: if an issuer has two certificates, take the one that leads to a trusted root.
        fitting.sort(key=lambda p: not any(named_issuer(p, root) for root in roots))
        links.append((fitting or parents)[0])
    return Path(tuple(links), None, tuple(misfits))


def name_matches(certificate: Certificate, host: str) -> bool:
    """Whether subjectAltName matches `host`: exactly, or by a wildcard for the first label (RFC 6125 section 6.4)."""
    try:
        wanted = ipaddress.ip_address(host)
    except ValueError:
        return any(_label_match(name.lower().rstrip("."), host.lower().rstrip(".")) for name in certificate.names)
    return any(str(wanted) == name for name in certificate.names)


def _label_match(pattern: str, host: str) -> bool:
    if pattern == host:
        return True
    head, _, rest = pattern.partition(".")
    first, _, host_rest = host.partition(".")
    return head == "*" and bool(first) and "." in rest and rest == host_rest
