"""Recognises the outcome of an action. Pure functions of screens."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from flows.effects import tokens_in
from flows.incident import Symptom
from flows.journey import Journey, Role
from flows.recognise.change import Change, is_trouble
from flows.recognise.entries import scored
from flows.recognise.fingerprint import fingerprint
from flows.recognise.forms import form_of, forms, lone_box
from flows.recognise.lexicon import CLEAR, HINTS, developer_words, first_saying, plain, says
from flows.recognise.signs import WORDS, sign_named
from flows.screen import Screen
from flows.step import Cue

_LINE = 160
_VISIBLE_AREA = 4_000
"""The minimum area of a frame, in square pixels. Users do not notice a smaller broken frame."""


def cues_after(
    journey: Journey, stage: str, before: Screen, after: Screen, typed: Collection[str] = (), pressed: str = ""
) -> tuple[Cue, ...]:
    """Returns the signs of success and failure that an action brought. `pressed` is the visible name of its control.

    Before a stage with an expected outcome, only signs with `early` count as success. A third outcome, `detour`, means
    that the app asks for something else first (a login), so waiting is useless.
    """
    change = Change(stage, before, after, typed, pressed)
    cues = list(_successes(journey, change))
    if not (cues and journey.role is Role.LOGIN):  # a failure on the page behind the login is no failure of the login
        cues += _failures(journey, change)
    if not cues:
        cues.extend(_detours(journey, change))
    return tuple(cues)


def trouble(before: Screen, after: Screen) -> tuple[Cue, ...]:
    """Returns a failure cue for a new error message outside all journeys, or nothing."""
    told = next((plain(t.text) for t in Change("", before, after, ()).fresh if is_trouble(t)), "")
    return (Cue("", "failure", "error-words", _line(told)),) if told else ()


def _cue(journey: Journey, outcome: str, kind: str, text: str, frame: str = "") -> Cue:
    return Cue(journey.id, outcome, kind, _line(plain(text)), frame)


def _line(text: str) -> str:
    return text if len(text) <= _LINE else text[: _LINE - 1] + "…"


def _successes(journey: Journey, change: Change) -> Iterator[Cue]:
    due = journey.stage(change.stage)
    for sign in filter(None, map(sign_named, journey.success.structure)):
        if due is None or due.expects or sign.early:
            text = sign.find(change)
            if text and sign.name == "provider-form":
                if journey.stops_before:
                    yield _cue(journey, "success", f"stopped-before:{journey.stops_before}", text)
            elif text:
                yield _cue(journey, "success", sign.name, text)
    if journey.success.words and (due is None or due.expects):
        told = first_saying(journey.success.words, (t.text for t in change.fresh if not is_trouble(t)))
        if told:
            yield _cue(journey, "success", WORDS, told)


def _failures(journey: Journey, change: Change) -> Iterator[Cue]:
    names = journey.failure.structure
    after = change.after
    if "error-page" in names and after.error:
        yield _cue(journey, "failure", "error-page", after.error)
    concerned = _concerned(journey, change)
    for frame in after.frames:
        if not frame.key or frame.key not in concerned:
            continue
        if frame.error and "error-page" in names:
            yield _cue(journey, "failure", "error-page", f"{frame.error} in a frame", frame.key)
        elif frame.blank and "empty-frame" in names and not after.busy:
            yield _cue(journey, "failure", "empty-frame", f"{frame.title or frame.url} is empty", frame.key)
    for text in change.fresh:
        quiet = journey.role is Role.KNOWLEDGE and text.role in ("text", "listitem", "heading") and not text.live
        if says(journey.failure.words, text.text) and len(text.text) <= 300 and text.role != "log":
            if not (quiet and len(text.text) > 100):
                yield _cue(journey, "failure", WORDS, text.text, text.frame)
                return
        if "error-words" in names and is_trouble(text) and not (quiet and len(text.text) > 60):
            yield _cue(journey, "failure", "error-words", text.text, text.frame)
            return


def _concerned(journey: Journey, change: Change) -> set[str]:
    """Returns keys of the journey's frames: visible ones that the action added or changed, or that it names."""
    old = {(f.key, f.url, f.error, f.blank) for f in change.before.frames}
    hints = {HINTS: tuple(h for r in journey.entry for h in r.hints)}
    found = set()
    for frame in change.after.frames:
        if frame.box[2] * frame.box[3] < _VISIBLE_AREA:
            continue
        if (frame.key, frame.url, frame.error, frame.blank) not in old or says(hints, developer_words(frame.url)):
            found.add(frame.key)
    return found


