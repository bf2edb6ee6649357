"""Decides whether a form that asks for a password, or for the user name that comes before one, is a login. Pure.

Many forms ask for a password in order to do something else: to change the e-mail address, to close the account, to move
money, to save a guest's comment. So a login needs positive evidence, and nothing that speaks of another purpose:

- the control that sends it says so («Sign in»), or
- a heading, the title, the address, the form's id or the control's whole name («Enter») says so, and the control names
  no act («Continue»), or
- the form has a user name and a password, a neutral control, and nothing on the page names an act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from flows.recognise.fields import field_kind, takes_text
from flows.recognise.icons import is_nameless, words_for
from flows.recognise.languages import Act, languages
from flows.recognise.lexicon import (
    AGREE,
    AGREEMENT,
    LOGIN,
    LOGOUT,
    OTHERS,
    RECIPIENT,
    SIGNUP,
    SUBMIT,
    UNSUBMIT,
    acts_in,
    developer_words,
    plain,
    says,
    says_whole,
)
from flows.recognise.matcher import Group
from flows.screen import PROMPT, Element, Screen, sent_to

NEWS = Group("forms", "news")
RENEWAL = Group("forms", "renewal")
"""Labels of forms that change a login: «New e-mail address», «Current password»."""
VERBS = Group("developers", "act-verbs")
DOORS = Group("developers", "logins")
"""How developers name the address or the form of a login."""
_MOST = 90
"""The number of characters of a name or heading that are judged."""
_SENTENCE = 200
"""The longest text, in characters, that can be an instruction for the form."""
_BEYOND = frozenset({"message", "subject", "amount", "file", "card-number", "card-cvc", "card-expiry"})
"""Kinds of fields that no login has."""
_NAMES = frozenset({"username", "email", "phone"})
"""Kinds of fields that say by themselves that they take a user name."""
_LONG = frozenset({"textarea", "multiline", "contenteditable"})
_SENDING = frozenset({"submit", "image"})
"""Kinds of controls that send a form without a script."""
_ENDS: frozenset[Act] = frozenset({"end", "delete"})
_COSTLY: frozenset[Act] = frozenset({"payment", "end", "delete"})
_GRAVE: frozenset[Act] = frozenset({"payment", "publish", "end", "delete"})
_MILD: frozenset[Act] = frozenset({"send", "publish"})
"""Acts that the name of a control for any form may contain: «Send», «Confirm»."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it is on a screen. `sender` is the control that would send it, if it has one; `group` its id."""

    fields: Sequence[Element]
    controls: Sequence[Element]
    sender: Element | None
    screen: Screen
    frame: str = ""
    group: str = ""

    @property
    def address(self) -> str:
        """The address of the form's document."""
        return (
            next((f.url for f in self.screen.frames if f.key == self.frame and self.frame), "") or self.screen.address
        )

    @property
    def title(self) -> str:
        """The title of the form's document."""
        return (
            next((f.title for f in self.screen.frames if f.key == self.frame), "") if self.frame else self.screen.title
        )

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings over the form, outermost first.

        Without any, as in native apps, they are those of the part of the screen that the form is in."""
        over = max((e.headings for e in (*self.fields, *filter(None, (self.sender,)))), key=len, default=())
        region = self.fields[0].region
        return over or tuple(
            t.text
            for t in self.screen.texts
            if t.role == "heading" and t.frame == self.frame and t.region in (region, "") and t.text != self.title
        )


def is_login(asked: Asked) -> bool:
    """Whether a form with exactly one password field logs the user in. See the module for the evidence."""
    if asked.group == PROMPT:
        return True
    if _asks_more(asked.fields) or _does_more(asked):
        return False
    if says_so(asked.sender):
        alone = len([f for f in asked.fields if takes_text(f)]) < 2 and _is_known(asked)  # «Enter» again, to confirm
        return not acts_over(asked.headings, sure=True) and not alone
    if not _is_neutral(asked.sender) or _signs_up(asked) or _acts_over_neutral(asked) or _is_known(asked):
        return False
    if _is_headed(asked):
        return True
    renewed = {_kind(f) for f in asked.fields if _is_hinted_new(f)}
    return not renewed - {"password"} if _is_told(asked) else not renewed and _looks_like_one(asked)


def is_first_step(asked: Asked) -> bool:
    """Whether a form with one text field for a user name is the first step of a login.

    A link «Log in» beside it is no evidence: forms for a new account and for a forgotten password have one, too."""
    if _asks_more(asked.fields) or _does_more(asked) or _signs_up(asked):
        return False
    if says_so(asked.sender):  # «Anmelden» subscribes as well
        return not acts_over(asked.headings, sure=True) and not says(NEWS, next(reversed(asked.headings), ""))
    beside = any(says_so(c) and not _leads_away(c) for c in asked.controls)
    told = says(LOGIN, asked.title) or beside or any(says(LOGIN, h) for h in asked.headings)
    return told and _is_neutral(asked.sender) and not _acts_over_neutral(asked) and not _is_known(asked)


def says_so(control: Element | None) -> bool:
    """Whether the control's name or icon says that it logs in, and nothing else: not «Log in and delete»."""
    if control is None:
        return False
    names = words_for(control) if is_nameless(control) else (plain(control.name)[:_MOST],)
    said = [name for name in names if says(LOGIN, name) and not says(LOGOUT, name)]
    return any(not acts_in(name) - ({"change"} if says(SIGNUP, name) else set()) for name in said)


