"""Which page is in front, and what is known of it."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.tab import Tab
from explorer.surfaces.web.watch import ContextWatch


class Quiet(Cdp):
    def post(self, session: str, method: str, params: Json | None = None) -> None:
        """Say nothing."""


async def a_tab() -> tuple[ContextWatch, Tab]:
    watch = ContextWatch(Quiet(lambda *_: None), "")
    watch.attach("s", {"type": "page", "targetId": "main"}, "")
    return watch, Tab(watch, "https://desk.test/")


@pytest.mark.parametrize("address", ["", "about:blank"])
async def test_a_window_that_came_with_the_last_action_is_due_until_it_shows_something(address: str) -> None:
    watch, tab = await a_tab()
    assert not tab.is_new_and_empty, "the page that was there before is not waited for"
    watch.attach("w", {"type": "page", "targetId": "window", "openerId": "main", "url": address}, "")
    tab.follow()
    assert tab.page == "window" and tab.is_new_and_empty
    watch.event("w", "Page.frameNavigated", {"frame": {"id": "window", "url": "https://desk.test/help"}})
    assert not tab.is_new_and_empty


async def test_an_empty_window_that_was_looked_at_is_taken_as_it_is() -> None:
    watch, tab = await a_tab()
    watch.attach("w", {"type": "page", "targetId": "window", "openerId": "main"}, "")
    tab.follow()
    tab.pages_looked = set(watch.pages)
    assert not tab.is_new_and_empty


async def test_a_page_has_crashed_until_it_shows_something_again() -> None:
    watch, tab = await a_tab()
    watch.event("s", "Page.javascriptDialogOpening", {"message": "Sure?"})
    assert tab.dialog_text() == "Sure?"
    watch.event("s", "Inspector.targetCrashed", {})
    assert tab.crashed and tab.dialog_text() == "" and not watch.answers(watch.frames["main"])
    watch.event("s", "Page.frameNavigated", {"frame": {"id": "main", "url": "https://desk.test/"}})
    assert not tab.crashed and watch.answers(watch.frames["main"])
