"""Aggregates a summary: journeys over personas, faults over journeys, hosts over the whole run. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flows.diagnosis import Cause, Diagnosis, Remedy
from flows.incident import JourneyVerdict, Severity, Verdict
from flows.judge.met import MET
from flows.session import Endpoint
from flows.signals import Family
from reports.summary import SessionView, Summary, is_tls

_WORKED = (Verdict.PASSED, Verdict.DEGRADED)


@dataclass(frozen=True, slots=True)
class Row:
    """A journey on a device, over all personas (docs/verdicts.md, «Roll-up»)."""

    journey: str
    device: str
    verdict: Verdict
    cause: str
    host: str
    port: int
    intermittent: bool
    personas: Mapping[str, JourneyVerdict]

    @property
    def tls(self) -> bool:
        return is_tls(self.cause)

    @property
    def bad(self) -> bool:
        """Whether the journey failed or was blocked, for any reason."""
        return self.verdict in (Verdict.FAILED, Verdict.BLOCKED)


def _rank(verdict: JourneyVerdict) -> int:
    """The verdict's rank: 0 for the worst, a TLS failure. The verdicts with the lowest rank decide a row."""
    tls = is_tls(verdict.cause)
    order = [
        verdict.verdict is Verdict.FAILED and tls,
        verdict.verdict is Verdict.BLOCKED and tls,
        verdict.verdict is Verdict.DEGRADED,
        verdict.verdict is Verdict.FAILED,
        verdict.verdict is Verdict.BLOCKED,
        verdict.verdict is Verdict.PASSED,
        verdict.verdict is Verdict.INCONCLUSIVE,
        verdict.verdict is Verdict.NOT_ATTEMPTED,
    ]
    return order.index(True) if True in order else len(order)


def overview(summary: Summary) -> list[Row]:
    """One row for each journey × device, in the order of journeys and devices."""
    rows = []
    for journey in summary.journeys:
        for device in summary.devices:
            mine = {
                v.persona: v.verdicts[journey] for v in summary.sessions if v.device == device and journey in v.verdicts
            }
            if mine:
                rows.append(_row(journey, device, mine))
    return rows


def _row(journey: str, device: str, personas: Mapping[str, JourneyVerdict]) -> Row:
    ranked = sorted(personas.values(), key=_rank)
    worst = [v for v in ranked if _rank(v) == _rank(ranked[0])]
    blames = Counter((v.cause, v.host, v.port) for v in worst)
    (cause, host, port), _ = max(blames.items(), key=lambda item: (item[1], [-ord(c) for c in item[0][0] + item[0][1]]))
    verdict = worst[0].verdict
    retried = any(v.verdict is Verdict.DEGRADED and v.retried and is_tls(v.cause) for v in ranked)
    worked = any(v.verdict in _WORKED for v in ranked)
    intermittent = (verdict is Verdict.FAILED and worked) or retried
    return Row(journey, device, verdict, cause, host, port, intermittent, personas)


@dataclass(slots=True)
class Fix:
    """One fault to fix: a host with its cause, the journeys that it breaks and for whom, and what to change."""

    host: str
    port: int
    cause: str
    verdicts: list[JourneyVerdict] = field(default_factory=list)
    diagnosis: Diagnosis | None = None

    @property
    def failed(self) -> list[str]:
        return list(dict.fromkeys(v.journey for v in self.verdicts if v.verdict is Verdict.FAILED))

    @property
    def blocked(self) -> list[str]:
        failed = self.failed
        return list(
            dict.fromkeys(v.journey for v in self.verdicts if v.verdict is Verdict.BLOCKED and v.journey not in failed)
        )

    @property
    def degraded(self) -> list[str]:
        worse = self.failed + self.blocked
        return list(
            dict.fromkeys(v.journey for v in self.verdicts if v.verdict is Verdict.DEGRADED and v.journey not in worse)
        )

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """All remedies. Those for `cause` come first."""
        if self.diagnosis is None:
            return ()
        return tuple(sorted(self.diagnosis.remedies, key=lambda r: r.cause != self.cause))


