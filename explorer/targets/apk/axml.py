"""Reads Android's binary XML (manifest, res/xml/*) into plain nodes.

The format is `ResXMLTree` of AOSP's ResourceTypes.h. Android identifies attributes by resource id and not by name, and
shrinkers remove the names. So this module goes by the ids, too, and uses a name only if it does not know the id.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from explorer.targets.apk.work import Work

_STRING_POOL, _XML, _MAP = 0x0001, 0x0003, 0x0180
_START_ELEMENT, _END_ELEMENT, _CDATA = 0x0102, 0x0103, 0x0104
REFERENCE, STRING, BOOLEAN = 0x01, 0x03, 0x12
MAX_DEPTH = 200

_ATTRIBUTES = {
    0x01010001: "label",
    0x01010003: "name",
    0x0101000E: "enabled",
    0x0101000F: "debuggable",
    0x01010010: "exported",
    0x01010021: "targetPackage",
    0x01010027: "scheme",
    0x01010028: "host",
    0x01010202: "targetActivity",
    0x0101020C: "minSdkVersion",
    0x0101021B: "versionCode",
    0x0101021C: "versionName",
    0x01010270: "targetSdkVersion",
    0x01010272: "testOnly",
    0x010104EC: "usesCleartextTraffic",
    0x01010527: "networkSecurityConfig",
}


class Malformed(ValueError):
    """The bytes violate the format."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an attribute or resource.

    `kind` is a data type of `Res_value`, `data` its 32-bit data, and `text` the string that belongs to it, if any."""

    kind: int
    data: int
    text: str = ""

    def plain(self) -> str:
        """The value as text, as in the source. A reference is given as its resource id: `@0x7f…`."""
        if self.kind == STRING:
            return self.text
        if self.kind == BOOLEAN:
            return "true" if self.data else "false"
        if self.kind == REFERENCE:
            return f"@0x{self.data:08x}"
        return str(self.data)


@dataclass(slots=True)
class Node:
    """An element of the tree; `text` is its character data."""

    tag: str
    attributes: dict[str, Value] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> Iterator[Node]:
        """The descendants that a path of tags (`intent-filter`, `action`) leads to, in document order."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def get(self, name: str) -> Value | None:
        return self.attributes.get(name)


def chunks(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """The chunks between two offsets, each as (type, header size, offset, size) from its `ResChunk_header`.

    Raises Malformed if the size of a chunk is impossible."""
    at = start
    while at + 8 <= end:
        kind, header, size = struct.unpack_from("<HHI", data, at)
        if size < 8 or at + size > end:
            raise Malformed(
                f"the chunk at byte {at} claims {size} bytes; it must have at least 8 bytes and end by byte {end}"
            )
        yield kind, header, at, size
        at += size


def string_pool(data: bytes, at: int, work: Work) -> list[str]:
    """The strings of the `ResStringPool` chunk at offset `at` (UTF-8 or UTF-16).

    Several strings may use the same bytes. Raises Malformed if the total length of the strings is more than four times
    the size of the chunk."""
    _, header, size, count, _, flags, strings_at, _ = struct.unpack_from("<HHIIIIII", data, at)
    if count > size // 4:
        raise Malformed(f"a string pool of {size} bytes cannot hold {count} strings")
    offsets = struct.unpack_from(f"<{count}I", data, at + header)
    base, end = at + strings_at, at + size
    read = _utf8 if flags & 0x100 else _utf16
    work.spend(count)
    found, left = [], 4 * size + MAX_DEPTH
    for offset in offsets:
        found.append(read(data, base + offset, end))
        left -= len(found[-1])
        if left < 0:
            raise Malformed(f"the string pool of {size} bytes holds strings that are much longer")
    work.spend((4 * size - left) >> 4)
    return found


def _utf8(data: bytes, at: int, end: int) -> str:
    at += 2 if data[at] & 0x80 else 1
    length = data[at]
    at += 1
    if length & 0x80:
        length = (length & 0x7F) << 8 | data[at]
        at += 1
    return data[at : min(at + length, end)].decode("utf-8", "replace")


def _utf16(data: bytes, at: int, end: int) -> str:
    (length,) = struct.unpack_from("<H", data, at)
    at += 2
    if length & 0x8000:
        length = (length & 0x7FFF) << 16 | struct.unpack_from("<H", data, at)[0]
        at += 2
    return data[at : min(at + length * 2, end)].decode("utf-16-le", "replace")


def parse(data: bytes, work: Work | None = None) -> Node:
    """The root element of a binary XML file. Raises Malformed for other data (also for textual XML), or TooMuchWork."""
    try:
        return _parse(data, work or Work())
    except (struct.error, IndexError) as error:
        raise Malformed(str(error)) from error


def _parse(data: bytes, work: Work) -> Node:
    kind, header, size = struct.unpack_from("<HHI", data, 0)
    if kind not in (_XML, 0) or header < 8:  # some packers set the type to 0; Android ignores it
        raise Malformed("not binary XML")
    strings: list[str] = []
    ids: tuple[int, ...] = ()
    root = Node("")
    stack = [root]
    for kind, head, at, length in chunks(data, header, min(size, len(data))):
        if kind == _STRING_POOL:
            strings = string_pool(data, at, work)
        elif kind == _MAP:
            ids = struct.unpack_from(f"<{(length - head) // 4}I", data, at + head)
        elif kind == _START_ELEMENT:
            if len(stack) > MAX_DEPTH:
                raise Malformed("nested too deeply")
            node = _element(data, at + head, strings, ids, work)
            stack[-1].children.append(node)
            stack.append(node)
        elif kind == _END_ELEMENT and len(stack) > 1:
            stack.pop()
        elif kind == _CDATA:
            text = _string(strings, struct.unpack_from("<I", data, at + head)[0])
            work.spend(1 + (len(stack[-1].text) + len(text) >> 4))
            stack[-1].text += text
    if not root.children:
        raise Malformed("it holds no element")
    return root.children[0]


def _element(data: bytes, at: int, strings: list[str], ids: tuple[int, ...], work: Work) -> Node:
    _, name, start, size, count = struct.unpack_from("<IIHHH", data, at)
    work.spend(4 * (1 + count))
    node = Node(_string(strings, name))
    for i in range(count):
        _, attribute, raw, _, _, kind, value = struct.unpack_from("<IIIHBBI", data, at + start + i * max(size, 20))
        known = _ATTRIBUTES.get(ids[attribute]) if attribute < len(ids) else None
        text = _string(strings, value if kind == STRING else raw)
        node.attributes.setdefault(known or _string(strings, attribute), Value(kind, value, text))
    return node


def _string(strings: list[str], index: int) -> str:
    return strings[index] if index < len(strings) else ""
