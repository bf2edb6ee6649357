"""The acts that a journey implies, so that its own controls may name them without `--allow`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.effects import tokens_in
from flows.journey import Journey, Role
from flows.recognise.acts import (
    NONE,
    Acts,
    acts_of,
    acts_of_address,
    acts_of_form,
    acts_of_heading,
    is_plain_link,
    leads_to_checkout,
    names_others,
    pays_a_bill,
)
from flows.recognise.entries import fit
from flows.recognise.fields import is_multiline
from flows.recognise.forms import Form
from flows.recognise.icons import says_nothing
from flows.recognise.lexicon import PORTRAIT, acts_in, plain, says
from flows.recognise.logins import acts_over, says_so
from flows.screen import Element


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
ASKING = (Role.TICKET, Role.UPLOAD, Role.PAYMENT)
"""Roles of journeys that ask something of somebody. A scripted entry may do so at once, without a form: the journey itself
presses it, once, and curiosity does not."""
_DOOR = 0.5
"""The least score at which a control counts as a journey's entry."""
_HINTED = 0.45
"""The least score at which an id or an address hints at one. That forbids more, and allows nothing."""
_UNDER_HEADING: dict[Role, Acts] = {
    Role.TICKET: frozenset({"send", "publish"}),
    Role.CHAT: frozenset({"send", "publish"}),
    Role.UPLOAD: frozenset({"send"}),
    Role.PAYMENT: frozenset({"payment", "send", "change"}),
}
"""Acts that the headings over a journey's own form may name. A form headed «Close your account» is no ticket. On a public
target, none may name `publish`."""

_GRAVE: Acts = frozenset({"payment", "delete", "end"})
"""Acts of which a heading speaks for itself on a test system, too. «Update ticket 42» is what a ticket is for there."""


def posts(element: Element) -> bool:
    """Whether the element sends something as soon as it is pressed, by its markup."""
    return bool(element.sends) and not element.sends.startswith("get")


def own_sending(role: Role) -> Acts:
    """The acts that sending the form of a journey with this role may perform."""
    return _OWN_SENDING.get(role, NONE)


