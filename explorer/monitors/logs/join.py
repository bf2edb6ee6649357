"""Joins consecutive lines of one thread into records. Pure.

The reason for a failure is often on a later line than the failure itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from explorer.monitors.logs.line import SERVER_FORMATS, Line

MAX_LINES = 600
MAX_OPEN = 256
"""How many threads may have an open record. Interleaved lines of more threads are not joined."""
MAX_FLAT = 16_384
"""How many characters of a record are matched. Matching more would let a hostile log stall us."""
MAX_DISTANCE = 400
"""How many lines of other threads may lie between two lines of one record."""

_FRAME = re.compile(r"\s*(?:at [\w$.<>/ `\[\],&()|+:\-]+|\.{3} \d+ (?:more|common frames)|#\d+ {2,})")
_HANDSHAKE = re.compile(r"\s*at [\w$.]{1,200}(?:[hH]andshake\w*)\(")
IN_HANDSHAKE = " (in the handshake)"
"""What is added to a record whose stack shows that the handshake was not over."""
_NESTED = re.compile(
    r"\s*(?:Caused by|Suppressed|Root cause|There (?:was|were) \d+ root cause|Cause \(\d+|Error ?: ?\w*Exception|error:[0-9A-Fa-f]{6,}|[-]{2,}> ?(?:\(Inner|System\.))"
)
HEAD = re.compile(
    r"(?:.{0,160}[\s:\"'(])?(?:class )?(?:(?:[a-zA-Z_$][\w$]*\.)+[\w$]*(?:Exception|Error)\b"
    r"|(?:HandshakeException|TlsException|Handshake error)\b|Error Domain=\w|Curl error \d|curl: \(\d"
    r"|CERTIFICATE_VERIFY_FAILED|App Transport Security has|SSLHandshake failed|handshake failed; returned)"
)
CONNECTION = re.compile(r"(?:\[\w+\] )?(?:\w+ )?(Connection \d+|TIC \w[^\[]{0,40}\[\d+|\w+(?:\(\d+\))? \[C\d+)\b")
"""The number that Apple's network stack gives a connection."""
_INTRODUCES = re.compile(r"(?:Root cause \(\d+ of \d+\)|root causes?:|End of managed \S{1,120} stack trace ---)\s*$")
"""After these lines, the log repeats the same exception in other words (Glide, .NET on Android)."""
_QUALIFIED = re.compile(r"(?:[a-z_]\w*\.){2,}[\w$]*(?:Exception|Error)\b")
_WAITS = re.compile(r"(?:[:;,({\[=<]|\b(?:OS Error|error|null|unable|failed|is|of|to|for|with|0 of))\s*$")
"""A line that ends in the middle of a sentence, so that the next line belongs to it."""


def goes_on(line: Line, before: Line) -> bool:
    """Whether a line without a header continues the line before it.

    It does if it is indented or nested, or if it completes an unfinished line.
    """
    text = line.text
    return (
        not text.strip()
        or text[0] in " \t)]},"
        or _FRAME.match(text) is not None
        or _NESTED.match(text) is not None
        or _WAITS.search(before.text) is not None
        or _INTRODUCES.search(before.text) is not None
    )


def is_head(line: Line) -> bool:
    """Whether a new failure begins here: an exception or an error with a name."""
    if not (line.hinted or "xception" in line.text or "rror" in line.text):
        return False  # a quick check for most lines, because the expression is slower
    return HEAD.match(line.text) is not None


@dataclass(slots=True)
class LogRecord:
    """Consecutive lines of one thread, in order."""

    first: Line
    lines: list[Line] = field(default_factory=list)
    hinted: bool = False
    """Whether any of its lines may be about TLS."""
    headed: bool = False
    """Whether it holds an exception or a failure with a name."""

    def add(self, line: Line) -> None:
        """Append a line."""
        self.lines.append(line)
        self.hinted = self.hinted or line.hinted
        if not self.headed:
            self.headed = is_head(line)

    @property
    def last_line(self) -> int:
        return self.lines[-1].number

    def telling(self) -> list[Line]:
        """The lines that are not stack frames."""
        return [line for line in self.lines if line.text and not _FRAME.match(line.text)]

    def flat(self) -> str:
        """The text on one line, without stack frames.

        This undoes the wrapping of long lines.
        """
        text = " ".join(" ".join(line.text.split()) for line in self.telling())[:MAX_FLAT]
        return text + IN_HANDSHAKE if any(_HANDSHAKE.match(line.text) for line in self.lines) else text


