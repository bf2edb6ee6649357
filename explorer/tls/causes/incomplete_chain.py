"""The server keeps an intermediate certificate to itself."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from explorer.tls.mint import Wish
from explorer.tls.recipe import Fault, Served, Workshop
from flows.diagnosis import Cause


def _bare(shop: Workshop) -> Served:
    leaf = shop.authority.leaf(shop.names)
    return Served(leaf.key_pem, (leaf.certificate,))


def _with_aia(shop: Workshop) -> Served:
    issuer = shop.authority.intermediate.certificate.public_bytes(Encoding.DER)
    leaf = shop.authority.leaf(shop.names, Wish(aia=shop.static("/issuer.cer", issuer)))
    return Served(leaf.key_pem, (leaf.certificate,))


FAULTS = (
    Fault("incomplete-chain", Cause.INCOMPLETE_CHAIN, "The leaf alone, which does not say where its issuer is.", _bare,
          chromium="ERR_CERT_AUTHORITY_INVALID"),
    Fault("incomplete-chain-aia", Cause.INCOMPLETE_CHAIN, "The leaf alone, with the URL of its issuer (AIA).", _with_aia),
)  # fmt: skip
