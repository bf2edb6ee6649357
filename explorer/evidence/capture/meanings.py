"""How connections in a capture fail, in words, and what each of them may mean. Pure.

The alerts are those of RFC 8446 section 6. Which one a client sends for a certificate differs between libraries: OpenSSL is
nearly exact, others say bad_certificate or certificate_unknown to anything. What a vague alert means, only the chain tells: its
first cause is «unknown».
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from explorer.monitors.browser.net_errors import NetError
from flows.diagnosis import Cause
from flows.signals import Family

UNANSWERED = "no answer to the request for a connection (SYN)"
REFUSED = "refusal of the connection (RST)"
CUT_RESET = "reset of the connection by the server, instead of an answer to the ClientHello"
CUT_END = "end of the connection by the server, instead of an answer to the ClientHello"
CUT_LATER = "end of the connection by the server in the middle of the handshake"
SILENT = "no answer to the ClientHello"
NOT_TLS = "something other than TLS in answer to the ClientHello"
GARBLED = "something that the client could not read, in answer to the ClientHello"
NO_COMMON = "refusal by the server of the versions of TLS that the client offers, which are not both TLS 1.2 and 1.3"
OLD_CHOICE = "end of the connection by the client after the server's choice of an old version of TLS"
HUNG_UP = "end of the connection by the client after the server's certificate, without an alert"
HUNG_UP_ASKED = "end of the connection by the client after the server asked for a client certificate"
HUNG_UP_SEALED = "end of the connection by the client after the server's encrypted answer (TLS 1.3)"
REFUSED_SEALED = (
    "end of the connection by the server after the handshake, with no more than an encrypted alert (TLS 1.3)"
)
NOTHING_ASKED = "end of the connection by the client right after the handshake, before it asked anything"
VAGUE = frozenset({HUNG_UP, HUNG_UP_ASKED, HUNG_UP_SEALED})
"""Ends that a client also makes when it only gave up this connection, or makes it anew."""
_ALERT = re.compile(r"alert ([a-z_]+|alert \d+) from the (client|server)")

_TRUST = (
    Cause.UNTRUSTED_CA,
    Cause.INCOMPLETE_CHAIN,
    Cause.SELF_SIGNED,
    Cause.INTERCEPTION,
    Cause.INVALID_CERTIFICATE,
    Cause.WEAK_SIGNATURE,
)
_DATES = (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW)
_REST = (Cause.WEAK_SIGNATURE, Cause.WEAK_KEY, Cause.REVOKED, Cause.PIN_MISMATCH)
_ANY = (
    *(c for c in _TRUST if c is not Cause.WEAK_SIGNATURE),
    Cause.HOSTNAME_MISMATCH,
    *_DATES,
    *_REST,
)
"""What a client may find wrong with a certificate."""
_COMMON = (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL)
_CLIENT_CERTIFICATE = (Cause.CLIENT_CERTIFICATE_REQUIRED,)
_UNKNOWN = (Cause.UNKNOWN_TLS,)

_BY_CLIENT: Mapping[str, tuple[Cause, ...]] = {
    "bad_certificate": (Cause.UNKNOWN_TLS, *_ANY),
    "certificate_unknown": (Cause.UNKNOWN_TLS, *_ANY),
    "unsupported_certificate": (Cause.INVALID_CERTIFICATE, Cause.WEAK_KEY, Cause.WEAK_SIGNATURE),
    "certificate_expired": (Cause.EXPIRED, Cause.CLOCK_SKEW, Cause.NOT_YET_VALID),
    "certificate_revoked": (Cause.REVOKED,),
    "unknown_ca": _TRUST,
    "bad_certificate_status_response": (Cause.REVOKED, Cause.UNKNOWN_TLS),
    "protocol_version": (Cause.WEAK_PROTOCOL,),
    "insufficient_security": (Cause.WEAK_CIPHER, Cause.WEAK_KEY, Cause.WEAK_PROTOCOL),
    "handshake_failure": (*_COMMON, Cause.WEAK_KEY, Cause.UNKNOWN_TLS),
    "illegal_parameter": (Cause.UNKNOWN_TLS, *_COMMON, Cause.WEAK_SIGNATURE),
    "access_denied": (Cause.UNKNOWN_TLS, *_ANY),
    "decrypt_error": (Cause.UNKNOWN_TLS, Cause.INVALID_CERTIFICATE),
}
_BY_SERVER: Mapping[str, tuple[Cause, ...]] = {
    "handshake_failure": (*_COMMON, Cause.CLIENT_CERTIFICATE_REQUIRED, Cause.UNKNOWN_TLS),
    "insufficient_security": (Cause.WEAK_CIPHER, Cause.UNKNOWN_TLS),
    "protocol_version": (Cause.WEAK_PROTOCOL,),
    "unrecognized_name": (Cause.HOSTNAME_MISMATCH, Cause.UNKNOWN_TLS),
    **dict.fromkeys(
        (
            "certificate_required",
            "bad_certificate",
            "certificate_unknown",
            "certificate_expired",
            "unknown_ca",
            "certificate_revoked",
            "unsupported_certificate",
            "access_denied",
        ),
        _CLIENT_CERTIFICATE,
    ),
}

_ENDS: Mapping[str, NetError] = {
    UNANSWERED: NetError(Family.NETWORK, "timeout"),
    REFUSED: NetError(Family.NETWORK, "refused"),
    CUT_RESET: NetError(Family.TLS, "capture-cut", (Cause.CONNECTION_CUT,)),
    CUT_END: NetError(Family.TLS, "capture-cut", (Cause.CONNECTION_CUT,)),
    CUT_LATER: NetError(Family.TLS, "capture-cut-later", (Cause.UNKNOWN_TLS, Cause.CLIENT_CERTIFICATE_REQUIRED)),
    SILENT: NetError(Family.TLS, "capture-silent", (Cause.HANDSHAKE_TIMEOUT,)),
    NOT_TLS: NetError(Family.TLS, "capture-not-tls", (Cause.NOT_TLS,)),
    GARBLED: NetError(Family.TLS, "capture-garbled", _UNKNOWN),
    NO_COMMON: NetError(Family.TLS, "capture-no-common-version", _UNKNOWN),
    OLD_CHOICE: NetError(Family.TLS, "capture-old-choice", (Cause.WEAK_PROTOCOL,)),
    HUNG_UP: NetError(Family.TLS, "capture-hung-up", (Cause.UNKNOWN_TLS, *_ANY)),
    HUNG_UP_ASKED: NetError(
        Family.TLS, "capture-hung-up-asked", (Cause.CLIENT_CERTIFICATE_REQUIRED, Cause.UNKNOWN_TLS, *_ANY)
    ),
    HUNG_UP_SEALED: NetError(Family.TLS, "capture-hung-up-encrypted", _UNKNOWN),
    REFUSED_SEALED: NetError(Family.TLS, "capture-refused-encrypted", _UNKNOWN),
    NOTHING_ASKED: NetError(Family.TLS, "capture-nothing-asked", (Cause.HOSTNAME_MISMATCH,)),
}


def alert_words(name: str, *, by_client: bool) -> str:
    """How an alert is called as the error of a request."""
    return f"alert {name} from the {'client' if by_client else 'server'}"


def captured(error: str) -> NetError | None:
    """The meaning of an error that a capture showed; None if it is none of these."""
    known = _ENDS.get(error)
    found = _ALERT.fullmatch(error) if known is None else None
    if found is None:
        return known
    causes = (_BY_CLIENT if found[2] == "client" else _BY_SERVER).get(found[1], _UNKNOWN)
    return NetError(Family.TLS, f"capture-alert-{found[2]}", causes)
