"""The demo, broken in every way of the truth table, comes out as the table says: verdict, cause and what blocks what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.cells import WALKS
from tests.journeys.live_web.test_truth import right


@pytest.mark.parametrize("name", WALKS)
async def test_the_whole_table(name: str, tmp_path: Path) -> None:
    await right(name, tmp_path)
