"""What counts as right on the fleet: the truth of a case, a journey that is not there, and never a blame that nobody wrote."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from flows.incident import JourneyVerdict, Verdict
from tests.field.app import HEALTHY, App, Case, broken
from tests.field.score import Score, figures, score


async def _nothing(*_: object) -> None:
    """Stands for the script of an app that nobody starts."""


APP = App(
    name="desk",
    about="",
    language="",
    hosts={"desk": "desk.field.test", "files": "files.field.test"},
    start=("desk", "/"),
    can=("login", "download-attachment"),
    install=lambda _: None,
    started=lambda _: nullcontext({}),
    script=_nothing,
)


def verdict(journey: str, word: Verdict, cause: str = "", host: str = "") -> JourneyVerdict:
    return JourneyVerdict("s", journey, "curious", "desktop", word, cause=cause, host=host)


def scored(case: Case, *verdicts: JourneyVerdict, code: int, met: bool = True) -> Score:
    return score(APP, case, verdicts, code=code, steps=9, seconds=3.0, met=met)


def test_a_healthy_run_passes_what_a_person_can_do_and_finds_nothing_else() -> None:
    passed = [verdict(name, Verdict.PASSED) for name in APP.can]
    good = scored(HEALTHY, *passed, verdict("payment", Verdict.NOT_FOUND), code=0)
    assert (good.passed, good.possible, good.right, good.misses, good.good) == (2, 2, 3, (), True)
    bad = scored(HEALTHY, passed[0], verdict("payment", Verdict.PASSED), code=3)
    assert (bad.right, bad.code_right) == (1, False) and "payment should be not-found" in bad.misses[0]


@pytest.mark.parametrize(
    ("found", "right", "false_blames"),
    [
        (verdict("download-attachment", Verdict.FAILED, "expired", "files.field.test"), 1, 0),
        (verdict("download-attachment", Verdict.FAILED, "self-signed", "files.field.test"), 0, 1),
        (verdict("download-attachment", Verdict.FAILED, "expired", "desk.field.test"), 0, 1),
        (verdict("download-attachment", Verdict.FAILED, "other"), 0, 0),
        (verdict("login", Verdict.FAILED, "expired", "files.field.test"), 0, 1),
        (verdict("download-attachment", Verdict.PASSED), 0, 0),
    ],
    ids=["right", "another cause", "another host", "not TLS", "another journey", "not seen"],
)
def test_a_blame_is_right_with_journey_host_and_cause(found: JourneyVerdict, right: int, false_blames: int) -> None:
    one = scored(broken("files", "expired", download_attachment="failed"), found, code=1)
    assert (one.right, len(one.wrong)) == (right, false_blames)


def test_a_failure_that_was_met_and_not_told_by_the_exit_code_is_counted() -> None:
    hidden = scored(broken("files", "expired", download_attachment="failed"), code=0)
    assert not hidden.code_right and "**0**" in hidden.row() and "1 wrong exits" in figures([hidden])


def test_a_run_that_never_asked_the_broken_host_hides_nothing_by_0_and_says_so() -> None:
    quiet = scored(broken("files", "expired", download_attachment="failed"), code=0, met=False)
    assert quiet.code_right and not quiet.asked
    assert "0 (not asked)" in quiet.row() and "1 runs that did not ask" in figures([quiet])
    assert not scored(broken("files", "expired", download_attachment="failed"), code=3, met=False).code_right


def test_a_broken_host_that_nobody_needs_fails_no_run() -> None:
    case = broken("files", "self-signed")
    assert scored(case, code=0).code_right and not scored(case, code=1).code_right
