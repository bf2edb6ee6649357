"""Turns a file of evidence into a run, with the usual journal, judgement and reports. The journal names the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from explorer import __version__
from explorer.evidence.recorded_evidence import evidence_of, of_client
from explorer.evidence.recording import Recording, clock_error, failed_hosts, notes_of, session_of
from explorer.run.asking_now import ask_now
from explorer.run.findings import findings_of
from explorer.run.run_outcome import RunOutcome
from explorer.tls.diagnose import diagnose
from explorer.tls.trust import TrustStore
from explorer.tls.unprobed import diagnose_recorded, diagnose_unprobed
from flows.diagnosis import Diagnosis
from flows.incident import Finding
from flows.journey import Journey
from flows.judge.run import Judgement, judge_run
from flows.session import Endpoint, SessionLog
from flows.signals import Family
from reports.journal.events import (
    Diagnosed,
    ExchangeSeen,
    FindingMade,
    IncidentFound,
    Journal,
    RunStarted,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
    VerdictReached,
)


async def journal_of(
    recording: Recording,
    journeys: Sequence[Journey],
    out: Path,
    now: float,
    trust: TrustStore,
    ask: Mapping[Endpoint, str] | None = None,
) -> tuple[Journal, RunOutcome]:
    """Judge a recording, and write the journal into the run folder `out`. The caller ends the journal.

    `now` is in seconds since the epoch. If `ask` is given, the hosts that failed are contacted again now. A host in
    `ask` is contacted at the address given there, any other host at the address that its name resolves to."""
    log = session_of(recording, journeys)
    diagnoses = await diagnoses_of(recording, log, trust)
    asked: list[Finding] = []
    if ask is not None:
        diagnoses, asked = await ask_now(log, diagnoses, trust, ask)
    judgement = judge_run([log], diagnoses)
    findings = [
        *asked,
        *failed_hosts(recording, diagnoses),
        *notes_of(recording, log),
        *findings_of([j.log for j in judgement.sessions], judgement.incidents, diagnoses, None, judgement.verdicts),
    ]
    journal = Journal(out / "journal.jsonl")
    _write(journal, recording, log, journeys, now)
    _tell(journal, log, diagnoses, judgement, findings)
    outcome = RunOutcome(
        verdicts=list(judgement.verdicts), findings=findings, diagnoses=diagnoses, logs=[log], problem=""
    )
    return journal, outcome


async def diagnoses_of(recording: Recording, log: SessionLog, trust: TrustStore) -> dict[Endpoint, Diagnosis]:
    """Why each host failed, as far as the file proves it."""
    skew = clock_error(recording.requests)
    trust, known = of_client(recording.hosts.values(), trust)
    found: dict[Endpoint, Diagnosis] = {}
    diagnosis: Diagnosis | None
    for signal in log.signals:
        host = (signal.host, signal.port)
        if signal.family not in (Family.TLS, Family.NETWORK) or not signal.host or host in found:
            continue
        seen = recording.hosts.get(host)
        if seen is not None:
            evidence = await evidence_of(seen, trust, known, recording.source, signal.time, skew)
            diagnosis = diagnose_recorded(evidence, log.signals, recording.source) or diagnose(evidence, [signal])
        else:
            diagnosis = diagnose_unprobed(host, log.signals, recording.source, skew)
        if diagnosis is not None and diagnosis.causes:
            found[host] = diagnosis
    return found


def _write(journal: Journal, recording: Recording, log: SessionLog, journeys: Sequence[Journey], now: float) -> None:
    """Write the session to the journal as it was recorded."""
    began = min((s.started for s in log.steps), default=now)
    host, port = log.target
    named = f"[{host}]" if ":" in host else host
    site = f"{'http' if port == 80 else 'https'}://{named}{'' if port in (80, 443) else f':{port}'}/" if host else ""
    journal.write(
        RunStarted(
            run=journal.path.parent.name,
            target=site or recording.source,
            started=began,
            seed=0,
            version=__version__,
            wanted=log.wanted,
            titles={j.id: j.title for j in journeys if j.id in log.wanted},
            options={"read_from": recording.source, "client": recording.client, "read_at": now},
        )
    )
    journal.write(
        SessionStarted(
            log.session, log.persona, log.device, began, journeys=log.wanted, note=f"read from {recording.source}"
        )
    )
    for step in log.steps:
        journal.write(StepTaken(step))
    for exchange in log.exchanges:
        journal.write(ExchangeSeen(exchange))
    for signal in log.signals:
        journal.write(SignalSeen(signal))
    ended = max((s.settled for s in log.steps), default=now)
    journal.write(SessionEnded(log.session, ended, log.ended, len(log.steps), states=log.states))


def _tell(
    journal: Journal,
    log: SessionLog,
    diagnoses: dict[Endpoint, Diagnosis],
    judgement: Judgement,
    findings: Sequence[Finding],
) -> None:
    """Write the results to the journal: diagnoses, settled signals, incidents, verdicts and findings."""
    for diagnosis in diagnoses.values():
        journal.write(Diagnosed(diagnosis))
    for signal in judgement.settled([log]):
        journal.write(SignalSeen(signal))
    for incident in judgement.incidents:
        journal.write(IncidentFound(incident))
    for verdict in judgement.verdicts:
        journal.write(VerdictReached(verdict))
    for finding in findings:
        journal.write(FindingMade(finding))
