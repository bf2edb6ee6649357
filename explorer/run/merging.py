"""Makes one run folder of the parts of a run that several machines explored (`--shard`).

The sessions of all parts are judged together, from what their journals hold, by the same function as any run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explorer.request.spread import Shard, parse_shard
from explorer.run.findings import findings_of
from explorer.run.merged_files import copy_files, merged_graph
from explorer.run.run_outcome import RunOutcome
from explorer.tls.diagnose import diagnose
from flows.diagnosis import Diagnosis
from flows.incident import Finding
from flows.judge.run import Judgement, judge_run
from flows.session import Endpoint, SessionLog
from flows.signals import Family
from reports.journal.events import (
    Broken,
    Compared,
    Diagnosed,
    Event,
    FindingMade,
    IncidentFound,
    Journal,
    JournalError,
    RunFinished,
    RunStarted,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    VerdictReached,
    read,
)
from reports.journal.replay import diagnoses, session_logs

OF_PART = ("shard", "sessions", "at_once")
"""Options that may differ between the parts of one run."""
_RESULTS = (RunStarted, SessionStarted, Diagnosed, IncidentFound, VerdictReached, FindingMade, Compared, RunFinished)
"""Events that are not copied from a part: they are written anew for the whole run."""


class MergeError(Exception):
    """The given runs are not the parts of one run. The message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a run, as its journal records it. `findings` are those that do not follow from the sessions' logs."""

    folder: Path
    run: RunStarted
    started: tuple[SessionStarted, ...]
    logs: tuple[SessionLog, ...]
    diagnoses: Mapping[Endpoint, Diagnosis]
    findings: tuple[Finding, ...]
    end: RunFinished | None

    @property
    def name(self) -> str:
        return self.folder.name


def merge(folders: Sequence[Path], out: Path) -> tuple[Journal, RunOutcome]:
    """Judge the sessions of all parts together, and write the journal and the files of one run into the folder `out`.

    The caller ends the journal and renders the reports. Raises MergeError if the runs do not fit together, and
    reports.journal.events.JournalError if one cannot be read."""
    parts = [part_of(folder) for folder in folders]
    lacking = checked(parts)
    outcome, judgement = _judged(parts)
    journal = Journal(out / "journal.jsonl")
    journal.write(_whole(parts, out.name))
    for start in _sessions(parts):
        journal.write(start)
    for part in parts:
        for event in _copied(read(part.folder / "journal.jsonl")):
            journal.write(event)
    _tell(journal, outcome, judgement)
    for sentence in lacking:
        journal.write(Broken(outcome.finished, "", "merge", sentence))
    outcome.problem, outcome.partial = " ".join(lacking), bool(lacking)
    copy_files([part.folder for part in parts], out)
    merged_graph([part.folder for part in parts], out)
    return journal, outcome


def part_of(folder: Path) -> Part:
    """Read one part. Raises JournalError if its journal cannot be read or does not begin with a run."""
    events = list(read(folder / "journal.jsonl"))
    if not events or not isinstance(events[0], RunStarted):
        raise JournalError(f"{folder}: the journal does not begin with the start of a run. Give folders of runs.")
    run = events[0]
    logs = session_logs(_unsettled(events), endpoint(run))
    found = diagnoses(events)
    told = [event.finding for event in events if isinstance(event, FindingMade)]
    derived = _findings(logs, found, judge_run(*_arguments(logs, found)), run)
    return Part(
        folder,
        run,
        tuple(event for event in events if isinstance(event, SessionStarted)),
        tuple(logs),
        found,
        tuple(finding for finding in told if finding not in derived),
        next((event for event in reversed(events) if isinstance(event, RunFinished)), None),
    )


def endpoint(run: RunStarted) -> Endpoint:
    """Host and port of a run's target, as its journal holds them; ("", 0) in journals of earlier versions."""
    found = run.options.get("endpoint")
    return (str(found[0]), int(found[1])) if isinstance(found, (list, tuple)) and len(found) == 2 else ("", 0)


def _unsettled(events: Sequence[Event]) -> Iterator[Event]:
    """The events without the signals that a judgement changed: judging again starts from what was observed.

    A judgement writes its signals after the sessions and the probes."""
    last = max((n for n, event in enumerate(events) if isinstance(event, (Diagnosed, SessionEnded))), default=0)
    return (event for n, event in enumerate(events) if n <= last or not isinstance(event, SignalSeen))


def _arguments(
    logs: Iterable[SessionLog], found: Mapping[Endpoint, Diagnosis]
) -> tuple[list[SessionLog], Mapping[Endpoint, Diagnosis], list[SessionLog]]:
    """The arguments of `judge_run`: the observed sessions that did anything, the diagnoses, and the counter-proofs."""
    logs = list(logs)
    return [x for x in logs if x.steps and not x.counter_proof], found, [x for x in logs if x.counter_proof]


def _findings(
    logs: Sequence[SessionLog], found: Mapping[Endpoint, Diagnosis], judgement: Judgement, run: RunStarted
) -> list[Finding]:
    judged = [one.log for one in judgement.sessions]
    days = run.options.get("expiring_days")
    return findings_of(judged, judgement.incidents, found, days if isinstance(days, int) else None, judgement.verdicts)


