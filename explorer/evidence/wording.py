"""The meaning of errors in recordings: clients' error codes, and the free text of proxies and Safari."""

from __future__ import annotations

import re
from functools import cache

from explorer.evidence.capture.meanings import captured
from explorer.evidence.har import BROKEN
from explorer.monitors.browser.net_errors import NetError, classify
from explorer.monitors.logs.match import decide
from explorer.monitors.logs.signatures import SignatureBook, make_book
from flows.diagnosis import Cause
from flows.signals import Family

_BY_PROXY = {
    re.compile(
        r"handshake with (?:the )?client failed|handshake to client\b.{0,80}\bfailed|client does not trust the proxy|"
        r"client TLS handshake failed",
        re.IGNORECASE,
    ): NetError(Family.TLS, "proxy-refused", (Cause.INTERCEPTION, Cause.PIN_MISMATCH)),
    re.compile(r"remote server does not speak TLS", re.IGNORECASE): NetError(
        Family.TLS, "proxy-not-tls", (Cause.NOT_TLS,)
    ),
    re.compile(r"cannot agree on a TLS version", re.IGNORECASE): NetError(
        Family.TLS, "proxy-version", (Cause.WEAK_PROTOCOL, Cause.UNKNOWN_TLS)
    ),
}
"""What proxies say in words of their own: that the app does not accept the proxy's certificate, or of the server."""
_NETWORK = {
    "refused": re.compile(r"connection ?refused|actively refused|Errno 111\b", re.IGNORECASE),
    "dns": re.compile(
        r"DNS lookup.{0,200}failed|no such host|unknown ?host|name or service not known|nodename nor servname|"
        r"getaddrinfo",
        re.IGNORECASE | re.DOTALL,
    ),
    "timeout": re.compile(r"timed? ?out|did not properly respond", re.IGNORECASE),
    "closed": re.compile(r"connection (?:was )?closed|closed the connection", re.IGNORECASE),
    "reset": re.compile(
        r"connection (?:was )?reset|ConnectionReset|forcibly closed|reset by peer|server disconnected", re.IGNORECASE
    ),
}
"""Kinds of failures below TLS, in the words of proxies and their platforms."""


def meaning(error: str) -> NetError:
    """The meaning of a recorded error.

    Free text is matched against the signatures for logs, so that recordings and logs are classified alike.
    """
    shown = captured(error)
    if shown is not None:
        return shown
    known = classify(error)
    if known.family is not None or known.signature != "none":
        return known
    if error == BROKEN:
        return NetError(Family.TLS, "security-broken", (Cause.UNKNOWN_TLS,))
    said = next((found for words, found in _BY_PROXY.items() if words.search(error)), None)
    if said is not None:
        return said
    found = decide(_book(), error[:2_000]) if error else None
    if found is not None:
        return NetError(Family.TLS, found.signature.id, found.signature.causes)
    return next((NetError(Family.NETWORK, what) for what, words in _NETWORK.items() if words.search(error)), known)


@cache
def _book() -> SignatureBook:
    return make_book()
