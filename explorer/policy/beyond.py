"""The acts that sending a form on a public target performs beyond those of its journey. Pure."""

from __future__ import annotations

from explorer.policy.chat_partner import is_chat_with_others
from explorer.policy.explaining import enters_deal
from explorer.policy.own_acts import OwnActs
from explorer.policy.public_talk import beyond_support, is_public_talk
from flows.journey import Role
from flows.recognise.acts import Acts, acts_of_places
from flows.recognise.choices import acts_of_labels, chosen_for_good
from flows.recognise.forms import PRESSABLE, Form
from flows.recognise.lexicon import plain
from flows.screen import Element, Screen, sent_to

REQUESTS = (Role.TICKET, Role.UPLOAD)
"""Roles of journeys whose forms look like those for many other purposes, so that a heading must explain them."""


def beyond_journey(over: Acts, own: OwnActs, element: Element, form: Form | None, screen: Screen, role: Role) -> Acts:
    """The acts of a form: `over`, which its headings name, and those of its choices, labels, addresses and readers.

    `element` sends the form and has all headings over it. A reply to an own request («Add a reply» under «Ticket 42»)
    changes and publishes nothing."""

    def asks_support(door: Element) -> bool:
        return own.is_door(door, Role.TICKET)

    if over and role in REQUESTS and own.is_reply(element, screen):
        over -= {"change", "publish"}
    if role is Role.CHAT and not over and is_chat_with_others(element, screen, own.names_door, own.names_chat):
        over |= {"send"}
    if form is not None and role is not Role.PAYMENT:
        over |= chosen_for_good(form) | (acts_of_labels(form) if role in REQUESTS else frozenset())
    if role in REQUESTS and element.role in PRESSABLE and enters_deal(plain(element.name)):
        over |= {"change"}  # «Enter draw» under «Contact us»
    over |= beyond_support(element, form, screen, role, asks_support)
    if role in (Role.TICKET, Role.CHAT, Role.UPLOAD):
        over |= acts_of_places(screen.address, sent_to(element, screen))
    return over | {"publish"} if is_public_talk(element, form, screen, role, asks_support) else over
