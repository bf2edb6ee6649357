"""One text of a site is read, and the site leads nowhere else by it."""

from __future__ import annotations

import pytest

from tests.explorer.surfaces.web_world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
INSIDE = "<title>Router</title>"


async def test_a_text_is_read_where_it_is_and_nowhere_else(world: World) -> None:
    world.pages |= {"/inside": INSIDE, "/robots.txt": "User-agent: *"}
    origin = world.origin("good")
    assert await world.browser.read(f"{origin}/robots.txt") == "User-agent: *"
    world.asked.clear()
    assert await world.browser.read(f"{origin}/go?http://127.0.0.1:{world.plain}/inside") == ""
    assert "/inside" not in world.asked


async def test_a_page_in_its_place_runs_no_script(world: World) -> None:
    inside = f"http://127.0.0.1:{world.plain}/inside"
    world.pages |= {"/inside": INSIDE, "/robots.txt": f"<script>window.open('{inside}'); fetch('{inside}')</script>"}
    world.asked.clear()
    assert "window.open" in await world.browser.read(f"{world.origin('good')}/robots.txt")
    assert "/inside" not in world.asked
