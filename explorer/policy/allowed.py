"""Decides what a journey may use on a screen (entries, forms, files), and records what the journey must not use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from explorer.policy.permission import Permission, Purpose
from flows.journey import Journey, Role
from flows.recognise.acts import is_plain_link, unfolds
from flows.recognise.choices import wants_back
from flows.recognise.entries import fit
from flows.recognise.forms import Form, forms, step_form
from flows.recognise.icons import called
from flows.recognise.lexicon import SAVED_CARD, says
from flows.screen import Element, Screen
from flows.step import Action, ActionKind


@dataclass(slots=True)
class Allowed:
    """Asks for permission on behalf of journeys.

    `withheld`: journey → label of a control that leads to the journey or sends its form, but must not be pressed.
    `unsent`: journeys whose own form was seen, but must not be sent.
    """

    permission: Permission
    withheld: dict[str, str] = field(default_factory=dict)
    unsent: set[str] = field(default_factory=set)
    usable: set[str] = field(default_factory=set)
    """Journeys with a form that may be sent."""

    def form_of(self, journey: Journey, screen: Screen, *natures: str) -> Form | None:
        """The best form of the screen that the journey may use; None if there is none.

        `natures` are kinds of form, best first. Of two forms of one kind, the one with more fields is better."""
        usable = [f for f in forms(screen) if f.nature in natures and self.uses(f, journey, screen)]
        usable.sort(key=lambda f: (natures.index(f.nature), -len(f.fields)))
        return usable[0] if usable else None

    def step_of(self, journey: Journey, screen: Screen, *, began: bool) -> Form | None:
        """The current step of a support request that asks for one thing on each page.

        None for other journeys, if the screen shows no such step, or if the step must not be sent. `began` says
        whether an earlier step of the request was filled in."""
        form = step_form(screen, began=began) if journey.role is Role.TICKET else None
        return form if form is not None and self.uses(form, journey, screen) else None

    def uses(self, form: Form, journey: Journey, screen: Screen) -> bool:
        """Whether the journey may fill in and send a form. A form with the button «Save preferences» is no ticket."""
        if journey.role is Role.TICKET and self._keeps_account(form):
            return False
        allowed = self.permission.may_fill(form, screen, journey.role)
        if form.files or journey.role is not Role.UPLOAD:
            (self.usable if allowed else self.unsent).add(journey.id)
        if not allowed:
            control = form.submit()
            self.withheld.setdefault(journey.id, called(control if control is not None else form.fields[0])[:80])
        return allowed

    def is_ready(self, form: Form, done: Collection[str]) -> bool:
        """Whether a form that was filled in may be sent. `done` holds the keys of the fields that were used.

        On a public target, it may not be sent while a box or choice that the run tried to change back is still set,
        because it would cost, end or delete something, or tell other people (`wants_back`).
        """
        left = self.permission.public and any(map(wants_back, form.fields))
        return not left and any(f.key in done for f in form.fields)

    def _keeps_account(self, form: Form) -> bool:
        """Whether the control that sends the form fits the account journey better than a ticket."""
        control = form.submit()
        if control is None:
            return False
        known = {j.role: max(fit(r, control) for r in j.entry) for j in self.permission.journeys if j.entry}
        return known.get(Role.ACCOUNT, 0.0) > known.get(Role.TICKET, 0.0)

    def may(self, element: Element, screen: Screen, purpose: Purpose, journey: Journey) -> bool:
        """Whether the journey may press a control for this purpose."""
        allowed = self.permission.may(element, screen, purpose, journey.role)
        if not allowed:
            self.withheld.setdefault(journey.id, called(element)[:80])
        return allowed


def sending_controls(screen: Screen) -> set[str]:
    """Keys of the controls that send a form. «Send request» is no entry, because it sends a form and opens none."""
    natures_ = ("ticket", "contact", "login", "signup", "payment", "upload", "chat", "newsletter")
    there = forms(screen)
    controls = (f.submit() for f in there if f.group and f.nature in natures_)
    loose = (f.submit() for f in there if not f.group and f.nature in ("ticket", "upload"))  # a page without `<form>`
    found = {c.key for c in controls if c is not None and c.group}
    return found | {c.key for c in loose if c is not None and c.role != "link"}


def opens_by_script(action: Action, screen: Screen) -> bool:
    """Whether an action taps a control that runs a script with an unknown effect.

    Plain links do not count, nor do controls that only unfold something."""
    element = next((e for e in screen.elements if action.ref and e.ref == action.ref), None)
    if element is None or action.kind is not ActionKind.TAP or element.role not in ("button", "clickable", "menuitem"):
        return False
    return not (is_plain_link(element) or unfolds(element))


def pays_at_once(screen: Screen, element: Element) -> bool:
    """Whether the element is a button that might pay without asking, because a card is on file."""
    return element.role == "button" and any(says(SAVED_CARD, t.text) for t in screen.texts)
