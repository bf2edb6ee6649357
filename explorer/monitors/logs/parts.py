"""Splits a record of lines without headers by failure, because each line may be about another request. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.monitors.logs.hosts import place_of
from explorer.monitors.logs.join import MAX_FLAT, LogRecord, goes_on, heir
from explorer.monitors.logs.line import Line
from explorer.monitors.logs.match import Match, decide
from explorer.monitors.logs.signatures import SignatureBook, Specificity

MAX_ALONE = 2_000
"""How many characters of a single line are matched. The limit keeps a hostile log from stalling the scan."""


def parts_of(book: SignatureBook, record: LogRecord) -> Iterator[LogRecord]:
    """Split the record into parts that report one failure each.

    A line without a header begins a new part if it reports a failure by itself and the part before it reports a
    different one. Failures differ if they have no cause in common or name different hosts. A line that continues a
    sentence or a stack trace never begins a part.
    """
    if len(record.lines) < 2 or sum(line.hinted for line in record.lines) < 2:
        yield record
        return
    part = LogRecord(record.first)
    told: Match | None = None
    host, read = "", 0
    for line in record.lines:
        alone = line.hinted and (not line.form or line is record.lines[0])
        mine = decide(book, line.text[:MAX_ALONE]) if alone and read < MAX_FLAT else None
        read += len(line.text)
        if mine is not None and mine.signature.says >= Specificity.KIND and not _continues(part, line):
            named = place_of(line.text, mine.signature.hosts).host
            if told is not None and _is_another(told, mine, host, named):
                yield part
                part, host = LogRecord(heir(record.first, line) if record.first.form else line), ""
            told, host = mine, host or named
        part.add(line)
    yield part


def _continues(part: LogRecord, line: Line) -> bool:
    return bool(part.lines) and goes_on(line, part.lines[-1])


def _is_another(told: Match, mine: Match, host: str, named: str) -> bool:
    if host and named and host != named:
        return True
    return not set(told.signature.causes) & set(mine.signature.causes)
