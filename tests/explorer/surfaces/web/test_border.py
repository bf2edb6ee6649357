"""A stopped request is told with the page that made it, also where its frame or window is not known yet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from explorer.request.reach import reach_of
from explorer.surfaces.web.border import Border
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.gate import Gate
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.watch import ContextWatch


class Silent(Cdp):
    """A connection whose messages nobody takes."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None)
        self.stopped = asyncio.Event()

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        if method == "Fetch.failRequest":
            self.stopped.set()


async def told_at(pages: Mapping[str, str], session: str, frame: str) -> str:
    """Where the record of a stopped request says that it came from. `pages` are top frames with their addresses."""
    cdp = Silent()
    watch = ContextWatch(cdp, "")
    for page, url in pages.items():
        watch.frames[page] = FrameState(page, "", "s", page, url=url)
    watch.attach("s", {"type": "page", "targetId": "main"}, "")
    watch.frames["main"].url = pages.get("main", "")

    async def nobody(host: str, port: int, *, page: bool) -> tuple[str, ...] | None:
        return ()

    border = Border(reach_of("https://site.test/"), watch, Gate(cdp, lambda: (watch,)), nobody)
    asked = {"requestId": "1", "frameId": frame, "resourceType": "Document", "request": {"url": "http://127.0.0.1:9/"}}
    border.paused(session, asked, "")
    async with asyncio.timeout(10):
        await cdp.stopped.wait()
        await asyncio.gather(*border._tasks)
    (record,) = watch.records
    return str(record.data["at"])


@pytest.mark.parametrize(
    ("pages", "session", "frame", "at"),
    [
        ({"main": "https://site.test/a"}, "s", "main", "https://site.test"),
        ({"main": "https://site.test/a"}, "s", "unknown", "https://site.test"),
        ({"main": "https://site.test/a", "window": "about:blank"}, "", "unknown", "https://site.test"),
        ({"main": "https://site.test/a", "other": "https://other.test/"}, "", "unknown", ""),
        ({"main": "about:blank"}, "", "unknown", ""),
    ],
    ids=["known frame", "unknown frame of a known page", "window not told of yet", "two sites", "no page"],
)
async def test_the_page_of_a_stopped_request_is_told_if_it_is_certain(
    pages: Mapping[str, str], session: str, frame: str, at: str
) -> None:
    assert await told_at(pages, session, frame) == at
