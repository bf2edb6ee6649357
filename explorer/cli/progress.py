"""The progress of a run: a live table on a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from explorer.run.parallel import this_machine
from flows.diagnosis import Diagnosis
from flows.judge.blame import ENTRY
from reports.journal.events import (
    Broken,
    Diagnosed,
    Event,
    RunStarted,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
)
from reports.text_display import count

_WHY = {
    "done": "done",
    "steps": "out of steps",
    "time": "out of time",
    "interrupted": "interrupted",
    "gone": "the browser is gone",
}


def _found(diagnosis: Diagnosis) -> str:
    """The probe's result in words. A host that was not reached is neither faulty nor healthy."""
    evidence = diagnosis.evidence
    unseen = evidence is None or not evidence.tcp_connected
    return ", ".join(diagnosis.causes) or ("not reached" if unseen else "no fault")


@dataclass(slots=True)
class _Row:
    persona: str
    device: str
    proof: bool
    step: int = 0
    journey: str = ""
    doing: str = ""
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    signals: int = 0
    ended: str = ""


def _sessions(event: RunStarted) -> str:
    """How many sessions run, and how many of them in parallel: «: 6 sessions, 2 at once»."""
    sessions, at_once = event.options.get("sessions"), event.options.get("at_once")
    if not isinstance(sessions, int) or not isinstance(at_once, int):
        return ""
    part = f", part {event.options['shard']}" if event.options.get("shard") else ""
    return f": {count(sessions, 'session')}{part}" + (f", {at_once} at once ({this_machine()})" if sessions > 1 else "")


class Progress:
    """A listener for a run's events. It is a context manager that removes the live table at the end."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self.rows: dict[str, _Row] = {}
        live = self.console.is_terminal and not os.environ.get("CI")
        self.live = Live(console=self.console, refresh_per_second=4, transient=True) if live else None

    def __enter__(self) -> Self:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.live:
            self.live.stop()

    def __call__(self, event: Event) -> None:
        line = self._take(event)
        if self.live:
            self.live.update(self._table())
        if line and (self.live is None or isinstance(event, RunStarted)):  # the first line stays above the table
            self.console.print(Text(line), soft_wrap=True)

    def _take(self, event: Event) -> str:
        """Update the table's rows. Returns a line for a plain log, or an empty string if the event is not worth one."""
        match event:
            case RunStarted():
                return f"Exploring {event.target} (seed {event.seed}){_sessions(event)}"
            case SessionStarted():
                self.rows[event.session] = _Row(event.persona, event.device, bool(event.counter_proof))
                if event.counter_proof:
                    passed = "no host" if event.note.startswith("control") else ", ".join(event.counter_proof)
                    entry = event.session.startswith(f"{event.of_session}+{ENTRY}+")
                    what = "the app’s start" if entry else event.journeys[0]
                    return f"  counter-proof: {what} with TLS errors of {passed} ignored"
                return f"  {event.persona} on {event.device} starts"
            case StepTaken():
                return self._step(event)
            case SignalSeen():
                row = self.rows.get(event.signal.session)
                if row and event.signal.family == "tls":
                    row.signals += 1
            case SessionEnded():
                row = self.rows.get(event.session)
                if row:
                    row.ended = _WHY.get(event.why, event.why)
                    return f"  {row.persona} on {row.device}: {row.ended} after {event.steps} steps"
            case Diagnosed():
                return f"  probed {event.diagnosis.host}:{event.diagnosis.port}: {_found(event.diagnosis)}"
            case Broken():
                return f"  problem ({event.where}): {event.what}"
        return ""

    def _step(self, event: StepTaken) -> str:
        step = event.step
        row = self.rows.get(step.session)
        if row is None:
            return ""
        row.step, row.journey = step.n, step.decision.journey or "looking around"
        row.doing = f"{step.decision.action.kind} {step.decision.action.label}".strip()
        line = ""
        for cue in (c for c in step.cues if c.outcome in ("success", "failure")):
            names = row.passed if cue.outcome == "success" else row.failed
            if cue.journey not in names:
                names.append(cue.journey)
                word = "works" if cue.outcome == "success" else "failure seen"
                line = f"  {row.persona}: step {step.n}, {cue.journey} {word}: {cue.text[:80]}"
        return line

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0), expand=False)
        if self.rows and all(row.ended for row in self.rows.values()):
            table.caption = "Probing the failing hosts, and repeating the failed journeys…"
            table.caption_justify = "left"
        for title in ("persona", "step", "journey", "now", "works", "trouble"):
            table.add_column(title, overflow="ellipsis", no_wrap=True)
        for row in self.rows.values():
            trouble = ", ".join(j for j in row.failed if j not in row.passed)
            signals = f" ({row.signals} TLS error{'s' if row.signals > 1 else ''})" if row.signals else ""
            table.add_row(
                Text(row.persona + (" ↺" if row.proof else "")),
                str(row.step),
                Text(row.ended or row.journey),
                Text("" if row.ended else row.doing[:40]),
                Text(str(len(row.passed)), style="green"),
                Text(trouble + signals, style="red"),
            )
        return table
