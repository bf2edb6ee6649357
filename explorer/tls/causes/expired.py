"""The certificate, or one above it, has run out."""

from __future__ import annotations

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _leaf(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(days=(-95, -5))))


def _intermediate(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, by=shop.authority.sub_authority(Wish(days=(-400, -3)))))


FAULTS = (
    Fault("expired", Cause.EXPIRED, "The server's certificate ran out five days ago.", _leaf,
          chromium="ERR_CERT_DATE_INVALID"),
    Fault("expired-intermediate", Cause.EXPIRED, "The certificate of the issuing authority ran out.", _intermediate,
          chromium="ERR_CERT_DATE_INVALID"),
)  # fmt: skip
