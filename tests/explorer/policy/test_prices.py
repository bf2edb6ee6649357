"""Where a price is looked for, and where not."""

from __future__ import annotations

from explorer.policy.prices import NOTICE, is_priced
from flows.recognise.forms import Form
from flows.screen import Element


def button(*beside: str, name: str = "Send", **facts: object) -> Element:
    return Element("b", "b", "button", name, beside=beside, **facts)  # type: ignore[arg-type]


def test_a_price_stands_in_the_name_or_beside_what_is_pressed() -> None:
    assert is_priced(button(name="Chat (2 €)"), None, pressed=False)
    assert is_priced(button("2 € a minute"), None, pressed=True) and not is_priced(
        button("2 € a minute"), None, pressed=False
    )
    assert is_priced(button(headings=("Help for $9",)), None, pressed=True)


def test_an_article_and_a_fold_have_none() -> None:
    assert not is_priced(button("2 € " + "and more " * NOTICE), None, pressed=True)
    assert not is_priced(button("2 €", hints=("expands",)), None, pressed=True)


def test_the_price_of_a_choice_is_its_own_and_that_of_a_label_the_forms() -> None:
    gold = Element("g", "g", "radio", "Gold (9 €)", group="f")
    form = Form("", "f", (gold,), (), "ticket")
    assert not is_priced(button("Gold (9 €)"), form, pressed=True)
    assert is_priced(button("Gold (9 €) and 1 € for the call"), form, pressed=True)
    label = Element("t", "t", "textbox", "Your question (5 €)", group="f")
    assert is_priced(button(), Form("", "f", (label,), (), "ticket"), pressed=True)
