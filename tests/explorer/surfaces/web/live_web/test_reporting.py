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


async def test_a_page_cannot_make_the_browser_itself_send_something(world: World) -> None:
    world.files["/empty"] = ("text/html", b"<h1>Desk</h1>")
    context = await world.browser.context()
    try:
        page = await context.new_page()
        await page.goto(f"{world.origin('good')}/empty")
        assert await page.evaluate("isSecureContext"), "elsewhere a browser has none of these interfaces"
        there = """() => ['fetchLater', 'PaymentRequest', 'IdentityCredential', 'BackgroundFetchManager', 'PaymentManager']
            .filter((name) => name in window)
            .concat(['joinAdInterestGroup', 'deprecatedReplaceInURN'].filter((name) => name in navigator))
            .concat(['browsingTopics', 'hasPrivateToken'].filter((name) => name in document))
            .concat(['attributionSrc'].filter((name) => name in HTMLImageElement.prototype))"""
        assert await page.evaluate(there) == []
    finally:
        await context.close()