@dataclass(frozen=True, slots=True)
class OwnActs:
    """The acts that the journeys of a target imply. `public` and `strict` are those of `Permission`."""

    journeys: Sequence[Journey]
    public: bool
    strict: bool

    def is_door(self, element: Element, *roles: Role) -> bool:
        """Whether the control is an entry of some journey, or of one with these roles."""
        return any(fit(r, element) >= _DOOR for j in self.journeys if not roles or j.role in roles for r in j.entry)

    def may_be_door(self, element: Element) -> bool:
        """Whether the control is an entry of some journey, or its developer's words hint at one."""
        return any(fit(r, element) >= _HINTED for j in self.journeys for r in j.entry)

    def implied(self, element: Element, form: Form | None, purpose: Purpose, role: Role, kinds: Acts) -> Acts:
        """The acts that the journey implies for this press, so that they need no `--allow`.

        `kinds` are the acts that the control names.
        """
        if not kinds:
            return NONE
        if purpose is Purpose.SEND:
            return self._own_sending(element, form, role)
        if purpose is Purpose.DOOR and role is Role.UPLOAD and element.role == "tab" and not element.sends:
            return frozenset({"send", "change"})  # «Respond» shows the form that takes the file
        if purpose is Purpose.READ or (purpose is Purpose.DOOR and role is Role.KNOWLEDGE):
            return self._title_only(element)  # «Help: restart a lamp»
        if purpose is Purpose.FETCH:
            return frozenset({"change"}) if acts_of(element) == {"change"} and not self.public else NONE
        if purpose is Purpose.DOOR and role is Role.PAYMENT:
            return self._way_to_pay(element)
        if purpose is Purpose.DOOR and role is Role.ACCOUNT and is_plain_link(element) and self.is_door(element):
            return (
                frozenset({"change"}) if acts_of_address(element.href) <= {"change"} else NONE
            )  # «Edit profile» shows it
        if purpose is Purpose.DOOR:
            return _OWN_WAY.get(role, NONE) if self.is_door(element) and not names_others(element) else NONE
        return NONE

    def _title_only(self, element: Element) -> Acts:
        """The acts that an article's title only mentions. A link of three or more words counts as a title if
        pressing it performs no act."""
        at_work = element.sends or element.asks or acts_of_address(element.href)
        linked = is_plain_link(element) or (not self.strict and element.role in ("link", "clickable"))
        titled = len(plain(element.name).split()) >= 3
        return acts_in(plain(element.name)[:90]) if linked and titled and not at_work else NONE

    def _own_sending(self, element: Element, form: Form | None, role: Role) -> Acts:
        if names_others(element) and role is not Role.LOGIN:
            return NONE
        if role is Role.LOGIN and form is not None and form.nature != "login":
            return NONE  # a password that confirms something
        implied = _OWN_SENDING.get(role, NONE)
        if role is Role.CHAT and self.public:
            implied -= {"publish"}  # «Post reply» below a thread that everybody reads
        implied -= acts_of_form(form) if form is not None else NONE
        if role is Role.TICKET and (not self.public or self.is_door(element)):
            implied |= {"change", "publish"} if not self.public else {"change"}
        return implied

    def _way_to_pay(self, element: Element) -> Acts:
        """The act `payment`, if the control only leads to a form that asks for a card; else nothing.

        On a public target, this holds for plain links and for controls that lead to the checkout. Elsewhere it also
        holds for a plain link that is only a picture of a card."""
        pictured = not self.strict and says_nothing(element) and self.is_door(element) and is_plain_link(element)
        if not pays_a_bill(element) and not pictured:
            return NONE
        if is_plain_link(element):
            return frozenset({"payment"}) if acts_of_address(element.href) <= {"payment"} else NONE
        only_leads = leads_to_checkout(element) and not posts(element)
        return frozenset({"payment"}) if not self.strict or only_leads else NONE

    def takes_at_once(self, form: Form, role: Role) -> bool:
        """Whether the journey may use a form that has no submit control and may save its input at once.

        For an upload, the file field or its heading must name the purpose. For other journeys, the form must not
        hold somebody's text, which typing could overwrite."""
        if role is not Role.UPLOAD:
            return bool(form.group) and not any(
                is_multiline(f) and f.value and not tokens_in(f.value) for f in form.fields
            )
        told = (name for f in form.files for name in (f.name, *f.headings))
        return any(self.is_door(Element("", "", "link", name)) for name in told)

    def over(self, element: Element, purpose: Purpose, role: Role) -> Acts:
        """The acts that the headings over a form name, and that its journey does not imply. Sending the form performs
        them, whatever its button says: «Upload» under «Import customers (replaces all)»."""
        sending = purpose is Purpose.SEND or (purpose is Purpose.LOOK and element.kind == "submit")
        if not sending or element.sends.startswith("get"):
            return NONE
        headings = element.headings
        if role is Role.LOGIN:
            return acts_over(headings, sure=says_so(element))
        told = {
            act for n, heading in enumerate(headings, 1) for act in self._of_heading(heading, role, n == len(headings))
        }
        return frozenset(told)

    def _of_heading(self, heading: str, role: Role, nearest: bool) -> Acts:
        """The acts that this heading announces for the form below it, beyond those that the journey implies.

        `nearest`: it is the heading right above the form. «Message to all members» names no act. But right above a form
        it adds `send`, because the form would send to other people. On a test system, only the heading right above the
        form of such a journey can add `payment`: «Order 42» over a page names a thing.
        """
        implied = _UNDER_HEADING.get(role, NONE) - ({"publish"} if self.public else NONE)
        title = Element("", "", "link", heading)
        told = acts_of_heading(heading)
        if not self.strict and implied:
            return (told & (_GRAVE if nearest else _GRAVE - {"payment"})) - implied
        if (
            implied and self.is_door(title) and not says(PORTRAIT, heading)
        ):  # «Add an attachment», «Contact customer service»: what one looks for
            return told - implied - ({"change"} if self.public else {"change", "publish"})
        if names_others(title) and role is not Role.PAYMENT:
            return told | ({"send"} if implied and nearest else NONE)
        return told - implied
