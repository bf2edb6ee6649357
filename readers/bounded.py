"""Limits for untrusted plain data: not nested too deeply, no huge or infinite number, only text that can be encoded."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

MAX_DEPTH = 60
"""How deep lists and mappings may be nested. Files of people and of Trustwalk have fewer than ten levels."""
MAX_NUMBER = 1 << 64
"""Largest whole number."""


def check(data: Any) -> None:
    """Raise ValueError if the data exceeds a limit. The message is the second half of a sentence."""
    containers: list[tuple[Any, int]] = [((data,), -1)]
    while containers:  # no recursion: a call for each value would take longer than parsing does
        values, depth = containers.pop()
        if depth > MAX_DEPTH:
            raise ValueError(TOO_DEEP)
        for value in chain(values, values.values()) if isinstance(values, dict) else values:
            if isinstance(value, str):
                if not value.isascii():
                    _check_text(value)
            elif isinstance(value, int):
                if not -MAX_NUMBER <= value <= MAX_NUMBER:
                    raise ValueError(TOO_LONG)
            elif isinstance(value, float):
                if not math.isfinite(value):
                    raise ValueError("holds a number that is infinite or not a number (NaN)")
            elif isinstance(value, dict | list | tuple | set | frozenset):
                containers.append((value, depth + 1))


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character (a lone surrogate)") from error


TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels"
TOO_LONG = "holds a number that is too long"
