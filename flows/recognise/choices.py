"""Finds the acts of a form that its button does not name, from its fields, check boxes and chosen options. Pure."""

from __future__ import annotations

import re

from flows.recognise.acts import NONE, Acts, costs_or_loses
from flows.recognise.amounts import names_a_price
from flows.recognise.fields import field_kind, is_multiline, takes_text
from flows.recognise.forms import Form
from flows.recognise.languages import Act
from flows.recognise.lexicon import (
    ANY_TIME,
    CONSENT,
    EVERYBODY,
    GRAVE,
    PORTRAIT,
    RECIPIENT,
    REVOKE,
    acts_in,
    acts_named,
    developer_words,
    plain,
    says,
    says_whole,
)
from flows.recognise.matcher import Group
from flows.recognise.site_name import DEED
from flows.screen import Element

COPY, NOBODY = Group("forms", "copy-to"), Group("forms", "nobody")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_MOST = 200
"""Only so many characters of a sentence are examined. The label of a consent check box may be a whole paragraph."""


def acts_of_form(form: Form) -> Acts:
    """Returns the kinds of acts that a form performs, judging by its fields: a recipient, an amount, a portrait.

    A field for recipients of a copy does not count if it can be left empty.
    """
    found: set[Act] = set()
    for each in form.fields:
        label = plain(each.name).strip(" :*").lower()
        listed = takes_text(each) or each.role in ("combobox", "listbox")
        if listed and says_whole(RECIPIENT, label) and not is_left_empty(each):
            found.add("send")
        if field_kind(each) == "amount":
            found.add("payment")
        if field_kind(each) == "file" and says(PORTRAIT, f"{each.name} {' '.join(map(developer_words, each.hints))}"):
            found.add("change")
    return frozenset(found)


def is_copy(field: Element) -> bool:
    """Whether a field is for people who get a copy: «CC», «Share with»."""
    return says_whole(COPY, re.sub(r"\([^()]*\)", "", plain(field.name)).strip(" :*").lower())


def is_left_empty(field: Element) -> bool:
    """Whether the field is for recipients of a copy, is not required, and names no recipient."""
    if not is_copy(field) or field.required:
        return False
    return not field.value.strip() or (bool(field.options) and names_nobody(field.value))


def names_nobody(option: str) -> bool:
    """Whether an option means that nobody gets a copy: «Private request», «Nobody»."""
    return says_whole(NOBODY, plain(option).strip(" .-–—"))


def graves(text: str) -> Acts:
    """Returns the unwanted acts that a check box or an option would perform, according to its text.

    It may cost, end or delete something, or show something to other people. In sentences about consent, only verbs count
    that cost or end something; no sentence counts that says what can be done later («You can withdraw it at any time»).
    """
    found: set[Act] = {"payment"} if names_a_price(text) else set()
    for sentence in _SENTENCES.split(plain(text)):
        if says(ANY_TIME, sentence):
            continue
        if not says(CONSENT, sentence):
            found |= acts_named(sentence[:_MOST]) & GRAVE
        elif not says(REVOKE, sentence):  # «I order the plan and accept the privacy policy»
            found |= acts_in(sentence[:_MOST]) & {"payment", "end"}
        if not says(CONSENT, sentence):
            found |= {"send"} if says(EVERYBODY, sentence) else NONE
    return frozenset(found)


def is_mild(text: str) -> bool:
    """Whether an option or a check box names no act, price or loss, and no other people."""
    return not (acts_in(plain(text)) or graves(text) or costs_or_loses([text]))


def is_grave(text: str) -> bool:
    """Whether an option must not be chosen, even if the form requires a choice."""
    return bool(graves(text) or costs_or_loses([text]))


def acts_of_labels(form: Form) -> Acts:
    """The acts `end` and `delete` that a label names: «Reason for closing your account», «[ ] I cancel my contract».

    Such a label tells what the form is for, even if the box need not be ticked. One that must be ticked and names
    something that one enters into («I take part in the raffle») is `change`."""
    found: set[Act] = set()
    joined: Acts = NONE
    for each in form.fields:
        if each.role in ("checkbox", "switch") and (each.required or each.checked):
            sentences = _SENTENCES.split(plain(each.name))
            joined |= {"change"} if any(says(DEED, s) and not says(CONSENT, s) for s in sentences) else NONE
        if each.role in ("checkbox", "switch") and not each.required and not says(CONSENT, each.name):
            found |= graves(each.name)
        elif takes_text(each) and not is_multiline(each):
            found |= acts_named(plain(each.name)[:_MOST])
    return frozenset(found & {"end", "delete"}) | joined


def chosen_for_good(form: Form) -> Acts:
    """Returns the grave acts that a form requires, or that are selected in it without a harmless alternative."""
    found: set[Act] = set()
    for each in form.fields:
        fixed = each.required or each.readonly or not each.enabled
        if each.role in ("checkbox", "switch") and fixed and (each.checked or each.required):
            found |= graves(each.name)
        elif each.options and (each.required or graves(each.value)) and not any(map(may_choose, each.options)):
            found |= graves(each.value) or graves(" ".join(each.options))
    for group in radio_groups(form):
        if any(f.required or f.checked for f in group) and not any(may_choose(f.name) for f in group):
            found |= graves(" ".join(f.name for f in group))
    return frozenset(found)


def may_choose(option: str) -> bool:
    """Whether an option has a text and names no grave act, so that it may be chosen if a choice is required."""
    return bool(plain(option)) and not graves(option)


def radio_groups(form: Form) -> list[list[Element]]:
    """Returns the radio buttons of a form, one list for each question."""
    groups: dict[str, list[Element]] = {}
    for each in form.fields:
        if each.role == "radio":
            groups.setdefault(radio_group(each), []).append(each)
    return list(groups.values())


def radio_group(element: Element) -> str:
    """Returns an id of the question that a radio button answers."""
    return element.hints[0] if element.hints else element.group


def wants_back(field: Element) -> bool:
    """Whether the state of a check box or choice is grave, so that it must be changed before the form is sent."""
    if field.role in ("checkbox", "switch", "radio"):
        return field.checked and bool(graves(field.name))
    if is_copy(field) and field.options:
        return not names_nobody(field.value) and any(map(names_nobody, field.options))
    return bool(field.options) and bool(graves(field.value))