def fixes(summary: Summary) -> list[Fix]:
    """The TLS faults to fix; those that break the most journeys come first."""
    found: dict[tuple[str, int, str], Fix] = {}
    for verdict in summary.verdicts:
        if is_tls(verdict.cause) and verdict.verdict in (Verdict.FAILED, Verdict.BLOCKED, Verdict.DEGRADED):
            key = (verdict.host, verdict.port, verdict.cause)
            fix = found.setdefault(key, Fix(*key, diagnosis=summary.diagnoses.get(key[:2])))
            fix.verdicts.append(verdict)
    order = {journey: n for n, journey in enumerate(summary.journeys)}
    return sorted(
        found.values(),
        key=lambda f: (
            -len(f.failed),
            -len(f.blocked),
            -len(f.degraded),
            min(order[v.journey] for v in f.verdicts),
            f.host,
            f.port,
            f.cause,
        ),
    )


def private_root(summary: Summary) -> str:
    """The name of the unknown root that all failing hosts share. Empty if there is none."""
    roots = set[str]()
    mending = fixes(summary)
    for fix in mending:
        chain = fix.diagnosis.evidence.chain if fix.diagnosis and fix.diagnosis.evidence else ()
        if fix.cause != Cause.UNTRUSTED_CA or not chain:
            return ""
        roots.add(chain[-1].subject if chain[-1].self_issued else chain[-1].issuer)
    return roots.pop() if len(roots) == 1 else ""


@dataclass(slots=True)
class Host:
    """A TLS endpoint of the run, and the journeys whose own steps contacted it (its blast radius)."""

    host: str
    port: int
    journeys: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None
    failing: bool = False
    causes: tuple[str, ...] = ()
    third_party: bool = False
    expires: datetime | None = None
    days_left: int | None = None
    single_point: bool = False
    """Whether most of the attempted journeys contacted it."""


def hosts(summary: Summary) -> list[Host]:
    """All TLS endpoints, by name. The days left count from the end of the run, so that a report never changes."""
    touched = _touched(summary.sessions)
    signals: dict[Endpoint, dict[str, None]] = {}
    for view in [*summary.sessions, *summary.proofs]:
        for signal in view.signals.values():
            if signal.family is Family.TLS and signal.host:
                causes = signals.setdefault((signal.host, signal.port), {})
                if len(signal.causes) == 1 and not view.started.counter_proof:
                    causes[signal.causes[0].value] = None
    seen = _ends_seen(summary.sessions)
    tried = {v.journey for v in summary.verdicts if v.verdict in (*_WORKED, Verdict.FAILED)}
    now = datetime.fromtimestamp(summary.finished or summary.run.started, UTC)
    order = {journey: n for n, journey in enumerate(summary.journeys)}
    found = []
    for host, port in sorted({*touched, *signals, *summary.diagnoses}):
        diagnosis = summary.diagnoses.get((host, port))
        journeys = set(touched.get((host, port), ())) & set(order)
        broken = {
            v.journey for v in summary.verdicts if (v.host, v.port) == (host, port) and v.verdict is Verdict.FAILED
        }
        mine = tuple(sorted(journeys | broken, key=lambda j: order.get(j, 99)))
        proven = tuple(c.value for c in diagnosis.causes) if diagnosis else ()
        ends = _first_end(diagnosis) or seen.get((host, port))
        found.append(
            Host(
                host,
                port,
                mine,
                diagnosis,
                (host, port) in signals,
                proven or tuple(signals.get((host, port), ())),
                bool(diagnosis and diagnosis.third_party),
                ends,
                (ends - now).days if ends else None,
                len(mine) > 1 and 2 * len(mine) > len(tried),
            )
        )
    return found


def _first_end(diagnosis: Diagnosis | None) -> datetime | None:
    """The earliest expiry in the probed path: an intermediate may expire before the leaf."""
    evidence = diagnosis.evidence if diagnosis else None
    if evidence is None or not evidence.chain:
        return None
    path = evidence.facts.get("path-certificates", "").split(",")
    return min(c.not_after for c in evidence.chain if c is evidence.chain[0] or c.sha256 in path).astimezone(UTC)


