"""When a page is at rest, shown on a tab without a browser."""

from __future__ import annotations

import asyncio
import math

from explorer.surfaces.web.settle import DUE, settle
from tests.explorer.surfaces.web.test_tab import a_tab


async def test_an_empty_window_that_is_never_still_is_not_waited_for_any_longer() -> None:
    watch, tab = await a_tab()
    watch.attach("w", {"type": "page", "targetId": "window", "openerId": "main"}, "")
    tab.follow()
    tab.acted = asyncio.get_running_loop().time() - DUE

    settled = asyncio.Event()

    async def stir() -> None:
        while not settled.is_set():
            watch.touch(changed=True)
            await asyncio.sleep(0)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:  # the limit of `settle` itself does not end it
        tasks.create_task(stir())
        how = await settle(tab, math.inf, change=False)
        settled.set()
    assert tab.is_new_and_empty and how.how == "quiet" and not how.pending
