"""The certificate is signed over a hash that can be forged (SHA-1, MD5)."""

from __future__ import annotations

from explorer.tls.mint import Digest, Wish
from explorer.tls.recipe import Fault, Served, Terms, Workshop, show
from flows.diagnosis import Cause

_LAX = Terms(ciphers="DEFAULT:@SECLEVEL=0")


def _signed(shop: Workshop, digest: Digest) -> Served:
    by = shop.authority.sub_authority(Wish(days=(-200, 1800), key="rsa"))
    return show(shop.authority.leaf(shop.names, Wish(key="rsa", digest=digest), by=by))


def _sha1(shop: Workshop) -> Served:
    return _signed(shop, "sha1")


def _md5(shop: Workshop) -> Served:
    return _signed(shop, "md5")


FAULTS = (
    Fault("weak-signature", Cause.WEAK_SIGNATURE, "Signed with SHA-1.", _sha1, _LAX, chromium="ERR_CERT_INVALID"),
    Fault("weak-signature-md5", Cause.WEAK_SIGNATURE, "Signed with MD5.", _md5, _LAX, chromium="ERR_CERT_INVALID"),
)
