"""The errors of clients other than Chromium: Firefox's names and Apple's numbers.

Names of NSS and mozilla::pkix are those of sslerr.h, secerr.h and pkixnss.h; the numbers are those of NSURLError.h.
"""

from __future__ import annotations

import re

from flows.diagnosis import Cause
from flows.signals import Family

Meaning = tuple[Family, str, tuple[Cause, ...]]
"""Family, signature and possible causes, likeliest first."""

_ISSUER = (Cause.UNTRUSTED_CA, Cause.INCOMPLETE_CHAIN, Cause.SELF_SIGNED, Cause.INTERCEPTION, Cause.INVALID_CERTIFICATE)
_NAME = (Cause.HOSTNAME_MISMATCH, Cause.INVALID_CERTIFICATE, Cause.INTERCEPTION)
_CLIENT = (Cause.CLIENT_CERTIFICATE_REQUIRED,)
_RULES = (Cause.INVALID_CERTIFICATE,)
_OVER = (Cause.EXPIRED, Cause.CLOCK_SKEW)
_EARLY = (Cause.NOT_YET_VALID, Cause.CLOCK_SKEW)
_TRUST_OR_NAME = (*_ISSUER, Cause.HOSTNAME_MISMATCH, Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.REVOKED)

_FIREFOX: dict[str, tuple[Cause, ...]] = {
    "SEC_ERROR_EXPIRED_CERTIFICATE": _OVER,
    "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE": _OVER,
    "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE": _EARLY,
    "MOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE": _EARLY,
    "SSL_ERROR_BAD_CERT_DOMAIN": _NAME,
    "SEC_ERROR_UNKNOWN_ISSUER": _ISSUER,
    "SEC_ERROR_UNTRUSTED_ISSUER": _ISSUER,
    "SEC_ERROR_UNTRUSTED_CERT": _ISSUER,
    "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT": (Cause.SELF_SIGNED, Cause.INTERCEPTION),
    "MOZILLA_PKIX_ERROR_MITM_DETECTED": (Cause.INTERCEPTION,),
    "MOZILLA_PKIX_ERROR_KEY_PINNING_FAILURE": (Cause.PIN_MISMATCH, Cause.INTERCEPTION),
    "SEC_ERROR_REVOKED_CERTIFICATE": (Cause.REVOKED,),
    "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED": (Cause.WEAK_SIGNATURE,),
    "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE": (Cause.WEAK_KEY,),
    "SEC_ERROR_BAD_SIGNATURE": _RULES,
    "SEC_ERROR_BAD_DER": _RULES,
    "SEC_ERROR_INADEQUATE_CERT_TYPE": _RULES,
    "SEC_ERROR_INADEQUATE_KEY_USAGE": _RULES,
    "SEC_ERROR_CERT_NOT_IN_NAME_SPACE": _RULES,
    "SEC_ERROR_CA_CERT_INVALID": _RULES,
    "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID": _RULES,
    "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION": _RULES,
    "SEC_ERROR_EXTENSION_VALUE_INVALID": _RULES,
    "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY": _RULES,
    "MOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA": _RULES,
    "MOZILLA_PKIX_ERROR_ADDITIONAL_POLICY_CONSTRAINT_FAILED": _RULES,
    "SSL_ERROR_UNSUPPORTED_VERSION": (Cause.WEAK_PROTOCOL,),
    "SSL_ERROR_PROTOCOL_VERSION_ALERT": (Cause.WEAK_PROTOCOL,),
    "SSL_ERROR_NO_CYPHER_OVERLAP": (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL),
    "SSL_ERROR_HANDSHAKE_FAILURE_ALERT": (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL, *_CLIENT),
    "SSL_ERROR_WEAK_SERVER_EPHEMERAL_DH_KEY": (Cause.WEAK_CIPHER,),
    "SSL_ERROR_RX_RECORD_TOO_LONG": (Cause.NOT_TLS,),
    "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT": _CLIENT,
    "SSL_ERROR_BAD_CERT_ALERT": _CLIENT,
    "SSL_ERROR_UNRECOGNIZED_NAME_ALERT": (Cause.HOSTNAME_MISMATCH, Cause.UNKNOWN_TLS),
}
_FIREFOX_NETWORK = {
    "NS_ERROR_NET_RESET": "reset",
    "PR_CONNECT_RESET_ERROR": "reset",
    "NS_ERROR_NET_INTERRUPT": "closed",
    "NS_ERROR_NET_PARTIAL_TRANSFER": "closed",
    "NS_ERROR_NET_EMPTY_RESPONSE": "closed",
    "PR_END_OF_FILE_ERROR": "closed",
    "NS_ERROR_NET_TIMEOUT": "timeout",
    "NS_ERROR_CONNECTION_REFUSED": "refused",
    "NS_ERROR_UNKNOWN_HOST": "dns",
    "NS_ERROR_OFFLINE": "offline",
    "NS_ERROR_PROXY_CONNECTION_REFUSED": "proxy",
    "NS_ERROR_UNKNOWN_PROXY_HOST": "proxy",
}
_APPLE: dict[int, tuple[Cause, ...]] = {
    -1200: (Cause.UNKNOWN_TLS,),
    -1201: (Cause.EXPIRED, *_EARLY),
    -1202: _TRUST_OR_NAME,
    -1203: _ISSUER,
    -1204: _EARLY,
    -1205: _CLIENT,
    -1206: _CLIENT,
    -1022: (Cause.CLEARTEXT_BLOCKED,),
}
_APPLE_NETWORK = {-1001: "timeout", -1003: "dns", -1004: "refused", -1005: "reset", -1006: "dns", -1009: "offline"}

_FIREFOX_NAME = re.compile(r"\b(?:(?:SSL|SEC|MOZILLA_PKIX|NS|PR)_[A-Z0-9_]*ERROR[A-Z0-9_]*|PR_[A-Z_]+_ERROR)\b")
_APPLE_NUMBER = re.compile(r"NSURLErrorDomain\D{0,20}(-1\d{3})\b")


def other_error(text: str) -> str:
    """The name of an error of Firefox or Apple in a text; empty if there is none."""
    name = _FIREFOX_NAME.search(text)
    if name:
        return name[0]
    number = _APPLE_NUMBER.search(text)
    return f"NSURLErrorDomain {number[1]}" if number else ""


def other_meaning(text: str) -> Meaning | None:
    """What an error of a client other than Chromium means. None if it is unknown, or no failure for a user."""
    name = _FIREFOX_NAME.search(text)
    if name:
        return _of_firefox(name[0])
    number = _APPLE_NUMBER.search(text)
    if number:
        code = int(number[1])
        if code in _APPLE:
            return Family.TLS, f"nsurlerror{code}", _APPLE[code]
        return (Family.NETWORK, _APPLE_NETWORK[code], ()) if code in _APPLE_NETWORK else None
    return None


def _of_firefox(name: str) -> Meaning | None:
    if name in _FIREFOX_NETWORK:
        return Family.NETWORK, _FIREFOX_NETWORK[name], ()
    if name in _FIREFOX or name.startswith(("SSL_ERROR_", "SEC_ERROR_", "MOZILLA_PKIX_ERROR_")):
        return Family.TLS, name.lower().replace("_", "-"), _FIREFOX.get(name, (Cause.UNKNOWN_TLS,))
    return None
