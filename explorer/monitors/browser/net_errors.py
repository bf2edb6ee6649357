"""Clients' errors: the family and the possible causes of each. Chromium's are here, others in `other_errors`.

If several causes are possible, all are listed, and the probe decides. Names and meanings are those of Chromium's
net_error_list.h. The mapping of faults to errors was measured; see docs/browsers.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from explorer.monitors.browser.other_errors import other_error, other_meaning
from flows.diagnosis import Cause
from flows.signals import Family


@dataclass(frozen=True, slots=True)
class NetError:
    """The meaning of a client's error.

    `family` is None for an unknown error, and for one that is no failure for the user: a request that was aborted or
    filtered.
    """

    family: Family | None
    signature: str
    causes: tuple[Cause, ...] = ()


_CA = (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN, Cause.INVALID_CERTIFICATE, Cause.INTERCEPTION)
_CLIENT = (Cause.CLIENT_CERTIFICATE_REQUIRED,)
_TLS: dict[str, tuple[Cause, ...]] = {
    "CERT_DATE_INVALID": (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW),
    "CERT_COMMON_NAME_INVALID": (Cause.HOSTNAME_MISMATCH, Cause.INVALID_CERTIFICATE, Cause.INTERCEPTION),
    "CERT_AUTHORITY_INVALID": _CA,
    "CERT_INVALID": (Cause.INVALID_CERTIFICATE, Cause.WEAK_SIGNATURE),
    "CERT_CONTAINS_ERRORS": (Cause.INVALID_CERTIFICATE,),
    "CERT_NAME_CONSTRAINT_VIOLATION": (Cause.INVALID_CERTIFICATE,),
    "CERT_VALIDITY_TOO_LONG": (Cause.INVALID_CERTIFICATE,),
    "CERT_NON_UNIQUE_NAME": (Cause.INVALID_CERTIFICATE,),
    "CERT_WEAK_SIGNATURE_ALGORITHM": (Cause.WEAK_SIGNATURE,),
    "CERT_WEAK_KEY": (Cause.WEAK_KEY,),
    "CERT_REVOKED": (Cause.REVOKED,),
    "CERT_NO_REVOCATION_MECHANISM": (Cause.UNKNOWN_TLS,),
    "CERT_UNABLE_TO_CHECK_REVOCATION": (Cause.UNKNOWN_TLS,),
    "CERT_SYMANTEC_LEGACY": (Cause.UNTRUSTED_CA,),
    "CERT_KNOWN_INTERCEPTION_BLOCKED": (Cause.INTERCEPTION,),
    "CERTIFICATE_TRANSPARENCY_REQUIRED": (Cause.INVALID_CERTIFICATE,),
    "SSL_PINNED_KEY_NOT_IN_CERT_CHAIN": (Cause.PIN_MISMATCH, Cause.INTERCEPTION),
    "SSL_VERSION_OR_CIPHER_MISMATCH": (Cause.WEAK_PROTOCOL, Cause.WEAK_CIPHER),
    "SSL_OBSOLETE_VERSION": (Cause.WEAK_PROTOCOL,),
    "SSL_WEAK_SERVER_EPHEMERAL_DH_KEY": (Cause.WEAK_CIPHER,),
    "SSL_KEY_USAGE_INCOMPATIBLE": (Cause.INVALID_CERTIFICATE,),
    "SSL_SERVER_CERT_BAD_FORMAT": (Cause.INVALID_CERTIFICATE,),
    "SSL_PROTOCOL_ERROR": (Cause.NOT_TLS, Cause.UNKNOWN_TLS),
    "SSL_UNRECOGNIZED_NAME_ALERT": (Cause.HOSTNAME_MISMATCH, Cause.UNKNOWN_TLS),
    "BAD_SSL_CLIENT_AUTH_CERT": _CLIENT,
    "SSL_CLIENT_AUTH_CERT_NEEDED": _CLIENT,
    "SSL_CLIENT_AUTH_CERT_NO_PRIVATE_KEY": _CLIENT,
    "SSL_CLIENT_AUTH_CERT_BAD_FORMAT": _CLIENT,
    "SSL_CLIENT_AUTH_SIGNATURE_FAILED": _CLIENT,
    "SSL_CLIENT_AUTH_NO_COMMON_ALGORITHMS": _CLIENT,
}
"""Error of a certificate or a handshake → its possible causes. The client spoke TLS, or at least tried to."""

_NETWORK: dict[str, str] = {
    "CONNECTION_RESET": "reset",
    "CONNECTION_CLOSED": "closed",
    "CONNECTION_ABORTED": "closed",
    "SOCKET_NOT_CONNECTED": "closed",
    "EMPTY_RESPONSE": "closed",
    "CONNECTION_FAILED": "closed",
    "CONNECTION_TIMED_OUT": "timeout",
    "TIMED_OUT": "timeout",
    "CONNECTION_REFUSED": "refused",
    "NAME_NOT_RESOLVED": "dns",
    "NAME_RESOLUTION_FAILED": "dns",
    "ICANN_NAME_COLLISION": "dns",
    "INTERNET_DISCONNECTED": "offline",
    "ADDRESS_UNREACHABLE": "offline",
    "ADDRESS_INVALID": "offline",
    "NETWORK_CHANGED": "offline",
    "NETWORK_ACCESS_DENIED": "offline",
    "NETWORK_IO_SUSPENDED": "offline",
    "PROXY_CONNECTION_FAILED": "proxy",
    "TUNNEL_CONNECTION_FAILED": "proxy",
    "MANDATORY_PROXY_CONFIGURATION_FAILED": "proxy",
    "INVALID_RESPONSE": "http",
    "INVALID_HTTP_RESPONSE": "http",
    "HTTP2_PROTOCOL_ERROR": "http",
    "QUIC_PROTOCOL_ERROR": "http",
    "RESPONSE_HEADERS_TRUNCATED": "http",
    "INCOMPLETE_CHUNKED_ENCODING": "http",
    "CONTENT_LENGTH_MISMATCH": "http",
    "INVALID_CHUNKED_ENCODING": "http",
    "TOO_MANY_REDIRECTS": "http",
    "CONTENT_DECODING_FAILED": "http",
}
"""Error that need not be a TLS failure → its signature. For `reset`, `closed` and `timeout`, the probe decides."""

_NAME = re.compile(r"(?:net::)?ERR_([A-Z0-9_]+)")


def net_error(text: str) -> str:
    """The name of the error in a text: `net::ERR_…`, or the name that another client uses.

    Returns an empty string if there is none.
    """
    found = _NAME.search(text)
    return f"net::ERR_{found.group(1)}" if found else other_error(text)


def classify(error: str) -> NetError:
    """The meaning of an error.

    An unknown error that begins with `SSL_`, `CERT_` or `ECH_` gets the cause `UNKNOWN_TLS`. One that begins with
    `DNS_` gets the signature «dns». Other unknown errors have no family.
    """
    found = _NAME.search(error)
    if found is None:
        other = other_meaning(error)
        return NetError(*other) if other is not None else NetError(None, "none")
    name = found.group(1)
    if name in _TLS:
        return NetError(Family.TLS, name.lower().replace("_", "-"), _TLS[name])
    if name in _NETWORK:
        return NetError(Family.NETWORK, _NETWORK[name])
    if name.startswith(("SSL_", "CERT_", "ECH_")):
        return NetError(Family.TLS, name.lower().replace("_", "-"), (Cause.UNKNOWN_TLS,))
    if name.startswith("DNS_"):
        return NetError(Family.NETWORK, "dns")
    return NetError(None, name.lower().replace("_", "-"))
