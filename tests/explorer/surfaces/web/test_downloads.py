"""Which downloads are this session's, and what becomes of them."""

from __future__ import annotations

from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.downloads import Downloads
from explorer.surfaces.web.state import FrameState
from flows.record import Record

FRAMES = {"f": FrameState("f", "", "s", "f")}


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
    assert mine.event("Browser.downloadWillBegin", begun("a"), FRAMES)
    assert mine.under_way == {"a"}
    assert not mine.event("Browser.downloadProgress", progress("a", "inProgress"), FRAMES)
    assert mine.event("Browser.downloadProgress", progress("a", "completed"), FRAMES)
    assert (mine.under_way, mine.done) == (set(), {"a"})


def test_one_of_another_session_is_none() -> None:
    mine = downloads([])
    assert not mine.event("Browser.downloadWillBegin", begun("a", "elsewhere"), FRAMES)
    assert not mine.event("Browser.downloadProgress", progress("a", "completed"), FRAMES)
    assert (mine.under_way, mine.done) == (set(), set())


def test_one_that_is_too_large_is_told_once_and_is_never_done() -> None:
    told: list[Record] = []
    mine = downloads(told)
    mine.cap.one = 10
    mine.event("Browser.downloadWillBegin", begun("a"), FRAMES)
    for _ in range(2):
        mine.event("Browser.downloadProgress", progress("a", "inProgress", 11), FRAMES)
    mine.event("Browser.downloadProgress", progress("a", "canceled", 11), FRAMES)
    assert [(r.kind, r.data["to"]) for r in told] == [("download", "https://desk.test/m.pdf?token")]
    assert (mine.under_way, mine.done) == (set(), set())
