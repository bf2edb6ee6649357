"""The acts (send, change, pay …) that a journey implies. Its own controls may name them without `--allow`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from explorer.policy.attaching import is_file
from explorer.policy.hand_in import acts_of_handing_in
from explorer.policy.own_request import is_own_request
from explorer.policy.public_talk import OURS, goes_to_others, is_addressed
from explorer.policy.ruling import asks
from flows.effects import tokens_in
from flows.journey import Journey, Role
from flows.recognise.acts import (
    NONE,
    Acts,
    acts_beyond_name,
    acts_of,
    acts_of_address,
    acts_of_heading,
    in_library,
    is_plain_link,
    leads_to_checkout,
    names_others,
    pays_a_bill,
)
from flows.recognise.asked import address_words
from flows.recognise.choices import acts_of_form
from flows.recognise.entries import EXPANDS, fit, is_title, looks_harmful, titled
from flows.recognise.fields import is_multiline
from flows.recognise.forms import Form
from flows.recognise.icons import says_nothing
from flows.recognise.lexicon import (
    AGREE,
    GRAVE,
    HUB,
    MATTER,
    NOUNS,
    PORTRAIT,
    SIGNUP,
    SUBMIT,
    TO_SEND,
    acts_in,
    consists_of,
    is_sentence,
    plain,
    says,
    says_whole,
)
from flows.recognise.login_words import says_so
from flows.recognise.logins import ENDING, acts_over, names_and_passes
from flows.recognise.matcher import Group
from flows.screen import Element, Screen, sent_to


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
"""Acts that the words of an entry may name, because pressing the entry only leads to them and does not perform them."""
_OWN_SENDING: dict[Role, Acts] = {
    Role.TICKET: frozenset({"send"}),
    Role.CHAT: frozenset({"send", "publish"}),
    Role.UPLOAD: frozenset({"send", "change"}),
    Role.LOGIN: frozenset({"send", "change", "publish"}),
    Role.PAYMENT: frozenset({"send", "change", "publish"}),
}
"""Acts that sending a journey's own form may perform, because the user asked for the journey."""
ASKING = (Role.TICKET, Role.UPLOAD, Role.PAYMENT)
"""Roles of journeys in which the user asks somebody for something.

An entry with a script may send such a request at once, without a form. So only the journey itself presses it, once. A
curious persona does not."""
ASKING_WORDS = Group("forms", "asking")
CARTS = Group("developers", "carts")
_QUESTIONS = 3
"""The fewest questions that count as a list of questions."""
PASSWORD, CALLOUT = Group("fields", "password"), Group("forms", "callout")
INTERROGATIVE = Group("forms", "interrogative")
_DOOR = 0.5
"""The least score at which a control counts as a journey's entry."""
_HINTED = 0.45
"""The least score at which an id or an address hints at an entry. Such a hint can forbid a press, never permit one."""
_UNDER_HEADING: dict[Role, Acts] = {
    Role.TICKET: frozenset({"send", "publish"}),
    Role.CHAT: frozenset({"send", "publish"}),
    Role.UPLOAD: frozenset({"send"}),
    Role.PAYMENT: frozenset({"payment", "send", "change"}),
}
"""Acts that the headings over a journey's own form may name. A form under «Close your account» is no ticket.

On a public target, no heading may name `publish`."""


def is_bare_sender(name: str) -> bool:
    """Whether each word of a name fits the button of any form: «Create», «Confirm and submit»."""
    parts = [part for part in re.split(r"[\s&+,/]+", plain(name).strip(" .!→›»*")) if part]
    bare = all(says_whole(SUBMIT, p) or says_whole(AGREE, p) or consists_of(p, SUBMIT, AGREE, TO_SEND) for p in parts)
    return bare and any(says(SUBMIT, p) for p in parts)


