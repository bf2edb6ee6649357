from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from reports.json_file import document, render
from reports.summary import Summary
from tests.reports.runs import EVERY

Told = Callable[[str], Summary]
SCHEMA = json.loads((resources.files("reports") / "schemas" / "report.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EVERY)
def test_every_run_keeps_to_the_schema(told: Told, name: str) -> None:
    text = render(told(name))
    assert list(Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(json.loads(text))) == []


def test_the_schema_refuses_what_is_not_a_report(told: Told) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    good = document(told("small"))
    for wrong in (
        {**good, "more": 1},
        {**good, "schema": "trustwalk.report/2"},
        {k: v for k, v in good.items() if k != "hosts"},
    ):
        assert not Draft202012Validator(SCHEMA).is_valid(wrong)
    good["journeys"][0]["verdict"] = "sort of"
    assert not Draft202012Validator(SCHEMA).is_valid(good)


def test_a_run_that_was_cut_off_is_not_complete(told: Told) -> None:
    run = document(told("cut-off"))["run"]
    assert (run["complete"], run["finished"]) == (False, None)


def test_values_in_query_strings_stay_out(told: Told) -> None:
    assert "secret" not in render(told("failed"))


def test_endless_strings_are_cut(told: Told) -> None:
    assert len(render(told("hostile"))) < 400_000
