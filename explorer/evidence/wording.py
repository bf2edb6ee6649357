"""The meaning of errors in recordings: clients' error codes, and the free text of proxies and Safari."""

from __future__ import annotations

from functools import cache

from explorer.evidence.har import BROKEN
from explorer.monitors.browser.net_errors import NetError, classify
from explorer.monitors.logs.match import decide
from explorer.monitors.logs.signatures import SignatureBook, make_book
from flows.diagnosis import Cause
from flows.signals import Family


def meaning(error: str) -> NetError:
    """The meaning of a recorded error.

    Free text is matched against the signatures for logs, so that recordings and logs are classified alike.
    """
    known = classify(error)
    if known.family is not None or known.signature != "none":
        return known
    if error == BROKEN:
        return NetError(Family.TLS, "security-broken", (Cause.UNKNOWN_TLS,))
    found = decide(_book(), error[:2_000]) if error else None
    return NetError(Family.TLS, found.signature.id, found.signature.causes) if found is not None else known


@cache
def _book() -> SignatureBook:
    return make_book()
