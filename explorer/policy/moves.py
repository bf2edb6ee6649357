"""Decides on a journey's next move on a screen. Its stages are tried from the last to the first, then its entries."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from explorer.policy.allowed import Allowed, pays_at_once, sending_controls
from explorer.policy.attaching import attachable, give_file, is_file, is_own, tab_before, with_file
from explorer.policy.attempt import Attempt
from explorer.policy.data import Writer
from explorer.policy.fetching import beside_files
from explorer.policy.filling import Filler
from explorer.policy.permission import Permission, Purpose
from explorer.policy.reading import article_score
from flows.journey import Journey, Role, Stage
from flows.recognise.entries import best_owner, is_export, looks_harmful, may_press, scored
from flows.recognise.fields import takes_text
from flows.recognise.forms import Form, form_of, forms, lone_box, sender_of_file
from flows.recognise.icons import called
from flows.recognise.lexicon import harms
from flows.recognise.outcome import natures
from flows.screen import HOVER, Element, Screen
from flows.step import Action, ActionKind, Decision
from personas.persona import Persona

SENDING = "send it"
"""The reason (`why`) of a decision that sends a form."""
WAY_IN = "the way to it"
"""The reason (`why`) of a decision that presses an entry."""
_OWNED = 0.6
"""From this score on, an element is a journey's entry and not an article."""
_RIVAL = 0.2
"""If another journey's score for an element is higher by more than this, the element is left to that journey."""


