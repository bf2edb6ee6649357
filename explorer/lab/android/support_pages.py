"""Shared by the screens of the support app: common widgets, navigation, and the state of each request."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from explorer.lab.android.calls import HttpResponse
from explorer.lab.android.widgets import Widget

Tap = Callable[[], None]
Page = Callable[[], list[Widget]]
"""Returns the widgets of one screen in its current state."""


def title(text: str) -> Widget:
    return Widget("TextView", text, "title", height=170)


def label(text: str, rid: str = "") -> Widget:
    return Widget("TextView", text, rid, height=max(110, 60 * (1 + len(text) // 46)))


def spinner() -> Widget:
    return Widget("ProgressBar", rid="progress")


def button(text: str, rid: str, tap: Tap) -> Widget:
    return Widget("Button", text, rid, tap=tap)


class Desk(Protocol):
    """The app as its screens use it. `explorer.lab.android.support.Support` implements it."""

    blemished: bool

    @property
    def token(self) -> str: ...

    @token.setter
    def token(self, value: str) -> None: ...

    def run(self, work: Coroutine[Any, Any, None]) -> None: ...

    def reload(self) -> None: ...

    def say(self, text: str) -> None: ...

    def pick(self, done: Callable[[str, bytes], None]) -> None: ...

    def save(self, name: str, content: bytes) -> None: ...

    async def open_chat(self) -> None: ...

    async def request(self, host: str, path: str, **more: Any) -> HttpResponse | None: ...

    async def send_file(self, host: str, path: str, name: str, content: bytes) -> HttpResponse | None: ...

    async def documents(self) -> list[tuple[str, str]]: ...


class Pages:
    """The current screen and the way back. `state` holds each request's state, `values` the texts of the fields."""

    def __init__(self, signed_in: Callable[[], bool]) -> None:
        self._signed_in = signed_in
        self.name = "home"
        self.state: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self._stack: list[str] = []
        self._wanted: Tap | None = None

    def go(self, name: str) -> None:
        if name != self.name:
            self._stack.append(self.name)
        self.name = name

    def back(self) -> bool:
        if not self._stack:
            return False
        self.name = self._stack.pop()
        return True

    def field(self, rid: str, hint: str, *, password: bool = False, tall: bool = False) -> Widget:
        def set_text(text: str) -> None:
            self.values[rid] = text

        return Widget(
            "EditText",
            self.values.get(rid, ""),
            rid,
            hint=hint,
            set_text=set_text,
            password=password,
            height=300 if tall else 150,
        )

    def to(self, name: str, load: Callable[[], None] | None = None, *, guarded: bool = False) -> Tap:
        """A tap handler that opens a screen and loads its content. A `guarded` screen requires a login first."""

        def arrive() -> None:
            self.go(name)
            if load is not None:
                load()

        def tap() -> None:
            self._wanted = arrive if guarded and not self._signed_in() else None
            if self._wanted is not None:
                self.go("login")
            else:
                arrive()

        return tap

    def go_where_wanted(self) -> None:
        """After a login, open the guarded screen that the user wanted before, if any."""
        if self._wanted is not None:
            self._wanted()
