"""Reads the text that a page paints: text nodes, fields, SVG, generated content and alternative texts of images.

Text on a canvas and text in images is not included. CDP `DOMSnapshot.captureSnapshot` returns the text of each layout
box, whatever its length, also in closed shadow roots."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.tab import Tab

ASKED = 3.0
"""Seconds within which a page must report what it paints."""


async def painted(tab: Tab) -> tuple[str, str]:
    """The text of the page in front in two forms: with a line for each layout box, and without line breaks.

    The second form is needed because scripts may put each letter into a box of its own. A frame that has crashed has no
    text. Raises CdpError if another frame does not answer."""
    watch = tab.watch
    sessions = dict.fromkeys(frame.session for frame in watch.page_frames(tab.page) if watch.answers(frame))
    asked: Json = {"computedStyles": []}
    told = await asyncio.gather(
        *(watch.cdp.call(session, "DOMSnapshot.captureSnapshot", asked, ASKED) for session in sessions)
    )
    texts = [text for snapshot in told for text in texts_of(snapshot)]
    return "\n".join(texts), "".join(texts)


def texts_of(snapshot: Json) -> Iterator[str]:
    """The texts of all layout boxes and fields in an answer of `DOMSnapshot.captureSnapshot`.

    The answer refers to each text by its index in `strings`."""
    strings = [str(text) for text in snapshot.get("strings") or []]
    for document in snapshot.get("documents") or []:
        layout = document.get("layout") or {}
        for number in layout.get("text") or []:
            if 0 <= number < len(strings):
                yield strings[number]
        yield from _of_fields(document.get("nodes") or {}, layout.get("nodeIndex") or [], strings)


def _of_fields(nodes: Json, boxes: Iterable[int], strings: Sequence[str]) -> Iterator[str]:
    """Texts that the browser paints from input and attributes.

    Examples are the text or the placeholder of a field, and the `alt` of an image that did not load."""
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
