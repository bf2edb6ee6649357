"""The browser reports to nobody whom a page names: that would go past the watch over the login, with the page's address."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.cdp import Json
from tests.explorer.surfaces.web_world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_no_report_is_made_for_whoever_a_page_names(world: World) -> None:
    world.files["/reports"] = ("text/html", b"<h1>Desk</h1>")
    world.heads["/reports"] = {"Reporting-Endpoints": f'r="{world.origin("other")}/take"'}
    context = await world.browser.context()
    try:
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        reports: list[Json] = []

        def add(told: Json) -> None:
            reports.append(told)

        for event in ("reportingApiReportAdded", "reportingApiEndpointsChangedForOrigin"):
            cdp.on(f"Network.{event}", add)
        await cdp.send("Network.enable")
        await cdp.send("Network.enableReportingApi", {"enable": True})
        await page.goto(f"{world.origin('good')}/reports")
        await page.reload()
        await cdp.send("Network.disable")
        assert reports == []
    finally:
        await context.close()
