"""The page's form shows the fields that say so, and reads back what it showed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.datastructures import FormData, UploadFile

from explorer.request.option import RequestField
from explorer.request.request import RunRequest
from explorer.request.resolve import known_journeys, known_personas
from explorer.server.choices import DeviceShown
from explorer.server.form import MORE, PLACED, SHOWN, sent
from explorer.server.site import environment
from tests.explorer.request.ways import sample

CHOSEN: list[tuple[str, str | UploadFile]] = [
    ("target", "https://a.example/"),
    ("personas", "curious"),
    ("journeys", "login"),
]


class Sent(HTMLParser):
    """What a browser would send of a form as it stands: `fields` are names and values in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str | UploadFile]] = []
        self.offered: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag in ("input", "select") and name:
            self.offered.add(name)
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given:
            self.fields.append((self._select, given.get("value") or ""))
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.append((name, given.get("value") or ""))


def page(asked: RunRequest, errors: dict[str, str] | None = None) -> str:
    devices = (DeviceShown("desktop", ""), DeviceShown("phone", ""))
    return (
        environment()
        .get_template("new.html.j2")
        .render(
            asked=asked,
            more=MORE,
            errors=errors or {},
            personas=known_personas(),
            journeys=known_journeys(),
            waiting=0,
            app=None,
            browsers=devices,
            androids=(),
            uploads=(),
            limit="2",
        )
    )


def shown(asked: RunRequest) -> Sent:
    read = Sent()
    read.feed(page(asked))
    return read


def test_every_field_that_has_a_label_is_on_the_page() -> None:
    offered = shown(RunRequest()).offered
    assert {field.name for field in SHOWN} - {"login"} <= offered
    assert {"user", "password"} <= offered
    assert {field.name for field in MORE} == {field.name for field in SHOWN} - PLACED
    for field in SHOWN:
        assert field.option.page in page(RunRequest())


@pytest.mark.parametrize("field", [f for f in SHOWN if f.name != "login"], ids=lambda field: field.name)
def test_what_the_page_shows_is_what_it_sends(field: RequestField) -> None:
    for value in (sample(field), field.info.default):
        asked = RunRequest.model_validate(dict(CHOSEN) | ({} if value == () else {field.name: value}))
        back, errors = sent(FormData(shown(asked).fields))
        assert errors == {}
        assert getattr(back, field.name) == getattr(asked, field.name)


def test_a_form_without_a_box_leaves_the_default() -> None:
    asked, errors = sent(FormData(CHOSEN))
    assert (asked.audit, asked.private, asked.steps, errors) == (True, False, 200, {})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ([("steps", "many")], "steps"),
        ([("allow", "murder")], "allow"),
        ([("target", "x" * 3_000)], "target"),
        ([("user", "mia")], "login"),
        ([("app", "../../x")], "app"),
    ],
)
def test_what_means_nothing_is_told_beside_its_field_and_the_rest_is_kept(more: list[Any], field: str) -> None:
    asked, errors = sent(FormData([*CHOSEN, ("private", "yes"), *more]))
    assert set(errors) == {field} and errors[field].endswith(".")
    assert (asked.private, asked.personas) == (True, ("curious",))
    if field not in ("app", "login"):
        assert f'id="wrong-{field}"' in page(asked, errors)


def test_at_least_one_of_each_is_chosen() -> None:
    _, errors = sent(FormData([("target", "https://a.example/")]))
    assert set(errors) == {"personas", "journeys"}


def test_a_password_goes_in_and_never_back() -> None:
    asked, errors = sent(FormData([*CHOSEN, ("user", "mia"), ("password", "hush-hush")]))
    assert errors == {} and asked.login is not None and asked.login.reveal() == ("mia", "hush-hush")
    assert not re.search("hush|mia", page(asked))
