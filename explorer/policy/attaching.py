"""Attaching files: which field accepts a file, which file is chosen, and what the screen showed at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from explorer.policy.attempt import Attempt
from flows.journey import Role
from flows.recognise.entries import may_press
from flows.recognise.forms import Form, forms
from flows.screen import Element, Screen
from flows.step import Action, ActionKind


def with_file(screen: Screen, attempt: Attempt) -> Form | None:
    """The form with the file that was chosen in this round; None if there is none."""
    return next((f for f in forms(screen) if any(e.key in attempt.chosen for e in f.files)), None)


def attachable(form: Form, attempt: Attempt) -> Element | None:
    """A usable file field of a ticket's form. None for other journeys, or if this round has chosen a file already."""
    if attempt.journey.role is not Role.TICKET or attempt.chosen:
        return None
    return next((f for f in form.files if f.enabled and f.key not in attempt.useless), None)


def give_file(attempt: Attempt, element: Element, screen: Screen, files: Mapping[str, Path]) -> Action:
    """The action that chooses a file in a field, or through a button that opens the file chooser.

    Records the choice in the attempt. `files` maps suffixes to files and must not be empty.
    """
    attempt.done.add(element.key)
    attempt.chosen.add(element.key)
    attempt.at_choice = frozenset(e.key for e in screen.elements)
    path = str(files.get("png") or next(iter(files.values())))
    return Action(ActionKind.UPLOAD, element.ref, element.key, path, element.name[:80], frame=element.frame)


def tab_before(chooser: Element, attempt: Attempt, screen: Screen) -> Element | None:
    """The first tab on this screen that was not opened yet, if the file field `chooser` is not visible.

    The form that sends the file may be behind that tab. None if the field is visible, or if no sizes are known."""
    if chooser.box[2] * chooser.box[3] > 0 or not any(any(e.box) for e in screen.elements):
        return None
    tabs = (e for e in screen.elements if e.role == "tab" and e.region not in ("navigation", "banner"))
    return next((e for e in tabs if e.key not in attempt.tapped | attempt.useless and may_press(e)), None)


def is_own(element: Element, files: Mapping[str, Path]) -> bool:
    """Whether an element names one of the files that the persona attaches.

    Downloading such a file only returns the persona's own file."""
    return any(path.name in f"{element.name} {element.href}" for path in files.values())


def is_file(address: str) -> bool:
    """Whether an address ends with the suffix of a file, such as `.pdf`, and so leads to no page."""
    tail = address.split("?")[0].rsplit("/", 1)[-1].lower()
    return tail.endswith(
        (
            ".pdf",
            ".zip",
            ".csv",
            ".txt",
            ".png",
            ".jpg",
            ".jpeg",
            ".gif",
            ".webp",
            ".docx",
            ".xlsx",
            ".doc",
            ".odt",
            ".gz",
        )
    )
