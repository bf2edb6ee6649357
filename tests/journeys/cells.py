"""The cells of the truth table by name: what is broken, how the app looks, who walks it. Nightly walks all of them live,
their recordings are judged on every push, and a few are walked live then, too."""

from __future__ import annotations

from dataclasses import dataclass

from tests.journeys.harness import CAUSES, TRUTH, Cell, latin_square

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja", "zh")
PERSONAS = (
    "curious",
    "impatient",
    "novice",
    "elderly",
    "adversarial",
    "student",
    "teenager",
    "business",
    "accessibility",
    "power-user",
)


@dataclass(frozen=True, slots=True)
class Walk:
    """One cell and who walks it."""

    cell: Cell
    persona: str = "curious"


def _square() -> dict[str, Walk]:
    """All leaf hosts broken at once, each with another cause."""
    return {
        f"square-{n:02d}": Walk(Cell(breaks, "classic" if n % 2 else "modern"))
        for n, breaks in enumerate(latin_square())
    }


def _alone() -> dict[str, Walk]:
    """Each host broken alone: the entry and the login hide what lies behind them."""
    return {
        f"alone-{host}": Walk(Cell({host: CAUSES[(5 * n) % len(CAUSES)]}, "modern" if n % 2 else "classic"))
        for n, host in enumerate(TRUTH["hosts"])
    }


def _good() -> dict[str, Walk]:
    """Nothing broken, in each skin and language, and for each persona."""
    spoken = {f"good-{s}-{lang}": Walk(Cell({}, s, lang)) for s in ("classic", "modern") for lang in LANGUAGES}
    return {**spoken, **{f"persona-{name}": Walk(Cell(), name) for name in PERSONAS}}


WALKS: dict[str, Walk] = {**_square(), **_alone(), **_good()}
ON_EVERY_PUSH = ("square-00", "alone-auth", "good-classic-en", "good-modern-de")
"""One live cell for all journeys at once, for the login, for each skin and for another language; the entry is recorded."""