def checked(parts: Sequence[Part]) -> list[str]:
    """Check that the parts belong to one run. Returns a sentence for each part that is missing or was cut off.

    Raises MergeError if they differ in version, target, seed, journeys or options, or if two hold the same session."""
    first = parts[0]
    for part in parts[1:]:
        for what, mine, other in _differences(first.run, part.run):
            raise MergeError(
                f"{first.name} and {part.name} are not parts of one run: they differ in {what} ({mine} and {other}). "
                "Run all parts with the same version, target and options."
            )
    where: dict[str, Part] = {}
    for part in parts:
        for session in (start.session for start in part.started):
            if session in where:
                raise MergeError(
                    f"{where[session].name} and {part.name} both hold the session {session}. "
                    "Give each part of a run once."
                )
            where[session] = part
    return [*_missing(parts), *_cut_off(parts)]


def _differences(one: RunStarted, other: RunStarted) -> Iterator[tuple[str, Any, Any]]:
    for what in ("version", "target", "seed", "wanted"):
        if getattr(one, what) != getattr(other, what):
            yield what, getattr(one, what), getattr(other, what)
    keys = dict.fromkeys([*one.options, *other.options])
    for key in (key for key in keys if key not in OF_PART):
        if one.options.get(key) != other.options.get(key):
            yield key.replace("_", " "), one.options.get(key), other.options.get(key)
    mine, theirs = (shard.of if (shard := _shard(run)) else 1 for run in (one, other))
    if mine != theirs:
        yield "the number of parts", mine, theirs


def _shard(run: RunStarted) -> Shard | None:
    text = run.options.get("shard")
    return parse_shard(text) if isinstance(text, str) else None


def _missing(parts: Sequence[Part]) -> Iterator[str]:
    shards = [shard for part in parts if (shard := _shard(part.run))]
    of = max((shard.of for shard in shards), default=0)
    for number in sorted(set(range(1, of + 1)) - {shard.number for shard in shards}):
        yield f"Part {number}/{of} of the run is missing: its sessions are not in this report."


def _cut_off(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.end is None or not part.end.complete:
            yield f"{part.name} was cut off: its verdicts cover the time until then."


def _judged(parts: Sequence[Part]) -> tuple[RunOutcome, Judgement]:
    logs = _in_order((log for part in parts for log in part.logs), parts[0].run)
    observed, found, proofs = _arguments(logs, _whole_diagnoses(parts, logs))
    judgement = judge_run(observed, found, proofs)
    carried = dict.fromkeys(finding for part in parts for finding in part.findings)
    findings = [*carried, *_findings(observed, found, judgement, parts[0].run)]
    outcome = RunOutcome(
        verdicts=list(judgement.verdicts), findings=findings, diagnoses=dict(found), logs=observed, problem=""
    )
    outcome.finished = max((part.end.finished for part in parts if part.end), default=parts[0].run.started)
    return outcome, judgement


def _in_order(logs: Iterable[SessionLog], run: RunStarted) -> list[SessionLog]:
    """The sessions in the order in which one machine would have begun them: by device, then by persona."""
    return sorted(logs, key=lambda log: _rank(run, log.device, log.persona))


def _rank(run: RunStarted, device: str, persona: str) -> tuple[int, int]:
    devices, personas = (list(run.options.get(key) or ()) for key in ("devices", "personas"))
    return (
        devices.index(device) if device in devices else len(devices),
        personas.index(persona) if persona in personas else len(personas),
    )


def _whole_diagnoses(parts: Sequence[Part], logs: Sequence[SessionLog]) -> dict[Endpoint, Diagnosis]:
    """One diagnosis for each host. If several parts probed it, the faults found by one of them count, and the errors of
    the clients of all parts."""
    several: dict[Endpoint, list[Diagnosis]] = {}
    for part in parts:
        for host, one in part.diagnoses.items():
            several.setdefault(host, []).append(one)
    signals = [s for log in logs for s in log.signals if s.family in (Family.TLS, Family.NETWORK)]
    found = {}
    for host, ones in several.items():
        best = max(ones, key=lambda d: (bool(d.causes and d.client_saw), bool(d.causes), d.evidence is not None))
        if len(ones) > 1 and best.evidence is not None:
            mine = [s for s in signals if (s.host, s.port) == host]
            best = diagnose(best.evidence, mine, third_party=best.third_party)
        found[host] = best
    return found


def _whole(parts: Sequence[Part], name: str) -> RunStarted:
    """The first line of the merged journal."""
    first = parts[0].run
    options = {key: value for key, value in first.options.items() if key not in OF_PART}
    options |= {"merged": [part.name for part in parts], "sessions": sum(_observed(part) for part in parts)}
    return replace(first, run=name, started=min(part.run.started for part in parts), options=options)


def _observed(part: Part) -> int:
    return sum(1 for start in part.started if not start.counter_proof)


def _sessions(parts: Sequence[Part]) -> list[SessionStarted]:
    """The starts of all sessions, in the order of the whole run; counter-proofs after the observed ones."""
    every = (start for part in parts for start in part.started)
    return sorted(every, key=lambda s: (bool(s.counter_proof), _rank(parts[0].run, s.device, s.persona)))


def _copied(events: Iterable[Event]) -> Iterator[Event]:
    """What is copied from a part: everything that was observed."""
    return (event for event in _unsettled(list(events)) if not isinstance(event, _RESULTS))


def _tell(journal: Journal, outcome: RunOutcome, judgement: Judgement) -> None:
    told: list[Event] = [Diagnosed(diagnosis) for diagnosis in outcome.diagnoses.values()]
    told += [SignalSeen(signal) for signal in judgement.settled(outcome.logs)]
    told += [IncidentFound(incident) for incident in judgement.incidents]
    told += [VerdictReached(verdict) for verdict in judgement.verdicts]
    told += [FindingMade(finding) for finding in outcome.findings]
    for event in told:
        journal.write(event)
