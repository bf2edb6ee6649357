"""Puts the TCP segments of one direction in order: late ones wait for those before them, repeated bytes are dropped. Pure.

What a capture lost or cut is told as a hole of known length, since a record of TLS may go on behind it (RFC 9293 section 3.4).
"""

from __future__ import annotations

from collections.abc import Callable

MOST_WAITING = 256
"""Segments that wait for an earlier one. Then the earlier one is taken for lost."""
MOST_BYTES = 256 << 10
"""Bytes that wait."""
_RING = 1 << 32
_HALF = 1 << 31


class Ordering:
    """One direction of a connection.

    `take(data)` gets bytes in their order, `pass_over(count)` the length of a hole. `lost` says that there was one.
    """

    __slots__ = ("_acknowledged", "_bytes", "_nearest", "_next", "_pass_over", "_take", "_waiting", "lost")

    def __init__(self, take: Callable[[bytes], None], pass_over: Callable[[int], None]) -> None:
        self._take, self._pass_over = take, pass_over
        self._next: int | None = None
        self._waiting: dict[int, tuple[bytes, int]] = {}
        self._bytes = self._nearest = 0
        self._acknowledged: int | None = None
        self.lost = False

    @property
    def held(self) -> int:
        """How many bytes are kept, with what keeping them takes."""
        return self._bytes + 100 * len(self._waiting)

    def begin(self, sequence: int) -> None:
        """The number of the first byte, as a SYN tells it."""
        if self._next is None:
            self._next = (sequence + 1) % _RING

    def acknowledge(self, number: int) -> None:
        """The other side has everything before this number."""
        if self._acknowledged is None or 0 < (number - self._acknowledged) % _RING < _HALF:
            self._acknowledged = number

    def put(self, sequence: int, data: bytes, length: int) -> None:
        """A segment with `length` bytes, of which `data` were captured."""
        if self._next is None:
            self._next = sequence
        ahead = (sequence - self._next) % _RING
        if 0 < ahead < _HALF:
            if sequence not in self._waiting:
                if not self._waiting or (self._nearest - sequence) % _RING < _HALF:
                    self._nearest = sequence
                self._waiting[sequence] = (data, length)
                self._bytes += len(data)
            if len(self._waiting) > MOST_WAITING or self._bytes > MOST_BYTES:
                self._skip()
            return
        self._deliver(sequence, data, length)
        if self._waiting and (self._next - self._nearest) % _RING < _HALF:
            self._go_on()

    def _deliver(self, sequence: int, data: bytes, length: int) -> None:
        assert self._next is not None
        behind = (self._next - sequence) % _RING
        if behind >= length:
            return  # repeated
        fresh = data[behind:]
        if fresh:
            self._take(fresh)
        hole = length - behind - len(fresh)
        if hole > 0:
            self.lost = True
            self._pass_over(hole)
        self._next = (sequence + length) % _RING

    def _go_on(self) -> None:
        """Hand on what waited and now follows."""
        assert self._next is not None
        for sequence in sorted(self._waiting, key=lambda each: (each - self._next + _HALF) % _RING):  # type: ignore[operator]
            ahead = (sequence - self._next) % _RING
            if 0 < ahead < _HALF:
                self._nearest = sequence
                return
            data, length = self._waiting.pop(sequence)
            self._bytes -= len(data)
            self._deliver(sequence, data, length)

    def _skip(self) -> None:
        """Take what is missing for lost, and hand on what waited."""
        while self._waiting:
            assert self._next is not None
            first = min(self._waiting, key=lambda each: (each - self._next) % _RING)  # type: ignore[operator]
            self.lost = True
            self._pass_over((first - self._next) % _RING)
            self._next = first
            self._go_on()

    def give_up(self) -> None:
        """Nothing more will come: what is missing is lost."""
        self._skip()
        if self._next is not None and self._acknowledged is not None:
            behind = (self._acknowledged - self._next) % _RING
            if 1 < behind < _HALF:  # the end of a connection counts as one, too
                self.lost = True
                self._pass_over(behind)
