"""Generated portals in a browser: a script shows that their journeys work, and the explorer gets through seeds it once missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.app import HEALTHY
from tests.field.run import run_case
from tests.wild.draw import KNOWN, UNKNOWN, draw
from tests.wild.portal import portal

PROVEN = (2, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in (1, 3, 4, 5, 6)))
"""Portals of many kinds: one page and many, frames, shadow roots, steps."""
ONCE_MISSED = (
    pytest.param(4, KNOWN, id="an emptied form was filled in again, and routes in fragments were not read"),
    pytest.param(3, KNOWN, id="a request that asks for one thing at a time was left"),
)
"""Seed and languages; the id says what was missed there."""


@pytest.mark.parametrize("seed", PROVEN)
async def test_all_journeys_of_a_portal_work(seed: int, tmp_path: Path) -> None:
    await run_case(portal(draw(seed)), HEALTHY, tmp_path, tmp_path, None, script="only")


@pytest.mark.parametrize("language", [*KNOWN, *UNKNOWN])
@pytest.mark.nightly
async def test_a_portal_works_in_each_language(language: str, tmp_path: Path) -> None:
    await run_case(portal(draw(11, (language,))), HEALTHY, tmp_path, tmp_path, None, script="only")


@pytest.mark.parametrize(("seed", "languages"), ONCE_MISSED)
@pytest.mark.nightly
async def test_what_was_missed_once_is_found(seed: int, languages: tuple[str, ...], tmp_path: Path) -> None:
    found = await run_case(portal(draw(seed, languages)), HEALTHY, tmp_path, tmp_path, None, script="without")
    assert (found.misses, found.wrong, found.code) == ((), (), 0)
