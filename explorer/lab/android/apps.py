"""The interface between a scripted app and the virtual device."""

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
    """Shared preferences. They survive the process, and are deleted with the app's data."""

    def log(self, priority: str, tag: str, text: str) -> None:
        """Write a line into the device's log, as `android.util.Log` does."""

    def trace(self, tag: str, text: str, priority: str = "E") -> None:
        """Write a stack trace into the device's log, as `android.util.Log` does with a throwable."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` on a background thread, which ends with the app's process."""

    def crash(self, trace: str) -> None:
        """Raise an uncaught exception on the main thread. The process ends, and the system shows a dialog."""

    def hang(self) -> None:
        """Block the main thread. The system offers to close the app."""

    def pick_file(self, done: Callable[[str, bytes], None]) -> None:
        """Open the system's document picker. `done` gets name and content if the user picks a file."""

    def ask(self, permission: str, question: str, done: Callable[[bool], None]) -> None:
        """Show the system's permission dialog, unless it was answered before. `done` gets the answer."""

    def finish(self) -> None:
        """Go to the home screen."""


class ScriptedApp(Protocol):
    """An app that consists of screens, which react to taps and text.

    Each process of the app has its own instance.
    """

    def start(self) -> None:
        """Called when the launch activity is created."""

    def window(self) -> Window:
        """The current window. Called often; it must not change anything."""

    def back(self) -> bool:
        """Handle the back key. Returns False to leave the app."""


MakeApp = Callable[[Host], ScriptedApp]
