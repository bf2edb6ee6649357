"""What changed between two runs: failures that are new, fixed, unchanged or moved to another cause or host. Pure.

A failure is known by journey, device, host and cause. Ports are left out: test beds change them from run to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.incident import JourneyVerdict, Verdict
from reports.plain import host_of, one_line
from reports.summary import Summary, cause_title

_BAD = frozenset({"failed", "blocked"})
_WORKED = frozenset({"passed", "degraded"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A journey that failed or was blocked on a device, and why."""

    journey: str
    device: str
    verdict: str
    cause: str
    host: str
    personas: tuple[str, ...]

    @property
    def blame(self) -> tuple[str, str]:
        return self.cause, self.host

    def told(self) -> str:
        """The failure in one line."""
        where = f" at {host_of(one_line(self.host, 200), 0)}" if self.host else ""
        return f"{one_line(self.journey, 80)} on {one_line(self.device, 80)} ({self.verdict}): {cause_title(self.cause or 'unknown')}{where}"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a run came to, for comparing: its failures, and the journey × device pairs that were seen to work."""

    failures: tuple[Failure, ...]
    worked: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """`moved` pairs the old failure with the new one; `unseen` failed before, and were not tried this time."""

    new: tuple[Failure, ...]
    fixed: tuple[Failure, ...]
    unchanged: tuple[Failure, ...]
    moved: tuple[tuple[Failure, Failure], ...]
    unseen: tuple[Failure, ...]

    @property
    def exit_code(self) -> int:
        """1 if something fails that did not fail before, else 0."""
        return 1 if self.new else 0


def outcomes(run: Summary | Mapping[str, Any]) -> Outcomes:
    """The outcomes of a run, from its summary or from a report.json that was read before.

    Raises KeyError or TypeError if the mapping is no `trustwalk.report/1`."""
    rows = list(_of_summary(run.verdicts) if isinstance(run, Summary) else _of_document(run))
    personas: dict[tuple[str, ...], list[str]] = {}
    worked, failed = set[tuple[str, str]](), set[tuple[str, str]]()
    for journey, device, verdict, cause, host, persona in rows:
        if verdict in _BAD:
            personas.setdefault((journey, device, cause, host, verdict), []).append(persona)
            failed.add((journey, device))
        elif verdict in _WORKED:
            worked.add((journey, device))
    failures: dict[tuple[str, str, str, str], Failure] = {}
    for (journey, device, cause, host, verdict), names in sorted(
        personas.items(), key=lambda i: (i[0][:4], i[0][4] == "blocked")
    ):
        failures.setdefault(
            (journey, device, cause, host), Failure(journey, device, verdict, cause, host, tuple(names))
        )
    return Outcomes(tuple(failures.values()), frozenset(worked - failed))


Row = tuple[str, str, str, str, str, str]


def _of_summary(verdicts: Iterable[JourneyVerdict]) -> Iterable[Row]:
    for v in verdicts:
        yield v.journey, v.device, Verdict(v.verdict).value, v.cause, v.host, v.persona


def _of_document(document: Mapping[str, Any]) -> Iterable[Row]:
    for v in document["journeys"]:
        yield v["journey"], v["device"], v["verdict"], v["cause"] or "", v["host"] or "", v["persona"]


def compare(old: Outcomes, new: Outcomes) -> Difference:
    """Set the failures of two runs against each other, journey by journey and device by device."""
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
    return Difference(tuple(fresh), tuple(fixed), tuple(same), tuple(moved), tuple(unseen))


def render(difference: Difference) -> str:
    """The difference as plain lines, what is new first."""
    lines: list[str] = []
    for title, told in (
        ("New", [f.told() for f in difference.new]),
        ("Moved", [f"{b.told()} (before: {cause_title(a.cause or 'unknown')}{f' at {one_line(a.host, 200)}' if a.host else ''})" for a, b in difference.moved]),
        ("Unchanged", [f.told() for f in difference.unchanged]),
        ("Fixed", [f.told() for f in difference.fixed]),
        ("Failed before, not tried this time", [f.told() for f in difference.unseen]),
    ):  # fmt: skip
        if told:
            lines += [f"{title} ({len(told)})", *(f"  {line}" for line in told)]
    return "\n".join(lines or ["No failures, before or now."]) + "\n"


def document(difference: Difference) -> dict[str, Any]:
    """The difference as plain data: `trustwalk.diff/1`."""

    def plain(failure: Failure) -> dict[str, Any]:
        return {"journey": failure.journey, "device": failure.device, "verdict": failure.verdict,
                "cause": failure.cause or None, "host": failure.host or None, "personas": list(failure.personas)}  # fmt: skip

    return {
        "schema": "trustwalk.diff/1",
        "new": [plain(f) for f in difference.new],
        "fixed": [plain(f) for f in difference.fixed],
        "unchanged": [plain(f) for f in difference.unchanged],
        "moved": [{"from": plain(a), "to": plain(b)} for a, b in difference.moved],
        "unseen": [plain(f) for f in difference.unseen],
    }
