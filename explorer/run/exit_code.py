"""Computes the exit code (docs/ci.md): 0 nothing failed, 1 something failed, 3 nothing could be explored or observed. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.request.fail_on import FailOn
from flows.diagnosis import OTHER
from flows.incident import Finding, JourneyVerdict, Severity, Verdict
from flows.judge.met import MET
from flows.judge.unobserved import LIKELY, NOT_OBSERVABLE
from flows.session import AttemptState
from reports.failures import Difference, Failure

INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells (128 + SIGINT)."""


def _fails(verdict: JourneyVerdict | Failure, fail_on: FailOn) -> bool:
    word = str(verdict.verdict)
    if verdict.cause == OTHER:
        return "other" in fail_on.words and word in (Verdict.FAILED, Verdict.BLOCKED)
    return bool(verdict.cause) and word in fail_on.words


def met(verdicts: Iterable[JourneyVerdict], findings: Iterable[Finding]) -> bool:
    """Whether a session met a TLS failure at one of the target's own hosts, although no journey ended because of it.

    Such a failure is reported in a finding, or it makes a journey inconclusive."""
    told = any(f.kind == MET and f.severity is Severity.HIGH for f in findings)
    return told or any(v.verdict is Verdict.INCONCLUSIVE and v.incidents for v in verdicts)


def unseen(verdicts: Iterable[JourneyVerdict], findings: Iterable[Finding]) -> str:
    """Why the run cannot say that nothing failed, in a sentence: it could not observe the app's network.

    Empty if no journey failed there without a cause, and if no host that the app's package names is broken."""
    doubtful = (v.why for v in verdicts if v.reason == NOT_OBSERVABLE)
    return next(doubtful, next((f.text for f in findings if f.kind == LIKELY), ""))


def exit_code(
    verdicts: Iterable[JourneyVerdict],
    findings: Iterable[Finding],
    fail_on: FailOn,
    require: Iterable[str] = (),
    compared: Difference | None = None,
) -> int:
    """1 if something counts as a failure, 3 if no journey was attempted or a TLS failure would not have been seen, else 0.

    `fail_on` says which verdicts count as failures. If it contains `tls`, TLS failures that a session met at the
    target's own hosts count, too. If it contains `expiring`, certificates that expire soon count, too.

    A required journey counts as a failure if it was not found, not attempted or inconclusive. It does not count for a
    session that left it out because another session had submitted it for all sessions.

    With a baseline (`compared`), failures of the earlier run do not count. Required journeys and expiring certificates
    count even then.
    """
    verdicts, findings = list(verdicts), list(findings)
    required = set(require)
    missed = {Verdict.NOT_FOUND, Verdict.NOT_ATTEMPTED, Verdict.INCONCLUSIVE}
    if any(_fails(v, fail_on) for v in (verdicts if compared is None else compared.worse)):
        return 1
    if "tls" in fail_on.words and (met(verdicts, findings) if compared is None else compared.met):
        return 1
    if "expiring" in fail_on.words and any(f.kind == "expiring" for f in findings):
        return 1
    idle = [v for v in verdicts if v.verdict is Verdict.BLOCKED and not v.cause]  # by a login that was not used
    attempted = [v for v in verdicts if v.verdict not in missed and v not in idle]
    lacking = (v for v in verdicts if v.verdict in missed and v.reason != AttemptState.SHARED)
    if any(v.journey in required for v in lacking) and attempted:
        return 1
    return 0 if attempted and not unseen(verdicts, findings) else 3


def closing_code(code: int, *, problem: str, unfit: bool, explored: bool, interrupted: bool) -> int:
    """The final exit code, which replaces `code` in three cases.

    It is 130 after Ctrl-C. It is 2 if the app does not run on the device (`unfit`) and nothing was explored. It is 3
    instead of 0 if something could not be explored (`problem`)."""
    if problem and code == 0:
        code = 3  # what passed before the browser died says nothing of the rest
    if unfit and not explored:
        code = 2  # the package is not for this device
    return INTERRUPTED if interrupted else code
