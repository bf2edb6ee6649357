"""Keeps files to attach to a ticket: recordings, the device's log around each incident, and a film of each session."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from explorer.run.redaction import Redactor
from flows.graph import FlowGraph
from flows.incident import Finding, Incident, JourneyVerdict, Severity, Verdict
from flows.session import SessionLog
from flows.step import Step
from reports.journal.events import EvidenceKept

AROUND = 5.0
"""Seconds of the device's log that are kept before and after an incident."""
MOST_LINES = 2000
LONGEST, SHORTEST = 3.0, 0.4
"""The longest and the shortest time for which a film shows a step, in seconds."""
LONGEST_NAME = 120
_BAD = frozenset({Verdict.FAILED, Verdict.BLOCKED, Verdict.DEGRADED})


RECORDINGS = {"har": "har", "trace": "trace.zip"}
"""Kind of recording → suffix of its file."""


def lost_recordings(folder: Path, sessions: Iterable[str], kinds: Collection[str]) -> list[Finding]:
    """A finding for each session with missing recordings: a page can keep the browser too busy to write them."""
    found = []
    for session in sessions:
        lost = [
            k for k, end in RECORDINGS.items() if k in kinds and not (folder / f"{file_name(session)}.{end}").is_file()
        ]
        if lost:
            text = (
                f"The browser did not write the recording of {session} ({', '.join(lost)}) in time: the page kept the "
                "browser too busy, or the browser died. The journal has what was seen. To get a recording, run again."
            )
            found.append(Finding(Severity.LOW, "recording-lost", text, session=session))
    return found


def keep_recordings(folder: Path, sessions: Iterable[str], verdicts: Sequence[JourneyVerdict]) -> list[EvidenceKept]:
    """Returns the recordings of each session. Removes the traces of sessions in which nothing went wrong."""
    bad = {v.session for v in verdicts if v.verdict in _BAD}
    kept = []
    for session in sessions:
        for kind, suffix in RECORDINGS.items():
            file = folder / f"{file_name(session)}.{suffix}"
            if kind == "trace" and session not in bad:
                file.unlink(missing_ok=True)
            elif file.is_file():
                kept.append(EvidenceKept(session, kind, f"{folder.name}/{file.name}"))
    return kept


def keep_log(
    folder: Path,
    log: SessionLog,
    lines: Sequence[tuple[float, str]],
    incidents: Iterable[Incident],
    redactor: Redactor,
) -> list[EvidenceKept]:
    """Write the device's log around each incident of a session, one file per journey and host, without secrets."""
    kept = []
    signals = {s.id: s.time for s in log.signals}
    for incident in incidents:
        times = [signals[s] for s in incident.signals if s in signals]
        steps = [s for s in log.steps if s.n in incident.steps]
        begin = min([*times, *(s.started for s in steps)], default=0.0) - AROUND
        end = max([*times, *(s.settled for s in steps)], default=0.0) + AROUND
        mine = [text for time, text in lines if begin <= time <= end][:MOST_LINES]
        if not mine:
            continue
        text = redactor.value("\n".join(mine) + "\n")
        file = folder / f"{file_name(f'{log.session}-{incident.journey}-{incident.host}')}.logcat.txt"
        file.write_text(text, encoding="utf-8")
        kept.append(EvidenceKept(log.session, "logcat", f"{folder.name}/{file.name}", incident.journey))
    return kept


def keep_film(folder: Path, run: Path, session: str, steps: Sequence[Step]) -> list[EvidenceKept]:
    """Write a film (animated WebP) of a session: each screenshot is shown about as long as its step took."""
    frames: list[Image.Image] = []
    shown: list[int] = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        took = (following.started if following else step.settled) - step.started
        length = round(1000 * min(LONGEST, max(SHORTEST, took)))
        if not step.screenshot:
            if shown:
                shown[-1] = min(shown[-1] + length, round(2000 * LONGEST))
            continue
        try:
            with Image.open(run / step.screenshot) as picture:
                size = (640, max(1, picture.height * 640 // picture.width))
                frames.append(picture.convert("RGB").resize(size if not frames else frames[0].size))
        except (OSError, UnidentifiedImageError):
            continue
        shown.append(length)
    if not frames:
        return []
    file = folder / f"{file_name(session)}.webp"
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=shown, loop=0, quality=60, method=2)
    return [EvidenceKept(session, "film", f"{folder.name}/{file.name}")]


def file_name(text: str) -> str:
    """A name that is valid in every file system and needs no escaping in a link. Different texts give different
    names."""
    plain = re.sub(r"[^\w.@+-]+", "-", text, flags=re.ASCII).strip("-.")
    if plain == text and len(text) <= LONGEST_NAME:
        return plain
    return f"{plain[:LONGEST_NAME] or 'session'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def keep_graph(folder: Path, graph: FlowGraph, redactor: Redactor) -> None:
    """Write the flow graph as GraphML and JSON, without secrets."""
    save_graph(folder, graph, redactor.value)


def save_graph(folder: Path, graph: FlowGraph, clean: Callable[..., Any] = lambda value, *_: value) -> None:
    """Write the flow graph as GraphML and JSON. `clean(value, name)` removes what must not be written from a value."""
    graph.save_graphml(folder / "graph.graphml", clean)
    text = json.dumps(clean(graph.as_json()), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "graph.json").write_text(text + "\n", encoding="utf-8")
