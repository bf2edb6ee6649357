"""Several runs and a server that dies, as somebody at a browser sees them."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from explorer.lab.demo.app import DemoApp
from tests.explorer.server.live_web.test_pages import LONG, browsing
from tests.explorer.server.waiting import eventually


async def begin(page: Page, base: str, demo: DemoApp) -> None:
    """Start a run of two personas over all journeys, and see it go on."""
    await page.goto(base)
    await page.get_by_label("Address").fill(demo.url)
    await page.get_by_label("Impatient").check()
    await page.get_by_label("own machine or network").check()
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("article").first).to_be_visible(timeout=LONG)
    await expect(page.get_by_text("waiting", exact=True)).to_have_count(0)  # what the page said when it was opened


async def listed(page: Page, base: str, words: str) -> int:
    """How many runs the history tells so of."""
    await page.goto(f"{base}runs")
    return await page.get_by_text(words, exact=True).count()


@pytest.mark.nightly
async def test_two_runs_go_on_side_by_side_and_a_server_that_died_tells_what_became_of_them(
    for_demo: Callable[[], Any], demo: DemoApp
) -> None:
    server = for_demo().start()
    async with browsing(server, viewport={"width": 390, "height": 800}, color_scheme="dark") as page:
        await begin(page, server.base, demo)
        await begin(page, server.base, demo)

        async def both() -> bool:
            return await listed(page, server.base, "running") == 2

        await eventually(both)
    server.end(signal.SIGKILL)
    server.start()
    async with browsing(server) as page:

        async def told() -> bool:
            return await listed(page, server.base, "incomplete") == 2

        await eventually(told)
        await page.get_by_role("listitem").filter(has_text="incomplete").first.get_by_role("link").click()
        await page.get_by_role("link", name="Read the report").click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
    server.end(signal.SIGTERM)


async def test_a_file_that_is_no_package_is_refused_by_the_chooser_too(
    for_demo: Callable[[], Any], tmp_path: Path
) -> None:
    notes = tmp_path / "notes.apk"
    notes.write_bytes(b"these are no bytes of an app")
    server = for_demo().start()
    async with browsing(server) as page:
        await page.get_by_label("APK, or a package").set_input_files(notes)
        await page.get_by_role("button", name="Upload").click()
        await expect(page.get_by_role("alert")).to_contain_text("not an Android package")
    server.end(signal.SIGTERM)
