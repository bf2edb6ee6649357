"""What a page shows becomes widgets, what is done to them goes to the page, and failures are logged as Chromium does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from explorer.lab.android.web_app import READ, WebApp

NODES = [
    {"node": "0", "tag": "H1", "kind": "", "value": "", "rid": "", "text": "Desk"},
    {"node": "1", "tag": "INPUT", "kind": "text", "value": "", "rid": "name", "text": "Your name"},
    {"node": "2", "tag": "BUTTON", "kind": "submit", "value": "", "rid": "send", "text": "Send"},
]


class FakePage:
    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.read = asyncio.Event()
        self.hear: Callable[[Any], Any] = print

    async def goto(self, url: str) -> None:
        self.asked.append(url)

    async def evaluate(self, expression: str, arg: Any = None) -> Any:
        if expression == READ:
            self.read.set()
            return [dict(node) for node in NODES]
        self.asked.append(arg)
        return None

    def on(self, _: Any, f: Callable[[Any], Any]) -> None:
        self.hear = f


class FakeHost:
    package = "test.web"

    def __init__(self) -> None:
        self.logged: list[tuple[str, str, str]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def log(self, priority: str, tag: str, text: str) -> None:
        self.logged.append((priority, tag, text))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))


async def test_a_page_is_shown_typed_into_tapped_and_its_failures_are_logged() -> None:
    host, page = FakeHost(), FakePage()
    app = WebApp(host, page, "https://desk.test/")  # type: ignore[arg-type]
    app.start()
    await page.read.wait()
    await asyncio.sleep(0)
    (view,) = app.window().content
    assert view.class_name == "android.webkit.WebView"
    heading, field, button = view.children
    assert (heading.text, field.hint, button.text) == ("Desk", "Your name", "Send")
    assert field.set_text is not None and button.tap is not None and heading.tap is None
    field.set_text("Ana")
    button.tap()
    assert app.back()
    await asyncio.gather(*host.tasks[1:])
    assert page.asked[:3] == ["https://desk.test/", ["1", "Ana"], "2"]
    assert app.window().content[0].children[1].text == "Ana"
    page.hear(SimpleNamespace(failure="net::ERR_CERT_DATE_INVALID"))
    page.hear(SimpleNamespace(failure="net::ERR_CONNECTION_REFUSED"))
    assert [(p, tag, text.endswith("net_error -201")) for p, tag, text in host.logged] == [("E", "chromium", True)]
    host.tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await host.tasks[0]
