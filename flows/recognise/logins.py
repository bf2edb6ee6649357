"""Decides whether a form that asks for a password, or for a user name as a first step, is a login. Pure.

Many forms ask for a password in order to do something else: to change the e-mail address, to close the account, to move
money, to save a guest's comment. So a form is a login only if nothing indicates another purpose and one of these holds:

- The control that sends the form says login («Sign in», but not «Sign on behalf of the company»).
- A heading, the title, the address, the form's id or the control's whole name («Enter») says login, and the control
  names no act («Continue»).
- The form has a user name, a password and a neutral control, and nothing on the page names an act.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from flows.recognise.asked import Asked, parts_of
from flows.recognise.fields import field_kind, takes_text
from flows.recognise.icons import is_nameless
from flows.recognise.languages import Act
from flows.recognise.lexicon import (
    AGREE,
    AGREEMENT,
    AUTHORISE,
    GRAVE,
    HUB,
    LOGIN,
    LOGOUT,
    NEWS,
    OTHERS,
    RECIPIENT,
    SIGNUP,
    SUBMIT,
    UNSUBMIT,
    acts_in,
    acts_named,
    developer_words,
    plain,
    says,
    says_whole,
)
from flows.recognise.login_words import greets, is_called_entry, is_door, says_so
from flows.recognise.matcher import Group
from flows.recognise.site_name import DEED
from flows.screen import PROMPT, Element, sent_to

RENEWAL = Group("forms", "renewal")
"""Labels of fields in forms that change a user name or password: «New e-mail address», «Current password»."""
VERBS = Group("developers", "act-verbs")
_MOST = 90
"""How many characters of a name or heading are examined. The rest is ignored."""
_SENTENCE = 200
"""The longest text, in characters, that can be an instruction for the form."""
_BEYOND = frozenset({"message", "subject", "amount", "file", "card-number", "card-cvc", "card-expiry"})
"""Kinds of fields that no login has."""
_NAMES = frozenset({"username", "email", "phone"})
"""Kinds of fields that can take a user name."""
_LONG = frozenset({"textarea", "multiline", "contenteditable"})
_SENDING = frozenset({"submit", "image"})
"""Kinds of controls that send a form without a script."""
ENDING: frozenset[Act] = frozenset({"end", "delete"})
"""Acts that speak against a login even if only an outer heading of the page names them."""
_GRAVE: frozenset[Act] = GRAVE | {"publish"}
_MILD: frozenset[Act] = frozenset({"send", "publish"})
"""Acts that even a neutral control may name, one that fits any form: «Send», «Confirm»."""


def is_login(asked: Asked) -> bool:
    """Whether a form with exactly one password field logs the user in. The module's docstring lists the evidence."""
    if asked.group == PROMPT:
        return True
    if _asks_more(asked.fields) or _does_more(asked):
        return False
    if _is_sure(asked):
        alone = len([f for f in asked.fields if takes_text(f)]) < 2 and _is_known(asked)  # «Enter» again, to confirm
        told = acts_over(asked.headings, sure=True)
        return not alone and not (told & _ruling_out(asked) if names_and_passes(asked.fields) else told)
    if not _is_neutral(asked.sender) or _signs_up(asked) or _acts_over_neutral(asked) or _is_known(asked):
        return False
    if _is_headed(asked):
        return True
    renewed = {_kind(f) for f in asked.fields if _is_hinted_new(f)}
    return not renewed - {"password"} if _is_told(asked) else not renewed and _looks_like_one(asked)


def is_evident(asked: Asked) -> bool:
    """Whether anything but its fields shows that a form is a login, or no heading names another purpose."""
    return asked.group == PROMPT or _is_sure(asked) or _is_told(asked) or is_unheaded(asked)


