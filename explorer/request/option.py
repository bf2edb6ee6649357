"""Describes how a field of RunRequest is given: on the command line, in trustwalk.yml, in the page's form, to a server.

A field has an `Option` in its annotation. The command line, the configuration file, the form and the API are computed
from these options.
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
"""What happens to an option with `--server`; see `Option.at_server`."""


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """The description of a field, in addition to its type and default.

    Without `flag`, the field is no command-line option. Without `page`, it is not in the form.

    `about` is the help text. `flag` is the name on the command line, `--audit/--no-audit` with its negation; the key of
    trustwalk.yml is the same word. `words` allows `--persona a b` and `a,b`. `page` is the label of the form's field,
    and `labels` are those of its choices. `at_server` says what `--server` does with the option: "takes" sends it to
    the server; "refuses" is an error, because the server decides it; "ignores" is an error only if the option was
    typed, not if it comes from a file; "here" applies it on this machine. `sample` is the value in the file that
    `trustwalk init` writes, and `note` is the remark beside it. `written` is the type in trustwalk.yml if it differs
    from the field's type. For paths, `exists` means that the path must exist, and `folder` that it may be a folder.
    `choices` are words to offer for a text.
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
    """The key of trustwalk.yml for a field without a flag, such as the target."""


@dataclass(frozen=True)
class RequestField:
    """One field of a request with its option."""

    name: str
    option: Option
    info: FieldInfo

    @property
    def flag(self) -> str:
        """The flag without its negation (`--audit` of `--audit/--no-audit`); empty if the field has no flag."""
        return self.option.flag.partition("/")[0]

    @property
    def key(self) -> str:
        """The key of trustwalk.yml; empty if the file must not hold it."""
        return self.option.key or self.flag.removeprefix("--").replace("-", "_")

    @cached_property
    def kind(self) -> Any:
        """The type of the field, without `None` and annotations; for a collection, the type of its items."""
        return _plain(self.info.annotation)[0]

    @cached_property
    def several(self) -> bool:
        """Whether the field holds several values."""
        return _plain(self.info.annotation)[1]

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The allowed words, if they are fixed."""
        return self.option.choices or (get_args(self.kind) if get_origin(self.kind) is Literal else ())

    @property
    def least(self) -> int | None:
        """The smallest allowed number."""
        return self._bound("ge")

    @property
    def most(self) -> int | None:
        """The largest allowed number."""
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
    """The fields of a model that have an option, in the order of their declaration."""
    for name, info in model.model_fields.items():
        option = next((each for each in info.metadata if isinstance(each, Option)), None)
        if option is not None:
            yield RequestField(name, option, info)
