"""The parts of a run, explored on several machines, make the run that one machine would have made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.run.merging import merge
from explorer.run.run_parts import MergeError, parts_at
from flows.judge.run import judge_run
from reports.journal.events import (
    Broken,
    IncidentFound,
    JournalError,
    RunFinished,
    RunStarted,
    VerdictReached,
    read,
)
from reports.journal.replay import diagnoses, session_logs
from tests.explorer.run.parts import OWN, PERSONAS, part, run_of, walked_by, written


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "whole").mkdir()
    return tmp_path / "whole"


def test_merged_parts_have_the_verdicts_of_the_whole_run(tmp_path: Path, out: Path) -> None:
    every = [event for persona in PERSONAS for event in walked_by(persona)]
    logs = session_logs(every, ("help.desk.test", 443))
    whole = judge_run(
        [log for log in logs if not log.counter_proof],
        diagnoses(every),
        [log for log in logs if log.counter_proof],
    )
    journal, outcome = merge(*parts_at([part(tmp_path, n) for n in (3, 1, 2)]), out)
    journal.close()
    told = list(read(out / "journal.jsonl"))
    assert [e.verdict for e in told if isinstance(e, VerdictReached)] == list(whole.verdicts)
    assert [e.incident for e in told if isinstance(e, IncidentFound)] == list(whole.incidents)
    assert (outcome.problem, outcome.partial, outcome.finished) == ("", False, 1e9 + 3)
    assert [f for f in outcome.findings if f == OWN] == [OWN], "what each part says is said once"


def test_a_missing_part_and_one_that_was_cut_off_are_told(tmp_path: Path, out: Path) -> None:
    journal, outcome = merge(*parts_at([part(tmp_path, 1), part(tmp_path, 3, end=False)]), out)
    journal.close()
    told = [e.what for e in read(out / "journal.jsonl") if isinstance(e, Broken)]
    assert told[-2:] == [
        "Part 2/3 of the run is missing: its sessions are not in this report.",
        "part-3 was cut off: its verdicts cover the time until then.",
    ]
    assert outcome.partial
    assert len({v.persona for v in outcome.verdicts}) == 2


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda run: replace(run, version="9.8"), "version"),
        (lambda run: replace(run, target="https://other.test/"), "target"),
        (lambda run: replace(run, seed=2), "seed"),
        (lambda run: replace(run, wanted=("start-chat",)), "wanted"),
        (lambda run: replace(run, options={**run.options, "allow": ["send"]}), "allow"),
        (lambda run: replace(run, options={**run.options, "shard": "2/4"}), "number of parts"),
    ],
)
def test_parts_that_differ_are_refused_with_what_differs(
    tmp_path: Path, out: Path, change: Callable[[RunStarted], RunStarted], word: str
) -> None:
    other = written(tmp_path / "other", [change(run_of("2/3")), *walked_by("novice"), RunFinished(1e9, 1)])
    with pytest.raises(MergeError, match=f"differ in (the )?{word}"):
        merge(*parts_at([part(tmp_path, 1), other]), out)
    assert not (out / "journal.jsonl").exists(), "nothing is written that would look like a run"


def test_a_part_that_is_given_twice_is_refused(tmp_path: Path, out: Path) -> None:
    with pytest.raises(MergeError, match="both hold the session"):
        merge(*parts_at([part(tmp_path, 1), part(tmp_path / "copy", 1)]), out)


def test_what_is_no_run_is_refused(tmp_path: Path, out: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(JournalError, match=r"journal\.jsonl"):
        merge(*parts_at([tmp_path / "empty"]), out)