def _sends_a_line(name: str) -> bool:
    """Whether a name says nothing but that a message is sent: «Send message», but not «Send SMS» or «Broadcast»."""
    return is_bare_sender(name) or consists_of(name, TO_SEND, AGREE, ASKING_WORDS)


def is_of_row(element: Element, screen: Screen) -> bool:
    """Whether a control belongs to one row of a list, such as a person: «Send request» beside «Bob Miller».

    Plain links do not count, nor do rows that name the app's own staff or a support request."""
    if is_plain_link(element) or not element.beside:
        return False
    rows = {t.text for t in screen.texts if t.role in ("listitem", "cell") and t.frame == element.frame}
    return any(t in rows and not (says(OURS, t) or says(HUB, t) or says(MATTER, t)) for t in element.beside)


def is_lone_question(element: Element, screen: Screen) -> bool:
    """Whether a link is a question outside of a help library and outside of a list of questions.

    Such a link may perform an act at once: «Want to unsubscribe from our list?»"""
    if not is_title(element) or not is_plain_link(element) or EXPANDS in element.hints or in_library(element.href):
        return False
    return sum(is_title(e) for e in screen.elements if e.region == element.region) < _QUESTIONS


def asks_for_information(element: Element, screen: Screen) -> bool:
    """Whether a scripted control whose name is a question is an entry of a FAQ, and no question to answer.

    It begins with a word such as «where», or is one of several questions side by side. «Shall we send an engineer?»
    alone may be answered by a press, and so may whatever calls somebody out."""
    if says(CALLOUT, element.name):
        return False
    alike = (e for e in screen.elements if (e.region, e.role, e.frame) == (element.region, element.role, element.frame))
    return says(INTERROGATIVE, element.name) or sum(asks(plain(e.name)) for e in alike) >= _QUESTIONS


def posts(element: Element) -> bool:
    """Whether the element's markup says that a press sends something at once."""
    return bool(element.sends) and not element.sends.startswith("get")


