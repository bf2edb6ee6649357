"""The events of a browser reach the session that they belong to, also where a frame is told of late."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.targets import BrowserWatch


class Border:
    """Notes which session a request is said to be of."""

    def __init__(self) -> None:
        self.sessions: list[str] = []

    def paused(self, session: str, p: Json, via: str) -> None:
        self.sessions.append(session)


TOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "attached": ("Page.frameAttached", {"frameId": "inner", "parentFrameId": "page"}),
    "navigated": ("Page.frameNavigated", {"frame": {"id": "inner", "parentId": "page", "url": "about:srcdoc"}}),
}


@pytest.mark.parametrize("how", TOLD)
async def test_a_request_waits_until_its_frame_is_told_of_in_any_way(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cdp, "post", lambda *_: None)
    watch = BrowserWatch()
    context, border = watch.context("own"), Border()
    context.border = border
    info: dict[str, Any] = {"targetId": "page", "type": "page", "url": "about:blank", "browserContextId": "own"}
    watch._event("", "Target.attachedToTarget", {"sessionId": "s", "targetInfo": info})
    watch._event(
        "", "Fetch.requestPaused", {"requestId": "7", "frameId": "inner", "request": {"url": "http://127.0.0.1/"}}
    )
    assert border.sessions == []
    watch._event("s", *TOLD[how])
    assert border.sessions == ["s"]
