"""Errors of a run request, in sentences for people."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from explorer.request.option import request_fields
from explorer.request.request import RunRequest

FIELDS = {each.name: each for each in request_fields(RunRequest)}


class RequestError(Exception):
    """A request that cannot be met. The message is a sentence; `field` names the field in question."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field

    @property
    def flag(self) -> str:
        """The name of the field on the command line."""
        known = FIELDS.get(self.field)
        return (known.flag or known.key.upper() or known.name) if known else self.field


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """A sentence that says that `word` is unknown, and lists the known words."""
    return f"There is no {kind} «{word[:80]}». Known: {', '.join(known)}."


def first_problem(error: ValidationError) -> tuple[tuple[str, ...], str]:
    """The path of the field with the first problem, and a sentence about the problem.

    The sentence quotes the given value only if the allowed words are fixed."""
    first = error.errors(include_url=False, include_context=True)[0]
    what = first["msg"].removeprefix("Value error, ").rstrip(".")
    if first["type"] == "literal_error":
        known = first["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        what = f"There is no «{str(first['input'])[:80]}». Known: {known}"
    return tuple(map(str, first["loc"])), f"{what}."


def as_request_error(error: ValidationError) -> RequestError:
    """The first problem, as a RequestError with its field."""
    place, what = first_problem(error)
    return RequestError(place[0] if place else "", what)
