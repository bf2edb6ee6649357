"""Reads the facts of a run from its folder. The index is only a copy of them, and can be rebuilt at any time."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from explorer.request.remote import read_stored
from explorer.request.request import RunRequest
from explorer.server.worker import LOCK, REFUSED, REQUEST
from readers.regular import Unreadable, read_text
from reports.difference import compare, outcomes
from reports.failures import Difference, Failure, Outcomes
from reports.journal.events import JournalError
from reports.rollup import calendar, headline, overview
from reports.summary import UNTOLD, Summary, load

QUEUED, RUNNING, DONE, INCOMPLETE, REFUSED_STATE = "queued", "running", "done", "incomplete", "refused"
LOG = "worker.log"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\Z")

MAX_REQUEST = 1 << 20
"""Largest `request.json`, in bytes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdict on a journey on one device, over all personas."""

    journey: str
    title: str
    device: str
    verdict: str
    cause: str
    host: str
    others: str = ""
    """Text after the cause's title if the evidence leaves the cause open: « or 4 others»."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A host's certificate, and when it expires (`expires`, in seconds since the epoch).

    `single` says that the host is a single point of failure for several journeys."""

    host: str
    port: int
    expires: float
    single: bool


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run as lists show it. Times are seconds since the epoch.

    `app` is the SHA-256 of an uploaded package, and empty for a web address. `note` is a sentence that explains an
    unusual state.
    """

    id: str
    target: str
    created: float
    state: str
    app: str = ""
    started: float = 0.0
    finished: float = 0.0
    note: str = ""
    headline: str = ""
    exit_code: int | None = None
    personas: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    sessions: int = 0
    cells: tuple[Cell, ...] = ()
    failures: tuple[Failure, ...] = ()
    worked: tuple[tuple[str, str], ...] = ()
    certificates: tuple[Certificate, ...] = ()

    @property
    def over(self) -> bool:
        return self.state not in (QUEUED, RUNNING)

    @property
    def told(self) -> bool:
        """Whether the run began to explore and is over, so that a report can be rendered."""
        return self.over and self.started > 0


FACTS: TypeAdapter[RunFacts] = TypeAdapter(RunFacts)


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """All runs of one target, newest first, and the differences between the newest ones and their predecessors."""

    target: str
    runs: tuple[RunFacts, ...]
    changes: dict[str, Difference] = field(default_factory=dict)


def is_run_name(name: str) -> bool:
    """Whether a text can be the name of a run folder.

    It has no separator, no leading dot, and nothing that leaves the parent folder."""
    return _NAME.match(name) is not None and ".." not in name


