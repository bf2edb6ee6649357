"""Limits for untrusted plain data: not nested too deeply, no huge or infinite number, only text that can be encoded."""

from __future__ import annotations

import math
from typing import Any

MAX_DEPTH = 60
"""How deep lists and mappings may be nested. Files of people and of Trustwalk have fewer than ten levels."""
MAX_NUMBER = 1 << 64
"""Largest whole number."""


def check(data: Any, depth: int = MAX_DEPTH) -> None:
    """Raise ValueError if the data exceeds a limit. The message is the second half of a sentence."""
    if isinstance(data, dict):
        if depth < 0:
            raise ValueError(TOO_DEEP)
        for key, value in data.items():
            check(key, depth - 1)
            check(value, depth - 1)
    elif isinstance(data, list | tuple | set | frozenset):
        if depth < 0:
            raise ValueError(TOO_DEEP)
        for value in data:
            check(value, depth - 1)
    elif isinstance(data, str):
        if not data.isascii():
            _check_text(data)
    elif isinstance(data, int):
        if not -MAX_NUMBER <= data <= MAX_NUMBER:
            raise ValueError(TOO_LONG)
    elif isinstance(data, float) and not math.isfinite(data):
        raise ValueError("holds a number that is infinite or not a number (NaN)")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character (a lone surrogate)") from error


TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"
TOO_LONG = "holds a number that is too long"
