"""The server signed its certificate itself."""

from __future__ import annotations

from explorer.tls.mint import Wish, issue
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _leaf(shop: Workshop) -> Served:
    return show(issue(shop.names, None, Wish(), shop.authority.now))


FAULTS = (
    Fault("self-signed", Cause.SELF_SIGNED, "The certificate is its own issuer.", _leaf,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
)  # fmt: skip
