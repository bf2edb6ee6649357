"""The journal: append-only JSONL of everything that happened in a run. Every report is a pure function of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import Field, TypeAdapter, ValidationError

from flows.diagnosis import Diagnosis
from flows.effects import Effect
from flows.flaw import Flaw
from flows.handshake import Handshake
from flows.incident import Finding, Incident, JourneyVerdict, Severity
from flows.refusal import Refusal
from flows.session import AttemptState
from flows.signals import Exchange, Signal
from flows.step import NamedHost, Step
from readers import json_text
from readers.regular import Unreadable, open_regular
from reports.failures import Difference
from reports.journal.fold import Fold


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first line of every journal. `started` is seconds since the epoch; `wanted` are the requested journeys."""

    run: str
    target: str
    started: float
    seed: int
    version: str
    wanted: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    """The options needed to repeat the run, never a password."""
    type: Literal["run-started"] = "run-started"


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The first event of a session.

    `counter_proof` holds the host:port pairs whose TLS errors a counter-proof session ignores; empty for an observed
    session."""

    session: str
    persona: str
    device: str
    started: float
    counter_proof: tuple[str, ...] = ()
    of_session: str = ""
    journeys: tuple[str, ...] = ()
    note: str = ""
    """A remark on the device for readers: «simulated», the browser's version…"""
    type: Literal["session-started"] = "session-started"


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """A screen seen for the first time in its session: a node of the flow graph."""

    session: str
    fingerprint: str
    address: str
    title: str
    elements: int
    untried: tuple[str, ...] = ()
    """Controls that were never tried. They are known only at the end of the session (`SessionEnded.untried_at`)."""
    step: int = 0
    screenshot: str = ""
    type: Literal["screen-seen"] = "screen-seen"


@dataclass(frozen=True, slots=True)
class ScreenAudited:
    """The result of auditing a screen. Each screen is audited when its device first shows it in a run.

    `problem` says why the audit failed or is incomplete; `took` is its duration in seconds."""

    session: str
    fingerprint: str
    step: int
    flaws: tuple[Flaw, ...] = ()
    took: float = 0.0
    problem: str = ""
    type: Literal["screen-audited"] = "screen-audited"


@dataclass(frozen=True, slots=True)
class StepTaken:
    step: Step
    type: Literal["step"] = "step"


@dataclass(frozen=True, slots=True)
class PressRefused:
    """A control that the session saw but deliberately did not press. Written once per session and control."""

    session: str
    step: int
    screen: str
    refusal: Refusal
    type: Literal["press-refused"] = "press-refused"


@dataclass(frozen=True, slots=True)
class SignalSeen:
    signal: Signal
    type: Literal["signal"] = "signal"


@dataclass(frozen=True, slots=True)
class ExchangeSeen:
    exchange: Exchange
    type: Literal["exchange"] = "exchange"


@dataclass(frozen=True, slots=True)
class HandshakeSeen:
    """The observing proxy's record of one connection. A later one with the same id and session replaces it."""

    handshake: Handshake
    type: Literal["handshake"] = "handshake"


@dataclass(frozen=True, slots=True)
class EffectSeen:
    """What happened to a text or file that a persona sent. Bodies are never journalled."""

    effect: Effect
    type: Literal["effect"] = "effect"


@dataclass(frozen=True, slots=True)
class Diagnosed:
    diagnosis: Diagnosis
    type: Literal["diagnosis"] = "diagnosis"


@dataclass(frozen=True, slots=True)
class IncidentFound:
    incident: Incident
    type: Literal["incident"] = "incident"


@dataclass(frozen=True, slots=True)
class VerdictReached:
    verdict: JourneyVerdict
    type: Literal["verdict"] = "verdict"


@dataclass(frozen=True, slots=True)
class FindingMade:
    finding: Finding
    type: Literal["finding"] = "finding"


