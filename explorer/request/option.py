"""How one field of a run's request is written down: on the command line, in trustwalk.yml, on the page, for a server.

A field carries an `Option` in its annotation. Command line, configuration file, form and API are computed from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

AtServer = Literal["takes", "ignores", "refuses", "here"]
"""With `--server`: the server takes it, it counts only here where it was typed, or it is acted on here anyway."""


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """What a field needs beside its type and its default. Left empty, it cannot be written in that place.

    `about` is the help text. `flag` is the name on the command line, `--audit/--no-audit` with its negation; the key of
    trustwalk.yml is the same word. `words` allows `--persona a b` and `a,b`. `page` is the label of the form's field, and
    `labels` are those of its choices. `at_server`: "takes" sends it to a server; "refuses" says that it is the server's
    own business; "ignores" says so only if it was typed, not if a file says it; "here" acts on it where it was typed.
    `sample` is the value in the file that `trustwalk init` writes, `note` the remark beside it. `written` is the type in
    trustwalk.yml where it differs. `exists` and `folder` are about paths; `choices` are words to offer for a text.
    """

    about: str
    flag: str = ""
    metavar: str = ""
    words: bool = False
    show_default: bool = False
    exists: bool = False
    folder: bool = False
    choices: tuple[str, ...] = ()
    page: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    at_server: AtServer = "refuses"
    sample: str = ""
    note: str = ""
    written: Any = None
    key: str = ""
    """The key of trustwalk.yml where there is no flag for it, as for the target."""


@dataclass(frozen=True)
class RequestField:
    """One field of a request with its option."""

    name: str
    option: Option
    info: FieldInfo

    @property
    def flag(self) -> str:
        """`--audit` of `--audit/--no-audit`; empty if the command line does not have it."""
        return self.option.flag.partition("/")[0]

    @property
    def key(self) -> str:
        """The key of trustwalk.yml; empty if the file must not hold it."""
        return self.option.key or self.flag.removeprefix("--").replace("-", "_")

    @cached_property
    def kind(self) -> Any:
        """The type without `None`, annotations and the collection around it."""
        return _plain(self.info.annotation)[0]

    @cached_property
    def several(self) -> bool:
        """Whether it holds several values."""
        return _plain(self.info.annotation)[1]

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The words that it can be, if they are fixed."""
        return self.option.choices or (get_args(self.kind) if get_origin(self.kind) is Literal else ())

    @property
    def least(self) -> int | None:
        """The smallest number that it can be."""
        return self._bound("ge")

    @property
    def most(self) -> int | None:
        """The largest number that it can be."""
        return self._bound("le")

    def _bound(self, which: str) -> int | None:
        return next((getattr(each, which) for each in self.info.metadata if hasattr(each, which)), None)


def _plain(annotation: Any) -> tuple[Any, bool]:
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _plain(next(each for each in inside if each is not type(None)))
    if origin in (tuple, frozenset):
        return _plain(inside[0])[0], True
    if hasattr(annotation, "__metadata__"):
        return _plain(inside[0])
    return annotation, False


def request_fields(model: type[BaseModel]) -> Iterator[RequestField]:
    """The fields of a model that carry an option, in the order of their declaration."""
    for name, info in model.model_fields.items():
        option = next((each for each in info.metadata if isinstance(each, Option)), None)
        if option is not None:
            yield RequestField(name, option, info)
