"""The live view of a running run. However many people watch, its journal is read once and rendered once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.step import ActionKind, Step
from readers.regular import open_regular
from reports.flow_picture import Picture, draw
from reports.journal.events import (
    MAX_BYTES,
    Event,
    IncidentFound,
    RunFinished,
    RunStarted,
    ScreenSeen,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
    VerdictReached,
    decode,
)
from reports.summary import Summary, cause_title

PAUSE = 0.4
"""Seconds between two reads of a journal that somebody watches."""
SHARE = 0.02
"""Seconds that each viewer adds to the pause: a hundred viewers get an update every other second, at little cost."""
MOST = 8
"""How many failures are shown for each session."""

_DOING = {
    ActionKind.OPEN: "opens",
    ActionKind.TAP: "taps",
    ActionKind.HOVER: "points at",
    ActionKind.TYPE: "fills in",
    ActionKind.PRESS: "presses",
    ActionKind.CHOOSE: "chooses",
    ActionKind.UPLOAD: "uploads a file to",
    ActionKind.SCROLL: "scrolls",
    ActionKind.BACK: "goes back",
    ActionKind.RELAUNCH: "starts over",
    ActionKind.WAIT: "waits and watches",
    ActionKind.SWITCH: "changes the tab",
    ActionKind.ROTATE: "turns the device to",
    ActionKind.ACCEPT: "accepts",
    ActionKind.DISMISS: "dismisses",
}


@dataclass(slots=True)
class LiveSession:
    """The state of one session. `ended` says why it ended; it is empty while the session runs."""

    id: str
    persona: str
    device: str
    proof_of: str = ""
    step: int = 0
    journey: str = ""
    doing: str = ""
    page: str = ""
    picture: str = ""
    failures: list[str] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)
    ended: str = ""

    def fail(self, text: str) -> None:
        if text not in self.failures:
            self.failures.append(text)
            del self.failures[:-MOST]


class Live:
    """Follows one journal. `catch_up` reads the new lines; nothing is read twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sessions: dict[str, LiveSession] = {}
        self.titles: dict[str, str] = {}
        self.moves = 0
        self.screens = 0
        self.judging = False
        self.finished = False
        self._offset = 0
        self._for_graph: list[Event] = []
        self._picture: tuple[int, Picture | None] = (0, None)

    def catch_up(self) -> bool:
        """Read the complete lines written since the last call. Returns whether there were any."""
        try:
            with open_regular(self.folder / "journal.jsonl", MAX_BYTES) as file:
                file.seek(self._offset)
                fresh = file.read()
        except (OSError, ValueError):
            return False
        whole = fresh.rfind(b"\n") + 1
        self._offset += whole
        for line in fresh[:whole].splitlines():
            with suppress(ValueError):  # not an event; rendering the report will complain
                self._take(decode(line))
        return whole > 0

    def picture(self) -> Picture | None:
        """The flow graph so far. It is drawn again only if there are new screens."""
        if self._for_graph and self._picture[0] != self.screens:
            self._picture = (self.screens, draw(Summary.from_events(self._for_graph, self.folder)))
        return self._picture[1]

    @property
    def all_ended(self) -> bool:
        """Whether there were sessions and all of them have ended."""
        return bool(self.sessions) and all(session.ended for session in self.sessions.values())

    def title(self, journey: str) -> str:
        return self.titles.get(journey) or journey.replace("-", " ")

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.titles = dict(event.titles)
                self._for_graph.append(event)
            case SessionStarted():
                self.sessions[event.session] = LiveSession(
                    event.session, event.persona, event.device, event.of_session if event.counter_proof else ""
                )
                self._for_graph.append(event)
            case ScreenSeen():
                self.screens += 1
                self._for_graph.append(event)
            case RunFinished():
                self.finished = True
            case IncidentFound() | VerdictReached():
                self.judging = True
            case _:
                pass
        self._take_session(event)

    def _take_session(self, event: Event) -> None:
        match event:
            case StepTaken(step) if step.session in self.sessions:
                self.moves += 1
                self._for_graph.append(event)
                self._step(self.sessions[step.session], step)
            case SignalSeen(signal) if signal.session in self.sessions and not signal.background:
                causes = " or ".join(_within(cause_title(str(cause))) for cause in signal.causes[:3])
                self.sessions[signal.session].fail(f"{signal.host}: {causes or signal.error or 'could not be reached'}")
            case SessionEnded() if event.session in self.sessions:
                self.sessions[event.session].ended = event.why
            case VerdictReached(verdict) if verdict.session in self.sessions:
                self.sessions[verdict.session].verdicts[verdict.journey] = verdict.verdict.value
            case _:
                pass

    def _step(self, session: LiveSession, step: Step) -> None:
        session.step = step.n
        session.journey = step.decision.journey
        action = step.decision.action
        what = action.label if action.kind is not ActionKind.OPEN else ""
        session.doing = f"{_DOING.get(action.kind, action.kind.value)} {what}".strip()
        session.page = step.title or step.address
        session.picture = step.screenshot or session.picture
        for cue in step.cues:
            if cue.outcome == "failure":
                session.fail(f"{self.title(cue.journey)}: “{cue.text[:160]}” appeared")


def _within(title: str) -> str:
    """A title for use inside a sentence: in lower case, except for abbreviations."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


class Broadcast:
    """Shares one reader and one rendering of a journal between all viewers.

    `tell` renders the current state; `over` says whether the run has ended. The journal is read only while somebody
    watches.
    """

    def __init__(self, live: Live, tell: Callable[[Live], str], over: Callable[[], bool]) -> None:
        self.live = live
        self._tell = tell
        self._over = over
        self._text = ""
        self._packed = ("", b"")
        self._number = 0
        self._ended = False
        self._news = asyncio.Condition()
        self._viewers = 0
        self._follower: asyncio.Task[None] | None = None

    async def watch(self) -> AsyncIterator[str]:
        """The renderings, beginning with the current one, until the run ends."""
        self._viewers += 1
        if self._follower is None:
            self._follower = asyncio.create_task(self._follow())  # noqa: TID251 - held, ended by the last viewer
        try:
            seen = 0
            while True:
                async with self._news:
                    await self._news.wait_for(lambda known=seen: self._number != known or self._ended)  # type: ignore[misc]
                    text, seen, ended = self._text, self._number, self._ended
                yield text
                if ended:
                    return
        finally:
            self._viewers -= 1
            if not self._viewers and self._follower is not None:
                self._follower.cancel()
                self._follower = None

    def packed(self, text: str) -> bytes:
        """A rendering as a server-sent event, encoded once for all viewers."""
        if self._packed[0] is not text:
            self._packed = (
                text,
                ("event: live\n" + "".join(f"data: {line}\n" for line in text.splitlines()) + "\n").encode(),
            )
        return self._packed[1]

    async def _follow(self) -> None:
        while True:
            over = self._over()
            if self.live.catch_up() or not self._number or over:
                text = self._tell(self.live)
                async with self._news:
                    if text != self._text or not self._number:
                        self._text, self._number = text, self._number + 1
                    self._ended = over
                    self._news.notify_all()
            if over:
                return
            await asyncio.sleep(max(PAUSE, SHARE * self._viewers))
