"""Small runs, written as the product writes them."""

from __future__ import annotations

from pathlib import Path

from flows.incident import JourneyVerdict, Verdict
from flows.step import Action, ActionKind, Decision, Step
from reports.journal.events import (
    Event,
    Journal,
    RunFinished,
    RunStarted,
    ScreenSeen,
    SessionEnded,
    SessionStarted,
    StepTaken,
    VerdictReached,
)

TARGET = "https://support.example.test/"
START = 1_700_000_000.0


def events(run: str, *, sessions: int = 1, cause: str = "", title: str = "Home", started: float = START) -> list[Event]:
    """A run of two journeys; with a cause, `start-chat` fails of it."""
    told: list[Event] = [
        RunStarted(
            run,
            TARGET,
            started,
            1,
            "0",
            ("start-chat", "submit-ticket"),
            {"start-chat": "Start a chat", "submit-ticket": "Submit a ticket"},
        )
    ]
    for n in range(sessions):
        name = f"p{n}@desktop"
        told.append(SessionStarted(name, f"p{n}", "desktop", started))
        for step in range(2):
            action = Action(ActionKind.TAP if step else ActionKind.OPEN, label=title)
            told.append(ScreenSeen(name, f"f{step}", f"{TARGET}{step}", title, 3, step=step))
            told.append(
                StepTaken(
                    Step(
                        step,
                        name,
                        Decision(action, "start-chat" if step else ""),
                        started,
                        started + 1,
                        "quiet",
                        f"f{step - 1}" if step else "",
                        f"f{step}",
                        True,
                        address=TARGET,
                        title=title,
                    )
                )
            )
        told.append(SessionEnded(name, started + 5, "done", 2))
    for n in range(sessions):
        name = f"p{n}@desktop"
        chat = Verdict.FAILED if cause else Verdict.PASSED
        told.append(
            VerdictReached(
                JourneyVerdict(
                    name,
                    "start-chat",
                    f"p{n}",
                    "desktop",
                    chat,
                    cause,
                    host="chat.example.test" if cause else "",
                    port=443 if cause else 0,
                )
            )
        )
        told.append(VerdictReached(JourneyVerdict(name, "submit-ticket", f"p{n}", "desktop", Verdict.PASSED)))
    told.append(RunFinished(started + 9, 1 if cause else 0))
    return told


def write(runs: Path, run: str, told: list[Event]) -> Path:
    """A run's folder with these events."""
    folder = runs / run
    folder.mkdir(parents=True)
    with Journal(folder / "journal.jsonl") as journal:
        for event in told:
            journal.write(event)
    return folder
