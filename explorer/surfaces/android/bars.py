"""Progress bars in UiAutomator2's page source. Pure.

Android's class is the same for a spinner and for a bar of a known length («step 2 of 5»), and nothing in the page source
tells them apart. So a bar that stood there before an action is no sign that the action still runs.
"""

from __future__ import annotations

import re

_BAR = re.compile(r'<[\w.$]*Progress(?:Bar|Indicator)\b(?![^>]*displayed="false")[^>]*?bounds="[^"]*"')


def bars(source: str) -> frozenset[str]:
    """The visible progress bars of a page source, each with its attributes and its place."""
    return frozenset(_BAR.findall(source))
