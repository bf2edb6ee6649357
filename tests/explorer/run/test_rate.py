"""All sessions of a run together keep to a rate."""

from __future__ import annotations

import asyncio

from explorer.run.rate import Rate
from explorer.surfaces.scripted import FakeClock


async def test_turns_are_spread_evenly_over_all_who_ask() -> None:
    clock, started = FakeClock(now=0.0), []
    rate = Rate(4, clock, clock.rest)

    async def act() -> None:
        await rate.turn()
        started.append(clock())

    for _ in range(5):
        await act()
    assert started == [0.0, 0.25, 0.5, 0.75, 1.0]


async def test_who_comes_late_waits_for_nothing_and_saves_nothing_up() -> None:
    clock = FakeClock(now=0.0)
    rate = Rate(2, clock, clock.rest)
    await rate.turn()
    clock.wait(10)
    await rate.turn()
    assert clock() == 10.0
    await rate.turn()
    assert clock() == 10.5


async def test_turns_that_are_asked_for_at_once_are_different_ones() -> None:
    waited: list[float] = []

    async def rest(seconds: float) -> None:
        waited.append(seconds)

    rate = Rate(2, lambda: 0.0, rest)
    await asyncio.gather(rate.turn(), rate.turn(), rate.turn())
    assert waited == [0.5, 1.0]
