"""The UiAutomator2 server's HTTP API on device port 6790, as the driver uses it.

Routes, bodies and errors are those of the server's AppiumServlet. A request to an unknown route is recorded, and gets
the error «unknown command».
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from explorer.lab.android.managers import SERVER
from explorer.lab.android.phone import Phone
from explorer.lab.android.picture import png
from explorer.lab.android.widgets import DENSITY, HEIGHT, STATUS_BAR, WIDTH, Placed, source

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_FIXED: Mapping[str, Any] = {
    "/appium/device/pixel_ratio": DENSITY,
    "/appium/device/display_density": int(DENSITY * 160),
    "/appium/device/system_bars": {"statusBar": STATUS_BAR},
    "/appium/device/battery_info": {"level": 1, "status": 5},
    "/appium/device/info": {
        "androidId": "7472757374776c6b",
        "manufacturer": "Trustwalk",
        "model": "Trustwalk_Virtual_Device",
        "brand": "trustwalk",
        "apiVersion": "34",
        "platformVersion": "14",
        "carrierName": "",
        "realDisplaySize": f"{WIDTH}x{HEIGHT}",
        "displayDensity": int(DENSITY * 160),
        "networks": [],
        "locale": "en_US",
        "timeZone": "UTC",
        "bluetooth": {"state": "OFF"},
    },
}

_TICKER = (
    '<android.widget.TextView package="{}" class="android.widget.TextView" text="{} s" bounds="[0,2200][200,2280]"/>'
)


class Refused(Exception):
    """A WebDriver error (w3c.github.io/webdriver, «Errors»)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Automation:
    """One UiAutomator2 server with at most one session."""

    def __init__(self, device: Phone) -> None:
        self._device = device
        self._session = ""
        self._capabilities: dict[str, Any] = {}
        self._settings: dict[str, Any] = {}
        self._known: dict[str, tuple[str, tuple[int, ...], str]] = {}
        self._looks = 0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=64 << 20)
        application.router.add_route("*", "/{tail:.*}", self._handle)
        return application

    async def _handle(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = (await request.json()) if request.can_read_body and request.content_length else {}
        try:
            value, status = self._route(request.method, request.path, body), 200
        except Refused as refused:
            value, status = {"error": refused.code, "message": refused.message, "stacktrace": ""}, refused.status
        return web.json_response({"sessionId": self._session or "None", "value": value}, status=status)

    def _route(self, method: str, path: str, body: dict[str, Any]) -> Any:
        if path == "/status":
            return {
                "ready": True,
                "message": "UiAutomator2 Server is ready to accept commands",
                "build": {"version": "10.6.6"},
            }
        if path == "/sessions":
            return [{"id": self._session, "capabilities": self._capabilities}] if self._session else []
        if (method, path) == ("POST", "/session"):
            return self._open(body)
        found = re.match(r"/session/([^/]+)(/.*)?\Z", path)
        if not found or found[1] != self._session:
            raise Refused(404, "invalid session id", f"no session for {path}")
        rest = (found[2] or "/").rstrip("/") or "/"
        if rest == "/":
            return self._whole_session(method)
        if rest in _FIXED and method == "GET":
            return _FIXED[rest]
        if rest in {"/orientation", "/rotation", "/window/current/size"}:
            return self._lies(rest, str(body.get("orientation", "")) if method == "POST" else "")
        return self._do(method, rest, body)

    def _open(self, body: dict[str, Any]) -> Any:
        if self._device.faults.refuse_session:
            raise Refused(500, "session not created", "Could not start the UiAutomator2 session")
        self._capabilities = (body["capabilities"].get("firstMatch") or [{}])[0]
        self._session = str(uuid.uuid4())
        self._known.clear()
        return {"sessionId": self._session, "capabilities": self._capabilities}

    def _whole_session(self, method: str) -> Any:
        if method != "DELETE":
            return self._capabilities
        self._session = ""
        self._device.stop_soon(SERVER)
        return None

    def _do(self, method: str, path: str, body: dict[str, Any]) -> Any:
        display = self._device.display
        if path == "/source":
            told = source(display.laid_out()[0])
            if self._device.faults.never_settles:  # an animation or ticker: no two page sources are equal
                self._looks += 1
                told = told.replace(
                    "</hierarchy>", _TICKER.format(display.window().package, self._looks) + "</hierarchy>"
                )
            return told
        if path == "/screenshot":
            return base64.b64encode(png(WIDTH // 10, HEIGHT // 10)).decode()
        if path in {"/element", "/elements"}:
            return self._find(path == "/elements", str(body.get("strategy")), str(body.get("selector")))
        if path == "/element/active":
            return self._active()
        if found := re.match(r"/element/([^/]+)/(\w+)(?:/(.+))?\Z", path):
            return self._element(found[1], found[2], found[3] or "", body)
        if path == "/back":
            return display.key(4)
        if path.startswith("/appium/device/press_keycode"):
            return display.key(int(body.get("keycode", 0)))
        if path == "/appium/settings":
            self._settings |= body.get("settings", {})
            return None if method == "POST" else self._settings
        if path.startswith("/alert/"):
            raise Refused(404, "no such alert", "no alert is open")
        if path in {"/actions", "/appium/gestures/click"}:
            return self._touch(body)
        if path in {"/appium/gestures/scroll", "/appium/gestures/swipe"}:
            return self._scroll(body)
        self._device.unknown.append(f"{method} {path}")
        raise Refused(404, "unknown command", f"{method} {path}")

    def _lies(self, path: str, wanted: str) -> Any:
        """Answer a request about the orientation or the window's size.

        `path` is the request's path, such as `/orientation`. If `wanted` is not empty, the device is turned to that
        orientation first. Raises Refused if `wanted` is landscape and the app allows only portrait.
        """
        display = self._device.display
        if wanted:
            turned = wanted.upper() == "LANDSCAPE"
            if display.locked and turned:
                text = f"Screen rotation cannot be changed to {wanted} after 2000ms. Is it locked programmatically?"
                raise Refused(400, "invalid element state", text)
            display.turned = turned
        width, height = display.window().size
        told: Mapping[str, Any] = {
            "/orientation": "LANDSCAPE" if display.turned else "PORTRAIT",
            "/rotation": {"x": 0, "y": 0, "z": 270 if display.turned else 0},
            "/window/current/size": {"width": width, "height": height},
        }
        return told[path]

    def _placed(self) -> list[Placed]:
        return self._device.display.laid_out()[1]

    def _find(self, several: bool, strategy: str, selector: str) -> Any:
        found = [self._remember(placed) for placed in self._placed() if _fits(placed, strategy, selector)]
        if strategy == "xpath":
            root, all_placed = self._device.display.laid_out()
            nodes = {id(node) for node in root.findall("." + selector.removeprefix("/hierarchy"))}
            found = [self._remember(placed) for placed in all_placed if id(placed.node) in nodes]
        if several:
            return found
        if not found:
            raise Refused(
                404, "no such element", "An element could not be located on the page using the given search parameters"
            )
        return found[0]

    def _active(self) -> Any:
        for placed in self._placed():
            if placed.node.get("focused") == "true":
                return self._remember(placed)
        raise Refused(404, "no such element", "no element has the focus")

    def _remember(self, placed: Placed) -> dict[str, str]:
        key = (self._device.display.component, placed.path, placed.widget.class_name)
        name = next((name for name, known in self._known.items() if known == key), None) or str(uuid.uuid4())
        self._known[name] = key
        return {_ELEMENT: name, "ELEMENT": name}

    def _get(self, name: str) -> Placed:
        known = self._known.get(name)
        for placed in self._placed():
            if known == (self._device.display.component, placed.path, placed.widget.class_name):
                return placed
        raise Refused(
            404, "stale element reference", f"The element '{name}' is not linked to the same object in DOM anymore"
        )

    def _element(self, name: str, verb: str, argument: str, body: dict[str, Any]) -> Any:
        placed = self._get(name)
        x, y, width, height = placed.box
        if verb == "click":
            return self._device.display.touch(x + width // 2, y + height // 2)
        if verb in {"value", "clear"}:
            return self._type(
                placed, "" if verb == "clear" else str(body.get("text", "")), body.get("replace", verb == "clear")
            )
        if verb == "text":
            return placed.node.get("text")
        if verb == "rect":
            return {"x": x, "y": y, "width": width, "height": height}
        if verb == "attribute":
            names = {"className": "class", "contentDescription": "content-desc", "resourceId": "resource-id"}
            return placed.node.get(names.get(argument, argument))
        raise Refused(404, "unknown command", verb)

    def _type(self, placed: Placed, text: str, replace: bool) -> None:
        if placed.widget.set_text is None:
            raise Refused(
                400, "invalid element state", "Cannot set the element to the given text. Is the field editable?"
            )
        self._device.display.focused = placed.widget.rid
        placed.widget.set_text(text if replace else placed.widget.text + text)

    def _touch(self, body: dict[str, Any]) -> None:
        """Perform W3C pointer actions or the click gesture.

        A pointer that moved more than 60 pixels vertically swipes. Any other pointer taps where it went down.
        """
        offset = body.get("offset") or {}
        if offset:
            return self._device.display.touch(int(offset["x"]), int(offset["y"]))
        for device in body.get("actions", []):
            self._pointer(device.get("actions", []))
        return None

    def _pointer(self, actions: list[dict[str, Any]]) -> None:
        x = y = 0
        down: tuple[int, int] | None = None
        for action in actions:
            if action.get("type") == "pointerMove":
                x, y = int(action["x"]), int(action["y"])
            elif action.get("type") == "pointerDown":
                down = (x, y)
            elif action.get("type") == "pointerUp" and down is not None:
                if abs(down[1] - y) > 60:
                    self._device.display.swipe(*down, x, y)
                else:
                    self._device.display.touch(*down)
                down = None

    def _scroll(self, body: dict[str, Any]) -> bool:
        area = body.get("area") or {"height": HEIGHT}
        pixels = int(float(area["height"]) * float(body.get("percent", 0.8)))
        downward = str(body.get("direction", "down")).lower() == "down"
        return self._device.display.scroll_by(pixels if downward else -pixels)


def _fits(placed: Placed, strategy: str, selector: str) -> bool:
    node = placed.node
    if strategy == "id":
        return selector in {node.get("resource-id"), (node.get("resource-id") or "").rpartition("/")[2]}
    if strategy == "accessibility id":
        return node.get("content-desc") == selector
    if strategy == "class name":
        return node.get("class") == selector
    if strategy == "-android uiautomator":
        names = {"text": "text", "resourceId": "resource-id", "className": "class", "description": "content-desc"}
        wanted = re.findall(r'\.(\w+)\("?([^")]*)"?\)', selector)
        return bool(wanted) and all(node.get(names.get(name, name)) == value for name, value in wanted)
    return False
