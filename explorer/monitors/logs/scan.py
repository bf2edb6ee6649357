"""Scans the bytes of a log for findings. For speed, it parses only the lines around a hint of TLS. Pure."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.hosts import context_of
from explorer.monitors.logs.join import Joiner, LogRecord
from explorer.monitors.logs.line import Line, LineParser, decode
from explorer.monitors.logs.match import PackageBook, finding_of
from explorer.monitors.logs.merge import Merger
from explorer.monitors.logs.parts import parts_of
from explorer.monitors.logs.signatures import SignatureBook

BEFORE = 24
"""How many lines before a hint are parsed: they hold the message of a stack trace, or the request that failed."""
AFTER = 90
"""How many lines after a hint are parsed: they hold the rest of its stack trace, mixed with other processes' lines."""
LONG = 12_000
HEADER = 300
"""How many bytes at the start of a very long line are kept if the line's first hint comes much later."""
SAMPLE = 400
"""How many lines at the start are always parsed, to tell whether this is a log at all."""

_PROCESS_HINTS = (b"Start proc", b"am_proc_", b") has died")
_LOGLIKE = re.compile(
    r"\s+at [\w$.]+\(|(?:[a-z_]\w*\.)+[A-Z]\w*(?:Exception|Error)\b|Caused by: |Error Domain=|Exception: "
)


class LogScanner:
    """Takes a log in blocks of whole lines, and returns findings as soon as they are complete."""

    def __init__(self, book: SignatureBook, package: str = "", platform: str = "") -> None:
        self._book = book
        self._package = package
        self._platform = platform
        self._hints = (*book.hints, *_PROCESS_HINTS)
        self._parser = LineParser()
        self._joiner = Joiner()
        self._merger = Merger()
        self._packages = PackageBook()
        self._tail = b""  # the last lines of the previous block, which were not parsed
        self._owed = SAMPLE  # how many lines at the start of the next block must be parsed
        self._traces = 0
        self._found = 0
        self.lines = 0
        """How many lines have been read so far."""

    @property
    def recognised(self) -> bool:
        """Whether anything so far looks like a log: a header, a stack trace or a finding."""
        return bool(self._parser.recognised or self._traces or self._found)

    def feed(self, block: bytes) -> Iterator[LogFinding]:
        """Read the next lines. `block` must end at the end of a line, or be the last one."""
        text = self._tail + block
        number = self.lines + 1 - self._tail.count(b"\n")
        joined = not self._tail and self.lines > 0
        self.lines += block.count(b"\n") + (bool(block) and not block.endswith(b"\n"))
        hits = self._hits(text)
        at = 0
        for begin, end in self._regions(text, hits):
            if begin > at or not joined:
                self._gap()
            number += text.count(b"\n", at, begin)
            yield from self._read(text, begin, end, number, hits)
            number += text.count(b"\n", begin, end)
            at, joined = end, True
        self._tail = text[_back(text, len(text), at, BEFORE) :]
        yield from self._keep(self._merger.ready(self._settled(self.lines)))

    def close(self) -> Iterator[LogFinding]:
        """The remaining findings at the end of the log."""
        self._gap()
        yield from self._keep(self._merger.close())

    def _hits(self, block: bytes) -> list[int]:
        """The offsets at which lines with a hint begin."""
        starts: set[int] = set()
        for hint in self._hints:
            at = block.find(hint)
            while at >= 0:
                starts.add(block.rfind(b"\n", 0, at) + 1)
                end = block.find(b"\n", at)
                at = block.find(hint, end) if end >= 0 else -1
        return sorted(starts)

    def _regions(self, text: bytes, hits: list[int]) -> list[tuple[int, int]]:
        """The byte ranges to parse: what the previous block's last range lacks, and the lines around each hint."""
        regions: list[tuple[int, int]] = []
        end = 0
        if self._owed:
            end, self._owed = _forward(text, 0, self._owed)
            regions.append((0, end))
        for hit in hits:
            begin = min(_back(text, hit, end, BEFORE), hit) if hit > end else end
            stop, owed = _forward(text, hit, AFTER)
            self._owed = max(self._owed, owed)
            if stop <= end:
                continue
            if regions and begin <= end:
                regions[-1] = (regions[-1][0], stop)
            else:
                regions.append((begin, stop))
            end = stop
        return regions

    def _read(self, text: bytes, begin: int, end: int, number: int, hits: list[int]) -> Iterator[LogFinding]:
        at = begin
        place = bisect.bisect_left(hits, begin)
        while at < end:
            stop = text.find(b"\n", at, end)
            stop = end if stop < 0 else stop
            hinted = place < len(hits) and hits[place] == at
            place += hinted
            raw = text[at:stop] if stop - at <= LONG else self._telling_part(text[at:stop])
            self._line(self._parser.parse(number, decode(raw), hinted))
            if self._merger.waiting and not number % 16:
                yield from self._keep(self._merger.ready(self._settled(number)))
            at, number = stop + 1, number + 1

    def _telling_part(self, raw: bytes) -> bytes:
        """The parts of a very long line that are parsed: its start, and the text around its first hint."""
        found = [at for at in (raw.find(hint) for hint in self._book.hints) if at >= 0]
        first = min(found, default=0)
        if first < LONG // 2:
            return raw[:LONG]
        return raw[:HEADER] + b" ... " + raw[first - 1_000 : first + LONG // 2]

    def _line(self, line: Line) -> None:
        if line.hinted:
            self._packages.learn(line)
        elif not line.form and not self._traces and _LOGLIKE.match(line.text):
            self._traces += 1
        if line.text.startswith("== dumpstate"):
            self._merger.copies = True
        if "://" in line.text or "SNI/" in line.text:
            place = context_of(line.text)
            if place.host:
                self._merger.context(line.number, line.pid, line.tid, place)
        self._records(self._joiner.feed(line))

    def _settled(self, number: int) -> int:
        """The number of the line up to which every record that may be about TLS is complete."""
        return min(number, self._joiner.oldest_hinted(number))

    def _gap(self) -> None:
        self._records(self._joiner.gap())

    def _records(self, records: Iterable[LogRecord]) -> None:
        for record in records:
            if record.hinted and self._platform in ("", record.first.platform or self._platform):
                for part in parts_of(self._book, record):
                    finding = finding_of(self._book, part, self._packages.names)
                    if finding is not None:
                        self._merger.add(finding)

    def _keep(self, findings: Iterable[LogFinding]) -> Iterator[LogFinding]:
        for finding in findings:
            self._found += 1
            known = finding.package.partition(":")[0]
            if not self._package or not known or known == self._package:
                yield finding


def _forward(block: bytes, start: int, lines: int) -> tuple[int, int]:
    """The offset that is `lines` lines after `start`, and how many of these lines are missing in the block."""
    at = start
    while lines and at < len(block):
        end = block.find(b"\n", at)
        at = len(block) if end < 0 else end + 1
        lines -= 1
    return at, lines


def _back(text: bytes, start: int, floor: int, lines: int) -> int:
    """The offset of the line that is `lines` lines before `start`, but not before `floor`."""
    at = start
    while lines and at > floor:
        at = max(text.rfind(b"\n", floor, at - 1) + 1, floor)
        lines -= 1
    return at
