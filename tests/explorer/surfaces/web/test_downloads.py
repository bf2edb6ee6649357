"""Which downloads are this session's, and what becomes of them."""

from __future__ import annotations

import pytest

from explorer.surfaces.surface import LIMITS
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.downloads import Downloads
from explorer.surfaces.web.watch import ContextWatch
from flows.record import Record


class Quiet(Cdp):
    def post(self, session: str, method: str, params: Json | None = None) -> None:
        """Say nothing."""


def progress(guid: str, state: str, got: int = 1) -> Json:
    return {"guid": guid, "state": state, "receivedBytes": got, "totalBytes": 0}


def begun(guid: str, frame: str = "f") -> Json:
    return {"guid": guid, "frameId": frame, "url": "https://desk.test/m.pdf?token=1"}


def downloads(told: list[Record]) -> Downloads:
    return Downloads(Quiet(lambda *_: None), told.append)


def test_one_of_this_session_is_under_way_and_then_done() -> None:
    mine = downloads([])
    assert mine.event("Browser.downloadWillBegin", begun("a"), ours=True)
    assert mine.under_way == {"a"}
    assert not mine.event("Browser.downloadProgress", progress("a", "inProgress"), ours=False)
    assert mine.event("Browser.downloadProgress", progress("a", "completed"), ours=False)
    assert (mine.under_way, mine.done) == (set(), {"a"})


def test_one_of_another_session_is_none() -> None:
    mine = downloads([])
    assert not mine.event("Browser.downloadWillBegin", begun("a"), ours=False)
    assert not mine.event("Browser.downloadProgress", progress("a", "completed"), ours=False)
    assert (mine.under_way, mine.done) == (set(), set())


def test_one_that_is_too_large_is_told_once_and_is_never_done() -> None:
    told: list[Record] = []
    mine = downloads(told)
    mine.cap.one = 10
    mine.event("Browser.downloadWillBegin", begun("a"), ours=True)
    for _ in range(2):
        mine.event("Browser.downloadProgress", progress("a", "inProgress", 11), ours=False)
    mine.event("Browser.downloadProgress", progress("a", "canceled", 11), ours=False)
    assert [(r.kind, r.data["to"]) for r in told] == [("download", "https://desk.test/m.pdf?token")]
    assert (mine.under_way, mine.done) == (set(), set())


@pytest.mark.parametrize(("frame", "kinds"), [("window", ["download"]), ("inside", ["download"]), ("stranger", [])])
async def test_one_whose_window_or_frame_is_gone_is_still_ours(frame: str, kinds: list[str]) -> None:
    watch = ContextWatch(Quiet(lambda *_: None), "")
    watch.files.cap.one = 10
    for session, page in (("s", "main"), ("w", "window")):
        watch.attach(session, {"type": "page", "targetId": page}, "")
    watch.event("s", "Page.frameAttached", {"frameId": "inside", "parentFrameId": "main"})
    watch.event("s", "Page.frameDetached", {"frameId": "inside", "reason": "remove"})
    watch.detach("w")
    watch.download("Browser.downloadWillBegin", begun("a", frame) | {"suggestedFilename": "m.pdf"})
    assert watch.files.under_way == ({"a"} if kinds else set())
    watch.download("Browser.downloadProgress", progress("a", "inProgress", 11))
    assert [r.kind for r in watch.records if r.source == LIMITS] == kinds
