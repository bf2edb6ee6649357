"""Makes a journal of any size readable: if it is too large, most successful requests are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT = 1_000
"""How many successful requests a folded journal keeps for each session and host."""


@dataclass(slots=True)
class Fold:
    """Decides which lines of an oversized journal are kept. If a request is kept, all later lines about it are, too."""

    left_out: int = 0
    _kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: set[str] = field(default_factory=set)

    def keeps(self, line: Any) -> bool:
        """Whether to keep a line, given as plain data. Counts the lines that are left out."""
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
            f"The journal is too large for a complete report: {self.left_out:,} requests that succeeded are left out. "
            "Everything else is in the report."
        )
