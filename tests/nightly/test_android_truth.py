"""The truth table on the virtual device: the same journeys, causes and verdicts as on the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.android import World, square, world
from tests.journeys.harness import differences

pytestmark = [pytest.mark.android, pytest.mark.xdist_group("android"), pytest.mark.asyncio(loop_scope="module")]

CELLS = {
    "all good": {},
    "nobody gets in": {"portal": "incomplete-chain"},
    "nobody can sign in": {"auth": "untrusted-ca"},
    "the device's clock is wrong": {"portal": "clock-skew"},
    **{f"square from {breaks['chat']}": breaks for breaks in square()},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def device(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("truth")) as made:
        yield made
        assert made.lab.virtual.unknown == []


@pytest.mark.parametrize("name", CELLS)
async def test_verdicts_agree_with_the_truth(device: World, name: str) -> None:
    breaks = CELLS[name]
    outcome = await device.run(breaks)
    assert outcome.problem == ""
    assert differences(outcome, breaks) == []
    kinds = {f.kind for f in outcome.findings}
    assert ("background-host" in kinds) == ("analytics" in breaks)
    assert ("device-clock" in kinds) == ("clock-skew" in breaks.values())
    assert "network-not-observable" not in kinds
