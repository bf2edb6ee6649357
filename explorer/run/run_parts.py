"""Reads the parts of a run that several machines explored (`--shard`), and checks that they belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explorer.request.spread import Shard, parse_shard
from explorer.run.findings import findings_of
from flows.diagnosis import Diagnosis
from flows.incident import Finding
from flows.judge.run import judge_run
from flows.session import Endpoint, SessionLog
from reports.journal.events import (
    Broken,
    Diagnosed,
    Event,
    FindingMade,
    JournalError,
    RunFinished,
    RunStarted,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    read,
)
from reports.journal.replay import diagnoses, session_logs
from reports.summary import UNTOLD, untold
from reports.text_display import one_line

OF_PART = ("shard", "sessions", "at_once")
"""Options that may differ between the parts of one run."""
_LOST = ("gone", "broken")
"""How a session ends whose browser or device died, or that broke down."""


class MergeError(Exception):
    """The given runs are not the parts of one run. The message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a run, as its journal records it.

    `own_findings` do not follow from the sessions' logs. `problems` are what could not be explored, as sentences."""

    folder: Path
    run: RunStarted
    started: tuple[SessionStarted, ...]
    logs: tuple[SessionLog, ...]
    diagnoses: Mapping[Endpoint, Diagnosis]
    own_findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    end: RunFinished | None

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    @property
    def shard(self) -> Shard:
        """Which part it is; 1/1 if the run was not split."""
        text = self.run.options.get("shard")
        return parse_shard(text) if isinstance(text, str) else Shard(1, 1)

    @property
    def observed(self) -> tuple[SessionStarted, ...]:
        """The starts of the sessions that are no counter-proofs."""
        return tuple(start for start in self.started if not start.counter_proof)

    @property
    def complete(self) -> bool:
        """Whether the run came to its end: it was neither interrupted nor cut off."""
        return self.end is not None and self.end.complete

    @property
    def proven(self) -> bool:
        """Whether counter-proofs were made wherever they were needed. If not, no conclusion follows from a missing one."""
        return (self.complete and not self.problems) or any(start.counter_proof for start in self.started)


def parts_at(folders: Sequence[Path]) -> tuple[list[Part], list[str]]:
    """The parts in these folders, in the order of their numbers, and a sentence for each thing that is missing.

    Raises MergeError if they are not parts of one run, and JournalError if one cannot be read."""
    parts = sorted(map(part_of, folders), key=lambda part: part.shard.number)
    return parts, checked(parts)


def events_of(folder: Path) -> list[Event]:
    """All events of a run folder. Raises JournalError."""
    return list(read(folder / "journal.jsonl"))


def part_of(folder: Path) -> Part:
    """Read one part. Raises JournalError if its journal cannot be read or does not begin with a run."""
    try:
        return _part(folder, events_of(folder))
    except UNTOLD as error:
        raise JournalError(untold(folder / "journal.jsonl", error)) from error


def _part(folder: Path, events: Sequence[Event]) -> Part:
    if not events or not isinstance(events[0], RunStarted):
        raise JournalError(f"{folder}: the journal does not begin with the start of a run. Give folders of runs.")
    run = events[0]
    logs = session_logs(as_observed(events), _endpoint(run))
    found = diagnoses(events)
    end = next((event for event in reversed(events) if isinstance(event, RunFinished)), None)
    starts = tuple(event for event in events if isinstance(event, SessionStarted))
    problems = tuple(_problems(run, starts, events))
    part = Part(folder, run, starts, tuple(logs), found, (), problems, end)
    derived = _derived(part)
    told = (event.finding for event in events if isinstance(event, FindingMade))
    own = tuple(finding for finding in told if finding not in derived)
    _ = part.shard, rank(run, "", "")  # values that no run writes are told here, with the journal's path
    return replace(part, own_findings=own)


def _endpoint(run: RunStarted) -> Endpoint:
    """Host and port of a run's target, as its journal holds them; ("", 0) in journals of earlier versions."""
    found = run.options.get("endpoint")
    return (str(found[0]), int(found[1])) if isinstance(found, (list, tuple)) and len(found) == 2 else ("", 0)


