"""The one place that decides what may be pressed, and which dialog may be accepted. Pure.

A target is either public or somebody's own test system. On a public target, only controls that are known to be harmless
are pressed: plain navigation, and the own controls of recognised journeys. On a test system, every control that names
no act is pressed. On both, an act (it costs, sends, publishes, changes, ends or deletes) needs `--allow` with its kind,
unless the journey itself implies it (`own_acts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from explorer.policy.boxes import dismisses, is_cross, only_shuts, speaks_of_more, words_around
from explorer.policy.own_acts import ASKING, OwnActs, Purpose, own_sending, posts
from explorer.policy.public_talk import beyond_support, is_public_talk, tells_others
from flows.journey import Journey, Role
from flows.recognise.acts import (
    NONE,
    acts_of,
    acts_of_address,
    acts_of_form,
    charges_at_once,
    costs_or_loses,
    is_plain_link,
    names_a_price,
    pays_a_bill,
    stays_on_page,
    turns_pages,
    unfolds,
)
from flows.recognise.entries import is_title
from flows.recognise.fields import is_field, takes_text
from flows.recognise.forms import PRESSABLE, Form, forms
from flows.recognise.icons import called, is_nameless, says_nothing, words_for
from flows.recognise.languages import Act
from flows.recognise.lexicon import (
    CLOSE,
    CONSENT,
    COOKIES,
    HUB,
    MENU,
    SUBMIT,
    UNSUBMIT,
    acts_in,
    developer_words,
    plain,
    says,
    says_whole,
)
from flows.recognise.logins import says_so
from flows.refusal import Reason, Refusal
from flows.screen import Element, Screen, sent_to

_SENDS = ("say", "submit", "upload")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a control may be pressed. If not, `reason` says why, and `kind` is what `--allow` must name to permit
    it."""

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

    A refusal is recorded once per control. `refusals` returns the new records.
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
    def _own(self) -> OwnActs:
        return OwnActs(self.journeys, self.public, self.strict)

    @property
    def strict(self) -> bool:
        """Whether only controls that are known to be harmless may be pressed."""
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
        """Whether `only_under` permits the address: its path is under one of these paths, or is that of `start`.

        True without `only_under`, and for an address that is not HTTP.
        """
        if not self.only_under or not address.startswith(("http:", "https:")):
            return True
        path = _path(address)
        return path == _path(self.start) or any(_is_under(path, each) for each in self.only_under)

    def _is_never(self, element: Element, screen: Screen) -> bool:
        told = (plain(element.name).lower(), *(w.lower() for w in words_for(element)))
        paths = [_path(at) for at in (element.href, sent_to(element, screen)) if at]
        for each in self.never_press:
            if each.startswith("/"):
                if any(_is_under(path, each) or fnmatchcase(path, each) for path in paths):
                    return True
            elif any(plain(each).lower() in text for text in told):
                return True
        return False

    # -- one control ---------------------------------------------------------------------------------------------

    def rule(self, element: Element, screen: Screen, purpose: Purpose, role: Role = Role.NONE) -> Ruling:
        """The ruling for a control. A refusal is not recorded."""
        if self._is_never(element, screen):
            return Ruling(Reason.NEVER_PRESS)
        leads = (element.href, sent_to(element, screen))
        off_limits = any(at.startswith("http") and self.site(at) and not self.within(at) for at in leads)
        if off_limits or (not self.within(screen.address) and not element.href):
            return Ruling(Reason.ONLY_UNDER)
        if purpose is Purpose.FIELD:
            return self._field(element, screen, role)
        form = self._form_of(element, screen) if purpose is Purpose.SEND or element.kind == "submit" else None
        kinds = acts_of(element) | (acts_of_form(form) if form is not None else NONE)
        left = kinds - self._own.implied(element, form, purpose, role, kinds)
        left |= self._beyond(element, form, screen, purpose, role)
        missing = left - self.allow if not self.read_only else left
        if missing:
            return Ruling(Reason.READ_ONLY if self.read_only and missing <= self.allow else Reason.ACT, min(missing))
        sends = purpose is Purpose.SEND or posts(element)
        if self.read_only and sends and not _logs_in(element, form, purpose, role):
            return Ruling(Reason.READ_ONLY)
        if self._costs(element, screen, purpose, role):
            return Ruling(Reason.ACT, "payment")
        permitted = bool(kinds) and kinds <= self.allow
        if not permitted and self._risky(element, screen, purpose):
            return Ruling(Reason.LOSS)
        if not self.strict or permitted:
            return YES
        return self._explained(element, screen, purpose, role)

    def _beyond(
        self, element: Element, form: Form | None, screen: Screen, purpose: Purpose, role: Role
    ) -> frozenset[Act]:
        """What sending a form does beyond its journey, by its headings and, on a public target, by who will read it."""
        over = self._own.over(element, purpose, role)
        if not self.public or purpose is not Purpose.SEND:
            return over

        def asks_support(door: Element) -> bool:
            return self._own.is_door(door, Role.TICKET)

        over |= beyond_support(element, form, role, asks_support)
        return over | {"publish"} if is_public_talk(element, form, screen, role, asks_support) else over

    def _costs(self, element: Element, screen: Screen, purpose: Purpose, role: Role) -> bool:
        """Whether a press on a public target may cost money: the control names a price or, on the way to a payment, the
        page mentions a saved card. A plain link with a price leads to a product, and may be looked at."""
        if not self.strict or purpose is Purpose.FIELD or "payment" in self.allow:
            return False
        priced = names_a_price(element.name)
        if purpose in (Purpose.LOOK, Purpose.READ) and not self._own.may_be_door(element):
            return priced and not is_plain_link(element)
        if role is not Role.PAYMENT and not pays_a_bill(element):
            return priced
        texts = (t.text for t in screen.texts if t.frame == element.frame and len(t.text) < 300)
        leads = is_plain_link(element) and "payment" not in acts_of_address(element.href)
        return purpose is not Purpose.SEND and not leads and bool(charges_at_once(texts))

    def _risky(self, element: Element, screen: Screen, purpose: Purpose) -> bool:
        """Whether a control opens or answers a question about a cost or a loss.

        On a public target, any question that it opens counts.
        """
        if element.asks and purpose is not Purpose.SEND:
            return self.strict or bool(self._costs_or_loses([element.asks]))
        if element.asks and self._costs_or_loses([element.asks]):
            return True
        leads = is_plain_link(element) and not acts_of_address(element.href)
        return element.region == "dialog" and not leads and not dismisses(element) and self.is_question(element, screen)

    def _costs_or_loses(self, texts: Iterable[str]) -> bool:
        """Whether one of the texts names a cost or a loss. On a public target, any price counts."""
        told = list(texts)
        return bool(costs_or_loses(told)) or (self.strict and any(map(names_a_price, told)))

    def is_question(self, element: Element, screen: Screen) -> bool:
        """Whether the control's dialog asks before something costs or is lost. With text fields, it is a form
        instead."""
        spoken = [
            t.text for t in screen.texts if t.region == "dialog" and t.frame == element.frame and len(t.text) < 300
        ]
        asked = any(not (acts_in(t) <= self.allow) and t.rstrip().endswith(("?", "？", "؟")) for t in spoken)
        fields = [e for e in screen.elements if e.region == "dialog" and e.frame == element.frame and takes_text(e)]
        return not fields and bool(asked or self._costs_or_loses(spoken))

    # -- public targets ------------------------------------------------------------------------------------------

    def _explained(self, element: Element, screen: Screen, purpose: Purpose, role: Role) -> Ruling:
        """The ruling on a public target or with `read_only`: something must show that the control does no harm."""
        nameless = is_nameless(element)
        unread = (
            says_nothing(element) and not nameless
        )  # in a script that nobody here reads: hints may belong to anything
        if purpose is Purpose.SEND:  # the journey's own control, which names nothing else
            return Ruling(Reason.NAMELESS) if unread and role is not Role.LOGIN else YES
        if is_plain_link(element) or stays_on_page(element, screen):
            known = not nameless or self._own.is_door(element) or _leads_home(element)
            return YES if known or any(says(HUB, w) for w in words_for(element)) else Ruling(Reason.NAMELESS)
        door = purpose is Purpose.DOOR and element.name.strip() and self._own.is_door(element)
        if nameless and (role is Role.PAYMENT or not door):
            return Ruling(Reason.NAMELESS)  # a picture of a card does not say that it only leads to a form
        if posts(element) and not (purpose is Purpose.DOOR and element.sends == "script"):
            return Ruling(Reason.UNEXPLAINED)
        name = plain(element.name)
        if element.role == "switch":
            return Ruling(Reason.UNEXPLAINED)
        if unfolds(element) or says_whole(MENU, name) or turns_pages(element):
            return YES
        if unread:
            return Ruling(Reason.NAMELESS)
        if self.read_only and purpose in (Purpose.LOOK, Purpose.FETCH):
            return Ruling(Reason.READ_ONLY)  # a script may send something at once
        asking = purpose is Purpose.LOOK and self._own.is_door(element, *ASKING)  # it may ask somebody at once
        if purpose in (Purpose.DOOR, Purpose.LOOK, Purpose.FETCH) and not asking and self._own.is_door(element):
            return YES
        if purpose is Purpose.FETCH and element.download:
            return YES
        if purpose is Purpose.READ and (is_title(element) or _asks(name)):
            return YES
        native = screen.native and element.kind != "submit" and not says(SUBMIT, name)
        leads = element.role in ("link", "tab") or element.region in ("navigation", "banner", "contentinfo")
        if (leads and says_whole(HUB, name)) or (native and purpose is not Purpose.FETCH):
            return YES
        return Ruling(Reason.UNEXPLAINED)

    def _field(self, element: Element, screen: Screen, role: Role) -> Ruling:
        """The ruling for a choice within a form. A choice that names an act is refused. On a public target, so is a
        choice that takes effect at once."""
        if self.read_only and not _logs_in(element, self._form_of(element, screen), Purpose.SEND, role):
            return Ruling(Reason.READ_ONLY)
        if self.strict and posts(element):
            return Ruling(Reason.UNEXPLAINED)  # a choice that sends its form at once
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
        """Whether a journey may use a form: the control that sends it may be pressed or, without one, all
        acts that the form names are allowed."""
        control = form.submit()
        if control is not None:
            return self.may(control, screen, Purpose.SEND, role)
        if self.strict and role in (Role.TICKET, Role.UPLOAD) and not self._own.takes_at_once(form, role):
            self._note(form.fields[0], Ruling(Reason.UNEXPLAINED))
            return False
        beyond = self._beyond(form.fields[0], form, screen, Purpose.SEND, role)
        missing = (acts_of_form(form) | beyond) - self.allow
        others = [c for c in form.controls if c.kind == "submit" and (acts_of(c) - own_sending(role) - self.allow)]
        if missing or others:
            self._note(form.fields[0], Ruling(Reason.ACT, min(missing, default="change")))
            return False
        return not self.read_only or _logs_in(form.fields[0], form, Purpose.SEND, role)

    # -- what comes between --------------------------------------------------------------------------------------

    def closes(self, element: Element, screen: Screen) -> bool:
        """Whether a control only closes something and answers nothing: «×», «Not now», or «OK» if nothing is asked."""
        name = plain(element.name).strip(" .!")
        if (
            self._is_never(element, screen)
            or element.role not in PRESSABLE
            or not says_whole(CLOSE, name)
            or posts(element)
        ):
            return False
        if dismisses(element):
            return is_cross(element) if self.read_only else not self.strict or only_shuts(element, screen)
        spoken = [t.text for t in screen.texts if t.region == "dialog" and t.frame == element.frame]
        asks = any(t.rstrip().endswith(("?", "？", "؟")) for t in spoken)
        acts = any(acts_in(t) - self.allow for t in spoken if len(t) < 120)
        return not (asks or acts or self._costs_or_loses(spoken))

    def may_consent(self, element: Element, screen: Screen) -> bool:
        """Whether a banner about cookies or privacy may be answered with this control.

        On a public target, the words around the control must not name money, an order or an offer, or any other act
        besides consent. If the control posts a form, the form's address must be one for consent. With `read_only`,
        the control itself must name cookies, by its name or by a developer's words."""
        if self._is_never(element, screen) or (self.read_only and posts(element)):
            return False
        if not self.strict:
            return True
        hints = developer_words(f"{element.group} {' '.join(element.hints)}")
        if self.read_only and not says(COOKIES, element.name) and not says(COOKIES, hints):
            return False
        around = words_around(element, screen)
        told = [*around, *element.headings]
        decided = self._costs_or_loses(told) or any("payment" in acts_in(t) for t in told)
        decided = decided or speaks_of_more(around, element.headings)
        elsewhere = posts(element) and not says(CONSENT, developer_words(_path(sent_to(element, screen))))
        return not decided and not acts_in(element.name) & {"delete", "end"} and not elsewhere

    def accepts(self, dialog: str, *, own: bool) -> bool:
        """Whether a native dialog is accepted. `own`: the last action pressed the journey's own control for sending.

        The question before a page is left is always accepted: only input that the run itself has typed is lost.
        """
        if dialog == "beforeunload":
            return True
        if not own or self.read_only:
            return False
        if self.public and tells_others(dialog) and not {"send", "publish"} <= self.allow:
            return False
        beyond = acts_in(dialog) - {"send", "change", "publish"} - self.allow
        return not beyond and (
            not self._costs_or_loses([dialog]) or ("payment" in self.allow and acts_in(dialog) <= self.allow)
        )

    def forbids(self, journey: Journey) -> bool:
        """Whether `read_only` forbids a whole journey: one that sends something, except the login."""
        sends = any(stage.do in _SENDS and stage.id != journey.stops_before for stage in journey.stages)
        return self.read_only and sends and journey.role is not Role.LOGIN


