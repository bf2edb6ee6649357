"""Records the requests of an app's debuggable WebViews, and how they fail, over the DevTools protocol.

If an app allows its WebViews to be debugged (`setWebContentsDebuggingEnabled`, or a debuggable build), they listen on
the abstract socket `webview_devtools_remote_<pid>`. We only observe: nothing is injected into the pages and nothing is
overridden, so that they behave as they do for the app's users.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.tools import AndroidError
from explorer.request.scope import origin_of
from explorer.surfaces.surface import SurfaceGone
from explorer.surfaces.web.cdp import Cdp, CdpError, Json
from explorer.surfaces.web.records import plain_url, shortened
from flows.record import Record

_SOCKET = re.compile(r"@(webview_devtools_remote_(\d+))\s*$", re.MULTILINE)
_ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
_DOMAINS = ("Network.enable", "Log.enable", "Security.enable", "Page.enable")
MOST_RECORDS = 20_000
SILENT = "a page in the app that does not answer"
_FIELD_SHOWN = (
    "[[...document.querySelectorAll('input,textarea,[contenteditable]')]"
    ".some(e => e.type !== 'hidden' && e.getClientRects().length > 0), globalThis.origin]"
)
"""JavaScript that returns whether a document shows an input field, and the document's origin (`self.origin`).

An `about:srcdoc` document has the origin of the document that contains it (HTML standard)."""


@dataclass(slots=True)
class _View:
    """The WebViews of one process. `urls` maps a DevTools session to the target id and the address of its page."""

    cdp: Cdp
    port: int
    urls: dict[str, tuple[str, str]] = field(default_factory=dict)


class WebViews:
    """The WebViews of one app on one device. Call `look` now and then to find new ones. `drain` returns records."""

    def __init__(self, device: AndroidDevice, package: str) -> None:
        self._device, self._package = device, package
        self._views: dict[str, _View] = {}
        self._records: list[Record] = []

    async def look(self) -> None:
        """Attach to new WebViews, and detach from those whose process has ended. Raises AndroidError."""
        there = dict(_SOCKET.findall(await self._device.shell("cat /proc/net/unix")))
        pids = set((await self._device.shell(f"pidof {self._package}")).split()) if there else set()
        mine = {name for name, pid in there.items() if pid in pids}
        for name in set(self._views) - mine:
            await self._let_go(name)
        for name in sorted(mine - set(self._views)):
            with contextlib.suppress(SurfaceGone, CdpError):  # it closed again, or speaks no DevTools
                await self._attach(name)

    async def frames(self) -> tuple[str, ...]:
        """The addresses of all frames that show an input field, in the pages of the app's WebViews.

        The field on the screen may be in any of these frames. For a page that does not answer, a text is
        returned that is no address, so that nothing is typed there."""
        asked = [(view, session) for view in self._views.values() for session in list(view.urls)]
        told = await asyncio.gather(*(_frames_with_fields(view.cdp, session) for view, session in asked))
        return tuple(dict.fromkeys(place for places in told for place in places))

    def addresses(self) -> tuple[str, ...]:
        """The addresses of the pages in all WebViews that we are attached to."""
        return tuple(url for view in self._views.values() for _, url in view.urls.values() if url)

    def drain(self) -> list[Record]:
        """What the WebViews did since the last call, as records."""
        told, self._records = self._records, []
        return told

    async def close(self) -> None:
        """Detach from all WebViews. Safe to call twice."""
        for name in list(self._views):
            await self._let_go(name)

    async def _attach(self, name: str) -> None:
        port = await self._device.forward(f"localabstract:{name}")
        view = _View(Cdp(lambda *event: self._event(view, *event)), port)
        try:
            await view.cdp.connect(port, 5)
            await view.cdp.call("", "Target.setAutoAttach", _ATTACH)
        except BaseException:
            await view.cdp.close()
            await self._device.forward_no_more(port)
            raise
        self._views[name] = view

    async def _let_go(self, name: str) -> None:
        view = self._views.pop(name)
        await view.cdp.close()
        with contextlib.suppress(AndroidError):  # the device is gone, and the forward with it
            await self._device.forward_no_more(view.port)

    def _event(self, view: _View, session: str, method: str, p: Json) -> None:
        if method == "Target.attachedToTarget":
            info = p["targetInfo"]
            view.urls[p["sessionId"]] = (info["targetId"], info.get("url", ""))
            for domain in _DOMAINS:
                view.cdp.post(p["sessionId"], domain)
            view.cdp.post(p["sessionId"], "Target.setAutoAttach", _ATTACH)
            return
        if method == "Target.detachedFromTarget":
            view.urls.pop(str(p.get("sessionId", "")), None)
            return
        if method == "Page.frameNavigated" and session in view.urls and not p["frame"].get("parentId"):
            view.urls[session] = (view.urls[session][0], p["frame"].get("url", ""))
        data = shortened(method, p)
        if data is None or session not in view.urls or len(self._records) >= MOST_RECORDS:
            return
        target, url = view.urls[session]
        frame = str(p.get("frameId") or target)
        data |= {
            "target": "page",
            "target_url": "",
            "frame": "",
            "frame_url": plain_url(url) if url else "",
            "main": frame == target,
            "popup": False,
            "page": target,
        }
        self._records.append(Record(time.time(), "cdp", method, data))


async def _frames_with_fields(cdp: Cdp, session: str) -> list[str]:
    """The addresses of those frames of a page that show an input field. The main frame is left out.

    The frame of a captcha shows no field, so it does not count."""
    try:
        told = await cdp.call(session, "Page.getFrameTree")
        below = _below(told.get("frameTree") or {})
        places = await asyncio.gather(*(_place_of_field(cdp, session, *frame) for frame in below))
    except SurfaceGone:
        return []  # the page is gone, and its frames with it
    except CdpError:
        return [SILENT]
    return [place for place in places if place]


async def _place_of_field(cdp: Cdp, session: str, frame: str, url: str) -> str:
    """The address of a frame that shows an input field. Empty if the frame shows none.

    If the address has no origin (`about:srcdoc`), the document's origin is returned instead. A frame that cannot be
    asked counts as one that shows a field."""
    try:
        world = await cdp.call(session, "Page.createIsolatedWorld", {"frameId": frame})
        asked = {"expression": _FIELD_SHOWN, "contextId": world["executionContextId"], "returnByValue": True}
        told = await cdp.call(session, "Runtime.evaluate", asked)
    except CdpError:
        return url if origin_of(url) else SILENT
    value = (told.get("result") or {}).get("value")
    shown, origin = value if isinstance(value, list) and len(value) == 2 else (True, "")
    return "" if shown is False else url if origin_of(url) else str(origin) or SILENT


def _below(tree: Json) -> list[tuple[str, str]]:
    """The ids and addresses of all frames in a `Page.FrameTree` except the top one."""
    below = tree.get("childFrames") or []
    own = ((str(child["frame"]["id"]), str(child["frame"].get("url", "")), child) for child in below)
    return [found for frame, url, child in own for found in ((frame, url), *_below(child))]
