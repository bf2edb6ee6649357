"""Makes the sentences that explain why a target did not open, or why a journey has no clear outcome."""

from __future__ import annotations

import re

from flows.incident import Symptom
from flows.session import RECORDED

_WORDS = {
    "ERR_NAME_NOT_RESOLVED": "no address is known for its name",
    "ERR_CONNECTION_REFUSED": "nothing listens there, the connection was refused",
    "ERR_CONNECTION_TIMED_OUT": "the server did not answer",
    "ERR_TIMED_OUT": "the server did not answer",
    "ERR_ADDRESS_UNREACHABLE": "no route leads there",
    "ERR_INTERNET_DISCONNECTED": "this machine has no network",
    "ERR_NETWORK_CHANGED": "the network changed meanwhile",
    "ERR_UNSAFE_PORT": "browsers refuse to speak to that port",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_TOO_MANY_REDIRECTS": "it redirects in a circle",
    "ERR_PROXY_CONNECTION_FAILED": "the proxy cannot be reached",
    "ERR_TUNNEL_CONNECTION_FAILED": "the proxy would not connect to it",
    "ERR_INVALID_AUTH_CREDENTIALS": "it asks for a user name and password that were not given (--login)",
}
"""Chromium's net error (net/base/net_error_list.h) → explanation for a person."""


_SEEN = {
    Symptom.BLANK: "the page stayed empty",
    Symptom.ENDLESS_SPINNER: "a spinner turned without end",
    Symptom.BROWSER_WARNING: "the browser showed its own error page",
}


def not_reached(address: str, problem: str, seen: str) -> str:
    """Returns sentences that say what did not open, why, and what to check.

    `problem` is a net error, other text, or empty. If it is empty, `seen` (a `Symptom`) gives the reason.
    """
    name = re.search(r"ERR_[A-Z_]+", problem)
    words = _WORDS.get(name[0], "") if name else ""
    why = f"{words} ({problem})" if words else problem or {str(k): v for k, v in _SEEN.items()}.get(seen, seen)
    return f"{address} did not open: {why}. Check the address, and that the app is up and can be reached from here."


def nothing_told(ended: str) -> str:
    """Returns why a journey that was attempted is inconclusive. `ended` says how its session ended."""
    if ended == RECORDED:
        return (
            "The recording shows no failure of this journey. It holds requests and no screens, so it proves no success."
        )
    return "The journey was attempted, but the screen did not show whether it succeeded or failed."