def _detours(journey: Journey, change: Change) -> Iterator[Cue]:
    """Yields cues for what the app asks for first: a login, a further stage, a correction of the input."""
    login = form_of(change.after, "login")
    if journey.role is not Role.LOGIN and login is not None and form_of(change.before, "login") is None:
        yield _cue(journey, "detour", "login-form", next((f.name for f in login.fields), "login"), login.frame)
    further = _further(journey, change)
    if further:
        yield _cue(journey, "detour", "further", further)
    emptied = _emptied(change)
    wrong = [e for e in change.after.elements if e.invalid and e.key not in emptied]
    if wrong and not [e for e in change.before.elements if e.invalid]:
        yield _cue(journey, "detour", "validation", wrong[0].name, wrong[0].frame)


def _emptied(change: Change) -> set[str]:
    """Keys of fields that were filled in before the action and are empty after it.

    An app that has taken a form empties it, and the browser then calls the required fields invalid (`:user-invalid`).
    Passwords do not count: apps empty them to ask for them again."""
    filled = {e.key for e in change.before.elements if (e.value or e.checked) and e.kind != "password"}
    return {e.key for e in change.after.elements if e.key in filled and not (e.value or e.checked)}


def _further(journey: Journey, change: Change) -> str:
    """Names the part of a further stage that the action revealed; empty if none. No outcome is due yet then."""
    stage_now = journey.stage(change.stage)
    if stage_now is None or (stage_now is not journey.stages[0] and stage_now.do != "download"):
        return ""
    # The same page was reloaded: its controls count as new, although they look the same.
    again = change.after.address == change.before.address and 0 < change.before.loaded != change.after.loaded
    chrome = ("navigation", "banner", "contentinfo")
    old = {e.key for e in change.before.elements if not again or e.region in chrome}
    for stage in journey.stages:
        form = form_of(change.after, *natures(stage.form)) if stage.form else None
        if form is None and stage.do == "say":
            form = form_of(change.after, "chat") or lone_box(change.after)
        if form is not None and any(f.key not in old for f in form.fields):
            return form.fields[0].name or form.nature
        fresh = [e for e in change.after.elements if e.key not in old]
        if stage.do == "read" and any(
            e.role in ("link", "clickable", "button") and (e.frame or e.region in ("main", "")) for e in fresh
        ):
            return "articles to choose from"
        if fresh:
            ranked = scored(stage.find or journey.entry, replace(change.after, elements=tuple(fresh)))
            if ranked and ranked[0][0] >= 0.5:
                return ranked[0][1].name
    return ""


def asks_on(journey: Journey, before: Screen, after: Screen, tokens: Collection[str]) -> bool:
    """Whether the journey is unfinished: the app asks for a login, the form has new fields, or the form was reloaded
    with the typed text. New fields and reloads do not count if a text on the screen shows one of the sent `tokens`."""
    if form_of(after, "login") is not None and form_of(before, "login") is None:
        return True
    if any(tokens_in(t.text) & set(tokens) for t in after.texts):
        return False
    wanted = {n for s in journey.stages if s.form for n in natures(s.form)}
    old = {e.key for e in before.elements}
    fields = [f for form in forms(after) if form.nature in wanted for f in form.fields]
    anew = before.loaded != after.loaded
    return any(f.key not in old or (anew and tokens_in(f.value) & set(tokens)) for f in fields)


def natures(form: str) -> tuple[str, ...]:
    """The kinds of form that a stage accepts, best first."""
    return {
        "ticket": ("ticket", "contact"),
        "upload": ("upload", "ticket"),
        "any": ("ticket", "contact", "upload", "other"),
    }.get(form, (form,))


def what_user_saw(before: Screen, after: Screen, cues: Collection[Cue], settled_how: str) -> Symptom | None:
    """Returns the symptom that the user saw if a due outcome did not appear; None if it did or there is no symptom."""
    if any(c.outcome == "success" for c in cues):
        return None
    if settled_how == "crashed":
        return Symptom.CRASH
    if after.dialog:  # the app shows a question first and hides the rest
        return None
    failures = [c for c in cues if c.outcome == "failure"]
    if after.error or any(c.kind == "error-page" for c in failures):
        return Symptom.BROWSER_WARNING
    told = [c.text for c in failures if c.kind in ("words", "error-words")]
    if told:
        return Symptom.CLEAR_MESSAGE if any(says(CLEAR, t) for t in told) else Symptom.GENERIC_MESSAGE
    if after.busy or settled_how == "busy":
        return Symptom.ENDLESS_SPINNER
    if after.blank or any(c.kind == "empty-frame" for c in failures):
        return Symptom.BLANK
    if any(c.outcome == "detour" for c in cues):
        return None
    old, new = _steady(before), _steady(after)
    if before.address == after.address and not new - old and not old - new and before.windows == after.windows:
        return Symptom.NOTHING_HAPPENED
    return Symptom.NOTHING_HAPPENED if settled_how == "pending" and fingerprint(before) == fingerprint(after) else None


def _steady(screen: Screen) -> set[str]:
    """Returns the lines of a screen with numbers masked, because clocks and counters change by themselves."""
    return {re.sub(r"\d+", "0", line) for line in screen.words().split("\n")}