def acts_over(headings: Sequence[str], *, sure: bool) -> frozenset[Act]:
    """The acts that the headings over a login form name, and that a login does not perform.

    A heading that says login names no act of the form, only where the login leads: «Sign in to cancel your booking».
    If the nearest heading says login, or the control does (`sure`), the outer headings belong to the page («Write a
    review»). Then only their acts `delete` and `end` count."""
    found: set[Act] = set()
    covered = False
    for heading in reversed(headings):
        if says(LOGIN, heading):
            covered = True
            continue
        told = acts_in(plain(heading)[:_MOST])
        found |= told & _ENDS if covered else told
        covered = covered or sure
    return frozenset(found)


# -- what speaks against it ----------------------------------------------------------------------------------------


def _asks_more(fields: Sequence[Element]) -> bool:
    """Whether the form asks for more than a login: a second address, a new one, a message, a recipient, an amount."""
    kinds = [_kind(f) for f in fields]
    if _BEYOND & set(kinds) or kinds.count("email") > 1 or any(f.kind in _LONG for f in fields):
        return True
    for each in fields:
        label = plain(each.name).strip(" :*").lower()
        if takes_text(each) and (_renews(each) or says_whole(RECIPIENT, label) or says(NEWS, label)):
            return True
        chosen = (each.name, *each.options) if not takes_text(each) else ()
        if any(_acts_of_choice(text) for text in chosen):
            return True
    return False


def _acts_of_choice(text: str) -> frozenset[Act]:
    """The grave acts that a box or an option names. To accept terms publishes nothing."""
    told = acts_in(plain(text)[:_MOST]) & _GRAVE
    return told & _COSTLY if says(AGREEMENT, text) else told


def _kind(field: Element) -> str:
    """What the field expects (`field_kind`). A tall box without a label does not count as a message here, because
    logins have such boxes."""
    return field_kind(replace(field, box=(0, 0, 0, 0)))


def _renews(field: Element) -> bool:
    """Whether the label says that the field takes a new address or password, or the present one to be replaced."""
    return says(RENEWAL, plain(field.name))


def _is_hinted_new(field: Element) -> bool:
    """Whether an id, a name or a class says the same of a field: `newEmail`, but not `new-input`. It proves less than a
    button or a heading that says login.

    `autocomplete` says «current-password» and, against password managers, «new-password» on true logins as well."""
    told = (developer_words(h) for h in field.hints if h.lower() not in ("current-password", "new-password"))
    return any(says(RENEWAL, words) and _names_login(words) for words in told)


def _names_login(words: str) -> bool:
    """Whether an identifier names a user name or a password."""
    return _kind(Element("", "", "textbox", words)) in _NAMES | {"password"}


def _does_more(asked: Asked) -> bool:
    """Whether another control of the form names an act: «Delete account» beside «Confirm».

    If the sender says «Sign in», only controls that send the same form count, and only if they cost or end
    something. Without a `<form>`, none counts then, because the controls around need not belong to the login."""
    sure = says_so(asked.sender)
    if not asked.group and sure:
        return False
    return any(_acts_beside(c, sure=sure) for c in asked.controls if c is not asked.sender)


def _acts_beside(control: Element, *, sure: bool) -> frozenset[Act]:
    """The acts of a control beside the sender that no login has."""
    if is_nameless(control) or _leads_away(control) or control.kind == "reset":
        return frozenset()
    if sure and control.kind not in _SENDING:
        return frozenset()
    name = plain(control.name)[:_MOST]
    if says(LOGIN, name) or says(SIGNUP, name) or says_whole(UNSUBMIT, name):
        return frozenset()
    acts = acts_in(name)
    return acts & _COSTLY if sure else acts - ({"send"} if control.kind == "submit" else {"send", "change"})


def _signs_up(asked: Asked) -> bool:
    """Whether the control that sends the form creates an account or a new password. Such a control is not that of a
    login."""
    own = (c for c in asked.controls if c.kind == "submit" and not is_nameless(c) and not _leads_away(c))
    return asked.sender is None and any(says(SIGNUP, c.name) for c in own)


def _leads_away(control: Element) -> bool:
    """Whether the control is a link that only asks for another page."""
    return bool(control.href) and not control.sends and not control.href.startswith("javascript:")


def _is_neutral(sender: Element | None) -> bool:
    """Whether the control fits any form: «Continue», «Send», «Confirm» alone, a picture, or none at all (Enter)."""
    if sender is None or is_nameless(sender):
        return True
    name = plain(sender.name).strip(" .!→›»")
    acts = acts_in(name)
    if says(SIGNUP, name) or says(OTHERS, name) or says(NEWS, name) or acts - _MILD:
        return False
    return not acts or (" " not in name and (says_whole(SUBMIT, name) or says_whole(AGREE, name)))


