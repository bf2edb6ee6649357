"""Reads one text of a site in a browser, without any other request."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

LONGEST = 500_000
"""The most characters of a text that are returned."""


async def read_alone(context: BrowserContext, url: str, limit: float) -> str:
    """The text at an address; empty if the site refuses it or leads elsewhere.

    Raises TimeoutError after `limit` seconds, and what Playwright raises where the browser cannot ask.
    """
    page = await context.new_page()
    await _only(page, url)
    answer = await page.goto(url, timeout=limit * 1_000, wait_until="commit")
    async with asyncio.timeout(limit):
        return (await answer.text())[:LONGEST] if answer is not None and answer.ok else ""


async def _only(page: Page, url: str) -> None:
    """Let a page ask for one address and nothing else: a redirect could lead to a private network, a script too."""
    session = await page.context.new_cdp_session(page)

    async def decide(event: dict[str, Any]) -> None:
        with contextlib.suppress(PlaywrightError):
            if event["request"]["url"] == url and not event.get("redirectedRequestId"):
                await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            else:
                await session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})

    session.on("Fetch.requestPaused", decide)
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
