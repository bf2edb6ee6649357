"""The server only speaks versions of TLS that clients refuse (RFC 8996)."""

from __future__ import annotations

import ssl

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.scripts import only_version
from flows.diagnosis import Cause

_OLD = "ALL:!aNULL:!eNULL:@SECLEVEL=0"


def _rsa(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(key="rsa")))


FAULTS = (
    Fault("weak-protocol", Cause.WEAK_PROTOCOL, "Speaks TLS 1.0 only.", _rsa,
          Terms(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1, _OLD), chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
    Fault("weak-protocol-1.1", Cause.WEAK_PROTOCOL, "Speaks TLS 1.1 only.", _rsa,
          Terms(ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1, _OLD), chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
    Fault("weak-protocol-ssl3", Cause.WEAK_PROTOCOL, "Speaks SSL 3.0 only.", script=only_version(0x0300, 0x002F),
          chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
)  # fmt: skip
