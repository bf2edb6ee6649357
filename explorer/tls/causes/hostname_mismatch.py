"""The certificate is for other names than the one that was asked for."""

from __future__ import annotations

from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _other(shop: Workshop) -> Served:
    return show(shop.authority.leaf(["another-host.test"]))


def _wildcard(shop: Workshop) -> Served:
    """`*.desk.test` for `a.chat.desk.test`: a wildcard stands for exactly one label (RFC 6125 section 6.4.3)."""
    return show(shop.authority.leaf([f"*.{name.partition('.')[2].partition('.')[2] or 'test'}" for name in shop.names]))


FAULTS = (
    Fault("hostname-mismatch", Cause.HOSTNAME_MISMATCH, "The certificate is for another-host.test.", _other,
          chromium="ERR_CERT_COMMON_NAME_INVALID"),
    Fault("hostname-mismatch-wildcard", Cause.HOSTNAME_MISMATCH, "The wildcard is one level too high.", _wildcard,
          chromium="ERR_CERT_COMMON_NAME_INVALID"),
)  # fmt: skip
