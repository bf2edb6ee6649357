"""Parses untrusted JSON into plain data."""

from __future__ import annotations

import json
from typing import Any

from readers import bounded


def loads(text: str | bytes) -> Any:
    """Parse JSON. Raises ValueError if the text is not JSON, or if the data exceeds a limit of `bounded`."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError(bounded.TOO_DEEP) from error
    bounded.check(data)
    return data