def _ends_seen(sessions: Iterable[SessionView]) -> dict[Endpoint, datetime]:
    """Host → expiry of its certificate as the client saw it. Used for hosts that were not probed."""
    ends = {(x.host, x.port): x.expires for v in sessions for x in v.exchanges.values() if 0 < x.expires < 2**36}
    return {endpoint: datetime.fromtimestamp(end, UTC) for endpoint, end in ends.items()}


def _touched(sessions: Iterable[SessionView]) -> dict[Endpoint, set[str]]:
    """Host → journeys whose steps contacted it. Background traffic does not count."""
    found: dict[Endpoint, set[str]] = {}
    for view in sessions:
        steps = sorted(view.steps, key=lambda s: s.n)
        starts = [s.started for s in steps]
        for exchange in view.exchanges.values():
            if not exchange.host or urlsplit(_safe(exchange.url)).scheme not in ("https", "wss"):
                continue
            journeys = found.setdefault((exchange.host, exchange.port), set())
            at = bisect_right(starts, exchange.started) - 1
            if exchange.background or exchange.initiator == "timer" or at < 0:
                continue
            if steps[at].decision.journey:
                journeys.add(steps[at].decision.journey)
    return found


def _safe(url: str) -> str:
    """The start of a URL, which includes the scheme. For a whole URL with a malformed host, `urlsplit` may raise."""
    return url[:8].replace("[", "").replace("]", "")


def calendar(summary: Summary) -> list[Host]:
    """Hosts with a known expiry: single points of failure first, then by date."""
    dated = [h for h in hosts(summary) if h.expires is not None]
    return sorted(dated, key=lambda h: (not h.single_point, h.expires, h.host, h.port))


def background(summary: Summary) -> list[Host]:
    """Hosts with TLS failures that broke no journey and that no user visibly waited for."""
    blamed = {(v.host, v.port) for v in summary.verdicts if is_tls(v.cause)}
    blamed |= {(i.host, i.port) for i in summary.incidents.values()}
    blamed |= {(f.host, f.port) for f in summary.findings if f.kind == MET}
    return [h for h in hosts(summary) if h.failing and (h.host, h.port) not in blamed]


def headline(summary: Summary) -> str:
    """The run in one sentence."""
    rows = overview(summary)
    by: dict[str, set[str]] = {}
    for row in rows:
        kind = "tls" if row.verdict is Verdict.FAILED and row.tls else row.verdict.value
        by.setdefault("other" if row.verdict is Verdict.FAILED and not row.tls else kind, set()).add(row.journey)
    total = len({r.journey for r in rows})
    broken, blocked = by.get("tls", set()), by.get("blocked", set()) - by.get("tls", set())
    if broken:  # what a login blocks that was not used, or a fault of another kind, is no TLS failure
        blocked &= {r.journey for r in rows if r.tls}
    failed = len(broken | blocked)
    if not rows:
        return "Nothing was explored"
    if broken or blocked:
        what = "fails" if failed == 1 else "fail"
        if not broken:
            return f"{failed} of {total} journeys {'is' if failed == 1 else 'are'} blocked: {_because(rows)}"
        return f"{failed} of {total} journeys {what} because TLS fails"
    if by.get("other"):
        return f"No journey fails because of TLS; {len(by['other'])} of {total} fail for other reasons"
    if by.get("degraded"):
        return f"{len(by['degraded'])} of {total} journeys work only partly or on a retry"
    passed = len(by.get("passed", ()))
    met = [f.host for f in summary.findings if f.kind == MET and f.severity is Severity.HIGH]
    if met:
        worked = f"{passed} of {total} journeys work" if passed else "No journey could be judged"
        return f"{worked}; somebody ran into a TLS failure at {met[0]}, a host that no journey was seen to need"
    if not passed:
        return "No journey could be judged" if "inconclusive" in by else "No journey was attempted"
    return (
        f"All {total} journeys work"
        if passed == total
        else f"{passed} of {total} journeys work; none fails because of TLS"
    )


def _because(rows: list[Row]) -> str:
    if any("entry" in {v.blocked_by for v in r.personas.values()} for r in rows if r.bad and r.tls):
        return "the app itself does not open, because TLS fails"
    return "what they need fails because of TLS" if any(r.bad and r.tls for r in rows) else "what they need fails"
