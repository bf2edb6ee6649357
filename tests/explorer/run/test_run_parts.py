"""The parts of a run are read as they were left: cut off, without a browser, or changed by somebody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.run.merging import merge
from explorer.run.run_parts import parts_at
from flows.incident import JourneyVerdict, Verdict
from flows.judge.run import judge_run
from reports.journal.events import Broken, Event, JournalError, RunFinished, SessionEnded, SessionStarted, StepTaken
from reports.journal.replay import diagnoses, session_logs
from tests.explorer.run.parts import part, run_of, walked_by, written


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "whole").mkdir()
    return tmp_path / "whole"


def verdicts(folders: list[Path], out: Path) -> list[JourneyVerdict]:
    journal, outcome = merge(*parts_at(folders), out)
    journal.close()
    return outcome.verdicts


def test_a_part_that_was_killed_in_mid_session_keeps_the_failures_that_it_saw(tmp_path: Path, out: Path) -> None:
    events = walked_by("curious")
    end = next(n for n, event in enumerate(events) if isinstance(event, SessionEnded))
    seen = events[:end]
    killed = written(tmp_path / "killed", [run_of("1/3"), *seen])
    (log,) = (log for log in session_logs(seen) if not log.counter_proof)
    assert len(log.signals) > 10
    blamed = {(v.journey, v.cause) for v in judge_run([log], {}).verdicts}
    assert {(v.journey, v.cause) for v in verdicts([killed], out)} == blamed


@pytest.mark.parametrize("why", ["gone", "broken", "never began", "no browser"])
def test_what_a_part_could_not_explore_is_told_and_the_run_is_not_whole(tmp_path: Path, out: Path, why: str) -> None:
    events = walked_by("novice")
    if why in ("gone", "broken"):
        events = [replace(e, why=why) if isinstance(e, SessionEnded) and "+" not in e.session else e for e in events]
    if why == "no browser":
        events = [Broken(1e9, "", "browser", "The browser did not start.")]
    if why == "never began":
        events = [e for e in events if not isinstance(e, SessionStarted)]
    other = written(tmp_path / "other", [run_of("2/3", sessions=1), *events, RunFinished(1e9, 0)])
    _, lacking = parts_at([part(tmp_path, 1), other, part(tmp_path, 3)])
    assert [sentence for sentence in lacking if sentence.startswith("other could not explore everything")]


def test_a_repetition_that_broke_off_in_one_part_takes_no_blame_back(tmp_path: Path, out: Path) -> None:
    whole = judged(tmp_path / "both", out, [walked_by("curious"), walked_by("novice")])
    events = walked_by("novice")
    proofs = {e.session for e in events if isinstance(e, SessionStarted) and e.counter_proof}
    short = [e for e in events if not (isinstance(e, StepTaken) and e.step.session in proofs)]
    (tmp_path / "again").mkdir()
    assert judged(tmp_path / "short", tmp_path / "again", [walked_by("curious"), short]) == whole


def session_of(event: Event) -> str:
    """The session that an event belongs to, whichever field holds it."""
    parts: tuple[Any, ...] = (
        event,
        *(getattr(event, name, None) for name in ("step", "signal", "exchange", "effect", "handshake")),
    )
    return next((str(one.session) for one in parts if hasattr(one, "session")), "")


def judged(folder: Path, out: Path, walked: list[list[Event]]) -> list[tuple[str, str, str, str]]:
    folders = [
        written(folder / str(n), [run_of(f"{n}/2"), *events, RunFinished(1e9, 1)]) for n, events in enumerate(walked, 1)
    ]
    journal, outcome = merge(*parts_at(folders), out)
    journal.close()
    return [(v.session, v.journey, v.verdict.value, v.cause) for v in outcome.verdicts]


def test_a_part_without_repetitions_is_judged_as_if_none_had_been_made(tmp_path: Path, out: Path) -> None:
    events = walked_by("curious")
    proofs = {e.session for e in events if isinstance(e, SessionStarted) and e.counter_proof}
    alone = [e for e in events if session_of(e) not in proofs]
    stopped = written(tmp_path / "stopped", [run_of("1/1"), *alone, RunFinished(1e9, 130, complete=False)])
    logs = session_logs(alone, ("help.desk.test", 443))
    expected = judge_run(logs, diagnoses(alone)).verdicts
    told = verdicts([stopped], out)
    assert [(v.journey, v.verdict) for v in told] == [(v.journey, v.verdict) for v in expected]
    assert any(v.verdict is Verdict.FAILED for v in told)


@pytest.mark.parametrize(
    "options", [{"shard": "9/3"}, {"shard": "abc"}, {"devices": 5}, {"endpoint": ["a", "b"]}], ids=str
)
def test_values_that_no_run_writes_are_told_with_the_journal(tmp_path: Path, options: dict[str, object]) -> None:
    shard = options.pop("shard", "1/3")
    changed = written(tmp_path / "x", [run_of(str(shard), **options), *walked_by("curious"), RunFinished(1e9, 1)])
    with pytest.raises(JournalError, match="what no run of Trustwalk writes"):
        parts_at([changed])
