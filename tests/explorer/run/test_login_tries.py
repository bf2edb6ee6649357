"""Two wrong tries of an account in a run, whoever makes them; right ones cost nothing."""

from __future__ import annotations

import asyncio

import pytest

from explorer.run.login_tries import MOST, LoginTries


async def test_what_fails_is_counted_over_all_sessions_that_try_at_once() -> None:
    tries = LoginTries()
    sent: list[int] = []

    async def session(number: int) -> None:
        async with tries.turn() as one:
            if one.allowed:
                sent.append(number)
                await asyncio.sleep(0)

    await asyncio.gather(*(session(n) for n in range(6)))
    assert sent == [0, 1] and tries.spent and str(MOST) in tries.why


async def test_a_try_that_succeeds_or_meets_no_server_costs_nothing() -> None:
    tries = LoginTries()
    for _ in range(5):
        async with tries.turn() as one:
            assert one.allowed
            one.failed = False
    assert tries.failed == 0


async def test_a_try_that_is_broken_off_counts_and_lets_the_next_one_come() -> None:
    tries = LoginTries()
    with pytest.raises(RuntimeError):
        async with tries.turn():
            raise RuntimeError
    assert tries.failed == 1
    async with tries.turn() as one:
        assert one.allowed
