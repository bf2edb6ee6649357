"""What a scripted app is, and what the virtual device gives it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from explorer.lab.android.network import Network
from explorer.lab.android.syncing import Files
from explorer.lab.android.widgets import Window


class Host(Protocol):
    """One running process of an app, as the app sees it. All methods return at once."""

    package: str
    pid: int
    network: Network
    files: Files
    store: dict[str, str]
    """Shared preferences: they outlive the process, and go with the app's data."""

    def log(self, priority: str, tag: str, text: str) -> None:
        """`android.util.Log`."""

    def trace(self, tag: str, text: str, priority: str = "E") -> None:
        """`android.util.Log` with a throwable."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run on a background thread; it ends with the process."""

    def crash(self, trace: str) -> None:
        """An uncaught exception on the main thread: the process ends, the system says so."""

    def hang(self) -> None:
        """The main thread stops answering: the system offers to close the app."""

    def pick_file(self, done: Callable[[str, bytes], None]) -> None:
        """The system's document picker; `done` gets name and content if the user picks one."""

    def ask(self, permission: str, question: str, done: Callable[[bool], None]) -> None:
        """The system's permission dialog, unless it was answered before."""

    def finish(self) -> None:
        """Leave to the home screen."""


class ScriptedApp(Protocol):
    """Screens that react to taps and text. A new object is made for each process."""

    def start(self) -> None:
        """The launch activity is created."""

    def window(self) -> Window:
        """What it shows now. Called often; must not change anything."""

    def back(self) -> bool:
        """The back key; False leaves the app."""


MakeApp = Callable[[Host], ScriptedApp]
