"""Fingerprints of screens. A clock, a counter or a longer list does not make a new screen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from flows.recognise.fields import is_field
from flows.recognise.lexicon import ERROR, plain, says
from flows.screen import Element, Screen

_IDENTIFIER = re.compile(r"^(?=.*\d)[0-9a-z_.~-]+$|^[0-9a-f-]{16,}$", re.IGNORECASE)
_Column = tuple[str, str, str, tuple[int, int] | str]
"""Key of a column: elements of the same role, region, frame, left edge and height.

An element without a position has its own key, and so its own column.
"""
_FIXED_REGIONS = frozenset({"navigation", "banner", "dialog", "search", "tablist"})


def fingerprint(screen: Screen) -> str:
    """Sixteen hex digits that depend only on the structure of the screen.

    The digits change with another page, a dialog, another form or an error state. They do not change with numbers,
    values, the length of a list, or the contents of rows and logs.
    """
    parts = sorted(set(_parts(screen)))
    return hashlib.blake2s("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _parts(screen: Screen) -> Iterator[str]:
    yield f"at {place(screen.address)}"
    if screen.error:
        yield f"error {screen.error}"
    if screen.dialog:
        yield "native dialog"
    for frame in screen.frames:
        if frame.key and (frame.error or frame.box[2] * frame.box[3] != 0):
            yield f"frame {place(frame.url)} {frame.error} {frame.blank}"
    for text in screen.texts:
        if text.role == "heading":
            yield f"heading {_wordy(text.text)}"
        elif text.role == "dialog":
            yield "dialog"
        elif text.role != "log" and len(text.text) <= 200 and says(ERROR, text.text):
            yield f"{'alert' if text.role == 'alert' or text.live else 'trouble'} {_wordy(text.text)}"
    yield from _elements(screen.elements)


def _elements(elements: tuple[Element, ...]) -> Iterator[str]:
    columns: dict[_Column, int] = {}
    for e in elements:
        columns[_column(e)] = columns.get(_column(e), 0) + 1
    for e in elements:
        if is_field(e):
            yield f"field {e.role} {e.kind} {_wordy(e.name)} {e.invalid}"
        elif e.role == "link" and e.region not in _FIXED_REGIONS:
            continue  # rows, articles and footers are data rather than structure
        elif columns[_column(e)] > 1 and e.region not in _FIXED_REGIONS:
            yield f"column of {e.role}"
        else:
            yield f"{e.role} {_wordy(e.name)} {e.region}"


def _column(e: Element) -> _Column:
    return e.role, e.region, e.frame, (e.box[0], e.box[3]) if any(e.box) else e.key


def _wordy(text: str) -> str:
    """Returns the words before the first digit.

    So «Ticket #12: Printer» and «Ticket #13: Screen» count as the same heading.
    """
    return re.split(r"\d", plain(text).casefold(), maxsplit=1)[0].strip(" #:-–(")[:60]


def place(address: str) -> str:
    """Returns an address without ids in the path and numbers in the query, because they only distinguish records."""
    try:
        url = urlsplit(address)
        query = parse_qsl(url.query)
    except ValueError:
        return address[:80]
    path = "/".join("#" if _IDENTIFIER.match(p) else p for p in url.path.rstrip("/").split("/"))
    pairs = "&".join(sorted(f"{k}={v if v.isalpha() and len(v) <= 24 else ''}" for k, v in query))
    route = url.fragment if url.fragment.startswith(("/", "!")) else ""
    route = "/".join("#" if _IDENTIFIER.match(p) else p for p in route.split("?")[0].rstrip("/").split("/"))
    return f"{url.scheme}://{url.netloc}{path}?{pairs}#{route}"