def is_first_step(asked: Asked) -> bool:
    """Whether a form with one text field for a user name is the first step of a login.

    A link «Log in» beside it is no evidence: forms for a new account and for a forgotten password have one, too."""
    if _asks_more(asked.fields) or _does_more(asked) or _signs_up(asked) or _enters_something(asked):
        return False
    if _is_sure(asked):  # «Anmelden» subscribes as well, and enters a draw or opens a download
        news = says(NEWS, next(reversed(asked.headings), ""))
        sure = not _is_lone_address(asked) or _is_told_around(asked) or is_unheaded(asked)
        return sure and not news and not acts_over(asked.headings, sure=True)
    beside = any(says_so(c) and not _leads_away(c) for c in asked.controls)
    told = says(LOGIN, asked.title) or beside or any(says(LOGIN, h) for h in asked.headings)
    told = told or (_is_told_around(asked) if _names_user(asked) else _is_called_login(asked))
    return told and _is_neutral(asked.sender) and not _acts_over_neutral(asked) and not _is_known(asked)


def _enters_something(asked: Asked) -> bool:
    """Whether an address is asked for in order to take part in something: «Anmeldung zum Webinar», «Acceso al sorteo».

    Many languages have one word for logging in and for entering. The nearest heading tells which is meant."""
    heading = next(reversed(asked.headings), "") or asked.title
    return _is_lone_address(asked) and says(DEED, heading) and not _names_user(asked)


def _is_sure(asked: Asked) -> bool:
    """Whether the control that sends the form says that it logs in, and nothing else."""
    return says_so(asked.sender, asked.address)


def _ruling_out(asked: Asked) -> frozenset[Act]:
    """The acts of a heading that rule out a login with a user name, a password and a button «Sign in».

    An end or a deletion always does. A decision («Authorise payment») does not if a heading, the title or the address
    says login, because it then tells what comes after, as «Pay your bill» does anywhere."""
    return ENDING if _is_told_around(asked) else ENDING | {"publish"}


def _is_lone_address(asked: Asked) -> bool:
    """Whether the only text field is for an e-mail address or a phone number, and no hint calls it a user name."""
    texts = [f for f in asked.fields if takes_text(f)]
    return len(texts) == 1 and _kind(texts[0]) in ("email", "phone") and not _names_user(asked)


def _names_user(asked: Asked) -> bool:
    """Whether a field says that it takes a user name, by its label or by a developer's word (`autocomplete`)."""
    texts = [f for f in asked.fields if takes_text(f)]
    return any(_kind(f) == "username" or any("username" in h.lower().split() for h in f.hints) for f in texts)


def names_and_passes(fields: Sequence[Element]) -> bool:
    """Whether a form asks for a user name and a password.

    If its control also says «Sign in», the heading may tell what follows the login: «Pay your bill»."""
    texts = [f for f in fields if takes_text(f)]
    return len(texts) > 1 and any(_kind(f) in _NAMES for f in texts) and any(_kind(f) == "password" for f in texts)


def acts_over(headings: Sequence[str], *, sure: bool) -> frozenset[Act]:
    """The acts in a form's headings that speak against a login.

    The acts in a heading that says login do not count, because they tell where the login leads: «Sign in to cancel
    your booking».

    If the nearest heading says login, or the control does (`sure`), the outer headings belong to the page («Write a
    review»). Then only their acts `delete` and `end` count."""
    found: set[Act] = set()
    covered = False
    for heading in reversed(headings):
        if says(LOGIN, heading):
            covered = True
            continue
        told = acts_named(plain(heading)[:_MOST])
        found |= told & ENDING if covered else told
        covered = covered or sure
    return frozenset(found)


# -- what speaks against it ----------------------------------------------------------------------------------------


def _asks_more(fields: Sequence[Element]) -> bool:
    """Whether the form asks for more than a login does: a second e-mail address, a message, a recipient, an amount."""
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
    """The grave acts that a check box or an option names. «I accept the terms» does not count as publishing."""
    told = acts_named(plain(text)[:_MOST]) & _GRAVE
    return told & GRAVE if says(AGREEMENT, text) else told