@dataclass(slots=True)
class Mover:
    """Decides on a journey's next move. State: `rng`, `last_resort`, and the entries on the last screen."""

    persona: Persona
    journeys: tuple[Journey, ...]
    rng: random.Random
    writer: Writer
    filler: Filler
    files: Mapping[str, Path]
    allow: Collection[str]
    single: bool
    site: Callable[[str], bool]
    allowed: Allowed = field(default_factory=lambda: Allowed(Permission()))
    last_resort: bool = False
    """Whether nothing better is left, so that links to other sites, exports and feeds are used, too."""
    _looked_at: Screen | None = None
    _seen: dict[str, list[Element]] = field(default_factory=dict)
    """Journey → its entries on the last screen, kept because one decision asks for them many times."""
    _senders: set[str] = field(default_factory=set)

    def move(self, attempt: Attempt, screen: Screen) -> Decision | None:
        """The next action for the journey on this screen. None if the screen offers nothing for it."""
        for stage in reversed(attempt.journey.stages):
            found = self._stage(stage, attempt, screen)
            if found is not None:
                return found
        return self._enter(attempt, screen)

    def _stage(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        match stage.do:
            case "fill":
                return self._fill(stage, attempt, screen)
            case "submit":
                return self._submit(stage, attempt, screen)
            case "say":
                return self._say(stage, attempt, screen)
            case "upload":
                return self._upload(stage, attempt, screen)
            case "download":
                return self._download(stage, attempt, screen)
            case "read":
                return self._read(stage, attempt, screen)
            case "tap":
                return None

    # -- forms ---------------------------------------------------------------------------------------------------

    def _form(self, stage: Stage, attempt: Attempt, screen: Screen) -> Form | None:
        form = with_file(screen, attempt) if stage.form == "upload" else None
        form = form or self.allowed.form_of(attempt.journey, screen, *natures(stage.form))
        if stage.form == "ticket" and (form is None or (form.nature == "contact" and len(form.fields) < 2)):
            return self.allowed.step_of(attempt.journey, screen, began=bool(attempt.done)) if attempt.entered else None
        if form is None or (stage.form == "payment" and attempt.journey.stops_before):
            return None
        began = attempt.entered or bool(attempt.done) or form.nature in ("login", "payment", "upload")
        if not began and self._entry(attempt, screen) is not None:
            return None  # a stray comment box is not the form that an entry leads to
        if form.nature == "contact" and len(form.fields) < 2 and stage.form != "contact":
            return None
        return form

    def _fill(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        form = self._form(stage, attempt, screen)
        if form is None or attempt.sent or not attempt.may_submit(single=self.single):
            return None
        if stage.form == "contact" and form_of(screen, "chat") is not None:
            return None
        if stage.form == "upload" and form.nature == "upload" and not any(f.required for f in form.fields):
            return None
        if stage.form == "upload" and form.files and self.files and with_file(screen, attempt) is None:
            return None  # the file comes first: apps take its name, and more, from it
        action = self.filler.next_action(form, attempt, screen) or self._attachment(form, attempt, screen)
        if action is not None:
            return self._decide(attempt, stage, action, "fill in the form")
        if stage.form == "contact" and form.key not in attempt.tapped:  # a form before the chat: send it too
            attempt.tapped.add(form.key)
            return self._send(stage, attempt, form, expects=False)
        return None

    def _submit(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        if stage.form == "upload":
            return self._submit_file(stage, attempt, screen)
        form = self._form(stage, attempt, screen)
        if form is None or attempt.sent or not attempt.may_submit(single=self.single):
            return None
        if self.filler.pending(form, attempt) or (self.files and attachable(form, attempt)):
            return None
        if not self.allowed.is_ready(form, attempt.done):
            return None
        return self._send(stage, attempt, form, expects=stage.expects)

    def _send(self, stage: Stage, attempt: Attempt, form: Form, *, expects: bool) -> Decision | None:
        control = form.submit()
        if control is None and any(harms(c.name) for c in form.controls):
            return None  # Enter would press what does harm
        if expects:
            attempt.sent = True
        if control is not None:
            times = 2 if self.persona.double_submit and self.rng.random() < self.persona.double_submit else 1
            if attempt.is_login or self.single:
                times = 1
            action = self.tap(control, times=times)
        else:
            texts = [f for f in form.fields if takes_text(f)] or list(form.fields)
            last = texts[-1]
            action = Action(ActionKind.PRESS, last.ref, last.key, "Enter", last.name, frame=last.frame)
        return self._decide(attempt, stage, action, SENDING, expects=expects)

    def _say(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        form = self.allowed.form_of(attempt.journey, screen, "chat")
        lone = lone_box(screen) if form is None and attempt.entered else None
        form = lone if lone is not None and self.allowed.uses(lone, attempt.journey, screen) else form
        if form is None or attempt.sent or not attempt.may_submit(single=self.single):
            return None
        box = next(f for f in form.fields if takes_text(f))
        if not box.enabled:
            return None
        if not attempt.entered and not form.frame and self._entry(attempt, screen) is not None:
            return None
        if box.key not in attempt.done:
            attempt.done.add(box.key)
            line = self.writer.line(screen.language, self.writer.token(attempt.mark))
            action = Action(
                ActionKind.TYPE, box.ref, box.key, line, box.name, keyboard=self.persona.keyboard, frame=box.frame
            )
            return self._decide(attempt, stage, action, "write a line")
        attempt.sent = True
        control = form.submit()
        if control is not None and control.enabled:
            return self._decide(attempt, stage, self.tap(control), "send the line", expects=True)
        action = Action(ActionKind.PRESS, box.ref, box.key, "Enter", box.name, frame=box.frame)
        return self._decide(attempt, stage, action, "send the line", expects=True)

    # -- files ---------------------------------------------------------------------------------------------------

    def _upload(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        there = [f for f in forms(screen) if f.files and self.allowed.uses(f, attempt.journey, screen)]
        if attempt.sent or not self.files or not attempt.may_submit(single=self.single):
            return None
        if not there:
            return self._upload_by_button(stage, attempt, screen)
        form = min(there, key=lambda f: natures("upload").index(f.nature) if f.nature in natures("upload") else 9)
        chooser = form.files[0]
        if chooser.key in attempt.done:
            return None
        tab = None if form.sender() else tab_before(chooser, attempt, screen)
        if tab is not None and self.allowed.may(tab, screen, Purpose.DOOR, attempt.journey):
            attempt.tapped.add(tab.key)
            return self._decide(attempt, stage, self.tap(tab), "open a tab that may hold the form for the file")
        if form.nature != "upload" and not attempt.entered and self._entry(attempt, screen) is not None:
            return None
        action = give_file(attempt, chooser, screen, self.files)
        alone = form.sender() is None
        attempt.sent = alone
        return self._decide(attempt, stage, action, "choose a file", expects=alone)

    def _submit_file(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        if attempt.sent or not attempt.chosen or not attempt.may_submit(single=self.single):
            return None
        form = with_file(screen, attempt)
        if form is not None and any(form.nature != "upload" or f.required for f in self.filler.pending(form, attempt)):
            return None
        control = sender_of_file(screen, attempt.chosen, attempt.at_choice)
        if control is None or not self.allowed.may(control, screen, Purpose.SEND, attempt.journey):
            return None
        attempt.sent = True
        return self._decide(attempt, stage, self.tap(control), "send the file", expects=True)

    def _attachment(self, form: Form, attempt: Attempt, screen: Screen) -> Action | None:
        found = attachable(form, attempt) if self.files else None
        return give_file(attempt, found, screen, self.files) if found is not None else None

    def _upload_by_button(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        """Choose a file through a button that opens the file chooser, because the screen shows no file field."""
        for element in self.sightings(attempt.journey, screen) if attempt.entered else ():
            button = element.role in ("button", "clickable") and not element.href
            inside = element.region not in ("navigation", "banner", "contentinfo")
            free = element.key not in attempt.done | attempt.useless | attempt.tapped
            if button and inside and free and self.allowed.may(element, screen, Purpose.SEND, attempt.journey):
                attempt.sent = attempt.entered = True
                action = give_file(attempt, element, screen, self.files)
                return self._decide(attempt, stage, action, "choose a file", expects=True)
        return None

    def _download(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        ranked = []
        for score, element in scored(stage.find, screen):
            sure = element.download or is_file(element.href)
            if (
                element.key in attempt.tapped
                or element.key in attempt.useless
                or self._claimed(attempt.journey, element, score)
                or not self.allowed.may(element, screen, Purpose.FETCH, attempt.journey)
                or (not self.last_resort and self.is_last(attempt.journey, element))
            ):
                continue
            if not sure and not attempt.entered and element.region in ("navigation", "banner", "contentinfo"):
                continue
            bonus = (0.5 if sure else 0) + (0.2 if element.region == "main" else 0)
            bonus += 1.0 if is_own(element, self.files) else 0
            ranked.append((score + bonus, element))
        links = [e for e in screen.elements if e.role == "link" and may_press(e)]
        found = [(0.4, e) for e in links if e.download or (attempt.entered and is_file(e.href))]
        if attempt.entered or self._entry(attempt, screen) is None:
            found += [(0.35, e) for e in beside_files(screen)]
        ranked += [
            (score, e)
            for score, e in found
            if e.key not in attempt.tapped | attempt.useless
            and self.allowed.may(e, screen, Purpose.FETCH, attempt.journey)
            and (self.last_resort or not self.is_last(attempt.journey, e))
        ]
        if not ranked:
            return None
        element = max(ranked, key=lambda t: t[0])[1]
        attempt.tapped.add(element.key)
        return self._decide(attempt, stage, self.tap(element), "fetch the file", expects=True)

    # -- reading, entering ---------------------------------------------------------------------------------------

    def _read(self, stage: Stage, attempt: Attempt, screen: Screen) -> Decision | None:
        if not attempt.entered and self._entry(attempt, screen) is not None:
            return None
        best = None
        for place, element in enumerate(screen.elements):
            score = (
                0.0
                if best_owner(self.journeys, element)[1] >= _OWNED
                else article_score(attempt, element, screen, self.site)
            )
            better = score > 0 and (best is None or (score, -place) > best[:2])
            if better and self.allowed.may(element, screen, Purpose.READ, attempt.journey):
                best = (score, -place, element)
        if best is None:
            return None
        attempt.tapped.add(best[2].key)
        attempt.article = best[2].name
        return self._decide(attempt, stage, self.tap(best[2]), "read an article", expects=True)

    def _enter(self, attempt: Attempt, screen: Screen) -> Decision | None:
        element = self._entry(attempt, screen)
        if element is None:
            return None
        if attempt.journey.role is Role.PAYMENT and attempt.journey.stops_before and pays_at_once(screen, element):
            attempt.withheld = True
            return None
        attempt.tapped.add(element.key)
        if not attempt.entered:
            attempt.known, attempt.entered_at = {e.key for e in screen.elements}, screen.address
        attempt.entered = True
        stage = attempt.journey.stages[0]
        return self._decide(attempt, stage, self.tap(element), WAY_IN, expects=True)

    def _entry(self, attempt: Attempt, screen: Screen) -> Element | None:
        """The likeliest entry that this round has not pressed yet."""
        found = self.sightings(attempt.journey, screen)
        usable = [e for e in found if e.key not in attempt.tapped and e.key not in attempt.useless]
        inner = [e for e in usable if e.region not in ("navigation", "banner", "contentinfo")]
        if attempt.entered:  # deeper rather than sideways
            return inner[0] if inner else (usable[0] if usable else None)
        return usable[0] if usable else None

    def sightings(self, journey: Journey, screen: Screen) -> list[Element]:
        """The journey's entries on the screen that may be pressed, and that fit no other journey much better.

        Last-resort entries (`is_last`) are among them only with `last_resort`.
        """
        if self._looked_at is not screen:
            self._looked_at, self._seen, self._senders = screen, {}, sending_controls(screen)
        if journey.id not in self._seen:
            ranked = scored(journey.entry, screen)
            self._seen[journey.id] = [
                e
                for s, e in ranked
                if e.key not in self._senders
                and not (journey.role is Role.UPLOAD and is_file(e.href))
                and not self._claimed(journey, e, s)
                and self.allowed.may(e, screen, Purpose.DOOR, journey)
            ]
        return [e for e in self._seen[journey.id] if self.last_resort or not self.is_last(journey, e)]

    def last_doors(self, journey: Journey, screen: Screen) -> list[Element]:
        """The last-resort entries of the journey on this screen (see `is_last`)."""
        self.sightings(journey, screen)
        return [e for e in self._seen[journey.id] if self.is_last(journey, e)]

    def is_last(self, journey: Journey, element: Element) -> bool:
        """Whether an entry is a last resort: a link to another site (except for a login), or an export to download."""
        away = element.href.startswith("http") and not self.site(element.href)
        return (away and journey.role is not Role.LOGIN) or (journey.role is Role.DOWNLOAD and is_export(element))

    def release(self) -> None:
        """From now on, use the last-resort entries (`is_last`) as well."""
        self.last_resort, self._looked_at = True, None

    def forms(self, screen: Screen) -> tuple[Form, ...]:
        """All forms of a screen."""
        return forms(screen)

    def shows_form(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the screen already shows the journey's own form, so that no entry is needed."""
        wanted = {n for s in attempt.journey.stages if s.form and not s.optional for n in natures(s.form)[:1]}
        return any(f.nature in wanted and self.allowed.uses(f, attempt.journey, screen) for f in forms(screen))

    def takes_file(self, screen: Screen, journey: Journey) -> bool:
        """Whether a form for another purpose, such as a reply or a chat, also accepts a file."""
        able = (f for f in forms(screen) if f.files and f.submit() is not None)
        return bool(self.files) and any(self.allowed.uses(f, journey, screen) for f in able)

    def peek(self, attempt: Attempt, screen: Screen) -> Decision | None:
        """The next move, as a trial: neither the attempt nor the random generator changes."""
        filler = self.filler.copy()
        return Mover.move(
            replace(self, rng=random.Random(0), filler=filler, writer=filler.writer, _looked_at=None, _seen={}),
            attempt.copy(),
            screen,
        )

    def peek_further(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the screen shows the form's next page: it has fields for the journey, and none was filled in yet."""
        keys = self.own_fields(attempt, screen)
        return bool(keys) and not keys & attempt.done

    def can_send(self, attempt: Attempt, screen: Screen) -> bool:
        """Whether the screen has a control that can still send the chosen file."""
        return sender_of_file(screen, attempt.chosen, attempt.at_choice) is not None

    def own_fields(self, attempt: Attempt, screen: Screen) -> set[str]:
        """Keys of the fields that belong to the journey's forms, or to the current step of a support request."""
        wanted = {n for s in attempt.journey.stages if s.form for n in natures(s.form)}
        step = self.allowed.step_of(attempt.journey, screen, began=bool(attempt.done)) if attempt.entered else None
        return {f.key for form in forms(screen) if form.nature in wanted or form == step for f in form.fields}

    def harmless(self, element: Element, screen: Screen) -> bool:
        """Whether an element is a plain link of the site that may be looked at: no download, no file, no new window."""
        plain = element.role == "link" and may_press(element) and not element.download and not element.new_window
        if looks_harmful(element) or not plain or not self.allowed.permission.may(element, screen, Purpose.LOOK):
            return False
        return not is_file(element.href) and (not element.href or self.site(element.href))

    def _claimed(self, journey: Journey, element: Element, score: float) -> bool:
        owner, best = best_owner(self.journeys, element)
        return owner != journey.id and best > score + _RIVAL

    def tap(self, element: Element, times: int = 1) -> Action:
        """The action that taps an element as the persona does. If the element opens by hovering, it only hovers."""
        return Action(
            ActionKind.HOVER if element.role == HOVER else ActionKind.TAP,
            element.ref,
            element.key,
            label=called(element)[:80],
            times=times,
            keyboard=self.persona.keyboard,
            frame=element.frame,
        )

    @staticmethod
    def _decide(attempt: Attempt, stage: Stage, action: Action, why: str, *, expects: bool = False) -> Decision:
        return Decision(action, attempt.id, stage.id, max(attempt.number, 1), why, expects)
