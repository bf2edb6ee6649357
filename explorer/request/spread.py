"""The fields of a run request that say how many sessions run in parallel, and which of them belong to this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from explorer.request.option import Option

MOST_SHARDS = 1_000


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` parts of a run, counted from 1. Each machine runs one part; `trustwalk merge` makes one run of them."""

    number: int
    of: int

    def takes(self, position: int) -> bool:
        """Whether the session at this position of the whole run, counted from 0, belongs to this part.

        The positions are dealt in turn, so the parts differ by at most one session."""
        return position % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Parse a part of a run, such as `2/8`. Raises ValueError, with a message for the user."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*", text)
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of <= MOST_SHARDS:
        raise ValueError(f"«{text[:40]}» is no part of a run. Write 2/8 for the second of eight parts.")
    return Shard(number, of)


def _shard(value: Any) -> Any:
    return parse_shard(value) if isinstance(value, str) else value


AtOnce = Annotated[
    int | None,
    Field(ge=1, le=256),
    Option(
        "The most sessions in parallel (default: what cores and memory bear; at most 2 on a public target).",
        "--at-once",
        "N",
        at_server="ignores",
        sample="4",
        note="sessions in parallel",
    ),
]

ShardField = Annotated[
    Shard | None,
    BeforeValidator(_shard),
    PlainSerializer(lambda shard: str(shard) if shard else None),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}/\d{1,4}$"}),
    Option(
        "Run only part I of N of the sessions. «trustwalk merge» makes one run of all parts.",
        "--shard",
        "I/N",
        at_server="refuses",
        sample="1/4",
        note="only this part of the sessions; trustwalk merge joins them",
        written=str,
    ),
]
