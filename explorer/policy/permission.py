"""The one place that decides what may be pressed, and which dialog may be accepted. Pure.

A target is either public or somebody's own test system. On a public target, only controls that are known to be harmless
are pressed: plain navigation, and the own controls of recognised journeys. On a test system, every control that names
no act is pressed. On both, an act (it costs, sends, publishes, changes, ends or deletes) needs `--allow` with its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from flows.journey import Journey, Role
from flows.recognise.acts import (
    NONE,
    Acts,
    acts_of,
    acts_of_address,
    acts_of_form,
    charges_at_once,
    costs_or_loses,
    is_plain_link,
    leads_to_checkout,
    names_a_price,
    names_others,
    pays_a_bill,
    stays_on_page,
    turns_pages,
    unfolds,
)
from flows.recognise.entries import fit, is_title
from flows.recognise.fields import is_field, takes_text
from flows.recognise.forms import PRESSABLE, Form, forms
from flows.recognise.icons import called, is_nameless, words_for
from flows.recognise.lexicon import AGREE, CLOSE, HUB, MENU, SUBMIT, UNSUBMIT, acts_in, plain, says, says_whole
from flows.refusal import Reason, Refusal
from flows.screen import Element, Screen


class Purpose(StrEnum):
    """What a press is for."""

    LOOK = "look"  # curiosity, a detour, the way to something
    DOOR = "door"  # the way into a journey
    READ = "read"  # a journey's article
    FETCH = "fetch"  # a journey's file
    SEND = "send"  # a journey's own form, line or file
    FIELD = "field"  # a choice in a journey's form


_OWN_WAY: dict[Role, Acts] = {
    Role.TICKET: frozenset({"send", "change", "publish"}),
    Role.CHAT: frozenset({"send", "change"}),
    Role.UPLOAD: frozenset({"send", "change"}),
    Role.LOGIN: frozenset({"change"}),
}
"""Acts that the words of an entry may name: they happen behind the entry, and pressing it does not perform them."""
_OWN_SENDING: dict[Role, Acts] = {
    Role.TICKET: frozenset({"send"}),
    Role.CHAT: frozenset({"send", "publish"}),
    Role.UPLOAD: frozenset({"send", "change"}),
    Role.LOGIN: frozenset({"send", "change", "publish"}),
    Role.PAYMENT: frozenset({"send", "change", "publish"}),
}
"""Acts that sending a journey's own form may perform, because the user asked for the journey."""
_DOOR = 0.5
"""How well a journey must know a control for it to be that journey's door."""
_SENDS = ("say", "submit", "upload")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a control may be pressed: `reason` is empty if so; `kind` is what `--allow` would have to name."""

    reason: Reason | None = None
    kind: str = ""

    @property
    def allowed(self) -> bool:
        return self.reason is None


YES = Ruling()


@dataclass(slots=True)
class Permission:
    """What a run may press. `public` says that the target is not a test system of the user. `allow` holds the kinds of
    acts from `--allow`. `never_press` are texts of controls, or paths. `only_under` are paths; `start` is always
    allowed.

    A refusal is recorded once per control. `refusals` takes the records.
    """

    public: bool = False
    allow: frozenset[str] = frozenset()
    read_only: bool = False
    never_press: tuple[str, ...] = ()
    only_under: tuple[str, ...] = ()
    start: str = ""
    site: Callable[[str], bool] = lambda _: True
    journeys: Sequence[Journey] = ()
    _told: set[str] = field(default_factory=set)
    _refusals: list[Refusal] = field(default_factory=list)

    @property
    def strict(self) -> bool:
        """Whether only what is known to be harmless is pressed."""
        return self.public or self.read_only

    def refusals(self) -> list[Refusal]:
        """What was refused since the last call, each control once in the session."""
        told, self._refusals = self._refusals, []
        return told

    def may(self, element: Element, screen: Screen, purpose: Purpose, role: Role = Role.NONE) -> bool:
        """Whether the control may be pressed for this purpose; a refusal is noted."""
        ruling = self.rule(element, screen, purpose, role)
        if ruling.reason is not None:
            self._note(element, ruling)
        return ruling.allowed

    def _note(self, element: Element, ruling: Ruling) -> None:
        if element.key not in self._told and ruling.reason is not None:
            self._told.add(element.key)
            self._refusals.append(Refusal(called(element)[:80], element.role, ruling.reason, ruling.kind))

    # -- places --------------------------------------------------------------------------------------------------

    def within(self, address: str) -> bool:
        """Whether an address is one that the run may look at: under `only_under`, or the target's own."""
        if not self.only_under or not address.startswith(("http:", "https:")):
            return True
        path = _path(address)
        return path == _path(self.start) or any(_is_under(path, each) for each in self.only_under)

    def _is_never(self, element: Element) -> bool:
        name, path = plain(element.name).lower(), _path(element.href)
        told = (name, *(w.lower() for w in words_for(element)))
        for each in self.never_press:
            if each.startswith("/"):
                if element.href and (_is_under(path, each) or fnmatchcase(path, each)):
                    return True
                if element.sends.partition(" ")[2] and _is_under(_path(element.sends.partition(" ")[2]), each):
                    return True
            elif any(plain(each).lower() in text for text in told):
                return True
        return False

    # -- one control ---------------------------------------------------------------------------------------------

    def rule(self, element: Element, screen: Screen, purpose: Purpose, role: Role = Role.NONE) -> Ruling:
        """The ruling for a control, without a note of it."""
        if self._is_never(element):
            return Ruling(Reason.NEVER_PRESS)
        off_limits = element.href.startswith("http") and self.site(element.href) and not self.within(element.href)
        if off_limits or (not self.within(screen.address) and not element.href):
            return Ruling(Reason.ONLY_UNDER)
        if purpose is Purpose.FIELD:
            return self._field(element, screen, role)
        form = self._form_of(element, screen) if purpose is Purpose.SEND or element.kind == "submit" else None
        kinds = acts_of(element) | (acts_of_form(form) if form is not None else NONE)
        left = kinds - self._implied(element, screen, purpose, role, kinds)
        missing = left - self.allow if not self.read_only else left
        if missing:
            return Ruling(Reason.READ_ONLY if self.read_only and missing <= self.allow else Reason.ACT, min(missing))
        if self.read_only and role is not Role.LOGIN and (purpose is Purpose.SEND or _posts(element)):
            return Ruling(Reason.READ_ONLY)
        if self._costs(element, screen, purpose, role):
            return Ruling(Reason.ACT, "payment")
        permitted = bool(kinds) and kinds <= self.allow
        if not permitted and self._risky(element, screen, purpose):
            return Ruling(Reason.LOSS)
        if not self.strict or permitted:
            return YES
        return self._explained(element, screen, purpose, role)

    def _costs(self, element: Element, screen: Screen, purpose: Purpose, role: Role) -> bool:
        """What is pressed on a public target costs: by a price in its own name or, on the way to a payment, because the page
        speaks of a card that it knows. A plain link with a price leads to a product, and may be looked at."""
        if not self.strict or purpose is Purpose.FIELD or "payment" in self.allow:
            return False
        priced = names_a_price(element.name)
        if purpose in (Purpose.LOOK, Purpose.READ) and not self._is_door(element):
            return priced and not is_plain_link(element)
        if role is not Role.PAYMENT and not pays_a_bill(element):
            return priced
        texts = (t.text for t in screen.texts if t.frame == element.frame and len(t.text) < 300)
        return purpose is not Purpose.SEND and not is_plain_link(element) and bool(charges_at_once(texts))

    def _risky(self, element: Element, screen: Screen, purpose: Purpose) -> bool:
        """Whether a control opens a question that names a cost or a loss, or is an answer to one."""
        if element.asks and purpose is not Purpose.SEND:
            return self.strict or bool(costs_or_loses([element.asks]))
        if element.asks and costs_or_loses([element.asks]):
            return True
        return element.region == "dialog" and not dismisses(element) and self.is_question(element, screen)

    def is_question(self, element: Element, screen: Screen) -> bool:
        """Whether the control's dialog asks before something costs or is lost. With text fields, it is a form
        instead."""
        spoken = [
            t.text for t in screen.texts if t.region == "dialog" and t.frame == element.frame and len(t.text) < 300
        ]
        asked = any(not (acts_in(t) <= self.allow) and t.rstrip().endswith(("?", "？", "؟")) for t in spoken)
        fields = [e for e in screen.elements if e.region == "dialog" and e.frame == element.frame and takes_text(e)]
        return not fields and bool(asked or costs_or_loses(spoken))

    def _implied(self, element: Element, screen: Screen, purpose: Purpose, role: Role, kinds: Acts) -> Acts:
        """The acts that belong to the journey, so that its own control may name them."""
        if not kinds:
            return NONE
        if purpose is Purpose.SEND:
            return self._own_sending(element, screen, role)
        if purpose is Purpose.DOOR and role is Role.UPLOAD and element.role == "tab" and not element.sends:
            return frozenset({"send", "change"})  # «Respond» shows the form that takes the file
        if purpose is Purpose.READ:
            return self._title_only(element)
        if purpose is Purpose.FETCH:
            return frozenset({"change"}) if acts_of(element) == {"change"} and not self.public else NONE
        if purpose is Purpose.DOOR and role is Role.PAYMENT:
            return self._way_to_pay(element)
        if purpose is Purpose.DOOR and role is Role.ACCOUNT and is_plain_link(element) and self._is_door(element):
            return (
                frozenset({"change"}) if acts_of_address(element.href) <= {"change"} else NONE
            )  # «Edit profile» shows it
        if purpose is Purpose.DOOR:
            return _OWN_WAY.get(role, NONE) if self._is_door(element) and not names_others(element) else NONE
        return NONE

    def _title_only(self, element: Element) -> Acts:
        """Acts that an article's title only mentions. It is a link of several words, and its address names no act."""
        at_work = element.sends or element.asks or acts_of_address(element.href)
        linked = is_plain_link(element) or (not self.strict and element.role in ("link", "clickable"))
        titled = len(plain(element.name).split()) >= 3
        return acts_in(plain(element.name)[:90]) if linked and titled and not at_work else NONE

    def _own_sending(self, element: Element, screen: Screen, role: Role) -> Acts:
        if names_others(element) and role is not Role.LOGIN:
            return NONE
        implied = _OWN_SENDING.get(role, NONE)
        form = self._form_of(element, screen)
        implied -= acts_of_form(form) if form is not None else NONE
        if role is Role.TICKET and (not self.public or self._is_door(element)):
            implied |= {"change", "publish"} if not self.public else {"change"}
        return implied

    def _way_to_pay(self, element: Element) -> Acts:
        """The act of paying, if the control only leads to where a form asks for a card. On a public target, that is a
        plain link, or a control that only leads to the checkout."""
        if not pays_a_bill(element):
            return NONE
        if is_plain_link(element):
            return frozenset({"payment"}) if acts_of_address(element.href) <= {"payment"} else NONE
        only_leads = leads_to_checkout(element) and not _posts(element)
        return frozenset({"payment"}) if not self.strict or only_leads else NONE

    def _is_door(self, element: Element) -> bool:
        return any(fit(r, element) >= _DOOR for j in self.journeys for r in j.entry)

    # -- public targets ------------------------------------------------------------------------------------------

    def _explained(self, element: Element, screen: Screen, purpose: Purpose, role: Role) -> Ruling:
        """The ruling on a public target or with `read_only`: something must show that the control does no harm."""
        if purpose is Purpose.SEND:
            return YES  # the journey's own control, which names nothing else
        nameless = is_nameless(element)
        if is_plain_link(element) or stays_on_page(element, screen):
            known = not nameless or self._is_door(element) or _leads_home(element)
            return YES if known or any(says(HUB, w) for w in words_for(element)) else Ruling(Reason.NAMELESS)
        if nameless and role is Role.PAYMENT:
            return Ruling(Reason.NAMELESS)  # a picture of a card does not say that it only leads to a form
        if nameless and not (purpose is Purpose.DOOR and element.name.strip() and self._is_door(element)):
            return Ruling(Reason.NAMELESS)
        if _posts(element) and not (purpose is Purpose.DOOR and element.sends == "script"):
            return Ruling(Reason.UNEXPLAINED)
        name = plain(element.name)
        if element.role == "switch":
            return Ruling(Reason.UNEXPLAINED)
        if unfolds(element) or says_whole(MENU, name) or turns_pages(element):
            return YES
        if purpose in (Purpose.DOOR, Purpose.LOOK, Purpose.FETCH) and self._is_door(element):
            return YES
        if purpose is Purpose.FETCH and (element.download or role is Role.DOWNLOAD):
            return YES
        if purpose is Purpose.READ and (is_title(element) or _asks(name)):
            return YES
        native = screen.native and element.kind != "submit" and not says(SUBMIT, name)
        if says_whole(HUB, name) or (native and purpose is not Purpose.FETCH):
            return YES
        return Ruling(Reason.UNEXPLAINED)

    def _field(self, element: Element, screen: Screen, role: Role) -> Ruling:
        """A choice within a form: what takes effect at once, or names an act, is left as it is."""
        if self.read_only and role is not Role.LOGIN:
            return Ruling(Reason.READ_ONLY)
        if element.role in ("checkbox", "switch", "radio"):
            missing = acts_in(plain(element.name)[:90]) & {"payment", "delete", "end"} - self.allow
            if missing and not element.required:
                return Ruling(Reason.ACT, min(missing))
        alone = not element.group and not element.required
        at_once = element.role == "switch" or (element.role in ("combobox", "listbox") and element.options)
        return Ruling(Reason.UNEXPLAINED) if self.strict and alone and at_once and not screen.native else YES

    # -- forms ---------------------------------------------------------------------------------------------------

    def _form_of(self, element: Element, screen: Screen) -> Form | None:
        """The form that a control belongs to."""
        return next((f for f in forms(screen) if element in f.controls or element in f.fields), None)

    def may_fill(self, form: Form, screen: Screen, role: Role) -> bool:
        """Whether a journey may use a form: the control that sends it may be pressed or, without one, the form names no
        act that is not allowed."""
        control = form.submit()
        if control is not None:
            return self.may(control, screen, Purpose.SEND, role)
        missing = acts_of_form(form) - self.allow
        others = [
            c for c in form.controls if c.kind == "submit" and (acts_of(c) - _OWN_SENDING.get(role, NONE) - self.allow)
        ]
        if missing or others:
            self._note(form.fields[0], Ruling(Reason.ACT, min(missing, default="change")))
            return False
        return not (self.read_only and role is not Role.LOGIN)

    # -- what comes between --------------------------------------------------------------------------------------

    def closes(self, element: Element, screen: Screen) -> bool:
        """Whether a control only closes something and answers nothing: «×», «Not now», or «OK» if nothing is asked."""
        name = plain(element.name).strip(" .!")
        if self._is_never(element) or element.role not in PRESSABLE or not says_whole(CLOSE, name) or _posts(element):
            return False
        if dismisses(element):
            return True
        spoken = [t.text for t in screen.texts if t.region == "dialog" and t.frame == element.frame]
        asks = any(t.rstrip().endswith(("?", "？", "؟")) for t in spoken)
        acts = any(acts_in(t) - self.allow for t in spoken if len(t) < 120)
        return not (asks or acts or costs_or_loses(spoken))

    def accepts(self, dialog: str, *, own: bool) -> bool:
        """Whether a native dialog is accepted. `own` says that a journey's own sender has just raised it.

        The question before a page is left is always accepted: only input that the run itself has typed is lost.
        """
        if dialog == "beforeunload":
            return True
        if not own or self.read_only:
            return False
        beyond = acts_in(dialog) - {"send", "change", "publish"} - self.allow
        return not beyond and (
            not costs_or_loses([dialog]) or ("payment" in self.allow and acts_in(dialog) <= self.allow)
        )

    def forbids(self, journey: Journey) -> bool:
        """Whether a whole journey is left alone: with `read_only`, those that send something."""
        sends = any(stage.do in _SENDS and stage.id != journey.stops_before for stage in journey.stages)
        return self.read_only and sends and journey.role is not Role.LOGIN


def dismisses(element: Element) -> bool:
    """Its whole name closes something, and it is no word of agreement or of sending."""
    name = plain(element.name).strip(" .!")
    return says_whole(CLOSE, name) and not says_whole(AGREE, name) and not says_whole(SUBMIT, name)


def _posts(element: Element) -> bool:
    """By its markup it sends something as soon as it is pressed."""
    return bool(element.sends) and not element.sends.startswith("get")


def _asks(name: str) -> bool:
    """A question of several words, as a FAQ has them for its folds."""
    return name.endswith(("?", "？", "؟")) and (len(name.split()) >= 4 or (len(name) >= 8 and not name.isascii()))


def _leads_home(element: Element) -> bool:
    return _path(element.href) == "/" and "?" not in element.href


def _path(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:
        return "/"


def _is_under(path: str, place: str) -> bool:
    """`/help` holds `/help` and `/help/…`, and not `/helpless`."""
    place = place.rstrip("/")
    return path == place or path.startswith(place + "/")


__all__ = ["UNSUBMIT", "YES", "Permission", "Purpose", "Ruling", "dismisses", "is_field"]
