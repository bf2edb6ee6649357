"""A scripted app that consists of a WebView. A real Chromium renders the page and serves the WebView's DevTools.

The page's contents become nodes of the page source, as Android's WebView reports its accessibility tree to UiAutomator.
Taps and texts go to the page. Failures are logged as Chromium logs them, with the tag `chromium`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from typing import Any, Protocol

from explorer.lab.android.apps import Host
from explorer.lab.android.widgets import HEIGHT, STATUS_BAR, Widget, Window

LOOK = 0.2
READ = """() => [...document.querySelectorAll('h1,h2,h3,p,li,label,a[href],button,input,textarea,select,[role=alert],[role=status]')]
  .map((e, i) => { e.dataset.node = i; return e; }).filter(e => e.offsetParent !== null && !e.querySelector('a,button,input,p'))
  .slice(0, 60).map(e => ({node: e.dataset.node, tag: e.tagName, kind: e.type || '', value: e.value || '', rid: e.id || e.name || '',
    text: (e.innerText || e.getAttribute('aria-label') || e.placeholder || (e.labels && e.labels[0] && e.labels[0].innerText) || '').trim()}))"""
_CODES = {"ERR_CERT_COMMON_NAME_INVALID": -200, "ERR_CERT_DATE_INVALID": -201, "ERR_CERT_AUTHORITY_INVALID": -202}
"""Chromium net error → its number (net/base/net_error_list.h), for errors that are logged with their number."""


class Page(Protocol):
    """The part of a browser page that the app uses."""

    async def goto(self, url: str) -> Any: ...

    async def evaluate(self, expression: str, arg: Any = None) -> Any: ...

    def on(self, event: Any, f: Callable[[Any], Any]) -> None: ...


class WebApp:
    """One process of the app. `page` is the browser page in its WebView; `url` is the address that it opens."""

    def __init__(self, host: Host, page: Page, url: str) -> None:
        self._host, self._page, self._url = host, page, url
        self._nodes: list[dict[str, str]] = []

    def start(self) -> None:
        self._page.on("requestfailed", self._failed)
        self._host.spawn(self._run())

    def window(self) -> Window:
        rows = [self._widget(node) for node in self._nodes]
        view = Widget("android.webkit.WebView", rid="web", children=rows, scrolls=True, height=HEIGHT - STATUS_BAR)
        return Window(self._host.package, f"{self._host.package}.WebActivity", [view], title="web")

    def back(self) -> bool:
        self._host.spawn(self._ask("() => history.back()"))
        return True

    async def _run(self) -> None:
        with contextlib.suppress(Exception):  # a page that fails to load stays blank, as in a WebView by default
            await self._page.goto(self._url)
        while True:
            self._nodes = await self._ask(READ) or []
            await asyncio.sleep(LOOK)

    async def _ask(self, expression: str, argument: Any = None) -> Any:
        with contextlib.suppress(Exception):  # the page is navigating
            return await self._page.evaluate(expression, argument)
        return None

    def _widget(self, node: dict[str, str]) -> Widget:
        tag, text = node["tag"], node["text"][:300]
        if tag in {"INPUT", "TEXTAREA"} and node["kind"] not in {"submit", "button", "checkbox", "file", "radio"}:
            return Widget(
                "EditText",
                node["value"],
                node["rid"],
                hint=text,
                set_text=self._setter(node["node"]),
                password=node["kind"] == "password",
                height=120,
            )
        acts = tag in {"A", "BUTTON", "INPUT", "SELECT"}
        kind = "Button" if tag in {"BUTTON", "INPUT"} else "android.view.View" if acts else "TextView"
        tap = self._tapper(node["node"]) if acts else None
        return Widget(kind, text or node["value"], node["rid"], tap=tap, height=90)

    def _tapper(self, node: str) -> Callable[[], None]:
        press = 'n => document.querySelector(`[data-node="${n}"]`).click()'
        return lambda: self._host.spawn(self._ask(press, node))

    def _setter(self, node: str) -> Callable[[str], None]:
        write = (
            '([n, t]) => { const e = document.querySelector(`[data-node="${n}"]`); e.value = t;'
            " e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); }"
        )

        def set_text(text: str) -> None:
            for known in self._nodes:
                if known["node"] == node:
                    known["value"] = text
            self._host.spawn(self._ask(write, [node, text]))

        return set_text

    def _failed(self, request: Any) -> None:
        found = re.search(r"ERR_(?:CERT|SSL)_\w+", str(request.failure or ""))
        if found and found[0] in _CODES:
            code = _CODES[found[0]]
            self._host.log(
                "E",
                "chromium",
                f"[ERROR:ssl_client_socket_impl.cc(996)] handshake failed; returned -1, SSL error code 1, net_error {code}",
            )
