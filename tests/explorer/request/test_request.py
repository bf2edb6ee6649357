"""An option means the same however it is written, and it is known in every place where its declaration says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from explorer.cli.run import command as run
from explorer.cli.schema_models import schema
from explorer.request.errors import FIELDS, RequestError
from explorer.request.file import KEYS, template
from explorer.request.option import RequestField
from explorer.request.remote import TAKEN, read_stored, request_schema, stored
from explorer.request.request import RunRequest
from explorer.request.resolve import RunOptions
from explorer.server.api import openapi
from tests.explorer.request.ways import FIELDS_OF_ONE_FORM, called, filed, sample, sent_on, typed, words

each_field = pytest.mark.parametrize("field", FIELDS_OF_ONE_FORM, ids=lambda field: field.name)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    return tmp_path


@each_field
def test_an_option_means_the_same_however_it_is_written(field: RequestField, here: Path) -> None:
    value = sample(field)
    asked = RunRequest.model_validate({field.name: value})
    if not field.several:
        assert getattr(asked, field.name) != field.info.default
    if field.flag:
        assert typed(*words(field, value)) == asked
    if field.key:
        assert filed(field, value, here) == asked
    if field.option.at_server == "takes":
        assert called(field, value) == asked
        assert sent_on(asked) == asked
        assert read_stored(stored(asked)) == asked


@each_field
def test_an_option_is_known_where_its_declaration_says_so(field: RequestField) -> None:
    assert field.option.about
    option = next((each for each in run.params if each.name == field.name), None)
    assert bool(option) == bool(field.flag)
    assert (field.key in schema("trustwalk")["properties"]) == bool(field.key)
    assert (f"# {field.key}: " in template("x")) == bool(field.option.sample)
    assert (field.name in request_schema("#/$defs/{model}")["properties"]) == (field.name in TAKEN)
    assert field.option.page == "" or field.name in TAKEN, "what the page asks for goes to the server"


@each_field
def test_a_server_refuses_what_is_not_a_clients_to_say(field: RequestField) -> None:
    if field.name in TAKEN:
        return
    with pytest.raises(RequestError, match="owner") as caught:
        called(field, sample(field))
    assert caught.value.field == field.name


def test_every_field_carries_its_option() -> None:
    assert set(RunRequest.model_fields) - set(FIELDS) == {"with_login"}
    assert len(KEYS) == len([field for field in FIELDS.values() if field.key])


def test_nothing_that_opens_a_file_of_the_server_is_a_clients_to_say() -> None:
    assert not {field.name for field in FIELDS.values() if field.kind is Path} & TAKEN
    assert not {"with_login", "server", "out", "resolve", "headed"} & TAKEN


def test_a_run_takes_all_that_can_be_asked() -> None:
    assert set(RunRequest.model_fields) < set(RunOptions.model_fields)


def test_the_api_describes_the_request() -> None:
    properties = openapi()["components"]["schemas"]["RunRequest"]["properties"]
    assert set(properties) == TAKEN
    assert all(each["description"] for each in properties.values())


def test_a_request_is_not_changed_afterwards_and_knows_no_other_key() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RunRequest().steps = 3
    with pytest.raises(ValidationError, match="Extra"):
        RunRequest.model_validate({"persona": "novice"})


def test_labels_and_words_agree() -> None:
    for field in FIELDS.values():
        assert set(field.option.labels) <= set(field.choices)
