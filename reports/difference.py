"""Compares two runs: failures are new, fixed, unchanged, or moved to another cause, host or severity. Pure.

Journey, device, host and cause identify a failure. Ports do not, because test environments change them from run to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flows.incident import JourneyVerdict, Severity, Verdict
from flows.judge.met import MET
from reports.failures import Difference, Failure, Outcomes
from reports.summary import Summary, cause_title
from reports.text_display import host_of, one_line

_BAD = frozenset({"failed", "blocked"})
_RANK = ("failed", "blocked", "degraded")


def outcomes(run: Summary | Mapping[str, Any]) -> Outcomes:
    """The outcomes of a run, from its summary or from the data of a report.json.

    Raises KeyError or TypeError if the mapping is not a `trustwalk.report/1`."""
    rows = list(_of_summary(run.verdicts) if isinstance(run, Summary) else _of_document(run))
    personas: dict[tuple[str, ...], list[str]] = {}
    worked, failed = set[tuple[str, str]](), set[tuple[str, str]]()
    for journey, device, verdict, cause, host, persona in rows:
        if verdict in _BAD or (verdict == "degraded" and cause):
            personas.setdefault((journey, device, cause, host, verdict), []).append(persona)
        if verdict in _BAD:
            failed.add((journey, device))
        elif verdict in ("passed", "degraded"):
            worked.add((journey, device))
    failures: dict[tuple[str, str, str, str], Failure] = {}
    for (journey, device, cause, host, verdict), names in sorted(
        personas.items(), key=lambda i: (i[0][:4], _RANK.index(i[0][4]))
    ):
        failures.setdefault(
            (journey, device, cause, host), Failure(journey, device, verdict, cause, host, tuple(names))
        )
    met = _met_in_summary(run) if isinstance(run, Summary) else _met_in_document(run)
    return Outcomes(tuple(failures.values()), frozenset(worked - failed), frozenset(met))


Row = tuple[str, str, str, str, str, str]


def _of_summary(verdicts: Iterable[JourneyVerdict]) -> Iterable[Row]:
    for v in verdicts:
        yield v.journey, v.device, Verdict(v.verdict).value, v.cause, v.host, v.persona


def _of_document(document: Mapping[str, Any]) -> Iterable[Row]:
    for v in document["journeys"]:
        yield v["journey"], v["device"], v["verdict"], v["cause"] or "", v["host"] or "", v["persona"]


def _met_in_summary(run: Summary) -> Iterable[tuple[str, str]]:
    yield from ((f.cause, f.host) for f in run.findings if f.kind == MET and f.severity is Severity.HIGH)
    open_ = {i for v in run.verdicts if v.verdict is Verdict.INCONCLUSIVE for i in v.incidents}
    yield from ((i.cause.value, i.host) for i in run.incidents.values() if i.id in open_)


def _met_in_document(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for f in document.get("findings", ()):
        if f["kind"] == MET and f["severity"] == Severity.HIGH.value:
            yield f["cause"] or "", f["host"] or ""
    verdicts = (v for v in document["journeys"] if v["verdict"] == Verdict.INCONCLUSIVE.value)
    open_ = {i for v in verdicts for i in v.get("incidents", ())}
    yield from ((i["cause"], i["host"]) for i in document.get("incidents", ()) if i["id"] in open_)


def compare(old: Outcomes, new: Outcomes) -> Difference:
    """Compare the failures of two runs, for each journey and device."""
    fresh: list[Failure] = []
    fixed: list[Failure] = []
    same: list[Failure] = []
    moved: list[tuple[Failure, Failure]] = []
    unseen: list[Failure] = []
    places = dict.fromkeys((f.journey, f.device) for f in (*old.failures, *new.failures))
    for place in places:
        before = {f.blame: f for f in old.failures if (f.journey, f.device) == place}
        now = {f.blame: f for f in new.failures if (f.journey, f.device) == place}
        same += [f for blame, f in now.items() if blame in before]
        gone = [f for blame, f in before.items() if blame not in now]
        come = [f for blame, f in now.items() if blame not in before]
        moved += list(zip(gone, come, strict=False))
        fresh += come[len(gone) :]
        left = gone[len(come) :]
        if now or place in new.worked:
            fixed += left
        else:
            unseen += left
    known = old.met | {(f.cause, f.host) for f in old.failures}
    met = tuple(sorted(m for m in new.met if m not in known))
    return Difference(tuple(fresh), tuple(fixed), tuple(same), tuple(moved), tuple(unseen), met)


def told(failure: Failure) -> str:
    """A failure with its journey, device, verdict, cause and host, in one line."""
    return f"{one_line(failure.journey, 80)} on {one_line(failure.device, 80)} ({failure.verdict}): {blame(failure)}"


def blame(failure: Failure) -> str:
    """The cause and the host of a failure, in words."""
    return _met(failure.cause, failure.host)


def _met(cause: str, host: str) -> str:
    where = f" at {host_of(one_line(host, 200), 0)}" if host else ""
    return f"{cause_title(cause or 'unknown')}{where}"


def parts(difference: Difference) -> list[tuple[str, list[str]]]:
    """The difference as pairs of heading and lines, new failures first, without empty parts."""
    moved = [f"{told(now)} (before: {blame(before)}{', degraded' * before.mild})" for before, now in difference.moved]
    found = (
        ("New", [told(f) for f in difference.new]),
        ("New TLS failures that ended no journey", [_met(cause, host) for cause, host in difference.met]),
        ("Moved", moved),
        ("Unchanged", [told(f) for f in difference.unchanged]),
        ("Fixed", [told(f) for f in difference.fixed]),
        ("Failed before, without a result in this run", [told(f) for f in difference.unseen]),
    )
    return [(title, lines) for title, lines in found if lines]


def render(difference: Difference) -> str:
    """The difference as lines of text, new failures first."""
    lines: list[str] = []
    for title, mine in parts(difference):
        lines += [f"{title} ({len(mine)})", *(f"  {line}" for line in mine)]
    return "\n".join(lines or ["No failures in either run."]) + "\n"


def document(difference: Difference) -> dict[str, Any]:
    """The difference as plain data, in the format `trustwalk.diff/1`."""

    def plain(failure: Failure) -> dict[str, Any]:
        return {
            "journey": failure.journey,
            "device": failure.device,
            "verdict": failure.verdict,
            "cause": failure.cause or None,
            "host": failure.host or None,
            "personas": list(failure.personas),
        }

    return {
        "schema": "trustwalk.diff/1",
        "new": [plain(f) for f in difference.new],
        "fixed": [plain(f) for f in difference.fixed],
        "unchanged": [plain(f) for f in difference.unchanged],
        "moved": [{"from": plain(a), "to": plain(b)} for a, b in difference.moved],
        "unseen": [plain(f) for f in difference.unseen],
        "met": [{"cause": cause or None, "host": host or None} for cause, host in difference.met],
    }
