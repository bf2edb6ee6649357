"""Looks up resource ids in `resources.arsc` (`ResTable` of AOSP's ResourceTypes.h)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from explorer.targets.apk.axml import REFERENCE, STRING, Malformed, Value, chunks, string_pool
from explorer.targets.apk.work import Work

_TABLE, _POOL, _PACKAGE, _TYPE = 0x0002, 0x0001, 0x0200, 0x0201
_NO_ENTRY = 0xFFFFFFFF
_SPARSE, _OFFSET16 = 0x01, 0x02
_COMPLEX, _COMPACT = 0x0001, 0x0008
MAX_HOPS = 20


class Resources:
    """A parsed resource table, which maps resource ids to values.

    Raises Malformed if the data is not a resource table, and TooMuchWork if reading it exceeds the limit of `work`."""

    def __init__(self, data: bytes, work: Work | None = None) -> None:
        self._work = work or Work()
        self._data = data
        self.strings: list[str] = []
        self._types: dict[tuple[int, int], list[int]] = {}
        try:
            self._index()
        except (struct.error, IndexError) as error:
            raise Malformed(str(error)) from error

    def _index(self) -> None:
        kind, header, size = struct.unpack_from("<HHI", self._data, 0)
        if kind != _TABLE:
            raise Malformed("not a resource table")
        for kind, head, at, length in chunks(self._data, header, min(size, len(self._data))):
            if kind == _POOL and not self.strings:
                self.strings = string_pool(self._data, at, self._work)
            elif kind == _PACKAGE:
                (package,) = struct.unpack_from("<I", self._data, at + 8)
                for inner, _, where, _ in chunks(self._data, at + head, at + length):
                    self._work.spend()
                    if inner == _TYPE:
                        self._types.setdefault((package & 0xFF, self._data[where + 8]), []).append(where)

    def values(self, resource: int) -> list[Value]:
        """All values of a resource id: one for each configuration (such as a language) that defines it.

        A reference to another resource is replaced by the values of that resource."""
        found: list[Value] = []
        seen: set[int] = set()
        todo = [resource]
        while todo and len(seen) < MAX_HOPS:
            current = todo.pop(0)
            if current in seen:
                continue
            seen.add(current)
            for value in self._entries(current):
                if value.kind == REFERENCE:
                    todo.append(value.data)
                else:
                    found.append(value)
        return found

    def _entries(self, resource: int) -> Iterator[Value]:
        key, entry = (resource >> 24, resource >> 16 & 0xFF), resource & 0xFFFF
        for at in self._types.get(key, ()):
            self._work.spend()
            try:
                value = self._entry(at, entry)
            except (struct.error, IndexError):
                continue  # a broken configuration must not hide the others
            if value is not None:
                yield value

    def _entry(self, at: int, entry: int) -> Value | None:
        data = self._data
        (header,) = struct.unpack_from("<H", data, at + 2)
        flags = data[at + 9]
        count, start = struct.unpack_from("<II", data, at + 12)
        offset = self._offset(at + header, count, entry, flags)
        if offset is None:
            return None
        where = at + start + offset
        first, entry_flags, key = struct.unpack_from("<HHI", data, where)
        if entry_flags & _COMPACT:
            return self._value(entry_flags >> 8, key)
        if entry_flags & _COMPLEX:
            return None  # a bag (style, plural, array) does not have a single value
        _, _, kind, content = struct.unpack_from("<HBBI", data, where + first)
        return self._value(kind, content)

    def _offset(self, table: int, count: int, entry: int, flags: int) -> int | None:
        if flags & _SPARSE:
            for i in range(count):
                self._work.spend()
                index, offset = struct.unpack_from("<HH", self._data, table + 4 * i)
                if index == entry:
                    return int(offset) * 4
            return None
        if entry >= count:
            return None
        if flags & _OFFSET16:
            (short,) = struct.unpack_from("<H", self._data, table + 2 * entry)
            return None if short == 0xFFFF else int(short) * 4
        (offset,) = struct.unpack_from("<I", self._data, table + 4 * entry)
        return None if offset == _NO_ENTRY else int(offset)

    def _value(self, kind: int, content: int) -> Value:
        text = self.strings[content] if kind == STRING and content < len(self.strings) else ""
        return Value(kind, content, text)
