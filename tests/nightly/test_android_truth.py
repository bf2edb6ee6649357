"""The truth table on the virtual device: the same journeys, causes and verdicts as on the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.android import CELLS, World, world
from tests.journeys.live_android.test_truth import right

pytestmark = [pytest.mark.android, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def device(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("truth")) as made:
        yield made
        assert made.lab.virtual.unknown == []


@pytest.mark.parametrize("name", CELLS)
async def test_verdicts_agree_with_the_truth(device: World, name: str) -> None:
    await right(device, CELLS[name])
