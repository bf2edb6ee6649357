from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.incident import Verdict
from reports import markdown, web_page
from reports.journal.events import EvidenceKept, JournalError
from reports.summary import CUT_OFF, Summary, load

Told = Callable[[str], Summary]


def test_counter_proof_sessions_are_kept_apart(told: Told) -> None:
    summary = told("failed")
    assert [v.id for v in summary.proofs] == ["curious@desktop+start-chat"]
    assert all(v.session in {s.id for s in summary.sessions} for v in summary.verdicts)
    assert len(summary.verdicts) == 3 * 8


def test_sessions_that_were_not_judged_are_shown_as_cut_off(told: Told) -> None:
    summary = told("cut-off")
    assert summary.cut_off and not summary.complete
    assert {(v.verdict, v.reason) for v in summary.verdicts} == {(Verdict.INCONCLUSIVE, CUT_OFF)}
    assert len(summary.verdicts) == 2 * 8


def test_a_cut_off_journey_that_looked_like_success_says_so(told: Told) -> None:
    view = told("cut-off").sessions[0]
    assert "looked like success" in view.verdicts["submit-ticket"].why
    assert "looked like success" not in view.verdicts["start-chat"].why


def test_signals_of_an_incident_come_in_the_order_of_time(told: Told) -> None:
    summary = told("failed")
    for incident in summary.incidents.values():
        times = [s.time for s in summary.signals_of(incident)]
        assert times and times == sorted(times)


def test_a_folder_without_a_journal_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "journal.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(JournalError, match="does not begin"):
        load(tmp_path)


def test_what_a_cut_off_run_did_not_come_to_write_is_said_in_a_sentence(told: Told) -> None:
    summary = told("cut-off")
    assert summary.lost() == "", "it was not asked to keep anything"
    summary.run = replace(summary.run, options={**summary.run.options, "evidence": ["har", "trace"]})
    assert summary.lost().startswith("HAR and trace of 2 sessions may be missing")
    for tell in (web_page.render, markdown.render):
        assert "may be missing, because they are written when a session ends" in tell(summary)
    summary.kept.append(EvidenceKept(summary.sessions[0].id, "har", "evidence/curious@desktop.har"))
    assert "of the session may" in summary.lost()
    whole = told("failed")
    whole.run = replace(whole.run, options={**whole.run.options, "evidence": ["har"]})
    assert whole.lost() == ""
