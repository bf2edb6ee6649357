"""`--fail-on failed,blocked,tls,expiring=14`: the outcomes that fail a build."""

from __future__ import annotations

from dataclasses import dataclass

WORDS = ("failed", "blocked", "tls", "degraded", "other", "expiring")
DEFAULT = "failed,blocked,tls"
"""The default: journeys that failed or were blocked because of TLS, and TLS failures met at the target's own hosts."""

MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class FailOn:
    """The outcomes that fail a build.

    `days` is the number in `expiring=DAYS`. None means a third of the certificate's lifetime."""

    words: frozenset[str] = frozenset(DEFAULT.split(","))
    days: int | None = None


def parse_fail_on(text: str) -> FailOn:
    """Read `failed,blocked,expiring=14`. Raises ValueError with a sentence that lists the known words."""
    words, days = set[str](), None
    for part in filter(None, (p.strip() for p in text.split(","))):
        word, _, value = part.partition("=")
        if word not in WORDS or (value and (word != "expiring" or not value.isdigit())):
            raise ValueError(f"--fail-on does not know «{part}». Known: {', '.join(WORDS)}, and expiring=DAYS.")
        if value and int(value) > MOST_DAYS:
            raise ValueError(f"--fail-on {part}: give at most {MOST_DAYS} days.")
        words.add(word)
        days = int(value) if value else days
    return FailOn(frozenset(words), days)
