"""Each way in which a run can be asked for, one field at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner

from explorer.cli.options import ListCommand, request_options
from explorer.cli.run import request_of
from explorer.request.errors import FIELDS
from explorer.request.file import load_config
from explorer.request.option import RequestField
from explorer.request.remote import parse_client, payload
from explorer.request.request import RunRequest

BY_ITSELF = frozenset({"target", "login"})
"""Fields that each way writes in its own form: the argument of the command, and what nobody writes down."""
FIELDS_OF_ONE_FORM = tuple(field for field in FIELDS.values() if field.name not in BY_ITSELF)


def sample(field: RequestField) -> Any:
    """A value that is not the default, as a file or a program writes it: the one that `trustwalk init` shows, if it does."""
    if field.kind is bool:
        return not field.info.default
    if field.choices and field.several:
        return [field.choices[-1]]
    if field.choices:
        return next(word for word in field.choices if word != field.info.default)
    if field.kind is int:
        return 7 if field.info.default != 7 else 8
    if field.kind is Path:
        return ["there"] if field.several else "there"
    if field.name == "app":
        return "0" * 64
    if field.option.sample:
        return yaml.safe_load(field.option.sample)
    return ["word"] if field.several else "90" if field.kind is float else "word"


def typed(*words: str) -> RunRequest:
    """The options of the command line."""
    taken: list[RunRequest] = []

    @click.command(cls=ListCommand)
    @request_options()
    def command(**given: Any) -> None:
        given.pop("login")
        taken.append(request_of(given))

    result = CliRunner().invoke(command, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return taken[0]


def words(field: RequestField, value: Any) -> list[str]:
    """The words of a command line for a value."""
    if field.kind is bool:
        yes, _, no = field.option.flag.partition("/")
        return [yes if value else no]
    return [word for each in (value if field.several else [value]) for word in (field.flag, str(each))]


def filed(field: RequestField, value: Any, folder: Path) -> RunRequest:
    """What trustwalk.yml asks for."""
    path = folder / "trustwalk.yml"
    path.write_text(yaml.safe_dump({field.key: value}), encoding="utf-8")
    return request_of(load_config(path))


def called(field: RequestField, value: Any) -> RunRequest:
    """What a program asks of a server."""
    return parse_client(json.dumps({field.name: value}).encode())


def sent_on(request: RunRequest) -> RunRequest:
    """What `trustwalk run --server` makes of a request, as the server reads it."""
    return parse_client(json.dumps(payload(request)).encode())
