"""What the errors in recordings mean: codes of clients, and the words that proxies and Safari put in their place."""

from __future__ import annotations

from functools import cache

from explorer.evidence.capture.meanings import captured
from explorer.evidence.har import BROKEN
from explorer.monitors.browser.net_errors import NetError, classify
from explorer.monitors.logs.match import decide
from explorer.monitors.logs.signatures import SignatureBook, make_book
from flows.diagnosis import Cause
from flows.signals import Family


def meaning(error: str) -> NetError:
    """The meaning of a recorded error. Words are matched against the signatures of logs, so that both readers agree."""
    shown = captured(error)
    if shown is not None:
        return shown
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
