"""Which field a file goes into, and what is remembered of the moment."""

from __future__ import annotations

from pathlib import Path

from explorer.policy.attaching import attachable, give_file, is_own, with_file
from explorer.surfaces.scripted import screen_of
from flows.recognise.forms import forms
from tests.explorer.policy.parts import attempts

FILES = {"png": Path("/files/trustwalk-7.png")}
ASK = screen_of(
    [
        {"role": "textbox", "name": "Description", "kind": "textarea", "group": "ask"},
        {"role": "file", "name": "Attachment", "group": "ask"},
        {"role": "button", "name": "Send", "group": "ask"},
    ]
)


def test_one_file_goes_with_a_ticket_and_none_is_forced_on_other_journeys() -> None:
    tried = attempts("submit-ticket", "start-chat")
    (form,) = forms(ASK)
    field = attachable(form, tried["submit-ticket"])
    assert field == ASK.elements[1] and attachable(form, tried["start-chat"]) is None
    action = give_file(tried["submit-ticket"], field, ASK, FILES)
    assert action.text == "/files/trustwalk-7.png" and attachable(form, tried["submit-ticket"]) is None
    assert with_file(ASK, tried["submit-ticket"]) == form
    assert tried["submit-ticket"].at_choice == {e.key for e in ASK.elements}


def test_a_file_of_ones_own_is_known_by_its_name() -> None:
    mine, other = screen_of(["link: trustwalk-7.png (2 KB)", "link: manual.pdf"]).elements
    assert is_own(mine, FILES) and not is_own(other, FILES)
