"""Classifies a record by its most specific signature. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from explorer.monitors.logs.finding import LogFinding, excerpt_of, redact
from explorer.monitors.logs.hosts import place_of
from explorer.monitors.logs.join import LogRecord
from explorer.monitors.logs.line import Line
from explorer.monitors.logs.signatures import Signature, SignatureBook
from explorer.monitors.logs.time import clock_is_wrong, shown
from flows.diagnosis import Cause

_SILENT_TAGS = frozenset(
    {"NativeCrypto", "hiddenapi", "auditd", "audit", "dex2oat", "PackageManager", "apexd", "installd"}
)
"""Tags whose lines mention TLS without a failure: verbose socket logs, linkers, SELinux."""
_SILENT_TEXT = re.compile(
    r"hiddenapi: |avc: +denied|Accessing hidden (?:method|field)|\bdex2oat\b|Skipping preparing app data"
)
_STARTED = re.compile(
    r"Start proc (\d+):([\w.:]+)/|Start proc ([\w.:]+) for .{0,200}?: ?pid=(\d+)|am_proc_start: \[\d+,(\d+),-?\d+,([\w.:]+),|^\[\d+,(\d+),-?\d+,([\w.:]+),"
)
_DIED = re.compile(r"Process ([\w.:]+) \(pid (\d+)\) has died|am_proc_died: \[\d+,(\d+),")
_PROCESS = re.compile(r"Process: ([\w.:]+), PID: (\d+)")


class PackageBook:
    """Which process runs which app, according to the log. Process ids are reused, so dead processes are forgotten."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def learn(self, line: Line) -> None:
        """Record the start or end of a process."""
        started = _STARTED.search(line.text) if line.tag in ("ActivityManager", "am_proc_start") else None
        if started:
            pid = started[1] or started[4] or started[5] or started[7]
            self.names[pid] = started[2] or started[3] or started[6] or started[8]
            if len(self.names) > 20_000:
                del self.names[next(iter(self.names))]
            return
        died = _DIED.search(line.text)
        if died:
            self.names.pop(died[2] or died[3], None)


@dataclass(frozen=True, slots=True)
class Match:
    """The deciding signature of a record, where it matches, and the causes that other signatures add."""

    signature: Signature
    start: int
    end: int
    adds: tuple[Cause, ...]
    echoes: frozenset[str]


def decide(book: SignatureBook, flat: str) -> Match | None:
    """The match of the most specific signature that has causes; None if no such signature matches.

    Of equally specific signatures, the one that matches first in the text decides."""
    lower = flat.lower()
    best: tuple[int, int, Signature, re.Match[str]] | None = None
    adds: list[Cause] = []
    echoes: set[str] = set()
    for signature in book.signatures:
        match = signature.find(flat, lower)
        if match is None:
            continue
        adds.extend(signature.adds)
        if signature.echo:
            echoes.add(signature.echo)
        rank = (int(signature.says), -match.start())
        if signature.causes and (best is None or rank > best[:2]):
            best = (*rank, signature, match)
    if best is None:
        return None
    return Match(best[2], best[3].start(), best[3].end(), tuple(adds), frozenset(echoes))


def finding_of(book: SignatureBook, record: LogRecord, packages: Mapping[str, str]) -> LogFinding | None:
    """The failure in a record, or None. `packages` maps process ids to package names."""
    first = record.first
    if first.tag in _SILENT_TAGS:
        return None
    flat = record.flat()
    if _SILENT_TEXT.search(flat[:2_000]):
        return None
    match = decide(book, flat)
    if match is None:
        return None
    signature = match.signature
    told, before = _apart(record, flat, match)
    place = place_of(told, signature.hosts, before)
    process = _PROCESS.search(flat)
    pid = first.pid or (process[2] if process else "")
    return LogFinding(
        line=_line_of(record, flat, match.start),
        last_line=record.last_line,
        time=shown(first.stamp),
        pid=pid,
        tag=first.tag,
        package=first.package or (process[1] if process else "") or packages.get(pid, ""),
        signature=signature.id,
        causes=_causes(signature, match, flat, first.stamp),
        host=place.host,
        port=place.port,
        url=redact(place.url),
        excerpt=excerpt_of(flat, match.start, match.end),
        level=int(signature.says),
        echoes=match.echoes,
    )


def _apart(record: LogRecord, flat: str, match: Match) -> tuple[str, list[str]]:
    """Split a record at the failing line: the text from that line on, and the lines before it.

    A record whose first line has a header is not split, because all its lines are one log entry."""
    before: list[str] = []
    at = 0
    for line in record.telling() if not record.first.form else ():
        text = " ".join(line.text.split())
        if at + len(text) >= match.start:
            return flat[at:], before
        before.append(text)
        at += len(text) + 1
    return flat, []


def _causes(signature: Signature, match: Match, flat: str, stamp: str) -> tuple[Cause, ...]:
    causes = _by_printed_chain([*signature.causes, *match.adds], flat)
    if Cause.CLOCK_SKEW in causes and clock_is_wrong(flat, stamp):
        causes.insert(0, Cause.CLOCK_SKEW)
    return tuple(dict.fromkeys(causes))


_PRINTED = re.compile(r"\b(\d) s:((?:(?! i:).){1,300}) i:(.{1,300}?)(?= \d s:| ---| a:| -----|verify|$)")
"""A certificate of a chain as `openssl s_client` prints it: its position in the chain, subject and issuer."""
_UNTRUSTED = {Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN}


def _by_printed_chain(causes: list[Cause], flat: str) -> list[Cause]:
    """Correct the causes by the certificate chain that the log prints, if it has exactly one certificate.

    If its subject is also its issuer, the certificate is self-signed. If another CA issued it, the likeliest cause is
    that the server did not send the intermediates."""
    if not _UNTRUSTED & set(causes):
        return causes
    printed = [(m[2].strip(), m[3].strip()) for m in _PRINTED.finditer(flat)]
    if len(printed) != 1:
        return causes
    subject, issuer = printed[0]
    if subject == issuer:
        return [Cause.SELF_SIGNED]
    return [Cause.INCOMPLETE_CHAIN, *(c for c in causes if c not in (Cause.INCOMPLETE_CHAIN, Cause.SELF_SIGNED))]


def _line_of(record: LogRecord, flat: str, start: int) -> int:
    """The number of the line where the failure begins: the first that names an exception or holds the match."""
    at = 0
    for line in record.telling():
        text = " ".join(line.text.split())
        if not text:
            continue
        at += len(text) + 1
        if at > start or re.search(r"(?:Exception|Error)\b", text):
            return line.number
    return record.first.number
