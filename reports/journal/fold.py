"""Makes a journal of any size readable: of one that is too large, requests that went well are left out beyond a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT = 1_000
"""Requests that went well, of each session and host, that a folded journal still tells of."""


@dataclass(slots=True)
class Fold:
    """Which lines of a journal that is too large are kept. A request that was told of before keeps its last word."""

    left_out: int = 0
    _kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: set[str] = field(default_factory=set)

    def keeps(self, line: Any) -> bool:
        """Whether a line, as plain data, is kept."""
        exchange = line.get("exchange") if isinstance(line, Mapping) and line.get("type") == "exchange" else None
        if not isinstance(exchange, Mapping):
            return True
        name, mark = str(exchange.get("id")), (str(exchange.get("session")), str(exchange.get("host")))
        if name in self._known:  # a later word on it
            return True
        if exchange.get("outcome") != "ok" or self._kept[mark] < KEPT:
            self._kept[mark] += exchange.get("outcome") == "ok"
            self._known.add(name)
            return True
        self.left_out += 1
        return False

    @property
    def told(self) -> str:
        """What was left out, as a sentence."""
        return (
            f"The journal is too large to be told as a whole: {self.left_out:,} requests that went well are left out of this "
            "report. All else is in it."
        )
