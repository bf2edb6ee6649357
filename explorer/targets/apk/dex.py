"""Reads parts of a DEX file: strings, classes with superclass and interfaces, and instructions of chosen methods.

The format is AOSP's «Dalvik executable format». Classes are decoded on demand, so that a package with a hundred thousand
methods is read in seconds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from explorer.targets.apk.axml import Malformed
from explorer.targets.apk.work import Work

_NO_INDEX = 0xFFFFFFFF
_LENGTHS: tuple[tuple[int, int, int], ...] = (
    (0x02, 0x02, 2),
    (0x03, 0x03, 3),
    (0x05, 0x05, 2),
    (0x06, 0x06, 3),
    (0x08, 0x08, 2),
    (0x09, 0x09, 3),
    (0x13, 0x13, 2),
    (0x14, 0x14, 3),
    (0x15, 0x16, 2),
    (0x17, 0x17, 3),
    (0x18, 0x18, 5),
    (0x19, 0x1A, 2),
    (0x1B, 0x1B, 3),
    (0x1C, 0x1C, 2),
    (0x1F, 0x20, 2),
    (0x22, 0x23, 2),
    (0x24, 0x26, 3),
    (0x29, 0x29, 2),
    (0x2A, 0x2C, 3),
    (0x2D, 0x3D, 2),
    (0x44, 0x6D, 2),
    (0x6E, 0x72, 3),
    (0x74, 0x78, 3),
    (0x90, 0xAF, 2),
    (0xD0, 0xE2, 2),
    (0xFA, 0xFB, 4),
    (0xFC, 0xFD, 3),
    (0xFE, 0xFF, 2),
)
"""Ranges of opcodes: the first, the last, and the length of such an instruction in 16-bit units.

Every other instruction is one unit long."""
_LENGTH = [next((n for low, high, n in _LENGTHS if low <= op <= high), 1) for op in range(256)]
MAX_STRING, MAX_STRINGS = 8_192, 2_000_000
"""The limits on the bytes that are read of one string, and on the number of strings in a file.

