"""Servers to which no cause applies: healthy ones of many kinds, and odd ones that the probe reports as a finding."""

from __future__ import annotations

import ssl
from dataclasses import replace

from explorer.tls.faults.mint import Authority, CertificateSpec, Issued, KeyKind
from explorer.tls.faults.recipe import Fault, Mint, Served, Terms, Workshop, show
from explorer.tls.faults.stapling import ocsp_answer


def _with_key(kind: KeyKind) -> Mint:
    return lambda shop: show(shop.authority.leaf(shop.names, CertificateSpec(key=kind)))


def _wildcard(shop: Workshop) -> Served:
    return show(shop.authority.leaf([f"*.{name.partition('.')[2]}" for name in shop.names]))


def _long(shop: Workshop) -> Served:
    by: Issued = shop.authority.root
    for number in range(5):
        by = shop.authority.sub_authority(by=by, name=f"Level {number} CA")
    return show(shop.authority.leaf(shop.names, by=by))


def _crossed(shop: Workshop) -> Served:
    """A chain under an unknown root that the trusted root has cross-signed. The server sends that cross-certificate."""
    other = Authority.create("Newer", now=shop.authority.now)
    crossed = shop.authority.cross_sign(other.root)
    return show(other.leaf(shop.names), crossed)


def _crossed_spare(shop: Workshop) -> Served:
    """A chain that ends at the trusted root.

    For older clients, the server also sends a certificate in which another root has cross-signed the trusted root."""
    older = Authority.create("Older", now=shop.authority.now)
    return show(shop.authority.leaf(shop.names), older.cross_sign(shop.authority.root))


def _crossed_over(shop: Workshop) -> Served:
    older = Authority.create("Older", now=shop.authority.now)
    return show(shop.authority.leaf(shop.names), older.cross_sign(shop.authority.root, days=(-4000, -20)))


def _stapled(shop: Workshop) -> Served:
    leaf = shop.authority.leaf(shop.names, CertificateSpec(must_staple=True))
    return replace(show(leaf), staple=ocsp_answer(shop.authority, leaf, revoked=False))


def _nameless(shop: Workshop) -> Served:
    """A leaf with an empty subject and a critical subjectAltName (RFC 5280 section 4.1.2.6).

    Modern authorities issue such leaves."""
    return show(shop.authority.leaf(shop.names, CertificateSpec(common_name="")))


def _plain(shop: Workshop) -> Served:
    """A leaf without key identifiers. Strict RFC 5280 profiles refuse it; browsers accept it."""
    return show(shop.authority.leaf(shop.names, CertificateSpec(key_identifiers=False)))


def _wrong_order(shop: Workshop) -> Served:
    upper = shop.authority.sub_authority(name="Upper CA")
    leaf = shop.authority.leaf(shop.names, by=shop.authority.sub_authority(by=upper, name="Lower CA"))
    return Served(leaf.key_pem, (leaf.chain[0], *reversed(leaf.chain[1:])))


def _superfluous(shop: Workshop) -> Served:
    stranger = Authority.create("Superfluous", now=shop.authority.now)
    return show(shop.authority.leaf(shop.names), stranger.intermediate.certificate)


def _duplicate(shop: Workshop) -> Served:
    leaf = shop.authority.leaf(shop.names)
    return show(leaf, leaf.certificate)


def _with_root(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names), shop.authority.root.certificate)


def _needs_sni(shop: Workshop) -> Served:
    other = show(shop.authority.leaf(["default.test"]))
    leaf = shop.authority.leaf(shop.names)
    return Served(leaf.key_pem, leaf.chain, without_sni=other)


def _ending(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(days=(-85, 5))))


def _must_staple(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(must_staple=True)))


FAULTS = (
    Fault("healthy", None, "A healthy server."),
    Fault("healthy-rsa", None, "An RSA key.", _with_key("rsa")),
    Fault("healthy-wildcard", None, "A wildcard certificate.", _wildcard),
    Fault("healthy-long", None, "Five intermediates.", _long),
    Fault("healthy-crossed", None, "A cross-signed chain.", _crossed),
    Fault("healthy-crossed-spare", None, "A chain with a cross-signed root for older clients.", _crossed_spare),
    Fault("healthy-stapled", None, "The leaf requires a stapled OCSP response, and the server sends it.", _stapled),
    Fault("healthy-nameless", None, "An empty subject.", _nameless),
    Fault("healthy-plain", None, "A leaf without key identifiers. Many private authorities issue such leaves.", _plain),
    Fault("healthy-p384", None, "A key on P-384.", _with_key("ec-384")),
    Fault("healthy-root", None, "Also sends its root, which does no harm.", _with_root),
    Fault("healthy-tls12", None, "TLS 1.2 only.", terms=Terms(maximum=ssl.TLSVersion.TLSv1_2)),
    Fault("healthy-tls13", None, "TLS 1.3 only.", terms=Terms(minimum=ssl.TLSVersion.TLSv1_3)),
    Fault(
        "ed25519",
        None,
        "An Ed25519 key, which browsers refuse.",
        _with_key("ed25519"),
        finding="key-type",
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "p521",
        None,
        "A key on P-521, which Chromium refuses.",
        _with_key("ec-521"),
        finding="key-type",
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "chain-expired-extra",
        None,
        "Still sends a cross-signed root that has expired.",
        _crossed_over,
        finding="chain-expired-extra",
    ),
    Fault(
        "chain-wrong-order", None, "Sends the intermediates in the wrong order.", _wrong_order, finding="chain-order"
    ),
    Fault("chain-superfluous", None, "Also sends an unrelated certificate.", _superfluous, finding="chain-superfluous"),
    Fault("chain-duplicate", None, "Sends the leaf twice.", _duplicate, finding="chain-duplicate"),
    Fault("needs-sni", None, "Presents another certificate to clients without SNI.", _needs_sni, finding="needs-sni"),
    Fault(
        "ending",
        None,
        "The leaf expires in five days, at the end of a lifetime of ninety days.",
        _ending,
        finding="expiring",
    ),
    Fault(
        "must-staple",
        None,
        "The leaf requires a stapled OCSP response, and the server sends none.",
        _must_staple,
        finding="must-staple",
    ),
)
