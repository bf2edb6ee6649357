"""A credential is a mask or an error wherever it could be written down; one door hands it on."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from explorer.request.credential import MASK, Credential, Login
from explorer.request.remote import payload, stored
from explorer.request.request import RunRequest
from explorer.server.settings import Settings
from explorer.server.worker import first_line

SECRET = "hush-hush-42"
LOGIN = Login.of("mia", SECRET)
REQUEST = RunRequest(
    target="https://a.example/", login=LOGIN, server=Credential(f"http://desk.example/?token={SECRET}")
)


@dataclass(frozen=True)
class Event:
    """As the journal holds one."""

    what: Credential


def logged(value: object) -> str:
    said = io.StringIO()
    logger = logging.Logger("credentials")  # noqa: LOG001 - of its own, so that nobody else's level or handler counts
    logger.addHandler(logging.StreamHandler(said))
    logger.warning("%s %r", value, value)
    return said.getvalue()


WAYS: dict[str, Callable[[Any], object]] = {
    "repr": repr,
    "str": str,
    "format": lambda value: f"{value} {value!r} {value!s:>30}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031 - as logging does it
    "log": logged,
    "json": lambda value: json.dumps(value, default=str),
    "jsonable": to_jsonable_python,
    "any": lambda value: TypeAdapter(Any).dump_json(value),
    "pickle": pickle.dumps,
    "pickle-0": lambda value: pickle.dumps(value, 0),
    "yaml": yaml.dump,
    "copy": lambda value: repr(copy.deepcopy(value)),
    "journal": lambda value: TypeAdapter(Event).dump_json(Event(value)),
    "dataclass": lambda value: repr(asdict(Event(value))),
    "attributes": lambda value: repr(getattr(value, "__dict__", {})),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", [Credential(SECRET), LOGIN, REQUEST], ids=["credential", "login", "request"])
def test_it_is_a_mask_or_an_error_wherever_it_could_be_written(way: str, value: object) -> None:
    try:
        written = WAYS[way](value)
    except (TypeError, ValueError) as error:
        written = "".join(traceback.format_exception(error))
    assert SECRET not in str(written)


@pytest.mark.parametrize("model", [LOGIN, REQUEST], ids=["login", "request"])
@pytest.mark.parametrize("how", [{}, {"mode": "json"}, {"exclude_none": True}, {"serialize_as_any": True}])
def test_a_dump_holds_the_mask(model: BaseModel, how: dict[str, Any]) -> None:
    assert SECRET not in str(model.model_dump(**how))
    assert MASK in str(model.model_dump(**how))
    assert SECRET not in model.model_dump_json()
    assert SECRET not in model.model_copy(deep=True).model_dump_json()


@pytest.mark.parametrize("value", [Credential(SECRET), LOGIN, REQUEST], ids=["credential", "login", "request"])
def test_it_cannot_be_pickled(value: object) -> None:
    with pytest.raises(TypeError, match="never written to disk"):
        pickle.dumps(value)


def test_a_request_does_not_name_its_login_when_it_is_written(tmp_path: Path) -> None:
    written = stored(REQUEST)
    assert SECRET not in written and "mia" not in written and "desk.example" not in written
    assert json.loads(written)["with_login"] is True


def test_the_door_leads_to_the_workers_pipe_and_into_one_body(tmp_path: Path) -> None:
    assert LOGIN.reveal() == ("mia", SECRET)
    assert json.loads(first_line(Settings(tmp_path), LOGIN))["login"] == ["mia", SECRET]
    assert payload(REQUEST)["login"] == {"user": "mia", "password": SECRET}
    assert "server" not in payload(REQUEST)


@pytest.mark.parametrize(
    "given",
    [
        {"user": "", "password": SECRET},
        {"user": "mia", "password": [SECRET]},
        {"user": "mia", "password": SECRET * 999},
        {"user": "mia", "password": SECRET, "pasword": SECRET},
        {"user": {"password": SECRET}},
    ],
)
def test_what_is_wrong_with_a_login_is_told_without_it(given: dict[str, Any]) -> None:
    for read in (Login.model_validate, lambda value: RunRequest.model_validate({"login": value})):
        with pytest.raises(ValidationError) as caught:
            read(given)
        assert SECRET not in str(caught.value)


def test_credentials_are_compared_without_being_shown() -> None:
    assert Credential(SECRET) == Credential(SECRET)
    assert Credential(SECRET) != Credential("other")
    assert Credential(SECRET) != SECRET
    assert len({Credential(SECRET), Credential(SECRET)}) == 1
    assert not Credential("")


def test_the_schema_says_that_it_is_never_given_back() -> None:
    password = Login.model_json_schema()["properties"]["password"]
    assert (password["format"], password["writeOnly"]) == ("password", True)
