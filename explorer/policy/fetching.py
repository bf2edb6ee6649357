"""Finds controls that download a file although their own words do not say so."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Sequence

from explorer.policy.attaching import is_file
from flows.recognise.acts import acts_of
from flows.recognise.entries import may_press
from flows.screen import Element, Screen

_EDGES = ("navigation", "banner", "contentinfo")
_MOST_TEXTS = 4
"""The most texts in a row of a list of files: name, size, date and owner."""
_KNOWN = mimetypes.MimeTypes()
"""The file suffixes in Python's own table, which is the same on every machine."""


def beside_files(screen: Screen) -> Sequence[Element]:
    """The controls that stand alone beside the name of a file, as «Save» does in a list of files.

    Controls that share a row are left out, because nothing tells which one downloads the file and which one renames
    it. Also left out is a control that sends a form, asks for confirmation, or has a name or icon for anything but
    saving."""
    rows = [(e.beside, e.frame) for e in screen.elements if e.beside]
    alone = {row for row, count in Counter(rows).items() if count == 1}
    return [e for e in screen.elements if (e.beside, e.frame) in alone and _is_beside_file(e) and _only_gives(e)]


def _is_beside_file(element: Element) -> bool:
    return len(element.beside) <= _MOST_TEXTS and any(is_file_name(text) for text in element.beside)


def _only_gives(element: Element) -> bool:
    plain = element.role in ("link", "button", "clickable") and element.region not in _EDGES
    asks = element.sends or element.asks or element.kind == "submit"
    return plain and not asks and may_press(element) and acts_of(element) <= {"change"}  # «Save» may change something


def is_file_name(text: str) -> bool:
    """Whether a text is the name of a file: a single line that ends with a known suffix and is no path or address."""
    name = text.strip()
    plain = 3 <= len(name) <= 120 and not set(name) & set("/\\\n?")
    return plain and (is_file(name) or _KNOWN.guess_type(name)[0] is not None) and not name.startswith(".")
