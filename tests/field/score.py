"""Holds the verdicts of a run against the truth of its case. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.diagnosis import OTHER
from flows.incident import JourneyVerdict, Verdict
from tests.field.app import App, Blame, Case

_BLAMING = (Verdict.FAILED, Verdict.BLOCKED, Verdict.DEGRADED)
_NOT_THERE = (Verdict.NOT_FOUND, Verdict.NOT_ATTEMPTED)
HEAD = "| app | case | passed of possible | verdicts right | false blames | exit | steps | seconds | script |"


@dataclass(frozen=True, slots=True)
class Score:
    """What a run of the fleet came to. `misses` and `wrong` are sentences; `script` is the hand-written script's seconds."""

    app: str
    case: str
    possible: int
    passed: int
    verdicts: int
    right: int
    wrong: tuple[str, ...]
    misses: tuple[str, ...]
    code: int
    code_right: bool
    steps: int
    seconds: float
    script: float = 0.0
    asked: bool = True
    """Whether the run asked a host that the case broke; True where nothing is broken."""

    @property
    def good(self) -> bool:
        """No false blame, and no exit that hides a TLS failure that was met."""
        return not self.wrong and self.code_right

    def row(self) -> str:
        """One line of the table."""
        code = f"{self.code}" if self.code_right else f"**{self.code}**"
        code += "" if self.asked else " (not asked)"
        script = f"{self.script:.1f}" if self.script else ""
        return (
            f"| {self.app} | {self.case} | {self.passed} of {self.possible} | {self.right} of {self.verdicts} | "
            f"{len(self.wrong)} | {code} | {self.steps} | {self.seconds:.0f} | {script} |"
        )


def score(
    app: App,
    case: Case,
    verdicts: Sequence[JourneyVerdict],
    *,
    code: int,
    steps: int,
    seconds: float,
    script: float = 0.0,
    met: bool = True,
) -> Score:
    """Compare. A journey that a person can do passes unless the case blames it; one that the app does not have is not found.

    `met` says whether the run met a TLS failure at a host that the case broke: if it did not ask the host, an exit code
    of 0 hides nothing, and the journeys that were not got to are misses."""
    met = met or any(_blamed(v) and v.host in {app.hosts[label] for label in case.breaks} for v in verdicts)
    asked = met or not case.breaks
    blames = filter(None, (_false_blame(app, case.blame.get(v.journey), v) for v in verdicts))
    wrong = (*blames, *app.belied(verdicts))
    misses = tuple(filter(None, (_miss(app, case, v) for v in verdicts)))
    possible = [j for j in app.can if j not in case.blame]
    return Score(
        app=app.name,
        case=case.name,
        possible=len(possible),
        passed=sum(v.verdict is Verdict.PASSED and v.journey in possible for v in verdicts),
        verdicts=len(verdicts),
        right=len(verdicts) - len(misses),
        wrong=wrong,
        misses=misses,
        code=code,
        code_right=code == (1 if case.blame and met else 0),
        steps=steps,
        seconds=seconds,
        script=script,
        asked=asked,
    )


def _blamed(verdict: JourneyVerdict) -> bool:
    return verdict.verdict in _BLAMING and verdict.cause not in ("", OTHER)


def _fits(app: App, want: Blame, verdict: JourneyVerdict) -> bool:
    return (verdict.cause, verdict.host) == (want.cause, app.hosts[want.host])


def _false_blame(app: App, want: Blame | None, verdict: JourneyVerdict) -> str:
    if not _blamed(verdict) or (want is not None and _fits(app, want, verdict)):
        return ""
    should = f", should be {want}" if want else ""
    return (
        f"false blame: {verdict.journey} {verdict.verdict} by {verdict.cause} at {verdict.host}{should}: {verdict.why}"
    )


def _miss(app: App, case: Case, verdict: JourneyVerdict) -> str:
    """In what way a verdict is not the truth; empty if it is."""
    want = case.blame.get(verdict.journey)
    if want is not None and verdict.journey in case.hidden and verdict.verdict in _NOT_THERE:
        return ""
    if want is not None:
        right, should = _blamed(verdict) and verdict.verdict == want.verdict and _fits(app, want, verdict), want.verdict
    elif verdict.journey in app.can:
        right, should = verdict.verdict is Verdict.PASSED, "passed"
    else:
        right, should = verdict.verdict in _NOT_THERE, "not-found"
    told = f"{verdict.verdict} {verdict.cause} {verdict.reason}".strip()
    return "" if right else f"missed: {verdict.journey} should be {should}, is {told} ({verdict.why})"


def table(scores: Iterable[Score]) -> str:
    """All rows as Markdown, with their sum."""
    scores = list(scores)
    rows = [HEAD, "|" + "---|" * (HEAD.count("|") - 1), *(s.row() for s in scores)]
    done, possible = sum(s.passed for s in scores), sum(s.possible for s in scores)
    right, verdicts = sum(s.right for s in scores), sum(s.verdicts for s in scores)
    bad, hidden = sum(len(s.wrong) for s in scores), sum(not s.code_right for s in scores)
    unasked = sum(not s.asked for s in scores)
    sums = f"{done} of {possible} possible journeys passed, {right} of {verdicts} verdicts right"
    last = f"{bad} false blames, {hidden} wrong exits, {unasked} runs that did not ask the broken host"
    return "\n".join([*rows, "", f"{sums}, {last}, in {len(scores)} runs."])


def figures(scores: Sequence[Score]) -> str:
    """The table, and each miss with its reason, for the accuracy page."""
    told = [f"- **{s.app}, {s.case}**: {plain(line)}" for s in scores for line in (*s.wrong, *s.misses)]
    return "\n".join([table(scores), "", "What was missed, and why:", "", *told, ""])


def plain(line: str) -> str:
    """A sentence without ports, which differ from run to run, on one line."""
    return re.sub(r"(?<=\.test):\d+", "", " ".join(line.split()))
