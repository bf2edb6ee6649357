"""Reads tagged netstrings (tnetstrings.info), in which mitmproxy stores flows: `LENGTH:BYTES` and a letter for the type. Pure.

Items stand one after another in a file. Only one is in memory at a time, and one that is too large is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_ITEM = 8 << 20
"""Largest item, in bytes. A flow with a larger body is passed over."""
MAX_DEPTH = 20
MAX_DIGITS = 12


class NotTnetstring(ValueError):
    """The file is none, or is damaged. The message completes a sentence that begins with its name."""


def items(blocks: Iterator[bytes]) -> Iterator[Any]:
    """The items, in the order of the file; None for one that is too large or damaged inside. Texts are bytes unless their type
    is text. A file that is cut off raises NotTnetstring behind its last whole item."""
    held = _Held(blocks)
    while held.more():
        digits = held.until_colon()
        if not digits.isdigit():
            raise NotTnetstring("is damaged: it has something else where the length of an item belongs")
        size = int(digits)
        if size > MAX_ITEM:
            held.pass_over(size + 1)
            yield None
        else:
            item = held.take(size + 1)
            yield _value(item[:-1], item[-1:], MAX_DEPTH)


class _Held:
    """The bytes that were read and not taken."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._data, self._at = blocks, b"", 0

    def more(self) -> bool:
        """Whether anything is left."""
        if self._at >= len(self._data):
            self._data, self._at = next(self._blocks, b""), 0
        return bool(self._data)

    def _read(self) -> None:
        block = next(self._blocks, b"")
        if not block:
            raise NotTnetstring("is cut off: it ends in the middle")
        self._data, self._at = self._data[self._at :] + block, 0

    def until_colon(self) -> bytes:
        """The bytes before the next colon, which is taken, too; more than a length has if there is none near."""
        while True:
            colon = self._data.find(b":", self._at, self._at + MAX_DIGITS + 1)
            if colon >= 0 or len(self._data) - self._at > MAX_DIGITS:
                break
            self._read()
        found = self._data[self._at : max(colon, self._at)]
        self._at = colon + 1
        return found

    def take(self, size: int) -> bytes:
        """The next bytes."""
        parts, left = [], size
        while left > len(self._data) - self._at:
            parts.append(self._data[self._at :])
            left -= len(parts[-1])
            self._at = len(self._data)
            self._read()
        parts.append(self._data[self._at : self._at + left])
        self._at += left
        return b"".join(parts)

    def pass_over(self, size: int) -> None:
        """Leave bytes out, without keeping them."""
        while size > len(self._data) - self._at:
            size -= len(self._data) - self._at
            self._at = len(self._data)
            self._read()
        self._at += size


def _value(body: bytes, kind: bytes, depth: int) -> Any:
    """The value of an item; None if it is damaged."""
    if kind == b",":
        return body
    if kind == b";":
        return body.decode("utf-8", "replace")
    if kind in (b"#", b"^"):
        return _number(body)
    if kind == b"!":
        return body == b"true"
    if kind == b"]" and depth:
        return list(_members(body, depth))
    if kind == b"}" and depth:
        flat = list(_members(body, depth))
        return {_key(key): value for key, value in zip(flat[::2], flat[1::2], strict=False)}
    return None


def _number(body: bytes) -> float | None:
    try:
        return (float(body) if b"." in body or b"e" in body else int(body)) if len(body) < 40 else None
    except ValueError:
        return None


def _key(key: Any) -> str:
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)


def _members(body: bytes, depth: int) -> Iterator[Any]:
    at = 0
    while at < len(body):
        colon = body.find(b":", at, at + MAX_DIGITS + 1)
        digits = body[at:colon] if colon > 0 else b""
        if not digits.isdigit():
            return
        begin, end = colon + 1, colon + 1 + int(digits)
        if end >= len(body):
            return
        yield _value(body[begin:end], body[end : end + 1], depth - 1)
        at = end + 1
