"""Widgets of a scripted app, their layout, and the page source that the UiAutomator2 server would give for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

WIDTH, HEIGHT, DENSITY = 1080, 2280, 2.75
"""Size in pixels, and pixels per dp, of the simulated display."""
STATUS_BAR = 66
ROW = 150

Tap = Callable[[], None]


@dataclass(slots=True)
class Widget:
    """One Android view.

    `kind` is a class name without `android.widget.`. `rid` is a resource id without its package. `set_text` makes the
    view an editable field. `height` is in pixels; 0 means the height of all children together.
    """

    kind: str
    text: str = ""
    rid: str = ""
    desc: str = ""
    hint: str = ""
    tap: Tap | None = None
    set_text: Callable[[str], None] | None = None
    password: bool = False
    checkable: bool = False
    checked: bool = False
    enabled: bool = True
    selected: bool = False
    scrolls: bool = False
    children: list[Widget] = field(default_factory=list)
    height: int = 0

    @property
    def class_name(self) -> str:
        return self.kind if "." in self.kind else f"android.widget.{self.kind}"

    @property
    def tall(self) -> int:
        return self.height or sum(child.tall for child in self.children) or ROW


@dataclass(slots=True)
class Window:
    """A layer of the display: an app's activity, or a system dialog above it."""

    package: str
    activity: str
    content: list[Widget]
    title: str = ""
    scroll: int = 0
    """Scroll position in pixels. The device keeps one for each window."""
    turned: bool = False
    """Whether the device is in landscape orientation."""
    dialog: bool = False
    """Whether this window of an app is a dialog, which Escape closes."""

    @property
    def size(self) -> tuple[int, int]:
        return (HEIGHT, WIDTH) if self.turned else (WIDTH, HEIGHT)

    @property
    def room(self) -> int:
        """Height in pixels between the status bar and the lower edge."""
        return self.size[1] - STATUS_BAR

    @property
    def depth(self) -> int:
        return max(0, sum(widget.tall for widget in self.content) - self.room)


@dataclass(slots=True)
class Placed:
    """A widget in the layout: x, y, width, height in pixels, its XML node, and its path of child indexes."""

    widget: Widget
    node: ET.Element
    box: tuple[int, int, int, int]
    path: tuple[int, ...]


def lay_out(window: Window, focused: str) -> tuple[ET.Element, list[Placed]]:
    """The root of the page source, and the visible widgets with their positions.

    `focused` is the `rid` of the field with the focus.
    """
    root = ET.Element(
        "hierarchy",
        {
            "index": "0",
            "class": "hierarchy",
            "rotation": str(int(window.turned)),
            "width": str(window.size[0]),
            "height": str(window.size[1]),
        },
    )
    frame = Widget("FrameLayout", rid="android:id/content", children=window.content, height=window.room)
    if window.depth:
        scroller = Widget("ScrollView", scrolls=True, children=window.content, height=window.room)
        frame.children = [scroller]
    return root, list(_place(root, frame, 0, STATUS_BAR, window, focused, ()))


def _place(
    parent: ET.Element,
    widget: Widget,
    index: int,
    top: int,
    window: Window,
    focused: str,
    path: tuple[int, ...],
) -> Iterator[Placed]:
    wide, low = window.size[0], min(top + widget.tall, window.size[1])
    high = max(top, STATUS_BAR)
    if low - high < 8:
        return  # not visible, so UiAutomator does not report it
    node = ET.SubElement(
        parent, widget.class_name, _attributes(widget, index, window, bool(focused) and widget.rid == focused)
    )
    node.set("bounds", f"[0,{high}][{wide},{low}]")
    here = (*path, index)
    yield Placed(widget, node, (0, high, wide, low - high), here)
    inside = top - (window.scroll if widget.scrolls else 0)
    for number, child in enumerate(widget.children):
        yield from _place(node, child, number, inside, window, focused, here)
        inside += child.tall


def _attributes(widget: Widget, index: int, window: Window, focused: bool) -> dict[str, str]:
    """The attributes of a node, with the names and the order of the server's UiElementSnapshot."""
    acts = widget.tap is not None or widget.set_text is not None
    attributes = {
        "index": str(index),
        "package": window.package,
        "class": widget.class_name,
        "text": widget.text or widget.hint,
    }
    if widget.set_text is not None:
        attributes["text"] = ("•" * len(widget.text) if widget.password else widget.text) or widget.hint
    if widget.desc:
        attributes["content-desc"] = widget.desc
    if widget.rid:
        attributes["resource-id"] = widget.rid if ":" in widget.rid else f"{window.package}:id/{widget.rid}"
    for name, value in (
        ("checkable", widget.checkable),
        ("checked", widget.checked),
        ("clickable", acts),
        ("enabled", widget.enabled),
        ("focusable", acts),
        ("focused", focused),
        ("long-clickable", False),
        ("password", widget.password),
        ("scrollable", widget.scrolls),
        ("selected", widget.selected),
    ):
        attributes[name] = "true" if value else "false"
    attributes["bounds"] = ""
    attributes["displayed"] = "true"
    if widget.hint:
        attributes["hint"] = widget.hint
    return attributes


def source(root: ET.Element) -> str:
    """The page source as text. Characters that XML 1.0 forbids become `?`, as on the device."""
    text = ET.tostring(root, encoding="unicode")
    clean = "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "?" for c in text
    )
    return "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n" + clean
