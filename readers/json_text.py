"""JSON from strangers, as plain data."""

from __future__ import annotations

import json
from typing import Any

from readers import bounded


def loads(text: str | bytes) -> Any:
    """Parse JSON. Raises ValueError for anything that is not JSON, too deep, or holds a number without end."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError(bounded.TOO_DEEP) from error
    bounded.check(data)
    return data
