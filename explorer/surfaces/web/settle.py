"""Decides when a page is at rest, by its requests and its changes, and never by a fixed wait."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence

from explorer.surfaces.surface import Settled
from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.state import FrameState
from explorer.surfaces.web.tab import Tab

QUIET = 0.07
"""Seconds without a change or request after which a page is at rest."""
DUE = 1.5
"""Seconds for which we wait for a document that may still appear: the error page after a failure, or the first page of a new window.

Not every failed document gets an error page, and not every new window gets a page."""
RESTLESS = 0.6
"""Seconds after which changes without any request (an animation, a clock) are no longer waited for."""
SILENT = 3.0
"""Seconds without traffic after which a responsive page is not expected to change any more."""


async def settle(tab: Tab, limit: float, *, change: bool) -> Settled:
    """Wait until the page is at rest, at most `limit` seconds.

    With `change`, first wait until the screen differs from the last observation."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    end = begun + limit
    watch = tab.watch
    if change and not await _other(tab, end):
        return Settled(_how(tab, "quiet"), time.time(), tuple(tab.outstanding()), silent=loop.time() < end)
    calm_since = loop.time() if change else tab.acted or begun
    while True:
        watch.stir.clear()
        now = loop.time()
        if tab.crashed:
            return Settled("crashed", time.time())
        if watch.dialogs.get(tab.page):
            return Settled("quiet", time.time())
        pending = tab.outstanding()
        parsing = watch.parsing(tab.page, tab.since)  # a busy browser parses long after the last byte came
        if now >= end:
            return Settled(_how(tab, "pending" if pending or parsing else "quiet"), time.time(), tuple(pending))
        last = max(watch.active_at, tab.acted)
        if not pending and not parsing:
            opening = tab.is_new_and_empty and now < tab.acted + DUE  # whatever stirs in it meanwhile
            due = bool(watch.torn) or opening
            busy_with_itself = not due and now - max(calm_since, _last_request(tab)) > RESTLESS
            rest = last + (DUE if due else QUIET)
            if opening and not watch.torn:
                rest = tab.acted + DUE
            if now >= rest or busy_with_itself:
                watch.torn.clear()
                return Settled("quiet", time.time())
            wake = min(rest, end)
        else:
            wake = end
        try:
            async with asyncio.timeout(max(wake - now, 0.001)):
                await watch.stir.wait()
        except TimeoutError:
            continue


def _last_request(tab: Tab) -> float:
    return max(tab.watch.asked.answered_at, tab.acted)


def _how(tab: Tab, otherwise: str) -> str:
    return "crashed" if tab.crashed else otherwise


async def _other(tab: Tab, end: float) -> bool:
    """Wait until the content differs from the last observation, and return True.

    The content is read when the page reports a change, and once more when nothing is outstanding that could change it.
    Returns False if the content has not changed then, or at `end`."""
    loop = asyncio.get_running_loop()
    watch = tab.watch
    looked = tab.looked_at
    while loop.time() < end:
        watch.stir.clear()
        if tab.crashed or tab.page in watch.dialogs or set(watch.pages) != tab.pages_looked:
            return True
        silence = _silent_at(tab)
        over = silence <= loop.time()
        if watch.changed_at > looked or over:  # at the end a last look: it also shows that the page is not stuck
            looked = loop.time()
            if await _print_now(tab) != tab.print_:
                return True
            if over and _silent_at(tab) <= loop.time():
                return False
        try:
            async with asyncio.timeout(max(min(end, silence) - loop.time(), 0.001)):
                await watch.stir.wait()
        except TimeoutError:
            continue
    return False


def _silent_at(tab: Tab) -> float:
    """The time, by the loop's clock, at which we stop waiting for a change if nothing more happens.

    It is infinity while a request is under way. It is also infinity after a message over a socket, because a person may
    be answering at the other end."""
    watch = tab.watch
    if tab.outstanding() or watch.parsing(tab.page, tab.since) or watch.asked.told_at >= tab.since:
        return float("inf")
    return max(watch.asked.answered_at, tab.acted) + SILENT


async def _print_now(tab: Tab) -> str:
    frames = list(tab.watch.page_frames(tab.page))[:60]
    said = await asyncio.gather(*(tab.read(f, peek=True) for f in frames))
    return print_of(said, frames, len(tab.watch.files.done))


def print_of(said: Sequence[Json | None], frames: Sequence[FrameState], downloads: int) -> str:
    """A hash of the texts and controls of all frames, and of the number of downloads."""
    parts: list[object] = [downloads]
    for data, frame in zip(said, frames, strict=True):
        if data is None:
            parts.append((frame.url, frame.error))
        else:
            parts.append(
                (
                    data.get("url"),
                    data.get("title"),
                    data.get("texts"),
                    [[*e[1:4], e[13] & 0b10000101] for e in data.get("els", ())],
                    bool(data.get("busy")),
                )
            )
    return str(hash(json.dumps(parts)))