def _acts_over_neutral(asked: Asked) -> bool:
    """Whether a form with a neutral control is for something other than a login, by a heading, its title, its address
    or, for a single field, an instruction near it.

    It is if one of them names an act, a new account or a newsletter. Under a heading that says login, the title and
    the outer headings are those of the site («Remit – Send money abroad»). Then only their acts `delete` and `end`
    count."""
    headings, covered = asked.headings, _is_headed(asked)
    for heading in (*headings, asked.title):
        told = acts_in(plain(heading)[:_MOST])
        outer = heading == asked.title or (covered and heading != headings[-1])
        if says(LOGIN, heading) or (covered and outer):
            other = bool(told & (_ENDS if outer else _GRAVE))
        else:
            other = bool(told) or says(SIGNUP, heading) or says(NEWS, heading)
        if other:
            return True
    if len([f for f in asked.fields if takes_text(f)]) < 2 and _instructed(asked, _ENDS):
        return True
    return _is_act(_parts(asked.address))


def _is_act(places: Sequence[str]) -> bool:
    """Whether the last part of an address names an act: `/settings/e-mail/change`, `/account/close`."""
    if not places or any(map(_is_door, places[-2:])):
        return False
    last = places[-1]
    return says_whole(VERBS, last) or bool(acts_in(last) | acts_in(" ".join((last, *places[-2:-1]))))


def _instructed(asked: Asked, kinds: frozenset[Act]) -> bool:
    """Whether a sentence near the form names an act of these kinds: «Enter your password to close your account.»"""
    region = asked.fields[0].region
    near = (t.text for t in asked.screen.texts if t.frame == asked.frame and t.region == region)
    return any(acts_in(plain(text)) & kinds for text in near if len(text) < _SENTENCE and not says(LOGIN, text))


def _is_known(asked: Asked) -> bool:
    """Whether the user is logged in already, so that a password confirms something else."""
    own = asked.controls if asked.group else ()  # some logins have a button «Leave»
    return any(says(LOGOUT, e.name) for e in asked.screen.elements if e not in own)


# -- what speaks for it --------------------------------------------------------------------------------------------


def _is_headed(asked: Asked) -> bool:
    """Whether the nearest heading says that it is a login."""
    return says(LOGIN, next(reversed(asked.headings), ""))


def _is_told(asked: Asked) -> bool:
    """Whether some words say that the form is a login: a heading, the title, the address, the form's id or address,
    or the whole name of its control."""
    if _is_called_entry(asked.sender) or any(says(LOGIN, told) for told in (*asked.headings, asked.title)):
        return True
    action = sent_to(asked.sender, asked.screen) if asked.sender is not None else ""
    named = developer_words(asked.group.partition(":")[2])
    places = [*_parts(asked.address)[-2:], *_parts(action)[-2:], named]
    return any(map(_is_door, places))


def _is_called_entry(control: Element | None) -> bool:
    """Whether the whole name is one by which users find a login: «Entra».

    Such a word may mean something else in a longer name, and so it is no proof by itself."""
    if control is None or is_nameless(control):
        return False
    spoken = languages().files.items()
    entry = {tag: told.entry for tag, words in spoken if (told := words.journeys.get("login"))}
    return says_whole(entry, plain(control.name).strip(" .!→›»"))


def _looks_like_one(asked: Asked) -> bool:
    """Whether the form looks like a login: it has nothing but a user name, a password and a box to be remembered,
    and nothing around it names an act. «Name» alone may be a guest's."""
    texts = [f for f in asked.fields if takes_text(f)]
    names = [f for f in texts if _kind(f) != "password"]
    others = [f for f in asked.fields if f not in texts]
    bare = len(names) == 1 and _kind(names[0]) in _NAMES and len(others) <= 1
    if not bare or any(f.role != "checkbox" for f in others):
        return False
    sender = asked.sender
    said = (
        sender is None or is_nameless(sender) or says(SUBMIT, sender.name)
    )  # not in a language that nobody here reads
    acts = acts_in(plain(sender.name)) if sender is not None else frozenset()
    decides = acts - {"send"} and not says(SUBMIT, sender.name if sender is not None else "")  # «Accept», not «Valider»
    return said and not decides and not _instructed(asked, _GRAVE)


def _is_door(words: str) -> bool:
    """Whether a segment of an address, or a form's id, is what developers call a login."""
    return says(LOGIN, words) or says(DOORS, words)


def _parts(address: str) -> list[str]:
    """The words of an address without numbers."""
    return [words for words in address_words(address) if not words.isdigit()]


def address_words(address: str) -> list[str]:
    """The words of the segments of an address's path and of its route (`#/sign-in`), or of an activity's name; empty
    for an invalid address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    route = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    segments: Iterable[str] = unquote(f"{parts.path}/{route.partition('?')[0]}").split("/")
    return [words for s in segments if (words := developer_words(s))]
