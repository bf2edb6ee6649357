"""The targets and frames of a browser context, as CDP reports them, and the interfaces of request checkers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from explorer.surfaces.web.subscribe import WORLD


@dataclass(slots=True)
class Target:
    """One attached CDP target: `page`, `iframe`, `worker`, `shared_worker` or `service_worker`."""

    session: str
    id: str
    kind: str
    url: str
    opener: str = ""
    parent: str = ""  # session of the target that it was attached through
    crashed: bool = False


@dataclass(slots=True)
class FrameState:
    """A frame, as CDP reports it. `context` is the id of its isolated world in `session`; `key` is its name on
    screens."""

    id: str
    parent: str
    session: str
    page: str
    key: str | None = None
    url: str = ""
    error: str = ""
    failed: str = ""  # net error of its last failed document
    context: int = 0
    owned: str = ""  # «context of the parent» in which its element was last tied to its id


def in_order(frames: Mapping[str, FrameState], page: str) -> Iterable[FrameState]:
    """The frames of a page, parents before children, in document order."""
    children: dict[str, list[FrameState]] = {}
    for frame in frames.values():
        if frame.page == page and frame.parent:
            children.setdefault(frame.parent, []).append(frame)
    todo = [frames[page]] if page in frames else []
    while todo:
        frame = todo.pop(0)
        yield frame
        todo = children.get(frame.id, []) + todo


def named(frames: Mapping[str, FrameState], frame: FrameState) -> str:
    """The frame's name on screens: empty for a main frame, else the first address of the frame, with a number if
    other frames have the same address."""
    if frame.key is None:
        parts = urlsplit(frame.url)
        base = (
            f"{parts.netloc}{parts.path}"[:200]
            if parts.scheme in ("http", "https")
            else (frame.url.split("?")[0][:60] or "about:blank")
        )
        taken = {f.key for f in frames.values() if f.page == frame.page and f is not frame}
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}#{number}"
        if parts.scheme not in ("http", "https"):
            return name  # it may yet get a better one
        frame.key = name
    return frame.key


def world_changed(frames: Mapping[str, FrameState], target: Target, method: str, p: dict[str, Any]) -> bool:
    """Record the isolated world of each frame (CDP `Runtime.executionContext…`). Returns True if a frame got one."""
    match method:
        case "Runtime.executionContextCreated":
            context = p["context"]
            frame = frames.get((context.get("auxData") or {}).get("frameId", ""))
            if context.get("name") == WORLD and frame is not None and target.kind in ("page", "iframe"):
                frame.context, frame.session = context["id"], target.session
                return True
        case "Runtime.executionContextDestroyed":
            for frame in frames.values():
                if frame.session == target.session and frame.context == p["executionContextId"]:
                    frame.context = 0
        case "Runtime.executionContextsCleared":
            for frame in frames.values():
                if frame.session == target.session:
                    frame.context = 0
    return False


class Doorkeeper(Protocol):
    """Checks navigations before they are sent, and passes the allowed ones on to the guard."""

    def paused(self, session: str, p: dict[str, Any], via: str) -> None:
        """Decide on a target's request (`Fetch.requestPaused`), which is paused at the CDP session `via`."""


class Guard(Protocol):
    """Checks requests before they leave."""

    armed: bool

    def attach(self, session: str) -> None:
        """Start to check the requests of a new target, before its first script runs."""

    def paused(self, session: str, p: dict[str, Any], via: str) -> None:
        """Decide on a target's request (`Fetch.requestPaused`), which is paused at the CDP session `via`."""

    def is_told_by_name(self, url: str) -> bool:
        """Whether the host name of this URL contains the password, and the login does not belong at this URL.

        While a login is under way, the user name counts as well."""

    def event(self, method: str, p: dict[str, Any]) -> None:
        """Handle a `Network` event of a target."""
