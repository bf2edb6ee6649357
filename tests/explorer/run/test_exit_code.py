"""What fails a build, and what must never look green."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.request.fail_on import FailOn, parse_fail_on
from explorer.run.exit_code import closing_code, exit_code
from flows.incident import Finding, JourneyVerdict, Severity, Verdict
from reports.failures import Difference, Failure


def verdict(word: Verdict, cause: str = "", journey: str = "start-chat") -> JourneyVerdict:
    return JourneyVerdict("s", journey, "curious", "desktop", word, cause=cause)


PASSED = verdict(Verdict.PASSED, journey="login")


@pytest.mark.parametrize(
    ("words", "verdicts", "code"),
    [
        ("failed,blocked", [PASSED], 0),
        ("failed,blocked", [PASSED, verdict(Verdict.FAILED, "expired")], 1),
        ("failed,blocked", [verdict(Verdict.BLOCKED, "expired")], 1),
        ("failed,blocked", [PASSED, verdict(Verdict.FAILED, "other")], 0),
        ("failed,other", [PASSED, verdict(Verdict.FAILED, "other")], 1),
        ("failed,blocked", [PASSED, verdict(Verdict.DEGRADED, "expired")], 0),
        ("degraded", [PASSED, verdict(Verdict.DEGRADED, "expired")], 1),
        ("degraded", [PASSED, verdict(Verdict.FAILED, "expired")], 0),
        ("failed", [verdict(Verdict.NOT_FOUND), verdict(Verdict.INCONCLUSIVE)], 3),
        ("failed", [], 3),
    ],
)
def test_the_exit_code_follows_what_was_named(words: str, verdicts: list[JourneyVerdict], code: int) -> None:
    assert exit_code(verdicts, [], parse_fail_on(words)) == code


@pytest.mark.parametrize("word", [Verdict.NOT_FOUND, Verdict.NOT_ATTEMPTED, Verdict.INCONCLUSIVE])
def test_a_required_journey_that_was_not_tried_fails_the_build(word: Verdict) -> None:
    verdicts = [PASSED, verdict(word)]
    assert exit_code(verdicts, [], FailOn(), ["start-chat"]) == 1
    assert exit_code(verdicts, [], FailOn(), ["login"]) == 0


MET_AT = Finding(Severity.HIGH, "tls-failure-met", "pressed", "help.test", 443, "expired")
IN_DOUBT = replace(verdict(Verdict.INCONCLUSIVE), incidents=("i",))


@pytest.mark.parametrize(
    ("words", "verdicts", "findings", "code"),
    [
        ("failed,blocked,tls", [PASSED], [MET_AT], 1),
        ("failed,blocked,tls", [verdict(Verdict.NOT_FOUND)], [MET_AT], 1),
        ("failed,blocked", [PASSED], [MET_AT], 0),
        ("failed,blocked", [verdict(Verdict.NOT_FOUND)], [MET_AT], 3),
        ("failed,blocked,tls", [PASSED], [replace(MET_AT, severity=Severity.MEDIUM)], 0),
        ("failed,blocked,tls", [PASSED], [replace(MET_AT, kind="background-host", severity=Severity.LOW)], 0),
        ("failed,blocked,tls", [PASSED, IN_DOUBT], [], 1),
        ("failed,blocked", [PASSED, IN_DOUBT], [], 0),
    ],
)
def test_a_tls_failure_that_somebody_ran_into_fails_a_build(
    words: str, verdicts: list[JourneyVerdict], findings: list[Finding], code: int
) -> None:
    assert exit_code(verdicts, findings, parse_fail_on(words)) == code
    if "tls" in words:
        assert exit_code(verdicts, findings, FailOn()) == code


def test_what_somebody_ran_into_before_does_not_fail_a_build_against_that_baseline() -> None:
    nothing = Difference((), (), (), (), ())
    assert exit_code([PASSED], [MET_AT], FailOn(), compared=nothing) == 0
    new = replace(nothing, met=(("expired", "help.test"),))
    assert exit_code([PASSED], [MET_AT], FailOn(), compared=new) == 1


def test_expiring_certificates_fail_a_build_only_if_asked() -> None:
    soon = [Finding(Severity.MEDIUM, "expiring", "soon")]
    assert exit_code([PASSED], soon, FailOn()) == 0
    assert exit_code([PASSED], soon, parse_fail_on("failed,expiring=14")) == 1


def failure(journey: str, verdict: str, cause: str = "expired") -> Failure:
    return Failure(journey, "desktop", verdict, cause, "chat.test", ("curious",))


@pytest.mark.parametrize(
    ("words", "new", "code"),
    [
        ("failed,blocked", [], 0),
        ("failed,blocked", [failure("login", "failed")], 1),
        ("failed,blocked", [failure("login", "degraded")], 0),
        ("failed,degraded", [failure("login", "degraded")], 1),
        ("failed,blocked", [failure("login", "failed", "other")], 0),
        ("failed,other", [failure("login", "failed", "other")], 1),
    ],
)
def test_against_a_baseline_only_what_is_new_and_was_named_fails(words: str, new: list[Failure], code: int) -> None:
    old = verdict(Verdict.FAILED, "expired")
    compared = Difference(tuple(new), (), (failure("start-chat", "failed"),), (), ())
    assert exit_code([PASSED, old], [], parse_fail_on(words), compared=compared) == code


def test_a_baseline_does_not_excuse_what_is_required_or_expires() -> None:
    nothing = Difference((), (), (), (), ())
    missing = [PASSED, verdict(Verdict.NOT_FOUND)]
    assert exit_code(missing, [], FailOn(), ["start-chat"], nothing) == 1


@pytest.mark.parametrize(
    ("code", "given", "closing"),
    [
        (0, {}, 0),
        (1, {}, 1),
        (0, {"problem": "The browser died."}, 3),
        (1, {"problem": "The browser died."}, 1),
        (3, {"problem": "Needs SDK 35.", "unfit": True, "explored": False}, 2),
        (1, {"interrupted": True}, 130),
    ],
)
def test_how_the_run_went_has_the_last_word(code: int, given: dict[str, Any], closing: int) -> None:
    facts: dict[str, Any] = {"problem": "", "unfit": False, "explored": True, "interrupted": False} | given
    assert closing_code(code, **facts) == closing
