"""Which field a file goes into, and what is remembered of the moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from explorer.policy.attaching import attachable, give_file, is_own, tab_before, with_file
from explorer.surfaces.scripted import screen_of
from flows.recognise.forms import forms
from flows.step import ActionKind
from tests.explorer.policy.parts import attempts, mover

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


def test_a_file_field_without_size_or_sender_may_be_behind_a_tab() -> None:
    seen = {"role": "tab", "name": "Follow-ups", "box": (0, 0, 90, 30)}
    reply = {"role": "tab", "name": "Reply", "box": (90, 0, 90, 30)}
    hidden = screen_of([seen, reply, {"role": "file", "name": "Browse…"}])
    upload = attempts("upload-attachment")["upload-attachment"]
    assert tab_before(hidden.elements[2], upload, hidden) == hidden.elements[0]
    upload.tapped.add(hidden.elements[0].key)
    assert tab_before(hidden.elements[2], upload, hidden) == hidden.elements[1]
    shown = screen_of([seen, reply, {"role": "file", "name": "Browse…", "box": (0, 40, 200, 30)}])
    assert tab_before(shown.elements[2], upload, shown) is None


def test_the_file_comes_before_the_fields_that_the_app_fills_in_from_it() -> None:
    page = screen_of(
        [
            {"role": "file", "name": "Source file", "group": "up"},
            {"role": "textbox", "name": "Title", "group": "up", "required": True},
            {"role": "textbox", "name": "Description", "kind": "textarea", "group": "up"},
            {"role": "button", "name": "Upload file", "kind": "submit", "group": "up"},
        ]
    )
    able, upload = replace(mover("upload-attachment"), files=FILES), attempts("upload-attachment")["upload-attachment"]
    upload.begin_round()
    upload.entered = True
    first = able.move(upload, page)
    assert first is not None and first.action.kind is ActionKind.UPLOAD
    second = able.move(upload, page)
    assert second is not None and second.action.label == "Title"
