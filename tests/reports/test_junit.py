from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema

from reports.junit import render
from reports.summary import Summary
from tests.reports.runs import EVERY

Told = Callable[[str], Summary]


@pytest.mark.parametrize("name", EVERY)
def test_every_run_has_the_form_that_readers_of_junit_expect(told: Told, name: str) -> None:
    """As Jenkins' xUnit schema, GitLab and the GitHub actions have it: names, counts that add up, allowed children."""
    root = ET.fromstring(render(told(name)))
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"} <= set(suite.attrib)
        cases = suite.findall("testcase")
        assert {c.tag for c in suite} <= {"properties", "testcase"}
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        for case in cases:
            assert set(case.attrib) == {"name", "classname", "time"} and float(case.attrib["time"]) >= 0
            order = ["skipped", "failure", "system-out", "system-err"]
            assert [c.tag for c in case] == sorted({c.tag for c in case}, key=order.index)
        names = [(c.attrib["classname"], c.attrib["name"]) for c in cases]
        assert len(names) == len(set(names))
    for count in ("tests", "failures"):
        assert int(root.attrib[count]) == sum(int(s.attrib[count]) for s in root)


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))


@pytest.mark.parametrize("name", EVERY)
def test_every_run_is_valid_by_the_schema(told: Told, schema: xmlschema.XMLSchema, name: str) -> None:
    assert [f"{error.path}: {error.reason}" for error in schema.iter_errors(render(told(name)))] == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('<testsuites name="trustwalk"', '<testsuites name="trustwalk" skipped="0"'),
        ('errors="0"', 'errors="none"'),
        ('<failure type="expired"', '<failure type="has expired"'),
        ('<failure type="expired"', '<failure kind="expired"'),
        ("<testcase ", '<testcase file="journey.py" '),
        ("</failure>", "</failure><skipped message='also'/>"),
    ],
)
def test_the_schema_refuses_what_readers_refuse(told: Told, schema: xmlschema.XMLSchema, good: str, bad: str) -> None:
    text = render(told("failed"))
    assert good in text and schema.is_valid(text)
    assert not schema.is_valid(text.replace(good, bad, 1))


def test_a_failure_says_why_and_what_to_change(told: Told) -> None:
    root = ET.fromstring(render(told("failed")))
    failure = root.find("testsuite/testcase[@name='Start a chat']/failure")
    assert failure is not None
    assert failure.attrib == {"type": "expired", "message": "Certificate has expired at chat.desk.test"}
    assert "certbot renew" in (failure.text or "")


def test_what_was_not_tried_is_skipped_and_says_why(told: Told) -> None:
    root = ET.fromstring(render(told("nothing-found")))
    (suite,) = root
    assert suite.attrib["skipped"] == "8" and root.attrib["failures"] == "0"


def test_what_failed_in_the_baseline_already_is_skipped_and_only_the_rest_fails(told: Told) -> None:
    root = ET.fromstring(render(told("compared")))
    known = [
        c.attrib["message"] for c in root.iterfind("testsuite/testcase/skipped") if "baseline" in c.attrib["message"]
    ]
    assert {name.attrib["name"] for name in root.iterfind("testsuite/testcase[failure]")} == {"Start a chat"}
    assert (
        known[0] == "known since the baseline: Server does not send its intermediate certificate at tickets.desk.test"
    )
