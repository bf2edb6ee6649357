"""Which requests of a page are waited for, and until when."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.cdp import Json
from explorer.surfaces.web.requests import Requests


def sent(request: str, kind: str = "Fetch", frame: str = "f") -> Json:
    return {"requestId": request, "type": kind, "frameId": frame, "request": {"url": f"https://desk.test/{request}"}}


def answer(request: str, mime: str = "text/html", kind: str = "Fetch") -> Json:
    return {
        "requestId": request,
        "type": kind,
        "response": {"status": 200, "mimeType": mime, "url": f"https://desk.test/{request}"},
    }


def waited_for(requests: Requests, page: str = "page") -> list[str]:
    return [r.id for r in requests.outstanding(page, 0)]


def test_a_request_is_waited_for_until_it_ends() -> None:
    asked = Requests()
    assert asked.begun(sent("a"), "page", "page", 1.0) and waited_for(asked) == ["a"]
    assert asked.outstanding("page", 1.5) == [] and waited_for(asked, "another") == []
    request, shown = asked.ended({"requestId": "a"}, 2.0)
    assert request is not None and (request.id, shown, asked.answered_at) == ("a", False, 2.0)
    assert waited_for(asked) == []


@pytest.mark.parametrize("kind", ["WebSocket", "Ping", "Prefetch", "Media"])
def test_what_lasts_or_is_not_seen_is_not_waited_for(kind: str) -> None:
    asked = Requests()
    assert not asked.begun(sent("a", kind), "page", "page", 1.0)
    assert waited_for(asked) == [] and asked.ids() == {"a"}


@pytest.mark.parametrize("mime", ["text/event-stream", "multipart/x-mixed-replace"])
def test_an_answer_without_an_end_is_not_waited_for(mime: str) -> None:
    asked = Requests()
    asked.begun(sent("a"), "page", "page", 1.0)
    assert asked.answered(answer("a", mime)) and waited_for(asked) == []


def test_a_file_that_a_tab_shows_is_told_once_at_its_end() -> None:
    asked = Requests()
    asked.begun(sent("a", "Document"), "page", "page", 1.0)
    assert not asked.answered(answer("a", "application/pdf", "Document"))
    assert [asked.ended({"requestId": "a"}, 2.0)[1] for _ in range(2)] == [True, False]


def test_a_new_document_ends_what_the_old_one_waited_for_but_not_itself() -> None:
    asked = Requests()
    for request, kind, frame in (("a", "Fetch", "f"), ("b", "Document", "f"), ("c", "Fetch", "other")):
        asked.begun(sent(request, kind, frame), "page", "page", 1.0)
    assert asked.navigates("f", 1.0) and not asked.navigates("f", 1.5) and not asked.navigates("other", 0)
    asked.leave_document("f")
    assert waited_for(asked) == ["b", "c"]
    asked.close_frame("f")
    assert waited_for(asked) == ["c"]
    asked.close_page("page")
    assert asked.ids() == set()