Compilers write at most about 150,000 strings."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method that has code.

    `owner` is the type descriptor of its class. `code` holds its instructions, each as a tuple of 16-bit units."""

    owner: str
    name: str
    code: tuple[tuple[int, ...], ...]

    def opcodes(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        for units in self.code:
            yield units[0] & 0xFF, units


class Dex:
    """The content of one `classes*.dex` file.

    Raises Malformed if the data is not a DEX file, and TooMuchWork if reading it exceeds the limit of `work`."""

    def __init__(self, data: bytes, work: Work | None = None) -> None:
        self._work = work or Work()
        if data[:4] != b"dex\n" or len(data) < 0x70:
            raise Malformed("not a DEX file")
        self._data = data
        sizes = struct.unpack_from("<14I", data, 0x38)
        self._strings, self._string_at = sizes[0], sizes[1]
        self._types, self._type_at = sizes[2], sizes[3]
        self._methods, self._method_at = sizes[8], sizes[9]
        self._classes, self._class_at = sizes[10], sizes[11]
        for count, at, width in (
            (self._strings, self._string_at, 4),
            (self._types, self._type_at, 4),
            (self._methods, self._method_at, 8),
            (self._classes, self._class_at, 32),
        ):
            if at + count * width > len(data):
                raise Malformed("the DEX file is truncated")
        if self._strings > MAX_STRINGS:
            raise Malformed(f"the DEX file claims to hold {self._strings} strings")

    def strings(self, holding: str = "") -> Iterator[str]:
        """All strings that contain the ASCII text `holding`, in file order, each cut to MAX_STRING bytes."""
        self._work.spend(self._strings)
        wanted, data = holding.encode(), self._data
        for (at,) in struct.iter_unpack("<I", data[self._string_at : self._string_at + 4 * self._strings]):
            start = at
            while start < at + 5 and data[start : start + 1] >= b"\x80":  # the length, which says nothing new
                start += 1
            end = data.find(b"\0", start + 1, start + 1 + MAX_STRING)
            text = data[start + 1 : end if end >= 0 else start + 1 + MAX_STRING]
            self._work.spend(len(text) >> 6)
            if wanted in text:
                yield text.decode("utf-8", "replace")

    def string(self, index: int) -> str:
        try:
            (at,) = struct.unpack_from("<I", self._data, self._string_at + 4 * index)
            _, at = self._uleb(at)
        except (struct.error, IndexError, Malformed):
            return ""
        end = self._data.find(b"\0", at, at + MAX_STRING)
        return self._data[at : end if end >= 0 else at + MAX_STRING].decode("utf-8", "replace")

    def type(self, index: int) -> str:
        """The descriptor of a type, such as `Ljavax/net/ssl/X509TrustManager;`."""
        (string,) = struct.unpack_from("<I", self._data, self._type_at + 4 * index)
        return self.string(string)

    def types(self) -> Iterator[str]:
        self._work.spend(self._types)
        for i in range(self._types):
            yield self.type(i)

    def _types_called(self, names: frozenset[str]) -> frozenset[int]:
        """The ids of the types that have one of these descriptors."""
        return frozenset(i for i, name in enumerate(self.types()) if name in names)

    def _methods_called(self, names: frozenset[str]) -> frozenset[int]:
        """The ids of the methods that have one of these names.

        Each name in the file is compared only once, even if many methods have it."""
        self._work.spend(self._methods >> 3)
        table = self._data[self._method_at : self._method_at + 8 * self._methods]
        called: dict[int, bool] = {}
        found = []
        for i, (_, _, name) in enumerate(struct.iter_unpack("<HHI", table)):
            if name not in called:
                called[name] = self.string(name) in names
            if called[name]:
                found.append(i)
        return frozenset(found)

    def method(self, index: int) -> tuple[str, str]:
        """The class descriptor and the name of the method with this id. Both are empty if there is no such method."""
        try:
            owner, _, name = struct.unpack_from("<HHI", self._data, self._method_at + 8 * index)
            return self.type(owner), self.string(name)
        except struct.error:
            return "", ""

    def methods(self, bases: frozenset[str], names: frozenset[str]) -> Iterator[Method]:
        """The methods that have code and one of `names`, in classes that directly extend or implement one of `bases`.

        If `bases` is empty, every class is searched."""
        wanted = self._methods_called(names)
        if not wanted:
            return
        parents = self._types_called(bases) if bases else None
        for i in range(self._classes):
            self._work.spend()
            try:
                yield from self._of_class(self._class_at + 32 * i, parents, wanted)
            except (struct.error, IndexError, Malformed):
                continue  # obfuscators break classes on purpose; read the others

    def _of_class(self, at: int, parents: frozenset[int] | None, wanted: frozenset[int]) -> Iterator[Method]:
        owner, _, parent, interfaces, _, _, body = struct.unpack_from("<7I", self._data, at)
        if not body or (parents is not None and parents.isdisjoint(self._bases(parent, interfaces))):
            return
        counts = []
        for _ in range(4):
            value, body = self._uleb(body)
            counts.append(value)
        self._work.spend(sum(counts))
        for _ in range(counts[0] + counts[1]):  # fields: index and access flags
            _, body = self._uleb(body)
            _, body = self._uleb(body)
        for count in counts[2:]:
            index = 0
            for _ in range(count):
                step, body = self._uleb(body)
                _, body = self._uleb(body)
                code, body = self._uleb(body)
                index += step
                if index in wanted and code:
                    yield Method(self.type(owner), self.method(index)[1], tuple(self._instructions(code)))

    def _bases(self, parent: int, interfaces: int) -> Iterator[int]:
        """The type ids of the superclass and the interfaces of a class."""
        if parent != _NO_INDEX:
            yield parent
        if interfaces:
            (count,) = struct.unpack_from("<I", self._data, interfaces)
            count = min(count, 65_535)
            self._work.spend(count)
            yield from struct.unpack_from(f"<{count}H", self._data, interfaces + 4)

    def _instructions(self, at: int) -> Iterator[tuple[int, ...]]:
        (count,) = struct.unpack_from("<I", self._data, at + 12)
        if at + 16 + 2 * count > len(self._data):
            raise Malformed("the code of a method extends beyond the end of the file")
        self._work.spend(count)
        units = struct.unpack_from(f"<{count}H", self._data, at + 16)
        i = 0
        while i < count:
            length = _payload(units, i) if units[i] in (0x0100, 0x0200, 0x0300) else _LENGTH[units[i] & 0xFF]
            yield units[i : i + length]
            i += length

    def _uleb(self, at: int) -> tuple[int, int]:
        value = shift = 0
        while shift < 35:
            byte = self._data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
            shift += 7
        raise Malformed("a LEB128 number is longer than five bytes")


def _payload(units: tuple[int, ...], i: int) -> int:
    """The length, in 16-bit units, of the payload (switch table or array data) that begins at `units[i]`."""
    if i + 3 >= len(units):
        return 1
    if units[i] == 0x0100:
        return units[i + 1] * 2 + 4
    if units[i] == 0x0200:
        return units[i + 1] * 4 + 2
    return (units[i + 1] * (units[i + 2] | units[i + 3] << 16) + 1) // 2 + 4
