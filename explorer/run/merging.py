"""Makes one run folder of the parts of a run that several machines explored (`--shard`).

The sessions of all parts are judged together, from what their journals hold, by the same function as any run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.run.findings import findings_of
from explorer.run.merged_files import copy_files, merged_graph
from explorer.run.run_outcome import RunOutcome
from explorer.run.run_parts import OF_PART, Part, as_observed, events_of, rank
from explorer.tls.diagnose import diagnose
from flows.diagnosis import Diagnosis
from flows.judge.proof import proof_outcome, repeated
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
    RunFinished,
    RunStarted,
    SessionStarted,
    SignalSeen,
    VerdictReached,
)
from reports.summary import MERGE

_RESULTS = (RunStarted, SessionStarted, Diagnosed, IncidentFound, VerdictReached, FindingMade, Compared, RunFinished)
"""Events that are not copied from a part: they are written anew for the whole run."""
_BEST = ("success", "healed", "further", "unchanged")
"""Outcomes of a counter-proof, the most telling one first. All others prove nothing."""


def merge(parts: Sequence[Part], lacking: Sequence[str], out: Path) -> tuple[Journal, RunOutcome]:
    """Judge the sessions of all parts together, and write the journal and the files of one run into the folder `out`.

    `lacking` are sentences on what is missing. The caller ends the journal and renders the reports."""
    outcome, judgement = _judged(parts)
    journal = Journal(out / "journal.jsonl")
    journal.write(_whole(parts, out.name))
    for start in _sessions(parts):
        journal.write(start)
    for part in parts:
        for event in as_observed(events_of(part.folder)):
            if not isinstance(event, _RESULTS):
                journal.write(event)
    _tell(journal, outcome, judgement)
    for sentence in lacking:
        journal.write(Broken(outcome.finished, "", MERGE, sentence))
    outcome.problem, outcome.partial = " ".join(lacking), bool(lacking)
    copy_files([part.folder for part in parts], out)
    merged_graph([part.folder for part in parts], out)
    return journal, outcome


def _judged(parts: Sequence[Part]) -> tuple[RunOutcome, Judgement]:
    run = parts[0].run
    logs = sorted((log for part in parts for log in part.logs), key=lambda log: rank(run, log.device, log.persona))
    observed = [log for log in logs if log.steps and not log.counter_proof]
    found = _whole_diagnoses(parts, logs)
    proofs = _proofs(observed, [log for log in logs if log.counter_proof], found)
    unproven = {log.session for part in parts if not part.proven for log in part.logs}
    judgement = _judge(observed, found, proofs, unproven)
    carried = dict.fromkeys(finding for part in parts for finding in part.own_findings)
    days = run.options.get("expiring_days")
    findings = findings_of(
        [one.log for one in judgement.sessions],
        judgement.incidents,
        found,
        days if isinstance(days, int) else None,
        judgement.verdicts,
    )
    outcome = RunOutcome(
        verdicts=list(judgement.verdicts), findings=[*carried, *findings], diagnoses=found, logs=observed
    )
    outcome.finished = max((part.end.finished for part in parts if part.end), default=run.started)
    return outcome, judgement


def _judge(
    observed: Sequence[SessionLog],
    found: Mapping[Endpoint, Diagnosis],
    proofs: Sequence[SessionLog],
    unproven: Iterable[str],
) -> Judgement:
    """The judgement of all sessions, in their order. Those in `unproven` had no counter-proofs: nothing came of them."""
    without = set(unproven)
    judged = {
        one.log.session: one
        for proven in (True, False)
        for one in judge_run(
            [log for log in observed if (log.session not in without) is proven], found, proofs if proven else None
        ).sessions
    }
    return Judgement(tuple(judged[log.session] for log in observed))


def _proofs(
    observed: Sequence[SessionLog], proofs: Sequence[SessionLog], found: Mapping[Endpoint, Diagnosis]
) -> list[SessionLog]:
    """The counter-proofs that one machine would have made.

    Each part repeats the journeys of its own sessions, so that several may repeat the same journey for the same host.
    One machine repeats it once, for the first session that needs it. If that repetition proves nothing, another part's
    counts."""
    sessions = {log.session: log for log in observed}
    several: dict[tuple[str, Endpoint], list[SessionLog]] = {}
    for log in proofs:
        for key in repeated(log, sessions.get(log.of_session)):
            several.setdefault(key, []).append(log)
    kept: dict[str, SessionLog] = {}
    for wanted in judge_run(observed, found).proofs_wanted():
        key = (wanted.journey, wanted.host)

        def worth(log: SessionLog, key: tuple[str, Endpoint] = key, first: str = wanted.session) -> tuple[bool, int]:
            told = proof_outcome(log, *key, sessions.get(log.of_session))
            return told not in _BEST, 0 if log.of_session == first else 1 + (*_BEST, told).index(told)

        if mine := several.get(key):
            best = min(mine, key=worth)
            kept[best.session] = best
    return list(kept.values())


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
        if len(parts) > 1 and best.evidence is not None:
            mine = [s for s in signals if (s.host, s.port) == host]
            best = diagnose(best.evidence, mine, third_party=best.third_party)
        found[host] = best
    return found


def _whole(parts: Sequence[Part], name: str) -> RunStarted:
    """The first line of the merged journal."""
    first = parts[0].run
    options = {key: value for key, value in first.options.items() if key not in OF_PART}
    options |= {"merged": [part.name for part in parts], "sessions": sum(len(part.observed) for part in parts)}
    return replace(first, run=name, started=min(part.run.started for part in parts), options=options)


def _sessions(parts: Sequence[Part]) -> list[SessionStarted]:
    """The starts of all sessions, in the order of the whole run; counter-proofs after the observed ones."""
    every = (start for part in parts for start in part.started)
    return sorted(every, key=lambda s: (bool(s.counter_proof), rank(parts[0].run, s.device, s.persona)))


def _tell(journal: Journal, outcome: RunOutcome, judgement: Judgement) -> None:
    for event in _results(outcome, judgement):
        journal.write(event)


def _results(outcome: RunOutcome, judgement: Judgement) -> Iterator[Event]:
    yield from map(Diagnosed, outcome.diagnoses.values())
    yield from map(SignalSeen, judgement.settled(outcome.logs))
    yield from map(IncidentFound, judgement.incidents)
    yield from map(VerdictReached, judgement.verdicts)
    yield from map(FindingMade, outcome.findings)
