"""The chain ends at an authority that nobody was told to trust."""

from __future__ import annotations

from explorer.tls.mint import Authority
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _stranger(shop: Workshop) -> Authority:
    return Authority.create("Elsewhere Private", now=shop.authority.now)


def _with_intermediate(shop: Workshop) -> Served:
    return show(_stranger(shop).leaf(shop.names))


def _with_root(shop: Workshop) -> Served:
    stranger = _stranger(shop)
    return show(stranger.leaf(shop.names), stranger.root.certificate)


def _direct(shop: Workshop) -> Served:
    stranger = _stranger(shop)
    return show(stranger.leaf(shop.names, by=stranger.root))


FAULTS = (
    Fault("untrusted-ca", Cause.UNTRUSTED_CA, "Another authority's leaf and intermediate.", _with_intermediate,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
    Fault("untrusted-ca-with-root", Cause.UNTRUSTED_CA, "Another authority's chain with its root.", _with_root,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
    Fault("untrusted-ca-direct", Cause.UNTRUSTED_CA, "A leaf straight from an unknown root.", _direct,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
)  # fmt: skip
