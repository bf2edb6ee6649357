"""Splits a large JSON file of a stranger into its parts while it is read: the elements of one list, and what is beside it.

A HAR of 200 MB or a net log of any length is one object. Only one part of it is in memory at a time, and long texts
(bodies) are left out of it, so that memory stays small whatever the file holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from readers import bounded

LONG = 64 << 10
"""Texts of more bytes are left out if they do not end in the block that was read: only their first bytes are kept."""
HEAD = 200
"""How many bytes are kept of a text that is left out."""
MAX_PART = 8 << 20
"""Largest part, in bytes, without the texts that are left out."""

_FLAT = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+', re.DOTALL)
"""All up to the next bracket, complete texts included."""
_TEXT = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
"""The inside of a text, up to its closing quotation mark, a lone backslash at the end, or the end."""
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^,\]}\s]*+")


class NotJson(ValueError):
    """The file is no JSON, or its JSON exceeds a limit. The message completes a sentence that begins with its name."""


class CutOff(NotJson):
    """The file ends before its JSON does. All parts before that were handed out."""


def parts(blocks: Iterator[bytes], path: tuple[str, ...]) -> Iterator[tuple[str, bytes | None]]:
    """The parts of an object, in the order of the file: (name, JSON text).

    `path` leads to a list, such as `("log", "entries")`. Each of its elements is a part under the name of the list. All
    other members of the objects on the way are parts under their own names. The text is None if a part is larger than
    `MAX_PART`. Raises NotJson and CutOff.
    """
    yield from _Splitter(blocks).members(path)


def elements(blocks: Iterator[bytes]) -> Iterator[bytes | None]:
    """The elements of a list, or the one object that the file holds instead, as JSON texts. One is None if it is larger than
    `MAX_PART`. Raises NotJson and CutOff."""
    yield from _Splitter(blocks).elements()


def loaded(part: bytes | None) -> Any:
    """The data of a part. None if it was too large, is no JSON, or exceeds a limit of `bounded`."""
    if part is None:
        return None
    try:
        data = json.loads(part.decode("utf-8", "replace"), strict=False)
        bounded.check(data)
    except (ValueError, RecursionError):
        return None
    return data


class _Splitter:
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._data = b""
        self._at = 0

    def members(self, path: tuple[str, ...]) -> Iterator[tuple[str, bytes | None]]:
        self._expect(b"{")
        while self._peek() != b"}":
            name = self._name()
            self._expect(b":")
            if name != path[0]:
                yield name, self._value()
            elif len(path) > 1:
                yield from self.members(path[1:])
            else:
                yield from ((name, element) for element in self._elements())
            self._comma(b"}")
        self._at += 1

    def elements(self) -> Iterator[bytes | None]:
        """The elements of the outermost list, or what stands instead of it."""
        if self._peek() == b"[":
            yield from self._elements()
        else:
            yield self._value()

    def _elements(self) -> Iterator[bytes | None]:
        self._expect(b"[")
        while self._peek() != b"]":
            yield self._value()
            self._comma(b"]")
        self._at += 1

    def _more(self) -> None:
        """Read one more block. What was taken is dropped. Raises CutOff at the end of the file."""
        block = next(self._blocks, b"")
        if not block:
            raise CutOff("is cut off: it ends in the middle")
        self._data, self._at = self._data[self._at :] + block, 0

    def _peek(self) -> bytes:
        while True:
            match = _SPACE.match(self._data, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._data):
                return self._data[self._at : self._at + 1]
            self._more()

    def _expect(self, wanted: bytes) -> None:
        found = self._peek()
        if found != wanted:
            raise NotJson(f"is damaged: it has {_shown(found)} where {_shown(wanted)} belongs")
        self._at += 1

    def _comma(self, end: bytes) -> None:
        if self._peek() == b",":
            self._at += 1
        elif self._peek() != end:
            raise NotJson(f"is damaged: it has {_shown(self._peek())} where a comma belongs")

    def _name(self) -> str:
        if self._peek() != b'"':
            raise NotJson(f"is damaged: it has {_shown(self._peek())} where a name belongs")
        return self._text()[1:-1].decode("utf-8", "replace")

    def _value(self) -> bytes | None:
        """The next value. None if it is too large; it is then passed over."""
        first = self._peek()
        if first == b'"':
            return self._text()
        if first not in (b"{", b"["):
            return self._scalar()
        kept: list[bytes] = []
        size = depth = 0
        while True:
            piece, depth = self._bracket(depth)
            size += len(piece)
            if size > MAX_PART:
                kept.clear()
            else:
                kept.append(piece)
            if not depth:
                return b"".join(kept) if size <= MAX_PART else None

    def _bracket(self, depth: int) -> tuple[bytes, int]:
        """All up to the next bracket, this included, or a piece of it; and the depth after it."""
        match = _FLAT.match(self._data, self._at)
        end = match.end() if match else self._at
        if end < len(self._data) and self._data[end : end + 1] != b'"':
            piece = self._data[self._at : end + 1]
            self._at = end + 1
            depth += 1 if piece[-1:] in b"{[" else -1
            if depth > bounded.MAX_DEPTH:
                raise NotJson(bounded.TOO_DEEP)
            return piece, depth
        piece = self._data[self._at : end]
        self._at = end
        if end < len(self._data):
            return piece + self._text(), depth
        if not piece:
            self._more()
        return piece, depth

    def _text(self) -> bytes:
        """The text that begins here, with its quotation marks. Of a long one, only the beginning."""
        start = self._at
        while True:
            match = _TEXT.match(self._data, start + 1)
            end = match.end() if match else start + 1
            if self._data[end : end + 1] == b'"':
                self._at = end + 1
                return self._data[start : self._at]
            if end - start > LONG:
                head = self._data[start + 1 : start + 1 + HEAD].partition(b"\\")[0]
                self._pass_over(end)
                return b'"' + head.decode("utf-8", "ignore").encode() + b'"'
            self._at = start
            self._more()
            start = 0

    def _pass_over(self, end: int) -> None:
        """Go behind the closing quotation mark of the text that is open at `end`."""
        while self._data[end : end + 1] != b'"':
            self._at = end  # at the end of the data, or at a lone backslash before it
            self._more()
            match = _TEXT.match(self._data, 0)
            end = match.end() if match else 0
        self._at = end + 1

    def _scalar(self) -> bytes:
        start = self._at
        while True:
            match = _SCALAR.match(self._data, start)
            end = match.end() if match else start
            if end < len(self._data):
                if end == start:
                    raise NotJson(f"is damaged: it has {_shown(self._data[end : end + 1])} where a value belongs")
                self._at = end
                return self._data[start:end]
            if end - start > LONG:
                raise NotJson("is damaged: it holds an endless word")
            self._at = start
            self._more()
            start = 0


def _shown(found: bytes) -> str:
    text = found.decode("latin-1")
    return f"«{text}»" if text.isprintable() else f"the byte {found.hex()}"