def _derived(part: Part) -> list[Finding]:
    """The findings that follow from the sessions' logs: the whole run has its own of these."""
    observed = [log for log in part.logs if log.steps and not log.counter_proof]
    proofs = [log for log in part.logs if log.counter_proof] if part.proven else None
    judgement = judge_run(observed, part.diagnoses, proofs)
    days = part.run.options.get("expiring_days")
    return findings_of(
        [one.log for one in judgement.sessions],
        judgement.incidents,
        part.diagnoses,
        days if isinstance(days, int) else None,
        judgement.verdicts,
    )


def as_observed(events: Sequence[Event]) -> Iterator[Event]:
    """The events without the signals that a judgement changed: judging again starts from what was observed.

    A judgement writes its signals after all sessions and probes. A session that was cut off has no end, so all its
    signals were observed."""
    last = max((n for n, event in enumerate(events) if isinstance(event, (Diagnosed, SessionEnded))), default=0)
    ended = {event.session for event in events if isinstance(event, SessionEnded)}
    return (
        event
        for n, event in enumerate(events)
        if n <= last or not isinstance(event, SignalSeen) or event.signal.session not in ended
    )


def _problems(run: RunStarted, starts: Sequence[SessionStarted], events: Iterable[Event]) -> Iterator[str]:
    """What could not be explored. The end of a journal does not tell it."""
    wanted, begun = run.options.get("sessions"), sum(not start.counter_proof for start in starts)
    if isinstance(wanted, int) and begun < wanted:
        yield f"only {begun} of its {wanted} sessions began"
    devices = run.options.get("devices")
    places = {"browser", "counter-proof", *(devices if isinstance(devices, list) else ())}
    for event in events:
        if isinstance(event, SessionEnded) and event.why in _LOST:
            yield f"{event.session} ended early ({event.why})"
        elif isinstance(event, Broken) and event.where in places:
            yield event.what.rstrip(".")


def checked(parts: Sequence[Part]) -> list[str]:
    """Check that the parts belong to one run. Returns a sentence for each part that is missing, was cut off or could not
    explore everything.

    Raises MergeError if they differ in version, target, seed, journeys or options, or if two hold the same session."""
    first = parts[0]
    for part in parts[1:]:
        for what, mine, other in _differences(first, part):
            told = f"{one_line(str(mine), 80)} and {one_line(str(other), 80)}"
            raise MergeError(
                f"{first.name} and {part.name} are not parts of one run: they differ in {what} ({told}). "
                "Run all parts with the same version, target and options."
            )
    where: dict[str, Part] = {}
    for part in parts:
        for session in (start.session for start in part.started):
            if session in where:
                raise MergeError(
                    f"{where[session].name} and {part.name} both hold the session {one_line(session, 80)}. "
                    "Give each part of a run once."
                )
            where[session] = part
    return [*_missing(parts), *_cut_off(parts)]


def _differences(one: Part, other: Part) -> Iterator[tuple[str, Any, Any]]:
    for what in ("version", "target", "seed", "wanted"):
        if getattr(one.run, what) != getattr(other.run, what):
            yield what, getattr(one.run, what), getattr(other.run, what)
    mine, theirs = one.run.options, other.run.options
    for key in (key for key in dict.fromkeys([*mine, *theirs]) if key not in OF_PART):
        if mine.get(key) != theirs.get(key):
            yield key.replace("_", " "), mine.get(key), theirs.get(key)
    if one.shard.of != other.shard.of:
        yield "the number of parts", one.shard.of, other.shard.of


def _missing(parts: Sequence[Part]) -> Iterator[str]:
    of = parts[0].shard.of
    for number in sorted(set(range(1, of + 1)) - {part.shard.number for part in parts}):
        yield f"Part {number}/{of} of the run is missing: its sessions are not in this report."


def _cut_off(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if not part.complete:
            yield f"{part.name} was cut off: its verdicts cover the time until then."
        elif part.problems:
            yield f"{part.name} could not explore everything: {one_line(part.problems[0], 200)}."


def rank(run: RunStarted, device: str, persona: str) -> tuple[int, int]:
    """The place of a session in the order in which one machine would begin them: by device, then by persona."""
    devices, personas = (list(run.options.get(key) or ()) for key in ("devices", "personas"))
    return (
        devices.index(device) if device in devices else len(devices),
        personas.index(persona) if persona in personas else len(personas),
    )
