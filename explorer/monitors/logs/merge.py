"""Merges findings about the same failure, and gives a failure the host that a nearby line names. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from explorer.monitors.logs.finding import LogFinding, redact
from explorer.monitors.logs.hosts import LoggedHost
from explorer.monitors.logs.join import CONNECTION
from flows.diagnosis import Cause

NEAR = 12
"""The greatest distance, in lines, between two reports of the same failure."""
BESIDE = 4
"""The greatest distance, in lines, between a failure without a host and the line that names its request."""

_HTTP_FAILED = "<-- HTTP FAILED"
AGAIN = 200
"""In a bug report, an identical failure more than this many lines later is a copy of the same log entry."""
CHATTY = frozenset({"apple", "mbedtls"})
"""Stacks that log one failure several times in the same words. Other stacks log such a line once per connection."""


@dataclass(frozen=True, slots=True)
class _Context:
    line: int
    pid: str
    thread: str
    place: LoggedHost


class Merger:
    """Holds findings back until no later line can belong to them."""

    def __init__(self) -> None:
        self._waiting: list[LogFinding] = []
        self._contexts: deque[_Context] = deque(maxlen=64)
        self.copies = False
        """Whether this is a bug report, which contains the same buffer several times."""
        self._told: dict[tuple[str, str, str, str], int] = {}

    @property
    def waiting(self) -> bool:
        """Whether any finding is being held back."""
        return bool(self._waiting)

    def context(self, line: int, pid: str, thread: str, place: LoggedHost) -> None:
        """Record that a line names the host of a request."""
        self._contexts.append(_Context(line, pid, thread, place))

    def add(self, finding: LogFinding) -> None:
        """Take a finding, and merge it with an earlier one about the same failure."""
        for index, other in enumerate(self._waiting):
            if _echoes(other, finding):
                self._waiting[index] = _merged(other, finding)
                return
        self._waiting.append(finding)

    def ready(self, line: int) -> Iterator[LogFinding]:
        """The findings that are complete now that `line` has been read."""
        while self._waiting and line - self._waiting[0].last_line > NEAR:
            yield from self._release(self._waiting.pop(0))

    def close(self) -> Iterator[LogFinding]:
        """All remaining findings."""
        while self._waiting:
            yield from self._release(self._waiting.pop(0))

    def _release(self, finding: LogFinding) -> Iterator[LogFinding]:
        key = (finding.time, finding.pid, finding.tag, finding.excerpt)
        if self.copies and finding.time and finding.pid and finding.line - self._told.get(key, finding.line) > AGAIN:
            return
        self._told.setdefault(key, finding.line)
        if len(self._told) > 4_096:
            del self._told[next(iter(self._told))]
        yield self._placed(finding)

    def _placed(self, finding: LogFinding) -> LogFinding:
        if finding.host or finding.signature.startswith("ats-"):
            return finding
        near = [c for c in self._contexts if c.pid in ("", finding.pid) or not finding.pid]
        near = [c for c in near if finding.line - BESIDE <= c.line <= finding.last_line + BESIDE]
        if len({(c.place.host, c.place.port) for c in near}) != 1:
            return finding
        place = near[-1].place
        return replace(finding, host=place.host, port=place.port, url=redact(place.url))


def _is_retold(one: LogFinding, other: LogFinding) -> bool:
    """Whether OkHttp's logger (`<-- HTTP FAILED`) and the app, under another tag, report the same failure."""
    alike = one.signature == other.signature and one.tag != other.tag and _same_app(one, other)
    logged = [_HTTP_FAILED in f.excerpt for f in (one, other)]
    return alike and logged[0] != logged[1] and other.line - one.last_line <= NEAR


def _same_app(one: LogFinding, other: LogFinding) -> bool:
    hosts = not one.host or not other.host or one.host == other.host
    return hosts and (one.pid == other.pid or not one.pid or not other.pid)


def _echoes(one: LogFinding, other: LogFinding) -> bool:
    """Whether two findings are the same failure, reported by two parts of one stack."""
    if _is_retold(one, other):
        return True
    shared = one.echoes & other.echoes
    if not shared or (one.signature == other.signature and not shared & CHATTY):
        return False
    if one.pid != other.pid and one.pid and other.pid:
        return False
    if one.tag != other.tag and CONNECTION.match(one.tag) and CONNECTION.match(other.tag):
        return False
    if not -NEAR <= other.line - one.last_line <= NEAR or (one.host and other.host and one.host != other.host):
        return False
    return bool(set(one.causes) & set(other.causes)) or min(one.level, other.level) <= 2


def _merged(one: LogFinding, other: LogFinding) -> LogFinding:
    """Merge two findings about the same failure into one.

    The causes are those of the more specific signature. If both are equally specific, they are the common causes."""
    telling, rest = (other, one) if other.level > one.level else (one, other)
    causes: tuple[Cause, ...] = telling.causes
    if one.level == other.level:
        causes = tuple(c for c in telling.causes if c in rest.causes) or telling.causes
    extra = tuple(c for c in rest.causes if c is Cause.INTERCEPTION and c not in causes)
    place = telling if telling.host else rest
    return replace(
        telling,
        line=min(one.line, other.line),
        last_line=max(one.last_line, other.last_line),
        causes=causes + extra,
        host=place.host,
        port=place.port,
        url=place.url,
        package=telling.package or rest.package,
        echoes=one.echoes | other.echoes,
        time=one.time or other.time,
        pid=one.pid or other.pid,
    )
