"""OpenSSL's verify codes (`X509_V_ERR_*`, include/openssl/x509_vfy.h) in words, and what kind of fault each is."""

from __future__ import annotations

from types import MappingProxyType

WORDS = MappingProxyType(
    {
        2: "unable to get issuer certificate",
        6: "unable to decode issuer public key",
        7: "certificate signature failure",
        9: "certificate is not yet valid",
        10: "certificate has expired",
        13: "format error in notBefore field",
        14: "format error in notAfter field",
        18: "self-signed certificate",
        19: "self-signed certificate in chain",
        20: "unable to get local issuer certificate",
        21: "unable to verify the first certificate",
        22: "chain too long",
        23: "certificate revoked",
        24: "invalid CA certificate",
        25: "path length constraint exceeded",
        26: "unsuitable certificate purpose",
        27: "certificate not trusted",
        28: "certificate rejected",
        32: "key usage does not include certificate signing",
        34: "unhandled critical extension",
        41: "invalid or inconsistent certificate extension",
        42: "invalid or inconsistent policy extension",
        47: "permitted subtree violation",
        48: "excluded subtree violation",
        51: "unsupported name constraint type",
        53: "unsupported or invalid name constraint syntax",
        54: "unsupported or invalid name syntax",
        62: "host name mismatch",
        66: "key too weak",
        67: "CA key too weak",
        68: "signature digest too weak",
        79: "invalid CA certificate",
        94: "CA certificate has no basicConstraints",
    }
)

RULES = frozenset({6, 7, 13, 14, 22, 24, 25, 26, 32, 34, 41, 42, 47, 48, 51, 53, 54, 79, 94})
"""Codes for a certificate that breaks a rule, as opposed to codes about trust, dates or names."""


NO_SIGNING = "its key usage does not allow signing handshakes"
"""Text of a fault for which BoringSSL (Chromium, Android) rejects a certificate and OpenSSL has no code."""


def words(code: int) -> str:
    return WORDS.get(code, f"verify error {code}")
