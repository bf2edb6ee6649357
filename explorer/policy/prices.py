"""Tells whether pressing a control has a price, which stands on the control or beside it. Pure."""

from __future__ import annotations

from flows.recognise.acts import is_plain_link, unfolds
from flows.recognise.amounts import names_a_price
from flows.recognise.fields import takes_text
from flows.recognise.forms import Form
from flows.screen import Element

NOTICE = 300
"""The longest text, in characters, that can be a notice about a control. A longer one is an article."""


def is_priced(element: Element, form: Form | None, *, pressed: bool) -> bool:
    """Whether a price is given for pressing a control, in its name or around it.

    Texts, headings and form labels around the control count only if it is a journey's own (`pressed`) and does more
    than open a page or unfold something. A button for a chat may stand under «1.99 € per minute». `form` is the form
    that the control sends. Prices of the form's choices do not count, because nothing costly is chosen
    (`flows.recognise.choices`).
    """
    if names_a_price(element.name):
        return True
    if not pressed or is_plain_link(element) or unfolds(element):
        return False
    fields = form.fields if form is not None else ()
    labels = [f.name for f in fields if takes_text(f)]
    chosen = [told for f in fields if not takes_text(f) for told in (f.name, *f.options) if told]
    return any(
        names_a_price(_without(text, chosen))
        for text in (*element.beside, *element.headings, *labels)
        if len(text) < NOTICE
    )


def _without(text: str, names: list[str]) -> str:
    """Remove the names of choices from a text. A text that is only part of such a name becomes empty."""
    for name in names:
        text = "" if text and text in name else text.replace(name, " ")
    return text
