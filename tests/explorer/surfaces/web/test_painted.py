"""The texts of a page's boxes, out of the browser's answer."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.cdp import Cdp, CdpError, Json
from explorer.surfaces.web.painted import painted, texts_of
from explorer.surfaces.web.tab import Tab
from explorer.surfaces.web.watch import ContextWatch


class Answering(Cdp):
    """A browser that tells a text of each renderer, of which one is dead."""

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        """Say nothing."""

    async def call(self, session: str, method: str, params: Json | None = None, limit: float = 0) -> Json:
        """The text of a renderer."""
        if session == "dead":
            raise CdpError("no answer")
        return {"strings": [session], "documents": [{"layout": {"text": [0]}}]}


async def test_a_frame_that_has_crashed_is_not_asked() -> None:
    watch = ContextWatch(Answering(lambda *_: None), "")
    watch.attach("page", {"type": "page", "targetId": "main"}, "")
    watch.event("page", "Page.frameAttached", {"frameId": "inner", "parentFrameId": "main"})
    watch.attach("dead", {"type": "iframe", "targetId": "inner"}, "page")
    tab = Tab(watch, "https://desk.test/")
    with pytest.raises(CdpError):
        await painted(tab)
    watch.event("dead", "Inspector.targetCrashed", {})
    assert await painted(tab) == ("page", "page")


def test_texts_of_boxes_are_told_and_other_strings_are_not() -> None:
    layout = {"layout": {"text": [1, -1, 2]}}
    told = {"strings": ["hidden", "shown", "too"], "documents": [layout, {}]}
    assert [*filter(None, texts_of(told))] == ["shown", "too"] and list(texts_of({})) == []


def test_a_field_tells_what_stands_in_it_unless_it_hides_that() -> None:
    strings = ["type", "password", "text", "typed", "placeholder", "say it"]
    nodes = {"attributes": [[0, 1, 4, 5], [0, 2], [0, 2]], "inputValue": {"index": [0, 1, 2], "value": [3, 3, 3]}}
    told = {"strings": strings, "documents": [{"nodes": nodes, "layout": {"nodeIndex": [0, 1]}}]}
    assert [*filter(None, texts_of(told))] == ["say it", "typed"]
