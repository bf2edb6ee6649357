"""What an Android device shows when a login is to be typed: the app, a page in it, or another app. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PACKAGE = re.compile(r'\bpackage="([\w.]+)"')
_BAR = re.compile(
    r"<[^>]*resource-id=\"[\w.]+:id/(?:url_bar|location_bar_edit_text|mozac_browser_toolbar_url_view)\"[^>]*>"
)
_TEXT = re.compile(r'\btext="([^"]*)"')


def place_of(source: str, own: str, pages: Sequence[str] = ()) -> tuple[str, ...]:
    """Where typed text would go: addresses of pages, or the name of a package other than `own`. Empty: the app itself.

    `source` is the current page source. `pages` are the addresses of the app's WebViews, if the field is in one. For a
    browser in the foreground (a Custom Tab), the host in its address bar is returned.
    """
    packages = [name for name in dict.fromkeys(_PACKAGE.findall(source)) if name != own]
    if not packages:
        return tuple(page for page in pages if page.startswith(("http:", "https:")))
    bar = _BAR.search(source)
    shown = _TEXT.search(bar[0]) if bar else None
    host = re.split(r"[/?#\s]", shown[1].partition("://")[2] or shown[1])[0] if shown else ""
    return (f"https://{host}",) if "." in host else (packages[0],)
