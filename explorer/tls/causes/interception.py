"""A proxy, virus scanner or portal shows a certificate of its own in place of the server's."""

from __future__ import annotations

from explorer.tls.mint import Authority
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _proxy(shop: Workshop) -> Served:
    proxy = Authority.create("mitmproxy", now=shop.authority.now)
    return show(proxy.leaf(shop.names, by=proxy.root), proxy.root.certificate)


FAULTS = (
    Fault("interception", Cause.INTERCEPTION, "A debugging proxy's certificate for the same name.", _proxy,
          side="network", chromium="ERR_CERT_AUTHORITY_INVALID"),
)  # fmt: skip