def is_alive(folder: Path) -> bool:
    """Whether a worker holds the lock of this folder.

    A lock is safer than a process id, which could belong to another process by now."""
    try:
        with (folder / LOCK).open("r", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def stamp(folder: Path | str) -> str:
    """A text that changes whenever the result of `read` may have changed."""
    parts = []
    for name in ("journal.jsonl", REQUEST, LOCK, REFUSED):
        try:
            stat = os.stat(f"{folder}/{name}")  # noqa: PTH116 - of ten thousand runs, a Path each would take a second
        except OSError:
            continue
        parts.append(f"{name}:{stat.st_mtime_ns}:{stat.st_size}")
    return " ".join(parts)


def read(folder: Path, *, alive: bool) -> RunFacts | None:
    """The facts of a run folder; None if the folder holds no run. Never raises.

    `alive` says whether a worker process is running the run."""
    request = _asked(folder)
    journal = folder / "journal.jsonl"
    if request is None and not journal.is_file():
        return None
    created = _created(folder)
    target = request.target if request else ""
    asked = RunFacts(
        id=folder.name,
        target=target,
        created=created,
        state=RUNNING,
        app=request.app if request else "",
        personas=request.personas if request else (),
        devices=request.devices if request else (),
    )
    if alive:
        return asked
    if not journal.is_file() or journal.stat().st_size == 0:
        return _unbegun(folder, asked)
    try:
        return _told(load(folder), asked)
    except (JournalError, *UNTOLD) as error:
        return _with(asked, INCOMPLETE, f"Its journal cannot be read: {error}")


def compare_runs(old: RunFacts, new: RunFacts) -> Difference:
    """The new and the fixed failures, as `trustwalk diff` reports them."""
    before = Outcomes(old.failures, frozenset(old.worked))
    return compare(before, Outcomes(new.failures, frozenset(new.worked)))


COMPARED = 12
"""How many of the newest runs of a target the history compares with their predecessors."""


def lines(runs: list[RunFacts]) -> list[TargetHistory]:
    """The history of each target in these runs. The target with the newest run comes first."""
    by_target: dict[str, list[RunFacts]] = {}
    for run in sorted(runs, key=lambda r: (r.created, r.id), reverse=True):
        by_target.setdefault(run.target, []).append(run)
    found = []
    for target, those in by_target.items():
        judged = list(islice((run for run in those if run.cells), COMPARED + 1))
        changes = {new.id: compare_runs(old, new) for new, old in pairwise(judged)}
        found.append(TargetHistory(target, tuple(those), changes))
    return found


def change_in(facts: RunFacts, runs: Iterable[RunFacts]) -> Difference | None:
    """The difference between a run and the run of the same target before it; None if one of the two has no verdicts."""
    key = (facts.created, facts.id)
    before = (run for run in runs if run.target == facts.target and run.cells and (run.created, run.id) < key)
    former = max(before, key=lambda run: (run.created, run.id), default=None)
    return compare_runs(former, facts) if facts.cells and former is not None else None


def _asked(folder: Path) -> RunRequest | None:
    try:
        return read_stored(read_text(folder / REQUEST, MAX_REQUEST))
    except (Unreadable, ValidationError):
        return None


def _created(folder: Path) -> float:
    for name in (REQUEST, "journal.jsonl"):
        try:
            return (folder / name).stat().st_mtime if name == REQUEST else _first_moment(folder / name)
        except OSError:
            continue
    return time.time()


def _first_moment(journal: Path) -> float:
    with journal.open("rb") as file:
        match = re.search(rb'"started":([\d.]{9,20})', file.readline(4096))
    return float(match[1]) if match else journal.stat().st_mtime


def _unbegun(folder: Path, asked: RunFacts) -> RunFacts:
    refused = folder / REFUSED
    if refused.is_file():
        return _with(asked, REFUSED_STATE, refused.read_text(encoding="utf-8", errors="replace")[:500])
    if not (folder / LOCK).exists():
        return _with(asked, QUEUED, "")
    last = ""
    if (folder / LOG).is_file():
        last = next(reversed((folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()), "")
    return _with(asked, INCOMPLETE, f"The run ended before it began to explore. {last[:300]}".strip())


def _with(facts: RunFacts, state: str, note: str) -> RunFacts:
    return replace(facts, state=state, note=note)


def _told(summary: Summary, asked: RunFacts) -> RunFacts:
    came = outcomes(summary)
    places = {"browser", *asked.devices}  # problems of one session are in the report; this one ended the whole run
    note = " ".join(dict.fromkeys(b.what for b in summary.broken if b.where in places))[:300]
    if summary.cut_off:
        note = "The run was cut off; its journal is complete up to that moment."
    elif summary.lacking:
        note = summary.lacking[:300]
    elif not summary.complete:
        note = "The run was stopped; the verdicts cover the time until then."
    return RunFacts(
        id=summary.folder.name,
        target=summary.run.target,
        created=asked.created,
        app=asked.app,
        started=summary.run.started,
        note=note,
        finished=summary.finished,
        state=DONE if summary.complete else INCOMPLETE,
        headline=headline(summary),
        exit_code=summary.exit_code,
        personas=summary.personas or asked.personas,
        devices=summary.devices or asked.devices,
        sessions=len(summary.sessions),
        cells=tuple(
            Cell(
                r.journey,
                summary.title(r.journey),
                r.device,
                r.verdict.value,
                r.cause,
                r.host,
                summary.others(r.host, r.port),
            )
            for r in overview(summary)
        ),
        failures=came.failures,
        worked=tuple(sorted(came.worked)),
        certificates=tuple(
            Certificate(h.host, h.port, h.expires.timestamp(), h.single_point)
            for h in calendar(summary)[:40]
            if h.expires
        ),
    )