def posts_cart(element: Element) -> bool:
    """Whether a control such as «Checkout» posts its form to the cart's own address, which leads to the checkout."""
    method, _, address = element.sends.partition(" ")
    return (
        method == "post"
        and says_whole(CARTS, next(reversed(address_words(address)), ""))
        and leads_to_checkout(element)
    )


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
        """Whether the control is an entry of a journey. If roles are given, only journeys with these roles count."""
        return any(fit(r, element) >= _DOOR for j in self.journeys if not roles or j.role in roles for r in j.entry)

    def names_door(self, element: Element, least: float, role: Role = Role.TICKET) -> bool:
        """Whether a text, put as a control, fits the entry of a request for support with at least this score."""
        return any(fit(r, element) >= least for j in self.journeys if j.role is role for r in j.entry)

    def names_chat(self, element: Element, least: float) -> bool:
        """Whether a text, put as a control, fits the entry of a chat with support with at least this score."""
        return self.names_door(element, least, Role.CHAT)

    def is_reply(self, element: Element, screen: Screen) -> bool:
        """Whether a form adds something to one of the user's own support requests."""
        return is_own_request(element, screen, lambda door: self.is_door(door, Role.TICKET))

    def may_be_door(self, element: Element) -> bool:
        """Whether the control is an entry of a journey, or its id or address hints that it is one."""
        return any(fit(r, element) >= _HINTED for j in self.journeys for r in j.entry)

    def implied(
        self, element: Element, form: Form | None, screen: Screen, purpose: Purpose, role: Role, kinds: Acts
    ) -> Acts:
        """The acts that the journey implies for this press, so that they need no `--allow`.

        `kinds` are the acts that the control names.
        """
        if not kinds:
            return NONE
        if purpose is Purpose.SEND:
            handed_in = self.handed_in(element, screen, role)
            beyond = (acts_beyond_name(element) - handed_in) | (acts_of_form(form) if form is not None else NONE)
            plainly = role is Role.TICKET and self._only_sends(element, screen)
            implied = self._own_sending(element, form, screen, role) | (handed_in - acts_in(plain(element.name)))
            return implied | (NONE if not plainly else kinds - beyond)
        if purpose is Purpose.DOOR and role is Role.UPLOAD and element.role == "tab" and not element.sends:
            return frozenset({"send", "change"})  # «Respond» shows the form that takes the file
        if purpose is Purpose.READ or (purpose is Purpose.DOOR and role is Role.KNOWLEDGE):
            return self._title_only(element, screen)  # «Help: restart a lamp»
        if purpose is Purpose.FETCH and is_plain_link(element) and (element.download or is_file(element.href)):
            return acts_in(plain(element.name)) & {"change", "payment"} - acts_of_address(element.href)
        if purpose is Purpose.FETCH:
            return frozenset({"change"}) if acts_of(element) == {"change"} and not self.public else NONE
        if purpose is Purpose.DOOR and role is Role.PAYMENT:
            return self._way_to_pay(element)
        if purpose is Purpose.DOOR and role is Role.ACCOUNT and is_plain_link(element) and self.is_door(element):
            return (
                frozenset({"change"}) if acts_of_address(element.href) <= {"change"} else NONE
            )  # «Edit profile» shows it
        if purpose is Purpose.DOOR:
            own = (
                self.is_door(element) and not names_others(element) and not (self.public and is_of_row(element, screen))
            )
            return _OWN_WAY.get(role, NONE) if own else NONE
        return NONE

    def handed_in(self, element: Element, screen: Screen, role: Role) -> Acts:
        """The acts that the form's address names although it only hands in a request, a chat line or a file."""
        if role not in (Role.TICKET, Role.CHAT, Role.UPLOAD):
            return NONE
        return acts_of_handing_in(element, screen, lambda door: self.is_door(door, Role.TICKET, role))

    def _title_only(self, element: Element, screen: Screen) -> Acts:
        """The acts that an article's title names but does not perform.

        A link counts as a title if it leads into a help library or has three or more words, and if nothing but its
        name says that it performs an act. On a public target, a question outside of a library counts only in a list
        of questions."""
        at_work = element.sends or element.asks or acts_of_address(element.href)
        linked = is_plain_link(element) or (not self.strict and element.role in ("link", "clickable"))
        titled = in_library(element.href) or is_sentence(plain(element.name))
        titled = titled and not (self.public and is_lone_question(element, screen))
        return acts_in(plain(element.name)[:90]) if linked and titled and not at_work else NONE

    def _own_sending(self, element: Element, form: Form | None, screen: Screen, role: Role) -> Acts:
        if role is not Role.LOGIN and (names_others(element) or (self.public and goes_to_others(element.name))):
            return NONE
        if role is Role.LOGIN and form is not None and form.nature != "login":
            return NONE  # a password that confirms something
        implied = _OWN_SENDING.get(role, NONE)
        if (
            role is Role.CHAT and self.public
        ):  # «Post reply» is below a thread that everybody reads, «Broadcast» for many
            implied = implied - {"publish"} if says_nothing(element) or _sends_a_line(element.name) else NONE
        if role is Role.UPLOAD and self.public and not self._takes_files(element, screen):
            implied -= {"change"}  # «Save» under «Personal details» replaces the user's photo
        implied -= acts_of_form(form) if form is not None else NONE
        if role is Role.TICKET and (not self.public or self.is_door(element)):
            implied |= {"change", "publish"} if not self.public else {"change"}
        return implied

    def _takes_files(self, element: Element, screen: Screen) -> bool:
        """Whether the control stands in a place for handing in files.

        The nearest heading, the page's title or its address says so, or the page belongs to one of the user's own
        support requests."""
        told = (*element.headings[-1:], screen.title, *address_words(screen.address)[-1:])
        doors = (self.is_door(titled(text), Role.UPLOAD, Role.TICKET) for text in told if text)
        return any(doors) or self.is_reply(element, screen)

    def _only_sends(self, element: Element, screen: Screen) -> bool:
        """Whether a button with a general name («Create», «Save», «Agree and send») only sends a support request.

        Forms of all kinds have such buttons. So a heading, the title or an address must mention a request. A profile
        with «Title», «Description» and «Save» is no request."""
        if looks_harmful(element) or not is_bare_sender(element.name):
            return False
        places = address_words(screen.address)[-2:] + address_words(sent_to(element, screen))[-2:]
        told = (*element.headings, screen.title)
        doors = (self.is_door(titled(text), Role.TICKET) for text in (*told, *places))
        return any(says(MATTER, text) for text in told) or any(doors)

    def _way_to_pay(self, element: Element) -> Acts:
        """The act `payment`, if the control only leads to a form that asks for a card; else nothing.

        On a public target, this holds for plain links and for controls that lead to the checkout. Elsewhere it also
        holds for a plain link that is only a picture of a card."""
        pictured = not self.strict and says_nothing(element) and self.is_door(element) and is_plain_link(element)
        if not pays_a_bill(element) and not pictured:
            return NONE
        told = acts_in(plain(element.name)) if leads_to_checkout(element) else NONE  # «Finalizar compra»
        if is_plain_link(element):
            return told | {"payment"} if acts_of_address(element.href) <= {"payment"} else NONE
        if posts_cart(element):
            return told | {"payment"}
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
        return any(self.is_door(titled(name)) for name in told)

    def over(self, element: Element, form: Form | None, purpose: Purpose, role: Role) -> Acts:
        """The acts that the headings over a form name and that the journey does not imply.

        Sending the form performs these acts, whatever its button says: «Upload» under «Import customers (replaces
        all)»."""
        sending = purpose is Purpose.SEND or (purpose is Purpose.LOOK and element.kind == "submit")
        if not sending or element.sends.startswith("get"):
            return NONE
        headings = element.headings
        if role is Role.LOGIN:
            sure = says_so(element)
            told = acts_over(headings, sure=sure)
            return told & ENDING if sure and form is not None and names_and_passes(form.fields) else told
        found = {
            act for n, heading in enumerate(headings, 1) for act in self._of_heading(heading, role, n == len(headings))
        }
        return frozenset(found)

    def _of_heading(self, heading: str, role: Role, nearest: bool) -> Acts:
        """The acts that this heading announces for the form below it, beyond those that the journey implies.

        `nearest` says that this is the heading right above the form. «Message to all members» names no act, but right
        above a form it adds `send`, because the form would send to other people. On a test system, for a role in
        `_UNDER_HEADING`, only the nearest heading can add `payment`: «Order 42» at the top of a page is only a name.
        """
        implied = _UNDER_HEADING.get(role, NONE) - ({"publish"} if self.public else NONE)
        title = titled(heading)
        told = acts_of_heading(heading, verbs_only=not self.strict)
        if not self.strict and implied:  # «Update ticket 42» is what a ticket is for there
            return (told & (GRAVE if nearest else GRAVE - {"payment"})) - implied
        if (
            implied and self.is_door(title) and not says(PORTRAIT, heading) and not is_addressed(heading)
        ):  # «Add an attachment», «Contact customer service»: what one looks for
            return told - implied - ({"change"} if self.public else {"change", "publish"})
        if goes_to_others(heading) and role is not Role.PAYMENT:
            return told | ({"send"} if implied and nearest else NONE)
        return told - implied - (_topic(heading) if role is Role.TICKET else NONE)


def _topic(heading: str) -> Acts:
    """The acts that are only the topic of a request, by its heading: «Change request», «Reset my password».

    «Change of address» is no such topic, because that form itself changes what the app knows about the user."""
    told = plain(heading)
    if says_whole(SIGNUP, told.strip(" .!?:")) and says(PASSWORD, told):
        return frozenset({"change", "delete"})
    return frozenset({"change"}) if says(MATTER, told) and not says(NOUNS["change"], told) else NONE
