"""The text that a page paints: text nodes of any length, fields, SVG, generated content, alternatives of pictures.

Text on a canvas and text in pictures is not included. CDP `DOMSnapshot.captureSnapshot` returns the text of each box
of the layout, also in closed shadow roots."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.tab import Tab

ASKED = 3.0
"""Seconds that a page has to tell what it paints."""


async def painted(tab: Tab) -> tuple[str, str]:
    """The texts of the page in front, twice: with a line for each box, and joined without breaks, because scripts may
    put each letter into a box of its own.

    A frame that has crashed has no text. Raises CdpError if another frame does not answer."""
    watch = tab.watch
    sessions = dict.fromkeys(frame.session for frame in watch.page_frames(tab.page) if watch.answers(frame))
    asked: Json = {"computedStyles": []}
    told = await asyncio.gather(
        *(watch.cdp.call(session, "DOMSnapshot.captureSnapshot", asked, ASKED) for session in sessions)
    )
    texts = [text for snapshot in told for text in texts_of(snapshot)]
    return "\n".join(texts), "".join(texts)


def texts_of(snapshot: Json) -> Iterator[str]:
    """The texts of all boxes in an answer of `DOMSnapshot.captureSnapshot`, where a text is a number of a string."""
    strings = [str(text) for text in snapshot.get("strings") or []]
    for document in snapshot.get("documents") or []:
        layout = document.get("layout") or {}
        for number in layout.get("text") or []:
            if 0 <= number < len(strings):
                yield strings[number]
        yield from _of_fields(document.get("nodes") or {}, layout.get("nodeIndex") or [], strings)


def _of_fields(nodes: Json, boxes: Iterable[int], strings: Sequence[str]) -> Iterator[str]:
    """What the browser paints from input and attributes: a field's text or placeholder, a lost picture's `alt`."""
    attributes = nodes.get("attributes") or []
    typed = nodes.get("inputValue") or {}
    values = dict(zip(typed.get("index") or [], typed.get("value") or [], strict=False))
    for node in dict.fromkeys(boxes):
        flat = [strings[n] if n >= 0 else "" for n in (attributes[node] if node < len(attributes) else [])]
        told = dict(zip(flat[::2], flat[1::2], strict=False))
        if told.get("type", "").lower() != "password":
            number = values.get(node, -1)
            yield strings[number] if number >= 0 else ""
            yield told.get("value", "")
        yield from (told.get(name, "") for name in ("placeholder", "alt", "label"))
