"""Recognises responses whose body reports a failure although the HTTP status reports success."""

from __future__ import annotations

import json
from typing import Any

_FAULTS = frozenset({"error", "errors", "fault", "exception", "errormessage", "error_message"})
"""Keys that are present or filled only in error responses (JSON:API, GraphQL, JSON-RPC, RFC 6749)."""
_SUCCESSES = frozenset({"success", "ok", "successful", "succeeded", "accepted", "valid"})
_STATES = frozenset({"status", "state", "result", "outcome"})
_BAD = frozenset({"error", "fail", "failed", "failure", "refused", "rejected", "invalid", "denied", "unauthorized"})
_DEEP = 2
"""The number of nested levels that are searched. Responses are often wrapped once."""


def refuses(body: str) -> bool:
    """Whether a JSON response says that the request failed. False for any other text, such as a page."""
    text = body.lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return False
    try:
        return _refuses(json.loads(text), _DEEP)
    except (ValueError, RecursionError):
        return False


def _refuses(value: Any, depth: int) -> bool:
    if isinstance(value, list):  # a batch: each with its own end
        return bool(value) and all(isinstance(v, dict) and _refuses(v, depth) for v in value)
    if not isinstance(value, dict):
        return False
    return any(_field_refuses(str(key).lower(), held, depth) for key, held in value.items())


def _field_refuses(name: str, held: Any, depth: int) -> bool:
    if name in _FAULTS:
        return held not in (None, False, "", 0, [], {}, "0", "none")
    if name in _SUCCESSES:
        return held is False or held in (0, "false", "0", "no")
    if name in _STATES and isinstance(held, str):
        return held.lower() in _BAD
    return depth > 1 and isinstance(held, dict) and _refuses(held, depth - 1)
