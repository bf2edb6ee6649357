"""The certificate begins in the future."""

from __future__ import annotations

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _leaf(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(days=(3, 93))))


FAULTS = (
    Fault("not-yet-valid", Cause.NOT_YET_VALID, "The certificate begins in three days.", _leaf,
          chromium="ERR_CERT_DATE_INVALID"),
)  # fmt: skip
