"""The certificate's key is too short to be safe."""

from __future__ import annotations

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Terms, Workshop, show
from flows.diagnosis import Cause


def _short(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(key="rsa-1024")))


FAULTS = (Fault("weak-key", Cause.WEAK_KEY, "An RSA key of 1024 bits.", _short, Terms(ciphers="DEFAULT:@SECLEVEL=0")),)
