"""A run's reach, with its target's name looked up."""

from __future__ import annotations

import pytest

from explorer.request.resolve import RunOptions
from explorer.run.reach import reach

ROUTER = "http://192.168.0.1/"


@pytest.mark.parametrize("target", ["http://localhost:8000/", "http://127.0.0.1/", "http://127.1/"])
async def test_a_target_on_this_machine_may_lead_anywhere(target: str) -> None:
    assert (await reach(RunOptions(target=target))).settles(ROUTER) is True


async def test_a_public_name_that_resolve_moves_here_stays_public() -> None:
    options = RunOptions(target="http://shop.example:8080/", resolve=((("*", 8080), "127.0.0.1"),))
    assert (await reach(options)).settles(ROUTER) is False


async def test_the_owner_s_word_and_a_closed_world_open_it() -> None:
    target = "https://nowhere.invalid/"
    for options in (
        RunOptions(target=target, private=True),
        RunOptions(target=target, test_system=True),
        RunOptions(target=target, only_resolved=True),
    ):
        assert (await reach(options)).settles(ROUTER) is True
