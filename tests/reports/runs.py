"""Runs to tell of: realistic journals, one for each kind of run that a report must render."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from flows.step import Step
from reports.journal.events import Event, Journal, StepTaken
from tests.reports.broken_runs import blocked_entry, cut_off, hostile, nothing_found
from tests.reports.whole_runs import (
    all_good,
    android,
    both,
    compared,
    failed,
    private_ca,
    several_devices,
    small,
    two_hundred,
)

CORPUS: dict[str, Callable[[], Iterator[Event]]] = {
    "small": small,
    "all-good": all_good,
    "failed": failed,
    "blocked-entry": blocked_entry,
    "private-ca": private_ca,
    "cut-off": cut_off,
    "nothing-found": nothing_found,
    "several-devices": several_devices,
    "two-hundred": two_hundred,
    "hostile": hostile,
    "compared": compared,
    "android": android,
    "both": both,
}
SMALLER = tuple(name for name in CORPUS if name != "two-hundred")
EVERY = (*SMALLER, pytest.param("two-hundred", marks=pytest.mark.nightly))
"""The names of all runs, the large one only each night: its page and its list of flaws are told on every push."""


def write_run(name: str, folder: Path, *, pictures: bool = False) -> Path:
    """The run's folder, as the explorer would leave it."""
    folder.mkdir(parents=True, exist_ok=True)
    with Journal(folder / "journal.jsonl") as journal:
        for event in CORPUS[name]():
            journal.write(event)
            if pictures and isinstance(event, StepTaken):
                _picture(folder / event.step.screenshot, event.step)
    return folder


def _picture(path: Path, step: Step) -> None:
    path.parent.mkdir(exist_ok=True)
    image = Image.new("RGB", (1280, 800), (246, 248, 251))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 72), fill=(38, 70, 130))
    draw.text((40, 26), "Desk support", fill=(255, 255, 255), font_size=22)
    draw.text((200, 160), step.title[:60], fill=(30, 34, 44), font_size=34)
    draw.rectangle((200, 240, 900, 480), outline=(180, 190, 205), width=2)
    if step.seen:
        draw.rectangle((200, 520, 900, 580), fill=(253, 232, 232))
        draw.text((220, 538), "; ".join(c.text for c in step.cues)[:60] or "…", fill=(150, 20, 20), font_size=20)
    image.save(path, quality=80)
