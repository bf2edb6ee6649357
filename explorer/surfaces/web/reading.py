"""Reads one text of a site with a browser, and sends no other request."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

LONGEST = 500_000
"""The most characters of a text that are returned."""


async def read_alone(context: BrowserContext, url: str, limit: float) -> str:
    """The text at an address. Empty if the site does not answer with a successful status.

    Raises Playwright's Error if the request fails, for example because the site redirects it. Raises TimeoutError if
    the text does not arrive within `limit` seconds.
    """
    page = await context.new_page()
    await _only(page, url)
    answer = await page.goto(url, timeout=limit * 1_000, wait_until="commit")
    async with asyncio.timeout(limit):
        return (await answer.text())[:LONGEST] if answer is not None and answer.ok else ""


async def _only(page: Page, url: str) -> None:
    """Let a page request this address only, because a redirect or a script could lead to a private network."""
    session = await page.context.new_cdp_session(page)

    async def decide(event: dict[str, Any]) -> None:
        with contextlib.suppress(PlaywrightError):
            if event["request"]["url"] == url and not event.get("redirectedRequestId"):
                await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            else:
                await session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})

    session.on("Fetch.requestPaused", decide)
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