def _kind(field: Element) -> str:
    """What the field expects (`field_kind`), whatever its size.

    Elsewhere, a tall field without a label counts as a message. Here it does not, because logins have such fields."""
    return field_kind(replace(field, box=(0, 0, 0, 0)))


def _renews(field: Element) -> bool:
    """Whether the label asks for a new e-mail address or password, or for the current one that is to be replaced."""
    return says(RENEWAL, plain(field.name))


def _is_hinted_new(field: Element) -> bool:
    """Whether an id, a name or a class says that a field takes a new or the current user name or password.

    `newEmail` says so, `new-input` does not. Such a hint proves less than a button or a heading that says login.
    The values `current-password` and `new-password` of `autocomplete` do not count. True logins have both, the latter
    to keep password managers from filling the field."""
    told = (developer_words(h) for h in field.hints if h.lower() not in ("current-password", "new-password"))
    return any(says(RENEWAL, words) and _names_login(words) for words in told)


def _names_login(words: str) -> bool:
    """Whether an identifier stands for a user name or a password."""
    return _kind(Element("", "", "textbox", words)) in _NAMES | {"password"}


def _does_more(asked: Asked) -> bool:
    """Whether another control of the form names an act: «Delete account» beside «Confirm».

    If the control that sends the form says «Sign in», another one counts only if it sends the same form and its act
    is a grave one (`GRAVE`). Without a `<form>`, no other control counts then: it need not belong to the login."""
    sure = _is_sure(asked)
    if not asked.group and sure:
        return False
    return any(_acts_beside(c, sure=sure) for c in asked.controls if c is not asked.sender)


def _acts_beside(control: Element, *, sure: bool) -> frozenset[Act]:
    """The acts that another control of the form names and that speak against a login."""
    if is_nameless(control) or _leads_away(control) or control.kind == "reset":
        return frozenset()
    if sure and control.kind not in _SENDING:
        return frozenset()
    name = plain(control.name)[:_MOST]
    if says(LOGIN, name) or says(SIGNUP, name) or says_whole(UNSUBMIT, name):
        return frozenset()
    acts = acts_in(name)
    return acts & GRAVE if sure else acts - ({"send"} if control.kind == "submit" else {"send", "change"})


def _signs_up(asked: Asked) -> bool:
    """Whether a submit control creates an account or a new password, and no control of the form suits a login."""
    own = (c for c in asked.controls if c.kind == "submit" and not is_nameless(c) and not _leads_away(c))
    return asked.sender is None and any(says(SIGNUP, c.name) for c in own)


def _leads_away(control: Element) -> bool:
    """Whether the control is a link that only opens another page."""
    return bool(control.href) and not control.sends and not control.href.startswith("javascript:")


def _is_neutral(sender: Element | None) -> bool:
    """Whether the control fits any form: «Continue», «Send», a lone «Confirm», an icon.

    A form without a control, which is sent with the Enter key, counts, too."""
    if sender is None or is_nameless(sender):
        return True
    name = plain(sender.name).strip(" .!→›»")
    acts = acts_in(name)
    if says(SIGNUP, name) or says(OTHERS, name) or says(NEWS, name) or says_whole(AUTHORISE, name) or acts - _MILD:
        return False
    return not acts or (" " not in name and (says_whole(SUBMIT, name) or says_whole(AGREE, name)))


def _acts_over_neutral(asked: Asked) -> bool:
    """Whether a form with a neutral control has another purpose than a login.

    A heading or the page's title shows this if it names an act, a new account or a newsletter. The page's address shows
    it if its last part names an act. For a single field, an instruction near it does («… to close your account»).

    If the nearest heading says login, the title and the outer headings are those of the site («Remit – Send money
    abroad»). Then only their acts `delete` and `end` count."""
    headings, covered = asked.headings, _is_headed(asked)
    for heading in (*headings, asked.title):
        told = acts_named(plain(heading)[:_MOST])
        outer = heading == asked.title or (covered and heading != headings[-1])
        if says(LOGIN, heading) or (covered and outer):
            other = bool(told & (ENDING if outer else _GRAVE))
        else:
            other = bool(told) or says(SIGNUP, heading) or says(NEWS, heading)
        if other:
            return True
    if len([f for f in asked.fields if takes_text(f)]) < 2 and _instructed(asked, ENDING):
        return True
    spoken = covered and says(LOGIN, asked.title)
    return _is_act(parts_of(asked.address), told=spoken)


