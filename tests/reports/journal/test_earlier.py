"""Whole journals of the version before this one (`earlier/`) are read, judged and rendered as they were then."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from flows.judge.run import judge_run
from reports import FORMATS, render
from reports.journal.events import IncidentFound, RunStarted, StepTaken, VerdictReached, read
from reports.journal.replay import diagnoses, session_logs
from tests.flows.sentences import named

EARLIER = sorted((Path(__file__).parent / "earlier").glob("*.jsonl.gz"))


@pytest.fixture(params=EARLIER, ids=lambda path: path.name.split(".")[0])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A run's folder as that version left it, without pictures and evidence."""
    (tmp_path / "journal.jsonl").write_bytes(gzip.decompress(request.param.read_bytes()))
    return tmp_path


def test_it_is_judged_again_as_it_was_then(run: Path) -> None:
    events = list(read(run / "journal.jsonl"))
    logs = session_logs(events)
    device = any(log.native for log in logs)
    proofs = None if device else [log for log in logs if log.counter_proof]
    judgement = judge_run([log for log in logs if not log.counter_proof], diagnoses(events), proofs)
    verdicts = [replace(v, proven=(), answered=None, why=named(v.why)) for v in judgement.verdicts]
    told = [e.verdict for e in events if isinstance(e, VerdictReached)]
    assert verdicts == [replace(v, why=named(v.why)) for v in told]
    # `how` and `also` are facts that journals of before do not have
    incidents = [replace(i, how="", also=(), why=named(i.why)) for i in judgement.incidents]
    found = [e.incident for e in events if isinstance(e, IncidentFound)]
    assert incidents == [replace(i, why=named(i.why)) for i in found]


def test_every_format_tells_it_and_the_report_has_its_verdicts(run: Path) -> None:
    told = render(run, tuple(FORMATS), run / "out")
    events = list(read(run / "journal.jsonl"))
    then = [e.verdict for e in events if isinstance(e, VerdictReached)]
    report = json.loads(told["json"])
    assert [(j["journey"], j["verdict"], j["cause"] or "") for j in report["journeys"]] == [
        (v.journey, v.verdict.value, v.cause) for v in then
    ]
    assert all(told.values())


def test_a_native_app_of_then_is_one_still(run: Path) -> None:
    events = list(read(run / "journal.jsonl"))
    app = next(e for e in events if isinstance(e, RunStarted)).options["devices"] != ["desktop"]
    opened = [e.step.native for e in events if isinstance(e, StepTaken) if e.step.address]
    assert set(opened) == {app}
