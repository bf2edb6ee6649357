"""The whole truth table, recorded live (`tests/journeys/record.py`) and judged again: as it was, and as the table says."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flows.diagnosis import Cause
from flows.incident import JourneyVerdict, Verdict
from flows.judge.run import judge_run
from flows.session import Endpoint, SessionLog
from flows.signals import Family
from reports.journal.events import Event, VerdictReached, decode
from reports.journal.replay import diagnoses, session_logs
from tests.flows.sentences import named
from tests.journeys import android
from tests.journeys.cells import WALKS
from tests.journeys.harness import expected

PLACE = Path(__file__).parent / "recorded"
CELLS: dict[str, dict[str, Any]] = json.loads((PLACE / "cells.json").read_text(encoding="utf-8"))
"""Name of a recording → what was broken, who walked it, and on which surface."""
MANY = "square-01"
"""A recording in which seven hosts are broken, each in another way."""


@cache
def events(name: str) -> list[Event]:
    with gzip.open(PLACE / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [decode(line) for line in lines]


def sessions(name: str) -> tuple[list[SessionLog], list[SessionLog]]:
    """The observed sessions, and the counter-proofs."""
    logs = session_logs(events(name))
    return [log for log in logs if not log.counter_proof], [log for log in logs if log.counter_proof]


def told(verdict: JourneyVerdict) -> tuple[str, str, str]:
    return verdict.verdict.value, verdict.cause, verdict.blocked_by


@pytest.mark.parametrize("name", CELLS)
def test_a_recorded_run_is_judged_as_it_was_live(name: str) -> None:
    observed, proofs = sessions(name)
    live = [e.verdict for e in events(name) if isinstance(e, VerdictReached)]
    verdicts = judge_run(observed, diagnoses(events(name)), proofs).verdicts
    now = [replace(v, proven=(), answered=None, why=named(v.why)) for v in verdicts]  # they know of no effects
    assert sorted(now, key=lambda v: v.journey) == sorted(
        (replace(v, why=named(v.why)) for v in live), key=lambda v: v.journey
    )


@pytest.mark.parametrize("name", CELLS)
def test_a_recorded_run_agrees_with_the_truth_table(name: str) -> None:
    observed, proofs = sessions(name)
    judged = {v.journey: told(v) for v in judge_run(observed, diagnoses(events(name)), proofs).verdicts}
    truth = {j: (e.verdict, e.cause, e.blocked_by) for j, e in expected(CELLS[name]["breaks"]).items()}
    if CELLS[name]["breaks"] or CELLS[name]["persona"] == "curious":
        assert judged == truth
    else:  # not every persona manages every journey of a healthy app, and none blames anything
        assert {cause for _, cause, _ in judged.values()} == {""}


@pytest.mark.parametrize("name", CELLS)
def test_without_its_tls_signals_no_run_blames_tls(name: str) -> None:
    observed, _ = sessions(name)
    deaf = [replace(log, signals=tuple(s for s in log.signals if s.family is not Family.TLS)) for log in observed]
    judgement = judge_run(deaf, {h: replace(d, causes=()) for h, d in diagnoses(events(name)).items()})
    assert judgement.incidents == ()
    assert {v.cause for v in judgement.verdicts} <= {"", "other"}


def test_the_blame_follows_the_host_and_not_its_name() -> None:
    """Every host renamed alike: the same verdicts, so nothing in the judgement leans on what hosts are called."""
    names: dict[str, str] = {}

    def other(host: str) -> str:
        return names.setdefault(host, f"h{len(names)}.example")

    def renamed(log: SessionLog) -> SessionLog:
        return replace(
            log,
            signals=tuple(replace(s, host=other(s.host)) for s in log.signals),
            exchanges=tuple(replace(x, host=other(x.host)) for x in log.exchanges),
            counter_proof=tuple(f"{other(h)}:{p}" for h, _, p in (pair.rpartition(":") for pair in log.counter_proof)),
        )

    observed, proofs = sessions(MANY)
    why = diagnoses(events(MANY))
    elsewhere: dict[Endpoint, Any] = {(other(h), p): d for (h, p), d in why.items()}
    before = judge_run(observed, why, proofs).verdicts
    after = judge_run([renamed(log) for log in observed], elsewhere, [renamed(log) for log in proofs]).verdicts
    assert [(v.journey, told(v)) for v in after] == [(v.journey, told(v)) for v in before]


def test_a_failed_run_whose_proofs_changed_nothing_is_not_blamed_on_tls() -> None:
    observed, proofs = sessions(MANY)
    failed = [replace(log, steps=tuple(replace(s, cues=()) for s in log.steps)) for log in proofs]
    judged = judge_run(observed, diagnoses(events(MANY)), failed).verdicts
    proven = {log.wanted[0] for log in failed}
    assert not [v for v in judged if v.journey in proven and v.verdict is Verdict.FAILED and v.cause == Cause.EXPIRED]


def test_every_cell_of_the_table_is_recorded() -> None:
    assert set(CELLS) == {*WALKS, *android.CELLS}
