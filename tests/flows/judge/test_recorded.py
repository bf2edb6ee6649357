"""Runs that were recorded live (`tests/journeys/record.py`) come to the same verdicts when they are judged again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.diagnosis import Cause
from flows.incident import Verdict
from flows.judge.proof import Proofs, proofs_of
from flows.judge.run import judge_run
from flows.judge.verdict import judge_session
from flows.session import Endpoint, SessionLog
from flows.signals import Family
from reports.journal.events import Event, VerdictReached, read
from reports.journal.replay import diagnoses, session_logs

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.jsonl"))


def proofs(logs: list[SessionLog]) -> Proofs:
    """What the recorded counter-proofs showed."""
    return proofs_of([log for log in logs if log.counter_proof], ())


def observed(events: list[Event]) -> tuple[SessionLog, list[SessionLog]]:
    logs = session_logs(events)
    return next(log for log in logs if not log.counter_proof), logs


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_a_recorded_run_is_judged_as_it_was_live(path: Path) -> None:
    events = list(read(path))
    logs = session_logs(events)
    watched, repeated = [log for log in logs if not log.counter_proof], [log for log in logs if log.counter_proof]
    live = {e.verdict.journey: e.verdict for e in events if isinstance(e, VerdictReached)}
    assert {v.journey: v for v in judge_run(watched, diagnoses(events), repeated).verdicts} == live


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_without_its_tls_signals_no_run_blames_tls(path: Path) -> None:
    events = list(read(path))
    log, _ = observed(events)
    deaf = replace(log, signals=tuple(s for s in log.signals if s.family is not Family.TLS))
    judged = judge_session(deaf, diagnoses(events))
    assert judged.incidents == ()
    assert {v.cause for v in judged.verdicts} <= {"", "other"}


def test_the_blame_follows_the_host_and_not_the_journeys_name() -> None:
    """Every host renamed alike: the same verdicts, so nothing in the judgement leans on what hosts are called."""
    (path,) = (p for p in RECORDED if p.stem == "classic-four-hosts")
    events = list(read(path))
    log, logs = observed(events)
    names: dict[str, str] = {}

    def other(host: str) -> str:
        return names.setdefault(host, f"h{len(names)}.example")

    renamed = replace(
        log,
        signals=tuple(replace(s, host=other(s.host)) for s in log.signals),
        exchanges=tuple(replace(x, host=other(x.host)) for x in log.exchanges),
    )
    told: dict[Endpoint, object] = {(other(h), p): d for (h, p), d in diagnoses(events).items()}
    proven = {(j, other(h), p): outcome for (j, h, p), outcome in proofs(logs).items()}
    before = judge_session(log, diagnoses(events), proofs(logs))
    after = judge_session(renamed, told, proven)  # type: ignore[arg-type]
    assert [(v.journey, v.verdict, v.cause) for v in after.verdicts] == [
        (v.journey, v.verdict, v.cause) for v in before.verdicts
    ]


def test_a_failed_run_whose_proof_changed_nothing_is_not_blamed_on_tls() -> None:
    (path,) = (p for p in RECORDED if p.stem == "classic-four-hosts")
    events = list(read(path))
    log, logs = observed(events)
    unchanged = dict.fromkeys(proofs(logs), "unchanged")
    judged = judge_session(log, diagnoses(events), unchanged)
    assert not [v for v in judged.verdicts if v.verdict is Verdict.FAILED and v.cause not in ("", "other")]
    assert Cause.EXPIRED.value not in {v.cause for v in judged.verdicts}