def _is_act(places: Sequence[str], *, told: bool) -> bool:
    """Whether the last part of an address names an act: `/settings/e-mail/change`, `/account/close`.

    Identity providers have verbs in their addresses as well (`/oauth2/v2.0/authorize`, `/signin/v2/confirm`). Such a
    verb, which costs and ends nothing, does not count if an earlier part says login, or if heading and title do (`told`)."""
    if not places or any(map(is_door, places[-2:])):
        return False
    last = places[-1]
    acts = acts_named(last) | acts_in(" ".join((last, *places[-2:-1])))
    mild: frozenset[Act] = frozenset({"publish", "change"} if told else {"publish"})
    if (told or any(map(is_door, places))) and not (acts | acts_in(f"{last} account")) - mild:
        return False
    return says_whole(VERBS, last) or bool(acts)


def _instructed(asked: Asked, kinds: frozenset[Act]) -> bool:
    """Whether a sentence near the form names an act of these kinds: «Enter your password to close your account.»"""
    region = asked.fields[0].region
    near = (t.text for t in asked.screen.texts if t.frame == asked.frame and t.region == region)
    return any(acts_in(plain(text)) & kinds for text in near if len(text) < _SENTENCE and not says(LOGIN, text))


def _is_known(asked: Asked) -> bool:
    """Whether the user is logged in already, so that a password confirms something else."""
    own = asked.controls if asked.group else ()  # some logins have a button «Leave»
    return any(says(LOGOUT, e.name) for e in asked.screen.elements if e not in own)


def is_unheaded(asked: Asked) -> bool:
    """Whether no heading tells what the form is for.

    There is none, or the nearest one names the site or «Home», or is a greeting («Welcome back»). Any other heading
    tells a purpose. So «Two-factor recovery» over a user name and a password speaks against a login, unless something
    else says login."""
    heading = plain(next(reversed(asked.headings), "")).strip(" .!?:").lower()
    page = f"{plain(asked.title)} {urlsplit(asked.address).hostname or ''}".lower()
    named = re.search(rf"(?<!\w){re.escape(heading)}(?!\w)", page) is not None
    return not heading or named or says_whole(HUB, heading) or greets(heading)


# -- what speaks for it --------------------------------------------------------------------------------------------


def _is_headed(asked: Asked) -> bool:
    """Whether the nearest heading says that the form is a login."""
    return says(LOGIN, next(reversed(asked.headings), ""))


def _is_told(asked: Asked) -> bool:
    """Whether words on or around the form say that it is a login.

    Such words are a heading, the title, the page's address, the form's id or address, or its control's whole name."""
    return is_called_entry(asked.sender) or _is_told_around(asked)


def _is_told_around(asked: Asked) -> bool:
    """Whether anything but the form's control says that the form is a login."""
    told = (*asked.headings, asked.title)
    return (
        any(says(LOGIN, t) for t in told) or any(map(is_door, parts_of(asked.address)[-2:])) or _is_called_login(asked)
    )


def _is_called_login(asked: Asked) -> bool:
    """Whether the form's id, or the address that it is sent to, says that it is a login."""
    action = sent_to(asked.sender, asked.screen) if asked.sender is not None else ""
    return any(map(is_door, (*parts_of(action)[-2:], developer_words(asked.group.partition(":")[2]))))


def _looks_like_one(asked: Asked) -> bool:
    """Whether the form looks like a login, although no words say so.

    It has only a user name, a password and perhaps one check box («Remember me»), and nothing around it names an act.
    A field «Name» is not enough, because it may be for a guest's name."""
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
