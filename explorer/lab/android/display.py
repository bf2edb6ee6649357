"""The virtual device's screen: the app in front, the system's dialogs above it, the keyboard, and touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from explorer.lab.android.apps import ScriptedApp
from explorer.lab.android.widgets import HEIGHT, Placed, Widget, Window, lay_out

BACK, HOME, ENTER, ESCAPE = 4, 3, 66, 111
LAUNCHER = Window(
    "com.android.launcher3", "com.android.launcher3.uioverrides.QuickstepLauncher", [Widget("TextView", "Desk Support")]
)


@dataclass(slots=True)
class Dialog:
    """A system window above the app.

    The back key calls `dismiss`. If `dismiss` is None, the back key does nothing.
    """

    window: Window
    dismiss: Callable[[], None] | None = None


@dataclass(slots=True)
class Display:
    """The screen. `app` is the app in front, if any; `touches` counts the taps."""

    app: ScriptedApp | None = None
    dialogs: list[Dialog] = field(default_factory=list)
    focused: str = ""
    """`rid` (resource id) of the field with the input focus, or empty. While it is set, the keyboard is shown."""
    touches: int = 0
    turned: bool = False
    locked: bool = False
    """Whether the app in front allows only portrait (`android:screenOrientation`)."""
    _scrolls: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def window(self) -> Window:
        """The topmost window at its scroll position."""
        window = self.dialogs[-1].window if self.dialogs else self.app.window() if self.app else LAUNCHER
        window.turned = self.turned
        window.scroll = min(self._scrolls.get(_key(window), 0), window.depth)
        return window

    @property
    def component(self) -> str:
        """Package and activity of the window in front, as `dumpsys window` shows it."""
        window = self.window()
        return f"{window.package}/{window.activity}"

    def laid_out(self) -> tuple[ET.Element, list[Placed]]:
        return lay_out(self.window(), self.focused)

    def show(self, dialog: Dialog) -> None:
        self.focused = ""
        self._scrolls.pop(_key(dialog.window), None)
        self.dialogs.append(dialog)

    def hide(self, window: Window) -> None:
        self.dialogs = [dialog for dialog in self.dialogs if dialog.window is not window]

    def touch(self, x: int, y: int) -> None:
        """Tap a point. The deepest clickable widget there gets the tap."""
        self.touches += 1
        hit: Widget | None = None
        for placed in self.laid_out()[1]:
            left, top, width, height = placed.box
            widget = placed.widget
            if left <= x < left + width and top <= y < top + height and (widget.tap or widget.set_text):
                hit = widget
        if hit is not None:
            self.tap(hit)

    def tap(self, widget: Widget) -> None:
        if not widget.enabled:
            return
        if widget.set_text is not None:
            self.focused = widget.rid
        elif widget.tap is not None:
            self.focused = ""
            widget.tap()

    def type_text(self, text: str, *, replace: bool = False) -> None:
        """Type into the field with the focus."""
        for placed in self.laid_out()[1]:
            widget = placed.widget
            if widget.set_text is not None and widget.rid == self.focused:
                widget.set_text(text if replace else widget.text + text)
                return

    def swipe(self, _x: int, y: int, _to_x: int, to_y: int) -> None:
        self.scroll_by(y - to_y)

    def scroll_by(self, pixels: int) -> bool:
        """Scroll the content up (down if negative). Returns whether there is more in that direction."""
        window = self.window()
        new = max(0, min(window.depth, window.scroll + pixels))
        self._scrolls[_key(window)] = new
        return 0 < new < window.depth

    def key(self, code: int) -> None:
        if code == HOME:
            self.app, self.focused = None, ""
        elif code == ESCAPE:
            self._escape()
        elif code == BACK:
            self._back()

    def _escape(self) -> None:
        """Press Escape. It closes a dialog that does not handle Back in the new way, keyboard or not (AOSP, since level 28,
        `Dialog.onKeyUp`)."""
        self.focused = ""
        if self.dialogs and (dismiss := self.dialogs[-1].dismiss) is not None:
            dismiss()
        elif self.app is not None and self.app.window().dialog:
            self.app.back()

    def _back(self) -> None:
        """Press the back key.

        If the keyboard is open, the key closes it. Otherwise it dismisses the topmost dialog. If there is no dialog,
        the app handles the key.
        """
        if self.focused:
            self.focused = ""
        elif self.dialogs:
            dismiss = self.dialogs[-1].dismiss
            if dismiss is not None:
                dismiss()
        elif self.app is not None and not self.app.back():
            self.app = None


def _key(window: Window) -> tuple[str, str, str]:
    return window.package, window.activity, window.title


def button(text: str, rid: str, tap: Callable[[], None]) -> Widget:
    """A button of one of the system's dialogs."""
    return Widget("Button", text, rid, tap=tap)


def system_dialog(package: str, activity: str, title: str, *buttons: Widget) -> Window:
    """A window with a title and buttons, as the system draws them."""
    head = Widget(
        "TextView", title, "android:id/alertTitle" if package == "android" else f"{package}:id/permission_message"
    )
    return Window(package, activity, [Widget("LinearLayout", height=HEIGHT // 3), head, *buttons], title=title)
