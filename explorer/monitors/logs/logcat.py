"""Turns a device's live log into signals, for the Android surface. Pure.

A logcat record has `source` «logcat», `kind` «line», `time` on our own clock, and `data` with the key `text`: the
record's raw lines in logcat's format `threadtime`.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.hosts import context_of
from explorer.monitors.logs.join import Joiner, LogRecord
from explorer.monitors.logs.line import LineParser, decode
from explorer.monitors.logs.match import PackageBook, finding_of
from explorer.monitors.logs.merge import Merger
from explorer.monitors.logs.signatures import SignatureBook
from flows.record import Record
from flows.signals import Family, Signal

QUIET = 0.75
"""After a gap of more than this many seconds, a failure is reported even if more of its lines might follow."""


class LogMonitor:
    """Classifies the logcat of one session.

    Feed it every record in order. Call `flush` when the session settles or ends. If `package` is given, failures that
    the log attributes to other apps are left out."""

    def __init__(self, book: SignatureBook, session: str, package: str = "") -> None:
        self._book, self._session, self._package = book, session, package
        self._parser, self._joiner, self._merger = LineParser(), Joiner(), Merger()
        self.packages = PackageBook()
        self._times: dict[int, float] = {}
        self._number = 0
        self._last = 0.0
        self._told = 0

    def feed(self, record: Record) -> list[Signal]:
        """Take the next record. Returns the signals that are now complete."""
        if record.source != "logcat" or record.kind != "line":
            return []
        signals = self.flush() if self._number and record.time - self._last > QUIET else []
        for part in str(record.data.get("text", "")).split("\n"):
            self._number += 1
            self._times[self._number] = self._last = record.time
            raw = part.encode("utf-8", "replace")
            line = self._parser.parse(self._number, decode(raw), any(hint in raw for hint in self._book.hints))
            self.packages.learn(line)
            place = context_of(line.text)
            if place.host:
                self._merger.context(line.number, line.pid, line.tid, place)
            self._take(self._joiner.feed(line))
        settled = min(self._number, self._joiner.oldest_hinted(self._number))
        return signals + self._signals(self._merger.ready(settled))

    def flush(self) -> list[Signal]:
        """Return the signals that were held back until now, because no more lines that belong to them are expected."""
        self._take(self._joiner.gap())
        signals = self._signals(self._merger.close())
        self._times.clear()
        return signals

    def _take(self, records: Iterable[LogRecord]) -> None:
        for record in records:
            if record.hinted:
                finding = finding_of(self._book, record, self.packages.names)
                if finding is not None:
                    self._merger.add(finding)

    def _signals(self, findings: Iterable[LogFinding]) -> list[Signal]:
        signals = []
        for finding in findings:
            known = finding.package.partition(":")[0]
            if not self._package or not known or known == self._package:
                self._told += 1
                time = self._times.get(finding.line, self._last)
                signals.append(signal_of(finding, f"log-{self._told}", self._session, time))
        if len(self._times) > 20_000:
            self._times = {n: t for n, t in self._times.items() if n > self._number - 5_000}
        return signals


def signal_of(finding: LogFinding, signal_id: str, session: str, time: float) -> Signal:
    """Convert a finding to a signal. The port is the finding's, else the default of its URL's scheme, else 0."""
    port = finding.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(urlsplit(finding.url).scheme, 0)
    return Signal(
        id=signal_id,
        time=time,
        session=session,
        family=Family.TLS,
        signature=finding.signature,
        error=finding.signature,
        causes=finding.causes,
        host=finding.host,
        port=port,
        url=finding.url,
        text=finding.excerpt,
        place="app",
    )
