"""The one place that decides what may be pressed, and which dialog may be accepted. Pure.

A target is either public or somebody's own test system. On a public target, only controls that are known to be harmless
may be pressed: plain navigation, and the own controls of recognised journeys. On a test system, every control that
names no act may be pressed. An act costs, sends, publishes, changes, ends or deletes something. On both kinds of
target, it needs `--allow` with the kind of the act, unless the journey itself implies the act (`own_acts`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from explorer.policy.beyond import REQUESTS, beyond_journey
from explorer.policy.boxes import decides_more, dismisses, is_cross, only_shuts
from explorer.policy.never import is_forbidden, is_sent_to_forbidden
from explorer.policy.own_acts import (
    ASKING,
    OwnActs,
    Purpose,
    asks_for_information,
    is_lone_question,
    own_sending,
    posts,
    posts_cart,
)
from explorer.policy.places import is_within, leads_home, path_of
from explorer.policy.prices import NOTICE, is_priced
from explorer.policy.questions import costs_money, only_asks_to_send
from explorer.policy.ruling import YES, Ruling, asks, is_native_way
from explorer.policy.support_headings import is_for_support
from explorer.policy.told_headings import headed as with_headings
from flows.journey import Journey, Role
from flows.recognise.acts import (
    NONE,
    Acts,
    acts_of,
    acts_of_address,
    charges_at_once,
    is_plain_link,
    pays_a_bill,
    stays_on_page,
    turns_pages,
    unfolds,
)
from flows.recognise.asked import Asked
from flows.recognise.choices import acts_of_form, wants_back
from flows.recognise.entries import is_title
from flows.recognise.fields import is_field, takes_text
from flows.recognise.forms import PRESSABLE, Form, forms
from flows.recognise.icons import called, is_nameless, says_nothing, words_for
from flows.recognise.lexicon import (
    CLOSE,
    CONSENT,
    COOKIES,
    GRAVE,
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
from flows.recognise.login_words import says_so
from flows.recognise.logins import is_evident
from flows.refusal import Reason, Refusal
from flows.screen import Element, Screen, sent_to

_SENDS = ("say", "submit", "upload")


@dataclass(slots=True)
class Permission:
    """Decides what a run may press.

    `public` says that the target is not a test system of the user. `allow` holds the kinds of acts from `--allow`.
    `never_press` holds texts and paths of controls. `only_under` holds the only allowed paths, besides that of `start`.

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
        """The refusals since the last call. Each control is recorded only once in a session."""
        told, self._refusals = self._refusals, []
        return told

    def may(self, element: Element, screen: Screen, purpose: Purpose, role: Role = Role.NONE) -> bool:
        """Whether the control may be pressed for this purpose. A refusal is recorded."""
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
        return is_within(address, self.only_under, self.start)

    def _is_never(self, element: Element, screen: Screen) -> bool:
        return is_forbidden(element, screen, self.never_press)

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
        if purpose is Purpose.SEND and is_sent_to_forbidden(element, form, screen, self.never_press):
            return Ruling(Reason.NEVER_PRESS)
        headed = self._headed(element, form, screen, purpose, role)
        kinds = acts_of(element) | (acts_of_form(form) if form is not None else NONE)
        if self.public and is_lone_question(element, screen):
            kinds |= acts_in(plain(element.name))
        left = kinds - self._own.implied(headed, form, screen, purpose, role, kinds)
        beyond = self._beyond(headed, form, screen, purpose, role)
        left |= beyond
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
        explained = beyond and purpose is Purpose.SEND and role in REQUESTS  # by a heading whose act --allow names
        if not self.strict or permitted or explained:
            return YES
        return self._explained(element, form, screen, purpose, role)

    def _headed(self, element: Element, form: Form | None, screen: Screen, purpose: Purpose, role: Role) -> Element:
        """On a public target, the control that sends a request or a chat line, with all headings over its form."""
        known = self.public and purpose is Purpose.SEND and role in (*REQUESTS, Role.CHAT)
        return with_headings(element, form, screen, role) if known else element

    def _beyond(self, element: Element, form: Form | None, screen: Screen, purpose: Purpose, role: Role) -> Acts:
        """The acts that sending a form performs beyond those of its journey, by its headings and, on a public target,
        by all else that tells what it is for (`beyond`)."""
        over = self._own.over(element, form, purpose, role)
        known = self.public and purpose is Purpose.SEND
        return beyond_journey(over, self._own, element, form, screen, role) if known else over

    def _costs(self, element: Element, screen: Screen, purpose: Purpose, role: Role) -> bool:
        """Whether a press on a public target may cost money.

        It may if the control names a price or, on the way to a payment, if the page mentions a saved card. A plain
        link with a price only leads to a product, so a persona may look at it."""
        if not self.strict or purpose is Purpose.FIELD or "payment" in self.allow:
            return False
        form = self._form_of(element, screen) if purpose is Purpose.SEND else None
        own = purpose not in (Purpose.LOOK, Purpose.READ) or self._own.may_be_door(element)
        priced = is_priced(element, form, pressed=own)
        if not own:
            return priced and not is_plain_link(element)
        if role is not Role.PAYMENT and not pays_a_bill(element):
            return priced
        texts = (t.text for t in screen.texts if t.frame == element.frame and len(t.text) < NOTICE)
        leads = is_plain_link(element) and "payment" not in acts_of_address(element.href)
        return purpose is not Purpose.SEND and not leads and bool(charges_at_once(texts))

    def _risky(self, element: Element, screen: Screen, purpose: Purpose) -> bool:
        """Whether a control opens or answers a question about a cost or a loss.

        On a public target, any question that it opens counts.
        """
        if element.asks and purpose is not Purpose.SEND:
            return self.strict or bool(costs_money([element.asks], strict=self.strict))
        if element.asks and costs_money([element.asks], strict=self.strict):
            return True
        leads = is_plain_link(element) and not acts_of_address(element.href)
        return element.region == "dialog" and not leads and not dismisses(element) and self.is_question(element, screen)

    def is_question(self, element: Element, screen: Screen) -> bool:
        """Whether the control is in a dialog that warns of an act, a cost or a loss, and has no text fields."""
        spoken = [
            t.text for t in screen.texts if t.region == "dialog" and t.frame == element.frame and len(t.text) < 300
        ]
        asked = any(not (acts_in(t) <= self.allow) and t.rstrip().endswith(("?", "？", "؟")) for t in spoken)
        fields = [e for e in screen.elements if e.region == "dialog" and e.frame == element.frame and takes_text(e)]
        return not fields and bool(asked or costs_money(spoken, strict=self.strict))

    # -- public targets ------------------------------------------------------------------------------------------

    def _explained(self, element: Element, form: Form | None, screen: Screen, purpose: Purpose, role: Role) -> Ruling:
        """The ruling on a public target or with `read_only`: there must be a sign that the control does no harm."""
        nameless = is_nameless(element)
        unread = (
            says_nothing(element) and not nameless
        )  # in a script that nobody here reads: hints may belong to anything
        if purpose is Purpose.SEND:
            return self._own_sender(element, form, screen, role, unread=unread)
        if is_plain_link(element) or stays_on_page(element, screen):
            known = not nameless or self._own.is_door(element) or leads_home(element.href)
            return YES if known or any(says(HUB, w) for w in words_for(element)) else Ruling(Reason.NAMELESS)
        door = purpose is Purpose.DOOR and element.name.strip() and self._own.is_door(element)
        if nameless and (role is Role.PAYMENT or not door):
            return Ruling(Reason.NAMELESS)  # a picture of a card does not say that it only leads to a form
        if posts(element) and not (purpose is Purpose.DOOR and element.sends == "script"):
            leads_on = purpose is Purpose.DOOR and role is Role.PAYMENT and posts_cart(element)
            return YES if leads_on else Ruling(Reason.UNEXPLAINED)
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
        listed = asks(name) and (not self.public or asks_for_information(element, screen))
        if purpose is Purpose.READ and (is_title(element) or listed):
            return YES
        leads = element.role in ("link", "tab")
        leads = leads or (element.region in ("navigation", "banner", "contentinfo") and not says(SUBMIT, name))
        if (leads and says_whole(HUB, name)) or (purpose is not Purpose.FETCH and is_native_way(element, screen)):
            return YES
        return Ruling(Reason.UNEXPLAINED)

    def _own_sender(self, element: Element, form: Form | None, screen: Screen, role: Role, *, unread: bool) -> Ruling:
        """The ruling on the control that sends the journey's own form, and that names no act beyond that."""
        if role in REQUESTS and not unread:
            return YES if self._is_for_support(element, form, screen) else Ruling(Reason.UNEXPLAINED)
        if role is not Role.LOGIN:
            return Ruling(Reason.NAMELESS) if unread else YES
        return YES if form is None or self._is_evident(form, screen) else Ruling(Reason.UNEXPLAINED)

    def _is_for_support(self, element: Element, form: Form | None, screen: Screen) -> bool:
        """Whether what stands over a form says that it goes to support. True on a test system."""
        return not self.public or is_for_support(element, form, screen, self._own.names_door)

    def _field(self, element: Element, screen: Screen, role: Role) -> Ruling:
        """The ruling for a choice within a form, which is refused if it names a grave act that is not allowed.
        On a public target, a choice that takes effect at once is refused, too."""
        if self.read_only and not _logs_in(element, self._form_of(element, screen), Purpose.SEND, role):
            return Ruling(Reason.READ_ONLY)
        if self.strict and posts(element):
            return Ruling(Reason.UNEXPLAINED)  # a choice that sends its form at once
        if element.role in ("checkbox", "switch", "radio"):
            missing = acts_in(plain(element.name)[:90]) & GRAVE - self.allow
            if missing and not element.required and not wants_back(element):
                return Ruling(Reason.ACT, min(missing))
        alone = not element.group and not element.required
        at_once = element.role == "switch" or (element.role in ("combobox", "listbox") and element.options)
        return Ruling(Reason.UNEXPLAINED) if self.strict and alone and at_once and not screen.native else YES

    # -- forms ---------------------------------------------------------------------------------------------------

    def _form_of(self, element: Element, screen: Screen) -> Form | None:
        """The form that a control belongs to."""
        return next((f for f in forms(screen) if element in f.controls or element in f.fields), None)

    def may_fill(self, form: Form, screen: Screen, role: Role) -> bool:
        """Whether a journey may use a form: its submit control or, without one, all acts that it names are allowed."""
        control = form.submit()
        if control is not None:
            return self.may(control, screen, Purpose.SEND, role)
        if is_sent_to_forbidden(form.fields[0], form, screen, self.never_press):
            self._note(form.fields[0], Ruling(Reason.NEVER_PRESS))
            return False
        first = self._headed(form.fields[0], form, screen, Purpose.SEND, role)
        beyond = self._beyond(first, form, screen, Purpose.SEND, role)
        explained = self._own.takes_at_once(form, role) and (
            beyond or self._is_for_support(form.fields[0], form, screen)
        )
        if self.strict and role in REQUESTS and not explained:
            self._note(form.fields[0], Ruling(Reason.UNEXPLAINED))
            return False
        if role is Role.LOGIN and not self._is_evident(form, screen):
            self._note(form.fields[0], Ruling(Reason.UNEXPLAINED))
            return False
        missing = (acts_of_form(form) | beyond) - self.allow
        others = [c for c in form.controls if c.kind == "submit" and (acts_of(c) - own_sending(role) - self.allow)]
        if missing or others:
            self._note(form.fields[0], Ruling(Reason.ACT, min(missing, default="change")))
            return False
        return not self.read_only or _logs_in(form.fields[0], form, Purpose.SEND, role)

    def _is_evident(self, form: Form, screen: Screen) -> bool:
        """Whether a form that looks like a login certainly is one.
        On a public target, the fields of a login are no proof if the form has a heading."""
        if not self.public or form.nature != "login":
            return True
        return is_evident(Asked(form.fields, form.controls, form.submit(), screen, form.frame, form.group))

    # -- what comes between --------------------------------------------------------------------------------------

    def closes(self, element: Element, screen: Screen) -> bool:
        """Whether a control only closes something and answers no question: «×», «Not now», «OK» if nothing is asked."""
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
        return not (asks or acts or costs_money(spoken, strict=self.strict))

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
        elsewhere = posts(element) and not says(CONSENT, developer_words(path_of(sent_to(element, screen))))
        return not decides_more(element, screen) and not elsewhere

    def accepts(self, dialog: str, *, own: bool) -> bool:
        """Whether a native dialog is accepted. `own`: the last action pressed the journey's own control for sending.

        The browser's question before leaving a page is always accepted: only input that the run has typed is lost."""
        if dialog == "beforeunload":
            return True
        return own and not self.read_only and only_asks_to_send(dialog, self.allow, public=self.public)

    def forbids(self, journey: Journey) -> bool:
        """Whether `read_only` forbids a whole journey: one that sends something, except the login."""
        sends = any(stage.do in _SENDS and stage.id != journey.stops_before for stage in journey.stages)
        return self.read_only and sends and journey.role is not Role.LOGIN


def _logs_in(element: Element, form: Form | None, purpose: Purpose, role: Role) -> bool:
    """Whether a press belongs to a real login: it sends a login form, or its control says that it leads to a login."""
    if role is not Role.LOGIN:
        return False
    return form is not None and form.nature == "login" if purpose is Purpose.SEND else says_so(element)


__all__ = ["UNSUBMIT", "YES", "Permission", "Purpose", "Ruling", "dismisses", "is_field"]
