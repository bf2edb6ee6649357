"""Fills in a whole form, field by field, the way the persona does it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from explorer.policy.answering import is_answer, option_of
from explorer.policy.attaching import is_file
from explorer.policy.attempt import Attempt
from explorer.policy.data import Writer
from flows.effects import tokens_in
from flows.journey import Role
from flows.recognise.acts import costs_or_loses
from flows.recognise.amounts import names_a_price
from flows.recognise.choices import is_copy, is_left_empty, wants_back
from flows.recognise.fields import field_kind, is_multiline, takes_text
from flows.recognise.forms import Form, login_name
from flows.recognise.lexicon import AGREEMENT, GRAVE, NEWS, acts_in, plain, says
from flows.screen import Element, Screen
from flows.step import Action, ActionKind
from personas.persona import Persona

PLACEHOLDERS = {"user": "‹user name›", "password": "‹password›"}
"""Placeholders for the user name and the password. Only the surface knows and types the real ones."""
_LEAST_DIGITS = 6
"""The fewest digits of a complete telephone number. A country code has at most three (ITU-T E.164)."""


@dataclass(slots=True)
class Filler:
    """Chooses the next field and its value.

    `login` says whether the run has credentials. This class does not know their text."""

    persona: Persona
    rng: random.Random
    writer: Writer
    login: bool
    hostile_ok: bool
    careful: bool = False
    """Whether the target is public, so that a choice should ask for nothing in particular."""
    _correct: dict[str, str] = field(default_factory=dict)
    """Field key → the correct value, which is still to be typed after a typo or a malformed value."""

    def copy(self) -> Filler:
        """A copy for trying a move. The original and its random generator stay unchanged."""
        rng = random.Random(0)
        writer = Writer(self.persona, rng, self.writer.salt)
        return Filler(self.persona, rng, writer, self.login, self.hostile_ok, self.careful, dict(self._correct))

    def pending(self, form: Form, attempt: Attempt) -> list[Element]:
        """The fields that this persona would still fill in."""
        return [
            f
            for f in form.fields
            if f.key in self._correct or (f.key not in attempt.done and self._wanted(f, form, attempt))
        ]

    def next_action(self, form: Form, attempt: Attempt, screen: Screen) -> Action | None:
        """The action for the next field; None if the form is filled in."""
        for element in self.pending(form, attempt):
            action = self._act(element, form, attempt, screen)
            attempt.done.add(element.key)
            if action is not None:
                return action
        return None

    def _wanted(self, element: Element, form: Form, attempt: Attempt) -> bool:
        if not element.enabled or element.readonly or element.key in attempt.useless:
            return False  # or it could not be filled in, twice
        kind = field_kind(element)
        if kind == "file":
            return element.required and attempt.journey.role is not Role.UPLOAD
        if (wants_back(element) and kind != "radio") or is_copy(element):
            return wants_back(element) or not (is_left_empty(element) or element.options)
        if kind in ("checkbox", "switch"):
            return not element.checked and (element.required or element.invalid or _is_consent(element))
        if kind == "radio":
            return is_answer(element, form, attempt.done, careful=self.careful)
        if kind == "search" and form.nature != "search":
            return False
        if form.nature == "login" and takes_text(element):
            return kind == "password" or element == login_name(form, attempt.misplaced)
        if element.role in ("combobox", "listbox") and element.options and not element.invalid and _is_chosen(element):
            return False
        if takes_text(element) and not element.invalid and _is_known(element, kind):
            return False
        if element.invalid or element.required or element.name.rstrip().endswith("*"):
            return True
        if kind == "text" and attempt.number <= 1 and _says_enough(form):
            return False  # a list of people or numbers, which refuses a sentence; the next round fills it in, too
        optional = any(f.required for f in form.fields)
        return self.persona.fills_optional or not optional

    def _act(self, element: Element, form: Form, attempt: Attempt, screen: Screen) -> Action | None:
        kind = field_kind(element)
        if kind in ("checkbox", "switch", "radio"):
            return self._action(ActionKind.TAP, element, "")
        if element.role in ("combobox", "listbox") and element.options:
            option = option_of(element, careful=self.careful)
            return self._action(ActionKind.CHOOSE, element, option) if option else None
        if kind == "file" or element.role == "slider":
            return None
        if element.key in self._correct:
            return self._action(ActionKind.TYPE, element, self._correct.pop(element.key))
        if form.nature == "login" and self.login:
            part = "password" if kind == "password" else "user"
            typed = self._action(ActionKind.TYPE, element, PLACEHOLDERS[part], secret=part == "password")
            return replace(typed, credential=part)
        value = self.writer.value(element, screen.language, self.writer.token(attempt.mark))
        secret = kind == "password"
        if element.key not in attempt.wrong and not secret:
            if self.persona.wrong_input and self.rng.random() < self.persona.wrong_input:
                attempt.wrong.add(element.key)
                self._correct[element.key] = value
                return self._action(ActionKind.TYPE, element, self.writer.malformed(element, hostile=self.hostile_ok))
            if self.persona.typos and self.rng.random() < self.persona.typos:
                attempt.wrong.add(element.key)
                self._correct[element.key] = value
                return self._action(ActionKind.TYPE, element, self.writer.mistyped(value))
        return self._action(ActionKind.TYPE, element, value, secret=secret)

    def _action(self, kind: ActionKind, element: Element, text: str, *, secret: bool = False) -> Action:
        return Action(
            kind,
            element.ref,
            element.key,
            text,
            (element.name or field_kind(element))[:80],
            keyboard=self.persona.keyboard,
            secret=secret,
            frame=element.frame,
        )


def _says_enough(form: Form) -> bool:
    """Whether the form has a subject and a message, so that fields of unknown meaning may stay empty."""
    kinds = {field_kind(f) for f in form.fields}
    return {"subject", "message"} <= kinds


def _is_consent(element: Element) -> bool:
    """Whether ticking a box agrees to terms.

    Boxes that agree to messages or to an act («I agree to receive offers») do not count."""
    name = plain(element.name)
    starts = acts_in(name) & GRAVE or costs_or_loses([name]) or names_a_price(name)
    return says(AGREEMENT, name) and not says(NEWS, name) and not starts


def _is_chosen(element: Element) -> bool:
    """Whether an option after the first is chosen. The first usually says «please choose»."""
    return element.value in element.options[1:]


def _is_known(element: Element, kind: str) -> bool:
    """Whether the app itself has filled in the field, for example with the user's address or the name of a chosen file.

    A prefix, a template, or text left from an earlier try does not count.
    """
    value = element.value.strip()
    if tokens_in(value) and not is_file(value):
        return False
    match kind:
        case "message" | "subject":
            return False
        case "email":
            return "@" in value
        case "phone":
            return sum(map(str.isdigit, value)) >= _LEAST_DIGITS
        case "url":
            return "." in value
        case _:
            return bool(value) and not is_multiline(element)
