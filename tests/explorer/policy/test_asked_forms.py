"""Forms of `asked_forms.yml` are judged on a public target as whole forms: their headings, labels, button and page.

The file has them by kind: forms that do more than ask support for something, and their ordinary twins, in several
languages each, so that no rule helps one side at the cost of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from explorer.policy.permission import Permission
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms

CATALOGUE = load_catalogue()
KINDS: dict[str, dict[str, list[Any]]] = yaml.safe_load(Path(__file__).with_name("asked_forms.yml").read_text("utf-8"))
NAMES = ["text: Name", "email: E-mail", "textarea!: Message"]
FIELDS = {
    "login": ["email: E-mail", "password: Password"],
    "address": ["email!: E-mail"],
    "file": ["file: File"],
    "line": ["textarea: Type here"],
}
ROLES = {"checkbox": "checkbox", "file": "file", "select": "combobox"}


@dataclass(frozen=True, slots=True)
class Asking:
    """One form. `over` holds the headings over it, and `above` other ones over the field of a number (-1: the button).

    `fields` are labels as `kind: label` («!»: required), or one of `FIELDS`; `more` come after the usual ones, and
    `first` before them. `heads` are headings elsewhere on the page."""

    over: list[str] = field(default_factory=list)
    button: str = "Send"
    role: str = "ticket"
    fields: list[str] | str = field(default_factory=lambda: NAMES)
    first: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    title: str = ""
    page: str = "/x"
    to: str = "/x"
    heads: list[str] = field(default_factory=list)
    native: bool = False
    above: dict[int, list[str]] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)

    def elements(self) -> list[dict[str, object]]:
        """The fields and the button, as a surface tells them."""
        found: list[dict[str, object]] = []
        known = FIELDS[self.fields] if isinstance(self.fields, str) else self.fields
        for number, told in enumerate((*self.first, *known, *self.more)):
            kind, _, name = told.partition(": ")
            required, kind = kind.endswith("!"), kind.rstrip("!")
            facts = {"role": ROLES.get(kind, "textbox"), "kind": kind, "name": name, "required": required}
            found.append({**facts, **self._place(number)})
        facts = {"role": "button", "kind": "submit", "name": self.button, "sends": f"post {self.to}"}
        return [*found, {**facts, "beside": self.beside, **self._place(-1)}]

    def _place(self, number: int) -> dict[str, object]:
        return {"group": "form:f", "region": "main", "headings": self.above.get(number, self.over)}

    def is_sent(self) -> bool:
        """Whether the journey of the form's role may send it on a public target."""
        page = self.page if self.page.startswith("https:") else f"https://desk.test{self.page}"
        heads = [f"heading: {text}" for text in self.heads]
        screen = screen_of(self.elements(), heads, address=page, title=self.title, native=self.native)
        role, known = Role(self.role), forms(screen)
        if role is Role.LOGIN and not any(form.nature == "login" for form in known):
            return False
        return Permission(public=True, journeys=CATALOGUE).may_fill(known[0], screen, role)


def of(kind: str, side: str) -> list[Asking]:
    """The forms of a kind. `each` holds headings of several forms that are alike otherwise."""
    found = []
    for told in KINDS[kind].get(side, []):
        facts: dict[str, Any] = {**told} if isinstance(told, dict) else {"over": [told]}
        found += [Asking(**facts, over=[each]) for each in facts.pop("each")] if "each" in facts else [Asking(**facts)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_does_more_than_ask_support_is_not_sent(kind: str) -> None:
    assert [form for form in of(kind, "harm") if form.is_sent()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_form_of_the_same_kind_is_sent(kind: str) -> None:
    assert [form for form in of(kind, "ordinary") if not form.is_sent()] == []
