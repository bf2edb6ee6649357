"""Chooses the steps and the expected end of a regression script, for Playwright and Appium alike. Pure."""

from __future__ import annotations

import re
from importlib import resources

from flows.incident import JourneyVerdict, Verdict
from flows.step import Action, Cue, Step
from reports.summary import SessionView, Summary

_TRIED = (Verdict.FAILED, Verdict.DEGRADED, Verdict.PASSED)
_NOT_SHOWN = frozenset({"download", "error-page", "blank"})
"""Kinds of cues whose text is Trustwalk's, not the app's."""


def source(name: str) -> str:
    """The text of a script template."""
    return (resources.files("reports") / "templates" / name).read_text(encoding="utf-8")


def is_native(view: SessionView) -> bool:
    """Whether a session explored an app on a device."""
    return any(s.native for s in view.steps)


def tried(summary: Summary, journey: str, *, native: bool) -> list[JourneyVerdict]:
    """The verdicts of sessions that tried the journey in a browser or, with `native`, in an app on a device."""
    mine = {v.id for v in summary.sessions if is_native(v) is native}
    return [
        v for v in summary.verdicts if v.journey == journey and v.verdict in _TRIED and v.steps and v.session in mine
    ]


def walked(
    summary: Summary, journey: str, verdicts: list[JourneyVerdict], *, native: bool
) -> tuple[SessionView, set[int]]:
    """The session to repeat, and the numbers of the journey's steps in it.

    A session that succeeded is preferred, even a counter-proof, because the steps of a failed session stop before the
    journey's end."""
    won: list[tuple[SessionView, set[int]]] = []
    for view in filter(lambda v: is_native(v) is native, [*summary.sessions, *summary.proofs]):
        end = next(
            (s.n for s in view.steps if any(c.journey == journey and c.outcome == "success" for c in s.cues)), None
        )
        if end is not None:
            won.append((view, {s.n for s in view.steps if s.decision.journey == journey and s.n <= end}))
    if won:
        return min(won, key=lambda w: len(w[1]))
    first = min(verdicts, key=lambda v: (_TRIED.index(v.verdict), len(v.steps)))
    failed = summary.session(first.session)
    return failed or summary.sessions[0], set(first.steps)


def login_lines(steps: list[Step]) -> list[str]:
    """The script's line that reads the login, or only its password, if the steps type it. Empty if they do not."""
    if any(s.decision.action.credential == "user" for s in steps):
        return ["    user, password = login()"]
    return ["    password = login()[1]"] if any(s.decision.action.secret for s in steps) else []


def typed(action: Action) -> str:
    """Python code for the text that an action types: a variable for the login, else a literal."""
    if action.credential == "user":
        return "user"
    return "password" if action.secret else quoted(action.text)


def told(step: Step | None) -> Cue | None:
    """The success cue of a step that a script can wait for; None if there is none.

    It is a text of the app, without digits if possible."""
    cues = [c for c in step.cues if c.outcome == "success" and c.kind not in _NOT_SHOWN and c.text] if step else []
    return next((c for c in cues if not re.search(r"\d", c.text)), cues[0] if cues else None)


def pattern(cue: Cue | None) -> str:
    """Python code of a regular expression for a cue's text. Numbers and white space in the text may differ."""
    if cue is None:
        return "None"
    words = re.escape(" ".join(cue.text.split())[:60]).replace(r"\ ", r"\s*")
    numberless = re.sub(r"\d+", r"\\d+", words)
    return f"re.compile({quoted(numberless)})"


def complaint(verdicts: list[JourneyVerdict]) -> str:
    """The app's error message for the failed journey; empty if there is none. The browser's messages do not count."""
    said = (" ".join(v.quote.split())[:200] for v in verdicts if v.verdict is Verdict.FAILED and v.quote)
    return next((quote for quote in said if not quote.startswith("net::")), "")


def quoted(text: str) -> str:
    """The text as a Python literal in ASCII. It cannot end the string, line or comment around it."""
    return ascii(text[:2000])
