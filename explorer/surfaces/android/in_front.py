"""Finds where text that is typed on an Android device would go: to the app, a page in it, or another app. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

_BROWSERS = re.compile(
    r"com\.(?:android\.chrome|chrome\.\w+|microsoft\.emmx|brave\.browser\w*|sec\.android\.app\.sbrowser|vivaldi\.browser)"
    r"|org\.(?:mozilla\.\w+|chromium\.\w+)"
)
"""Packages of known browsers.

Only their address bars are trusted, because any app can show a view that looks like an address bar."""
_SHOWN = re.compile(r"(https?://)?((?:[\w-]+\.)+[\w-]+(?::\d{1,5})?)(?:[/?#].*)?", re.DOTALL)
"""Matches the text of an address bar. Browsers leave out `https://` there, but show `http://`."""
_BARS = frozenset({"url_bar", "location_bar_edit_text", "mozac_browser_toolbar_url_view"})


def place_of(source: str, own: str, pages: Sequence[str] = ()) -> tuple[str, ...]:
    """Where typed text would go. Empty if it would go to the app itself, whose package is `own`.

    The result contains addresses of pages, or the name of another package. `source` is the current page source. `pages`
    are the addresses of the pages in the app's WebViews, and the
    addresses or origins of the frames in these pages. It is empty if the field is not in a WebView.

    For a browser in the foreground (a Custom Tab), the scheme and host in its address bar are returned. A page can
    give its elements any resource id, so only an address bar outside every WebView counts. If several are shown, all
    are returned.
    """
    try:
        root = ET.fromstring(source)  # noqa: S314 - the source comes from our own driver
    except ET.ParseError:
        return ("a screen that cannot be read",)
    packages = [name for node in root.iter() if (name := node.get("package", "")) and name != own]
    if not packages:
        return tuple(page for page in pages if not page.startswith(("about:", "data:")))  # what the app itself wrote
    shown = [_SHOWN.fullmatch(text.strip()) for text in _bars(root)]
    found = [f"{bar[1] or 'https://'}{bar[2]}" for bar in shown if bar is not None]
    return tuple(found) if found and len(found) == len(shown) else (packages[0],)


def _bars(node: ET.Element) -> Iterator[str]:
    """The texts of the browsers' address bars below this node, outside of WebViews."""
    package, _, name = node.get("resource-id", "").partition(":id/")
    if name in _BARS and package == node.get("package") and _BROWSERS.fullmatch(package):
        yield node.get("text", "")
    for child in node:
        if "WebView" not in (child.get("class") or child.tag):
            yield from _bars(child)