class Joiner:
    """Takes lines in order and returns records when they are complete."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, str], LogRecord] = {}
        self._last: tuple[str, str, str] | None = None
        self._headed = False  # whether lines of this stream have headers at all
        self._above: Line | None = None  # the header of the «long» format is on a line above its text

    def feed(self, line: Line) -> Iterator[LogRecord]:
        """Add a line. Returns the records that it completes."""
        if line.form == "long":
            self._above = line
            return
        if self._above is not None and not line.form:
            if not line.text.strip():
                return
            line, self._above = heir(self._above, line), None
        yield from self._feed(line)

    def _feed(self, line: Line) -> Iterator[LogRecord]:
        key = self._last or ("", "", "")
        record = self._open.get(key)
        if record is not None and record.first.form == "long" and not line.form and not line.text.strip():
            return  # end of an entry; the same thread may continue in the next one
        if line.form:
            self._headed = True
            key = (line.pid, line.tid, line.tag)
        else:
            key = self._last or ("", "", "")
        able = not line.tag and any(word in line.text for word in ("Conn", "TIC ", "[C"))
        numbered = CONNECTION.match(line.text) if able else None
        if numbered:
            line = replace(line, tag=numbered[1])
            key = (line.pid, line.tid, line.tag)
        record = self._open.get(key)
        if record is not None and self._belongs(record, line):
            record.add(line)
            self._last = key
            return
        if record is not None:
            del self._open[key]
            yield record
        if line.form or line.text.strip():
            started = LogRecord(line if line.form or record is None else heir(record.first, line))
            started.add(line)
            self._open[key] = started
            self._last = key
        yield from self._forget(line.number)

    def gap(self) -> Iterator[LogRecord]:
        """Close and return all open records, in order of their first lines.

        Call it when lines are missing or the stream has ended.
        """
        records = sorted(self._open.values(), key=lambda r: r.first.number)
        self._open.clear()
        self._last = self._above = None
        yield from records

    def oldest_hinted(self, number: int) -> int:
        """The number of the first line of the oldest open record that may be about TLS.

        Returns `number` if there is no such record.
        """
        return min((r.first.number for r in self._open.values() if r.hinted), default=number)

    def _forget(self, number: int) -> Iterator[LogRecord]:
        """Close and return records to which no line was added for long, oldest first.

        If too many records are open (`MAX_OPEN`), the oldest are closed as well.
        """
        while self._open:
            key, oldest = next(iter(self._open.items()))
            if len(self._open) <= MAX_OPEN and number - oldest.last_line <= MAX_DISTANCE:
                return
            if oldest.last_line >= number - 1:
                return
            del self._open[key]
            yield oldest

    def _belongs(self, record: LogRecord, line: Line) -> bool:
        if len(record.lines) >= MAX_LINES or line.number - record.last_line > MAX_DISTANCE:
            return False
        text, before = line.text, record.lines[-1].text
        if line.form and line.stamp and not _near(record.first.stamp, line.stamp):
            return False
        if not text.strip():  # between two exceptions of Python, of which one led to the other
            return not line.form and any(line.text.startswith("Traceback") for line in record.lines[:8])
        if text[0] in " \t" or (text[0] == "(" and not line.form) or _FRAME.match(text) or _NESTED.match(text):
            return True
        if _INTRODUCES.search(before):
            return True
        if line.form in SERVER_FORMATS:
            return line.stamp == record.first.stamp and _WAITS.search(before) is not None
        head = is_head(line)
        if head and record.headed and line.form and _QUALIFIED.match(text):
            return False
        if _WAITS.search(before) or text[0] in ")]},":
            return True
        if head and record.headed:
            return False
        if not line.form:
            return line.number == record.last_line + 1
        return head and len(record.lines) <= 3 and line.stamp == record.first.stamp


def heir(first: Line, line: Line) -> Line:
    """Give a line without a header the process, thread and time of the record before it."""
    return Line(
        line.number,
        line.text,
        first.form,
        first.platform,
        first.stamp,
        first.pid,
        first.tid,
        first.level,
        first.tag,
        first.package,
        line.hinted,
    )


def _near(one: str, other: str) -> bool:
    """Whether two times of the log are a few seconds apart at most, as the lines of one record are."""
    return one[:-4] == other[:-4] or _seconds(one, other)


def _seconds(one: str, other: str) -> bool:
    clock = re.compile(r"(\d\d):(\d\d):(\d\d)")
    a, b = clock.search(one), clock.search(other)
    if a is None or b is None:
        return True
    first, second = (int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]) for m in (a, b))
    gap = abs(first - second)
    return min(gap, 86_400 - gap) <= 2
