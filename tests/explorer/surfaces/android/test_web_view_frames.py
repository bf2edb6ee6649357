"""A field in a WebView may stand in any frame of its page."""

from __future__ import annotations

import pytest

from explorer.request.scope import scope_of
from explorer.surfaces.android.in_front import place_of
from explorer.surfaces.android.web_views import SILENT, _below, _frames_with_fields
from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import Cdp, CdpError, Json


def test_the_frames_below_a_page_are_all_told() -> None:
    tree = {
        "frame": {"id": "1", "url": "https://login.desk.com/"},
        "childFrames": [
            {
                "frame": {"id": "2", "url": "https://evil.net/login"},
                "childFrames": [{"frame": {"id": "3", "url": "about:blank"}}],
            },
            {"frame": {"id": "4", "url": "https://cdn.desk.com/x"}},
        ],
    }
    assert _below(tree) == [("2", "https://evil.net/login"), ("3", "about:blank"), ("4", "https://cdn.desk.com/x")]
    assert _below({}) == []


class Page(Cdp):
    """A page with a frame that shows a field, one that shows none, and one that cannot be asked; or one that is silent or gone."""

    def __init__(self, failure: Exception | None = None) -> None:
        super().__init__(lambda *_: None)
        self.failure = failure

    async def call(self, session: str, method: str, params: Json | None = None, limit: float = 5.0) -> Json:
        if self.failure is not None:
            raise self.failure
        if method == "Page.getFrameTree":
            kids = [{"frame": {"id": str(n), "url": f"https://{n}.test/"}} for n in (1, 2, 3)]
            return {"frameTree": {"frame": {"id": "0"}, "childFrames": kids}}
        if method == "Page.createIsolatedWorld":
            if params and params["frameId"] == "3":
                raise CdpError("no such frame")
            return {"executionContextId": int((params or {})["frameId"])}
        return {"result": {"value": [bool(params and params["contextId"] == 1), "https://1.test"]}}


@pytest.mark.parametrize(
    ("failure", "places"),
    [(None, ["https://1.test/", "https://3.test/"]), (CdpError("late"), [SILENT]), (SurfaceGone("gone"), [])],
)
async def test_a_frame_counts_if_it_shows_a_field_or_does_not_answer(
    failure: Exception | None, places: list[str]
) -> None:
    assert await _frames_with_fields(Page(failure), "s") == places


@pytest.mark.parametrize(
    ("url", "origin", "place"),
    [
        ("about:srcdoc", "https://evil.net", "https://evil.net"),
        ("data:text/html,x", "null", "null"),
        ("blob:https://evil.net/1", "https://evil.net", "blob:https://evil.net/1"),
        ("https://desk.com/x", "https://desk.com", "https://desk.com/x"),
        ("about:blank", "", SILENT),
    ],
)
async def test_a_document_without_an_address_is_told_by_its_origin(url: str, origin: str, place: str) -> None:
    class Framed(Cdp):
        async def call(self, session: str, method: str, params: Json | None = None, limit: float = 5.0) -> Json:
            if method == "Page.getFrameTree":
                return {"frameTree": {"frame": {"id": "0"}, "childFrames": [{"frame": {"id": "1", "url": url}}]}}
            return {"executionContextId": 1, "result": {"value": [True, origin]}}

    places = await _frames_with_fields(Framed(lambda *_: None), "s")
    assert places == [place]
    scope = scope_of("https://desk.com/")
    assert place_of("<hierarchy/>", "com.desk.app", places) == (place,)
    assert scope.allows(place) is (place == "https://desk.com/x")