@dataclass(frozen=True, slots=True)
class Broken:
    """An error of Trustwalk itself, which is never swallowed. `where` is the component, `what` a sentence."""

    time: float
    session: str
    where: str
    what: str
    type: Literal["broken"] = "broken"


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device setting that a run is about to change, or has restored (`undone`)."""

    time: float
    device: str
    what: str
    to: str
    undone: bool = False
    type: Literal["device-changed"] = "device-changed"


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The end of a session.

    `why` is `done` (nothing promising was left to do), `steps` or `time` (the limit was reached), `interrupted`, `gone`
    (the browser or device died) or `broken` (an error of Trustwalk).
    """

    session: str
    finished: float
    why: str
    steps: int
    untried: tuple[str, ...] = ()
    untried_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The untried controls of each screen, by its fingerprint."""
    states: Mapping[str, AttemptState] = field(default_factory=dict)
    """The state of each journey at the end (see `flows.session.SessionLog`)."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    named: tuple[NamedHost, ...] = ()
    """The hosts that the app's screens named (`flows.naming`); empty in journals of earlier versions."""
    type: Literal["session-ended"] = "session-ended"


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    """A file beside the journal with details of a session. `kind` is `har`, `trace`, `film` or `logcat`; `file` is its
    path in the run folder; `journey` is set if the file is about one journey."""

    session: str
    kind: str
    file: str
    journey: str = ""
    type: Literal["evidence-kept"] = "evidence-kept"


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences from an earlier run, if one was given (`--baseline`). `baseline` is that run's name."""

    baseline: str
    difference: Difference
    type: Literal["compared"] = "compared"


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last line of a journal that was not cut off."""

    finished: float
    exit_code: int
    complete: bool = True
    type: Literal["run-finished"] = "run-finished"


Event = (
    RunStarted
    | SessionStarted
    | ScreenSeen
    | ScreenAudited
    | StepTaken
    | PressRefused
    | SignalSeen
    | ExchangeSeen
    | HandshakeSeen
    | EffectSeen
    | Diagnosed
    | IncidentFound
    | VerdictReached
    | FindingMade
    | Broken
    | DeviceChanged
    | SessionEnded
    | EvidenceKept
    | Compared
    | RunFinished
)

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


MAX_BYTES, MAX_LINE = 256 << 20, 16 << 20
"""Largest journal that is read completely, and longest line, in bytes. Three personas write about 13 MiB in an hour."""
MAX_FILE = 8 << 30
"""Largest journal that is read at all, in bytes. A journal above MAX_BYTES is folded (`reports.journal.fold`)."""


_TOO_MUCH = (
    "{path}: the journal cannot be read: without most successful requests, it is still larger than {most} MiB. "
    "Run again with fewer personas or a shorter --time, or remove lines of type «exchange» and «signal» from a copy."
)


class JournalError(Exception):
    """A journal cannot be read. The message is a sentence that names the file and the line."""


class Journal:
    """Writes events as they happen. Each line reaches the file before `write` returns, so `kill -9` loses nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def write(self, event: Event) -> None:
        self._file.write(_ADAPTER.dump_json(event).decode() + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def decode(line: str | bytes) -> Event:
    """Parse one line of a journal that is still being written. Raises ValueError if it is not an event."""
    return _validated(json_text.loads(line))


def _validated(data: Any) -> Event:
    return _ADAPTER.validate_python(_as_written_now(data), strict=False)


def _as_written_now(event: Any) -> Any:
    """Upgrade an event of an earlier version to the current format. New fields with a default need no upgrade."""
    step = event.get("step") if isinstance(event, dict) else None
    if isinstance(step, dict) and "native" not in step:  # up to 0.1, an address without a colon marked a native app
        step["native"] = bool(step.get("address")) and ":" not in step["address"]
    return event


def read(path: Path, most: int = MAX_BYTES) -> Iterator[Event]:
    """All complete events of a journal. A truncated last line is ignored.

    If the journal is larger than `most` bytes, most successful requests are left out, and a finding says so.
    Raises JournalError if the file is missing, too large or not a regular file, or if a complete line is no event."""
    try:
        file = open_regular(path, MAX_FILE)
    except Unreadable as error:
        raise JournalError(f"{path}: the journal {error}.") from error
    fold = Fold() if os.fstat(file.fileno()).st_size > most else None
    yield from _events(path, file, fold, most)
    if fold is not None and fold.left_out:
        yield FindingMade(Finding(Severity.LOW, "journal-folded", fold.told))


def _events(path: Path, file: BinaryIO, fold: Fold | None, most: int) -> Iterator[Event]:
    number = room = 0
    with file:
        while line := _line(path, number + 1, file):
            number += 1
            if not line.strip():
                continue
            try:
                data = json_text.loads(line)
                if fold is not None and not fold.keeps(data):
                    continue
                room += len(line)
                if room > most:
                    raise JournalError(_TOO_MUCH.format(path=path, most=most >> 20))
                yield _validated(data)
            except ValueError as error:  # of JSON, of UTF-8 and of the model
                if not line.endswith(b"\n"):
                    return
                raise JournalError(
                    f"{path}, line {number}: this is not a journal event ({_why(error)}). Render it with the version "
                    "that wrote the journal, or remove the line from a copy."
                ) from error


def _line(path: Path, number: int, file: BinaryIO) -> bytes:
    try:
        line = file.readline(MAX_LINE + 1)
    except OSError as error:
        raise JournalError(
            f"{path}: the journal cannot be read ({error.strerror}); copy it to a local disk."
        ) from error
    if len(line) > MAX_LINE:
        raise JournalError(
            f"{path}, line {number}: the line is longer than {MAX_LINE >> 20} MiB, so it cannot be an event. "
            "Remove the line from a copy."
        )
    return line


def _why(error: ValueError) -> str:
    """The first problem, in one line, with «?» for each character that is not printable."""
    text = str(error)
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        text = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))[:200]
