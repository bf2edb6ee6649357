"""The certificate breaks a rule of RFC 5280 that has no cause of its own."""

from __future__ import annotations

from cryptography.x509.oid import ExtendedKeyUsageOID

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Workshop, show
from flows.diagnosis import Cause


def _for_clients(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(eku=(ExtendedKeyUsageOID.CLIENT_AUTH,))))


def _no_san(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(san=False)))


def _bad_signature(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, Wish(spoil_signature=True)))


def _not_permitted(shop: Workshop) -> Served:
    by = shop.authority.sub_authority(Wish(days=(-200, 1800), permitted=("elsewhere.test",)))
    return show(shop.authority.leaf(shop.names, by=by))


def _issuer_no_authority(shop: Workshop) -> Served:
    by = shop.authority.leaf(["issuer.test"])
    return show(shop.authority.leaf(shop.names, by=by))


FAULTS = (
    Fault("invalid-certificate", Cause.INVALID_CERTIFICATE, "Made for TLS clients, not for servers.", _for_clients,
          chromium="ERR_CERT_INVALID"),
    Fault("invalid-certificate-no-san", Cause.INVALID_CERTIFICATE, "The name stands in the common name only.", _no_san,
          chromium="ERR_CERT_COMMON_NAME_INVALID"),
    Fault("invalid-certificate-signature", Cause.INVALID_CERTIFICATE, "The signature does not fit.", _bad_signature,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
    Fault("invalid-certificate-constraint", Cause.INVALID_CERTIFICATE, "The issuer may not issue for this name.",
          _not_permitted, chromium="ERR_CERT_INVALID"),
    Fault("invalid-certificate-issuer", Cause.INVALID_CERTIFICATE, "The issuer is no authority.", _issuer_no_authority,
          chromium="ERR_CERT_INVALID"),
)  # fmt: skip
