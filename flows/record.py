"""Records: raw lines or events with their time, which monitors turn into signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One event of the browser or device.

    `time` is seconds since the epoch (UTC). `source` is `cdp`, `tokens`, `netlog`, `logcat`, `proxy` or `sockets`;
    `kind` is the source's name for the event (for example `Network.loadingFailed`). `data` is JSON-like.
    """

    time: float
    source: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
