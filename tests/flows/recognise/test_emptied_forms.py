"""A form that the app has emptied was taken in, and is not asked for again."""

from __future__ import annotations

import pytest

from tests.flows.recognise.test_outcome import el, outcomes, screen


@pytest.mark.parametrize(
    ("value", "kind", "asked"), [("", "text", False), ("dark", "text", True), ("", "password", True)]
)
def test_a_form_that_the_app_empties_is_not_asked_for_again(value: str, kind: str, *, asked: bool) -> None:
    button = el("button", "Send request")
    before = screen(el("textbox", "Subject", value="dark", kind=kind, required=True), button)
    after = screen(el("textbox", "Subject", value=value, kind=kind, required=True, invalid=True), button)
    assert (("detour", "validation") in outcomes("submit-ticket", "submit", before, after)) is asked