def _logs_in(element: Element, form: Form | None, purpose: Purpose, role: Role) -> bool:
    """Whether a press belongs to a true login: it sends a login form, or its control says that it leads to a login."""
    if role is not Role.LOGIN:
        return False
    return form is not None and form.nature == "login" if purpose is Purpose.SEND else says_so(element)


def _asks(name: str) -> bool:
    """Whether the name is a question of several words, like an entry of a FAQ."""
    return name.endswith(("?", "？", "؟")) and (len(name.split()) >= 4 or (len(name) >= 8 and not name.isascii()))


def _leads_home(element: Element) -> bool:
    return _path(element.href) == "/" and "?" not in element.href


def _path(address: str) -> str:
    """The path as a server reads it: decoded, without parameters (RFC 3986 section 3.3)."""
    try:
        return "/".join(unquote(part.partition(";")[0]) for part in urlsplit(address).path.split("/")) or "/"
    except ValueError:
        return "/"


def _is_under(path: str, place: str) -> bool:
    """Whether the path lies under a place: `/help` contains `/help` and `/help/…`, but not `/helpless`."""
    place = place.rstrip("/")
    return path == place or path.startswith(place + "/")


__all__ = ["UNSUBMIT", "YES", "Permission", "Purpose", "Ruling", "dismisses", "is_field"]
