"""Files that a persona gives to an app: where one goes, which one, and what was on the screen when it was chosen."""

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
    """The form that a file was chosen in."""
    return next((f for f in forms(screen) if any(e.key in attempt.chosen for e in f.files)), None)


def attachable(form: Form, attempt: Attempt) -> Element | None:
    """A free file field of a ticket form, or None: who asks for help attaches a file, which can be downloaded later."""
    if attempt.journey.role is not Role.TICKET or attempt.chosen:
        return None
    return next((f for f in form.files if f.enabled and f.key not in attempt.useless), None)


def give_file(attempt: Attempt, element: Element, screen: Screen, files: Mapping[str, Path]) -> Action:
    """Choose a file in a field, or through a button that opens the chooser. `files` is not empty."""
    attempt.done.add(element.key)
    attempt.chosen.add(element.key)
    attempt.at_choice = frozenset(e.key for e in screen.elements)
    path = str(files.get("png") or next(iter(files.values())))
    return Action(ActionKind.UPLOAD, element.ref, element.key, path, element.name[:80], frame=element.frame)


def tab_before(chooser: Element, attempt: Attempt, screen: Screen) -> Element | None:
    """A tab of the page that was not looked behind yet, where a file field has no size: the form that sends the file may
    be there. None where the field can be seen, or where no sizes are known."""
    if chooser.box[2] * chooser.box[3] > 0 or not any(any(e.box) for e in screen.elements):
        return None
    tabs = (e for e in screen.elements if e.role == "tab" and e.region not in ("navigation", "banner"))
    return next((e for e in tabs if e.key not in attempt.tapped | attempt.useless and may_press(e)), None)


def is_own(element: Element, files: Mapping[str, Path]) -> bool:
    """A file that a persona attached itself: the app has it, and gives it back."""
    return any(path.name in f"{element.name} {element.href}" for path in files.values())


def is_file(address: str) -> bool:
    """Whether an address ends as that of a file does, which is saved or shown and is no page."""
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
