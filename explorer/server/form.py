"""Renders the page's form from the fields of RunRequest, and parses the submitted form."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from explorer.request.errors import FIELDS, first_problem
from explorer.request.option import RequestField
from explorer.request.request import RunRequest

SHOWN: tuple[RequestField, ...] = tuple(field for field in FIELDS.values() if field.option.page)
PLACED = frozenset(
    {
        "target",
        "personas",
        "journeys",
        "devices",
        "login",
        "private",
        "steps",
        "allow",
        "yes",
        "test_system",
        "read_only",
    }
)
"""Fields with a place of their own on the page; the others are under «More»."""
MORE: tuple[RequestField, ...] = tuple(field for field in SHOWN if field.name not in PLACED)
_CHOSEN = ("personas", "journeys")
"""Fields in which at least one box must be ticked. Without a tick, the request would get the field's default."""


def sent(form: FormData) -> tuple[RunRequest, dict[str, str]]:
    """The request with the valid fields of a submitted form, and the errors by field."""
    given: dict[str, Any] = {}
    errors: dict[str, str] = {name: "Choose at least one." for name in _CHOSEN if not form.getlist(name)}
    for field in SHOWN:
        if field.name == "login":
            continue
        values = [str(value) for value in form.getlist(field.name)]
        if (
            field.kind is bool and values
        ):  # a hidden «no» precedes the box, because a box that is not ticked sends nothing
            given[field.name] = values[-1] == "yes"
        elif field.several:
            given[field.name] = [value for value in values if value]
        elif values and values[-1]:
            given[field.name] = values[-1]
    if form.get("app"):
        given["app"] = str(form["app"])
    user, password = str(form.get("user", "")), str(form.get("password", ""))
    if bool(user) != bool(password):
        errors["login"] = "A login needs both a user and a password."
    elif user:
        given["login"] = {"user": user, "password": password}
    return _understood(given, errors)


def _understood(given: dict[str, Any], errors: dict[str, str]) -> tuple[RunRequest, dict[str, str]]:
    """The request with the valid fields, and the errors by field. Errors of invalid fields are added to `errors`.

    If there are errors, the page shows this request again."""
    while True:
        try:
            return RunRequest.model_validate(given), errors
        except ValidationError as error:
            place, what = first_problem(error)
            errors.setdefault(place[0], what)
            del given[place[0]]
